"""The ingest room: documents become voices, utterances and statements; what is no statement is kept with its reason."""

from __future__ import annotations

import bisect
import dataclasses
import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import PurePath

import pandas as pd

from steelyard import tables
from steelyard.errors import SteelyardError
from steelyard.ingest import coverage, echoes, segmentation
from steelyard.ingest.documents import Document
from steelyard.ingest.language import Languages
from steelyard.ingest.readers.file import BYTE_ORDER_MARK
from steelyard.ingest.readers.layout import Dropped, Layout, Utterance
from steelyard.ingest.readers.plain import readable
from steelyard.ingest.texts import fingerprint
from steelyard.ingest.voices import Voice, voices, with_turns
from steelyard.ingest.words import words
from steelyard.study import Ingest


@dataclasses.dataclass(frozen=True)
class Corpus:
    """The tables of the ingest room, as `tables` describes them, and the texts that were extracted from files.

    `texts` has, by document_id, those whose spans do not count the file itself.
    """

    documents: pd.DataFrame
    voices: pd.DataFrame
    utterances: pd.DataFrame
    statements: pd.DataFrame
    dropped: pd.DataFrame
    texts: Mapping[str, str]


@dataclasses.dataclass(frozen=True)
class _Said:
    """A span that a voice says: an utterance, or a statement in it."""

    document: Document
    utterance: Utterance
    voice: Voice
    start: int
    end: int
    language: str
    fingerprint: str  # of the document

    @property
    def utterance_id(self) -> str:
        return f"{self.document.document_id}:u{self.utterance.start}"

    @property
    def statement_id(self) -> str:
        return f"{self.document.document_id}:{self.start}-{self.end}"

    @property
    def text(self) -> str:
        return self.document.text[self.start : self.end]

    @property
    def parent_id(self) -> str | None:
        parent = self.utterance.parent
        return None if parent is None else f"{self.document.document_id}:u{parent}"

    @property
    def date(self) -> str | None:
        """The utterance's own date, else its document's."""
        date = self.document.source.date
        return self.utterance.date or (date.isoformat() if date else None)

    @property
    def place(self) -> str | None:
        """Page, time or record, where lines do not tell where it stands."""
        places = self.document.layout.places
        before = bisect.bisect_right(places, self.start, key=lambda place: place.start)
        return places[before - 1].name if before else None

    @property
    def rank(self) -> tuple:
        """The order in which the representative of a cluster of echoes is chosen.

        A known name comes first, then the earliest date, then the alphabet: no other text of the page has a part in
        whose words they are. What is left is settled by the document's words; ids and line ends have no part.
        """
        date = self.date or ""
        known = (self.voice.name is None, self.utterance.role != "post", not date, date)
        return (*known, (self.voice.name or "").casefold(), self.fingerprint, self.start)


@dataclasses.dataclass(frozen=True)
class _Segmented:
    """What becomes of one document."""

    utterances: list[_Said]
    statements: list[_Said]
    dropped: list[Dropped]
    language: str

    @property
    def spans(self) -> list[tuple[int, int]]:
        """Spans of statements and of what was dropped."""
        parts: list[_Said | Dropped] = [*self.statements, *self.dropped]
        return [(part.start, part.end) for part in parts]


def ingest(documents: Sequence[Document], options: Ingest) -> Corpus:
    """Make a corpus of documents.

    Args:
        documents: in any order, which changes nothing.
        options: languages, and what counts as an echo.

    Returns:
        The tables; statements and dropped spans hold every code point that is no white space exactly once.

    Raises:
        SteelyardError: with every turn that cannot be found, speaker with two names, or unknown language.
    """
    languages = Languages(options.languages)
    prints = {document.document_id: fingerprint(document.text) for document in documents}
    originals = _originals(documents, prints)
    kept = [document for document in documents if originals[document.document_id] is document]
    layouts = _layouts(kept)
    voice_of = voices(kept, layouts)
    segmented = {}
    for document in kept:
        name = document.document_id
        segmented[name] = _segment(document, prints[name], layouts[name], voice_of[name], languages)
    for document in documents:
        original = originals[document.document_id]
        if original is not document:
            whole = _whole(document.text, f"duplicate of {original.document_id}")
            language = segmented[original.document_id].language
            segmented[document.document_id] = _Segmented([], [], [whole], language)
    for document in documents:
        coverage.check(document.text, segmented[document.document_id].spans, document.document_id)
    return _corpus(documents, segmented, voice_of, options)


