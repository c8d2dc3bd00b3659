"""The default report, read once for all tests of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import html
from pypdf import PdfReader


@pytest.fixture(scope="session")
def page(results: Path) -> html.HtmlElement:
    """The page, parsed."""
    return html.parse(str(results / "report.html")).getroot()


@pytest.fixture(scope="session")
def pdf(results: Path) -> PdfReader:
    """The PDF."""
    return PdfReader(results / "report.pdf")


@pytest.fixture(scope="session")
def printed(pdf: PdfReader) -> list[str]:
    """The text of each of the PDF's pages."""
    return [sheet.extract_text() for sheet in pdf.pages]
