"""Finds words and patterns in a statement, in time linear in its length (RE2)."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import re2

from steelyard.codebook import Cues, pattern_fault

Span = tuple[int, int]

# Typographic apostrophes, quotes, hyphens and spaces.
_PLAIN = {"'": "‘’ʼ＇", "-": "‐‑", '"': "“”", " ": "\u00a0\u2009\u202f\u3000\t\r\n"}
# Arabic letters that are often written for one another; Arabic and Persian digits.
_LETTERS = {"ا": "أإآٱ", "ي": "ى", "ه": "ة", "%": "٪"} | {str(n): chr(0x660 + n) + chr(0x6F0 + n) for n in range(10)}
_MARKS = "\u0640\u064b-\u065f\u0670"  # what only adorns Arabic words: the stretching line, vowel signs


def _table(plain: Mapping[str, str]) -> dict[str, str]:
    return {other: one for one, others in plain.items() for other in others}


_LETTERS_FOLDED = str.maketrans(_table(_LETTERS))
_FOLDED = str.maketrans(_table(_PLAIN)) | _LETTERS_FOLDED
_MARK = re.compile(f"[{_MARKS}]+")
_MARK_ON_LETTER = re.compile(f"(?<=[\u0621-\u064a])[{_MARKS}]+")
_ARABIC_WORD = re.compile(r"\s*([\u0621-\u064a]+)")
_GAP = r"[\s-]+"
_LEAST_NOUN = 3  # letters of an Arabic word; those with fewer are particles, which only "and" is joined to
_NOT_SPACED = ("ja", "lo", "km", "my", "th", "wuu", "yue", "zh")  # languages that don't set words apart


def fold(text: str) -> bytes:
    """Give a text with plain apostrophes, quotes, hyphens and spaces, as UTF-8, which is what RE2 works on.

    Letters are composed with their accents. Arabic letters that are written for one another become one; vowel signs go.
    """
    return _plain(text).encode()


def _plain(text: str) -> str:
    return _MARK.sub("", unicodedata.normalize("NFC", text)).translate(_FOLDED)


class Matcher:
    """Finds the phrases and patterns of a list of cues, upper or lower case.

    A phrase matches whole words (a trailing `*` stands for any ending), and a space or hyphen in it any run of these.
    In languages that don't set words apart a phrase matches anywhere. In Arabic it also matches behind what is written
    together with the next word: "and", and from three letters on prepositions and the article too.
    A match that touches one of `unless` is void.

    Args:
        cues: phrases, and patterns in RE2's syntax.
        spaced: whether the language sets words apart by spaces.
        unless: what voids a match that it overlaps.
    """

    def __init__(self, cues: Cues, *, spaced: bool, unless: Cues | None = None) -> None:
        """Compile phrases and patterns."""
        alike: dict[str, list[str]] = defaultdict(list)
        for phrase in cues.phrases:
            alike[_proclitics(phrase)].append(phrase)
        phrases = [_phrase_pattern(some, before, spaced=spaced) for before, some in sorted(alike.items())]
        patterns = [_folded_pattern(pattern) for pattern in cues.patterns]
        self._any = _compile("|".join(f"(?:{pattern})" for pattern in [*phrases, *patterns]), capture=False)
        self._phrases = [_compile(pattern) for pattern in phrases]
        self._patterns = [_compile(pattern) for pattern in patterns]
        self._unless = Matcher(unless, spaced=spaced) if unless and (unless.phrases or unless.patterns) else None

    def spans(self, text: bytes) -> list[Span]:
        """Give [start, end) of every match in a folded text, in bytes, sorted."""
        if not (self._phrases or self._patterns) or not self._any.search(text):  # most texts hold none
            return []
        void = self._unless.spans(text) if self._unless else []
        return sorted(span for span in set(self._matches(text)) if not any(overlap(span, other) for other in void))

    def _matches(self, text: bytes) -> Iterator[Span]:
        for phrases in self._phrases:
            match = phrases.search(text)
            while match:
                if match.end(1) > match.start(1):
                    yield match.span(1)
                match = phrases.search(text, match.end(1))  # the space between two phrases belongs to both
        for pattern in self._patterns:
            yield from (match.span() for match in pattern.finditer(text) if match.end() > match.start())


def matcher_of(cues: Mapping[str, Cues], language: str) -> Matcher | None:
    """Give what finds the cues of a language, or of the one that it is a variety of; none where there are no cues.

    Args:
        cues: by language code.
        language: of the text to be searched, such as en or zh-Hant.
    """
    plain = language.split("-")[0]
    given = cues.get(language) or cues.get(plain)
    return Matcher(given, spaced=plain not in _NOT_SPACED) if given else None


def overlap(one: Span, other: Span) -> int:
    """Count the characters that two spans share."""
    return max(0, min(one[1], other[1]) - max(one[0], other[0]))


def _proclitics(phrase: str) -> str:
    """Give the pattern of what Arabic writes together with a phrase's first word: nothing in other languages."""
    word = _ARABIC_WORD.match(_plain(phrase))
    if not word:
        return ""
    return "[وف]?" if len(word[1]) < _LEAST_NOUN else "[وف]?(?:[بكل]?(?:ال)?|لل)"


def _folded_pattern(pattern: str) -> str:
    """Give a pattern with its letters folded as a text's are, but for what would be no pattern then ("[ة-ج]")."""
    composed = unicodedata.normalize("NFC", pattern)
    folded = _MARK_ON_LETTER.sub("", composed).translate(_LETTERS_FOLDED)
    return pattern if folded != pattern and pattern_fault(folded) else folded


def _phrase_pattern(phrases: Iterable[str], before: str, *, spaced: bool) -> str:
    """Give one pattern for all phrases, the longest first; its first group is the phrase, without what is before."""
    ordered = sorted(set(phrases), key=lambda phrase: (-len(phrase), phrase))
    ending = r"[\pL\pN_']*" if spaced else ""
    words = "|".join(_words(phrase.rstrip("*")) + (ending if phrase.endswith("*") else "") for phrase in ordered)
    return rf"(?:^|[^\pL\pN_]){before}({words})(?:[^\pL\pN_]|$)" if spaced else f"({words})"


def _words(phrase: str) -> str:
    return _GAP.join(re2.escape(word) for word in _plain(phrase).replace("-", " ").split())


def _compile(pattern: str, *, capture: bool = True) -> Any:
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = 16 << 20  # bytes for states; twice the default spares patterns with long gaps a slower search
    options.never_capture = not capture
    return re2.compile(pattern.encode(), options=options)
