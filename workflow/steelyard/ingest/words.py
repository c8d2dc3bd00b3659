"""Words as echoes and languages are told by: case-folded, without punctuation."""

from __future__ import annotations

import re
import unicodedata

# Scripts that put no spaces between words: Han, kana, and Han beyond the basic plane.
UNSPACED = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_WORD = re.compile(rf"[{UNSPACED}]|[^\W{UNSPACED}]+(?:'[^\W{UNSPACED}]+)*")
_ASCII_WORD = re.compile(r"\w+(?:'\w+)*", re.ASCII)  # the same in texts of ASCII only, which most are: quicker
_ARABIC_MARKS = re.compile("[\u0640\u064b-\u065f\u0670]+")  # the stretching line and vowel signs
_IS_UNSPACED = re.compile(rf"[{UNSPACED}]")


def words(text: str) -> tuple[str, ...]:
    """Give a text's words; a character of a script without spaces is a word.

    Letters are composed with their accents, and Arabic is taken without vowel signs, however either is written.
    """
    if text.isascii():
        return tuple(_ASCII_WORD.findall(text.lower()))
    composed = unicodedata.normalize("NFC", text.casefold())
    return tuple(_WORD.findall(_ARABIC_MARKS.sub("", composed).replace("’", "'")))


def is_unspaced(word: str) -> bool:
    """Say whether a word is a character of a script without spaces."""
    return bool(_IS_UNSPACED.match(word))
