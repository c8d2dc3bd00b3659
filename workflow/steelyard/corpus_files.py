"""The corpus' files: what a config's sources find in its folder, and the files beside them that say what is known."""

from __future__ import annotations

import os
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from pathlib import Path, PurePath

import pydantic

from steelyard.errors import Problem, SteelyardError
from steelyard.files import is_dir, is_file
from steelyard.study import About, Source, short_digest, slug
from steelyard.yaml_file import EACH, YamlFile, collecting, did_you_mean

SIDECAR = ".meta.yaml"
_WILD = frozenset("*?[")
_PATTERNS = "`*` stands for a name or a part of it, `**` for any folders."
# Snakemake reads a path's `{word}` and `<word>` as places to fill, and knows no way to write them out.
_PLACES = re.compile(r"\{\s*\w+[^{}]*\}|<[a-z][a-z0-9_]*>")


def find(file: YamlFile, folder: Path) -> tuple[list[Source], list[Problem]]:
    """Find the documents' files, and what the files beside them say.

    Args:
        file: the study's config; sources that are not well formed are passed over, as its parsing tells them.
        folder: the config's folder.

    Returns:
        One source for each file, in the config's order and for a pattern in the order of the files' paths, each with
        its id and with what its sidecar adds; and every mistake.
    """
    problems: list[Problem] = []
    named = {path for _, path in file.texts("sources", EACH, "path")}
    found: list[tuple[str, Source]] = []  # with where the config has it
    for place, raw in file.find("sources", EACH):
        try:
            source = Source.model_validate(raw)
        except pydantic.ValidationError:
            continue
        where = file.where((*place, "path"))
        with collecting(problems):
            for one in _expanded(source, folder, named, where):
                at = where if one.path == source.path else f"{where} ({one.path})"
                problems += reserved(one.path, at)
                with collecting(problems):
                    _check(folder / one.path, at)
                with collecting(problems):
                    one = _with_sidecar(one, source.model_fields_set, folder)
                if one.source_type is None:
                    hint = f"Say what kind of source it is, here or in {one.path}{SIDECAR}: such as talk or op-ed."
                    problems.append(Problem("key 'source_type' is missing", at, hint))
                found.append((at, one))
    problems += _twice(found)
    return [source.model_copy(update={"id": source.document_id}) for _, source in found], problems


def sidecars(sources: list[Source], folder: Path) -> list[str]:
    """Give the files beside the documents that say what is known of them, as paths from the config's folder."""
    return [name for source in sources if is_file(folder / (name := source.path + SIDECAR))]


def missing(path: Path) -> str:
    """Give the hint for a file or folder that is not there: the nearest name beside it."""
    if not is_dir(path.parent):
        return f"There is no folder {path.parent} either; paths are read from the config's own folder."
    hint = did_you_mean(path.name, [other.name for other in path.parent.iterdir() if other.exists()])
    return hint if hint.startswith("Did") else "Paths are read from the config's own folder."


def _inside(folder: Path) -> str:
    """Give the hint for a pattern that no file fits: the names in its folder, if there is one."""
    if not is_dir(folder):
        return missing(folder)
    names = sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))
    return f"The folder holds {', '.join(names[:5])}{', …' if len(names) > 5 else ''}." if names else "It is empty."


def _expanded(source: Source, folder: Path, named: set[str], where: str) -> list[Source]:
    """Give a source for each file that a path stands for; those that the config names itself are left to it."""
    if is_file(folder / source.path) or not _WILD & set(source.path):
        return [source]
    if source.id:
        hint = f"Name the files in `<file>{SIDECAR}`, or leave `id` out: they are called after their names."
        raise SteelyardError(Problem(f"one id, '{source.id}', for all files of {source.path}", where, hint))
    root = _root(source.path)
    paths = sorted(set(_matches(source.path, folder, where)) - named)
    if not paths:
        raise SteelyardError(Problem(f"no file fits {folder / source.path}", where, _inside(folder / root)))
    ids = _ids(paths, root)
    return [source.model_copy(update={"path": path, "id": ids[path]}) for path in paths]


