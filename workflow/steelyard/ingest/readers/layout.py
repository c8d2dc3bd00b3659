"""What a reader makes of a page: who speaks where, and what is no speech; and the lines that all readers share."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from steelyard.vocabulary import UtteranceRole

EDITOR = "editor"  # whoever wrote a page's headline and summary
AUTHOR = "author"  # whoever wrote a text that names nobody

_GENERIC = re.compile(
    r"\w|(speaker|participant|voice|person|guest|audience|caller)( (member|\w|\d+))?|host|interviewer|interviewee"
    r"|moderator|question|answer|unknown( speaker)?|anon(ymous)?|deleted|removed|user|throwaway",
    re.IGNORECASE,
)
_FURNITURE = re.compile(
    r"reply|share|repost|like|follow|report|permalink|parent|log in|sign up|subscribe|bookmark|advertisement"
    r"|(show|view|load|read|see) (more|all|fewer|less)( (replies|comments|posts))?|show (this thread|replies)"
    r"|translate (post|tweet)|skip to (main )?content|\d+ min(ute)?s? read"
    r"|\d[\d.,]*[KM]? (replies|reply|reposts?|likes?|views?|shares?|bookmarks?|points?|comments?|votes?)( →)?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Dropped:
    """A span that is no statement.

    Args:
        start: first code point of the document.
        end: first code point after the span.
        reason: why it is none, in words.
    """

    start: int
    end: int
    reason: str


@dataclass(frozen=True)
class Utterance:
    """What one speaker says in one go; dropped spans may lie in it.

    Args:
        start: first code point of the document.
        end: first code point after the span.
        role: `post` is weighed; headlines and summaries are shown only.
        speaker: label of the speaker, good within this document.
        name: name of the speaker where the page gives it.
        replies_to: the names it addresses, as written.
        parent: where the utterance begins that it answers, where the format tells.
        date: its own, as 2025-01-31, where it has one.
        interest: what its speaker stands for, where the record tells; else the document's.
    """

    start: int
    end: int
    role: UtteranceRole
    speaker: str
    name: str | None = None
    replies_to: str | None = None
    parent: int | None = None
    date: str | None = None
    interest: str | None = None


@dataclass(frozen=True)
class Place:
    """Where a text stands in the file that it was taken from, up to the next place.

    Args:
        start: first code point of the text.
        name: for a citation, such as "page 3".
    """

    start: int
    name: str


@dataclass(frozen=True)
class Layout:
    """A page's utterances and dropped spans; together they hold everything but white space.

    Args:
        utterances: in the order of the page; they do not overlap.
        dropped: in the order of the page; they do not overlap.
        main_speaker: label of the speaker that a source's `author` names; None where a page has no such speaker.
        places: in order; none where lines tell where a statement stands.
    """

    utterances: list[Utterance] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    main_speaker: str | None = None
    places: list[Place] = field(default_factory=list)


class Line(NamedTuple):
    """A line without the white space around it; empty where it is blank."""

    start: int
    end: int
    text: str


def lines(text: str) -> list[Line]:
    """Give every line of a text, blank ones too."""
    plain = text.replace("\r\n", "\n ")  # as long as it was; the blank is stripped
    for end in ("\r", "\u2028", "\u2029"):
        plain = plain.replace(end, "\n")
    found = []
    after = -1
    for line in plain.split("\n"):
        begin, after = after + 1, after + 1 + len(line)
        content = line.strip()
        start = begin + line.index(content) if content else after
        found.append(Line(start, start + len(content), content))
    return found


def blocks(page: Sequence[Line]) -> Iterator[list[Line]]:
    """Give the runs of lines between blank ones."""
    block: list[Line] = []
    for line in page:
        if line.text:
            block.append(line)
        elif block:
            yield block
            block = []
    if block:
        yield block


def whole(line: Line, reason: str) -> Dropped:
    """Drop a line."""
    return Dropped(line.start, line.end, reason)


def is_furniture(line: Line) -> bool:
    """Say whether a line is a page's button or count, such as "Reply" or "2 replies →"."""
    return bool(_FURNITURE.fullmatch(line.text))


def known_name(label: str) -> str | None:
    """Give the name that a label holds; None for labels such as "A", "Speaker 1" or "[deleted]"."""
    name = " ".join(label.strip("[]()@ ").split())
    return name if name and not _GENERIC.fullmatch(name) else None


def headline(above: Sequence[Line]) -> list[Utterance]:
    """Give the lines above a page's first label as its headline: they are shown, not weighed."""
    return [Utterance(above[0].start, above[-1].end, "headline", EDITOR)] if above else []
