"""Threads of social media, saved from a page: headline, summary, furniture, then posts between blank lines.

"@name" at the head of a post says whom it answers, not who wrote it: every post is a voice of its own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from steelyard.ingest.readers.layout import EDITOR, Dropped, Layout, Line, Utterance, blocks, is_furniture, lines, whole
from steelyard.vocabulary import UtteranceRole

# Stands between the head of a page and its posts.
_DIVIDER = re.compile(
    r"No Digg Deeper questions have been answered.*|(Most|Top|Newest|Latest|Recent|All|Sort by:?)"
    r" (Activity|Recent|Relevant|Popular|Posts|Comments|Replies|Top|New|Newest)",
    re.IGNORECASE,
)
_ADDRESSEE = re.compile(r"(?:@\w+(?:[.@-]\w+)*[,:]?(?:[^\S\r\n]+|$))+")
_REPEATED_WORDS = 4  # a shorter line may well stand twice in one post


def recognises(text: str) -> bool:
    """Say whether a reply stands at the head of two blocks, or anywhere below a divider."""
    page = lines(text)
    opening = sum(_replies(block[0]) for block in blocks(page))
    divided = any(_DIVIDER.fullmatch(line.text) for line in page)
    return opening >= 2 or (divided and any(_replies(line) for line in page))


def read(text: str) -> Layout:
    """Give headline, summary and posts."""
    page = lines(text)
    divider = _divider(page)
    dropped = [whole(line, "page furniture") for line in page if _is_furniture(line)]
    head = [line for line in page[:divider] if line.text and not _is_furniture(line)]
    utterances = _editor(head)
    # Furniture parts posts as a blank line does.
    rest = [Line(line.start, line.start, "") if _is_furniture(line) else line for line in page[divider:]]
    title = head[0].text if head else ""
    posts = [post for block in blocks(rest) for post in _posts(block, title)]
    for number, post in enumerate(posts, start=1):
        said, addressee = _post(text, post, f"post-{number}")
        utterances += said
        dropped += addressee
    return Layout(utterances, sorted(dropped, key=lambda span: span.start))


def _is_furniture(line: Line) -> bool:
    return bool(_DIVIDER.fullmatch(line.text) or is_furniture(line))


def _replies(line: Line) -> bool:
    head = _ADDRESSEE.match(line.text)
    return head is not None and head.end() < len(line.text)


def _divider(page: Sequence[Line]) -> int:
    """Give the place of the line that ends the page's head, if no reply comes before it; else 0: there is no head."""
    for number, line in enumerate(page):
        if _ADDRESSEE.match(line.text):
            return 0
        if _DIVIDER.fullmatch(line.text):
            return number
    return 0


def _editor(head: Sequence[Line]) -> list[Utterance]:
    roles: list[tuple[UtteranceRole, Sequence[Line]]] = [("headline", head[:1]), ("summary", head[1:])]
    return [Utterance(part[0].start, part[-1].end, role, EDITOR) for role, part in roles if part]


def _posts(block: list[Line], title: str) -> list[list[Line]]:
    """Part a block into posts: line by line where it plainly is a list of posts, else before a line that replies."""
    addressed = [_replies(line) for line in block]
    counts = Counter([title, *(line.text for line in block)])
    repeated = any(counts[line.text] > 1 and len(line.text.split()) >= _REPEATED_WORDS for line in block)
    if sum(addressed) > 1 or repeated:
        return [[line] for line in block]
    cut = addressed.index(True) if any(addressed) else 0
    return [part for part in (block[:cut], block[cut:]) if part]


def _post(text: str, post: list[Line], speaker: str) -> tuple[list[Utterance], list[Dropped]]:
    first, end = post[0], post[-1].end
    head = _ADDRESSEE.match(first.text)
    if head is None:
        return [Utterance(first.start, end, "post", speaker)], []
    names = head[0].strip()
    addressee = Dropped(first.start, first.start + len(names), "addressee")
    start = end - len(text[addressee.end : end].lstrip())
    return [Utterance(start, end, "post", speaker, replies_to=names)] if start < end else [], [addressee]
