"""docs/hostile-text.md lists every kind of canary that is tried."""

from __future__ import annotations

from project import PROJECT
from studies.canaries.canaries import CANARIES


def test_every_kind_of_canary_has_its_row():
    lines = (PROJECT / "docs" / "hostile-text.md").read_text(encoding="utf-8").splitlines()
    rows = [line.split("|")[1:-1] for line in lines if line.startswith("| ")]
    assert [row[0].strip() for row in rows[1:]] == list(CANARIES)
    assert {len(row) for row in rows} == {4}
