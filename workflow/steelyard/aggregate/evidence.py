"""Evidence: each accepted code of a post, with its independent voice and its strength (docs/method.md, 1-3).

Queries over views of the tables that they name (`engine.view`), in this order: `posts`, `rest_on`, `cite`, `offer`.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from steelyard.aggregate import sources
from steelyard.engine import Engine, frames
from steelyard.errors import Problem, SteelyardError
from steelyard.study import Strength
from steelyard.vocabulary import ORIGINS

_POSTS = """
    select
        said.statement_id, said.document_id, said.start, said.echo_id, said.voice_id as speaker_id, first.voice_id
    from statements said
    join utterances own using (utterance_id)
    join statements original on original.statement_id = said.echo_id
    join utterances repeating on repeating.utterance_id = original.utterance_id
    join utterances first on first.utterance_id = repeating.echo_id
    where own.role = 'post'
"""
_RESTED_ON = """
    select statement_id, echo_id, document_id, start, text, language from statements
    where echo_id in (select echo_id from statements where statement_id in (from bases))
"""
# Where a person read a statement, models' and programs' codes of its echoes count for nothing, and models' before
# programs'. A citation is documented, or merely attributed, or stays what it was.
_OFFERED = """
    with best as (
        select said.echo_id, min(list_position($origins, t.origin)) as rank
        from traits t join statements said using (statement_id) group by said.echo_id
    ),
    coded as (
        select
            p.*, d.source_type, c.hypothesis_id, c.stance, t.hedged, c.coder, c.origin,
            case
                when t.kind <> 'cited' then t.kind
                when c.statement_id in (select statement_id from cited where verdict = 'documented') then 'documented'
                when c.statement_id in (select statement_id from cited where verdict in ('opinion', 'self'))
                    then 'attributed'
                else t.kind
            end as kind
        from codes c
        join posts p using (statement_id)
        join documents d using (document_id)
        join traits t using (statement_id)
        left join best on best.echo_id = p.echo_id
        where best.rank is null or list_position($origins, c.origin) <= best.rank
    )
    select coded.*, s.base * if(hedged, $hedged::double, 1) as strength from coded join strengths s using (kind)
"""


def posts(connection: Engine) -> None:
    """Make the table `posts`: statements of posts with the voice that printed each and the independent one behind it.

    A statement that repeats another has the voice of what it repeats, and so has an utterance.

    Args:
        connection: has views of ingest/statements and ingest/utterances.
    """
    connection.execute(f"create or replace temp table posts as {_POSTS}")


def rest_on(connection: Engine, names: Sequence[str] = ("codes", "sightings")) -> None:
    """Make the table `rested_on`: the statements that codes and sightings rest on, with all that repeat them.

    Args:
        connection: has views of ingest/statements, and of the tables of these names.
        names: of tables with a column `statement_id`.
    """
    bases = " union ".join(f"select statement_id from {name}" for name in names)
    connection.execute(f"create or replace temp view bases as {bases}")
    connection.execute(f"create or replace temp table rested_on as {_RESTED_ON}")


def cite(connection: Engine, checked_sources: pd.DataFrame | None) -> None:
    """Make the table `cited`: which of the statements that are rested on cite which checked sources.

    Args:
        connection: has `rested_on`.
        checked_sources: as `sources.read` gives it; None where nobody checked any.
    """
    found = [sources.cited(pd.DataFrame({"statement_id": [], "text": []}), None)]
    if checked_sources is not None:
        rows = frames(connection, "select statement_id, text from rested_on")
        found += [sources.cited(part, checked_sources) for part in rows]
    connection.register("citations", pd.concat(found, ignore_index=True))
    connection.execute("create or replace temp table cited as from citations")


def offer(connection: Engine, strength: Strength) -> None:
    """Make the table `offered`, with what aggregate/evidence holds: one row a statement of a post and hypothesis.

    Strength is base(kind) x (the hedge's factor if hedged), in [0, 1]. A coder's confidence does not enter.

    Args:
        connection: has views of ingest/documents, ingest/statements, ingest/utterances, annotate/codes and
            annotate/traits, and `posts` and `cited`.
        strength: the base of each kind and the hedge's factor.

    Raises:
        SteelyardError: a coded statement has no kind of evidence.
    """
    missing = connection.sql(
        "select distinct statement_id from codes join posts using (statement_id) anti join traits using (statement_id)"
    ).fetchall()
    if missing:
        hint = "Whoever coded its hypotheses should code its kind of evidence too (codebook, axis 3)."
        told = "coded for a hypothesis, but its kind of evidence is not"
        raise SteelyardError([Problem(told, statement, hint) for (statement,) in sorted(missing)])
    base = strength.model_dump(exclude={"hedged"})
    connection.register("strengths", pd.DataFrame({"kind": list(base), "base": list(base.values())}))
    settings = {"origins": list(ORIGINS), "hedged": strength.hedged}
    connection.execute(f"create or replace temp table offered as {_OFFERED}", settings)
