"""Documents as they are read from disk: the thin edge of the ingest room."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from steelyard.errors import Problem, SteelyardError
from steelyard.ingest.readers import registry
from steelyard.ingest.readers.composer import line
from steelyard.ingest.readers.file import Extract, File
from steelyard.ingest.readers.layout import Layout
from steelyard.study import Format, Source


@dataclass(frozen=True)
class Document:
    """One text of the corpus: a file, or a record of one.

    Args:
        document_id: short name, unique in the study.
        path: as given in the config.
        text: the file decoded as UTF-8, its line ends and a byte order mark untouched, or the text that was extracted
            from it; spans count its code points.
        sha256: of the file's bytes, in hexadecimal.
        source: what the config says of it, and what the document tells where the config is silent.
        format: the format that it was read by.
        layout: who says what in it.
        extracted: whether the text is another than the file's bytes in UTF-8.
        record: its number in the file, where each record is a document.
    """

    document_id: str
    path: str
    text: str
    sha256: str
    source: Source
    format: Format
    layout: Layout
    extracted: bool = False
    record: int | None = None


def read_documents(sources: Sequence[Source], folder: Path, largest_megabytes: int = 64) -> list[Document]:
    """Read the files of a corpus.

    Args:
        sources: one for each file.
        folder: the folder that their paths start from.
        largest_megabytes: most that a file may have, or unpack to.

    Returns:
        The documents of each source, in order.

    Raises:
        SteelyardError: with every file that is missing, unreadable, too large or of a kind that cannot be read.
    """
    documents: list[Document] = []
    problems = []
    for source in sources:
        try:
            documents += documents_of(_file(source, folder / source.path, largest_megabytes << 20))
        except SteelyardError as failure:
            problems += failure.problems
    problems += _twice(documents)
    if problems:
        raise SteelyardError(problems)
    return documents


def _twice(documents: Sequence[Document]) -> list[Problem]:
    """Find records that are called as another document is: their ids are made of their file's and their number."""
    first: dict[str, Document] = {}
    return [
        Problem(f"document '{one.document_id}' stands twice (first in {other.path})", one.path, "Give one an `id`.")
        for one in documents
        if (other := first.setdefault(one.document_id, one)) is not one
    ]


def documents_of(file: File) -> list[Document]:
    """Give the documents that a file holds.

    Raises:
        SteelyardError: with every fault of the file.
    """
    try:
        format_, extracts = registry.read(file)
    except RecursionError:
        raise file.fault("is nested too deeply to be read", "Save it as plain text.") from None
    if not all(extract.text.strip() for extract in extracts):
        raise file.fault("holds no text", "Take it out of the config, or fill it.")
    digest = hashlib.sha256(file.content).hexdigest()
    return [_document(file, format_, extract, digest) for extract in extracts]


def _document(file: File, format_: Format, extract: Extract, digest: str) -> Document:
    source, told = file.source, extract.told
    known = {
        "title": source.title or line(told.title),
        "author": source.author or line(told.author),
        "date": source.date or told.date,
        "url": source.url or line(told.url),
    }
    name = source.document_id if extract.record is None else f"{source.document_id}-{extract.record}"
    extracted = extract.text.encode() != file.content
    return Document(
        *(name, source.path, extract.text, digest, source.model_copy(update=known)),
        *(format_, extract.layout, extracted, extract.record),
    )


def _file(source: Source, path: Path, limit: int) -> File:
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:  # some files say that they have no bytes, and never end
            content = b"" if size > limit else stream.read(limit + 1)
    except FileNotFoundError:
        raise SteelyardError(Problem("there is no such file", str(path), "Check the name and the folder.")) from None
    except OSError as failure:
        raise SteelyardError(Problem(f"cannot be read ({failure.strerror})", str(path))) from None
    file = File(str(path), content, source, limit)
    file.check_size(max(size, len(content)), "has")
    return file
