"""Codes that people or a language model recorded after reading.

A code is tied to a quote and its place in the document, not to a statement's id: when the corpus is cut into
statements otherwise than it was, codes still find what they are about.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from steelyard import tables, vocabulary
from steelyard.annotate import review
from steelyard.annotate.matching import overlap
from steelyard.annotate.readings import Readings
from steelyard.annotate.recorded_file import Passage, passages
from steelyard.codebook import Codebook
from steelyard.errors import Problem
from steelyard.ingest.texts import originals, same_place

READ_OF_STATEMENTS = ("statement_id", "document_id", "start", "end")  # columns of ingest/statements
_CONFIDENCE = 1.0


@dataclass(frozen=True)
class _Tied:
    """A passage, the statement that it goes to, and how many characters they share; none where none holds it."""

    passage: Passage
    statement_id: str
    shared: int


def read(
    path: Path, coder: str, documents: Mapping[str, str], statements: pd.DataFrame, codebook: Codebook
) -> Readings:
    """Read a file of recorded codes and tie them to statements; see `read_for_review`."""
    return read_for_review(path, coder, documents, statements, codebook, Path())[0]


def read_for_review(
    path: Path,
    coder: str,
    documents: Mapping[str, str],
    statements: pd.DataFrame,
    codebook: Codebook,
    folder: Path,
) -> tuple[Readings, pd.DataFrame]:
    """Read a file of recorded codes, tie them to statements, and list those to look at again.

    A row codes one passage for one hypothesis; a passage without any has one row with that column empty. `start`
    counts the code points before the quote; where the quote isn't there exactly but occurs once elsewhere in the
    document, that place is taken. A passage of a document that was dropped as a duplicate is one of the document that
    was kept. Each passage goes to the statement with which it shares the most characters. If
    several go to one statement, those that a person coded count alone; their hypotheses are united, and where they
    disagree, as for traits, the passage that shares the most characters decides.

    Args:
        path: the file; see `recorded_file.passages`.
        coder: name that the tables carry; the file's own column says who read.
        documents: text by document_id, as the file is decoded, line ends untouched.
        statements: per `tables.STATEMENTS`, `READ_OF_STATEMENTS` at least.
        codebook: the hypotheses and expected observations that may be coded, besides `other_motive`.

        folder: the study's folder, from which the list names the file.

    Returns:
        Readings, all with confidence 1; `unmapped` holds passages that share no character with any statement. And
        what the codebook's changes ask to look at again, per `tables.REVIEW`.

    Raises:
        SteelyardError: with every mistake in the file, each with its line.
    """
    coded = _of_originals(passages(path, documents, codebook), documents, set(statements["document_id"]))
    tied = _tied(coded, statements)
    again = review.listed([(one.statement_id or None, one.passage) for one in tied], coder, codebook, folder)
    return _readings(tied, coder), again


def listed(unmapped: Iterable[Problem], coder: str, folder: Path) -> pd.DataFrame:
    """List codes that lie in no statement, per `tables.UNMAPPED`; files are named from the study's folder."""
    rows = [{"coder": coder, "where": one.where.removeprefix(f"{folder}/"), "what": one.what} for one in unmapped]
    return tables.UNMAPPED.frame(rows)


def _of_originals(coded: Sequence[Passage], documents: Mapping[str, str], kept: set[str]) -> list[Passage]:
    """Move passages of copies to the same words of the documents that stand for them."""
    if all(passage.document_id in kept for passage in coded):
        return list(coded)
    original = originals(documents, kept)
    of_copy: dict[str, list[Passage]] = {}
    for passage in coded:
        of_copy.setdefault(passage.document_id, []).append(passage)
    moved: list[Passage] = []
    for copy, found in of_copy.items():
        name = original[copy]
        if name != copy:
            places = same_place(documents[copy], documents[name], {(one.start, one.end) for one in found})
            spans = [places[one.start, one.end] for one in found]
            found = [
                replace(one, document_id=name, start=start, end=end)
                for one, (start, end) in zip(found, spans, strict=True)
            ]
        moved += found
    return moved


def _tied(coded: Sequence[Passage], statements: pd.DataFrame) -> list[_Tied]:
    named = statements["document_id"].isin({passage.document_id for passage in coded})
    by_document = dict(iter(statements[named].sort_values("start").groupby("document_id")))
    return [_Tied(passage, *_statement(passage, by_document.get(passage.document_id))) for passage in coded]


def _readings(tied: Sequence[_Tied], coder: str) -> Readings:
    passages_of: dict[str, list[_Tied]] = {}
    for one in tied:
        if one.statement_id:
            passages_of.setdefault(one.statement_id, []).append(one)
    hint = "It stands in what was dropped, or in furniture; see ingest/dropped."
    unmapped = [
        Problem("the quote lies in no statement: its codes are left out", one.passage.where, hint)
        for one in tied
        if not one.statement_id
    ]
    readings: list[dict] = []
    traits: list[dict] = []
    sightings: list[dict] = []
    for statement_id, found in passages_of.items():
        ordered = [one.passage for one in sorted(found, key=_precedence)]
        best = ordered[0]
        ordered = [passage for passage in ordered if passage.origin == best.origin]
        row = {"statement_id": statement_id, "coder": coder, "confidence": _CONFIDENCE}
        said_of_it = {"kind": best.kind, "hedged": best.hedged, "gap": best.gap, "drawn": best.drawn}
        traits.append(row | said_of_it | {"origin": best.origin})
        codes = _united({name: (said, passage.origin) for name, said in passage.codes.items()} for passage in ordered)
        for hypothesis, ((stance, label), origin) in codes.items():
            readings.append(row | {"hypothesis_id": hypothesis, "stance": stance, "label": label, "origin": origin})
        seen = _united(
            {name: (said, passage.origin) for name, said in passage.sightings.items()} for passage in ordered
        )
        for observation, (finding, origin) in seen.items():
            sightings.append(row | {"observation_id": observation, "finding": finding, "origin": origin})
    return Readings(
        tables.READINGS.frame(readings),
        tables.TRAIT_READINGS.frame(traits),
        tables.SIGHTING_READINGS.frame(sightings),
        tuple(unmapped),
    )


def _precedence(found: _Tied) -> tuple:
    """Let what a person coded come first, then the passage that shares the most; of copies, what they say decides."""
    passage = found.passage
    said = (sorted(passage.codes.items()), sorted(passage.sightings.items()))
    said_of_it = (passage.kind, passage.hedged, passage.gap, passage.drawn or "", repr(said))
    return (vocabulary.ORIGINS.index(passage.origin), -found.shared, passage.start, passage.end, *said_of_it)


def _united(mappings: Iterable[dict]) -> dict:
    """Unite mappings; of values for the same key the first counts."""
    united: dict = {}
    for mapping in mappings:
        united = mapping | united
    return united


def _statement(passage: Passage, statements: pd.DataFrame | None) -> tuple[str, int]:
    """Give the statement that shares most characters with a passage (the earliest of several), and how many."""
    if statements is None:
        return "", 0
    # Statements of a document don't overlap, so that their ends are sorted as their starts are.
    first = int(statements["end"].searchsorted(passage.start, side="right"))
    last = int(statements["start"].searchsorted(passage.end, side="left"))
    candidates = statements.iloc[first:last]
    shared = [
        (overlap((passage.start, passage.end), (start, end)), statement_id)
        for statement_id, start, end in zip(
            candidates["statement_id"], candidates["start"], candidates["end"], strict=True
        )
    ]
    most = max(shared, key=lambda pair: pair[0], default=(0, ""))
    return (most[1], most[0]) if most[0] else ("", 0)
