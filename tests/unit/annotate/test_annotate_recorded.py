from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from annotate_corpus import codebook, corpus, recorded_file
from hypothesis import given, settings
from hypothesis import strategies as st

from steelyard.annotate import recorded
from steelyard.annotate.readings import Readings
from steelyard.annotate.recorded_file import COLUMNS
from steelyard.errors import SteelyardError

FIRST, SECOND, THIRD = "Openness is altruism, some say.", "It is “dumping”, in truth.", "软实力, said she."
MADE = corpus([FIRST, SECOND], THIRD)
TEXT = MADE["text"]


def at(quote: str) -> dict[str, str]:
    return {"quote": quote, "start": str(TEXT.index(quote))}


def read(path: Path, made: dict = MADE) -> Readings:
    return recorded.read(path, "readers", {"doc": made["text"]}, made["statements"], codebook())


def errors(path: Path) -> list[str]:
    with pytest.raises(SteelyardError) as raised:
        read(path)
    return [str(problem).replace(str(path), "codes.csv") for problem in raised.value.problems]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "codes.csv"


def rows(frame: pd.DataFrame, *columns: str) -> list[tuple]:
    return list(frame[list(columns)].itertuples(index=False, name=None))


def test_rows_become_readings_traits_and_sightings(file: Path) -> None:
    recorded_file(
        file,
        at(FIRST) | {"hypothesis_id": "culture", "stance": "raises", "hedged": "TRUE"},
        at(FIRST) | {"hypothesis_id": "other_motive", "stance": "supports", "label": "boredom", "hedged": "true"},
        at(SECOND) | {"kind": "statistic", "gap": "true", "observation_id": "sign_of_chips", "finding": "reported"},
        at(THIRD) | {"hypothesis_id": "goodwill", "stance": "opposes", "origin": "language_model"},
    )
    made = read(file)
    assert rows(made.readings, "statement_id", "hypothesis_id", "stance", "origin") == [
        ("s0000", "culture", "raises", "human"),
        ("s0000", "other_motive", "supports", "human"),
        ("s0002", "goodwill", "opposes", "language_model"),
    ]
    assert list(made.readings["label"].fillna("-")) == ["-", "boredom", "-"]
    assert rows(made.traits, "statement_id", "kind", "hedged", "gap") == [
        ("s0000", "assertion", True, False),
        ("s0001", "statistic", False, True),
        ("s0002", "assertion", False, False),
    ]
    assert rows(made.sightings, "statement_id", "observation_id", "finding", "origin") == [
        ("s0001", "sign_of_chips", "reported", "human")
    ]
    assert set(made.traits["coder"]) == set(made.readings["coder"]) == set(made.sightings["coder"]) == {"readers"}
    assert set(made.readings["confidence"]) == set(made.traits["confidence"]) == {1.0}
    assert made.unmapped == ()


def test_no_rows_give_empty_readings(file: Path) -> None:
    made = read(recorded_file(file))
    assert made.readings.empty
    assert made.traits.empty


def test_a_byte_order_mark_and_another_order_of_columns_do_no_harm(file: Path) -> None:
    recorded_file(file, at(FIRST), columns=COLUMNS[::-1])
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert len(read(file).traits) == 1


def test_a_quote_that_moved_is_found_where_it_stands_once(file: Path) -> None:
    recorded_file(file, at(SECOND) | {"start": "3"})
    assert list(read(file).traits["statement_id"]) == ["s0001"]


def test_a_quote_over_several_lines_is_read_and_later_lines_keep_their_numbers(file: Path) -> None:
    made = corpus("One\r\ntwo.", "Three.")
    recorded_file(file, {"quote": "One\r\ntwo.", "start": "0"}, {"quote": "Four.", "start": "10"})
    with pytest.raises(SteelyardError, match=r"codes.csv:4: quote 'Four.' is not in the document"):
        read(file, made)


def with_hypothesis(stance: str = "supports", hypothesis: str = "culture") -> dict[str, str]:
    return {"hypothesis_id": hypothesis, "stance": stance}


def with_observation(observation: str, finding: str) -> dict[str, str]:
    return {"observation_id": observation, "finding": finding}


