"""PDF files: text and page numbers by PDFium; lines are joined to paragraphs, running heads are left out."""

from __future__ import annotations

import json
import re
import statistics
import sys
from collections import Counter
from collections.abc import Iterator

from steelyard.ingest.readers import pdf_pages
from steelyard.ingest.readers.composer import Composer, said
from steelyard.ingest.readers.file import Extract, File, Told, day
from steelyard.ingest.readers.layout import AUTHOR, EDITOR
from steelyard.ingest.readers.limited import GIGABYTES, HINT, run

_EDGE = 2  # lines at the top and at the bottom of a page where running heads stand
_END = re.compile(r"[.!?:;…。！？：؟][\"'”’»)\]]*$")
_MARK = re.compile(r"[•‣▪–—*-]\s|\(?(?:\d{1,3}|[a-zA-Z])[.)]\s")  # begins an item of a list
_PAGE_NUMBER = re.compile(r"(?:\w+ )?#+(?: ?(?:/|of|von|de|sur|\|) ?#+)?", re.IGNORECASE)
_TITLE_WORDS = 12
Line = tuple[str, str]  # text, place


class Pdf:
    """Reads PDF files that hold text; their properties tell title, author and date."""

    def recognises(self, file: File) -> bool:
        """Say whether its first bytes are those of a PDF file."""
        return b"%PDF-" in file.content[:1024]

    def read(self, file: File) -> list[Extract]:
        """Give the text, with pages as places."""
        pages, meta = _pages(file)
        furniture = _running(pages)
        lines: list[Line] = []
        dropped: list[Line] = []
        for number, page in enumerate(pages, start=1):
            for at, text in enumerate(page):
                is_edge = at < _EDGE or at >= len(page) - _EDGE
                of_page = is_edge and (_shape(text) in furniture or bool(_PAGE_NUMBER.fullmatch(_shape(text))))
                (dropped if of_page else lines).append((text, f"page {number}"))
        if not lines:
            hint = "It may be a scan: run it through text recognition (OCR) first."
            raise file.fault("holds no text", hint)
        composer = Composer()
        paragraphs = list(_paragraphs(lines))
        for paragraph, following in zip(paragraphs, [*paragraphs[1:], []], strict=True):
            is_heading = _is_heading(_joined(paragraph), _joined(following))
            composer.say(said("headline", EDITOR) if is_heading else said("post", AUTHOR), *paragraph)
        for text, place in dropped:
            composer.drop(text, "running head or page number", place)
        told = Told(meta.get("Title") or None, meta.get("Author") or None, day(meta.get("CreationDate", "")))
        return [composer.extract(AUTHOR, told)]


def _pages(file: File) -> tuple[list[list[str]], dict[str, str]]:
    """Give the lines of each page, and the file's properties."""
    done = run(file, [sys.executable, "-m", pdf_pages.__name__], file.content)
    match done.returncode:
        case 0:
            found = json.loads(done.stdout)
            return found["pages"], found["properties"]
        case pdf_pages.LOCKED:
            raise file.fault("is locked by a password", "Save it without one.")
        case pdf_pages.DAMAGED:
            raise file.fault("is a damaged PDF file", "Download it again, or print it to a new PDF.")
        case pdf_pages.DAMAGED_PAGE:
            raise file.fault("has a damaged page", "Print it to a new PDF.")
        case _:  # PDFium ends its process where it gets no more memory
            raise file.fault(f"takes more than {GIGABYTES} GB of memory to read, or is damaged", HINT)


def _shape(text: str) -> str:
    return re.sub(r"\d+", "#", text)


def _running(pages: list[list[str]]) -> set[str]:
    """Give what stands at the edge of most pages, whatever numbers are in it, and ends no sentence."""
    edges = [{_shape(line) for line in page[:_EDGE] + page[-_EDGE:] if not _END.search(line)} for page in pages]
    count = Counter(shape for edge in edges for shape in edge)
    return {shape for shape, pages_with in count.items() if pages_with >= max(2, len(pages) / 2)}


def _paragraphs(lines: list[Line]) -> Iterator[list[Line]]:
    """Join lines: a paragraph ends with a line that is shorter than most and ends a sentence, or is far shorter."""
    width = statistics.quantiles([len(text) for text, _ in lines] * 2, n=10)[-2]
    paragraph: list[Line] = []
    for at, (text, place) in enumerate(lines):
        paragraph.append((text, place))
        following = lines[at + 1][0] if at + 1 < len(lines) else ""
        if _ends(text, following, width):
            yield paragraph
            paragraph = []
    if paragraph:
        yield paragraph


def _ends(text: str, following: str, width: float) -> bool:
    if not following or _MARK.match(following):
        return True
    if following[0].islower():
        return False
    share = len(text) / width
    return share < 0.6 or (share < 0.9 and bool(_END.search(text)))


def _joined(paragraph: list[Line]) -> str:
    return " ".join(line for line, _ in paragraph)


def _is_heading(text: str, following: str) -> bool:
    """Say whether a paragraph is a heading: short, no sentence, and no item of a list ("1. Aims" may be either)."""
    is_item = bool(_MARK.match(text)) and (not text[0].isdigit() or not following or bool(_MARK.match(following)))
    return len(text.split()) <= _TITLE_WORDS and not _END.search(text) and not is_item
