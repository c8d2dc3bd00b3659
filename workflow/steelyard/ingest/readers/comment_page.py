"""Pages of readers' comments: who wrote one, its age, paragraphs, a link to the replies.

Such a page may run an author's and a replier's paragraphs together without saying who writes which; a source's
`turns` says it.
"""

from __future__ import annotations

import re

from steelyard.ingest.readers.layout import (
    AUTHOR,
    Layout,
    Line,
    Utterance,
    headline,
    is_furniture,
    known_name,
    lines,
    whole,
)

_AGO = r"(?:(?:about|over|almost) )?(?:an?|\d+) (?:second|minute|hour|day|week|month|year)s? ago"
_DONE = "posted|published|released|edited|updated|last updated|asked|answered|commented"
_AGE = re.compile(rf"(?:(?:{_DONE}) )?{_AGO}(?: \(?edited\)?)?|yesterday|just now", re.IGNORECASE)
_BY = re.compile(
    r"(?:comment|reply|posted|answer|written) by (?P<name>\S+(?: \S+){0,2}?)(?<![.!?])"  # Comment by jane
    rf"|(?P<head>\S{{1,40}})(?: [•·|])? {_AGO}(?:\s*[•·|\[(].*)?",  # jane 2 days ago | parent
    re.IGNORECASE,
)


def recognises(text: str) -> bool:
    """Say whether a line reads "Comment by …", or several give a name and an age."""
    found = [by for line in lines(text) if not _AGE.fullmatch(line.text) and (by := _BY.fullmatch(line.text))]
    return any(by["name"] for by in found) or len(found) > 1


def read(text: str) -> Layout:
    """Give the comments: one lasts until the next line that names an author."""
    utterances: list[Utterance] = []
    dropped = []
    parts: list[tuple[str | None, list[Line]]] = [(None, [])]
    for line in lines(text):
        if _AGE.fullmatch(line.text):
            dropped.append(whole(line, "age line"))
        elif by := _BY.fullmatch(line.text):
            dropped.append(whole(line, "author line"))
            parts.append((by["name"] or by["head"], []))
        elif is_furniture(line):
            dropped.append(whole(line, "page furniture"))
        elif line.text:
            parts[-1][1].append(line)
    (_, above), *comments = parts
    utterances = headline(above) if comments else _comment(AUTHOR, None, above)
    for number, (by_line, comment) in enumerate(comments):
        name = known_name(by_line or "")
        utterances += _comment(name or f"comment-{number + 1}", name, comment)
    return Layout(utterances, dropped, None if comments else AUTHOR)


def _comment(speaker: str, name: str | None, comment: list[Line]) -> list[Utterance]:
    return [Utterance(comment[0].start, comment[-1].end, "post", speaker, name)] if comment else []
