"""The documents' texts: read again for the rooms that quote them, and compared, to know copies of one text.

Copies share every character but white space, line ends among it, and a byte order mark; how characters with marks are
composed makes no difference.
"""

from __future__ import annotations

import bisect
import functools
import hashlib
import shutil
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import accumulate
from pathlib import Path
from typing import Any

import pandas as pd

from steelyard import tables
from steelyard.errors import Problem, SteelyardError
from steelyard.files import write_whole
from steelyard.ingest.readers.plain import readable

Span = tuple[int, int]

_HELD = 16  # texts that are kept, of those asked for last


def read_texts(documents: pd.DataFrame, folder: Path, extracted: Path) -> dict[str, str]:
    """Read the documents that were ingested.

    Args:
        documents: the table ingest/documents.
        folder: the config's folder, from which the documents' paths are read.
        extracted: the folder ingest/texts, with the texts of documents whose spans do not count the file itself.

    Returns:
        Text by document_id; spans of statements count its code points.

    Raises:
        SteelyardError: with every document that is not the one that was ingested, by its SHA-256.
    """
    contents: dict[Path, bytes] = {}
    texts, changed = {}, set()
    for row in tables.records(documents):
        files = _files(row, folder, extracted)
        for path, digest in files:
            contents[path] = contents[path] if path in contents else path.read_bytes()
            if hashlib.sha256(contents[path]).hexdigest() != digest:
                changed.add(path)
        texts[row.document_id] = contents[files[-1][0]].decode(errors="replace")  # what is no UTF-8 was changed
    if changed:
        raise _changed(sorted(changed))
    return texts


class Texts(Mapping[str, str]):
    """The documents' texts by document_id, each read when it is asked for: for those who need few of many.

    Args:
        documents: the table ingest/documents.
        folder: the config's folder, from which the documents' paths are read.
        extracted: the folder ingest/texts.

    Raises:
        SteelyardError: when a document is asked for that is not the one that was ingested.
    """

    def __init__(self, documents: pd.DataFrame, folder: Path, extracted: Path) -> None:
        """Note where they are."""
        self._rows = {row.document_id: row for row in tables.records(documents)}
        self._folder, self._extracted = folder, extracted
        self._unchanged: set[Path] = set()
        self._held = functools.lru_cache(maxsize=_HELD)(self._read)

    def __getitem__(self, name: str) -> str:
        """Give a document's text."""
        return self._held(name)

    def __contains__(self, name: object) -> bool:
        """Tell whether there is such a document, without reading it."""
        return name in self._rows

    def __iter__(self) -> Iterator[str]:
        """Give the documents' ids."""
        return iter(self._rows)

    def __len__(self) -> int:
        """Count the documents."""
        return len(self._rows)

    def _read(self, name: str) -> str:
        row = self._rows[name]
        files = _files(row, self._folder, self._extracted)
        changed = [path for path, digest in files if not self._is_unchanged(path, digest)]
        if changed:
            raise _changed(changed)
        return files[-1][0].read_bytes().decode(errors="replace")

    def _is_unchanged(self, path: Path, digest: str) -> bool:
        """Check a file once, however many documents it holds."""
        if path not in self._unchanged:
            with path.open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != digest:
                    return False
            self._unchanged.add(path)
        return True


def _files(row: Any, folder: Path, extracted: Path) -> list[tuple[Path, str]]:
    """Give the files that a document's text rests on, with their digests; the last holds the text."""
    digest = getattr(row, "text_sha256", None)  # tables of documents that are files themselves may lack it
    own = [] if pd.isna(digest) else [(text_file(extracted, row.document_id), digest)]
    return [(folder / row.path, row.sha256), *own]


def _changed(paths: Iterable[Path]) -> SteelyardError:
    hint = "Run the same command again, and if that says the same, once with `--forcerun ingest`."
    return SteelyardError([Problem("was changed while the report was made", str(path), hint) for path in paths])


def check_unchanged(documents: pd.DataFrame, folder: Path) -> None:
    """Check that files are still those that were read: of one that is saved meanwhile, nobody would notice it later.

    Args:
        documents: the table ingest/documents.
        folder: the config's folder, from which the documents' paths are read.

    Raises:
        SteelyardError: with every file that is not what was read, by its SHA-256.
    """
    changed = []
    for path, digest in sorted(set(zip(documents.path, documents.sha256, strict=True))):
        try:
            with (folder / path).open("rb") as file:
                same = hashlib.file_digest(file, "sha256").hexdigest() == digest
        except FileNotFoundError:
            same = False
        if not same:
            changed.append(Problem("was changed while it was read", str(folder / path), "Run the same command again."))
    if changed:
        raise SteelyardError(changed)


def write_texts(texts: Mapping[str, str], extracted: Path) -> None:
    """Write the texts that were extracted from files into a folder, which is emptied first.

    Args:
        texts: by document_id.
        extracted: the folder ingest/texts.
    """
    shutil.rmtree(extracted, ignore_errors=True)
    extracted.mkdir(parents=True)
    for name, text in texts.items():
        write_whole(text_file(extracted, name), functools.partial(Path.write_bytes, data=text.encode()))


def text_file(extracted: Path, document_id: str) -> Path:
    """Give the file of a document's extracted text."""
    return extracted / f"{document_id}.txt"


def fingerprint(text: str) -> str:
    """Give a SHA-256, in hexadecimal, that a text shares with its copies only."""
    return hashlib.sha256(unicodedata.normalize("NFD", "".join(readable(text).split())).encode()).hexdigest()


def originals(documents: Mapping[str, str], kept: Collection[str]) -> dict[str, str]:
    """Give each document the one that it is a copy of: its own id where it was kept or is no copy of one that was.

    Args:
        documents: text by document_id.
        kept: ids of the documents that were not dropped as duplicates.
    """
    prints = {name: fingerprint(text) for name, text in documents.items()}
    original = {prints[name]: name for name in kept if name in prints}
    return {name: name if name in kept else original.get(prints[name], name) for name in documents}


def same_place(copy: str, original: str, spans: Collection[Span]) -> dict[Span, Span]:
    """Find where spans of a copy lie in the text that it is a copy of.

    Args:
        copy: a text.
        original: a text of the same fingerprint.
        spans: [start, end) in the copy, in code points.

    Returns:
        For each span that of the same characters in the original.
    """
    before, there = _counted(copy), _counted(original)
    return {
        (start, end): (bisect.bisect_right(there, before[start]) - 1, bisect.bisect_left(there, before[end]))
        for start, end in spans
    }


def _counted(text: str) -> list[int]:
    """Count, up to each place, what fingerprints are made of: canonical decomposition adds up over characters."""
    sizes = (0 if one.isspace() else len(unicodedata.normalize("NFD", one)) for one in readable(text))
    return [0, *accumulate(sizes)]
