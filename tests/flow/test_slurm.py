"""Jobs of a real SLURM make the bytes that a local run makes, and one that is cancelled costs only itself."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from subprocess import PIPE, STDOUT, Popen, run

import pytest

import slurm
from project import PROJECT, copy_study, need

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("ferry")]  # one worker, so that the small study is built once


@pytest.fixture(scope="module")
def cluster() -> Iterator[Mapping[str, str]]:
    """The environment in which SLURM's commands are found."""
    need("slurm", not slurm.missing() and find_spec("snakemake_executor_plugin_slurm"))
    with slurm.running() as environment:
        yield environment


def report(folder: Path, cluster: Mapping[str, str], *arguments: str) -> Popen[str]:
    """Start `steelyard report` on the small study with the users' profile; jobs of a second are looked for sooner."""
    profile = PROJECT / "workflow" / "profiles" / "slurm"
    command = [sys.executable, "-m", "steelyard.cli", "report", "ferry", f"--profile={profile}"]
    command += ["--slurm-init-seconds-before-status-checks=7", *arguments]
    return Popen(command, cwd=folder, env=dict(cluster), stdout=PIPE, stderr=STDOUT, text=True)


def contents(results: Path) -> dict[str, bytes]:
    paths = sorted(path for path in results.rglob("*") if path.is_file() and path.name != "run.json")
    return {path.relative_to(results).as_posix(): path.read_bytes() for path in paths}


def test_a_cancelled_job_costs_only_itself_and_all_bytes_are_those_of_a_local_run(cluster, ferry, tmp_path):
    copy_study("ferry", tmp_path)
    first = report(tmp_path, cluster, "--retries=0")
    while not (running := [job for job in slurm.jobs(cluster) if job.rule == "weigh" and job.state == "RUNNING"]):
        assert first.poll() is None, first.communicate()[0]
        time.sleep(0.2)
    run(["scancel", running[0].id], env=dict(cluster), check=True)
    said, _ = first.communicate()
    assert first.returncode == 1 and "CANCELLED" in said, said

    again = report(tmp_path, cluster)
    said, _ = again.communicate()
    assert again.returncode == 0, said
    times = Counter((job.rule, job.state) for job in slurm.jobs(cluster))
    assert times.pop(("weigh", "CANCELLED")) == 1
    assert set(times.values()) == {1}, "every job was done once"
    assert {rule for rule, _ in times} >= {"ingest", "cues", "adjudicate", "aggregate", "weigh", "gaps", "render"}

    local, ours = contents(ferry / "results" / "ferry"), contents(tmp_path / "results" / "ferry")
    assert local.keys() == ours.keys()
    assert [path for path in local if local[path] != ours[path]] == []


def test_it_is_started_once_and_stopped_whole(monkeypatch):
    need("slurm", not slurm.missing())
    with tempfile.TemporaryDirectory() as name:  # pytest's own folders may be too long for a socket
        folder = Path(name)
        try:
            commands = slurm.start(folder)
            monkeypatch.setenv("PATH", str(commands), prepend=os.pathsep)  # as the user is told to
            first = [(folder / f"{daemon}.process").read_text() for daemon in slurm.DAEMONS]
            slurm.start(folder)
            assert [(folder / f"{daemon}.process").read_text() for daemon in slurm.DAEMONS] == first
            slurm.stop(folder)
            assert not any(Path("/proc", process).exists() for process in first)
            slurm.start(folder)
            assert "idle" in run(["timeout", "10", "sinfo"], capture_output=True, text=True, check=True).stdout
        finally:
            slurm.stop(folder)
    assert "idle" not in run(["timeout", "10", "sinfo"], capture_output=True, text=True, check=False).stdout


def test_a_mistake_that_a_job_finds_is_told_last_and_once(cluster, tmp_path):
    codes = tmp_path / copy_study("ferry", tmp_path).parent / "codes.csv"
    codes.write_text(codes.read_text().replace(",supports,", ",supportz,", 1))
    done = report(tmp_path, cluster, "results/ferry/annotate/recorded/reader/readings.parquet", "--retries=1")
    said, _ = done.communicate()
    assert done.returncode == 1
    *_, before, error, mistake, hint = said.splitlines()
    assert (before, error) == ("", "Error:") and hint.strip().startswith("Hint: "), said
    assert mistake == "  ferry/codes.csv:2: stance is 'supportz', which is none of: supports, opposes, raises"
