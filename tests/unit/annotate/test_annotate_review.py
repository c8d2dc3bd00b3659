"""A change of the codebook lists the codes to look at again."""

from __future__ import annotations

from pathlib import Path

import pytest
from annotate_corpus import codebook, corpus, recorded_file

from steelyard.annotate import recorded
from steelyard.annotate.recorded_file import COLUMNS
from steelyard.codebook import Codebook

BOOK = codebook()
ONE, TWO, THREE = "Openness is altruism.", "It is dumping.", "Nobody knows."
MADE = corpus([ONE, TWO, THREE])
ALL = " ".join([BOOK.version, *(hypothesis.version for hypothesis in BOOK.hypotheses)])


def changed(name: str = "culture", **given: object) -> Codebook:
    """Give the codebook with one hypothesis changed."""
    hypotheses = [one.model_copy(update=given) if one.id == name else one for one in BOOK.hypotheses]
    return BOOK.model_copy(update={"hypotheses": hypotheses})


def added() -> Codebook:
    new = BOOK.hypotheses[0].model_copy(update={"id": "tolls", "claim": "tolls", "observations": []})
    return BOOK.model_copy(update={"hypotheses": [*BOOK.hypotheses, new]})


def row(quote: str, coded_by: str, hypothesis: str = "") -> dict[str, str]:
    said = {"hypothesis_id": hypothesis, "stance": "supports" if hypothesis else "", "codebook": coded_by}
    label = {"label": "a whim"} if hypothesis == "other_motive" else {}
    return {"quote": quote, "start": str(MADE["text"].index(quote))} | said | label


def review(path: Path, book: Codebook, *rows: dict[str, str]) -> list[tuple]:
    file = recorded_file(path / "codes.csv", *rows, columns=(*COLUMNS, "codebook"))
    _, again = recorded.read_for_review(file, "ann", {"doc": MADE["text"]}, MADE["statements"], book, path)
    columns = ["where", "statement_id", "hypothesis_id", "reason"]
    return list(again[columns].fillna("-").itertuples(index=False, name=None))


PLAIN = [
    row(ONE, BOOK.versions["culture"], "culture"),
    row(TWO, BOOK.versions["undercut"], "undercut"),
    row(THREE, BOOK.version),
]


def test_with_the_same_definitions_nothing_is_listed(tmp_path):
    assert review(tmp_path, BOOK, *PLAIN) == []
    reordered = BOOK.model_copy(update={"hypotheses": BOOK.hypotheses[::-1]})
    assert review(tmp_path, reordered, *PLAIN) == []
    assert review(tmp_path, changed(cues={}, observations=[], name="renamed", exemplars=["x"]), *PLAIN) == []


@pytest.mark.parametrize("change", [{"claim": "x"}, {"count_also": ["x"]}, {"do_not_count": ["x"]}])
def test_codes_by_another_definition_and_statements_read_before_are_listed(tmp_path, change):
    assert review(tmp_path, changed(**change), *PLAIN) == [
        ("codes.csv:2", "s0000", "culture", "coded by another definition of this hypothesis"),
        ("codes.csv:4", "s0002", "-", "the codebook has changed since the statement was read"),
    ]


def test_a_new_hypothesis_lists_the_statements_read_before_it(tmp_path):
    reason = "the codebook has changed since the statement was read"
    assert review(tmp_path, added(), *PLAIN) == [("codes.csv:4", "s0002", "-", reason)]
    other = row(ONE, BOOK.version, "other_motive")
    assert review(tmp_path, added(), other) == [("codes.csv:2", "s0000", "other_motive", reason)]


def test_rows_of_a_coding_sheet_say_which_hypotheses_changed(tmp_path):
    sheet = [row(ONE, ALL, "culture"), row(ONE, ALL, "goodwill"), row(TWO, ALL, "undercut"), row(THREE, ALL)]
    assert review(tmp_path, BOOK, *sheet) == []
    names = "changed or added since the statement was read: culture"
    assert review(tmp_path, changed(claim="x"), *sheet) == [
        ("codes.csv:2", "s0000", "culture", "coded by another definition of this hypothesis"),
        ("codes.csv:4", "s0001", "-", names),
        ("codes.csv:5", "s0002", "-", names),
    ]
    fewer = BOOK.model_copy(update={"hypotheses": BOOK.hypotheses[:3]})  # chips is gone; nothing is to be read anew
    assert review(tmp_path, fewer, *sheet) == []
    assert len(review(tmp_path, added(), *sheet)) == 3, "one row a statement"


def test_once_a_row_names_what_the_list_gives_it_is_not_listed_again(tmp_path):
    columns = (*COLUMNS, "codebook")
    rows = [*(dict(one) for one in PLAIN[1:]), row(ONE, ALL, "culture"), row(ONE, ALL, "goodwill")]
    for book in (changed(claim="x"), added()):
        for listed in (True, False):
            file = recorded_file(tmp_path / "codes.csv", *rows, columns=columns)
            _, again = recorded.read_for_review(file, "ann", {"doc": MADE["text"]}, MADE["statements"], book, tmp_path)
            assert again.empty is not listed
            for where, present in zip(again["where"], again["codebook"], strict=True):
                rows[int(where.rpartition(":")[2]) - 2]["codebook"] = present


def test_rows_that_do_not_say_what_they_were_coded_by_are_not_listed(tmp_path):
    assert review(tmp_path, changed(claim="x"), row(ONE, "", "culture"), row(THREE, "")) == []


def test_a_quote_that_no_statement_holds_is_listed_without_one(tmp_path):
    file = recorded_file(tmp_path / "codes.csv", row(THREE, "00000000"), columns=(*COLUMNS, "codebook"))
    statements = MADE["statements"].iloc[:2]
    _, again = recorded.read_for_review(file, "ann", {"doc": MADE["text"]}, statements, BOOK, tmp_path)
    assert again["statement_id"].isna().tolist() == [True]


def test_versions_are_eight_hexadecimal_digits():
    assert set(BOOK.versions) == {*BOOK.ids, "other_motive"}
    assert all(len(one) == 8 and int(one, 16) >= 0 for one in BOOK.versions.values())
    assert len(set(BOOK.versions.values())) == len(BOOK.ids) + 1
