"""Articles, essays and plain text: one voice from the first paragraph to the last."""

from __future__ import annotations

import re

from steelyard.ingest.readers.layout import AUTHOR, Layout, Utterance, headline, is_furniture, lines, whole

_BYLINE = re.compile(
    r"(?:[Bb]y|[Vv]on|[Pp]ar|[Pp]or|بقلم|作者[:：]|文[/／]) ?"
    r"(?P<name>[^\W\d_a-z][\w.'’-]*(?: [^\W\d_a-z][\w.'’-]*){0,3})"
)
_END_OF_SENTENCE = tuple(".!?:;,…。!?”\"')」")
_TITLE_WORDS = 25


def recognises(text: str) -> bool:
    """Say yes: every text can be read as an article."""
    return True


def read(text: str) -> Layout:
    """Give the title and the body; the first line is a title if it is short, no sentence, and a longer one follows."""
    page = [line for line in lines(text) if line.text]
    furniture = [line for line in page if is_furniture(line)]
    page = [line for line in page if not is_furniture(line)]
    title, body = page[:1], page[1:]
    by_line = body[:1] if body and byline(body[0].text) else []
    body = body[len(by_line) :]
    is_short = body and len(title[0].text.split()) <= _TITLE_WORDS
    is_no_sentence = body and not title[0].text.endswith(_END_OF_SENTENCE) and len(body[0].text) > len(title[0].text)
    if not is_short or not (by_line or is_no_sentence):
        title, by_line, body = [], [], page
    name = byline(by_line[0].text) if by_line else None
    post = [Utterance(body[0].start, body[-1].end, "post", AUTHOR, name)] if body else []
    dropped = [whole(line, "page furniture") for line in furniture] + [whole(line, "author line") for line in by_line]
    return Layout([*headline(title), *post], sorted(dropped, key=lambda span: span.start), AUTHOR)


def byline(text: str) -> str | None:
    """Give the name in a line such as "By Jane Doe"; None where the line is no such thing."""
    match = _BYLINE.fullmatch(text)
    return match["name"] if match else None


def one_post(text: str) -> Layout:
    """Give a text that is one post from the first word to the last, without a title."""
    return Layout([Utterance(0, len(text), "post", AUTHOR)], main_speaker=AUTHOR)
