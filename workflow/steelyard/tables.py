"""The doors between the rooms: the schema of every table, and how tables are read and written.

A table is checked by its schema whenever it is written and whenever it is read; a failed check names file, row and
rule.
Rows are sorted by key and files are written whole or not at all, so that the same inputs give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pandera.pandas as pa

from steelyard import vocabulary
from steelyard.errors import Problem, SteelyardError
from steelyard.files import write_whole

_SHOWN_FAILURES = 10
_TWICE = "multiple_fields_uniqueness"  # pandera's name for a key that is not unique
_STRING = pd.StringDtype(na_value=np.nan)  # pandas' own `str`; a missing text is NaN


def _text(
    *, nullable: bool = False, isin: tuple[str, ...] | None = None, unique: bool = False, required: bool = True
) -> pa.Column:
    checks = pa.Check.isin(isin) if isin else None
    return pa.Column(_STRING, checks=checks, nullable=nullable, unique=unique, required=required)


def _number(low: float | None = None, high: float | None = None, *, nullable: bool = False) -> pa.Column:
    return pa.Column(float, checks=_bounds(low, high), nullable=nullable)


def _count(low: int = 0, *, nullable: bool = False, required: bool = True) -> pa.Column:
    return pa.Column("Int64" if nullable else "int64", checks=_bounds(low, None), nullable=nullable, required=required)


def _bounds(low: float | None, high: float | None) -> list[pa.Check]:
    checks = [] if low is None else [pa.Check.ge(low)]
    return checks if high is None else [*checks, pa.Check.le(high)]


def _share(*, nullable: bool = False) -> pa.Column:
    return _number(0, 1, nullable=nullable)


_FLAG = pa.Column(bool)


@dataclass(frozen=True, eq=False)  # a table is itself alone
class Table:
    """A table that crosses a door.

    Args:
        name: "stage/table".
        key: columns that name a row; rows are sorted by them, and no two rows share them.
        columns: schema of each column, the key's included.
    """

    name: str
    key: tuple[str, ...]
    columns: dict[str, pa.Column]

    @property
    def schema(self) -> pa.DataFrameSchema:
        """The closed schema: a column too many or too few is a failure."""
        return pa.DataFrameSchema(self.columns, strict=True, unique=list(self.key) or None, name=self.name)

    def only(self, columns: Sequence[str]) -> Table:
        """Give the table with some of its columns; without its whole key rows need not differ."""
        chosen = {name: column for name, column in self.columns.items() if name in columns}
        return Table(self.name, self.key if set(self.key) <= set(columns) else (), chosen)

    def empty(self) -> pd.DataFrame:
        """Give a table of no rows."""
        return pd.DataFrame({name: pd.Series(dtype=_dtype(column)) for name, column in self.columns.items()})

    def frame(self, rows: pd.DataFrame | list[dict]) -> pd.DataFrame:
        """Give rows the table's columns and types, sorted by key, and check them.

        Args:
            rows: a frame or records that hold at least the table's columns; one that isn't required may be left out.

        Raises:
            SteelyardError: a row breaks the schema.
        """
        return self.check(self.arranged(rows), where=self.name)

    def arranged(self, rows: pd.DataFrame | list[dict]) -> pd.DataFrame:
        """Give rows the table's columns and types, sorted by key, for use within a room: they are not checked."""
        frame = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(rows)
        if frame.empty:
            return self.empty()
        optional = [name for name, column in self.columns.items() if not column.required]
        frame = frame.assign(**{name: None for name in optional if name not in frame.columns})
        frame = frame[[name for name in self.columns if name in frame.columns]]
        frame = frame.astype({name: _dtype(self.columns[name]) for name in frame.columns})
        return frame.sort_values(list(self.key), kind="stable", ignore_index=True)

    def check(self, frame: pd.DataFrame, where: str) -> pd.DataFrame:
        """Return the frame if it keeps the schema.

        Raises:
            SteelyardError: it does not; every failed rule is named with the rows that break it.
        """
        try:
            return self.schema.validate(frame, lazy=True)
        except pa.errors.SchemaErrors as failure:
            raise SteelyardError(_problems(failure.failure_cases, self, where)) from None


def _dtype(column: pa.Column) -> pd.StringDtype | str:
    return _STRING if column.dtype.type == _STRING else str(column.dtype)


