"""What a killed or a failed run left is cleared away, and nothing else."""

from __future__ import annotations

import json
import shutil
from collections import namedtuple
from pathlib import Path

import pytest

from steelyard import leftovers
from steelyard.errors import SteelyardError

DONE = "A warning.\ndone in 0.50 s\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a finished job `good` of the study x."""
    monkeypatch.chdir(tmp_path)
    job(tmp_path, "good", DONE)
    return tmp_path


def job(folder: Path, name: str, said: str | None, study: str = "x") -> None:
    for path, text in (
        (f"results/{study}/{name}.csv", "whole"),
        (f".snakemake/metadata/{name}", json.dumps({"log": [f"logs/{study}/{name}.log"]})),
        *([(f"logs/{study}/{name}.log", said)] if said is not None else []),
    ):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)


def test_jobs_that_failed_or_were_killed_run_again_and_others_do_not(folder):
    job(folder, "killed", "")
    job(folder, "killed_before_it_had_a_log", None)
    job(folder, "wrong", "Error:\n  f:1: is wrong\n")
    job(folder, "other", "", study="y")
    (folder / ".snakemake" / "metadata" / "half").write_text('{"log": ["logs/x/')
    assert leftovers.killed("x") == ["logs/x/killed.log", "logs/x/killed_before_it_had_a_log.log"]
    leftovers.clear("x")
    again = {path.name for path in (folder / ".snakemake" / "incomplete").iterdir()}
    assert again == {"killed", "killed_before_it_had_a_log", "wrong"}
    assert {path.name for path in (folder / ".snakemake" / "metadata").iterdir()} == {"good", "other", "half"}
    assert len(list(Path("results").rglob("*.csv"))) == 5, "results stay"


def test_logs_that_were_deleted_rebuild_nothing(folder):
    shutil.rmtree(folder / "logs")
    leftovers.clear("x")
    assert (folder / ".snakemake" / "metadata" / "good").exists()


def test_what_is_half_written_is_removed(folder):
    (folder / "results" / "x" / ".steelyard-ab12.csv").touch()
    (folder / "results" / "x" / ".steelyard-cd34" / "fonts").mkdir(parents=True)
    (folder / ".snakemake" / "backups" / "results" / "x").mkdir(parents=True)
    leftovers.clear("x")
    assert [path.name for path in (folder / "results" / "x").iterdir()] == ["good.csv"]
    assert not (folder / ".snakemake" / "backups" / "results" / "x").exists()


def test_a_disk_without_room_for_another_run_is_told_before_anything_is_touched(folder, monkeypatch):
    Usage = namedtuple("Usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(9, 5, 4))
    with pytest.raises(SteelyardError, match="the disk is nearly full: 0 MB are free"):
        leftovers.clear("x")
