"""Digests of the code that a job runs, so that a change in the library re-runs what depends on it and nothing else."""

from __future__ import annotations

import functools
import hashlib
import re
from pathlib import Path

from steelyard.place import PACKAGE, project_folder
from steelyard.reach import reached

_SCRIPTS = project_folder() / "workflow" / "scripts"
_IMPORT = re.compile(
    r"^\s*(?:import|from) (?P<module>steelyard[\w.]*)(?: import (?:\((?P<several>[^)]*)\)|(?P<one_line>[^#\n]*)))?",
    re.MULTILINE,
)


@functools.cache
def code_digest(script: str) -> str:
    """Digest a script of workflow/scripts with all the library's modules and data files that it imports.

    Args:
        script: the script's name without ".py".

    Returns:
        The first 16 hexadecimal digits of a SHA-256 over the files' names and bytes; the same in a checkout and from a
        wheel.
    """
    start = _SCRIPTS / f"{script}.py"
    library = {path.relative_to(PACKAGE).as_posix(): path for path in _closure(start) - {start}}
    digest = hashlib.sha256(start.read_bytes())
    for name, path in sorted(library.items()):
        digest.update(name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _closure(start: Path) -> set[Path]:
    return reached(start, _leads_to)


def _leads_to(path: Path) -> list[Path]:
    """Files of the library that a file imports; a data file leads to none."""
    return [file for module in _imports(path) for file in _files(module)] if path.suffix == ".py" else []


@functools.cache
def _imports(path: Path) -> frozenset[str]:
    """Names of what a file imports, and, of `from a import b`, both a and a.b: b may be a module.

    Read by pattern, not by parsing: this runs at every start, and imports are absolute and sorted by the linter.
    """
    names: set[str] = set()
    for match in _IMPORT.finditer(path.read_text(encoding="utf-8")):
        names.add(match["module"])
        imported = (match["several"] or match["one_line"] or "").split(",")
        names.update(f"{match['module']}.{name.split()[0]}" for name in imported if name.strip())
    return frozenset(names)


@functools.cache
def _files(module: str) -> list[Path]:
    """The file of a module; of a package its __init__ and its data files (those of folders without code included).

    Folders that begin with _ hold what Python or a wheel has laid there.
    """
    path = PACKAGE.joinpath(*module.split(".")[1:])
    if path.with_suffix(".py").is_file():
        return [path.with_suffix(".py")]
    if not path.is_dir():
        return []
    folders = [path, *(p for p in path.iterdir() if _holds_data(p))]
    data = [f for folder in folders for f in folder.iterdir() if f.is_file() and f.suffix not in {".py", ".pyc"}]
    return [path / "__init__.py", *data]


def _holds_data(path: Path) -> bool:
    return path.is_dir() and not path.name.startswith("_") and not (path / "__init__.py").exists()
