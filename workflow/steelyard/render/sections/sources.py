"""Section 8: each document as a readable page, its coded passages marked, every quote's link ending here."""

from __future__ import annotations

from typing import Any

import pandas as pd

from steelyard import tables
from steelyard.render import markdown as md
from steelyard.render.escape import entities, link_target
from steelyard.render.run import Run

_ROLES = {
    "headline": "headline (not weighed)",
    "summary": "summary (not weighed)",
    "furniture": "furniture",
    "post": "",
}


def sources(run: Run) -> str:
    """Compose every document in the order of the config."""
    rows = {row.document_id: row for row in tables.records(run[tables.DOCUMENTS])}
    return md.join(_document(run, rows[source.document_id]) for source in run.study.sources)


def _document(run: Run, row: Any) -> str:
    facts = [
        entities(row.source_type),
        f"{row.characters:,} characters".replace(",", " "),
        f"file {entities(row.path)}",
    ]
    facts += [row.date] if not pd.isna(row.date) else []
    target = None if pd.isna(row.url) else link_target(row.url)
    facts += [f"[{entities(row.url)}]({target})"] if target else []
    utterances = run[tables.UTTERANCES]
    utterances = utterances[utterances.document_id == row.document_id].sort_values("start")
    statements: dict[Any, pd.DataFrame] = dict(iter(run[tables.STATEMENTS].groupby("utterance_id")))
    return md.join(
        [
            md.heading(2, entities(row.title), run.document_anchor(row.document_id)),
            f"*{' · '.join(facts)}*",
            *(_utterance(run, u.utterance_id, u.voice_id, u.role, statements) for u in tables.records(utterances)),
        ]
    )


def _utterance(run: Run, identifier: str, voice: str, role: str, statements: dict[Any, pd.DataFrame]) -> str:
    if identifier not in statements:
        return ""
    label = run.speakers[voice] if role == "post" else _ROLES[role]
    parts = [f"**{entities(label)}**"]
    coded = set(run[tables.CODES].statement_id)
    for row in tables.records(statements[identifier].sort_values("start")):
        classes = ".mark" if row.statement_id in coded else ".statement"
        language = "" if row.language == "en" else f" lang={row.language}"
        parts.append(f"[{entities(row.text)}]{{#{run.anchor(row.document_id, row.start)} {classes}{language}}}")
    return f"::: {{.utterance .{role}}}\n{' '.join(parts)}\n:::"
