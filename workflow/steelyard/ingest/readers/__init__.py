"""Readers, one for each layout of page. A reader classifies layout, never content."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from steelyard.ingest.readers import article, comment_page, social_thread, transcript
from steelyard.ingest.readers.layout import Layout
from steelyard.study import Format

__all__ = ["READERS", "Layout", "Reader", "recognise"]


@dataclass(frozen=True)
class Reader:
    """A way to read pages of one layout.

    Args:
        recognises: says whether a text has this layout.
        read: gives the utterances and dropped spans of a text; together they hold everything but white space.
    """

    recognises: Callable[[str], bool]
    read: Callable[[str], Layout]


# In the order in which they are asked; the last recognises every text.
READERS: dict[Format, Reader] = {
    "comment_page": Reader(comment_page.recognises, comment_page.read),
    "transcript": Reader(transcript.recognises, transcript.read),
    "social_thread": Reader(social_thread.recognises, social_thread.read),
    "article": Reader(article.recognises, article.read),
}


def recognise(text: str) -> Format:
    """Give the first format whose reader recognises the text."""
    return next(name for name, reader in READERS.items() if reader.recognises(text))
