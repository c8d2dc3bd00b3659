"""The text of one document at a time, which spans count; a corpus may be larger than memory."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from steelyard.errors import Problem, SteelyardError
from steelyard.ingest.texts import text_file
from steelyard.render.run import optional


def text_of(document: Any, folder: Path, extracted: Path) -> str:
    """Read the text of a document, and check that it is the one whose spans were counted.

    Args:
        document: a row of ingest/documents.
        folder: the config's folder.
        extracted: the folder ingest/texts.

    Raises:
        SteelyardError: the file is missing, or another.
    """
    path, digest = source(document, folder, extracted)
    try:
        content = path.read_bytes()
    except OSError as failure:
        raise SteelyardError(Problem(f"cannot be read ({failure.strerror})", str(path))) from None
    if hashlib.sha256(content).hexdigest() != digest:
        hint = "Put the file back that was read, or build the report again."
        raise SteelyardError(Problem(f"is not the text of document {document.document_id}", str(path), hint))
    return content.decode()


def source(document: Any, folder: Path, extracted: Path) -> tuple[Path, str]:
    """Give the file that a document's spans count, with its SHA-256; the arguments are those of `text_of`."""
    own = optional(document, "text_sha256")
    if own is None:
        return folder / document.path, str(document.sha256)
    return text_file(extracted, document.document_id), str(own)
