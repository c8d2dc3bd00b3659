"""Files that are written whole or not at all, and whether there is one."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path


def write_whole(path: Path, write_to: Callable[[Path], object]) -> None:
    """Let `write_to(temporary path)` make a file in the same folder, and give it its name only once it is whole.

    Args:
        path: the file; its folder is made if it is missing.
        write_to: makes the file, or raises; then nothing is left.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=path.suffix)
    os.close(handle)
    temporary = Path(name)
    try:
        write_to(temporary)
        temporary.chmod(0o666 & ~_umask())  # mkstemp's files are the owner's alone
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def is_file(path: Path) -> bool:
    """Say whether there is such a file; no where its name is too long, or nobody may look."""
    try:
        return path.is_file()
    except OSError:
        return False


def is_dir(path: Path) -> bool:
    """Say whether there is such a folder; no where its name is too long, or nobody may look."""
    try:
        return path.is_dir()
    except OSError:
        return False
