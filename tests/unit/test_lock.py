"""The lock of a study: held by the kernel, for as long as a run or a job that it began lives."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
from pathlib import Path

HOLDS = "import subprocess, time; from steelyard import lock; lock.hold('x'); "
WITH_A_JOB = HOLDS + "job = subprocess.Popen(['sleep', '60']); print(job.pid, flush=True); time.sleep(60)"


def is_free(folder: Path) -> bool:
    with (folder / ".snakemake" / "steelyard-x.lock").open("r+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def test_a_killed_run_leaves_no_lock_but_its_jobs_hold_it_until_they_end(tmp_path):
    run = subprocess.Popen([sys.executable, "-c", WITH_A_JOB], cwd=tmp_path, stdout=subprocess.PIPE, text=True)
    job = int(run.stdout.readline())
    try:
        assert not is_free(tmp_path)
        run.kill()
        run.wait()
        assert not is_free(tmp_path), "its job still writes"
        next_run = subprocess.Popen([sys.executable, "-c", HOLDS], cwd=tmp_path, stderr=subprocess.PIPE, text=True)
        said = next_run.stderr.readline()
        assert "A run of the study 'x' was killed, and jobs that it had begun are still at work" in said
        assert next_run.poll() is None, "it waits"
    finally:
        os.kill(job, signal.SIGKILL)
    assert next_run.wait(timeout=30) == 0
    assert is_free(tmp_path)


def test_a_living_run_is_named(tmp_path):
    with subprocess.Popen([sys.executable, "-c", WITH_A_JOB], cwd=tmp_path, stdout=subprocess.PIPE, text=True) as run:
        job = int(run.stdout.readline())
        second = subprocess.Popen([sys.executable, "-c", HOLDS], cwd=tmp_path, stderr=subprocess.PIPE, text=True)
        said = second.stderr.readline()
        run.kill()
        os.kill(job, signal.SIGKILL)
    assert f"Another run of the study 'x' is at work in this folder (process {run.pid})" in said
    assert second.wait(timeout=30) == 0
