"""Who says what: the independent voices of a run, and the kinds of the best that each says. For tables and pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from steelyard import tables
from steelyard.render.run import MOST_VOICES, Run

SIDES = {"supports": 1, "opposes": -1}  # to the right and to the left of zero


@dataclass(frozen=True)
class Voice:
    """An independent voice: the document in which it says most, and its rows of the ledger by hypothesis."""

    voice_id: str
    document_id: str
    statements: int
    rows: Mapping[str, Any]


def talking(run: Run) -> list[Voice]:
    """Give the voices that take up or raise a hypothesis, as many as are drawn: those that have most statements."""
    ledger = run[tables.LEDGER]
    ledger = ledger[ledger.hypothesis_id.isin(list(run.hypotheses))]
    rows = {str(voice): list(tables.records(part)) for voice, part in ledger.groupby("voice_id")}
    return [
        Voice(one.voice_id, one.document_id, one.statements, {row.hypothesis_id: row for row in rows[one.voice_id]})
        for one in run.totals.talkers(MOST_VOICES, by_words=not run.is_whole)
    ]


def by_source(run: Run, voices: Sequence[Voice]) -> dict[str, list[Voice]]:
    """Give the voices by the title of their document, in the order of the documents."""
    titles = run[tables.DOCUMENTS].set_index("document_id").title
    places = {name: place for place, name in enumerate(titles.index)}
    groups: dict[str, list[Voice]] = {}
    for voice in sorted(voices, key=lambda voice: places[voice.document_id]):
        groups.setdefault(titles[voice.document_id], []).append(voice)
    return groups


def stance_of(row: Any) -> str:
    """Give which side a voice takes by its row of the ledger: supports, opposes, both, or neither where it raises."""
    if row.supports and row.opposes:
        return "both"
    return "supports" if row.supports else "opposes" if row.opposes else "raises"
