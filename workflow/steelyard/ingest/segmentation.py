"""Sentences of an utterance as exact spans, and the reason why a span is no statement."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Sequence

import sentencex

from steelyard.ingest.readers.layout import Dropped, Line, blocks, lines

Span = tuple[int, int]

_URL = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_MENTION = re.compile(r"@\w+(?:[.@-]\w+)*")
_LIST_MARK = re.compile(r"\(?(?:\d{1,3}|[a-zA-Z])[.)]")
# Abbreviations after which sentencex ends a sentence, though a number or a small letter follows.
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:aka|approx|ch|ed|eds|eq|est|etc|excl|incl|max|min|misc|resp|tab|temp|vol)\.$", re.IGNORECASE
)
# English words that sentencex takes for abbreviations (Maine, number, …), so that it ends no sentence after them.
_WORD_AT_END = re.compile(
    r"\b(?:art|fed|hr|id|ill|may|me|miss|no|ok|HR|ID|No|OK|Ok|SEC)[.][\"'”’)]*\s+(?=[(\"'“‘]?[A-Z])"
)
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
    return [
        sentence
        for first, last in _paragraphs(text, start, end)
        for sentence in _sentences(text, first, last, language)
    ]


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
    rest = _URL.sub("", text)
    if _has_words(_MENTION.sub("", rest)):
        return None
    return "mention" if rest == text else "link"


def _has_words(text: str) -> bool:
    return any(character.isalnum() for character in text)


def _paragraphs(text: str, start: int, end: int) -> Iterator[Span]:
    for block in blocks(lines(text[start:end])):
        parts = [block] if _is_wrapped(block) else [[line] for line in block]
        for part in parts:
            yield start + part[0].start, start + part[-1].end


def _is_wrapped(block: list[Line]) -> bool:
    """Say whether lines were broken to a width: all of like length, and most breaks within a sentence."""
    if len(block) < 2 or any(len(line.text) not in _WRAPPED_WIDTH for line in block[:-1]):
        return False
    within = sum(line.text[0].islower() for line in block[1:])
    return 2 * within >= len(block) - 1


def _sentences(text: str, start: int, end: int, language: str) -> Iterator[Span]:
    paragraph = text[start:end]
    cuts = {int(sentence["start_index"]) for sentence in sentencex.get_sentence_boundaries(language, paragraph)} - {0}
    if language == "en":
        cuts |= {match.end() for match in _WORD_AT_END.finditer(paragraph)}
    first = 0
    for cut in [*sorted(cuts), len(paragraph)]:
        if cut < len(paragraph) and _is_within(paragraph[first:cut].strip(), paragraph[cut]):
            continue
        sentence = paragraph[first:cut]
        if sentence.strip():
            at = start + first + len(sentence) - len(sentence.lstrip())
            yield at, at + len(sentence.strip())
        first = cut


def _is_within(before: str, after: str) -> bool:
    """Say whether sentencex cut where no sentence ends."""
    if _LIST_MARK.fullmatch(before):
        return True
    return bool(_ABBREVIATION.search(before)) and (after.islower() or after.isdigit())
