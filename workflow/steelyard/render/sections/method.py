"""Section 9: what was dropped, every constant, and the digests of what went in."""

from __future__ import annotations

import hashlib

import pydantic

from steelyard import tables
from steelyard.render import markdown as md
from steelyard.render.escape import entities
from steelyard.render.flow import steps
from steelyard.render.run import Run


def dropped(run: Run) -> str:
    """Compose what of the documents is no statement, and why."""
    rows: list[list[md.Cell]] = [
        [entities(reason), passages, characters] for reason, (passages, characters) in run.dropped.items()
    ]
    kept = md.listed([f"{number} of role {role}" for role, number in run.totals.roles.items()])
    table = md.table(["Reason", "Passages>", "Characters>"], rows, "What was dropped, and why", "tbl-dropped")
    sentence = f"Of the documents' text came {md.count(run.totals.statements, 'statement')}: {kept}."
    caption = "From the text to the voices that are weighed: what goes on at each step, and what ends there"
    alternative = f"{caption}. Text and table beside it have the figures."
    return md.join([sentence, md.figure("flow", caption, alternative), _flow(run), table, _fallen(run)])


def _flow(run: Run) -> str:
    """Compose the figures of each step on the way."""
    rows: list[list[md.Cell]] = [
        [step.words, entities(part.words), f"{part.number:,}", md.percent(part.number / step.number)]
        for step in steps(run)
        if step.number
        for part in step.parts
    ]
    header = ["Step", "Part", "Number>", "Share>"]
    return md.table(header, rows, "The steps from the text to the voices that are weighed", "tbl-flow", "[30,40,15,15]")


def _fallen(run: Run) -> str:
    """Compose the recorded codes that lie in no statement."""
    rows = [
        [entities(row.coder), entities(row.where), entities(row.what)] for row in tables.records(run[tables.UNMAPPED])
    ]
    if not rows:
        return (
            "Every recorded code was tied to a statement."
            if any(origin != "program" for _, origin in run.totals.readers)
            else ""
        )
    return md.table(["Coder", "Where", "What"], rows, "Recorded codes that lie in no statement", "tbl-unmapped")


def thresholds(run: Run) -> str:
    """Compose the one table by which certainty steps down."""
    t = run.study.method.certainty
    rows: list[list[md.Cell]] = [
        ["Method", f"more than {md.percent(t.opinion_share)} of the strength offered is assertion or reasoning", ""],
        [
            "Coherence",
            f"fewer than {md.percent(t.contested_high)} of its voices support it",
            f"fewer than {md.percent(t.contested_low)}",
        ],
        ["Adequacy", f"fewer than {t.few_voices} independent voices take it up", f"fewer than {t.very_few_voices}"],
        ["Relevance", f"it is taken up in fewer than {t.documents} documents", ""],
        ["Sources", "never above low unless a checked source that is no party to the question supports it", ""],
    ]
    header = ["Domain", "One grade down where", "A second where"]
    caption = "How certainty steps down from high: moderate, low, very low"
    return md.table(header, rows, caption, "tbl-thresholds", "[14,61,25]")


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
        elif isinstance(value, dict):
            for key, one in value.items():
                listed = ", ".join(f"{kind} {constant}" for kind, constant in one.items())
                rows.append([f"{prefix}{name}: {entities(key)}".replace("_", " "), entities(listed)])
        else:
            words = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
            rows.append([f"{prefix}{name}".replace("_", " "), entities(words)])
    return rows


def inputs(run: Run) -> str:
    """Compose the digests of all that went in: documents, codebook, recorded codes, checked sources."""
    files = {row.path: row.sha256 for row in tables.records(run[tables.DOCUMENTS])}
    about = ""
    if not run.is_whole:
        lines = "".join(
            f"{digest}  {path}\n" for digest, path in sorted((digest, path) for path, digest in files.items())
        )
        about = (
            f"The digests of the {len(files):,} files of documents stand in `ingest/documents.parquet`. Listed by "
            "digest, a line each, as `sha256sum` writes them, they have the SHA-256 "
            f"`{hashlib.sha256(lines.encode(errors='surrogateescape')).hexdigest()}`."
        )
        files = {}
    rows = [[entities(path), f"`{digest}`"] for path, digest in (files | dict(run.digests)).items()]
    return md.join([about, md.table(["File", "SHA-256"], rows, "Digests of the inputs", "tbl-inputs", "[35,65]")])
