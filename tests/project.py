"""The project's folder, small studies built through the real commands, and programs that may not be installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]
STUDIES = PROJECT / "tests" / "studies"

# A statement of the study `ferry`, as any report must show it: as these characters.
HOSTILE = (
    "{{< var question >}} <b>bold</b> <script>alert(1)</script> `code` ```{python}``` [link](javascript:alert(1)) "
    '![x](https://example.org/x.png) [@cite] @fig-x $x^2$ #import "x" \\textbf{y} <!-- c --> | pipe | = head '
    '&amp; &#60; ^[note] ~sub~ -- ... \'q\' "q" * _ [U+0007] <img src=x onerror="hacked=1"> <svg onload=hacked=1> '
    "</script> </td> ](#x) =cmd|x [U+202E]bidi 😆 fares."
)


def need(program: str, found: object) -> None:
    """Skip a test whose program is not installed; where STEELYARD_REQUIRE (names, parted by commas) has it, fail."""
    if found:
        return
    if program in os.environ.get("STEELYARD_REQUIRE", "").split(","):
        pytest.fail(f"{program} is not installed, and STEELYARD_REQUIRE asks for it")
    pytest.skip(f"{program} is not installed")


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
