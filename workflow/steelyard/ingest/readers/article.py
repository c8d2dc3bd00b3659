"""Articles, essays and plain text: one voice from the first paragraph to the last."""

from __future__ import annotations

import re

from steelyard.ingest.readers.layout import AUTHOR, Layout, Utterance, headline, is_furniture, lines, whole

_BYLINE = re.compile(r"[Bb]y (?P<name>[^\W\d_a-z][\w.'’-]*(?: [^\W\d_a-z][\w.'’-]*){0,3})")
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
    byline = body[:1] if body and _BYLINE.fullmatch(body[0].text) else []
    body = body[len(byline) :]
    is_title = body and len(title[0].text.split()) <= _TITLE_WORDS and not title[0].text.endswith(_END_OF_SENTENCE)
    if not is_title or not (byline or len(body[0].text) > len(title[0].text)):
        title, byline, body = [], [], page
    match = _BYLINE.fullmatch(byline[0].text) if byline else None
    post = [Utterance(body[0].start, body[-1].end, "post", AUTHOR, match["name"] if match else None)] if body else []
    dropped = [whole(line, "page furniture") for line in furniture] + [whole(line, "author line") for line in byline]
    return Layout([*headline(title), *post], sorted(dropped, key=lambda span: span.start), AUTHOR)
