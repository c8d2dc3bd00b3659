"""docs/coding-quality.md is the page of the last `make evaluate`, and that run measured the code as it is."""

from __future__ import annotations

import json
import sys

import pandas as pd
import pytest

from project import PROJECT
from steelyard.evaluate.page import COLUMNS, Part, page

sys.path.insert(0, str(PROJECT / "benchmarks"))
import evaluate

FIGURES = json.loads((PROJECT / "benchmarks" / "coding-quality.json").read_text(encoding="utf-8"))
ROWS = pd.DataFrame(FIGURES["rows"], columns=list(COLUMNS))


def figure(data: str, split: str, coder: str, measure: str) -> float:
    found = ROWS[(ROWS.data == data) & (ROWS.split == split) & (ROWS.coder == coder) & (ROWS.measure == measure)]
    assert len(found) == 1
    return float(found.value.iloc[0])


def test_the_page_is_that_of_the_last_run():
    assert (PROJECT / "docs" / "coding-quality.md").read_text(encoding="utf-8") == evaluate.remade()


def test_the_last_run_measured_the_coders_as_they_are():
    assert FIGURES["about"]["code"] == evaluate.digest(), "the coders have changed: run make evaluate"


@pytest.mark.parametrize(
    ("data", "split", "coder", "measure", "least"),
    [
        ("argkp2021", "Development topics (4)", "semantic", "mAP strict", 0.50),
        ("argkp2021", "Development topics (4)", "semantic", "mAP relaxed", 0.72),
        ("argkp2021", "Development topics (4)", "semantic", "F1", 0.62),
        ("argkp2021 stance", "All topics (28)", "learned", "macro-F1, 40 labels", 0.76),
        ("argkp2021 stance", "Development topics (4)", "learned", "macro-F1, 40 labels", 0.76),
        ("cdcp kinds", "", "learned", "macro-F1", 0.66),
        ("echoes", "", "echo clusters", "repeats found", 1),
        ("echoes", "", "echo clusters", "excerpts found", 1),
        ("echoes", "", "echo clusters", "light edits found", 1),
    ],
)
def test_the_coders_reach_what_is_asked_of_them(data, split, coder, measure, least):
    if data == "cdcp kinds":
        split = ROWS[ROWS.data == data].split.iloc[0]
    assert figure(data, split, coder, measure) >= least


def test_a_row_that_no_part_shows_is_an_error():
    about = {"date": "today", "machine": "one", "versions": "none"}
    row = {"data": "x", "split": "", "coder": "c", "measure": "m", "value": 0.5, "low": None, "high": None, "n": 3}
    rows = pd.DataFrame([row | {"how": "by hand"}])
    assert "| c | 3 | 0.500 |" in page(rows, [Part("x", "X", "Text.")], about)
    with pytest.raises(ValueError, match="no part of the page shows"):
        page(rows, [Part("y", "Y", "Text.")], about)
