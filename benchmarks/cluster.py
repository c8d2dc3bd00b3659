"""Studies built by jobs of a real SLURM on this machine, beside the same built locally: same bytes, or the proof ends.

python benchmarks/cluster.py [STATEMENTS]    # of the large corpus; 100,000 if nothing is said
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT / "tests"))

import slurm  # noqa: E402

Environment = Mapping[str, str]


@dataclass(frozen=True)
class Built:
    """A study that was built both ways.

    Args:
        what: the study, in words.
        files: how many were compared.
        jobs: how many were submitted.
        cancelled: rule of the job that was cancelled; empty if none was.
        local: seconds of the local run.
        cluster: seconds of all runs on the cluster.
    """

    what: str
    files: int
    jobs: int
    cancelled: str
    local: float
    cluster: float


def plugin(folder: Path) -> None:
    """Install Snakemake's executor for SLURM into a folder: in the environment itself, it would slow each start."""
    extra = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]["optional-dependencies"]["slurm"]
    uv = (PROJECT / ".venv" / ".uv").read_text().strip()
    command = [uv, "pip", "install", "--quiet", "--no-deps", f"--python={sys.executable}", f"--target={folder}"]
    subprocess.run([*command, *extra, "snakemake-executor-plugin-slurm-jobstep"], cwd=PROJECT, check=True)


def report(study: Path | None, folder: Path, environment: Environment, *options: str) -> subprocess.Popen[str]:
    """Start `steelyard report` on a study, or on the default one, in a folder."""
    folder.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "steelyard.cli", "report", *([str(study)] if study else []), *options]
    with (folder / "output.txt").open("a") as out:
        return subprocess.Popen(
            command, cwd=folder, env=dict(environment), stdout=out, stderr=subprocess.STDOUT, text=True
        )


def finished(run: subprocess.Popen[str], folder: Path) -> None:
    """Wait for a run; where it failed, the proof ends with what it said."""
    if run.wait():
        sys.exit((folder / "output.txt").read_text()[-5000:])


def digests(folder: Path) -> dict[str, str]:
    """SHA-256 of all results in a folder but run.json, which has the jobs' times."""
    paths = [path for path in sorted((folder / "results").rglob("*")) if path.is_file() and path.name != "run.json"]
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def cancel(rule: str, run: subprocess.Popen[str], environment: Environment) -> None:
    """Cancel the first job of a rule that is seen to run; the proof ends if the run ends before."""
    while run.poll() is None:
        for job in slurm.jobs(environment):
            if job.rule == rule and job.state == "RUNNING":
                subprocess.run(["scancel", job.id], env=dict(environment), check=True)
                return
        time.sleep(0.2)
    sys.exit(f"no job of {rule} was seen to run")


def undisturbed(study: Path | None, folder: Path, environment: Environment, options: list[str]) -> str:
    """Build a study by jobs of SLURM."""
    finished(report(study, folder, environment, *options), folder)
    return ""


def cancelled_and_run_again(study: Path | None, folder: Path, environment: Environment, options: list[str]) -> str:
    """Cancel a job, let the run fail, and run again."""
    run = report(study, folder, environment, *options, "--retries=0")
    cancel("weigh", run, environment)
    if not run.wait():
        sys.exit("a job was cancelled, and the run did not fail")
    return undisturbed(study, folder, environment, options) or "weigh"


def cancelled_and_tried_again(study: Path | None, folder: Path, environment: Environment, options: list[str]) -> str:
    """Cancel a job of a run that tries again by itself."""
    run = report(study, folder, environment, *options)
    cancel("cues", run, environment)
    finished(run, folder)
    return "cues"


def built(
    what: str,
    study: Path | None,
    local: tuple[Path, float],
    folder: Path,
    environment: Environment,
    way: Callable[[Path | None, Path, Environment, list[str]], str],
) -> Built:
    """Build a study on the cluster and hold all its bytes to those of the local run, and each job to being done once.

    Args:
        what: the study, in words.
        study: its folder; None is the default one.
        local: the folder in which it was built, and how long that took.
        folder: where it is to be built.
        environment: in which SLURM's commands are found.
        way: how it is built; gives the rule of which a job was cancelled.
    """
    options = [
        f"--profile={PROJECT / 'workflow' / 'profiles' / 'slurm'}",
        "--slurm-init-seconds-before-status-checks=7",
    ]
    before = len(slurm.jobs(environment))
    begin = time.perf_counter()
    cancelled = way(study, folder, environment, options)
    took = time.perf_counter() - begin
    jobs = slurm.jobs(environment)[before:]
    states = Counter(job.state for job in jobs)
    # A job that took more than it asked for would have failed, and been tried again.
    if states != Counter(COMPLETED=len(jobs) - bool(cancelled), CANCELLED=int(bool(cancelled))) - Counter():
        sys.exit(f"{what}: {dict(states)}")
    ours, theirs = digests(folder), digests(local[0])
    if ours != theirs:
        different = sorted(path for path in ours.keys() | theirs.keys() if ours.get(path) != theirs.get(path))
        sys.exit(f"{what}: not the bytes of the local run: {', '.join(different)}")
    done = len(jobs) - bool(cancelled)
    if done != (expected := _jobs(local[0])):
        sys.exit(f"{what}: {done} jobs were completed, and the local run had {expected}")
    return Built(what, len(ours), len(jobs), cancelled, local[1], took)


def _jobs(folder: Path) -> int:
    """Count the jobs of a local run by their logs."""
    return len(list((folder / "logs").rglob("*.log")))


def prove(statements: int = 100_000) -> list[str]:
    """Build the default study and a large one both ways; give what a page of proofs says of it, as lines."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        slurm.install()
        plugin(folder / "plugin")
        subprocess.run(
            [sys.executable, PROJECT / "benchmarks" / "million.py", str(statements), str(folder / "large")], check=True
        )
        large = f"{statements:,} statements, made by `benchmarks/million.py`"
        local = {}
        for what, study in (("default", None), (large, folder / "large")):
            place = folder / f"local-{len(local)}"
            begin = time.perf_counter()
            finished(report(study, place, os.environ), place)
            local[what] = place, time.perf_counter() - begin
        with slurm.running() as found:
            environment = {**found, "PYTHONPATH": str(folder / "plugin")}
            runs = [
                built("default", None, local["default"], folder / "one", environment, undisturbed),
                built("default", None, local["default"], folder / "two", environment, cancelled_and_run_again),
                built(large, folder / "large", local[large], folder / "three", environment, cancelled_and_tried_again),
            ]
    return [
        "| study | files of the same bytes | jobs | of them cancelled | local | by `sbatch` |",
        "|---|---|---|---|---|---|",
        *(
            f"| {one.what} | {one.files} | {one.jobs} | {one.cancelled or 'none'} | {one.local:.0f} s "
            f"| {one.cluster:.0f} s |"
            for one in runs
        ),
    ]


if __name__ == "__main__":
    print("\n".join(prove(*map(int, sys.argv[1:]))))