@pytest.mark.parametrize(
    ("row", "what", "hint"),
    [
        ({"document_id": "dok"}, "unknown document_id 'dok'", "Did you mean 'doc'?"),
        ({"quote": ""}, "quote is empty", "Copy"),
        ({"start": "-1"}, "start is '-1', which is no count of characters", ""),
        ({"start": ""}, "start is '', which is no count of characters", ""),
        (with_hypothesis(hypothesis="cultur"), "unknown hypothesis_id 'cultur'", "Did you mean 'culture'?"),
        (with_hypothesis("support"), "stance is 'support', which is none of: supports,", "Did you mean 'supports'?"),
        (with_hypothesis(""), "stance is empty", "Known here: supports, opposes, raises."),
        ({"stance": "supports"}, "stance is given without hypothesis_id", "Fill in hypothesis_id, or empty stance."),
        (with_hypothesis(hypothesis="other_motive"), "label is empty for other_motive", "Name the motive"),
        (with_hypothesis() | {"label": "x"}, "label is only for other_motive", "note"),
        ({"kind": ""}, "kind is empty", "Known here: none, assertion"),
        ({"kind": "documented"}, "kind is 'documented', which is none of: none, assertion,", "Known here"),
        ({"hedged": "yes"}, "hedged is 'yes', which is none of: true, false", "Known here"),
        ({"gap": ""}, "gap is empty", "Known here: true, false."),
        (with_observation("sign_of_chip", "seen"), "unknown observation_id 'sign_of_chip'", "Did you mean 'sign"),
        (with_observation("sign_of_chips", "saw"), "finding is 'saw', which is none of: seen,", ""),
        (with_observation("sign_of_chips", ""), "finding is empty", ""),
        (with_observation("", "seen"), "finding is given without observation_id", ""),
        ({"coder": " "}, "coder is empty", "Name who read"),
        ({"origin": "program"}, "origin is 'program', which is none of: human, language_model", "Known here"),
        ({"quote": "It is dumping, in truth."}, "quote 'It is dumping, in truth.' is not in", "passage, at 3"),
        ({"quote": "qqqqqqqq zzzzzzzz"}, "quote 'qqqqqqqq zzzzzzzz' is not in", "Nothing in the document is like it"),
        ({"quote": "is", "start": "1"}, "quote 'is' isn't at 1 but at 3 other places (9, 17, 35)", "the nearest is 9."),
    ],
)  # fmt: skip
def test_each_mistake_is_told_with_its_line(file: Path, row: dict[str, str], what: str, hint: str) -> None:
    recorded_file(file, at(FIRST) | row)
    (told,) = errors(file)
    assert told.startswith(f"codes.csv:2: {what}")
    assert hint in told


def test_rows_of_one_quote_must_agree(file: Path) -> None:
    recorded_file(
        file,
        at(FIRST) | with_hypothesis("raises") | with_observation("sign_of_chips", "seen"),
        at(FIRST) | with_hypothesis(hypothesis="chips") | {"kind": "reasoning", "gap": "true"},
        at(FIRST) | with_hypothesis("supports"),
        at(FIRST) | with_observation("sign_of_chips", "reported"),
    )
    assert [message.split("\n")[0] for message in errors(file)] == [
        "codes.csv:3: kind is 'reasoning' but 'assertion' at codes.csv:2 for the same quote",
        "codes.csv:3: gap is 'true' but 'false' at codes.csv:2 for the same quote",
        "codes.csv:4: hypothesis_id 'culture' is coded twice for the same quote (first at codes.csv:2)",
        "codes.csv:5: finding is 'reported' but 'seen' at codes.csv:2",
    ]


def test_all_mistakes_are_told_at_once_in_the_order_of_lines(file: Path) -> None:
    recorded_file(
        file, at(FIRST) | {"kind": "", "origin": ""}, at(SECOND), at(THIRD) | {"quote": "nowhere to be found"}
    )
    file.write_bytes(file.read_bytes() + b"too,few\r\n")
    assert [message.split("\n")[0] for message in errors(file)] == [
        "codes.csv:2: kind is empty",
        "codes.csv:2: origin is empty",
        "codes.csv:4: quote 'nowhere to be found' is not in the document",
        "codes.csv:5: has 2 cells instead of 15",
    ]


def test_columns_missing_unknown_or_twice_are_named(file: Path) -> None:
    columns = ["stanze" if name == "stance" else name for name in COLUMNS if name != "note"]
    file.write_text(",".join([*columns, "kind"]) + "\n", encoding="utf-8")
    assert errors(file) == [
        "codes.csv:1: column 'stance' is missing",
        "codes.csv:1: column 'note' is missing",
        "codes.csv:1: unknown column 'stanze'\n    Hint: Did you mean 'stance'?",
        "codes.csv:1: column 'kind' stands twice",
    ]


