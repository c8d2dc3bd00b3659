"""Plain text: the page is read by the layout that it has, and spans count the file as it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from steelyard.ingest.readers import article, comment_page, social_thread, transcript
from steelyard.ingest.readers.file import BYTE_ORDER_MARK, Extract, File, Told
from steelyard.ingest.readers.layout import AUTHOR, Layout
from steelyard.study import Format


@dataclass(frozen=True)
class PlainText:
    """Reads text files of one layout.

    Args:
        has_layout: says whether a text has it.
        layout: gives the utterances and dropped spans of a text; together they hold everything but white space.
    """

    has_layout: Callable[[str], bool]
    layout: Callable[[str], Layout]

    def recognises(self, file: File) -> bool:
        """Say whether the file's text has this layout."""
        return self.has_layout(readable(file.text))

    def read(self, file: File) -> list[Extract]:
        """Give the file's text."""
        layout = self.layout(readable(file.text))
        return [Extract(file.text, layout, _told(file.text, layout))]


# In the order in which they are asked; the last recognises every text.
LAYOUTS: dict[Format, PlainText] = {
    "comment_page": PlainText(comment_page.recognises, comment_page.read),
    "transcript": PlainText(transcript.recognises, transcript.read),
    "social_thread": PlainText(social_thread.recognises, social_thread.read),
    "article": PlainText(article.recognises, article.read),
}


def _told(text: str, layout: Layout) -> Told:
    """Take the headline for the title, if it is one line, and the name in an article's author line for the author."""
    first = layout.utterances[0] if layout.utterances else None
    title = text[first.start : first.end] if first and first.role == "headline" else None
    names = {utterance.name for utterance in layout.utterances if utterance.speaker == AUTHOR}
    return Told(title if title and "\n" not in title else None, names.pop() if len(names) == 1 else None)


def readable(text: str) -> str:
    """Give the text with a byte order mark as white space, so that places stay the same."""
    return " " + text[1:] if text.startswith(BYTE_ORDER_MARK) else text
