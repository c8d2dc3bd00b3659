"""Runs a benchmark's own script in an environment of its own, for libraries that steelyard does not need."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]


def run(script: str, library: str, folder: Path) -> None:
    """Install a library into an environment below a folder, and run a script there with the folder as its argument.

    Args:
        script: path of a Python file.
        library: what to install, such as "ppi-python==0.2.3".
        folder: an empty folder, or one with the script's input.

    Raises:
        subprocess.CalledProcessError: the library cannot be installed, or the script fails.
    """
    uv = (PROJECT / ".venv" / ".uv").read_text().strip()
    python = folder / "environment" / "bin" / "python"
    for command in (
        [uv, "venv", "--quiet", "--python", sys.executable, str(folder / "environment")],
        [uv, "pip", "install", "--quiet", "--python", str(python), library],
        [str(python), script, str(folder)],
    ):
        subprocess.run(command, cwd=PROJECT, check=True)
