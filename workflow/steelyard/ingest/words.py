"""Words as echoes and languages are told by: case-folded, without punctuation."""

from __future__ import annotations

import re

# Scripts that put no spaces between words: Han, kana, and Han beyond the basic plane.
_UNSPACED = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_WORD = re.compile(rf"[{_UNSPACED}]|(?:(?![{_UNSPACED}])\w)+(?:['’](?:(?![{_UNSPACED}])\w)+)*")
_IS_UNSPACED = re.compile(rf"[{_UNSPACED}]")


def words(text: str) -> tuple[str, ...]:
    """Give a text's words; a character of a script without spaces is a word."""
    return tuple(_WORD.findall(text.casefold().replace("’", "'")))


def is_unspaced(word: str) -> bool:
    """Say whether a word is a character of a script without spaces."""
    return bool(_IS_UNSPACED.match(word))
