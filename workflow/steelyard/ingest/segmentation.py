"""Sentences of an utterance as exact spans, and the reason why a span is no statement."""

from __future__ import annotations

import bisect
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence

import sentencex

from steelyard.ingest.readers.layout import Dropped, Line, blocks, lines

Span = tuple[int, int]

_URL = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_MENTION = re.compile(r"@\w+(?:[.@-]\w+)*")
_LIST_MARK, _LONGEST_LIST_MARK = re.compile(r"\(?(?:\d{1,3}|[a-zA-Z])[.)]"), 5
# Abbreviations after which sentencex ends a sentence, though a number or a small letter follows.
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:aka|approx|ch|ed|eds|eq|est|etc|excl|incl|max|min|misc|resp|tab|temp|vol)\.$", re.IGNORECASE
)
_ABBREVIATION_IN = {  # by language; those of German, sentencex knows
    "es": re.compile(
        r"\b(?:aprox|arts|cía|cit|comp|coord|ed|ene|feb|hab|HH|ibíd|id|núms|op|pl|ss|trad)\.$", re.IGNORECASE
    ),
    "fr": re.compile(
        r"\b(?:adj|avr|boul|cit|déc|dép|env|févr|hab|J\.-C|janv|juil|max|min|nov|nos?|oct|op|réf|rév|sept|t|trad)\.$",
        re.IGNORECASE,
    ),
}
# What stands before a name, a noun or a number, of whatever letters, and never ends a sentence.
_GOES_ON = {
    "ar": re.compile(r"(?:^|[\s(«\"])[وفبلك]?(?:[\u0621-\u064a]\u0640?\.)+$"),  # one letter for a title, a page, an era
    "de": re.compile(
        r"\b(?:abb|abs|abt|allg|anm|bde?|bes|dipl|dt|ehem|engl|exkl|frl|frz|geb|gem|gest|hg|hl|hrsg|inkl|insb|jg|lat"
        r"|nrn|tel|urspr|verh|zit|ziff|zzgl)\.$|-ing\.$|\b(?:beim|das|dem|den|der|des|die|im|vom|zum|zur) \d{1,2}\.$",
        re.IGNORECASE,
    ),
    "es": re.compile(r"\b(?:D|Dña|Da|Profa|Cnel|Mons|Excm[oa]|Ilm[oa])\.$"),
    "fr": re.compile(r"\b(?:MM?|Mmes?|Mlles?|Dre?|Pre?|Me|Ste?|Sté|Ch|bd|c\.-à-d|C\.-à-d|(?!J\.-C)[A-Z]\.-[A-Z])\.$"),
}
# What follows a quote that ends as a sentence does, in scripts without capitals: who said it.
_SAID = {
    "ar": re.compile(r"^(?:قال|سأل|أجاب|صاح|أم |أو )"),
    "zh": re.compile(r"^\w{0,4}[说說问問道答喊叫想](?:[，。,：:！？]|$)"),
}
_JOINED = re.compile(r"\d\.\d$|\w\.-$")  # Arabic decimals, "Dipl.-Ing."
_QUOTE_END = ("”", "」", "』", "»", '"')
_SPACE_BEFORE_STOP = re.compile(r"[^\S\x00- ]\.")  # one that is no ASCII; sentencex fails on it after a single letter
_AFTER_LETTER = re.compile(r"(\b[^\W\d_]\s*)[^\S\x00- ](?=\.)")


def _stops_after(words: str, then: str) -> re.Pattern[str]:
    """Give a pattern of the stops after words: looking back from a stop is quicker than looking for all the words."""
    alike = itertools.groupby(sorted(words.split(), key=len), key=len)  # one looks back a fixed number of letters
    behind = "|".join(rf"(?<=\b(?:{'|'.join(some)})\.)" for _, some in alike)
    return re.compile(rf"\.(?:{behind}){then}")


# Words that sentencex takes for abbreviations (Maine, number, …), so that it ends no sentence after them.
_NEXT = r"[\"'”’»“)]*\s+(?=[(\"'“‘«„»¿¡—]*[A-ZÀ-ÖØ-Þ])"
_NEXT_IN_ENGLISH = r"[\"'”’)]*\s+(?=[(\"'“‘]?[A-Z])"
_WORD_AT_END = {
    "de": _stops_after("Art id mag mich ok OK Ok", _NEXT),
    "en": _stops_after("art fed hr id ill may me miss no ok HR ID No OK Ok SEC", _NEXT_IN_ENGLISH),
    "es": _stops_after("bien Bien contra Contra da di en id kg km mar mín min no No nos ok para un", _NEXT),
    "fr": _stops_after("art ex id inf mm sup", _NEXT),
}
_BEHIND, _AHEAD = 40, 8  # characters that are looked at around a cut
_ENDS = (".", "!", "?", "؟", "…", ":", "»", '"')
_LONGEST = 10_000  # code points of a paragraph
_STOP = re.compile(r"[.!?…؟][\"'”’»)\]]*\s|[。！？]")
_WRAPPED_WIDTH = range(40, 101)  # of lines that an editor or a mail program has broken


def sentences(text: str, start: int, end: int, language: str) -> list[Span]:
    """Cut a span into sentences.

    Args:
        text: the document.
        start: first code point of the span.
        end: first code point after it.
        language: code of its language.

    Returns:
        Spans without white space around them, in order. A sentence never runs over a paragraph's end; together they
        hold all of the span but white space.
    """
    found: list[Span] = []
    for first, last in paragraphs(text, start, end):
        cut(text, first, last, language, found)
    return found


