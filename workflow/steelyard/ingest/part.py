"""A part of the corpus: some documents cut into statements, before it is known what they share with the others."""

from __future__ import annotations

import bisect
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any, Protocol

import pandas as pd

from steelyard import tables
from steelyard.errors import SteelyardError
from steelyard.ingest import coverage, segmentation
from steelyard.ingest.documents import Document
from steelyard.ingest.echoes import Rule, sign
from steelyard.ingest.language import Languages
from steelyard.ingest.readers.file import BYTE_ORDER_MARK
from steelyard.ingest.readers.layout import Dropped, Layout, Utterance
from steelyard.ingest.readers.plain import readable
from steelyard.ingest.texts import fingerprint, write_texts
from steelyard.ingest.voices import Voice, voices, with_turns
from steelyard.ingest.words import words
from steelyard.study import Ingest
from steelyard.tables import Table

_FILES = {
    "documents": tables.PART_DOCUMENTS,
    "voices": tables.PART_VOICES,
    "utterances": tables.PART_UTTERANCES,
    "statements": tables.PART_STATEMENTS,
    "dropped": tables.DROPPED,
    "utterance_runs": tables.PART_UTTERANCE_RUNS,
    "statement_runs": tables.PART_STATEMENT_RUNS,
}
TEXTS = "texts"


