"""The readers, one for each format of file and each layout of text, in the order in which they are asked."""

from __future__ import annotations

from steelyard.ingest.readers.comment_tree import HackerNews, Reddit
from steelyard.ingest.readers.file import Extract, File, Reader
from steelyard.ingest.readers.pandoc import Docx, Markdown
from steelyard.ingest.readers.pdf import Pdf
from steelyard.ingest.readers.plain import LAYOUTS
from steelyard.ingest.readers.records import CommaSeparated, JsonLines
from steelyard.ingest.readers.subtitles import Subtitles
from steelyard.ingest.readers.web_page import WebPage
from steelyard.study import Format

# In the order in which they are asked; the last recognises every text.
READERS: dict[Format, Reader] = {
    "pdf": Pdf(),
    "docx": Docx(),
    "reddit": Reddit(),
    "hackernews": HackerNews(),
    "jsonl": JsonLines(),
    "vtt": Subtitles("vtt"),
    "srt": Subtitles("srt"),
    "html": WebPage(),
    "csv": CommaSeparated(),
    "markdown": Markdown(),
    **LAYOUTS,
}

_OTHERS = {  # files that are often met and cannot be read, by their first bytes
    b"\xd0\xcf\x11\xe0": "a file of an old Office program; save it as .docx or .pdf",
    b"{\\rtf": "an RTF file; save it as .docx",
    b"PK\x03\x04": "an archive or an Office file of another kind; save it as .docx, .pdf or .csv, or unpack it",
    b"\x1f\x8b": "a compressed file; unpack it",
    b"\x89PNG": "a picture; run it through text recognition (OCR)",
    b"\xff\xd8\xff": "a picture; run it through text recognition (OCR)",
    b"ID3": "a sound file; transcribe it",
}


def recognise(file: File) -> Format:
    """Give the first format whose reader recognises the file.

    Raises:
        SteelyardError: it is of a kind that cannot be read, or no text.
    """
    return next(name for name, reader in READERS.items() if reader.recognises(file))


def read(file: File) -> tuple[Format, list[Extract]]:
    """Read a file by the format that the config names, or else by the one that it has.

    Returns:
        The format, and the file's texts.

    Raises:
        SteelyardError: with every fault of the file.
    """
    named = file.source.format
    if named == "auto":
        for first, kind in _OTHERS.items():
            if file.content.startswith(first) and not READERS["docx"].recognises(file):
                what, _, hint = kind.partition("; ")
                raise file.fault(f"is {what}", f"{hint[0].upper()}{hint[1:]}.")
        named = recognise(file)
        if named in LAYOUTS and file.suffix == ".json":
            hint = "JSON is read as a thread of Hacker News or Reddit, or as JSON Lines: one whole object on each line."
            raise file.fault("is JSON of a kind that cannot be read", hint)
    return named, READERS[named].read(file)
