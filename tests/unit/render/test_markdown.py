"""Words for figures: singular and plural, none, ties and shares read right."""

from __future__ import annotations

import pytest

from steelyard.render import markdown as md


@pytest.mark.parametrize(
    ("number", "words"), [(0, "no voices"), (1, "1 voice"), (2, "2 voices"), (2.5, "2.5 voices"), (0.5, "0.5 voices")]
)
def test_count(number, words):
    assert md.count(number, "voice") == words


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0, "0\u00a0%"),
        (1, "100\u00a0%"),
        (0.004, "under 1\u00a0%"),
        (0.996, "over 99\u00a0%"),
        (0.444, "44\u00a0%"),
        (None, "–"),
    ],
)
def test_percent_never_rounds_to_certainty(share, words):
    assert md.percent(share) == words


@pytest.mark.parametrize(
    ("items", "words"), [([], "none"), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_listed(items, words):
    assert md.listed(items) == words


def test_decimal_has_a_dash_where_there_is_no_number():
    assert md.decimal(None) == "–" and md.decimal(float("nan")) == "–" and md.decimal(1.005, 1) == "1.0"


def test_table_escapes_bars_and_carries_its_id():
    text = md.table(["A", "B>"], [["x|y", 1]], "Caption", "tbl-x", "[50,50]")
    assert text.splitlines() == [
        "| A | B |",
        "| :-- | --: |",
        "| x&#124;y | 1 |",
        "",
        ': Caption {#tbl-x tbl-colwidths="[50,50]"}',
    ]
