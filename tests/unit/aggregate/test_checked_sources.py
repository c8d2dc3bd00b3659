from pathlib import Path

import pandas as pd
import pytest

from steelyard.aggregate import sources
from steelyard.errors import SteelyardError

HEADER = "reference,what,shows,checked_by,checked_on,verdict,party,note\n"
GOOD = "https://x.com/a,A filing,That they sold it,Ann,2025-01-31,documented,false,\n"


def written(folder: Path, text: str) -> Path:
    path = folder / "sources.csv"
    path.write_text(text, encoding="utf-8")
    return path


def problems(folder: Path, text: str) -> list[str]:
    with pytest.raises(SteelyardError) as failure:
        sources.read(written(folder, text))
    return [f"{problem.where.rsplit('/', 1)[-1]} {problem.what}" for problem in failure.value.problems]


def test_a_list_is_read_with_the_party_as_a_flag_that_is_true_where_unknown(tmp_path: Path) -> None:
    frame = sources.read(written(tmp_path, HEADER + GOOD + "y.org,,,,,unchecked,,to do\n"))
    assert list(frame.columns) == list(sources.COLUMNS)
    assert list(frame.party) == [False, True]
    assert list(frame.reference) == ["https://x.com/a", "y.org"]


def test_a_list_without_rows_is_empty(tmp_path: Path) -> None:
    assert sources.read(written(tmp_path, HEADER)).empty


def test_every_mistake_is_told_at_once_with_the_line_it_begins_at(tmp_path: Path) -> None:
    text = (
        HEADER
        + '"https://x.com/a","A ""filing"",\nof two lines",,Ann,2025-01-31,documented,false,\n'
        + "https://x.com/b,,,,31 January,documentd,maybe,\n"
        + "https://x.com/a,,,,,unchecked,,\n"
        + "https://x.com/c,,,\n"
        + ",,,,,unchecked,,note\n"
    )
    assert problems(tmp_path, text) == [
        "sources.csv:4 verdict is 'documentd', which is none of: documented, opinion, self, unreachable, unchecked",
        "sources.csv:4 party is 'maybe', which is neither true nor false",
        "sources.csv:4 checked_by is empty",
        "sources.csv:4 checked_on is '31 January', which is no date",
        f"sources.csv:5 reference 'https://x.com/a' stands twice (first at {tmp_path}/sources.csv:2)",
        "sources.csv:6 has 4 cells instead of 8",
        "sources.csv:7 a source has no reference",
    ]


def test_columns_are_closed(tmp_path: Path) -> None:
    wrong = HEADER.replace("party", "parti")
    assert problems(tmp_path, wrong) == [
        "sources.csv:1 column 'party' is missing",
        "sources.csv:1 unknown column 'parti'",
    ]
    assert len(problems(tmp_path, "")) == len(sources.COLUMNS)


def test_a_missing_or_garbled_file_is_a_mistake_in_words(tmp_path: Path) -> None:
    with pytest.raises(SteelyardError, match=r"cannot be read \(No such file"):
        sources.read(tmp_path / "none.csv")
    (tmp_path / "latin.csv").write_bytes(b"\xe9")
    with pytest.raises(SteelyardError, match="not UTF-8"):
        sources.read(tmp_path / "latin.csv")


def test_a_cell_that_never_ends_is_told_with_the_line_it_begins_at_beside_the_other_mistakes(tmp_path: Path) -> None:
    text = HEADER + GOOD.replace("Ann", "") + '"' + GOOD * 3000
    assert problems(tmp_path, text) == [
        "sources.csv:2 checked_by is empty",
        "sources.csv:3 is no valid CSV (field larger than field limit (131072))",
    ]


def test_blank_rows_a_byte_order_mark_and_spaces_around_cells_do_no_harm(tmp_path: Path) -> None:
    text = "\ufeff" + HEADER.replace("party", " party ") + "\n ,,,,,,,\n" + GOOD.replace("Ann", " Ann ")
    frame = sources.read(written(tmp_path, text))
    assert list(frame.checked_by) == ["Ann"] and list(frame.columns) == list(sources.COLUMNS)


@pytest.mark.parametrize(
    ("reference", "text", "found"),
    [
        ("https://x.com/a", "See https://x.com/a.", True),
        ("https://x.com/a", "See (www.X.com/a/), they say", True),
        ("x.com/a/", "见http://x.com/a是", True),
        ("https://x.com/a", "See https://x.com/ab", False),
        ("https://x.com/a", "See https://x.com/a/b", False),
        ("https://x.com/a", "See https://x.com/a?page=2", False),
        ("https://x.com/a", "See https://x.com/a.html", False),
        ("https://x.com/a", "See https://archive.org/https://x.com/a", False),
        ("https://x.com/a", "See https://notx.com/a", False),
        ("x.com/a", "Is it x.com/a? I think so", True),
        ("arXiv:2501.12948", "as in arXiv:2501.12948, table 3", True),
        ("Smith (2020)", "Smith\n(2020) says", True),
    ],
)
def test_a_reference_is_found_where_it_stands_and_not_within_a_longer_address(
    reference: str, text: str, found: bool
) -> None:
    statements = pd.DataFrame({"statement_id": ["s"], "text": [text]})
    checked = pd.DataFrame({"reference": [reference], "verdict": ["documented"], "party": [False]})
    assert (sources.documented(sources.cited(statements, checked)) == {"s"}) is found


def test_only_documented_sources_document_and_only_non_parties_are_independent() -> None:
    statements = pd.DataFrame({"statement_id": ["s1", "s2", "s3"], "text": ["see a.org", "see b.org", "see c.org"]})
    checked = pd.DataFrame(
        {
            "reference": ["a.org", "b.org", "c.org"],
            "verdict": ["documented", "documented", "opinion"],
            "party": [True, False, False],
        }
    )
    citations = sources.cited(statements, checked)
    assert sources.documented(citations) == {"s1", "s2"}
    assert sources.documented(citations, independent=True) == {"s2"}
    assert sources.documented(sources.cited(statements, None)) == set()
