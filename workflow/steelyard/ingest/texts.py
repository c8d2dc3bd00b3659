"""The documents' texts again, for the rooms that quote them."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pandas as pd

from steelyard import tables
from steelyard.errors import Problem, SteelyardError


def read_texts(documents: pd.DataFrame, folder: Path) -> dict[str, str]:
    """Read the documents that were ingested.

    Args:
        documents: the table ingest/documents.
        folder: the config's folder, from which the documents' paths are read.

    Returns:
        Text by document_id; spans of statements count its code points.

    Raises:
        SteelyardError: with every document that is not the one that was ingested, by its SHA-256.
    """
    contents = {row.document_id: (folder / row.path).read_bytes() for row in tables.records(documents)}
    changed = [
        row for row in tables.records(documents) if hashlib.sha256(contents[row.document_id]).hexdigest() != row.sha256
    ]
    if changed:
        hint = "Run snakemake again."
        raise SteelyardError(
            [Problem("was changed while the report was made", str(folder / c.path), hint) for c in changed]
        )
    return {name: content.decode() for name, content in contents.items()}
