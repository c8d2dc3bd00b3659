"""Markdown and Word files, by way of pandoc: its blocks become paragraphs, headings and what is left out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pypandoc
from lxml import etree

from steelyard import archive
from steelyard.ingest.readers.composer import Composer, said
from steelyard.ingest.readers.file import Extract, File, Told, day
from steelyard.ingest.readers.layout import AUTHOR, EDITOR
from steelyard.ingest.readers.limited import GIGABYTES, HINT, run

# Plain CommonMark and what writers expect besides; nothing that changes a character, such as curly quotation marks.
_MARKDOWN = "commonmark+footnotes+pipe_tables+strikeout+task_lists+yaml_metadata_block+sourcepos"
_HEAP_EXHAUSTED = 251  # the exit code of Haskell's runtime
_FRONT_MATTER = re.compile(r"---[ \t]*\r?\n\s*[\w-]+[ \t]*:")
_LEFT_OUT = {"CodeBlock": "code", "RawBlock": "markup", "Table": "table"}
_CORE = "docProps/core.xml"
_NAMES = {"dc": "http://purl.org/dc/elements/1.1/"}
Node = Any  # pandoc's JSON


class Markdown:
    """Reads Markdown; its front matter tells title, author, date and url."""

    def recognises(self, file: File) -> bool:
        """Say whether the name or the front matter says Markdown."""
        return file.suffix in {".md", ".markdown", ".qmd", ".rmd"} or bool(_FRONT_MATTER.match(file.head))

    def read(self, file: File) -> list[Extract]:
        """Give the text without markup; places are the file's lines."""
        tree = _pandoc(file, _MARKDOWN, file.text.lstrip("\ufeff").encode(errors="replace"))
        meta = {name: _meta(value) for name, value in tree["meta"].items()}
        meta = {name: " ".join(value.split()) for name, value in meta.items()}
        told = Told(meta.get("title"), meta.get("author"), day(meta.get("date", "")), meta.get("url"))
        return [_extract(tree["blocks"], told)]


def _meta(value: Node) -> str:
    """Give a value of the front matter; of several, such as authors, all, parted by semicolons."""
    return "; ".join(map(_meta, value["c"])) if value["t"] == "MetaList" else "".join(_inline(value))


class Docx:
    """Reads Word files (.docx); their properties tell title and author."""

    def recognises(self, file: File) -> bool:
        """Say whether it is a ZIP archive that holds a Word document."""
        return file.content.startswith(b"PK") and b"word/document.xml" in file.content

    def read(self, file: File) -> list[Extract]:
        """Give the text without markup, tracked changes accepted; places are its paragraphs."""
        parts = _parts(file)
        return [_extract(_pandoc(file, "docx", archive.packed(parts))["blocks"], _properties(parts))]


def _parts(file: File) -> dict[str, bytes]:
    """Give the archive's entries that can hold text, once it is sure that unpacking them does no harm."""
    try:
        parts = archive.unpacked(file.content, lambda size: file.check_size(size, "unpacks to"), (".xml", ".rels"))
    except archive.FAULTS:
        raise file.fault("is a damaged Word file", "Open it in a word processor and save it anew.") from None
    if any(b"<!DOCTYPE" in part or b"<!ENTITY" in part for part in parts.values()):
        raise file.fault("is a damaged Word file (it declares entities)", "Save it anew in a word processor.")
    return parts


def _properties(parts: Mapping[str, bytes]) -> Told:
    try:
        core = etree.fromstring(parts[_CORE], etree.XMLParser(resolve_entities=False, no_network=True))
    except (KeyError, ValueError, etree.XMLSyntaxError):
        return Told()
    # Not the date: it tells when the file was saved, and a template's tells when that was made.
    title, author = (core.findtext(name, namespaces=_NAMES) or None for name in ("dc:title", "dc:creator"))
    return Told(title, author)


