"""Citations and the list of references: made by pandoc's citeproc, and the same in both formats."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from steelyard.errors import Problem, SteelyardError
from steelyard.render.embedded import pandoc
from steelyard.render.embedded.document import Output, refused_scheme
from steelyard.render.embedded.options import Settings
from steelyard.render.embedded.pandoc import Node

_BEFORE, _AFTER = "([“‘", ".,:;)]”’"


@dataclass(frozen=True)
class Bibliography:
    """What can be cited, and what pandoc must be told for it."""

    keys: set[str]
    options: list[str]


def read(settings: Settings) -> Bibliography | None:
    """Read the bibliography that the options name; None without one.

    Raises:
        SteelyardError: a file is missing or cannot be read.
    """
    names = [str(name) for name in settings.items("bibliography")]
    if not names:
        return None
    keys: set[str] = set()
    options = ["--citeproc"]
    problems: list[Problem] = []
    for key, name in [*(("bibliography", name) for name in names), *(("csl", str(n)) for n in settings.items("csl"))]:
        path = settings.source.path(name)
        if path is None or not path.is_file():
            problems.append(Problem(f"The file {name} was not found", settings.where(key)))
            continue
        options.append(f"--{key}={path}")
        if key == "bibliography":
            keys |= _keys(path, settings, problems)
    if problems:
        raise SteelyardError(problems)
    return Bibliography(keys, options)


def _keys(path: Path, settings: Settings, problems: list[Problem]) -> set[str]:
    text = path.read_text(encoding="utf-8-sig")
    try:
        if path.suffix != ".json":
            text = pandoc.run(
                [f"--from={'biblatex' if path.suffix == '.bib' else 'yaml'}", "--to=csljson"], text, path.parent
            )
        return {str(item["id"]) for item in json.loads(text)}
    except (RuntimeError, ValueError, KeyError, TypeError) as error:
        problems.append(
            Problem(f"The bibliography {path.name} cannot be read: {error}", settings.where("bibliography"))
        )
        return set()


def cited(tree: Node, bibliography: Bibliography, output: Output, settings: Settings) -> Node:
    """Give the document with its citations and references written out.

    Args:
        tree: the document after its transformation.
        bibliography: what it cites.
        output: the format.
        settings: the options for it.

    Raises:
        SteelyardError: an entry would load or run something; what is cited is data, and was not checked before.
    """
    written = pandoc.write(tree, ["--to=json", *bibliography.options], settings.source.folder)
    problems: list[Problem] = []

    def visit(node: Node) -> list[Node] | None:
        entry = node["t"] == "Div" and "csl-entry" in node["c"][0][1]
        if not entry and node["t"] != "Cite":
            return None
        for inner in pandoc.elements(node["c"][1]):
            if inner["t"] in ("Image", "RawInline") or (inner["t"] == "Link" and refused_scheme(inner["c"][2][0])):
                what = f"An entry of the bibliography holds {_named(inner)}"
                problems.append(Problem(what, settings.where("bibliography")))
        return [{**node, "c": [node["c"][0], _kept_apart(node["c"][1], output)]}]

    result: Node = pandoc.rewrite(pandoc.parsed(written), visit)
    if problems:
        raise SteelyardError(list(dict.fromkeys(problems)))
    return result


def _named(node: Node) -> str:
    return {"Image": "an image", "RawInline": "raw text"}.get(node["t"]) or f"a link to {node['c'][2][0]}"


def _kept_apart(content: Any, output: Output) -> Any:
    """Isolate words that are written from right to left, or the years and words beside them would turn with them."""
    if isinstance(content, dict):
        return {key: _kept_apart(value, output) for key, value in content.items()}
    if not isinstance(content, list):
        return content
    result: list[Any] = []
    words: list[Node] = []
    for item in [*content, None]:
        if _is_backwards(item) or (words and _is_blank(item)):
            words.append(item)
            continue
        blanks = [words.pop()] if words and _is_blank(words[-1]) else []
        result += [*(_isolated(words, output) if words else []), *blanks]
        words = []
        result += [] if item is None else [_kept_apart(item, output)]
    return result


def _isolated(words: list[Node], output: Output) -> list[Node]:
    """Isolate words in a row, but for the marks before and after them: these belong to the list."""
    first, last = words[0]["c"], words[-1]["c"]
    before, after = first[: len(first) - len(first.lstrip(_BEFORE))], last[len(last.rstrip(_AFTER)) :]
    inner = [pandoc.string(first.removeprefix(before)), *words[1:]]
    inner[-1] = pandoc.string(inner[-1]["c"].removesuffix(after))
    span = {"t": "Span", "c": [["", [], [["dir", "rtl"]]], inner]}
    marks = [[pandoc.string(text)] if text else [] for text in (before, after)]
    return [*marks[0], *(output.wrapped(span, inner) or [span]), *marks[1]]


def _is_blank(item: Any) -> bool:
    return isinstance(item, dict) and item.get("t") == "Space"


def _is_backwards(item: Any) -> bool:
    text = item["c"] if isinstance(item, dict) and item.get("t") == "Str" else ""
    return any(unicodedata.bidirectional(character) in ("R", "AL") for character in text)
