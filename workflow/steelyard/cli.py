"""The command line.

`steelyard new` begins a study, `steelyard check` looks one through, `steelyard report` runs the pipeline and ends with
where the report is, or with what went wrong, `steelyard estimate` says what a study's language models would be asked,
and what that may cost, and `steelyard verify` checks a finished result.
"""

from __future__ import annotations

import argparse
import contextlib
import errno
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from steelyard import session
from steelyard.errors import Problem, SteelyardError, shown
from steelyard.files import is_full
from steelyard.loaded_study import LoadedStudy
from steelyard.new_study import CONFIG, create, generic_name
from steelyard.place import project_folder
from steelyard.study import LlmCoder

_PROJECT = project_folder()
_STUDY = """\
STUDY is a study's folder, which holds config.yaml, or the config itself, wherever it lies. Without it the default study
is meant, where steelyard runs from a checkout. `--configfile CONFIG` says the same; give one of the two.
"""
_RUN = """
The word right after the command is the study. What follows goes on to snakemake: targets (files to make instead of the
report, or coding_sheet) and options. Results lie in results/<study>/ of the folder in which the command is run.

  steelyard {0} my-study
  steelyard {0} my-study/config.yaml --dry-run
  steelyard {0} my-study -c 4 --forcerun llm
"""
_REPORT = f"""\
Build a study's report. Only what is not up to date is made again; mistakes are told all at once, with file and line.

{_STUDY}{_RUN.format("report")}  steelyard report my-study coding_sheet     draw statements for people to code
"""
_ESTIMATE = f"""\
Say what a study's language models would be asked, and what that may cost, without asking them. The documents are read
first, where they have not been.

{_STUDY}{_RUN.format("estimate")}"""
_CHECK = f"""\
Look a study through without running anything or writing anything: config, codebook, every document, recorded codes,
checked sources, prompts and kept answers. Every mistake is told at once, with file, line and hint, and the exit code is
1. Where there is none, the command says what the study holds, what each coder and each stage will do, whether the
report will be a ranking or a map, and (as warnings) what may not be meant.

{_STUDY}"""
_VERIFY = """\
Check a finished result: every file by its digest, those that went in too, every table by its schema, every statement
against its document, and what tables name in one another. What does not hold is told, and the exit code is 1.

  steelyard verify results/my-study
  steelyard verify a/copy --configfile my-study/config.yaml      where the study does not lie where the run found it
"""
_NEW = """\
Begin a study in a folder: a commented config, a codebook, a tiny corpus, recorded codes and a README, which run as they
are. The study is called after the folder. Folders above it are made; nothing is ever overwritten.

  steelyard new my-study
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and give its exit code: 0, or 1 where something went wrong."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    parser = _parser()
    # The study is taken out here: argparse can't tell it from the value of one of snakemake's options.
    runs = given[:1] in (["report"], ["estimate"])
    study = given.pop(1) if runs and len(given) > 1 and not given[1].startswith("-") else None
    known, others = parser.parse_known_args(given)
    if others and not runs:
        parser.error(f"unrecognized arguments: {' '.join(others)}")
    with session.mistakes_told():
        if known.command == "new":
            return begin(known.folder, make=known.make)
        if known.command == "verify":
            return verified(known.result, known.configfile)
        config = _config(study if runs else known.study, known.configfile)
        if known.command == "check":
            return look_through(config or session.default_config(_PROJECT))
        return (build if known.command == "report" else estimates)(config, others)


def begin(folder: Path, *, make: bool) -> int:
    """Make a new study and say what to do next.

    Args:
        folder: where it is to lie.
        make: whether the report is to be built by make, as this command was called by it.

    Raises:
        SteelyardError: something is in the way, or nothing can be written there.
    """
    name = create(folder)
    own = "steelyard" if shutil.which("steelyard") else session.from_here(Path(sys.executable).parent / "steelyard")
    place, config = shlex.quote(str(folder)), shlex.quote(str(folder / CONFIG))
    print(f"The study '{name}' lies in {folder}; its README.md says what to change first.")
    if name == generic_name(folder):
        print(f"The folder's name has no letter a-z and no digit to call it after: see `study` in {folder / CONFIG}.")
    print(f"""Next:
  look it through      {own} check {place}
  build its report     {f"make report CONFIG={config}" if make else f"{own} report {place}"}
  draw what to code    {own} report {place} coding_sheet""")
    return 0


def look_through(config: Path) -> int:
    """Print what a study holds, and what a run will do.

    Args:
        config: the study's config.

    Raises:
        SteelyardError: with every mistake.
    """
    from steelyard.check import check  # loads every room, which the other commands leave to their jobs

    found = check(session.from_here(config))
    for heading, lines in found.summary:
        for number, line in enumerate(lines):
            print(f"{'' if number else heading:<12}{shown(line)}")
    print(f"\nNo mistakes, {len(found.warnings)} warning{'' if len(found.warnings) == 1 else 's'}.", flush=True)
    for warning in found.warnings:
        print(f"Warning: {warning}", file=sys.stderr)
    return 0


def verified(results: Path, config: Path | None) -> int:
    """Print what of a finished result was checked.

    Args:
        results: its folder.
        config: the study's config; without it, the one that the run had, if it is still there.

    Raises:
        SteelyardError: with all that does not hold.
    """
    from steelyard.verify import verify

    found = verify(results, config.parent if config else session.study_folder(results))
    for words in found.checked:
        print(f"checked  {shown(words)}", flush=True)
    if found.problems:
        raise SteelyardError(found.problems)
    print("\nAll of it holds.")
    return 0


def build(config: Path | None, others: Sequence[str]) -> int:
    """Run snakemake with its output on the terminal; say the user's mistakes again at the end, as the last lines.

    Args:
        config: the study's config; None is the default study's.
        others: further arguments of snakemake.

    Returns:
        The exit code: 0, or 1 where something went wrong.
    """
    # Checked here first: a mistake is told within a second, and in our words where Snakemake would trip over the file.
    study = _opened(config).config.study
    failed = _snakemake(config, others, "The report was not built")
    if not failed:
        session.announce(study)
    return failed


def estimates(config: Path | None, others: Sequence[str]) -> int:
    """Print what each language model of a study would be asked, and what that may cost; ingest is run if it must be.

    Args:
        config: the study's config; None is the default study's.
        others: further arguments of snakemake.

    Returns:
        The exit code: 0, or 1 where something went wrong.
    """
    study = _opened(config)
    coders = [coder for coder in study.config.coders if isinstance(coder, LlmCoder)]
    if not coders:
        print("This study asks no language model: it has no coder of type llm.")
        return 0
    results = Path("results") / study.config.study
    ingested = [f"{results}/ingest/{name}.parquet" for name in ("statements", "utterances", "documents")]
    if _snakemake(config, [*ingested, "--quiet", "all", *others], "The statements were not made"):
        return 1
    from steelyard import tables
    from steelyard.annotate.llm import kept, run

    statements, utterances, documents = (
        tables.read(tables.TABLES[f"ingest/{Path(path).stem}"], path) for path in ingested
    )
    for coder in coders:
        what = run.task(
            coder, study.folder, statements, utterances, documents, results / "ingest" / "texts", study.codebook
        )
        print(what.estimate(kept.read(what.path)))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="steelyard", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)

    def add(name: str, said: str, description: str, usage: str) -> argparse.ArgumentParser:
        # No abbreviations: --config is an option of snakemake's.
        return commands.add_parser(
            name,
            help=said,
            description=description,
            usage=f"steelyard {name} {usage}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )

    run = "[STUDY] [TARGET ...] [OPTION OF SNAKEMAKE ...]"
    new = add("new", "begin a study", _NEW, "FOLDER")
    new.add_argument("folder", metavar="FOLDER", type=Path, help="empty, or not there yet")
    new.add_argument("--make", action="store_true", help=argparse.SUPPRESS)  # as `make study` calls it
    check = add("check", "look a study through without running it", _CHECK, "[STUDY]")
    check.add_argument("study", metavar="STUDY", nargs="?", help="its folder or its config")
    report = add("report", "build a study's report", _REPORT, run)
    estimate = add("estimate", "say what asking the study's language models may cost", _ESTIMATE, run)
    verify = add("verify", "check a finished result", _VERIFY, "RESULT")
    verify.add_argument("result", metavar="RESULT", type=Path, help="the folder results/<study>, or a copy of it")
    for command in (check, report, estimate, verify):
        command.add_argument(
            "--configfile", metavar="CONFIG", type=Path, help="the study's config, another way to name it"
        )
    return parser


def _config(study: str | None, configfile: Path | None) -> Path | None:
    """Give the config that a command names; None where it names none.

    Args:
        study: a study's folder or config.
        configfile: what --configfile names.

    Raises:
        SteelyardError: both are given, or there is no such study.
    """
    if study is None:
        return configfile
    if configfile:
        raise SteelyardError(Problem(f"two studies are named: {study} and {configfile}", "command line", "Name one."))
    path = Path(study)
    if not path.is_dir():
        if path.is_file() or path.suffix in (".yaml", ".yml"):
            return path  # where it is missing or no config, it is told as any config
        hint = "The word after the command is the study's folder or config; a target of snakemake's comes after it."
        raise SteelyardError(Problem("there is no such study", study, hint))
    if (path / CONFIG).exists():
        return path / CONFIG
    others = sorted(one.name for one in path.glob("*.y*ml"))
    named = f"Name the config itself if it is one of: {', '.join(others)}. " if others else ""
    hint = f"{named}`steelyard new FOLDER` begins a study in a folder that is empty or not there yet."
    raise SteelyardError(Problem(f"the folder holds no {CONFIG}", study, hint))


def _opened(config: Path | None) -> LoadedStudy:
    return session.open_study(str(_PROJECT), [config] if config else [], {})


def _snakemake(config: Path | None, others: Sequence[str], failure: str) -> int:
    """Run snakemake; 1 where it failed, after the user's mistakes as the last lines, or else what failed."""
    named = ["--configfile", str(config)] if config else []
    # What follows --configfile until the next option is taken for more files, so that targets stand before it.
    command = [sys.executable, "-m", "snakemake", "--snakefile", str(_PROJECT / "Snakefile"), *others, *named]
    # In Snakemake's own folder: a job of a cluster runs on another machine, which sees the working folder too.
    own = Path(".snakemake").absolute()
    own.mkdir(exist_ok=True)
    with tempfile.NamedTemporaryFile("r", dir=own, prefix="errors-", suffix=".txt", encoding="utf-8") as errors:
        code = _code(subprocess.Popen(command, env=os.environ | {session.ERROR_FILE: errors.name}))
        message = errors.read().strip()
    if code and not message and is_full(Path()):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(Path.cwd()))
    if code < 0:
        hint = "Run the same command again: it goes on from what is finished."
        raise SteelyardError(Problem(f"snakemake was killed (signal {-code})", str(Path.cwd()), hint))
    if code:
        print(f"\n{message or f'{failure}; what went wrong stands above.'}", file=sys.stderr)
    return 1 if code else 0


def _code(run: subprocess.Popen) -> int:
    """Wait for a run's exit code; Ctrl-C reaches it too, and it ends by itself."""
    while True:
        with contextlib.suppress(KeyboardInterrupt):
            return run.wait()


if __name__ == "__main__":
    sys.exit(main())
