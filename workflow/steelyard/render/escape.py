"""Text of the corpus as data: whatever characters it holds come out as those characters, in HTML and in the PDF."""

from __future__ import annotations

import re
import unicodedata
import urllib.parse
from typing import Literal

# Quarto looks for `{{<` even in attributes, where entities are decoded first: a word joiner keeps braces apart.
_BRACES = re.compile(r"\{(?=\{)")
_WORD_JOINER = "\u2060"
# All else is written as entities in attributes: what pandoc looks for in a row of a table before it knows of attributes
# (code, formulae, TeX, tags, bars) would run on into other rows.
_PROSE = frozenset(" .,:;()-–—…%")
_TURNING = ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")


def entities(text: str) -> str:
    """Write text for a Quarto source so that nothing in it can be markup.

    Every code point that is neither a letter nor a digit nor a blank is written as `&#N;`; a control character, which
    neither HTML nor PDF can hold, is shown by its code (see `visible`).

    Args:
        text: any text. Line breaks become blanks.

    Returns:
        Markdown of the same characters, on one line.
    """
    return "".join(_entity(character) for character in visible(" ".join(text.splitlines())))


def _entity(character: str) -> str:
    # Combining marks belong to the letter before them, which a blank entity between would part.
    plain = character == " " or character.isalnum() or unicodedata.category(character).startswith("M")
    return character if plain else f"&#{ord(character)};"


def visible(text: str) -> str:
    """Write each control character and noncharacter as its code, "[U+0007]", and a tab as a blank.

    So are characters of private use, which no font has, and marks that turn the direction of writing: one that is never
    closed would turn what stands after the text.
    """
    return "".join(_visible(character) for character in text.replace("\t", " "))


def _visible(character: str) -> str:
    hidden = unicodedata.category(character) in ("Cc", "Co", "Cs") or unicodedata.bidirectional(character) in _TURNING
    hidden = hidden or _is_noncharacter(ord(character))
    return f"[U+{ord(character):04X}]" if hidden else character


def _is_noncharacter(point: int) -> bool:
    """Say whether Unicode keeps a code point from ever being a character; HTML has no reference for it."""
    return point & 0xFFFE == 0xFFFE or 0xFDD0 <= point <= 0xFDEF


def attribute(text: str) -> str:
    """Write text for a quoted attribute of a Quarto source, such as a figure's alternative text."""
    joined = _BRACES.sub("{" + _WORD_JOINER, visible(" ".join(text.split())))
    return "".join(one if one in _PROSE else _entity(one) for one in joined)


def direction(text: str) -> Literal["", "ltr", "rtl"]:
    """Say how a text is to be kept apart from what stands around it: as most of its letters are written.

    Nothing is needed, and "" given, where none of them is written from right to left.
    """
    kinds = [unicodedata.bidirectional(character) for character in text]
    backwards = kinds.count("R") + kinds.count("AL")
    if not backwards:
        return ""
    return "rtl" if backwards > kinds.count("L") else "ltr"


def link_target(url: str) -> str | None:
    """Give a URL that a link may point to: http or https, with nothing in it that could end the link; else None."""
    if not url.lower().startswith(("http://", "https://")):
        return None
    return urllib.parse.quote(url, safe="-._~:/?#@!$&'+,;=%")
