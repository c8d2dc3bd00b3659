"""A program: the lines of each page of a PDF file and its properties, by PDFium, from standard input as JSON.

It runs in a process of its own (see `limited`).
"""

from __future__ import annotations

import contextlib
import json
import re
import resource
import sys

import pypdfium2

from steelyard.ingest.readers.limited import GIGABYTES

LOCKED, DAMAGED, DAMAGED_PAGE = 3, 4, 5  # exit codes
PROPERTIES = ("Title", "Author", "CreationDate")
_HYPHEN = re.compile("[\x02\ufffe\u00ad]")  # as PDFium gives a word that was divided at the end of a line


def main() -> int:
    """Print pages and properties, and give the exit code."""
    with contextlib.suppress(ValueError, OSError):  # where the system knows no such limit
        resource.setrlimit(resource.RLIMIT_AS, (GIGABYTES << 30, GIGABYTES << 30))
    try:
        document = pypdfium2.PdfDocument(sys.stdin.buffer.read())
    except pypdfium2.PdfiumError as failure:
        return LOCKED if "password" in str(failure).lower() else DAMAGED
    try:
        pages = [_lines(page) for page in document]
    except pypdfium2.PdfiumError:
        return DAMAGED_PAGE
    json.dump({"pages": pages, "properties": _properties(document)}, sys.stdout)
    return 0


def _lines(page: pypdfium2.PdfPage) -> list[str]:
    text_page = page.get_textpage()
    text = _HYPHEN.sub("", text_page.get_text_bounded(errors="replace"))
    text_page.close()
    page.close()
    return [line for line in (" ".join(line.split()) for line in re.split(r"[\r\n]+", text)) if line]


def _properties(document: pypdfium2.PdfDocument) -> dict[str, str]:
    found = {}
    for name in PROPERTIES:
        with contextlib.suppress(UnicodeDecodeError):  # one that holds half a character
            found[name] = document.get_metadata_value(name)
    return found


if __name__ == "__main__":
    sys.exit(main())
