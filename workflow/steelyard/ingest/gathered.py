"""The tables of the ingest room are written: of a small corpus at once, of a large one part by part."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from steelyard import tables
from steelyard.engine import engine, store_parts
from steelyard.ingest.corpus import Corpus, finished, shared
from steelyard.ingest.part import TEXTS, StoredPart
from steelyard.ingest.texts import write_texts
from steelyard.study import Ingest

_TABLES = {
    "documents": tables.DOCUMENTS,
    "utterances": tables.UTTERANCES,
    "statements": tables.STATEMENTS,
    "dropped": tables.DROPPED,
}


def write(corpus: Corpus, folder: Path) -> None:
    """Write a corpus that is at hand into a folder."""
    write_texts(corpus.texts, folder / TEXTS)
    tables.write(tables.VOICES, corpus.voices, folder / "voices.parquet")
    for name, table in _TABLES.items():
        tables.write(table, getattr(corpus, name), folder / f"{name}.parquet")


def gather(parts: Sequence[StoredPart], options: Ingest, folder: Path, threads: int) -> None:
    """Find what parts share and write the corpus that they make; no more than one part is held at a time.

    Args:
        parts: of the corpus.
        options: what counts as an echo.
        folder: where its tables are written to.
        threads: how many may be used for sorting.
    """
    found = shared(parts, options)
    tables.write(tables.VOICES, found.voices, folder / "voices.parquet")
    with engine(threads) as connection:
        rows = ({_TABLES[name]: frame for name, frame in finished(part, found).items()} for part in parts)
        store_parts(connection, rows, {table: folder / f"{name}.parquet" for name, table in _TABLES.items()})
    write_texts({}, folder / TEXTS)
    for part in parts:
        hidden = shutil.ignore_patterns(".*")  # Snakemake keeps the time of a folder in it
        shutil.copytree(part.folder / TEXTS, folder / TEXTS, ignore=hidden, dirs_exist_ok=True)
