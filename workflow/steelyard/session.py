"""What surrounds a run: opening the study, each job's log, and the words at the end.

`open_study` and `finish` are called by the Snakefile, `job` by the scripts, `announce` by the command line too.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import json
import os
import sys
import time
import traceback
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO, NoReturn, TextIO

from steelyard import leftovers, lock
from steelyard.errors import Problem, SteelyardError, users_mistake
from steelyard.files import write_whole
from steelyard.loaded_study import LoadedStudy

# The command line sets this to a file in which it wants the messages again, to end with them.
ERROR_FILE = "STEELYARD_ERROR_FILE"
# With these, snakemake only looks, or runs a job for another snakemake, which holds the lock.
_NO_RUN = {"-n", "--dry-run", "--dryrun", "--lint", "--mode"}


def open_study(folder: str, configfiles: Sequence[Path], overrides: Mapping[str, object]) -> LoadedStudy:
    """Load the study that `--configfile` names, or the default one; a mistake ends the process with exit code 1.

    Args:
        folder: the project's folder; see `default_config`.
        configfiles: what `--configfile` names.
        overrides: what `--config` sets; a study stands alone, so anything here is a mistake.
    """
    try:
        if len(configfiles) > 1 or overrides:
            hint = "Name one file with --configfile, and change settings there."
            raise SteelyardError(Problem("a study is one config file that stands alone", "command line", hint))
        study = LoadedStudy(from_here(Path(configfiles[0]) if configfiles else default_config(Path(folder))))
        problems = unwritable(Path(), study.config.study)
        if problems:
            raise SteelyardError(problems)
        return study
    except SteelyardError as failure:
        fail(failure)


def default_config(folder: Path) -> Path:
    """Give the config of the default study.

    Args:
        folder: the project's folder.

    Raises:
        SteelyardError: it holds no default study, as it is not a checkout but comes from a wheel.
    """
    config = folder / "config.yaml"
    if not config.exists():
        what = "no study is named, and only a checkout of steelyard has a default one"
        hint = "Name a study's folder or its config; `steelyard new FOLDER` begins one."
        raise SteelyardError(Problem(what, "command line", hint))
    return config


def begin(study: str, arguments: Sequence[str]) -> None:
    """Wait until no other run of a study is at work in the working folder, and remove what a killed one left.

    Args:
        study: the study's name.
        arguments: those of snakemake's command line; where it would run no job, nothing is done.
    """
    if _NO_RUN.isdisjoint(arguments):
        with mistakes_told():
            lock.hold(study)
            leftovers.clear(study)


def installed(package: str) -> str | None:
    """Give the version of a package that a job can do without, so that it runs again once that comes or changes."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def unwritable(folder: Path, study: str) -> list[Problem]:
    """Find the folders that a run in this folder would have to write to, and may not.

    Args:
        folder: the working folder.
        study: the study's name.
    """
    hint = "Give yourself the right to write there, or run in a folder that is yours."
    names = ("results", f"results/{study}", "logs", f"logs/{study}", ".snakemake")
    below = [path for name in names if os.access((path := folder / name).parent, os.X_OK) and path.exists()]
    return [
        Problem("cannot be written to" if path.is_dir() else "is a file where a folder is wanted", str(path), hint)
        for path in (folder, *below, *sorted(folder.glob(f"results/{study}/*/")))
        if not (path.is_dir() and os.access(path, os.W_OK | os.X_OK))
    ]


def from_here(path: Path) -> Path:
    """Give a path as seen from the working folder, where it lies below it: so that messages are short, tables alike."""
    path = path.absolute()
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def fail(failure: SteelyardError) -> NoReturn:
    """Tell what the user can mend, without a traceback, and end with exit code 1."""
    _tell(failure)
    sys.exit(1)


def _tell(failure: SteelyardError) -> None:
    print(f"\n{failure}\n", file=sys.stderr)
    if ERROR_FILE in os.environ:
        with (
            contextlib.suppress(OSError),
            Path(os.environ[ERROR_FILE]).open("a+", encoding="utf-8", errors="backslashreplace") as file,
        ):
            file.seek(0)
            if str(failure) not in file.read():  # a cluster tries a job several times
                print(failure, file=file)


@contextlib.contextmanager
def mistakes_told() -> Iterator[None]:
    """End with exit code 1 and a message where what is done fails by a user's mistake; a bug is raised on."""
    try:
        yield
    except Exception as failure:
        mistake = users_mistake(failure)
        if mistake is None:
            raise
        fail(mistake)


