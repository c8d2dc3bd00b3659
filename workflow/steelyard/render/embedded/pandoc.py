"""Run pandoc, and handle its syntax tree (the JSON form: dicts with "t" and "c")."""

from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pypandoc

from steelyard.render.embedded.sources import SHOWN_CLOSE, SHOWN_OPEN

Node = dict[str, Any]
Attributes = tuple[str, list[str], list[tuple[str, str]]]

_CONTROL = re.compile(r"(?<!\\)((?:\\\\)*)\\u00(?:0[0-8bcefBCEF]|1[0-9a-fA-F]|7[fF]|[89][0-9a-fA-F])|[\x7f-\x9f]")
# Metadata is read by ourselves; no other block may pass for it.
_READER = "markdown-yaml_metadata_block-pandoc_title_block"


def run(arguments: Iterable[str], text: str, folder: Path) -> str:
    """Run pandoc on a text and give what it writes.

    Raises:
        RuntimeError: with pandoc's message.
    """
    command = [pypandoc.get_pandoc_path(), *arguments]
    # Pandoc goes by the locale for the names of files.
    environment = os.environ | {"LC_ALL": "C.UTF-8"}
    done = subprocess.run(command, input=text.encode(), capture_output=True, cwd=folder, env=environment, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr.decode(errors="replace").strip())
    return done.stdout.decode()


def read(text: str, metadata: dict[str, Any], folder: Path) -> tuple[Node, list[dict[str, Any]]]:
    """Parse Markdown; metadata texts are Markdown too.

    Returns:
        The tree, and pandoc's log entries (with "type", "line", "pretty").
    """
    with tempfile.TemporaryDirectory() as scratch:
        meta, log = Path(scratch, "meta.json"), Path(scratch, "log.json")
        meta.write_text(json.dumps(metadata), encoding="utf-8")
        options = [f"--from={_READER}", "--to=json", "--quiet", f"--metadata-file={meta}", f"--log={log}"]
        tree = run(options, text, folder)
        entries = json.loads(log.read_text(encoding="utf-8"))
    return parsed(tree.replace(SHOWN_OPEN, "{{<").replace(SHOWN_CLOSE, ">}}")), entries


def parsed(tree: str) -> Node:
    """Read a tree from its JSON form; control characters, which HTML cannot hold, become U+FFFD."""
    content: Node = json.loads(_CONTROL.sub(r"\1\\ufffd", tree))
    return content


def write(tree: Node, options: Iterable[str], folder: Path) -> str:
    """Write a tree in the format that the options name."""
    return run(["--from=json", "--wrap=none", "--quiet", *options], json.dumps(tree), folder)


Visit = Callable[[Node], list[Node] | None]


def rewrite(node: Any, visit: Visit) -> Any:
    """Rebuild a tree from the top: `visit` gives what replaces an element, or None to go on with its children."""
    if isinstance(node, list):
        result: list[Any] = []
        for item in node:
            replacement = visit(item) if isinstance(item, dict) and "t" in item else None
            if replacement is not None:
                result += replacement
            else:
                result.append(item if _is_leaf(item) else rewrite(item, visit))
        return result
    return {key: rewrite(value, visit) if isinstance(value, (list, dict)) else value for key, value in node.items()}


def _is_leaf(item: Any) -> bool:
    """Say whether nothing can stand inside: most of a tree is words and blanks."""
    if isinstance(item, dict):
        return not isinstance(item.get("c", ""), (list, dict)) and "t" in item
    return not isinstance(item, list)


def elements(node: Any) -> list[Node]:
    """Give every element of a tree, in the order of the text."""
    found: list[Node] = []
    _collect(node, found)
    return found


def _collect(node: Any, found: list[Node]) -> None:
    for value in node if isinstance(node, list) else node.values():
        if isinstance(value, dict) and "t" in value:
            found.append(value)
        if not _is_leaf(value):
            _collect(value, found)


def plain_text(node: Any) -> str:
    """Give the text of inlines or blocks without markup; notes are left out."""
    if isinstance(node, list):
        return "".join(plain_text(item) for item in node)
    if not isinstance(node, dict):
        return ""
    match node.get("t"):
        case "Str":
            return str(node["c"])
        case "Space" | "SoftBreak" | "LineBreak":
            return " "
        case "Code" | "Math":
            return str(node["c"][1])
        case "Note" | "RawInline" | "RawBlock":
            return ""
        case "Quoted":
            return _quoted_text(node)
    return plain_text(node.get("c", []))


def _quoted_text(node: Node) -> str:
    opening, closing = quotation_marks(node)
    return f"{opening}{plain_text(node['c'][1])}{closing}"


def quotation_marks(node: Node) -> tuple[str, str]:
    """Give the marks around a Quoted element."""
    return ("‘", "’") if node["c"][0]["t"] == "SingleQuote" else ("“", "”")


def string(text: str) -> Node:
    """Make a Str."""
    return {"t": "Str", "c": text}


def plain(inlines: list[Node]) -> Node:
    """Make a Plain block."""
    return {"t": "Plain", "c": inlines}


def raw(format_name: str, text: str) -> Node:
    """Make an inline that one format gets as it is."""
    return {"t": "RawInline", "c": [format_name, text]}


def raw_block(format_name: str, text: str) -> Node:
    """Make a block that one format gets as it is."""
    return {"t": "RawBlock", "c": [format_name, text]}


def div(blocks: list[Node], identifier: str = "", classes: Iterable[str] = (), **keys: str) -> Node:
    """Make a Div; underscores in key names become hyphens."""
    pairs = [[key.replace("_", "-"), value] for key, value in keys.items()]
    return {"t": "Div", "c": [[identifier, list(classes), pairs], blocks]}


def span(inlines: list[Node], identifier: str = "", classes: Iterable[str] = ()) -> Node:
    """Make a Span."""
    return {"t": "Span", "c": [[identifier, list(classes), []], inlines]}


def key_value(attributes: Any, key: str) -> str | None:
    """Give the value of a key in a pandoc attribute triple."""
    return dict(attributes[2]).get(key)
