"""Power cuts, full disks and two runs at once, through the real command: nothing lost, nothing half written."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from project import PROJECT, STUDIES, snakemake, steelyard

sys.path.insert(0, str(PROJECT / "benchmarks"))
import faults

pytestmark = pytest.mark.xdist_group("ferry")  # one worker, so that the small study is built once
SECONDS = 16  # of the processor, that the small study takes
ROOM = 200 << 10  # KiB


@pytest.fixture(scope="session")
def expected(ferry: Path, tmp_path_factory: pytest.TempPathFactory) -> faults.Expected:
    """The small study undisturbed, and the result of another corpus."""
    earlier = tmp_path_factory.mktemp("earlier")
    faults.copy_with_another_corpus(earlier)
    done = faults.run(earlier)
    assert done.returncode == 0, done.stderr
    return faults.Expected(SECONDS, faults.digests(ferry / "results" / "ferry"), earlier)


@pytest.mark.slow
@pytest.mark.parametrize("number", [4, 9, 11])  # snakemake alone, a job, the group; `make prove` tries all fifty
def test_after_a_kill_the_same_command_gives_the_same_bytes(number, expected, tmp_path):
    trial = faults.trial(number, expected, tmp_path / "trial")
    assert trial.killed
    assert trial.faults == ()


@pytest.fixture
def built(ferry: Path, tmp_path: Path) -> Path:
    """A copy of the folder in which the small study was built."""
    return Path(shutil.copytree(ferry, tmp_path / "built", copy_function=shutil.copy2))


@pytest.mark.slow
def test_a_second_run_waits_for_the_first_and_says_so(built):
    with (built / ".snakemake" / "steelyard-ferry.lock").open("r+") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        held.write(str(os.getpid()))
        held.truncate()
        held.flush()
        second = subprocess.Popen(faults.COMMAND, cwd=built, stderr=subprocess.PIPE, text=True)
        lines = iter(second.stderr.readline, "")
        said = next(line for line in lines if "at work" in line)
        assert said.startswith(f"Another run of the study 'ferry' is at work in this folder (process {os.getpid()})")
        plan = steelyard("ferry", "--dry-run", folder=built)
        assert plan.returncode == 0, "who only looks need not wait"
        assert second.poll() is None
    assert "made by" in second.communicate(timeout=60)[1]
    assert second.returncode == 0


@pytest.mark.slow
def test_snakemakes_lock_of_a_killed_run_is_no_obstacle(built):
    locks = built / ".snakemake" / "locks"
    locks.mkdir(exist_ok=True)
    for kind in ("input", "output"):
        (locks / f"0.{kind}.lock").write_text("results/ferry/report.html\nresults/ferry/quarto\n")
    for done in (steelyard("ferry", folder=built), snakemake("--configfile", "ferry/config.yaml", folder=built)):
        assert done.returncode == 0, done.stderr
        assert "Nothing to be done" in done.stderr


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own, which can be made larger and read-only."""
    folder = tmp_path / "disk"
    folder.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={ROOM}k", "none", folder], capture_output=True, text=True
    )
    if done.returncode:
        pytest.skip(f"no disk can be mounted here, as root may: {done.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def remount(disk: Path, options: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{options}", disk], check=True)


def told(done: subprocess.CompletedProcess[str]) -> str:
    """Give the last lines of a run that failed by what a user can mend."""
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    return done.stderr[done.stderr.rindex("Error:") :] if "Error:" in done.stderr else done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("kilobytes", [250, 2000])  # full for snakemake's own records, and for the report's folder
def test_a_full_disk_is_told_and_once_there_is_room_the_bytes_are_the_same(kilobytes, ferry, disk):
    shutil.copytree(STUDIES / "ferry", disk / "ferry")
    remount(disk, f"size={kilobytes}k")
    done = steelyard("ferry", folder=disk)
    said = done.stderr[done.stderr.rindex("Error:") :]  # above it snakemake may tell what it could not write itself
    assert (done.returncode, "Traceback" in said) == (1, False)
    assert "the disk is full (No space left on device)" in said
    assert "Hint: Make room there" in said
    expected = faults.digests(ferry / "results" / "ferry")
    made = faults.digests(disk / "results" / "ferry")
    assert made.items() <= expected.items(), "what is there is whole"
    remount(disk, f"size={ROOM}k")
    done = steelyard("ferry", folder=disk)
    assert done.returncode == 0, done.stderr
    assert faults.differences(faults.digests(disk / "results" / "ferry"), expected) == []


@pytest.mark.slow
def test_a_nearly_full_disk_is_told_before_an_earlier_result_is_touched(ferry, disk):
    shutil.copytree(ferry, disk, copy_function=shutil.copy2, dirs_exist_ok=True)
    with (disk / "ferry" / "thread.txt").open("a", encoding="utf-8") as thread:
        thread.write("\n@council The ferry is too dear for us.\n")
    remount(disk, f"size={(shutil.disk_usage(disk).used >> 10) + 5000}k")
    assert "the disk is nearly full: 4 MB are free" in told(steelyard("ferry", folder=disk))
    assert faults.digests(disk / "results" / "ferry") == faults.digests(ferry / "results" / "ferry")


@pytest.mark.slow
def test_a_disk_that_is_read_only_is_told(ferry, disk):
    shutil.copytree(ferry, disk, copy_function=shutil.copy2, dirs_exist_ok=True)
    remount(disk, "ro")
    assert "results/ferry: cannot be written to" in steelyard("ferry", folder=disk).stderr
    assert faults.digests(disk / "results" / "ferry") == faults.digests(ferry / "results" / "ferry")
