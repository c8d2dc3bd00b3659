"""The statements that evidence rests on, in all their prints, without their words."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from steelyard.aggregate.subject import naming
from steelyard.codebook import Subject
from steelyard.engine import Engine, frames
from steelyard.tables import PRINTS

_PRINTED = """
    select
        statement_id, echo_id, document_id, start, text, language,
        statement_id in (select statement_id from posts) as is_post,
        statement_id in (select statement_id from cited where verdict = 'documented') as documented,
        statement_id in (select statement_id from cited where verdict = 'documented' and not party) as independent
    from rested_on order by statement_id
"""


def prints(connection: Engine, subject: Subject | None) -> Iterator[pd.DataFrame]:
    """Give the rows of aggregate/prints, some at a time, sorted by key.

    Args:
        connection: has `posts`, `rested_on` and `cited`.
        subject: words for what the question is about, if the codebook has any.
    """
    for rows in frames(connection, _PRINTED):
        yield PRINTS.arranged(rows.assign(names_subject=naming(rows, subject)))
