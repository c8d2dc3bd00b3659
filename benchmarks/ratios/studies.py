"""Studies that are built by the real commands, in folders of their own."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from ratios import made

PROJECT = made.PROJECT
CORES = 2


def snakemake(folder: Path, *arguments: str, snakefile: Path = PROJECT / "Snakefile") -> float:
    """Run snakemake in a folder, and give the seconds that it took.

    Args:
        folder: the working folder, where results and logs go to.
        arguments: of its command line.
        snakefile: what it runs; the project's, with the project's profile, unless given.

    Raises:
        RuntimeError: the run failed; with what it said last.
    """
    command = [sys.executable, "-m", "snakemake", "--snakefile", str(snakefile), f"--cores={CORES}", *arguments]
    return seconds(command, folder)


def seconds(command: list[str], folder: Path) -> float:
    """Run a command in a folder, and give the seconds that it took.

    Raises:
        RuntimeError: it failed; with what it said last.
    """
    begin = time.perf_counter()
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    took = time.perf_counter() - begin
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stderr[-3000:]}")
    return took
