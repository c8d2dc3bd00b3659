"""Kill -9 at fifty random moments: after the same command again the results are those of an undisturbed run.

    python benchmarks/faults.py            all fifty
    python benchmarks/faults.py 7 12       two of them, by number

What is killed is in turn a job, snakemake alone (so that its jobs live on), and the whole group, `steelyard` included.
Every other time an earlier result of another corpus lies there already. Moments are uniform over the duration of an
undisturbed run, by fixed seeds. They count seconds of the processor, so that a busy machine puts none of them off.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
STUDY = PROJECT / "tests" / "studies" / "ferry"
COMMAND = (sys.executable, "-m", "steelyard.cli", "report", "ferry")
KINDS = ("job", "snakemake", "group")
TRIALS = 50
TOGETHER = 2  # trials at a time: a run of the small study keeps one core busy
_SEED = 7


@dataclasses.dataclass(frozen=True)
class Trial:
    """What became of one trial.

    Args:
        number: of the trial.
        kind: what was killed.
        second: when: so many seconds of the processor the run had used.
        killed: whether there was anything to be killed; a run that has ended cannot be.
        waited: whether the second run waited for jobs that outlived the killed one.
        faults: what was not as it should be; empty where all was well.
    """

    number: int
    kind: str
    second: float
    killed: bool
    waited: bool
    faults: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class Expected:
    """An undisturbed run.

    Args:
        seconds: time of the processor that it took.
        digests: of all its results.
        earlier: a folder with the result of another corpus.
    """

    seconds: float
    digests: dict[str, str]
    earlier: Path


def digests(results: Path) -> dict[str, str]:
    """Give the SHA-256 of every file of a result but run.json, by its path from there."""
    files = sorted(path for path in results.rglob("*") if path.is_file() and path != results / "run.json")
    return {str(path.relative_to(results)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def differences(found: dict[str, str], expected: dict[str, str]) -> list[str]:
    """Name the files that one result has and the other has not, or has with other bytes."""
    return sorted(name for name in {*found, *expected} if found.get(name) != expected.get(name))


def undisturbed(folder: Path) -> Expected:
    """Run the study as it is, and with another corpus, each in a folder of its own; both at once, as trials are.

    Args:
        folder: an empty one.
    """
    plain, earlier = folder / "plain", folder / "earlier"
    shutil.copytree(STUDY, plain / "ferry")
    copy_with_another_corpus(earlier)
    begin = _used()
    with ThreadPoolExecutor(TOGETHER) as pool:
        for done in pool.map(run, (plain, earlier)):
            assert done.returncode == 0, done.stderr
    seconds = (_used() - begin) / 2
    made = [digests(place / "results" / "ferry") for place in (plain, earlier)]
    assert made[0]["report.html"] != made[1]["report.html"], "another corpus, another report"
    return Expected(seconds, made[0], earlier)


def copy_with_another_corpus(folder: Path) -> None:
    """Copy the study into a folder, with one statement more."""
    shutil.copytree(STUDY, folder / "ferry")
    with (folder / "ferry" / "thread.txt").open("a", encoding="utf-8") as thread:
        thread.write("\n@council The ferry is too dear for us.\n")


def _used() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run(folder: Path) -> subprocess.CompletedProcess[str]:
    """Make the report, as `make report` does."""
    return subprocess.run(COMMAND, cwd=folder, capture_output=True, text=True, check=False, timeout=600)


def trial(number: int, expected: Expected, folder: Path) -> Trial:
    """Kill a run at its moment, run again, and compare.

    Args:
        number: of the trial, which seeds its moment.
        expected: what an undisturbed run gives.
        folder: where to work; it is made.
    """
    chance = random.Random(_SEED * 1000 + number)
    kind, second = KINDS[number % len(KINDS)], chance.uniform(0, expected.seconds)
    if number % 2:
        shutil.copytree(expected.earlier, folder, copy_function=shutil.copy2)
        shutil.rmtree(folder / "ferry")
    shutil.copytree(STUDY, folder / "ferry", copy_function=shutil.copy)
    before = digests(folder / "results" / "ferry")
    with (folder / "first.txt").open("w") as said:
        first = subprocess.Popen(COMMAND, cwd=folder, stdout=said, stderr=said, start_new_session=True)
        while first.poll() is None and _spent(first.pid) < second:
            time.sleep(0.02)
        killed = _kill(kind, first, chance)
        first.wait()
    faults = []
    if kind == "job" and first.returncode and "the job was killed" not in (folder / "first.txt").read_text():
        faults.append("it is not said that a job was killed")
    # Every file under its own name is whole: the earlier one, or the one that will be there.
    whole = {(name, digest) for known in (before, expected.digests) for name, digest in known.items()}
    left = {one for one in digests(folder / "results" / "ferry").items() if not _is_temporary(one[0])}
    faults += [f"{name} is half written" for name, _ in left - whole]
    second_run = run(folder)
    faults += [f"{name} differs" for name in differences(digests(folder / "results" / "ferry"), expected.digests)]
    if second_run.returncode or "Traceback" in second_run.stderr or "unlock" in second_run.stderr:
        faults.append(second_run.stderr)
    return Trial(
        number, kind, second, killed, "that it had begun are still at work" in second_run.stderr, tuple(faults)
    )


def _is_temporary(name: str) -> bool:
    return any(part.startswith(".steelyard-") for part in Path(name).parts)


def _kill(kind: str, first: subprocess.Popen, chance: random.Random) -> bool:
    """Kill what is to be killed as soon as it is there; say whether it ever was."""
    if kind == "group":
        with contextlib.suppress(ProcessLookupError):
            os.killpg(first.pid, signal.SIGKILL)
        return first.wait() == -signal.SIGKILL
    is_meant: Callable[[str], bool] = partial(
        _has, part=".snakemake/scripts/" if kind == "job" else "snakemake\0--snakefile"
    )
    while first.poll() is None:
        found = [process for process, command in _processes(first.pid) if is_meant(command)]
        if found:
            with contextlib.suppress(ProcessLookupError):
                os.kill(chance.choice(found), signal.SIGKILL)
                return True
        time.sleep(0.01)
    return False


def _has(command: str, part: str) -> bool:
    return part in command and not command.startswith(("/bin/sh", "/bin/bash", "sh\0", "bash\0"))


def _spent(session: int) -> float:
    """Give the time of the processor that a session has used, with that of processes that are gone."""
    ticks = 0
    for process, _ in _processes(session):
        with contextlib.suppress(OSError):
            ticks += sum(map(int, Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def _processes(session: int) -> Iterator[tuple[int, str]]:
    """Give the processes of a session with their command lines, as Linux lists them."""
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError, ValueError):
            if os.getsid(int(entry.name)) == session:
                yield int(entry.name), (entry / "cmdline").read_text(errors="replace")


def prove(numbers: Iterable[int] = range(TRIALS)) -> Iterator[Trial]:
    """Try them, and give what became of each."""
    with tempfile.TemporaryDirectory() as name, ThreadPoolExecutor(TOGETHER) as pool:
        folder = Path(name)
        expected = undisturbed(folder)

        def one(number: int) -> Trial:
            place = folder / str(number)
            done = trial(number, expected, place)
            shutil.rmtree(place)
            return done

        yield from pool.map(one, numbers)


def summary(trials: Iterable[Trial]) -> list[str]:
    """Say in words what was tried, a line for each kind of kill; any fault ends the proof."""
    lines, tried = [], list(trials)
    faults = [f"trial {one.number} ({one.kind}, {one.second:.1f} s): {fault}" for one in tried for fault in one.faults]
    if faults:
        sys.exit("\n".join(faults))
    for kind in KINDS:
        of_kind = [one for one in tried if one.kind == kind]
        killed = sum(one.killed for one in of_kind)
        waited = sum(one.waited for one in of_kind)
        lines.append(
            f"{kind}: killed at {killed} of {len(of_kind)} moments (else the run had ended); after the same command "
            f"again all results had the bytes of an undisturbed run; it waited {waited} times for jobs left behind"
        )
    return lines


def main() -> None:
    """Try those that the command line names, or all; any fault ends with exit code 1."""
    faults = False
    for one in prove([int(number) for number in sys.argv[1:]] or range(TRIALS)):
        print(*dataclasses.astuple(one), sep="\t", flush=True)
        faults |= bool(one.faults)
    sys.exit(faults)


if __name__ == "__main__":
    main()
