"""Puts a document's text together out of what a reader finds in a file that is no plain text."""

from __future__ import annotations

import dataclasses
import re
import unicodedata

from steelyard.ingest.readers.file import Extract, Told
from steelyard.ingest.readers.layout import Dropped, Layout, Place, Utterance
from steelyard.ingest.words import is_unspaced
from steelyard.vocabulary import UtteranceRole

_LINE_END = re.compile(r"\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
# Controls, byte order marks, and the soft hyphens of pages that were made for narrow columns.
_INVISIBLE = re.compile(r"[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\xad\ufeff]")
# Halves of a surrogate pair, which JSON can hold and UTF-8 cannot, and what no XML can hold.
_INVALID = re.compile(r"[\ud800-\udfff\ufffe\uffff]")


class Composer:
    """Takes paragraphs in the order of the file; a blank line stands between them in the text."""

    def __init__(self) -> None:
        """Begin with an empty text."""
        self._text: list[str] = []
        self._length = 0
        self._utterances: list[Utterance] = []
        self._dropped: list[Dropped] = []
        self._places: list[Place] = []

    def say(self, said: Utterance, *parts: tuple[str, str | None], new: bool = False) -> int | None:
        """Add a paragraph that somebody says.

        Args:
            said: who says it and how; its own span is of no account.
            parts: texts with the place of each, such as lines of two pages; joined by a space where words need one.
            new: whether it begins an utterance, though the same voice goes on.

        Returns:
            Where its utterance begins; None where the paragraph is empty.
        """
        start = self._add(parts)
        if start is None:
            return None
        last = self._utterances[-1] if self._utterances else None
        goes_on = last and dataclasses.replace(last, start=0, end=0) == dataclasses.replace(said, start=0, end=0)
        if goes_on and not new and said.role != "headline":
            start = self._utterances.pop().start
        self._utterances.append(dataclasses.replace(said, start=start, end=self._length))
        return start

    def drop(self, text: str, reason: str, place: str | None = None) -> None:
        """Add what is no speech, so that it can be seen what was left out, and why."""
        start = self._add([(text, place)])
        if start is not None:
            self._dropped.append(Dropped(start, self._length, reason))

    def extract(self, main_speaker: str | None, told: Told | None = None, record: int | None = None) -> Extract:
        """Give what was put together."""
        layout = Layout(self._utterances, self._dropped, main_speaker, self._places)
        return Extract("".join(self._text), layout, told or Told(), record)

    def _add(self, parts: list[tuple[str, str | None]] | tuple[tuple[str, str | None], ...]) -> int | None:
        texts = [(text, place) for text, place in ((plain(text), place) for text, place in parts) if text]
        if not texts:
            return None
        if self._length:
            self._put("\n\n")
        start = self._length
        for number, (text, place) in enumerate(texts):
            if number and not _unspaced(texts[number - 1][0][-1], text[0]):
                self._put(" ")
            if place and (not self._places or self._places[-1].name != place):
                self._places.append(Place(self._length, place))
            self._put(text)
        return start

    def _put(self, text: str) -> None:
        self._text.append(text)
        self._length += len(text)


def said(role: UtteranceRole, speaker: str, name: str | None = None) -> Utterance:
    """Give who says something, with no span yet."""
    return Utterance(0, 0, role, speaker, name)


def plain(text: str) -> str:
    """Give a text with line feeds as line ends and without control characters or white space around it."""
    return unicodedata.normalize("NFC", storable(_LINE_END.sub("\n", text))).strip()


def storable(text: str) -> str:
    """Give a text as HTML and XML can hold it: without control characters, a replacement for what is no character."""
    return _INVALID.sub("\ufffd", _INVISIBLE.sub("", text))


def line(text: str | None) -> str | None:
    """Give a title or a name on one line, without control characters; None where nothing is left."""
    return " ".join(plain(text or "").split()) or None


def _unspaced(before: str, after: str) -> bool:
    return is_unspaced(before) and is_unspaced(after)
