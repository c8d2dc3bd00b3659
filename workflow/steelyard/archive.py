"""ZIP archives, which Word files and workbooks are, unpacked without harm.

An archive says how much each of its entries unpacks to, and need not be right: who believes it, or never asks, runs out
of memory over a file of some kilobytes.
"""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib
from collections.abc import Callable, Mapping

# What is raised over archives that are damaged, encrypted, or packed in a way that is not known.
FAULTS = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, RuntimeError, EOFError, OSError, ValueError)


def unpacked(content: bytes, check_size: Callable[[int], None], endings: tuple[str, ...] = ("",)) -> dict[str, bytes]:
    """Give an archive's entries by name.

    Args:
        content: the archive.
        check_size: is told the bytes that they say they unpack to, and raises where these are too many.
        endings: of the names of those that are wanted.

    Raises:
        FAULTS: it is no archive, or damaged, or an entry is not as long as it says.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = [entry for entry in archive.infolist() if entry.filename.endswith(endings)]
        check_size(sum(entry.file_size for entry in entries))
        parts = {}
        for entry in entries:
            with archive.open(entry) as part:
                parts[entry.filename] = part.read(entry.file_size + 1)  # unbounded, it unpacks all that there is
        return parts


def packed(parts: Mapping[str, bytes]) -> bytes:
    """Pack entries, for programs that take no account of what an archive says."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name), part)
    return content.getvalue()
