"""Names of files by what they hold: the same bytes have the same name, wherever they lie."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path


def sha256(path: Path) -> str:
    """Give a file's SHA-256 in hexadecimal; the file is read piece by piece.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def named(digest: str) -> str:
    """Give the IRI of a file by its SHA-256 (RFC 6920), which holds wherever the file lies.

    Args:
        digest: in hexadecimal.
    """
    return f"ni:///sha-256;{base64.urlsafe_b64encode(bytes.fromhex(digest)).decode().rstrip('=')}"
