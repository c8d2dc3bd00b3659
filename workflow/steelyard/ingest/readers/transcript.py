"""Transcripts of talks and conversations: labels say who speaks, and perhaps when."""

from __future__ import annotations

import re
from collections import Counter

from steelyard.ingest.readers.layout import (
    AUTHOR,
    Dropped,
    Layout,
    Line,
    Utterance,
    headline,
    known_name,
    lines,
    whole,
)

_TIME = r"(?:\d{1,2}:)?\d{1,2}:\d{2}(?:[.,]\d+)?"
_STAMP = rf"[\[(]?{_TIME}[\])]?"
_PARTICLE = "member|de|da|der|del|van|von|la|al|bin"
_NAME = rf"(?P<name>[^\W\d_a-z][\w.'’-]*(?: (?:[^\W_a-z][\w.'’-]*|{_PARTICLE})){{0,3}}?)"
_MARKED = [
    re.compile(pattern)
    for pattern in (
        rf"(?:{_STAMP}\s*)?\*\*(?P<name>[^*:：]{{1,60}})(?:[:：]\*\*|\*\*\s*(?:{_STAMP}\s*)?[:：]|\*\*\s*{_STAMP}\s*$)",
        rf"{_STAMP}\s*{_NAME}\s*[:：](?=\s|$)",
        rf"{_NAME}\s*{_STAMP}\s*(?:[:：](?=\s|$)|$)",
    )
]
_PLAIN = re.compile(rf"{_NAME}[:：](?=\s|$)")
_TIME_LINE = re.compile(rf"{_STAMP}(?:\s*(?:-->|-|–)\s*{_STAMP})?")


def recognises(text: str) -> bool:
    """Say whether the first line that speaks carries a label with a time or in bold, or several lines a plain label."""
    page = [line for line in lines(text) if line.text and not _TIME_LINE.fullmatch(line.text)]
    plain = Counter(match["name"] for line in page if (match := _PLAIN.match(line.text)))
    alternate = len(plain) > 1 and max(plain.values()) > 1 and _PLAIN.match(page[0].text)
    return bool(page and _marked(page[0])) or bool(alternate)


def read(text: str) -> Layout:
    """Give the turns: a turn lasts until a label names somebody else."""
    page = [line for line in lines(text) if line.text]
    dropped = [whole(line, "time line") for line in page if _TIME_LINE.fullmatch(line.text)]
    page = [line for line in page if not _TIME_LINE.fullmatch(line.text)]
    plain = bool(page and not _marked(page[0]) and _PLAIN.match(page[0].text))
    above: list[Line] = []
    turns: list[Utterance] = []
    speaker: str | None = None
    for line in page:
        label = _marked(line) or (_PLAIN.match(line.text) if plain else None)
        start = line.start
        if label:
            speaker = label["name"].strip()
            dropped.append(Dropped(line.start, line.start + len(label[0].rstrip()), "speaker label"))
            start = line.end - len(line.text[label.end() :].lstrip())
        if speaker is None:
            above.append(line)
        elif start < line.end:
            _extend(turns, start, line.end, speaker)
    dropped.sort(key=lambda span: span.start)
    if not turns:
        return Layout([_alone(above)] if above else [], dropped, AUTHOR)
    said: Counter[str] = Counter()
    for turn in turns:
        said[turn.speaker] += turn.end - turn.start
    return Layout([*headline(above), *turns], dropped, said.most_common(1)[0][0])


def _marked(line: Line) -> re.Match[str] | None:
    return next((match for pattern in _MARKED if (match := pattern.match(line.text))), None)


def _extend(turns: list[Utterance], start: int, end: int, speaker: str) -> None:
    if turns and turns[-1].speaker == speaker:
        start = turns.pop().start
    turns.append(Utterance(start, end, "post", speaker, known_name(speaker)))


def _alone(page: list[Line]) -> Utterance:
    return Utterance(page[0].start, page[-1].end, "post", AUTHOR)


def plain_label(text: str) -> re.Match[str] | None:
    """Give a label such as "Mayor Ortiz: " at the head of a text, its name as the group `name`; None without one."""
    return _PLAIN.match(text)
