"""Aggregation by the engine, of tables that are at hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pandas as pd

from steelyard import tables
from steelyard.aggregate import evidence as queries
from steelyard.aggregate.counts import Counts, counts
from steelyard.aggregate.ledger import ledger
from steelyard.aggregate.prints import prints
from steelyard.codebook import Subject
from steelyard.engine import Engine, engine, view
from steelyard.study import Strength
from steelyard.tables import Table


@contextmanager
def views(frames: Mapping[Table, pd.DataFrame]) -> Iterator[Engine]:
    """An engine with views of tables."""
    with engine() as connection:
        for table, frame in frames.items():
            view(connection, table, frame)
        yield connection


def evidence(
    codes: pd.DataFrame,
    traits: pd.DataFrame,
    statements: pd.DataFrame,
    utterances: pd.DataFrame,
    documents: pd.DataFrame,
    checked_sources: pd.DataFrame | None,
    strength: Strength,
) -> pd.DataFrame:
    given = {
        tables.CODES: codes,
        tables.TRAITS: traits,
        tables.SIGHTINGS: tables.SIGHTINGS.empty(),
        tables.STATEMENTS: statements,
        tables.UTTERANCES: utterances,
        tables.DOCUMENTS: documents,
    }
    return aggregated(given, checked_sources, strength, None)[0]


def aggregated(
    given: Mapping[Table, pd.DataFrame],
    checked_sources: pd.DataFrame | None,
    strength: Strength,
    subject: Subject | None,
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, Counts]:
    """Evidence, ledger, prints and counts."""
    with views(given) as connection:
        queries.posts(connection)
        queries.rest_on(connection)
        queries.cite(connection, checked_sources)
        queries.offer(connection, strength)
        return (
            tables.EVIDENCE.frame(connection.sql("from offered").df()),
            tables.LEDGER.frame(connection.sql(ledger()).df()),
            pd.concat([tables.PRINTS.empty(), *prints(connection, subject)], ignore_index=True),
            counts(connection),
        )


def ledger_of(evidence: pd.DataFrame) -> pd.DataFrame:
    with engine() as connection:
        view(connection, Table("aggregate/offered", tables.EVIDENCE.key, tables.EVIDENCE.columns), evidence)
        return tables.LEDGER.frame(connection.sql(ledger()).df())
