"""A new study: a folder with config, codebook, a tiny corpus and recorded codes, which runs as it is."""

from __future__ import annotations

import contextlib
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from steelyard.errors import Problem, SteelyardError
from steelyard.place import project_folder
from steelyard.study import short_digest, slug

CONFIG = "config.yaml"
_TEMPLATE = project_folder() / "workflow" / "template"
_NAME = re.compile(r"^study: *[a-z0-9-]+", re.MULTILINE)
_SHOWN = 5


def create(folder: Path) -> str:
    """Copy the template into a folder, whose parents are made; the study is called after the folder.

    Args:
        folder: where the study is to lie: a folder that is empty, or not there yet.

    Returns:
        The study's name, as its config has it; see `study_name`.

    Raises:
        SteelyardError: something is in the way, or nothing can be written there; then nothing is left behind.
    """
    if found := _in_the_way(folder):
        raise SteelyardError(found)
    name = study_name(folder)
    with _whole_or_nothing(folder):
        for path in sorted(path for path in _TEMPLATE.rglob("*") if path.is_file()):
            target = folder / path.relative_to(_TEMPLATE)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
        config = folder / CONFIG
        # In quotation marks, as YAML would take `2025` for a number and `no` for a truth.
        named = _NAME.sub(f'study: "{name}"', config.read_text(encoding="utf-8"), count=1)
        config.write_text(named, encoding="utf-8")
    return name


def study_name(folder: Path) -> str:
    """Give the name of a study that lies in a folder: the folder's, in small letters a-z, digits and hyphens.

    Where nothing of the folder's name is left (图书馆), it is `generic_name`.
    """
    name = folder.resolve().name
    return generic_name(folder) if slug(name) == f"document-{short_digest(name)}" else slug(name)


def generic_name(folder: Path) -> str:
    """Give a name with a digest of the folder's name, as two studies must not share one."""
    return f"study-{short_digest(folder.resolve().name)}"


def _in_the_way(folder: Path) -> Problem | None:
    try:
        if not folder.is_dir():
            hint = "Name another folder."
            return Problem("a file is in the way", str(folder), hint) if folder.exists() else None
        names = sorted(path.name for path in folder.iterdir())
    except OSError as failure:
        return _refused(failure, folder)
    if not names:
        return None
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    hint = "Name a folder that is empty or not there yet; nothing is ever overwritten."
    return Problem(f"the folder is not empty: it holds {', '.join(names[:_SHOWN])}{more}", str(folder), hint)


@contextlib.contextmanager
def _whole_or_nothing(folder: Path) -> Iterator[None]:
    """Take back what was made in an empty folder, and the folders made for it, where not all could be made."""
    made = [path for path in (folder, *folder.parents) if not path.exists()]
    try:
        yield
    except BaseException as failure:
        for path in folder.iterdir() if folder.is_dir() else ():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        with contextlib.suppress(OSError):  # not there yet, or somebody has put something in
            for path in made:
                path.rmdir()
        if isinstance(failure, OSError):
            raise SteelyardError(_refused(failure, folder)) from None
        raise


def _refused(failure: OSError, folder: Path) -> Problem:
    hint = "Name a folder where you may write."
    return Problem(f"the study cannot be written there ({failure.strerror})", str(failure.filename or folder), hint)
