"""Section 8: each document as a readable page, its coded passages marked, every quote's link ending here."""

from __future__ import annotations

from statistics import mode
from typing import Any

import pandas as pd

from steelyard import tables
from steelyard.render import markdown as md
from steelyard.render.bibliography import citation_keys
from steelyard.render.escape import attribute, direction, entities, link_target
from steelyard.render.run import Run, optional
from steelyard.render.sections.evidence import coded, row_id, shown

_ROLES = {
    "headline": "headline (not weighed)",
    "summary": "summary (not weighed)",
    "furniture": "furniture",
    "post": "",
}
_MOST_LISTED = 60  # with more documents than this, the contents do not name each


def sources(run: Run) -> str:
    """Compose every document that is shown, in the order of the config and of the records of a file."""
    keys = citation_keys(run.shown.document_id)
    listed = len(run.shown_documents) <= _MOST_LISTED
    back, answers = _ways_back(run), _answers(run)
    statements = _by(run[tables.STATEMENTS], "utterance_id")
    utterances = _by(run[tables.UTTERANCES], "document_id")
    blocks = []
    for row in run.shown_documents:
        blocks.append(_head(run, row, keys[row.document_id], listed=listed))
        spoken = [u for u in utterances.get(row.document_id, []) if u.utterance_id in statements]
        blocks += [
            _utterance(run, u, statements[u.utterance_id], back, answers.get(u.utterance_id, "")) for u in spoken
        ]
    return md.join(blocks)


def _by(frame: pd.DataFrame, key: str) -> dict[str, list[Any]]:
    """Give the rows of each value of a column, in the order of the text."""
    parts: dict[str, list[Any]] = {}
    for row in tables.records(frame.sort_values("start")):
        parts.setdefault(getattr(row, key), []).append(row)
    return parts


def _answers(run: Run) -> dict[str, str]:
    """Say whom each utterance answers, as a link to what it answers; without one if no statement is left of that."""
    rows = {row.utterance_id: row for row in tables.records(run[tables.UTTERANCES])}
    statements = run[tables.STATEMENTS].sort_values("start").drop_duplicates("utterance_id")
    passages = {row.utterance_id: run.anchor(row.document_id, row.start) for row in tables.records(statements)}
    parents = {name: rows.get(optional(row, "parent_id")) for name, row in rows.items()}
    named = {name: (parent, md.name(run.speakers[parent.voice_id])) for name, parent in parents.items() if parent}
    return {
        name: f"in answer to [{speaker}](#{passages[parent.utterance_id]})"
        if parent.utterance_id in passages
        else f"in answer to {speaker}"
        for name, (parent, speaker) in named.items()
    }


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


def _head(run: Run, row: Any, key: str, *, listed: bool) -> str:
    author, date, record = (optional(row, name) for name in ("author", "date", "record"))
    file = f"file {entities(row.path)}"
    if optional(row, "text_sha256"):
        file = f"text extracted from {entities(row.path)}, kept as ingest/texts/{entities(row.document_id)}.txt"
    facts = [
        entities(row.source_type),
        *([f"by {md.name(author)}"] if author else []),
        f"{row.characters:,} characters".replace(",", " "),
        file,
        *([f"record {int(record)}"] if record else []),
        *([entities(date)] if date else []),
    ]
    target = link_target(optional(row, "url") or "")
    facts += [f"[{entities(row.url)}]({target})"] if target else []
    classes = "" if listed else ".unnumbered .unlisted"
    heading = md.heading(2, md.name(row.title), run.document_anchor(row.document_id), classes=classes)
    cited = f"[@{key}]" if author else f"[-@{key}]"  # where there is no author, a citation would say the title again
    return md.join([heading, f"*{' · '.join(facts)}* {cited}"])


def _utterance(run: Run, utterance: Any, statements: list[Any], back: dict[str, str], answer: str) -> str:
    """Compose who speaks where, then every statement; a text written from right to left is a block of its own."""
    label = md.name(run.speakers[utterance.voice_id]) if utterance.role == "post" else _ROLES[utterance.role]
    date = optional(utterance, "date")
    place = run.where(statements[0])
    where = ", ".join([entities(place), *([entities(date)] if date else [])])
    head = f"**{label}**, [{where}]{{.place}}{f', {answer}' if answer else ''}:"
    turned = direction("".join(row.text for row in statements)) == "rtl"
    language = mode(row.language for row in statements) if turned else "en"
    parts, end = [], utterance.start
    for row in statements:
        parts += _left_out(run, row.document_id, end, row.start)
        end = row.end
        if optional(row, "place") and run.where(row) != place:
            place = run.where(row)
            parts.append(f"[&#91;{entities(place)}&#93;]{{.place{' lang=en dir=ltr' if turned else ''}}}")
        parts.append(_statement(run, row, back, language, turned=turned))
    text = " ".join([*parts, *_left_out(run, utterance.document_id, end, utterance.end)])
    body = f"{head}\n\n::: {{lang={language} dir=rtl}}\n{text}\n:::" if turned else f"{head} {text}"
    return f"::: {{.utterance .{utterance.role}}}\n{body}\n:::"


def _left_out(run: Run, document_id: str, start: int, end: int) -> list[str]:
    """Give the mark for text of an utterance that a selection leaves out, if there is any."""
    left = not run.is_whole and run.texts[document_id][start:end].strip()
    return ["[&#91;&#8230;&#93;]{.left-out}"] if left else []


def _statement(run: Run, row: Any, back: dict[str, str], language: str, *, turned: bool) -> str:
    """Give a statement with its anchor; with language and direction where they are not those around it."""
    own = direction(row.text)
    marks = [f"#{run.anchor(row.document_id, row.start)}", ".mark" if row.statement_id in back else ".statement"]
    marks += [f"lang={row.language}"] if row.language != language else []
    marks += [f"dir={own or 'ltr'}"] if (own == "rtl") != turned else []
    return f"[{entities(row.text)}]{{{' '.join(marks)}}}{back.get(row.statement_id, '')}"
