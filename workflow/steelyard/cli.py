"""The command line.

`steelyard report` runs the pipeline and ends with where the report is, or with what went wrong. `steelyard estimate`
says what the study's language models would be asked, and what that may cost, without asking them.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from steelyard import session
from steelyard.errors import SteelyardError
from steelyard.study import LlmCoder, LoadedStudy

_PROJECT = Path(__file__).resolve().parents[2]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and give its exit code: 0, or 1 where something went wrong."""
    parser = argparse.ArgumentParser(prog="steelyard", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    report = commands.add_parser("report", help="build a study's report", description="Build a study's report.")
    said = "say what asking the study's language models may cost"
    estimate = commands.add_parser("estimate", help=said, description=f"{said[0].upper()}{said[1:]}.")
    for command in (report, estimate):
        command.add_argument("--configfile", type=Path, help="the study's config; the default study's if not given")
    known, others = parser.parse_known_args(arguments)
    return (build if known.command == "report" else estimates)(known.configfile, others)


def build(configfile: Path | None, others: Sequence[str]) -> int:
    """Run snakemake with its output on the terminal; say the user's mistakes again at the end, as the last lines.

    Args:
        configfile: the study's config; None is the default study's.
        others: further arguments of snakemake.

    Returns:
        The exit code: 0, or 1 where something went wrong.
    """
    # Checked here first: a mistake is told within a second, and in our words where Snakemake would trip over the file.
    study = _opened(configfile).config.study
    failed = _snakemake(configfile, others, "The report was not built")
    if not failed:
        session.announce(study)
    return failed


def estimates(configfile: Path | None, others: Sequence[str]) -> int:
    """Print what each language model of a study would be asked, and what that may cost; ingest is run if it must be.

    Args:
        configfile: the study's config; None is the default study's.
        others: further arguments of snakemake.

    Returns:
        The exit code: 0, or 1 where something went wrong.
    """
    study = _opened(configfile)
    coders = [coder for coder in study.config.coders if isinstance(coder, LlmCoder)]
    if not coders:
        print("This study asks no language model: it has no coder of type llm.")
        return 0
    results = Path("results") / study.config.study
    ingested = [f"{results}/ingest/{name}.parquet" for name in ("statements", "utterances", "documents")]
    if _snakemake(configfile, [*ingested, "--quiet", "all", *others], "The statements were not made"):
        return 1
    from steelyard import tables
    from steelyard.annotate.llm import kept, run

    statements, utterances, documents = (
        tables.read(tables.TABLES[f"ingest/{Path(path).stem}"], path) for path in ingested
    )
    try:
        for coder in coders:
            what = run.task(coder, study.folder, statements, utterances, documents, study.codebook)
            print(what.estimate(kept.read(what.path)))
    except SteelyardError as failure:
        session.fail(failure)
    return 0


def _opened(configfile: Path | None) -> LoadedStudy:
    return session.open_study(str(_PROJECT), [configfile] if configfile else [], {})


def _snakemake(configfile: Path | None, others: Sequence[str], failure: str) -> int:
    """Run snakemake; 1 where it failed, after the user's mistakes as the last lines, or else what failed."""
    named = ["--configfile", str(configfile)] if configfile else []
    # What follows --configfile until the next option is taken for more files, so that targets stand before it.
    command = [sys.executable, "-m", "snakemake", "--snakefile", str(_PROJECT / "Snakefile"), *others, *named]
    with tempfile.NamedTemporaryFile("r", suffix=".txt", encoding="utf-8") as errors:
        failed = subprocess.run(command, env=os.environ | {session.ERROR_FILE: errors.name}, check=False).returncode
        message = errors.read().strip()
    if failed:
        print(f"\n{message or f'{failure}; what went wrong stands above.'}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
