"""What a run that was killed, or that failed, left: half-written files, and results that only seem to be up to date."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from steelyard.errors import Problem, SteelyardError
from steelyard.files import TEMPORARY

_STATE = Path(".snakemake")
_RECORDS = _STATE / "metadata"  # one for each finished output
_DONE = re.compile(r"^done in [\d.]+ s$", re.MULTILINE)
_FAILED = re.compile(r"^(Error:|\d+ errors:|Traceback )", re.MULTILINE)


def seconds(log: Path) -> float | None:
    """Give how long a job took, as its log says; None where it has not ended, or has failed."""
    if not log.is_file():
        return None
    last = _DONE.search(log.read_text(encoding="utf-8", errors="replace"))
    return float(last[0].split()[2]) if last else None


def killed(study: str) -> list[str]:
    """Give the logs of jobs that were killed: they say neither that the job is done nor why it failed."""
    logs = {log for _, log in _unfinished(study)}
    said = {log: log.read_text(encoding="utf-8", errors="replace") if log.is_file() else "" for log in logs}
    return sorted(str(log) for log in logs if not _FAILED.search(said[log]))


def clear(study: str) -> None:
    """Remove what is half written, and have jobs that failed run again; only whoever holds the study's lock may.

    Args:
        study: the study's name, whose results lie in the working folder.

    Raises:
        SteelyardError: there is no room for another run.
    """
    run_again(study)
    results = Path("results", study)
    # Copies of earlier outputs that snakemake takes before each job; one that is there already makes it stumble.
    shutil.rmtree(_STATE / "backups" / results, ignore_errors=True)
    for path in sorted(results.rglob(f"{TEMPORARY}*")):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    _check_room(results)


def run_again(study: str) -> None:
    """Have jobs that failed run again, though nothing may change until then.

    Of a job that fails, snakemake puts the earlier outputs back, and then takes them for what the job has made.
    """
    for record, _ in list(_unfinished(study)):
        incomplete = _STATE / "incomplete" / record.relative_to(_RECORDS)
        incomplete.parent.mkdir(parents=True, exist_ok=True)
        record.replace(incomplete)


def _unfinished(study: str) -> Iterator[tuple[Path, Path]]:
    """Give the records of outputs whose job was not done, with the job's log; none where the study has no logs."""
    folder = Path("logs", study)
    done = {log: seconds(log) is not None for log in folder.rglob("*.log")}
    for record in _RECORDS.rglob("*") if done else ():
        for log in _logs(record):
            if log.is_relative_to(folder) and not done.get(log, False):
                yield record, log


def _logs(record: Path) -> list[Path]:
    try:
        return [Path(log) for log in json.loads(record.read_bytes())["log"] or ()]
    except (IsADirectoryError, ValueError, KeyError):  # a record that is half written counts for nothing anyway
        return []


def _check_room(results: Path) -> None:
    needed = sum(path.stat().st_size for path in results.rglob("*") if path.is_file())
    free = shutil.disk_usage(Path()).free
    if free < needed:
        what = f"the disk is nearly full: {free >> 20} MB are free, and a run may need as much as the results take"
        hint = f"Have {(needed >> 20) + 1} MB free there, and run the same command again."
        raise SteelyardError(Problem(what, str(Path.cwd()), hint))