def _originals(documents: Sequence[Document], prints: dict[str, str]) -> dict[str, Document]:
    """Give each document the one that stands for all copies of it: the one that the config says most about."""
    copies: dict[str, list[Document]] = defaultdict(list)
    for document in documents:
        copies[prints[document.document_id]].append(document)
    original = {digest: min(alike, key=_told) for digest, alike in copies.items()}
    return {document.document_id: original[prints[document.document_id]] for document in documents}


def _told(document: Document) -> tuple:
    """Order copies by what the config says of them, then by their bytes; the id decides only between equals."""
    source = document.source
    told = source.model_dump(mode="json", exclude={"id", "path"}, exclude_defaults=True)
    said = json.dumps(told, sort_keys=True)
    return (-len(source.turns), source.author is None, -len(told), said, document.sha256, document.document_id)


def _layouts(documents: Sequence[Document]) -> dict[str, Layout]:
    layouts = {}
    problems = []
    for document in documents:
        try:
            layouts[document.document_id] = with_turns(document, document.layout)
        except SteelyardError as failure:
            problems += failure.problems
    if problems:
        raise SteelyardError(problems)
    return layouts


def _segment(
    document: Document, digest: str, layout: Layout, voice_of: dict[str, Voice], languages: Languages
) -> _Segmented:
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
    language = languages.of_document(text[start:end] for _, start, end in spans)

    def said(utterance: Utterance, start: int, end: int) -> _Said:
        own = languages.of_statement(text[start:end], language)
        return _Said(document, utterance, voice_of[utterance.speaker], start, end, own, digest)

    return _Segmented(
        [said(utterance, utterance.start, utterance.end) for utterance in layout.utterances],
        [said(*span) for span in spans],
        dropped,
        language,
    )


def _whole(text: str, reason: str) -> Dropped:
    return Dropped(len(text) - len(text.lstrip()), len(text.rstrip()), reason)


def _corpus(
    documents: Sequence[Document],
    segmented: dict[str, _Segmented],
    voice_of: dict[str, dict[str, Voice]],
    options: Ingest,
) -> Corpus:
    utterances = [said for parts in segmented.values() for said in parts.utterances]
    statements = [said for parts in segmented.values() for said in parts.statements]
    repeated = _repeated(utterances, [], options, within=False)
    cluster = {said.utterance_id: first for said, first in zip(utterances, repeated, strict=True)}
    parts_of_echoes = echoes.same_words(
        [words(said.text) for said in statements], [cluster[said.utterance_id] for said in statements]
    )
    known = {voice for by_label in voice_of.values() for voice in by_label.values()}
    return Corpus(
        documents=tables.DOCUMENTS.frame(
            [_document_row(document, segmented[document.document_id].language) for document in documents]
        ),
        voices=tables.VOICES.frame([dataclasses.asdict(voice) for voice in known]),
        utterances=tables.UTTERANCES.frame(
            [
                _row(said)
                | {
                    "role": said.utterance.role,
                    "replies_to": said.utterance.replies_to,
                    "parent_id": said.parent_id,
                    "date": said.utterance.date,
                    "echo_id": utterances[first].utterance_id,
                }
                for said, first in zip(utterances, repeated, strict=True)
            ]
        ),
        statements=tables.STATEMENTS.frame(
            [
                _row(said)
                | {
                    "statement_id": said.statement_id,
                    "text": said.text,
                    "place": said.place,
                    "language": said.language,
                    "echo_id": statements[first].statement_id,
                }
                for said, first in zip(
                    statements, _repeated(statements, parts_of_echoes, options, within=True), strict=True
                )
            ]
        ),
        dropped=tables.DROPPED.frame(
            [
                {"document_id": document_id, **dataclasses.asdict(span)}
                for document_id, parts in segmented.items()
                for span in parts.dropped
            ]
        ),
        texts={document.document_id: document.text for document in documents if document.extracted},
    )


def _repeated(said: list[_Said], pairs: list[echoes.Pair], options: Ingest, *, within: bool) -> list[int]:
    """Give each span the position of the one that it repeats."""
    texts = [words(one.text) for one in said]
    found = echoes.echo_pairs(texts, options.echo_words, options.echo_similarity, within=within)
    return echoes.representatives([*pairs, *found], [one.rank for one in said])


def _document_row(document: Document, language: str) -> dict:
    source = document.source
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
        "text_sha256": hashlib.sha256(document.text.encode()).hexdigest() if document.extracted else None,
        "characters": len(document.text),
        "language": language,
    }


def _called(document: Document) -> str:
    """Give a title to what has none."""
    stem = PurePath(document.path).stem
    return stem if document.record is None else f"{stem}, record {document.record}"


def _row(said: _Said) -> dict:
    return {
        "utterance_id": said.utterance_id,
        "document_id": said.document.document_id,
        "voice_id": said.voice.voice_id,
        "start": said.start,
        "end": said.end,
    }
