"""Finds words and patterns in a statement, in time linear in its length (RE2)."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

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
_SPACES_FOLDED = bytes.maketrans(b"\t\r\n", b"   ")  # all of the above that is ASCII
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
    if text.isascii():
        return text.encode().translate(_SPACES_FOLDED)
    return _plain(text).encode()


def _plain(text: str) -> str:
    return _MARK.sub("", unicodedata.normalize("NFC", text)).translate(_FOLDED)


class Matcher:
    """Finds lists of cues, each under a name: their phrases and patterns, upper or lower case.

    A phrase matches whole words (a trailing `*` stands for any ending), and a space or hyphen in it any run of these.
    In languages that don't set words apart a phrase matches anywhere. In Arabic it also matches behind what is written
    together with the next word: "and", and from three letters on prepositions and the article too.
    A match that touches one of what `unless` gives for its list is void.

    Args:
        lists: phrases, and patterns in RE2's syntax, by name.
        spaced: whether the language sets words apart by spaces.
        unless: what voids a match of a list that it overlaps, by the list's name.
    """

    def __init__(self, lists: Mapping[str, Cues], *, spaced: bool, unless: Mapping[str, Cues] | None = None) -> None:
        """Compile phrases and patterns."""
        void = unless or {}
        searches = [
            _Search(name, voids, group, pattern.encode())
            for name, cues in lists.items()
            for voids, part in ((False, cues), (True, void.get(name, Cues())))
            for group, pattern in _patterns(part, spaced=spaced)
        ]
        self._sieves = _sieves(searches)

    def spans(self, text: bytes) -> dict[str, list[Span]]:
        """Give [start, end) of every match in a folded text, in bytes, sorted, by the name of its list.

        A list that isn't found is left out.
        """
        found: dict[str, set[Span]] = {}
        for search, pattern in (one for left in self._sieves for one in left(text)):
            if not search.voids:
                found.setdefault(search.name, set()).update(_spans(pattern, search.group, text))
            elif held := found.get(search.name):  # what voids comes after what it may void
                void = _spans(pattern, search.group, text)
                found[search.name] = {span for span in held if not any(overlap(span, other) for other in void)}
        return {name: sorted(spans) for name, spans in found.items() if spans}


class _Search(NamedTuple):
    """One pattern to look for.

    Args:
        name: of the list that it belongs to.
        voids: whether it is one of what voids the list's matches.
        group: of the pattern, which is what counts as found.
        pattern: in RE2's syntax.
    """

    name: str
    voids: bool
    group: int
    pattern: bytes


_Compiled = tuple[_Search, Any]


class _Sieve:
    """Tells in one pass over a text which of many searches may find something there; most can't.

    A pattern with a gap ("open.{0,60}weights") makes RE2 build automaton states all along a text that it has not seen
    yet. So what is looked for first is the plain words that a pattern cannot match without, of all patterns at once.

    Args:
        searches: what is sifted.

    Raises:
        re2.error: they are too many for one automaton.
    """

    def __init__(self, searches: Sequence[_Search]) -> None:
        """Compile the automata."""
        self._words = re2.Filter()
        for search in searches:
            self._words.Add(search.pattern, _options())
        self._words.Compile()
        self._searches = [(search, self._words.re(place)) for place, search in enumerate(searches)]
        self._without_words = self._words.Match(b"", True) or []
        self._others = re2.Set.SearchSet(_options())
        for place in self._without_words:
            self._others.Add(searches[place].pattern)
        self._others.Compile()

    def left(self, text: bytes) -> list[_Compiled]:
        """Give the searches that may find something, in their order."""
        places = set(self._words.Match(text, True) or ()).difference(self._without_words)
        places.update(self._without_words[number] for number in self._others.Match(text) or ())
        return [self._searches[place] for place in sorted(places)]


def _sieves(searches: Sequence[_Search]) -> list[Callable[[bytes], list[_Compiled]]]:
    """Give what sifts all searches: one sieve, or several where they are too many for one."""
    try:
        return [_Sieve(searches).left]
    except re2.error:
        half = len(searches) // 2
        if half:
            return [*_sieves(searches[:half]), *_sieves(searches[half:])]
        alone = [(search, re2.compile(search.pattern, options=_options())) for search in searches]
        return [lambda _: alone]


def _spans(pattern: Any, group: int, text: bytes) -> list[Span]:
    if not group:
        return [span for match in pattern.finditer(text) if (span := match.span())[0] < span[1]]
    found = []
    place = 0
    while place < len(text) and (match := pattern.search(text, place)):
        start, end = span = match.span(group)
        if start < end:
            found.append(span)
        place = max(end, place + 1)  # the space between two phrases belongs to both
    return found


def matcher_of(lists: Mapping[str, Mapping[str, Cues]], language: str) -> Matcher:
    """Give what finds the cues of a language, or of the one that it is a variety of.

    Args:
        lists: by name, cues by language code; a list without cues for the language is never found.
        language: of the text to be searched, such as en or zh-Hant.
    """
    plain = language.split("-")[0]
    given = {name: found for name, cues in lists.items() if (found := cues.get(language) or cues.get(plain))}
    return Matcher(given, spaced=plain not in _NOT_SPACED)


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


def _patterns(cues: Cues, *, spaced: bool) -> Iterator[tuple[int, str]]:
    """Give the patterns of cues, each with its group that counts as found."""
    alike: dict[str, list[str]] = defaultdict(list)
    for phrase in cues.phrases:
        alike[_proclitics(phrase)].append(phrase)
    for before, phrases in sorted(alike.items()):
        yield 1, _phrase_pattern(phrases, before, spaced=spaced)
    for pattern in cues.patterns:
        yield 0, _folded_pattern(pattern)


def _phrase_pattern(phrases: Iterable[str], before: str, *, spaced: bool) -> str:
    """Give one pattern for all phrases, the longest first; its first group is the phrase, without what is before."""
    ordered = sorted(set(phrases), key=lambda phrase: (-len(phrase), phrase))
    ending = r"[\pL\pN_']*" if spaced else ""
    words = "|".join(_words(phrase.rstrip("*")) + (ending if phrase.endswith("*") else "") for phrase in ordered)
    return rf"(?:^|[^\pL\pN_]){before}({words})(?:[^\pL\pN_]|$)" if spaced else f"({words})"


def _words(phrase: str) -> str:
    return _GAP.join(re2.escape(word) for word in _plain(phrase).replace("-", " ").split())


def _options() -> Any:
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = 16 << 20  # bytes for states; twice the default spares patterns with long gaps a slower search
    return options
