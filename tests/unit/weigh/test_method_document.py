import doctest
import re
from pathlib import Path

from steelyard.study import Strength
from steelyard.vocabulary import GAP_KINDS, STATUSES

DOCUMENT = Path(__file__).parents[3] / "docs" / "method.md"


def test_the_examples_of_the_method_are_what_the_code_gives() -> None:
    found = doctest.testfile(str(DOCUMENT), module_relative=False, encoding="utf-8")
    assert found.attempted > 10
    assert found.failed == 0


def test_the_method_states_the_default_strengths() -> None:
    rows = [line.strip("| ").split(" | ") for line in DOCUMENT.read_text(encoding="utf-8").splitlines()]
    at = next(n for n, row in enumerate(rows) if row[0] == "none" and len(row) > 3)
    stated = dict(zip(rows[at], map(float, rows[at + 2]), strict=True))
    assert {name.replace("hedge factor", "hedged"): value for name, value in stated.items()} == Strength().model_dump()


def test_the_method_has_a_rule_for_every_gap_and_every_status() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert [kind for kind in GAP_KINDS if not re.search(rf"^\| {kind} \|", text, re.MULTILINE)] == []
    assert [status for status in STATUSES if not re.search(rf"\| {status} \|$", text, re.MULTILINE)] == []
