"""What is counted over the whole corpus, so that no later room has to hold it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

import pandas as pd

from steelyard.engine import Engine
from steelyard.tables import COUNTS
from steelyard.vocabulary import READERS

_COUNTED = """
    with read as (select p.echo_id from posts p join traits using (statement_id) where origin in $readers),
    stances as (select stance from codes semi join posts using (statement_id) where origin in $readers)
    select
        (select count(*) from statements) as statements,
        (select count(distinct document_id) from statements) as documents,
        (select count(*) from posts) as post_statements,
        (select count(distinct echo_id) from posts) as original_statements,
        (select count(distinct voice_id) from posts) as voices,
        (select count(distinct echo_id) from read) as read_statements,
        (select count(*) from stances where stance = 'supports') as read_supports,
        (select count(*) from stances where stance = 'opposes') as read_opposes
"""


@dataclass(frozen=True)
class Counts:
    """Counts of a corpus.

    Args:
        statements: all of them.
        documents: that hold statements.
        post_statements: statements of posts, as printed.
        original_statements: the same, echoes once.
        voices: independent voices of posts, those that take nothing up included.
        read_statements: statements of posts that a person or a language model read, echoes once.
        read_supports, read_opposes: codes of posts with this stance that one of them gave.
    """

    statements: int
    documents: int
    post_statements: int
    original_statements: int
    voices: int
    read_statements: int
    read_supports: int
    read_opposes: int

    @classmethod
    def of(cls, frame: pd.DataFrame) -> Counts:
        """Take counts from the table aggregate/counts."""
        values: Mapping[str, int] = dict(zip(frame["name"], frame["value"], strict=True))
        return cls(**{field.name: int(values[field.name]) for field in fields(cls)})

    @property
    def frame(self) -> pd.DataFrame:
        """The table aggregate/counts."""
        return COUNTS.frame([{"name": name, "value": value} for name, value in asdict(self).items()])


def counts(connection: Engine) -> Counts:
    """Count.

    Args:
        connection: has views of ingest/statements, annotate/codes and annotate/traits, and `posts`.
    """
    [row] = connection.execute(_COUNTED, {"readers": list(READERS)}).fetchall()
    return Counts(*row)
