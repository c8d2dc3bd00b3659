"""Who says what: the independent voices of a run, and the kinds of the best that each says. For tables and pictures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from steelyard import tables
from steelyard.render.run import Run

MOST_VOICES = 40
SIDES = {"supports": 1, "opposes": -1}  # to the right and to the left of zero


@dataclass(frozen=True)
class Voice:
    """An independent voice: the document in which it says most, and its rows of the ledger by hypothesis."""

    voice_id: str
    document_id: str
    statements: int
    rows: Mapping[str, Any]


def talking(run: Run) -> list[Voice]:
    """Give the voices that take up or raise a hypothesis, those first that have most statements on any."""
    documents = list(run[tables.DOCUMENTS].document_id)
    # A motive that the codebook does not name counts too: the link of the figure shows these statements.
    evidence = run[tables.EVIDENCE].drop_duplicates(["voice_id", "statement_id"])
    said = Counter(zip(evidence.voice_id, evidence.document_id, strict=True))
    ledger = run[tables.LEDGER]
    found = [
        Voice(
            str(voice),
            max((d for d in documents if said[voice, d]), key=lambda d: said[voice, d]),
            sum(said[voice, d] for d in documents),
            {row.hypothesis_id: row for row in tables.records(rows)},
        )
        for voice, rows in ledger[ledger.hypothesis_id.isin(list(run.hypotheses))].groupby("voice_id")
    ]
    order = {name: place for place, name in enumerate(run[tables.VOICES].voice_id)}
    return sorted(found, key=lambda voice: (-voice.statements, order[voice.voice_id]))


def by_source(run: Run, voices: Sequence[Voice]) -> dict[str, list[Voice]]:
    """Give the voices by the title of their document, in the order of the documents."""
    titles = run[tables.DOCUMENTS].set_index("document_id").title
    places = {name: place for place, name in enumerate(titles.index)}
    groups: dict[str, list[Voice]] = {}
    for voice in sorted(voices, key=lambda voice: places[voice.document_id]):
        groups.setdefault(titles[voice.document_id], []).append(voice)
    return groups


def best_kinds(run: Run) -> dict[tuple[str, str], dict[str, int]]:
    """Count the voices on each side of each hypothesis by the kind of the best statement that each makes there.

    Returns:
        By hypothesis and stance ("supports", "opposes"): kind -> number of voices.
    """
    ledger = run[tables.LEDGER]
    counted: dict[tuple[str, str], dict[str, int]] = {}
    for side, column in (("supports", "kind_for"), ("opposes", "kind_against")):
        for (identifier, kind), part in ledger[ledger[column].notna()].groupby(["hypothesis_id", column]):
            counted.setdefault((str(identifier), side), {})[str(kind)] = len(part)
    return counted


def stance_of(row: Any) -> str:
    """Give which side a voice takes by its row of the ledger: supports, opposes, both, or neither where it raises."""
    if row.supports and row.opposes:
        return "both"
    return "supports" if row.supports else "opposes" if row.opposes else "raises"
