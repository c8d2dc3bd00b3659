"""Where a passage stands, by page, time or record; whom it answers; and what each document of a file is."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd
import pytest

from steelyard import tables
from steelyard.render.run import Run
from steelyard.render.sections.evidence import coded
from steelyard.render.sections.sources import sources
from unit.render.test_evidence_section import run as coded_run


def run(given: Run | None = None, **changed: dict[str, object]) -> Run:
    """Give a run, or that of the evidence table, with other columns, by table ("statements") and column."""
    given = given or coded_run()
    frames = dict(given.frames)
    for name, columns in changed.items():
        frame = frames[f"ingest/{name}"]
        frames[f"ingest/{name}"] = frame.assign(
            **{c: v if isinstance(v, list) else [v] * len(frame) for c, v in columns.items()}
        )
    return replace(given, frames=frames)


def together(first: str, *others: str) -> dict[str, object]:
    """Give the column utterance_id in which some statements stand in the utterance of another."""
    ids = list(coded_run()[tables.STATEMENTS].utterance_id)
    return {"utterance_id": [first if name in others else name for name in ids]}


def test_a_statement_with_a_place_of_its_own_is_cited_by_it() -> None:
    told = run(statements={"place": ["page 3", "00:01:12", "record 17", None, None, None]})
    passages = list(told.passages.values())
    assert [passage.place for passage in passages] == [
        "page 3",
        "at 00:01:12",
        "record 17",
        "line 4",
        "line 5",
        "line 6",
    ]
    assert passages[0].quotation().endswith("— Ann, paper, page 3")
    assert set(coded(told).place) == {passage.place for passage in passages}
    page = sources(told)
    assert "**Ann**, [page 3]{.place}:" in page
    assert "At 00:01:12, coded for Honour (opposes) and Greed (supports)" in page


def test_a_place_that_changes_within_an_utterance_is_shown_once() -> None:
    told = run(statements=together("u0", "u1", "u2") | {"place": ["page 3", "page 3", "page 4", None, None, None]})
    [text] = [line for line in sources(told).splitlines() if line.startswith("**Ann**")]
    assert re.findall(r"\[(?:&#91;)?([\w ]+)(?:&#93;)?\]\{\.place\}", text) == ["page 3", "page 4"]
    assert text.index("&#91;page 4") < text.index("#p1-20 ")


def test_a_post_leads_to_what_it_answers() -> None:
    parents = [None, "u0", "u5", "gone", None, "u0"]
    page = sources(run(utterances={"parent_id": parents, "date": [None, "2025-03-01", *[None] * 4]}))
    assert "**Bob**, [line 2, 2025&#45;03&#45;01]{.place}, in answer to [Ann](#p1-0):" in page
    assert re.search(r"\*\*Cid\*\*, \[line 3\]\{\.place\}, in answer to \[Eve\]\(#p2-\d+\):", page)
    assert "**Dee**, [line 4]{.place}: " in page  # what it answers is not in the corpus


def test_what_is_answered_but_has_no_statement_left_is_named() -> None:
    told = run(statements=together("u1", "u0"), utterances={"parent_id": [None, "u0", *[None] * 4]})
    assert "in answer to Ann:" in sources(told)


def test_the_head_of_a_document_says_what_its_text_is_and_cites_it() -> None:
    about = {
        "author": ["Ada Okoro", None],
        "record": pd.array([17, None], dtype="Int64").tolist(),
        "text_sha256": ["0" * 64, None],
        "date": ["2025-03-01", None],
    }
    [first, second] = re.findall(r"^\*op&#45;ed · .*$", sources(run(documents=about)), re.MULTILINE)
    assert first.replace("&#46;", ".").replace("&#45;", "-") == (
        "*op-ed · by Ada Okoro · 1 000 characters · text extracted from paper.txt, kept as ingest/texts/paper.txt"
        " · record 17 · 2025-03-01* [@paper]"
    )
    assert second.replace("&#46;", ".") == "*op&#45;ed · 1 000 characters · file other.txt* [-@other]"


@pytest.mark.parametrize(("records", "first"), [([2, 1], "other"), ([1, 2], "paper")])
def test_documents_of_one_file_stand_in_the_order_of_its_records(records: list[int], first: str) -> None:
    told = run(documents={"path": "paper.txt", "record": records})
    assert told.documents[0].document_id == first
    assert re.findall(r"(?m)^## (\w+)", sources(told))[0] == first


def test_a_document_whose_file_no_source_names_comes_last() -> None:
    told = run(documents={"path": ["elsewhere.txt", "other.txt"]})
    assert [row.document_id for row in told.documents] == ["other", "paper"]