class Part(Protocol):
    """A part of the corpus, wherever it is kept."""

    def frame(self, table: Table, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """Give a table, or some of its columns."""

    def runs(self, table: Table, low: int, high: int) -> pd.DataFrame:
        """Give the rows of a table of runs whose keys are `low` to `high`, both included."""


@dataclass(frozen=True)
class PartAtHand:
    """A part of the corpus in memory.

    Args:
        frames: its tables by name.
        texts: by document_id, those that were extracted from files, as their spans do not count the file itself.
    """

    frames: Mapping[str, pd.DataFrame]
    texts: Mapping[str, str]

    def frame(self, table: Table, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """Give a table, or some of its columns."""
        frame = self.frames[table.name]
        return frame if columns is None else frame[list(columns)]

    def runs(self, table: Table, low: int, high: int) -> pd.DataFrame:
        """Give the rows of a table of runs whose keys are `low` to `high`, both included."""
        frame = self.frames[table.name]
        return frame[frame["key"].between(low, high)]

    def write(self, folder: Path) -> None:
        """Write it, to be read as a `StoredPart` of the same folder."""
        write_texts(self.texts, folder / TEXTS)
        for file, table in _FILES.items():
            tables.write(table, self.frames[table.name], folder / f"{file}.parquet")


@dataclass(frozen=True)
class StoredPart:
    """A part of the corpus in a folder; nothing of it is kept in memory."""

    folder: Path

    def frame(self, table: Table, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """Read a table, or some of its columns."""
        return tables.read(table, self._file(table), columns)

    def runs(self, table: Table, low: int, high: int) -> pd.DataFrame:
        """Read the rows of a table of runs whose keys are `low` to `high`, both included."""
        wanted = [("key", ">=", low), ("key", "<=", high)]
        return pd.read_parquet(self._file(table), filters=wanted)

    def _file(self, table: Table) -> Path:
        return self.folder / f"{next(name for name, one in _FILES.items() if one is table)}.parquet"


@dataclass(frozen=True)
class _Cut:
    """A document cut into statements."""

    statements: list[tuple[Utterance, int, int]]
    dropped: list[Dropped]
    language: str


def part(documents: Sequence[Document], options: Ingest) -> PartAtHand:
    """Cut documents into statements.

    Args:
        documents: in any order, which changes nothing.
        options: languages, and how long a run of words echoes share.

    Returns:
        The part; statements and dropped spans hold every code point that is no white space exactly once.

    Raises:
        SteelyardError: with every turn that cannot be found, speaker with two names, or unknown language.
    """
    languages = Languages(options.languages)
    layouts, voice_of = _speakers(documents)
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in _FILES}
    for document in documents:
        name = document.document_id
        cut = _cut(document, layouts[name], languages)
        spans = [*((start, end) for _, start, end in cut.statements), *((d.start, d.end) for d in cut.dropped)]
        coverage.check(document.text, spans, name)
        rows["documents"].append(_document(document, cut.language))
        rows["voices"] += [{"document_id": name, **told} for voice in voice_of[name].values() for told in voice.told]
        rows["utterances"] += _utterances(document, layouts[name], voice_of[name])
        rows["statements"] += _statements(document, layouts[name], voice_of[name], cut, languages)
        rows["dropped"] += [{"document_id": name, **vars(span)} for span in cut.dropped]
    rule = Rule(options.echo_words, options.echo_similarity, within=True)
    frames = {"documents": tables.PART_DOCUMENTS.arranged(rows["documents"])}
    frames["voices"] = tables.PART_VOICES.arranged(pd.DataFrame(rows["voices"]).drop_duplicates())
    frames["dropped"] = tables.DROPPED.arranged(rows["dropped"])
    for which, table, runs in (
        ("utterances", tables.PART_UTTERANCES, tables.PART_UTTERANCE_RUNS),
        ("statements", tables.PART_STATEMENTS, tables.PART_STATEMENT_RUNS),
    ):
        frame = pd.DataFrame(rows[which])
        if len(frame):
            frame = frame.sort_values(list(table.key), ignore_index=True)
        signed = sign([words(text) for text in frame.get("text", [])], rule)
        known = dict(zip(tables.MINIMA, signed.minima.T, strict=True), digest=signed.digests, words=signed.lengths)
        frames[which] = table.arranged(frame.assign(**known))
        frames[f"{which[:-1]}_runs"] = runs.arranged(
            pd.DataFrame({"key": signed.keys, "owner": signed.owners, "central": signed.central})
        )
    texts = {document.document_id: document.text for document in documents if document.extracted}
    return PartAtHand({_FILES[file].name: frame for file, frame in frames.items()}, texts)


def _speakers(documents: Sequence[Document]) -> tuple[dict[str, Layout], dict[str, dict[str, Voice]]]:
    layouts, voice_of = {}, {}
    problems = []
    for document in documents:
        name = document.document_id
        try:
            layouts[name] = with_turns(document, document.layout)
            voice_of[name] = voices(document, layouts[name])
        except SteelyardError as failure:
            problems += failure.problems
    if problems:
        raise SteelyardError(problems)
    return layouts, voice_of


def _cut(document: Document, layout: Layout, languages: Languages) -> _Cut:
    text = readable(document.text)
    dropped = list(layout.dropped)
    if text != document.text:
        dropped.append(Dropped(0, len(BYTE_ORDER_MARK), "byte order mark"))
    spans: list[tuple[Utterance, int, int]] = []
    for utterance in layout.utterances:
        for first, last in segmentation.without(utterance.start, utterance.end, layout.dropped):
            guess = languages.guess(text[first:last]) or languages.codes[0]
            for start, end in segmentation.sentences(text, first, last, guess):
                if reason := segmentation.no_statement(text[start:end]):
                    dropped.append(Dropped(start, end, reason))
                else:
                    spans.append((utterance, start, end))
    return _Cut(spans, dropped, languages.of_document(text[start:end] for _, start, end in spans))


def _document(document: Document, language: str) -> dict[str, Any]:
    source, text = document.source, document.text
    return {
        "document_id": document.document_id,
        "path": document.path,
        "sha256": document.sha256,
        "title": source.title or _called(document),
        "format": document.format,
        "source_type": source.source_type,
        "author": source.author,
        "date": source.date.isoformat() if source.date else None,
        "url": source.url,
        "record": document.record,
        "text_sha256": hashlib.sha256(text.encode()).hexdigest() if document.extracted else None,
        "characters": len(text),
        "language": language,
        "fingerprint": fingerprint(text),
        "told": _told(document),
        "begin": len(text) - len(text.lstrip()),
        "end": len(text.rstrip()),
    }


def _called(document: Document) -> str:
    """Give a title to what has none."""
    stem = PurePath(document.path).stem
    return stem if document.record is None else f"{stem}, record {document.record}"


def _told(document: Document) -> str:
    """Order copies by what the config says of them, then by their bytes; the id decides only between equals."""
    source = document.source
    told = source.model_dump(mode="json", exclude={"id", "path"}, exclude_defaults=True)
    said = json.dumps(told, sort_keys=True)
    numbers = f"{9999 - len(source.turns):04} {source.author is None:d} {9999 - len(told):04}"
    return f"{numbers} {said} {document.sha256} {document.document_id}"


def _utterances(document: Document, layout: Layout, voice_of: Mapping[str, Voice]) -> Iterator[dict[str, Any]]:
    name = document.document_id
    for utterance in layout.utterances:
        yield {
            "utterance_id": f"{name}:u{utterance.start}",
            "document_id": name,
            "voice_id": voice_of[utterance.speaker].voice_id,
            "role": utterance.role,
            "replies_to": utterance.replies_to,
            "parent_id": None if utterance.parent is None else f"{name}:u{utterance.parent}",
            "date": utterance.date,
            "start": utterance.start,
            "end": utterance.end,
            "text": document.text[utterance.start : utterance.end],
        }


def _statements(
    document: Document, layout: Layout, voice_of: Mapping[str, Voice], cut: _Cut, languages: Languages
) -> Iterator[dict[str, Any]]:
    name, text = document.document_id, document.text
    for utterance, start, end in cut.statements:
        said = text[start:end]
        yield {
            "statement_id": f"{name}:{start}-{end}",
            "utterance_id": f"{name}:u{utterance.start}",
            "document_id": name,
            "voice_id": voice_of[utterance.speaker].voice_id,
            "start": start,
            "end": end,
            "text": said,
            "place": _place(layout, start),
            "language": languages.of_statement(said, cut.language),
        }


def _place(layout: Layout, start: int) -> str | None:
    """Give page, time or record, where lines do not tell where a statement stands."""
    before = bisect.bisect_right(layout.places, start, key=lambda place: place.start)
    return layout.places[before - 1].name if before else None