def reserved(name: str, where: str) -> list[Problem]:
    """Find out why a path cannot be given to Snakemake.

    Args:
        name: the path.
        where: the place that has it.
    """
    found = _PLACES.search(name)
    hint = "Rename the file or the folder: Snakemake reads a word in such brackets as a place to fill."
    return [Problem(f"the path {name} holds {found[0]}", where, hint)] if found else []


def _check(path: Path, where: str) -> None:
    if is_file(path):
        return
    try:
        path.stat()
    except FileNotFoundError:
        what = f"the link {path} leads nowhere" if path.is_symlink() else f"there is no file {path}"
        raise SteelyardError(Problem(what, where, missing(path))) from None
    except OSError as failure:  # links in a circle, a name too long
        raise SteelyardError(Problem(f"{path} cannot be read ({failure.strerror})", where)) from None
    except ValueError:  # a zero byte
        raise SteelyardError(Problem(f"there can be no file {path}", where)) from None
    hint = f"For all files in it write {path.name}/*" if is_dir(path) else ""
    raise SteelyardError(Problem(f"{path} is no file", where, hint))


def _root(pattern: str) -> str:
    """Give the folders of a pattern before its first wild part."""
    parts = PurePath(pattern).parts
    wild = next(number for number, part in enumerate(parts) if _WILD & set(part))
    return str(PurePath(*parts[:wild]))


def _matches(pattern: str, folder: Path, where: str) -> Iterator[str]:
    """Give the files that fit, as paths from the folder; hidden ones and sidecars do not."""
    root = folder / _root(pattern)
    inside = str(PurePath(pattern).relative_to(_root(pattern)))
    if ".." in PurePath(inside).parts:
        raise SteelyardError(Problem(f"the pattern {pattern} leads back up", where, "Name the folder without `..`."))
    escaped = []
    try:
        found = list(root.glob(inside)) if is_dir(root) else []
    except (OSError, ValueError) as failure:  # such as `**.md`
        raise SteelyardError(Problem(f"the pattern {pattern} cannot be used ({failure})", where, _PATTERNS)) from None
    for path in found:
        below = path.relative_to(root)
        if path.name.endswith(SIDECAR) or any(part.startswith(".") for part in below.parts) or not is_file(path):
            continue
        if not path.resolve().is_relative_to(root.resolve()):
            escaped.append(path)
        elif not _is_utf_8(str(below)):
            what = f"the file name {os.fsencode(path)!r} is not UTF-8"
            raise SteelyardError(Problem(what, where, "Rename the file."))
        else:
            yield str(PurePath(_root(pattern)) / below)
    if escaped:
        hint = "Put the file itself there, or name its path in a source of its own."
        raise SteelyardError(
            [Problem(f"the link {path} leads out of the folder", where, hint) for path in sorted(escaped)]
        )


def _is_utf_8(name: str) -> bool:
    return not any("\udc80" <= character <= "\udcff" for character in name)  # as Python gives other bytes


def _ids(paths: list[str], root: str) -> dict[str, str]:
    """Give each file an id from its path below a folder; those that would share one get a digest of the path too."""
    below = {path: PurePath(path).relative_to(root) for path in paths}
    ids = {path: slug(str(inner.with_suffix(""))) for path, inner in below.items()}
    count = Counter(ids.values())
    return {path: one if count[one] == 1 else f"{one}-{short_digest(str(below[path]))}" for path, one in ids.items()}


def _with_sidecar(source: Source, given: Collection[str], folder: Path) -> Source:
    """Add what the file beside a document says of what the config does not give."""
    path = folder / (source.path + SIDECAR)
    about = YamlFile(path).parse(About) if is_file(path) else About()
    return source.model_copy(update={name: getattr(about, name) for name in about.model_fields_set - set(given)})


def _twice(found: list[tuple[str, Source]]) -> list[Problem]:
    places: dict[str, list[str]] = defaultdict(list)
    for where, source in found:
        places[source.document_id].append(where)
    return [
        Problem(f"source '{name}' stands twice (first at {first})", where, "Give one of them an `id`.")
        for name, (first, *others) in places.items()
        for where in others
    ]
