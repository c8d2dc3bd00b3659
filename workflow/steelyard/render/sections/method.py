"""Section 9: who coded and how well, what was dropped, every constant, and the digests of what went in."""

from __future__ import annotations

from collections import Counter

import pandas as pd
import pydantic

from steelyard import tables
from steelyard.render import markdown as md
from steelyard.render.escape import entities
from steelyard.render.run import Run
from steelyard.render.words import ORIGINS


def coding(run: Run) -> str:
    """Compose who or what coded the corpus, and with what measured error, or that it is unknown."""
    counted = Counter((row.coder, row.origin) for row in tables.records(run[tables.TRAITS]))
    quality = run[tables.QUALITY]
    measured = set(quality.coder)
    items = []
    for (coder, origin), number in sorted(counted.items()):
        read = f"`{coder}`: {md.count(number, 'statement')} read by {ORIGINS[origin]}"
        items.append(f"{read}; {'its error stands below' if coder in measured else '**accuracy unknown**'}")
    shown = quality[quality.label.isin(["all", "true"])]
    return md.join(["What was accepted:", md.bullets(items), "" if shown.empty else _quality(shown)])


def _quality(shown: pd.DataFrame) -> str:
    rows = [
        [
            entities(row.coder),
            row.axis,
            row.n,
            md.decimal(row.precision),
            md.decimal(row.recall),
            md.decimal(row.alpha),
            "–" if pd.isna(row.low) else f"{md.decimal(row.low)} to {md.decimal(row.high)}",
        ]
        for row in tables.records(shown)
    ]
    reference = md.listed(sorted({entities(text) for text in shown.reference}))
    sample = md.listed(sorted({entities(text) for text in shown["sample"]}))
    measures = "precision, recall, and Krippendorff's alpha with its bootstrap interval"
    caption = f"Each coder against {reference} ({sample}): {measures}"
    header = ["Coder", "Axis", "n>", "Precision>", "Recall>", "Alpha>", "Interval"]
    return md.table(header, rows, caption, "tbl-quality")


def dropped(run: Run) -> str:
    """Compose what of the documents is no statement, and why."""
    passages: Counter[str] = Counter()
    characters: Counter[str] = Counter()
    for row in tables.records(run[tables.DROPPED]):
        passages[row.reason] += 1
        characters[row.reason] += row.end - row.start
    rows: list[list[md.Cell]] = [
        [entities(reason), number, characters[reason]] for reason, number in sorted(passages.items())
    ]
    roles = Counter(passage.role for passage in run.passages.values())
    kept = md.listed([f"{number} of role {role}" for role, number in sorted(roles.items())])
    table = md.table(["Reason", "Passages>", "Characters>"], rows, "What was dropped, and why", "tbl-dropped")
    return md.join(
        [f"Of the documents' text came {md.count(len(run.passages), 'statement')}: {kept}.", table, _fallen(run)]
    )


def _fallen(run: Run) -> str:
    """Compose the recorded codes that lie in no statement."""
    rows = [
        [entities(row.coder), entities(row.where), entities(row.what)] for row in tables.records(run[tables.UNMAPPED])
    ]
    if not rows:
        return "Every recorded code was tied to a statement." if run[tables.TRAITS].origin.ne("program").any() else ""
    return md.table(["Coder", "Where", "What"], rows, "Recorded codes that lie in no statement", "tbl-unmapped")


def constants(run: Run) -> str:
    """Compose every constant of the method: a default or the study's own, and an assumption either way."""
    rows = [*_constants(run.study.ingest, "ingest: "), *_constants(run.study.method, "")]
    return md.table(["Constant", "Value>"], rows, "Every constant of the method", "tbl-constants")


def _constants(model: pydantic.BaseModel, prefix: str) -> list[list[md.Cell]]:
    rows: list[list[md.Cell]] = []
    for name in type(model).model_fields:
        value = getattr(model, name)
        if isinstance(value, pydantic.BaseModel):
            rows += _constants(value, f"{prefix}{name}: ")
        else:
            words = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
            rows.append([f"{prefix}{name}".replace("_", " "), entities(words)])
    return rows


def inputs(run: Run) -> str:
    """Compose the digests of all that went in: documents, codebook, recorded codes, checked sources."""
    files = {row.path: row.sha256 for row in tables.records(run[tables.DOCUMENTS])} | dict(run.digests)
    rows = [[entities(path), f"`{digest}`"] for path, digest in files.items()]
    return md.table(["File", "SHA-256"], rows, "Digests of the inputs", "tbl-inputs", "[35,65]")