def test_blank_rows_are_skipped_and_no_quote_is_stripped(file: Path) -> None:
    recorded_file(file, dict.fromkeys(COLUMNS, ""), at(f" {SECOND}"))
    file.write_bytes(file.read_bytes() + b"\r\n")
    assert list(read(file).traits["statement_id"]) == ["s0001"]
    recorded_file(file, at(FIRST) | {"quote": f"  {FIRST}"})
    assert "is not in the document" in errors(file)[0]


def test_mistakes_before_what_is_no_csv_are_told_too(file: Path) -> None:
    recorded_file(file, at(FIRST) | {"kind": ""})
    file.write_bytes(file.read_bytes() + b'doc,0,"open\n')
    assert [message.split(" (")[0].split("\n")[0] for message in errors(file)] == [
        "codes.csv:2: kind is empty",
        "codes.csv:3: is no valid CSV",
    ]


def test_an_empty_file_misses_every_column(file: Path) -> None:
    file.write_bytes(b"")
    assert len(errors(file)) == len(COLUMNS)


def test_a_file_that_is_not_utf8_or_no_csv_or_not_there_is_told(file: Path) -> None:
    recorded_file(file, at(FIRST))
    good = file.read_bytes()
    file.write_bytes(good + b"caf\xe9\n")
    assert errors(file) == ["codes.csv:3: is not UTF-8\n    Hint: Save it as UTF-8."]
    file.write_bytes(good + b'doc,0,"open\n')
    [told] = errors(file)
    assert told.startswith(
        "codes.csv:3: is no valid CSV (unexpected end of data)\n    Hint: Is a quotation mark missing"
    )
    file.unlink()
    assert errors(file) == ["codes.csv: cannot be read (No such file or directory)"]


def test_after_resegmentation_codes_go_to_the_statement_that_shares_most_characters(file: Path) -> None:
    recorded_file(file, at("altruism, some say. It is “dumping”") | {"hypothesis_id": "culture", "stance": "raises"})
    assert list(read(file).readings["statement_id"]) == ["s0000"]


def test_codes_that_meet_in_one_statement_are_united_and_the_larger_overlap_decides(file: Path) -> None:
    recorded_file(
        file,
        at(FIRST) | with_hypothesis("raises") | {"kind": "reasoning"},
        at(FIRST) | with_observation("sign_of_chips", "seen") | {"kind": "reasoning"},
        at("dumping") | with_hypothesis(hypothesis="undercut") | {"hedged": "true"},
        at("truth") | with_hypothesis("opposes"),
        at("It is") | with_observation("sign_of_chips", "reported"),
    )
    joined = corpus(f"{FIRST} {SECOND}", THIRD)
    assert joined["text"] == TEXT
    made = read(file, joined)
    assert rows(made.readings, "statement_id", "hypothesis_id", "stance", "origin") == [
        ("s0000", "culture", "raises", "human"),
        ("s0000", "undercut", "supports", "human"),
    ]
    assert rows(made.traits, "statement_id", "kind", "hedged") == [("s0000", "reasoning", False)]
    assert list(made.sightings["finding"]) == ["seen"]


def test_where_people_and_a_model_coded_parts_of_one_statement_the_persons_reading_decides_all_of_it(
    file: Path,
) -> None:
    recorded_file(
        file,
        at(FIRST) | with_hypothesis("supports") | {"kind": "reasoning", "origin": "language_model"},
        at("dumping") | with_hypothesis("raises", "undercut") | {"gap": "true"},
    )
    made = read(file, corpus(f"{FIRST} {SECOND}", THIRD))
    assert rows(made.readings, "hypothesis_id", "stance", "origin") == [("undercut", "raises", "human")]
    assert rows(made.traits, "kind", "gap", "origin") == [("assertion", True, "human")]


def test_a_quote_whose_line_ends_or_control_characters_a_spreadsheet_changed_is_found(file: Path) -> None:
    made = corpus("One\r\ntwo \x07 \rthree.", "One two.")
    recorded_file(file, {"quote": "One\ntwo \ufffd \nthree.", "start": "3"})
    assert list(read(file, made).traits["statement_id"]) == ["s0000"]
    recorded_file(file, {"quote": "One\ntwo.", "start": "0"})
    with pytest.raises(SteelyardError, match="is not in the document"):
        read(file, made)