def _pandoc(file: File, source: str, content: bytes) -> Node:
    memory = ["+RTS", f"-M{GIGABYTES}g", "-RTS"]
    command = [pypandoc.get_pandoc_path(), *memory, "--from", source, "--to", "json", "--sandbox"]
    done = run(file, command, content)
    if done.returncode == _HEAP_EXHAUSTED:
        raise file.fault(f"takes more than {GIGABYTES} GB of memory to read", HINT)
    if done.returncode:
        said_so = " ".join(done.stderr.decode(errors="replace").split())[:200]
        raise file.fault(f"cannot be read ({said_so or 'pandoc failed'})", "Save it anew, or as plain text.")
    return json.loads(done.stdout)


def _extract(blocks: list[Node], told: Told) -> Extract:
    composer = Composer()
    for number, (kind, text, line) in enumerate(_paragraphs(blocks, None), start=1):
        place = f"line {line}" if line else f"paragraph {number}"
        if kind in _LEFT_OUT.values():
            composer.drop(text, kind, place)
        elif kind == "heading":
            composer.say(said("headline", EDITOR), (text, place))
        else:
            composer.say(said("post", AUTHOR), (text, place))
    return composer.extract(AUTHOR, told)


def _paragraphs(blocks: Iterable[Node], line: int | None) -> Iterator[tuple[str, str, int | None]]:
    """Give each paragraph as its kind, its text and the line where it begins, if that is known."""
    for block in blocks:
        kind, content = block["t"], block.get("c")
        line = _line(block) or line
        if kind == "Header":
            yield "heading", " ".join("".join(_inline(content[2])).split()), line
        elif kind in _LEFT_OUT:
            yield _LEFT_OUT[kind], content[1] if kind != "Table" else "\n".join(_cells(content)), line
        elif kind in ("Para", "Plain"):
            yield "paragraph", " ".join("".join(_inline(content)).split()), line
            for note in _notes(content):
                yield from _paragraphs(note, line)
        else:
            yield from _paragraphs(_blocks(content), line)


def _blocks(content: Node) -> Iterator[Node]:
    """Give the blocks anywhere inside, such as those of a list's items; lines of verse become paragraphs."""
    if isinstance(content, dict) and "t" in content:
        if content["t"] in _BLOCKS:
            yield content
    elif isinstance(content, list):
        if content and all(isinstance(one, dict) and one.get("t") not in _BLOCKS and "t" in one for one in content):
            yield {"t": "Plain", "c": content}
        else:
            for one in content:
                yield from _blocks(one)


_BLOCKS = frozenset(
    """
    Plain Para LineBlock CodeBlock RawBlock BlockQuote OrderedList BulletList DefinitionList Header HorizontalRule
    Table Figure Div
    """.split()  # noqa: SIM905
)


def _cells(content: Node) -> Iterator[str]:
    for block in _blocks(content):
        yield from (text for _, text, _ in _paragraphs([block], None))


def _line(block: Node) -> int | None:
    """Give the line of the source where a block begins, if pandoc noted it."""
    place = {"Div": 0, "CodeBlock": 0, "Table": 0, "Header": 1}.get(block["t"])
    noted = dict(block["c"][place][2]).get("data-pos", "") if place is not None else ""
    return int(noted.partition(":")[0]) if noted else None


def _notes(content: Node) -> Iterator[list[Node]]:
    for one in content if isinstance(content, list) else ():
        if isinstance(one, dict) and one.get("t") == "Note":
            yield one["c"]
        else:
            yield from _notes(one.get("c") if isinstance(one, dict) else one)


def _inline(content: Node) -> Iterator[str]:
    """Give the words of inline content; a footnote's stand in a paragraph of their own."""
    if isinstance(content, list):
        for one in content:
            yield from _inline(one)
    elif isinstance(content, dict):
        match content["t"]:
            case "Str" | "MetaString":
                yield content["c"]
            case "Space" | "SoftBreak" | "LineBreak":
                yield " "
            case "Code" | "Math":
                yield content["c"][1]
            case "Link" | "Image" | "Span" | "Quoted" | "Cite":
                yield from _inline(content["c"][1])
            case "Note" | "RawInline":
                pass
            case _:
                yield from _inline(content.get("c"))