class _Log:
    """A job's log; on a full disk the log is cut short, and the job goes on."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def write(self, text: str) -> int:
        with contextlib.suppress(OSError):
            self._file.write(text.encode(errors="backslashreplace"))
        return len(text)


class _Tee:
    """A stream that writes to the terminal and to the log."""

    def __init__(self, terminal: TextIO, log: _Log) -> None:
        self._terminal = terminal
        self._log = log

    def write(self, text: str) -> int:
        self._terminal.write(text)
        return self._log.write(text)

    def flush(self) -> None:
        self._terminal.flush()


@contextlib.contextmanager
def job(log: str) -> Iterator[None]:
    """Run a job's work: what it says on stderr goes to its log too; a user's mistake ends it with exit code 1.

    In a script of Snakemake's the process ends with it: nothing behind it is run.

    Args:
        log: path of the job's log. Its last line says that the job is done, and how long it took.
    """
    is_script = hasattr(sys.modules["__main__"], "snakemake")
    if is_script:  # pandera would load hypothesis wherever it is installed, and use up a fifth of a second of each job
        sys.modules.setdefault("hypothesis", None)  # type: ignore[arg-type]
    with mistakes_told(), Path(log).open("wb", buffering=0) as opened:
        file = _Log(opened)
        with contextlib.redirect_stderr(_Tee(sys.stderr, file)), mistakes_told():
            begin = time.perf_counter()
            try:
                yield
            except BaseException as failure:
                if not users_mistake(failure):  # a bug: Python tells the terminal, and this the log
                    traceback.print_exc(file=file)
                raise
            sys.stdout.flush()
            sys.stderr.flush()
            print(f"done in {time.perf_counter() - begin:.2f} s", file=file)
            if is_script:
                # Were it killed while Python tidies up, a job that is done would count as one that failed.
                os._exit(0)


def finish(study: str, config: Path) -> None:
    """Write results/<study>/run.json, with each job's seconds as its log has them, and say where the report is.

    Args:
        study: the study's name.
        config: its config, which `steelyard verify` finds the inputs by.
    """
    logs = Path("logs") / study
    taken = {
        log.relative_to(logs).with_suffix("").as_posix(): leftovers.seconds(log) for log in sorted(logs.rglob("*.log"))
    }
    seconds = {name: took for name, took in taken.items() if took is not None}
    run = {"config": str(config), "renderer": _renderer(study), "seconds": seconds}
    text = json.dumps(run, indent=2) + "\n"
    with mistakes_told():
        write_whole(Path("results") / study / "run.json", lambda path: path.write_text(text, encoding="utf-8"))
    if ERROR_FILE not in os.environ:  # else the command line has the last word
        announce(study)


def study_folder(results: Path) -> Path | None:
    """Give the folder of the study that a result was made from, if it is still there; its run.json names the config.

    Args:
        results: the folder results/<study>, in the working folder of the run.
    """
    try:
        config = (
            results.absolute().parents[1] / json.loads((results / "run.json").read_text(encoding="utf-8"))["config"]
        )
        return config.parent if config.is_file() else None
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return None


def failed(study: str) -> None:
    """Say which jobs of a failed run were killed, which cannot say it themselves; failed jobs are to run again."""
    hint = "Run the same command again. If nobody killed it, memory may have run out."
    killed = [Problem("the job was killed: its log has no end", log, hint) for log in leftovers.killed(study)]
    leftovers.run_again(study)
    if killed:
        _tell(SteelyardError(killed))


def announce(study: str) -> None:
    """Print where a study's files for people are and which renderer made the report; nothing of what is not there."""
    results = Path("results") / study
    for path, what in (
        ("coding_sheet/sheet.xlsx", "statements for people to code"),
        ("annotations.jsonld", "statements and codes as W3C annotations"),
        ("evidence.csv", "every coded statement"),
        ("corpus.json", "the documents as a bibliography, CSL-JSON"),
    ):
        if (results / path).is_file():
            print(f"{results / path} ({what})", file=sys.stderr)
    reports = [results / f"report.{suffix}" for suffix in ("html", "pdf")]
    renderer = _renderer(study)
    if renderer and all(report.is_file() for report in reports):
        print(*reports, f"made by {renderer}", sep="\n", file=sys.stderr)


def _renderer(study: str) -> str | None:
    path = Path("results") / study / "render" / "renderer.json"
    return str(json.loads(path.read_text(encoding="utf-8"))["renderer"]) if path.is_file() else None
