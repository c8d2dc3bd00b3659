"""The project's folder, and small studies built through the real commands."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
STUDIES = PROJECT / "tests" / "studies"


def steelyard(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run `steelyard report` in a folder."""
    command = [sys.executable, "-m", "steelyard.cli", "report", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=300)


def snakemake(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run plain snakemake on the project in a folder, with the project's default profile."""
    command = [sys.executable, "-m", "snakemake", "--snakefile", str(PROJECT / "Snakefile"), *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=300)


def copy_study(name: str, folder: Path) -> Path:
    """Copy a small study into a folder and give its config's path, from that folder."""
    shutil.copytree(STUDIES / name, folder / name)
    return Path(name) / "config.yaml"