def without(start: int, end: int, dropped: Sequence[Dropped]) -> Iterator[Span]:
    """Give what is left of a span once dropped spans (in order) are taken out."""
    first = bisect.bisect_left(dropped, start, key=lambda span: span.start)
    after = bisect.bisect_left(dropped, end, key=lambda span: span.start)
    for hole in dropped[first:after]:
        if start < hole.start:
            yield start, hole.start
        start = hole.end
    if start < end:
        yield start, end


def no_statement(text: str) -> str | None:
    """Say why a sentence is no statement; None where it is one."""
    if not _has_words(text):
        return "no words"
    if "@" not in text and "://" not in text and "www." not in text.lower():  # most hold neither link nor mention
        return None
    rest = _URL.sub("", text)
    if _has_words(_MENTION.sub("", rest)):
        return None
    return "mention" if rest == text else "link"


def _has_words(text: str) -> bool:
    return any(map(str.isalnum, text))


def paragraphs(text: str, start: int, end: int) -> list[Span]:
    """Give the stretches of a span that are cut into sentences each by itself: paragraphs, or parts of very long ones.

    Args:
        text: the document.
        start: first code point of the span.
        end: first code point after it.
    """
    span = text[start:end]
    if len(span) <= _LONGEST and len(span.splitlines()) == 1 and (content := span.strip()):  # most posts
        start = end - len(span.lstrip())
        return [(start, start + len(content))]
    found: list[Span] = []
    for block in blocks(lines(span)):
        for part in [block] if _is_wrapped(block) else [[line] for line in block]:
            found += _pieces(text, start + part[0].start, start + part[-1].end)
    return found


def _pieces(text: str, start: int, end: int) -> Iterator[Span]:
    """Cut a paragraph that is longer than any prose: sentencex takes time with the square of its length.

    It is cut where a sentence seems to end, else at a blank, else within a word.
    """
    while end - start > _LONGEST:
        piece = text[start : start + _LONGEST]
        cut = max((match.end() for match in _STOP.finditer(piece)), default=0) or 1 + piece.rfind(" ") or _LONGEST
        yield start, start + cut
        start += cut
    yield start, end


def _is_wrapped(block: list[Line]) -> bool:
    """Say whether lines were broken to a width: all of like length, and most breaks within a sentence."""
    if len(block) < 2 or any(len(line.text) not in _WRAPPED_WIDTH for line in block[:-1]):
        return False
    within = sum(_continues(line.text, before.text) for before, line in itertools.pairwise(block))
    return 2 * within >= len(block) - 1


def _continues(line: str, before: str) -> bool:
    """Say whether a line goes on with a sentence: it begins small; in Arabic, the line before ends none."""
    return line[0].islower() or ("\u0620" <= line[0] <= "\u064a" and not before.rstrip().endswith(_ENDS))


def cut(text: str, start: int, end: int, language: str, found: list[Span]) -> None:
    """Cut a paragraph into sentences.

    Args:
        text: the document.
        start: first code point of the paragraph.
        end: first code point after it.
        language: code of its language.
        found: the sentences' spans are added to it.
    """
    paragraph = text[start:end]
    checked = language in _GOES_ON or language in _SAID
    first = place = 0
    for piece in _segments(paragraph, language):
        place += len(piece)
        # Most cuts are clear: a capital follows more than a list mark.
        if place - first < _BEHIND or checked or not paragraph[place : place + 1].isupper():
            before, after = paragraph[max(first, place - _BEHIND) : place], paragraph[place : place + _AHEAD]
            if after and _is_within(before, after, language):
                continue
        sentence = piece if len(piece) == place - first else paragraph[first:place]
        if content := sentence.strip():
            at = start + place - len(sentence.lstrip())
            found.append((at, at + len(content)))
        first = place


def _segments(paragraph: str, language: str) -> list[str]:
    """Give a paragraph cut where sentencex ends a sentence, and where it should."""
    failing = not paragraph.isascii() and _SPACE_BEFORE_STOP.search(paragraph)
    plain = _AFTER_LETTER.sub(r"\1 ", paragraph) if failing else paragraph
    segments: list[str] = sentencex.segment(language, plain)
    if not _found(_WORD_AT_END, language, paragraph):
        return segments
    ends = (match.end() for match in _WORD_AT_END[language].finditer(paragraph))
    cuts = sorted({0, *itertools.accumulate(map(len, segments)), *ends})
    return [paragraph[first:last] for first, last in itertools.pairwise(cuts)]


def _is_within(sentence: str, after: str, language: str) -> bool:
    """Say whether sentencex cut where no sentence ends."""
    before = sentence.strip()
    if _LIST_MARK.fullmatch(before):
        return True
    goes_on = after[0].islower() or after[0].isdigit()
    if (goes_on or after[0] in "-\n") and _JOINED.search(sentence + after[0]):
        return True
    if _found(_GOES_ON, language, before):
        return True
    if before.endswith(_QUOTE_END) and _found(_SAID, language, after):
        return True
    return goes_on and bool(_ABBREVIATION.search(before) or _found(_ABBREVIATION_IN, language, before))


def _found(patterns: Mapping[str, re.Pattern[str]], language: str, text: str) -> bool:
    return language in patterns and bool(patterns[language].search(text))
