"""Files and folders that are written whole or not at all, and whether there is one."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

# What is not whole yet has a name that begins so; what a killed process leaves is known by it.
TEMPORARY = ".steelyard-"
_FULL = 1 << 16  # bytes; a disk with fewer left is full


def write_whole(path: Path, write_to: Callable[[Path], object]) -> None:
    """Let `write_to(temporary path)` make a file in the same folder, and give it its name only once it is whole.

    Args:
        path: the file; its folder is made if it is missing.
        write_to: makes the file, or raises; then nothing is left.

    Raises:
        OSError: the disk is full.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=TEMPORARY, suffix=path.suffix)
    os.close(handle)
    temporary = Path(name)
    try:
        with _place_named(path):
            write_to(temporary)
        temporary.chmod(0o666 & ~_umask())  # mkstemp's files are the owner's alone
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_parts(path: Path, parts: Iterable[bytes]) -> None:
    """Write a file part by part."""
    with path.open("wb") as file:
        file.writelines(parts)


def write_folder_whole(path: Path, write_to: Callable[[Path], object]) -> None:
    """Let `write_to(temporary folder)` fill a folder, which takes the place of an earlier one only once it is whole.

    Args:
        path: the folder; the one that it lies in is made if it is missing.
        write_to: fills the folder, or raises; then nothing is left.

    Raises:
        OSError: the disk is full.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(dir=path.parent, prefix=TEMPORARY))
    try:
        with _place_named(path):
            write_to(temporary)
        temporary.chmod(0o777 & ~_umask())
        shutil.rmtree(path, ignore_errors=True)
        temporary.replace(path)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


@contextlib.contextmanager
def _place_named(path: Path) -> Iterator[None]:
    """Raise the error of a full disk with its place: a failed write names none, and not every library says why."""
    try:
        yield
    except Exception as failure:
        if getattr(failure, "errno", None) == errno.ENOSPC or is_full(path.parent):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path)) from failure
        raise


def is_full(folder: Path) -> bool:
    """Say whether the disk that holds a folder is full."""
    return shutil.disk_usage(folder).free < _FULL


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
