"""Studies that are built by the real commands, in folders of their own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from ratios import made

PROJECT = made.PROJECT
CORES = 2


def snakemake(
    folder: Path,
    *arguments: str,
    snakefile: Path = PROJECT / "Snakefile",
    library: Path = PROJECT / "workflow",
) -> float:
    """Run snakemake in a folder, and give the seconds that it took.

    Args:
        folder: the working folder, where results and logs go to.
        arguments: of its command line.
        snakefile: what it runs; the project's, with the project's profile, unless given.
        library: the folder that the package steelyard lies in.

    Raises:
        RuntimeError: the run failed; with what it said last.
    """
    command = [sys.executable, "-m", "snakemake", "--snakefile", str(snakefile), f"--cores={CORES}", *arguments]
    return timed(command, folder, library)[0]


def timed(command: list[str], folder: Path, library: Path = PROJECT / "workflow") -> tuple[float, str]:
    """Run a command in a folder, and give the seconds that it took and what it printed.

    Raises:
        RuntimeError: it failed; with what it said last.
    """
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPATH"] = str(library)
    begin = time.perf_counter()
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    took = time.perf_counter() - begin
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stderr[-3000:]}")
    return took, done.stdout
