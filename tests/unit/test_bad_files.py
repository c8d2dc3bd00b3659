"""Each bad input of docs/bad-input.md comes out as the page says, and the page lists them all."""

from __future__ import annotations

import re

import pytest

import bad_files

ROWS = {
    (heading, row[2 : row.index(" | ", 2)]): row
    for heading, *rows in (
        part.splitlines() for part in re.split(r"^## ", bad_files.PAGE.read_text(encoding="utf-8"), flags=re.M)[1:]
    )
    for row in rows
    if row.startswith("| ") and not row.startswith("| tried |")
}


@pytest.mark.parametrize(
    ("heading", "tried", "make"), [pytest.param(*case, id=f"{case[0]}: {case[1]}") for case in bad_files.cases()]
)
def test_bad_input_comes_out_as_the_page_says(heading, tried, make, tmp_path):
    make(tmp_path)
    came = bad_files.table_row(tried, bad_files.outcome(tmp_path))
    assert came == ROWS.get((heading, tried)), "write the page anew: python tests/bad_files.py"


def test_the_page_lists_nothing_else():
    assert list(ROWS) == [(heading, tried) for heading, tried, _ in bad_files.cases()]
