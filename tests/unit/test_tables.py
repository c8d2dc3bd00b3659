"""The doors: a table that breaks its schema passes neither on writing nor on reading."""

from __future__ import annotations

import pandas as pd
import pytest

from steelyard import tables
from steelyard.errors import SteelyardError

ROW = {
    "statement_id": "b",
    "hypothesis_id": "h",
    "stance": "supports",
    "confidence": 1,
    "label": None,
    "coder": "c",
    "origin": "human",
}


def test_rows_come_back_sorted_by_key_with_their_types(tmp_path):
    tables.write(tables.CODES, [ROW, ROW | {"statement_id": "a"}], tmp_path / "codes.parquet")
    frame = tables.read(tables.CODES, tmp_path / "codes.parquet")
    assert frame.statement_id.tolist() == ["a", "b"]
    assert frame.confidence.dtype == float and frame.label.isna().all()


@pytest.mark.parametrize("name", sorted(tables.TABLES))
def test_an_empty_table_keeps_its_schema(name, tmp_path):
    table = tables.TABLES[name]
    tables.write(table, [], tmp_path / "empty.parquet")
    assert list(tables.read(table, tmp_path / "empty.parquet").columns) == list(table.columns)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"stance": "favours"}, ["row 0", "stance", "'favours'"]),
        ({"confidence": 1.5}, ["row 0", "confidence", "1.5"]),
        ({"coder": None}, ["coder", "not_nullable"]),
    ],
)
def test_a_bad_row_is_named_with_its_rule(change, words, tmp_path):
    with pytest.raises(SteelyardError) as failure:
        tables.write(tables.CODES, [ROW | change], tmp_path / "codes.parquet")
    assert all(word in str(failure.value) for word in words), str(failure.value)
    assert not list(tmp_path.iterdir()), "nothing half written is left"


def test_a_column_that_is_not_required_may_be_left_out_and_is_null(tmp_path):
    row = {name: ROW[name] for name in ("statement_id", "confidence", "coder", "origin")}
    row |= {"kind": "none", "hedged": False, "gap": False}
    tables.write(tables.TRAIT_READINGS, [row], tmp_path / "traits.parquet")
    assert tables.read(tables.TRAIT_READINGS, tmp_path / "traits.parquet").drawn.isna().all()


def test_a_key_stands_once(tmp_path):
    with pytest.raises(SteelyardError, match="key"):
        tables.write(tables.CODES, [ROW, ROW | {"stance": "opposes"}], tmp_path / "codes.parquet")


def test_reading_checks_again(tmp_path):
    path = tmp_path / "codes.parquet"
    pd.DataFrame([ROW | {"stance": "favours", "confidence": 1.0}]).to_parquet(path)
    with pytest.raises(SteelyardError, match="favours") as failure:
        tables.read(tables.CODES, path)
    assert str(path) in str(failure.value)


def test_a_file_that_is_no_table_is_named(tmp_path):
    (tmp_path / "x.parquet").write_text("no table")
    with pytest.raises(SteelyardError, match=r"x\.parquet"):
        tables.read(tables.CODES, tmp_path / "x.parquet")


def test_same_rows_give_the_same_bytes(tmp_path):
    rows = [ROW, ROW | {"statement_id": "a"}]
    tables.write(tables.CODES, rows, tmp_path / "one.parquet")
    tables.write(tables.CODES, rows[::-1], tmp_path / "two.parquet")
    assert (tmp_path / "one.parquet").read_bytes() == (tmp_path / "two.parquet").read_bytes()
