"""Digests of the code that a job runs, so that a change in the library re-runs what depends on it and nothing else."""

from __future__ import annotations

import ast
import functools
import hashlib
from collections.abc import Iterator
from pathlib import Path

_PACKAGE = Path(__file__).parent
_SCRIPTS = _PACKAGE.parent / "scripts"


@functools.cache
def code_digest(script: str) -> str:
    """Digest a script of workflow/scripts with all the library's modules and data files that it imports.

    Args:
        script: the script's name without ".py".

    Returns:
        The first 16 hexadecimal digits of a SHA-256 over the files' names and bytes.
    """
    digest = hashlib.sha256()
    for path in sorted(_closure(_SCRIPTS / f"{script}.py")):
        digest.update(path.relative_to(_PACKAGE.parent).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _closure(start: Path) -> set[Path]:
    found: set[Path] = set()
    waiting = [start]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            if path.suffix == ".py":
                waiting += [file for module in _imports(path) for file in _files(module)]
    return found


@functools.cache
def _imports(path: Path) -> frozenset[str]:
    """Names of what a file imports, and, of `from a import b`, both a and a.b: b may be a module."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return frozenset(name for name in names if name.split(".")[0] == _PACKAGE.name)


def _files(module: str) -> Iterator[Path]:
    """The file of a module; of a package its __init__ and its data files (those of folders without code included)."""
    path = _PACKAGE.joinpath(*module.split(".")[1:])
    if path.with_suffix(".py").is_file():
        yield path.with_suffix(".py")
    elif path.is_dir():
        yield path / "__init__.py"
        folders = [path, *(p for p in path.rglob("*") if p.is_dir() and not (p / "__init__.py").exists())]
        for folder in folders:
            yield from (f for f in folder.iterdir() if f.is_file() and f.suffix not in {".py", ".pyc"})
