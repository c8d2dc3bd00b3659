"""Statements and codes as W3C Web Annotations (JSON-LD): a collection of one page, an annotation a line.

The Recommendation (Web Annotation Data Model, 23 February 2017, 4.2.4 and 4.2.5) has positions count the code points of
the text as it is after markup is gone and entities are resolved, from 0 before the first; the end is not part of it. So
do spans. Nothing else is normalised: a byte order mark, a carriage return and each combining character count as one.
Programs that count UTF-16 code units, as JavaScript does, must not take them for such.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from steelyard import __version__, tables
from steelyard.engine import Engine, frames
from steelyard.files import write_whole
from steelyard.provenance.digests import named
from steelyard.provenance.document_texts import source, text_of
from steelyard.render.run import optional

Annotation = dict[str, Any]

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
_AROUND = 32  # code points before and after a quote
_ROWS = """
    select s.statement_id, s.document_id, s.start, s."end", s.text, c.hypothesis_id, c.stance, c.label, c.confidence,
        coalesce(c.coder, t.coder) as coder, coalesce(c.origin, t.origin) as origin, t.kind, t.hedged, t.gap
    from statements s left join codes c using (statement_id) left join traits t using (statement_id)
"""


def write(connection: Engine, study: str, documents: pd.DataFrame, folder: Path, extracted: Path, path: Path) -> None:
    """Write all statements with their accepted codes; no more than some of them are in memory at a time.

    Args:
        connection: an engine that knows the tables statements, codes and traits.
        study: the study's name.
        documents: the table ingest/documents.
        folder: the config's folder.
        extracted: the folder ingest/texts.
        path: the file.

    Raises:
        SteelyardError: a document is not the one that was read.
    """
    [[total]] = connection.sql(f"select count(*) from ({_ROWS})").fetchall()
    ordered = f'{_ROWS} order by s.document_id, s.start, s."end", s.statement_id, c.hypothesis_id'
    rows = (row for frame in frames(connection, ordered) for row in tables.records(frame))

    def write_to(temporary: Path) -> None:
        with temporary.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(lines(study, total, each(rows, documents, folder, extracted)))

    write_whole(path, write_to)


def lines(study: str, total: int, items: Iterable[Annotation]) -> Iterator[str]:
    """Give a collection's lines: its head, an annotation each, its end.

    Args:
        study: the study's name.
        total: how many annotations there are.
        items: the annotations.
    """
    name = _urn(f"collection of {study}")
    page = _urn(f"page of {study}")
    head = {
        "@context": CONTEXT,
        "id": name,
        "type": "AnnotationCollection",
        "label": f"Statements and codes of the study {study}",
        "creator": {"type": "Software", "name": f"steelyard {__version__}"},
        "total": total,
        "last": page,
    }
    first = {"id": page, "type": "AnnotationPage", "partOf": name, "startIndex": 0}
    yield f'{_json(head)[:-1]}, "first": {_json(first)[:-1]}, "items": ['
    for number, item in enumerate(items):
        yield f"{',' if number else ''}\n{_json(item)}"
    yield "\n]}}\n"


def each(rows: Iterable[Any], documents: pd.DataFrame, folder: Path, extracted: Path) -> Iterator[Annotation]:
    """Give an annotation for each code of a statement, and one for each statement without.

    Args:
        rows: statements with their codes and traits, those of a document one after the other.
        documents: the table ingest/documents.
        folder: the config's folder.
        extracted: the folder ingest/texts.

    Raises:
        SteelyardError: a document is not the one that was read.
    """
    known = {row.document_id: row for row in tables.records(documents)}
    last, text, whole = "", "", {}
    for row in rows:
        if row.document_id != last:
            last, document = row.document_id, known[row.document_id]
            text, whole = text_of(document, folder, extracted), _source(document, folder, extracted)
        yield _annotation(row, text, whole)


def _source(document: Any, folder: Path, extracted: Path) -> Annotation:
    path, digest = source(document, folder, extracted)
    url = optional(document, "url") or ""
    return {
        "id": named(digest),
        "type": "Text",
        "format": "text/plain",
        "language": document.language,
        "label": document.path if path == folder / document.path else f"ingest/texts/{path.name}",
        **({"via": url} if re.fullmatch(r"https?://[!-~]+", url) else {}),
    }


def _annotation(row: Any, text: str, whole: Annotation) -> Annotation:
    hypothesis, coder = optional(row, "hypothesis_id"), optional(row, "coder")
    body = list(_bodies(row, hypothesis))
    start, end = int(row.start), int(row.end)
    found = {
        "id": _urn(f"{whole['id']}#char={start},{end} {hypothesis or ''} {coder or ''}"),
        "type": "Annotation",
        "label": row.statement_id,
        "motivation": "classifying" if body else "highlighting",
        "creator": {"type": "Person" if row.origin == "human" else "Software", "name": coder} if coder else None,
        "body": body,
        "target": {
            "type": "SpecificResource",
            "source": whole,
            "selector": [
                {"type": "TextPositionSelector", "start": start, "end": end},
                {
                    "type": "TextQuoteSelector",
                    "exact": row.text,
                    "prefix": text[max(0, start - _AROUND) : start],
                    "suffix": text[end : end + _AROUND],
                },
            ],
        },
    }
    return {key: value for key, value in found.items() if value}


def _bodies(row: Any, hypothesis: str | None) -> Iterator[Annotation]:
    if hypothesis:
        yield _body("classifying", hypothesis)
        yield _body("tagging", f"stance: {row.stance}")
        if label := optional(row, "label"):
            yield _body("describing", label)
        if row.confidence < 1:
            yield _body("assessing", f"confidence: {row.confidence:.6g}")
    if kind := optional(row, "kind"):
        yield _body("tagging", f"kind: {kind}")
        for flag in ("hedged", "gap"):
            if getattr(row, flag):
                yield _body("tagging", flag)


def _body(purpose: str, value: str) -> Annotation:
    return {"type": "TextualBody", "purpose": purpose, "value": value}


def _urn(name: str) -> str:
    """Give the name that the same thing has in every run."""
    return uuid.uuid5(uuid.NAMESPACE_URL, name).urn


def _json(value: Annotation) -> str:
    return json.dumps(value, ensure_ascii=False)
