"""From `steelyard new` to a report, in another folder than the study's and the checkout's, and beside another study."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from lxml import html

from project import copy_study
from steelyard import cli


def report(*arguments: str, folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "steelyard.cli", "report", *arguments]
    return subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


@pytest.mark.slow
def test_a_new_study_runs_from_any_folder_and_beside_another_in_it(tmp_path, monkeypatch, capsys):
    work, place = tmp_path / "some where", tmp_path / "my studies" / "图书馆 evenings"
    work.mkdir()
    monkeypatch.chdir(work)
    copy_study("ferry", tmp_path)
    assert cli.main(["new", str(place)]) == cli.main(["check", str(place)]) == 0
    assert "No mistakes, 0 warnings." in capsys.readouterr().out
    # Two studies of one checkout at the same time, in one folder.
    for process in [report(str(place), folder=work), report("../ferry", folder=work)]:
        _, errors = process.communicate(timeout=300)
        assert process.returncode == 0, errors
    results = work / "results"
    page = html.parse(str(results / "evenings" / "report.html")).getroot().text_content()
    assert "Why do fewer people come to the town library in the evening?" in page
    for name in ("evenings", "ferry"):
        assert (results / name / "report.pdf").stat().st_size > 50_000
    assert "ferry lose half of its passengers" in (results / "ferry" / "report.html").read_text(encoding="utf-8")
    for foreign in ("ferry", "weights of strong models", "Chinese AI labs"):
        assert foreign not in page
    documents = {
        path.parts[-3]: set(pd.read_parquet(path).document_id) for path in results.glob("*/ingest/statements.parquet")
    }
    assert documents == {"evenings": {"neighbours", "newsletter", "answers"}, "ferry": {"thread", "article"}}
    # Nothing is added to the study's own folder, nor to the working folder but results and logs.
    assert {path.name for path in place.iterdir()} == {
        "README.md",
        "codebook.yaml",
        "codes.csv",
        "config.yaml",
        "corpus",
    }
    assert {path.name for path in work.iterdir()} == {"results", "logs", ".snakemake"}
