"""What is refused in the text itself, before pandoc sees it: with file and line, all at once."""

from __future__ import annotations

import re
from collections.abc import Iterator

from steelyard.errors import Problem
from steelyard.render.embedded.sources import Line, Source, code_blocks, code_lines

_CELL = re.compile(r"\{+\s*(?!=)[A-Za-z][\w-]*[\s,}]|\{\{")
_DIV = re.compile(r"[\s>]*(:{3,})\s*(.*?)\s*:*\s*$")
_DIV_OPENING = re.compile(r"(\{.*\}|[\w.-]+)$")
# An attribute's name is tried from its first character only: from each of a very long word's would take its square.
_CODE_OR_ATTRIBUTE = re.compile(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)|(?<![\w-])[\w-]+=\"(?:[^\"\\]|\\.)*\"")
_NOTE = re.compile(r"(?<!\\)\[\^([^\]\s]+)\]")
_CLOSED_BLOCK = re.compile(r"\s*$|[\s>]*:{3,}|#{1,6}\s|[\s>]*(`{3,}|~{3,})\s*$|.*-->\s*$|>\s*$")


def check_text(source: Source) -> list[Problem]:
    """Find what the text may not hold: code cells, unclosed code and divs, notes without text, YAML in the middle."""
    inside = code_lines(source.lines)
    outside = [(index, line) for index, line in enumerate(source.lines) if index not in inside]
    return [
        *_code_blocks(source.lines),
        *_divs(source.lines, outside),
        *_notes([line for _, line in outside]),
        *_yaml_blocks(source.lines, inside),
    ]


def _code_blocks(lines: list[Line]) -> Iterator[Problem]:
    for block in code_blocks(lines):
        where = lines[block.first].where
        if block.last is None:
            yield Problem("A code block is not closed", where)
        if _CELL.match(block.info):
            yield Problem(f"A code cell {block.info}", where, "Sources hold no code that runs: include its results")


def _divs(lines: list[Line], outside: list[tuple[int, Line]]) -> Iterator[Problem]:
    opened: list[Line] = []
    for index, line in outside:
        match = _DIV.match(line.text)
        if not match:
            continue
        attributes = match.group(2)
        if not attributes:
            if opened:
                opened.pop()
            else:
                yield Problem("A div is closed that was never opened", line.where)
            continue
        opened.append(line)
        if not _DIV_OPENING.match(attributes) or attributes.count('"') % 2:
            yield Problem("The attributes of a div are malformed", line.where, 'Write ::: {.class key="value"}')
        elif index and not _CLOSED_BLOCK.match(lines[index - 1].text):
            yield Problem("A div begins inside a paragraph", line.where, "Put a blank line before it")
    for line in opened:
        yield Problem("A div is not closed", line.where, "End it with a line :::")


def _notes(lines: list[Line]) -> Iterator[Problem]:
    texts = [(line, _CODE_OR_ATTRIBUTE.sub("", line.text)) for line in lines]
    defined = {match.group(1) for _, text in texts if (match := re.match(r"\s{0,3}\[\^([^\]\s]+)\]:", text))}
    for line, text in texts:
        for name in _NOTE.findall(text):
            if name not in defined:
                yield Problem(f"The note [^{name}] has no text", line.where)


def _yaml_blocks(lines: list[Line], inside: set[int]) -> Iterator[Problem]:
    for index, line in enumerate(lines[:-1]):
        begins = (
            index not in inside and line.text.rstrip() == "---" and (index == 0 or not lines[index - 1].text.strip())
        )
        if begins and re.match(r"[\w-]+:(\s|$)", lines[index + 1].text):
            yield Problem("Metadata in the middle of the text", line.where, "Options belong at the top of the document")
