"""Renders a Quarto project to one HTML page and one PDF where Quarto itself is not installed.

What of Quarto's language is understood, and what is refused, says docs/quarto-subset.md.
"""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

from steelyard.errors import Problem, SteelyardError
from steelyard.files import write_whole
from steelyard.render.embedded import citations, pandoc
from steelyard.render.embedded import html as html_format
from steelyard.render.embedded import pdf as pdf_format
from steelyard.render.embedded.document import Document, metadata_for_pandoc
from steelyard.render.embedded.options import Settings, read_settings
from steelyard.render.embedded.pandoc import Node
from steelyard.render.embedded.sources import Source, expand_shortcodes, read_source
from steelyard.render.embedded.subset import check_text
from steelyard.render.embedded.words import words_for

__all__ = ["render"]


def render(project: Path, document: str, html: Path | None, pdf: Path | None, *, date: str | None = None) -> None:
    """Render one document of a Quarto project.

    The same sources give the same bytes: neither the clock nor the machine nor the network is asked.

    Args:
        project: the project's folder, with `_quarto.yml` and perhaps `_variables.yml`.
        document: the document's path in it, such as "report.qmd".
        html: where to write the HTML page, if wanted.
        pdf: where to write the PDF, if wanted.
        date: a date (ISO) to print in place of the document's own.

    Raises:
        SteelyardError: for whatever in the sources cannot be rendered, with file and line; nothing is written then.
    """
    source = read_source(project, document)
    settings, value = read_settings(source, date)
    problems = check_text(source)
    try:
        source.lines = expand_shortcodes(source.lines, value)
    except SteelyardError as error:
        problems += error.problems
    if problems:
        raise SteelyardError(_in_order(problems))
    tree = _read(source, settings["html"])
    outputs: dict[Path, bytes] = {}
    problems = []
    for target, name in ((html, "html"), (pdf, "typst")):
        if target is not None:
            try:
                outputs[target] = _render(tree, settings[name], name, strict_references=pdf is not None)
            except SteelyardError as error:
                problems += error.problems
    if problems:
        raise SteelyardError(_in_order(problems))
    for target, content in outputs.items():
        write_whole(target, partial(Path.write_bytes, data=content))


def _in_order(problems: list[Problem]) -> list[Problem]:
    """Put problems in the order of files and lines, each once."""

    def place(problem: Problem) -> tuple[str, int]:
        file, _, line = problem.where.rpartition(":")
        return (file, int(line)) if line.isdigit() else (problem.where, 0)

    return sorted(dict.fromkeys(problems), key=place)


def _read(source: Source, settings: Settings) -> Node:
    tree, log = pandoc.read(source.text, metadata_for_pandoc(settings), source.folder)
    problems = []
    for entry in log:
        # Ids given twice are found in the tree, where generated ones are known too.
        if entry.get("verbosity") != "WARNING" or entry["type"] == "DuplicateIdentifier":
            continue
        where = source.where(entry["line"]) if "line" in entry else source.document
        if entry["type"] == "NoteDefinedButNotUsed":
            print(f"{where}: {entry['pretty'].split(' at line')[0]}", file=sys.stderr)
        else:
            problems.append(Problem(entry["pretty"].split(" at line")[0], where))
    if problems:
        raise SteelyardError(problems)
    return tree


def _render(tree: Node, settings: Settings, name: str, *, strict_references: bool) -> bytes:
    words = words_for(settings.language)
    output = html_format.HtmlOutput(settings, words) if name == "html" else pdf_format.TypstOutput(settings, words)
    document = Document(output, settings, settings.source, strict_references)
    bibliography = citations.read(settings)
    transformed = document.transform(tree, bibliography.keys if bibliography else None)
    if document.problems:
        raise SteelyardError(document.problems)
    if bibliography:
        transformed = citations.cited(transformed, bibliography, output, settings)
    if name == "html":
        return html_format.page(transformed, document.title, settings, words).encode()
    return pdf_format.pdf(transformed, document.title, settings, words)
