"""From the Quarto project to report.html and report.pdf, by the Quarto CLI or else by the embedded renderer."""

from __future__ import annotations

import importlib.metadata
import shutil
import subprocess
import tempfile
from functools import partial
from pathlib import Path
from typing import Literal

import pypandoc
import quarto

from steelyard.errors import Problem, SteelyardError
from steelyard.files import write_whole
from steelyard.render import embedded

Choice = Literal["auto", "quarto", "embedded"]
_DOCUMENT = "report.qmd"


def render(project: Path, html: Path, pdf: Path, choice: Choice) -> str:
    """Render the project's report.

    Args:
        project: a complete Quarto project with a report.qmd; it is not changed.
        html: where the page goes, one self-contained file.
        pdf: where the PDF goes.
        choice: `auto` takes the Quarto CLI where it is installed.

    Returns:
        Which renderer made them, with its version.

    Raises:
        SteelyardError: the Quarto CLI is wanted and not installed, or a source cannot be rendered.
    """
    command = quarto.path()
    if choice == "quarto" and not command:
        hint = "Install Quarto, or set `report: renderer: auto` in the config."
        raise SteelyardError(Problem("the Quarto CLI is not installed", "report: renderer", hint))
    if command and choice != "embedded":
        _by_quarto(project, html, pdf)
        version = subprocess.run([command, "--version"], capture_output=True, text=True, check=True).stdout.strip()
        return f"the Quarto CLI {version}"
    embedded.render(project, _DOCUMENT, html, pdf)
    return (
        f"the embedded renderer (pandoc {pypandoc.get_pandoc_version()}, typst {importlib.metadata.version('typst')})"
    )


def _by_quarto(project: Path, html: Path, pdf: Path) -> None:
    # Quarto writes beside its sources, and its --output takes no path: so it renders a copy.
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copytree(project, Path(folder) / "quarto"))
        for output_format, target in (("html", html), ("typst", pdf)):
            quarto.render(str(copy / _DOCUMENT), output_format=output_format)
            made = (copy / _DOCUMENT).with_suffix(target.suffix)
            if not made.is_file():
                hint = "What Quarto said stands above."
                raise SteelyardError(Problem(f"Quarto made no {made.name}", str(project / _DOCUMENT), hint))
            write_whole(target, partial(shutil.copyfile, made))