def test_the_part_of_the_sheet_that_a_statement_was_drawn_for_comes_along(file: Path) -> None:
    columns = (*COLUMNS, "sample")
    recorded_file(
        file, at(FIRST) | {"sample": "random"}, at(SECOND), at(THIRD) | {"sample": "least_sure"}, columns=columns
    )
    assert list(read(file).traits["drawn"].fillna("-")) == ["random", "-", "least_sure"]
    recorded_file(
        file, at(FIRST) | {"sample": "randomly"}, at(SECOND) | {"sample": "random"}, at(SECOND), columns=columns
    )
    assert [message.split("\n")[0] for message in errors(file)] == [
        "codes.csv:2: sample is 'randomly', which is none of: random, least_sure, most_weighty",
        "codes.csv:4: sample is '' but 'random' at codes.csv:3 for the same quote",
    ]


def test_files_of_another_kind_are_told(tmp_path: Path) -> None:
    with pytest.raises(SteelyardError, match=r"codes are not read from files that end in '.ods'"):
        read(recorded_file(tmp_path / "codes.ods", at(FIRST)))


def test_where_a_file_does_not_say_how_statements_were_drawn_the_tables_do_not_either(file: Path) -> None:
    assert read(recorded_file(file, at(FIRST))).traits["drawn"].isna().all()


def test_codes_of_what_is_no_statement_are_told_not_lost_in_silence(file: Path) -> None:
    recorded_file(file, at(FIRST), at(THIRD) | {"hypothesis_id": "goodwill", "stance": "supports"})
    some = MADE | {"statements": MADE["statements"].iloc[:2]}
    made = read(file, some)
    assert list(made.traits["statement_id"]) == ["s0000"]
    assert [problem.where for problem in made.unmapped] == [f"{file}:3"]
    assert len(read(file, MADE | {"statements": MADE["statements"].iloc[:0]}).unmapped) == 2


@settings(max_examples=settings.default.max_examples // 2)
@given(st.data())
def test_a_passage_goes_where_it_shares_most_whatever_the_segmentation(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(1, len(TEXT) - 1), min_size=1, max_size=6)))
    start, end = sorted(
        data.draw(st.tuples(st.integers(0, len(TEXT)), st.integers(0, len(TEXT))).filter(lambda p: p[0] != p[1]))
    )
    spans = list(zip([0, *cuts], [*cuts, len(TEXT)], strict=True))
    statements = pd.DataFrame(
        [{"statement_id": f"s{n}", "document_id": "doc", "start": s, "end": e} for n, (s, e) in enumerate(spans)]
    )
    path = recorded_file(
        tmp_path_factory.mktemp("codes") / "codes.csv", {"quote": TEXT[start:end], "start": str(start)}
    )
    shared = [len(set(range(start, end)) & set(range(*span))) for span in spans]
    made = read(path, {"text": TEXT, "statements": statements})
    assert list(made.traits["statement_id"]) == [f"s{shared.index(max(shared))}"]


def of_copies(path: Path, statements: pd.DataFrame = MADE["statements"]) -> Readings:
    """Read codes of `doc`, and of copies of it that have no statement of their own."""
    copies = {"doc": TEXT, "again": TEXT, "lines": f"\ufeff {TEXT.replace(' ', chr(13) + chr(10))}"}
    return recorded.read(path, "readers", copies, statements, codebook())


def test_codes_of_a_copy_go_to_the_document_that_was_kept(file: Path) -> None:
    recorded_file(
        file,
        at(SECOND) | with_hypothesis("raises") | {"document_id": "again"},
        {"quote": THIRD.replace(" ", "\r\n"), "start": "0", "document_id": "lines"} | with_hypothesis("opposes"),
    )
    made = of_copies(file)
    assert rows(made.readings, "statement_id", "stance") == [("s0001", "raises"), ("s0002", "opposes")]
    assert made.unmapped == ()


@pytest.mark.parametrize("names", [("doc", "again"), ("again", "doc")])
def test_where_copies_are_coded_apart_ids_do_not_decide(file: Path, names: tuple[str, str]) -> None:
    recorded_file(
        file,
        at(FIRST) | with_hypothesis("raises") | {"document_id": names[0]},
        at(FIRST) | with_hypothesis("opposes") | {"document_id": names[1]},
    )
    assert rows(of_copies(file).readings, "hypothesis_id", "stance") == [("culture", "opposes")]


def test_unmapped_codes_are_listed_with_file_and_line(file: Path) -> None:
    recorded_file(file, at(FIRST), at(THIRD))
    made = of_copies(file, MADE["statements"].iloc[:2])
    listed = recorded.listed(made.unmapped, "readers", file.parent)
    what = "the quote lies in no statement: its codes are left out"
    assert rows(listed, "coder", "where", "what") == [("readers", "codes.csv:3", what)]
    assert recorded.listed((), "readers", file.parent).empty
