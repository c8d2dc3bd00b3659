"""The command line: `steelyard report` runs the pipeline and ends with where the report is, or with what went wrong."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from steelyard import session

_PROJECT = Path(__file__).resolve().parents[2]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and give its exit code: 0, or 1 where something went wrong."""
    parser = argparse.ArgumentParser(prog="steelyard", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    report = commands.add_parser("report", help="build a study's report", description="Build a study's report.")
    report.add_argument("--configfile", type=Path, help="the study's config; the default study's if not given")
    known, others = parser.parse_known_args(arguments)
    return build(known.configfile, others)


def build(configfile: Path | None, others: Sequence[str]) -> int:
    """Run snakemake with its output on the terminal; say the user's mistakes again at the end, as the last lines.

    Args:
        configfile: the study's config; None is the default study's.
        others: further arguments of snakemake.

    Returns:
        The exit code: 0, or 1 where something went wrong.
    """
    # Checked here first: a mistake is told within a second, and in our words where Snakemake would trip over the file.
    study = session.open_study(str(_PROJECT), [configfile] if configfile else [], {}).config.study
    named = ["--configfile", str(configfile)] if configfile else []
    command = [sys.executable, "-m", "snakemake", "--snakefile", str(_PROJECT / "Snakefile"), *named, *others]
    with tempfile.NamedTemporaryFile("r", suffix=".txt", encoding="utf-8") as errors:
        failed = subprocess.run(command, env=os.environ | {session.ERROR_FILE: errors.name}, check=False).returncode
        message = errors.read().strip()
    if failed:
        print(
            f"\n{message}" if message else "\nThe report was not built; what went wrong stands above.", file=sys.stderr
        )
        return 1
    session.announce(study)
    return 0


if __name__ == "__main__":
    sys.exit(main())
