"""Finds words and patterns in a statement, in time linear in its length (RE2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import re2

from steelyard.codebook import Cues

Span = tuple[int, int]

# Typographic apostrophes, quotes, hyphens and spaces.
_PLAIN = {"'": "‘’ʼ＇", "-": "‐‑", '"': "“”", " ": "\u00a0\u2009\u202f\u3000\t\r\n"}
_FOLDED = str.maketrans({other: plain for plain, others in _PLAIN.items() for other in others})
_GAP = r"[\s-]+"
_NOT_SPACED = ("ja", "lo", "km", "my", "th", "wuu", "yue", "zh")  # languages that don't set words apart


def fold(text: str) -> bytes:
    """Give a text with plain apostrophes, quotes, hyphens and spaces, as UTF-8, which is what RE2 works on."""
    return text.translate(_FOLDED).encode()


class Matcher:
    """Finds the phrases and patterns of a list of cues, upper or lower case.

    A phrase matches whole words (a trailing `*` stands for any ending), and a space or hyphen in it any run of these.
    In languages that don't set words apart a phrase matches anywhere. A match that touches one of `unless` is void.

    Args:
        cues: phrases, and patterns in RE2's syntax.
        spaced: whether the language sets words apart by spaces.
        unless: what voids a match that it overlaps.
    """

    def __init__(self, cues: Cues, *, spaced: bool, unless: Cues | None = None) -> None:
        """Compile phrases and patterns."""
        phrases = [_phrase_pattern(cues.phrases, spaced=spaced)] if cues.phrases else []
        self._any = _compile("|".join(f"(?:{pattern})" for pattern in [*phrases, *cues.patterns]), capture=False)
        self._phrases = [_compile(pattern) for pattern in phrases]
        self._patterns = [_compile(pattern) for pattern in cues.patterns]
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


def _phrase_pattern(phrases: Iterable[str], *, spaced: bool) -> str:
    """Give one pattern for all phrases, the longest first; its first group is the phrase."""
    ordered = sorted(set(phrases), key=lambda phrase: (-len(phrase), phrase))
    ending = r"[\pL\pN_']*" if spaced else ""
    words = "|".join(_words(phrase.rstrip("*")) + (ending if phrase.endswith("*") else "") for phrase in ordered)
    return rf"(?:^|[^\pL\pN_])({words})(?:[^\pL\pN_]|$)" if spaced else f"({words})"


def _words(phrase: str) -> str:
    return _GAP.join(re2.escape(word) for word in phrase.translate(_FOLDED).replace("-", " ").split())


def _compile(pattern: str, *, capture: bool = True) -> Any:
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = 16 << 20  # bytes for states; twice the default spares patterns with long gaps a slower search
    options.never_capture = not capture
    return re2.compile(pattern.encode(), options=options)
