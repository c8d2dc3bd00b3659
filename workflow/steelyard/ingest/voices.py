"""Who speaks: a source's `turns` laid over the page, and labels joined to voices."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Sequence

from steelyard.errors import Problem, SteelyardError
from steelyard.ingest.documents import Document
from steelyard.ingest.readers.layout import EDITOR, Layout, Utterance
from steelyard.study import Turn


@dataclasses.dataclass(frozen=True)
class Voice:
    """One distinct speaker.

    Args:
        voice_id: "name:…" where the name is known, else the document's id and the speaker's label.
        name: as written; None where it is unknown.
        interest: what the voice stands for; unknown where its documents disagree.
    """

    voice_id: str
    name: str | None
    interest: str


def with_turns(document: Document, layout: Layout) -> Layout:
    """Lay a source's turns over a page.

    A turn lasts until the next turn, or until the page itself goes on to another post, comment or speaker.

    Raises:
        SteelyardError: with every turn whose words do not stand exactly once, or stand in no post.
    """
    starts: dict[int, Turn] = {}
    problems = []
    for turn in document.source.turns:
        try:
            start = _start(document, layout, turn)
            if start in starts:
                raise SteelyardError(_problem(document, turn, "begin where another turn begins"))
            starts[start] = turn
        except SteelyardError as failure:
            problems += failure.problems
    if problems:
        raise SteelyardError(problems)
    utterances = [part for utterance in layout.utterances for part in _split(document.text, utterance, starts)]
    return dataclasses.replace(layout, utterances=utterances)


def _problem(document: Document, turn: Turn, fault: str) -> Problem:
    hint = "A turn is found by its first words, copied exactly as they stand in the document."
    return Problem(f"turn '{turn.speaker}': the words {turn.words!r} {fault}", document.path, hint)


def _start(document: Document, layout: Layout, turn: Turn) -> int:
    start = document.text.find(turn.words)
    if start < 0:
        raise SteelyardError(_problem(document, turn, "do not stand in the document"))
    if document.text.find(turn.words, start + 1) >= 0:
        raise SteelyardError(_problem(document, turn, "stand in the document more than once"))
    for hole in layout.dropped:
        start = hole.end if hole.start <= start < hole.end else start
    start += len(document.text[start:]) - len(document.text[start:].lstrip())
    if not any(said.role == "post" and said.start <= start < said.end for said in layout.utterances):
        raise SteelyardError(_problem(document, turn, "stand in no post"))
    return start


def _split(text: str, utterance: Utterance, starts: dict[int, Turn]) -> list[Utterance]:
    cuts = sorted(start for start in starts if utterance.start <= start < utterance.end)
    if not cuts:
        return [utterance]
    parts = []
    if cuts[0] > utterance.start:
        parts.append(dataclasses.replace(utterance, end=_stripped(text, utterance.start, cuts[0])))
    for start, end in zip(cuts, [*cuts[1:], utterance.end], strict=True):
        turn = starts[start]
        said = Utterance(start, _stripped(text, start, end), "post", turn.speaker, turn.name)
        if start == utterance.start:
            said = dataclasses.replace(said, replies_to=utterance.replies_to, parent=utterance.parent)
        parts.append(dataclasses.replace(said, date=utterance.date))
    return parts


def _stripped(text: str, start: int, end: int) -> int:
    return start + len(text[start:end].rstrip())


def voices(documents: Sequence[Document], layouts: dict[str, Layout]) -> dict[str, dict[str, Voice]]:
    """Join the speakers' labels to voices.

    Args:
        documents: those that hold utterances.
        layouts: of each document, by its id.

    Returns:
        By document, the voice of each label. One name, whatever its case, is one voice in all documents.

    Raises:
        SteelyardError: a label has two names.
    """
    problems = []
    ids: dict[str, dict[str, str]] = {}
    spellings: dict[str, set[str]] = defaultdict(set)
    interests: dict[str, set[str]] = defaultdict(set)
    for document in documents:
        ids[document.document_id] = {}
        told = _interests(document, layouts[document.document_id])
        for label, names in _names(document, layouts[document.document_id]).items():
            if len({_key(name) for name in names}) > 1:
                problems.append(Problem(f"speaker '{label}' has two names: {', '.join(sorted(names))}", document.path))
            voice_id = f"name:{_key(min(names))}" if names else f"{document.document_id}:{label}"
            ids[document.document_id][label] = voice_id
            spellings[voice_id] |= names
            interests[voice_id] |= told[label] - {"unknown"} if label != EDITOR else set()
    if problems:
        raise SteelyardError(problems)
    known = {voice_id: _voice(voice_id, names, interests[voice_id]) for voice_id, names in spellings.items()}
    return {name: {label: known[voice_id] for label, voice_id in labels.items()} for name, labels in ids.items()}


def _voice(voice_id: str, names: set[str], interests: set[str]) -> Voice:
    told = sorted(interests)
    # Of several spellings one that is not all capitals, as labels of subtitles are.
    name = min(names, key=lambda name: (name.isupper(), name), default=None)
    return Voice(voice_id, name, told[0] if len(told) == 1 else "unknown")


def _names(document: Document, layout: Layout) -> dict[str, set[str]]:
    names: dict[str, set[str]] = defaultdict(set)
    for utterance in layout.utterances:
        names[utterance.speaker] |= {utterance.name} if utterance.name else set()
    main, author = layout.main_speaker, document.source.author
    if author and main in names and not names[main]:
        names[main] = {author}
    return names


def _interests(document: Document, layout: Layout) -> dict[str, set[str]]:
    """Give what each label stands for: what its records say, else what the config says of the document."""
    told: dict[str, set[str]] = defaultdict(set)
    for utterance in layout.utterances:
        told[utterance.speaker].add(utterance.interest or document.source.interest)
    return told


def _key(name: str) -> str:
    return " ".join(name.lstrip("@").casefold().split())
