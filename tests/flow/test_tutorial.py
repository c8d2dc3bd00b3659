"""docs/tutorial.md, done in an empty folder as it says; what it says is printed is printed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from project import PROJECT

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("tutorial")]
_BLOCK = re.compile(
    r"(?P<left_out>^<!-- not run by the test -->\n)?"
    r'^```(?P<kind>\w+)(?: title="(?P<title>[^"]+)")?\n(?P<text>.*?)^```$',
    re.DOTALL | re.MULTILINE,
)


def blocks(page: str) -> Iterator[tuple[str, str | None, str]]:
    for block in _BLOCK.finditer(page):
        if not block["left_out"]:
            yield block["kind"], block["title"], block["text"]


def changed(text: str, diff: str) -> str:
    """Change a text as a diff without line numbers says; what it changes must stand there once."""
    lines = [(line[:1], line[1:]) for line in diff.splitlines(keepends=True)]
    old, new = ("".join(line for mark, line in lines if mark in kept) for kept in (" -", " +"))
    assert text.count(old) == 1, old
    return text.replace(old, new)


def matches(expected: str, printed: str) -> bool:
    parts = re.split(r"^\.\.\.\n|\.\.\.", expected, flags=re.MULTILINE)
    return re.fullmatch("(?s:.*)".join(re.escape(part) for part in parts), printed.strip("\n") + "\n") is not None


def run(command: str, folder: Path) -> tuple[int, str]:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    both = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    done = subprocess.run(
        ["sh", "-ec", command], cwd=folder, env=os.environ | {"PATH": path}, text=True, check=False, timeout=300, **both
    )
    return done.returncode, done.stdout


def test_the_tutorial_does_what_it_says(tmp_path, monkeypatch, capsys):
    code, printed, compared = 0, "", 0
    for kind, title, text in blocks((PROJECT / "docs" / "tutorial.md").read_text(encoding="utf-8")):
        if title:
            path = tmp_path / title
            path.parent.mkdir(exist_ok=True)
            path.write_text(changed(path.read_text(), text) if kind == "diff" else text, encoding="utf-8")
        elif kind == "sh":
            code, printed = run(text, tmp_path)
            assert code == 0 or "Error:" in printed, printed
        elif kind == "text":
            assert matches(text, printed), f"the page says:\n{text}\nprinted was:\n{printed}"
            assert code == ("Error:" in text)
            compared += 1
    assert compared == 5
    results = tmp_path / "results" / "swifts"
    monkeypatch.chdir(tmp_path)
    examples = [text for kind, _, text in blocks((PROJECT / "docs/how-to/figures.md").read_text()) if kind == "python"]
    exec("\n".join(examples), {})
    assert "\n1.75\n" in capsys.readouterr().out  # the strength that they explain
    facts = pd.read_parquet(results / "weigh" / "summary.parquet").set_index("name").value
    # What its last list says of the report.
    assert (facts["form"], facts["leader"]) == ("ranking", "closed_roofs")
    gaps = pd.read_parquet(results / "weigh" / "gaps.parquet")
    assert {"one-sided", "looked for and not found"} == set(gaps[gaps.hypothesis_id == "insects"].gap_kind)
    assert set(gaps[gaps.hypothesis_id == "cold_may"].observation_id.dropna()) == {"old_roofs_lose_too"}
    ranks = pd.read_parquet(results / "weigh" / "robustness.parquet").set_index(["hypothesis_id", "doubt"])
    assert ranks.p_first["closed_roofs", "all"] > 0.5
    evidence = pd.read_csv(results / "evidence.csv").query("hypothesis_id == 'closed_roofs' and kind == 'statistic'")
    assert list(evidence.speaker) == ["Hanna Reis", "Hanna Reis"]
    hanna = pd.read_parquet(results / "aggregate" / "ledger.parquet").query("voice_id == 'name:hanna reis'")
    assert hanna.set_index("hypothesis_id").best_for["closed_roofs"] == evidence.strength.max()
