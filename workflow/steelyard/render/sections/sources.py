"""Section 8: each document as a readable page, its coded passages marked, every quote's link ending here."""

from __future__ import annotations

from typing import Any

import pandas as pd

from steelyard import tables
from steelyard.render import markdown as md
from steelyard.render.escape import attribute, entities, link_target
from steelyard.render.run import Run
from steelyard.render.sections.evidence import coded, row_id, shown

_ROLES = {
    "headline": "headline (not weighed)",
    "summary": "summary (not weighed)",
    "furniture": "furniture",
    "post": "",
}


def sources(run: Run) -> str:
    """Compose every document in the order of the config."""
    rows = {row.document_id: row for row in tables.records(run[tables.DOCUMENTS])}
    back = _ways_back(run)
    statements = _by(run[tables.STATEMENTS], "utterance_id")
    utterances = _by(run[tables.UTTERANCES], "document_id")
    blocks = []
    for source in run.study.sources:
        blocks.append(_head(run, rows[source.document_id]))
        spoken = [u for u in utterances.get(source.document_id, []) if u.utterance_id in statements]
        blocks += [_utterance(run, u, statements[u.utterance_id], back) for u in spoken]
    return md.join(blocks)


def _by(frame: pd.DataFrame, key: str) -> dict[str, list[Any]]:
    """Give the rows of each value of a column, in the order of the text."""
    parts: dict[str, list[Any]] = {}
    for row in tables.records(frame.sort_values("start")):
        parts.setdefault(getattr(row, key), []).append(row)
    return parts


def _ways_back(run: Run) -> dict[str, str]:
    """Give each coded statement a link to its rows in the evidence table, which says in words what it was coded for."""
    codes = coded(run)
    on_page, on_paper = (set(rows.statement_id) for rows in shown(run, codes))
    names = (codes.hypothesis + " (" + codes.stance + ")").groupby(codes.statement_id).agg(list)
    links = {}
    for statement, what in names.items():
        passage = run.passages[str(statement)]
        told = attribute(f"{md.capital(passage.place)}, coded for {md.listed(what)}: to its rows in the evidence table")
        link = f'[↑](#{row_id(passage.anchor)}){{.back title="{told}" aria-label="{told}"}}'
        if statement not in on_paper:
            link = f'[{link}]{{.content-visible when-format="html"}}' if statement in on_page else ""
        links[str(statement)] = f"\u2060{link}"  # a word joiner: no line begins with it
    return links


def _head(run: Run, row: Any) -> str:
    facts = [
        entities(row.source_type),
        f"{row.characters:,} characters".replace(",", " "),
        f"file {entities(row.path)}",
    ]
    facts += [row.date] if not pd.isna(row.date) else []
    target = None if pd.isna(row.url) else link_target(row.url)
    facts += [f"[{entities(row.url)}]({target})"] if target else []
    heading = md.heading(2, entities(row.title), run.document_anchor(row.document_id))
    return md.join([heading, f"*{' · '.join(facts)}*"])


def _utterance(run: Run, utterance: Any, statements: list[Any], back: dict[str, str]) -> str:
    label = run.speakers[utterance.voice_id] if utterance.role == "post" else _ROLES[utterance.role]
    line = run.line(utterance.document_id, statements[0].start)
    parts = [f"**{entities(label)}**, [{line}]{{.place}}:"]
    for row in statements:
        classes = ".mark" if row.statement_id in back else ".statement"
        language = "" if row.language == "en" else f" lang={row.language}"
        anchor = run.anchor(row.document_id, row.start)
        parts.append(f"[{entities(row.text)}]{{#{anchor} {classes}{language}}}{back.get(row.statement_id, '')}")
    return f"::: {{.utterance .{utterance.role}}}\n{' '.join(parts)}\n:::"
