"""Aggregation by the engine, beside plain pandas on whole tables: from files to files."""

from __future__ import annotations

import importlib.util
import tempfile
from functools import cache, partial
from pathlib import Path
from types import ModuleType

import pandas as pd

from ratios import Ratio, in_turns, made
from steelyard import codebook, tables
from steelyard.aggregate import evidence
from steelyard.aggregate.counts import counts
from steelyard.aggregate.ledger import ledger
from steelyard.aggregate.prints import prints
from steelyard.annotate import cues
from steelyard.annotate.adjudicate import accept
from steelyard.engine import engine, store, view, write_frames
from steelyard.study import Strength
from steelyard.tables import Table

STATEMENTS = 10_000
COPIES = ((1, 5), (10, 3), (30, 1))  # how often the corpus is taken, and rounds
GIVEN = (tables.DOCUMENTS, tables.UTTERANCES, tables.STATEMENTS, tables.CODES, tables.TRAITS, tables.SIGHTINGS)
MADE = (tables.EVIDENCE, tables.LEDGER, tables.PRINTS, tables.COUNTS)
SUBJECT = codebook.load(made.PROJECT / "seeds" / "codebook.yaml").subject


def ratios() -> list[Ratio]:
    """Measure on tables of several sizes."""
    with tempfile.TemporaryDirectory() as folder:
        return [_ratio(copies, rounds, Path(folder) / str(copies)) for copies, rounds in COPIES]


def _ratio(copies: int, rounds: int, folder: Path) -> Ratio:
    given = several(copies)
    for table, frame in given.items():
        tables.write(table, frame, folder / f"{table.name}.parquet")
    ours, plain = (partial(job, folder, folder / job.__name__) for job in (by_engine, by_pandas))
    seconds = in_turns(ours, plain, rounds)
    for table in MADE:
        one, other = (
            tables.read(table, folder / job.__name__ / f"{table.name}.parquet") for job in (by_engine, by_pandas)
        )
        pd.testing.assert_frame_equal(one, other, check_exact=True)
    return Ratio(
        "evidence, ledger, prints and counts by DuckDB, from Parquet files to Parquet files, one thread",
        f"plain pandas {pd.__version__} on whole tables",
        1.0,
        *seconds,
        f"{len(given[tables.STATEMENTS]):,} statements with {len(given[tables.CODES]):,} codes",
        "all four tables are the same",
    )


def by_engine(folder: Path, results: Path) -> None:
    """Aggregate as the rule `aggregate` does."""
    with engine() as connection:
        for table in GIVEN:
            view(connection, table, [folder / f"{table.name}.parquet"])
        evidence.posts(connection)
        evidence.rest_on(connection)
        evidence.cite(connection, None)
        evidence.offer(connection, Strength())
        store(connection, tables.EVIDENCE, "from offered", results / "aggregate" / "evidence.parquet")
        store(connection, tables.LEDGER, ledger(), results / "aggregate" / "ledger.parquet")
        write_frames(tables.PRINTS, prints(connection, SUBJECT), results / "aggregate" / "prints.parquet")
        tables.write(tables.COUNTS, counts(connection).frame, results / "aggregate" / "counts.parquet")


def by_pandas(folder: Path, results: Path) -> None:
    """Aggregate with the plain functions that the tests hold the engine to."""
    plain = _plain()
    documents, utterances, statements, codes, traits, sightings = (
        tables.read(table, folder / f"{table.name}.parquet") for table in GIVEN
    )
    found = plain.evidence(codes, traits, statements, utterances, documents, None, Strength())
    tables.write(tables.EVIDENCE, found, results / "aggregate" / "evidence.parquet")
    tables.write(tables.LEDGER, plain.ledger(found), results / "aggregate" / "ledger.parquet")
    printed = plain.prints(found, sightings, statements, utterances, None, SUBJECT)
    tables.write(tables.PRINTS, printed, results / "aggregate" / "prints.parquet")
    counted = plain.counts(codes, traits, statements, utterances)
    tables.write(tables.COUNTS, counted.frame, results / "aggregate" / "counts.parquet")


@cache
def _plain() -> ModuleType:
    """Give tests/plain_aggregation.py."""
    spec = importlib.util.spec_from_file_location("plain", made.PROJECT / "tests" / "plain_aggregation.py")
    assert spec and spec.loader
    plain = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(plain)
    return plain


def several(copies: int) -> dict[Table, pd.DataFrame]:
    """Take the tables of a made and coded corpus several times, each time with other ids."""
    found = _coded()
    return {
        table: table.arranged(pd.concat([_renamed(frame, n) for n in range(copies)])) for table, frame in found.items()
    }


def _renamed(frame: pd.DataFrame, number: int) -> pd.DataFrame:
    ids = ["document_id", "voice_id", "utterance_id", "statement_id", "echo_id"]
    return frame.assign(**{name: f"{number:02}" + frame[name] for name in ids if name in frame})


@cache
def _coded() -> dict[Table, pd.DataFrame]:
    corpus, book = made.corpus(STATEMENTS), codebook.load(made.PROJECT / "seeds" / "codebook.yaml")
    accepted = accept([cues.code(corpus.statements, corpus.utterances, book, "cues")], ["cues"], {})
    return dict(zip(GIVEN, (corpus.documents, corpus.utterances, corpus.statements, *accepted), strict=True))