def _problems(cases: pd.DataFrame, table: Table, where: str) -> list[Problem]:
    """One problem a broken rule, column and row; a key that stands twice is told once a row, not once a column."""
    key = f"key ({', '.join(table.key)})"
    cases = cases.assign(column=cases.column.where(cases.check != _TWICE, key)).drop_duplicates(
        ["column", "check", "index"]
    )
    return [
        Problem(
            f"table {table.name}, column {case.column}: rule {case.check} is broken by {case.failure_case!r}",
            where if pd.isna(case.index) else f"{where}: row {int(case.index)}",
        )
        for case in records(cases.head(_SHOWN_FAILURES))
    ]


def read(table: Table, path: str | Path, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """Read a table and check it.

    Args:
        table: what it is.
        path: its file.
        columns: those that are wanted; without them all.

    Raises:
        SteelyardError: the file is missing, is no Parquet file or breaks the schema.
    """
    try:
        frame = pd.read_parquet(path, columns=None if columns is None else list(columns))
    except (OSError, ValueError) as failure:
        hint = "Delete the file and run snakemake again: it will be made anew."
        raise SteelyardError(Problem(f"cannot be read as table {table.name} ({failure})", str(path), hint)) from None
    return (table if columns is None else table.only(columns)).check(frame, where=str(path))


def write(table: Table, rows: pd.DataFrame | list[dict], path: str | Path) -> None:
    """Check a table, sort it and write it, whole or not at all.

    Raises:
        SteelyardError: a row breaks the schema.
    """
    frame = table.frame(rows)
    write_whole(Path(path), lambda temporary: frame.to_parquet(temporary, index=False, compression="zstd"))


def records(frame: pd.DataFrame) -> Iterator[Any]:
    """Give a frame's rows as named tuples, one after the other."""
    return frame.itertuples(index=False)


_SPAN = {"start": _count(), "end": _count()}
_CODER = {"coder": _text(), "origin": _text(isin=vocabulary.ORIGINS)}
_CODE = {
    "statement_id": _text(),
    "hypothesis_id": _text(),
    "stance": _text(isin=vocabulary.STANCES),
    "confidence": _share(),
    "label": _text(nullable=True),  # what an `other_motive` is
    **_CODER,
}
_TRAIT = {
    "statement_id": _text(),
    "kind": _text(isin=vocabulary.KINDS),
    "hedged": _FLAG,
    "gap": _FLAG,
    "confidence": _share(),
    # the part of a coding sheet that the statement was drawn for, where the file of codes says so
    "drawn": _text(nullable=True, isin=vocabulary.DRAWN, required=False),
    **_CODER,
}
_SIGHTING = {
    "statement_id": _text(),
    "observation_id": _text(),
    "finding": _text(isin=vocabulary.FINDINGS),
    **_CODER,
}

DOCUMENTS = Table(
    "ingest/documents",
    ("document_id",),
    {
        "document_id": _text(),
        "path": _text(),  # from the study's folder
        "sha256": _text(),
        "title": _text(),
        "format": _text(),
        "source_type": _text(),
        "author": _text(nullable=True, required=False),
        "date": _text(nullable=True),
        "url": _text(nullable=True),
        "record": _count(1, nullable=True, required=False),  # of the file, where each is a document of its own
        # Of ingest/texts/<document_id>.txt, which spans count; null where they count the file itself.
        "text_sha256": _text(nullable=True, required=False),
        "characters": _count(1),
        "language": _text(),
    },
)
VOICES = Table(
    "ingest/voices",
    ("voice_id",),
    {"voice_id": _text(), "name": _text(nullable=True), "interest": _text(isin=vocabulary.INTERESTS)},
)
UTTERANCES = Table(
    "ingest/utterances",
    ("utterance_id",),
    {
        "utterance_id": _text(),
        "document_id": _text(),
        "voice_id": _text(),
        "role": _text(isin=vocabulary.UTTERANCE_ROLES),
        "replies_to": _text(nullable=True),  # the names it addresses, as written
        "parent_id": _text(nullable=True, required=False),  # the utterance that it answers, where the format tells
        "date": _text(nullable=True, required=False),  # where it has one of its own
        **_SPAN,
        "echo_id": _text(),  # the utterance it repeats; its own id where it repeats none
    },
)
STATEMENTS = Table(
    "ingest/statements",
    ("statement_id",),
    {
        "statement_id": _text(),
        "utterance_id": _text(),
        "document_id": _text(),
        "voice_id": _text(),  # who printed it; aggregation gives an echo the voice of what it repeats
        **_SPAN,
        "text": _text(),
        "place": _text(nullable=True, required=False),  # page, time or record; null where the line tells
        "language": _text(),
        "echo_id": _text(),  # the statement it repeats; its own id where it repeats none
    },
)
DROPPED = Table(
    "ingest/dropped",
    ("document_id", "start"),
    {"document_id": _text(), **_SPAN, "reason": _text()},
)
READINGS = Table("annotate/readings", ("statement_id", "hypothesis_id", "coder"), _CODE)
TRAIT_READINGS = Table("annotate/trait_readings", ("statement_id", "coder"), _TRAIT)
SIGHTING_READINGS = Table("annotate/sighting_readings", ("statement_id", "observation_id", "coder"), _SIGHTING)
CODES = Table("annotate/codes", ("statement_id", "hypothesis_id"), _CODE)
TRAITS = Table("annotate/traits", ("statement_id",), _TRAIT)
SIGHTINGS = Table("annotate/sightings", ("statement_id", "observation_id"), _SIGHTING)
LEFT = Table(  # statements that a program was not sure enough of, and so leaves to people
    "annotate/left",
    ("coder", "statement_id"),
    {
        "coder": _text(),
        "statement_id": _text(),
        "confidence": _share(),
        "decided_by": _text(nullable=True),  # the coder whose reading was accepted, if anybody's was
    },
)
UNANSWERED = Table(  # statements that a language model left uncoded: no answer came, or none that could be used
    "annotate/unanswered",
    ("coder", "statement_id"),
    {"coder": _text(), "statement_id": _text(), "reason": _text()},
)
UNMAPPED = Table(  # recorded codes that no statement holds: left out, and listed here
    "annotate/unmapped",
    ("coder", "where"),
    {"coder": _text(), "where": _text(), "what": _text()},  # where: "file:line", from the study's folder
)
REVIEW = Table(  # recorded codes to look at again, as the codebook has changed since
    "annotate/review",
    ("coder", "where", "hypothesis_id"),
    {
        "coder": _text(),
        "where": _text(),  # "file:line", from the study's folder
        "statement_id": _text(nullable=True),  # null where no statement holds the quote
        "hypothesis_id": _text(nullable=True),  # null where the whole statement is to be read again
        "reason": _text(),
        "codebook": _text(),  # what to put into the file's column `codebook` once it has been looked at
    },
)
_COMPARED = {"coder": _text(), "reference": _text()}  # the reference: names of coders
QUALITY = Table(
    "annotate/quality",
    ("coder", "reference", "axis", "label"),
    {
        **_COMPARED,
        "reading": _text(),  # whose reading was compared: the coder's, or of one that settles two readings the second
        "origin": _text(isin=vocabulary.ORIGINS),
        "reference_origin": _text(isin=vocabulary.ORIGINS),
        "axis": _text(),
        "label": _text(),
        "n": _count(),
        "given": _count(),  # how many of the n units the coder gave the label
        "expected": _count(),  # how many the reference gave it
        "sample": _text(),
        "precision": _share(nullable=True),
        "precision_low": _share(nullable=True),  # bootstrap interval of each
        "precision_high": _share(nullable=True),
        "recall": _share(nullable=True),
        "recall_low": _share(nullable=True),
        "recall_high": _share(nullable=True),
        "alpha": _number(-1, 1, nullable=True),
        "low": _number(-1, 1, nullable=True),
        "high": _number(-1, 1, nullable=True),
    },
)
CONFUSION = Table(  # how often the coder gave one label where the reference has another, or the same
    "annotate/confusion",
    ("coder", "reference", "axis", "given", "expected"),
    {**_COMPARED, "axis": _text(), "given": _text(), "expected": _text(), "n": _count(1)},
)
EVIDENCE = Table(
    "aggregate/evidence",
    ("statement_id", "hypothesis_id"),
    {
        "statement_id": _text(),
        "hypothesis_id": _text(),
        "voice_id": _text(),  # the independent voice: an echo has the voice of what it repeats
        "speaker_id": _text(),  # the voice that printed it
        "document_id": _text(),
        "source_type": _text(),
        "echo_id": _text(),
        "stance": _text(isin=vocabulary.STANCES),
        "kind": _text(isin=vocabulary.STRENGTH_KINDS),
        "hedged": _FLAG,
        "strength": _share(),
        "coder": _text(),
        "origin": _text(isin=vocabulary.ORIGINS),
    },
)
LEDGER = Table(
    "aggregate/ledger",
    ("voice_id", "hypothesis_id"),
    {
        "voice_id": _text(),
        "hypothesis_id": _text(),
        "best_for": _share(),
        "best_against": _share(),
        "takes_up": _FLAG,  # supports or opposes it somewhere
        "supports": _FLAG,
        "opposes": _FLAG,
        "kind_for": _text(nullable=True, isin=vocabulary.STRENGTH_KINDS),  # kind of the best supporting statement
        "kind_against": _text(nullable=True, isin=vocabulary.STRENGTH_KINDS),
        "statements": _count(1),
    },
)
PRINTS = Table(  # the statements that codes and sightings rest on, with all that repeat them
    "aggregate/prints",
    ("statement_id",),
    {
        "statement_id": _text(),
        "echo_id": _text(),
        "document_id": _text(),
        "start": _count(),
        "is_post": _FLAG,
        "documented": _FLAG,  # cites a checked source that documents what it says
        "independent": _FLAG,  # cites one that is no party to the question
        "names_subject": _FLAG,  # holds a word for what the question is about
    },
)
COUNTS = Table(  # over the whole corpus (see aggregate/counts.py)
    "aggregate/counts",
    ("name",),
    {"name": _text(), "value": _count()},
)
HYPOTHESES = Table(
    "weigh/hypotheses",
    ("hypothesis_id",),
    {
        "hypothesis_id": _text(),
        "role": _text(isin=vocabulary.ROLES),
        "rank": _count(1, nullable=True),  # motives of a ranking only
        "said": _share(nullable=True),
        "voices_for": _number(0),  # a voice on both sides counts half on each
        "voices_against": _number(0),
        "balance": _share(nullable=True),
        "balance_low": _share(nullable=True),
        "balance_high": _share(nullable=True),
        "shown": _number(nullable=True),
        "better_shown": _number(nullable=True),  # the part of `shown` from kinds better than reasoning; null in a map
        "mentions": _count(),  # statements that support or oppose it, as printed
        "speakers": _count(),  # voices as printed, before echoes are joined
        "voices": _count(),  # independent voices that take it up
        "mentions_place": _count(1),  # its place by each of the three counts; equals share the better place
        "speakers_place": _count(1),
        "voices_place": _count(1),
        "documented": _FLAG,  # an item that rests on a checked source, which documents it, supports it
        "certainty": _text(nullable=True, isin=vocabulary.CERTAINTIES),
        "reasons": _text(nullable=True),  # one step a line
    },
)
SHOWN_BY_KIND = Table(
    "weigh/shown_by_kind",
    ("hypothesis_id", "kind"),
    {
        "hypothesis_id": _text(),
        "kind": _text(isin=vocabulary.STRENGTH_KINDS),
        "shown_for": _number(0, nullable=True),  # null in a map
        "shown_against": _number(0, nullable=True),
        "voices": _count(),
    },
)
ROBUSTNESS = Table(
    "weigh/robustness",
    ("hypothesis_id", "doubt"),
    {
        "hypothesis_id": _text(),
        "doubt": _text(isin=vocabulary.DOUBTS),
        "rank_low": _number(1),
        "rank_high": _number(1),
        "p_first": _share(),
    },
)
MULTIVERSE = Table(  # the motives weighed under each choice of who reads first and of how strong each kind is
    "weigh/multiverse",
    ("coder", "strengths", "hypothesis_id"),
    {
        "coder": _text(),
        "origin": _text(isin=vocabulary.ORIGINS),
        "statements": _count(),  # that this coder decides; the others stay as they were accepted
        "strengths": _text(),
        "hypothesis_id": _text(),
        "shown": _number(),
        "rank": _count(1),
    },
)
CODING_ERROR = Table(  # interval of the balance with measured coding error in it
    "weigh/coding_error",
    ("hypothesis_id",),
    {"hypothesis_id": _text(), "balance_low": _share(), "balance_high": _share()},
)
RELATIONS = Table(  # each pair in both directions; what the codebook does not say has no row
    "weigh/relations",
    ("hypothesis_id", "other_id"),
    {"hypothesis_id": _text(), "other_id": _text(), "relation": _text(isin=vocabulary.RELATIONS)},
)
SHARES = Table(  # statements of posts, echoes once, that support or oppose a hypothesis
    "weigh/shares",
    ("hypothesis_id",),
    {
        "hypothesis_id": _text(),
        "statements": _count(),  # all of them, whatever they take up
        "coded": _share(nullable=True),  # share as coded; null where there is no statement
        "read": _count(),  # by people, of those drawn at random
        "differences": _count(),  # of those read, how many people and the prediction differ on
        "corrected": _share(nullable=True),
        "low": _share(nullable=True),
        "high": _share(nullable=True),
        "enough": _FLAG,  # whether there is a correction
        "reason": _text(nullable=True),  # why there is none
    },
)
OBSERVATIONS = Table(
    "weigh/observations",
    ("observation_id",),
    {
        "observation_id": _text(),
        "hypothesis_id": _text(),  # the hypothesis that names it
        "status": _text(isin=vocabulary.STATUSES),
        "statements": _count(),
        "information": _number(0, 1),  # bits, at the stated prior; the largest over the hypotheses it bears on
        "information_low": _number(0, 1),  # least and most over the priors it is varied over
        "information_high": _number(0, 1),
        "effort": _count(1),
        "worth": _number(0, 1, nullable=True),  # bits at the stated prior / effort; null where it is settled
        "tier": _count(1, nullable=True),  # 1 to 3 among the unsettled; null where it is settled
        "tier_best": _count(1, nullable=True),  # best and worst over the priors it is varied over
        "tier_worst": _count(1, nullable=True),
        "diagnosticity": _number(0, nullable=True),  # spread over rated cells; null below two
    },
)
MATRIX = Table(
    "weigh/matrix",
    ("observation_id", "hypothesis_id"),
    {
        "observation_id": _text(),
        "hypothesis_id": _text(),
        "rating": _text(isin=vocabulary.RATINGS),
        "p_seen_if_true": _share(),
        "p_seen_if_false": _share(),
        "decibans": _number(),  # 10 log10 (p_seen_if_true / p_seen_if_false)
    },
)
INCONSISTENCY = Table(
    "weigh/inconsistency",
    ("hypothesis_id",),
    {
        "hypothesis_id": _text(),
        "inconsistency": _number(0),  # summed over observations that the corpus shows
        "observed": _count(),  # rated observations that the corpus shows
        "rated": _count(),  # rated observations
    },
)
GAPS = Table(
    "weigh/gaps",
    ("gap_id",),
    {
        "gap_id": _text(),
        "hypothesis_id": _text(),
        "gap_kind": _text(isin=vocabulary.GAP_KINDS),
        "observation_id": _text(nullable=True),
        "detail": _text(),
    },
)
SUMMARY = Table(
    "weigh/summary",
    ("name",),
    {"name": _text(), "value": _text(nullable=True)},  # form, reason, leader, runner_up, … (see weigh/summary.py)
)
TABLES = {t.name: t for t in list(globals().values()) if isinstance(t, Table)}

# Within the ingest room: what is made of a part of the corpus, before the parts are joined. No doors.
MINIMA = [f"minima_{band:02}" for band in range(16)]
_SIGNED = {name: pa.Column("uint64") for name in ("digest", *MINIMA)} | {"words": _count()}  # see ingest/echoes.py
_RUNS = {"key": pa.Column("uint64"), "owner": _count(), "central": _FLAG}  # keys of a text's runs of words, and its row


def _without_echoes(table: Table, more: dict[str, pa.Column]) -> Table:
    columns = {name: column for name, column in table.columns.items() if name != "echo_id"}
    return Table(f"{table.name} of a part", table.key, columns | more)


PART_DOCUMENTS = _without_echoes(
    DOCUMENTS,
    {
        "fingerprint": _text(),  # that copies of one text share
        "told": _text(),  # of copies the least is kept
        "begin": _count(),  # of what is no white space
        "end": _count(),
    },
)
PART_VOICES = Table(
    "ingest/voices of a part",
    ("document_id", "voice_id", "name", "interest"),
    {"document_id": _text(), **VOICES.columns},
)
PART_UTTERANCES = _without_echoes(UTTERANCES, {"text": _text(), **_SIGNED})
PART_STATEMENTS = _without_echoes(STATEMENTS, _SIGNED)
PART_UTTERANCE_RUNS = Table("ingest/runs of utterances", ("key", "owner"), _RUNS)
PART_STATEMENT_RUNS = Table("ingest/runs of statements", ("key", "owner"), _RUNS)
