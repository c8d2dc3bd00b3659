"""Who speaks: a source's `turns` laid over the page, and labels joined to voices."""

from __future__ import annotations

import dataclasses
from collections import defaultdict

import pandas as pd

from steelyard import tables
from steelyard.errors import Problem, SteelyardError
from steelyard.ingest.documents import Document
from steelyard.ingest.readers.layout import EDITOR, Layout, Utterance
from steelyard.study import Turn


@dataclasses.dataclass(frozen=True)
class Voice:
    """One distinct speaker, as one document tells of it.

    Args:
        voice_id: "name:…" where the name is known, else the document's id and the speaker's label.
        names: as written; none where it is unknown.
        interests: what the voice stands for.
    """

    voice_id: str
    names: frozenset[str]
    interests: frozenset[str]

    @property
    def told(self) -> list[dict[str, str | None]]:
        """What the document tells of it, as rows: `voice_id`, `name`, `interest`."""
        names: list[str | None] = [*sorted(self.names)] or [None]
        interests = sorted(self.interests) or ["unknown"]
        return [
            {"voice_id": self.voice_id, "name": name, "interest": interest} for name in names for interest in interests
        ]


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


def voices(document: Document, layout: Layout) -> dict[str, Voice]:
    """Give the voice of each label of a document.

    Raises:
        SteelyardError: labels have two names.
    """
    problems = []
    found: dict[str, Voice] = {}
    interests = _interests(document, layout)
    for label, names in _names(document, layout).items():
        if len({_key(name) for name in names}) > 1:
            problems.append(Problem(f"speaker '{label}' has two names: {', '.join(sorted(names))}", document.path))
        voice_id = f"name:{_key(min(names))}" if names else f"{document.document_id}:{label}"
        told = interests[label] - {"unknown"} if label != EDITOR else set()
        found[label] = Voice(voice_id, frozenset(names), frozenset(told))
    if problems:
        raise SteelyardError(problems)
    return found


def joined(told: pd.DataFrame) -> pd.DataFrame:
    """Join what documents tell of voices: one name, whatever its case, is one voice in all of them.

    Args:
        told: `voice_id`, `name` (null where it is unknown) and `interest`.

    Returns:
        The table ingest/voices. Of several spellings of a name one that is not all capitals, as labels of subtitles
        are; what a voice stands for is unknown where its documents disagree.
    """
    names = told.dropna(subset="name").drop_duplicates(["voice_id", "name"])
    names = names.assign(capitals=names["name"].str.isupper()).sort_values(["capitals", "name"])
    name = names.drop_duplicates("voice_id").set_index("voice_id")["name"]
    known = told[told["interest"] != "unknown"].drop_duplicates(["voice_id", "interest"])
    interest = known.drop_duplicates("voice_id", keep=False).set_index("voice_id")["interest"]
    rows = told[["voice_id"]].drop_duplicates()
    rows = rows.assign(
        name=rows["voice_id"].map(name), interest=rows["voice_id"].map(interest).astype("str").fillna("unknown")
    )
    return tables.VOICES.frame(rows)


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
