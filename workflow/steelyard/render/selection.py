"""What a report shows of a corpus that is too large to be shown whole: the strongest statements, and those beside them.

What is chosen hangs on strength, on voices and on what is said, never on ids or on the order of files: of equals those
come first whose words have the least digest, which is as good as a draw by lot, and always the same.
"""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from steelyard import tables
from steelyard.engine import Engine, name_of
from steelyard.render.totals import Totals
from steelyard.tables import Table

COUNTED = (tables.DROPPED, tables.LEFT, tables.UNANSWERED)  # nothing of these is shown
_OF_TALKERS = 5  # statements of each voice that the report draws
_NAMED = 12  # statements that name a gap, and that speak of each expected observation
_AROUND = 2  # statements of the utterance before and after each

# Each weighed code; `content` tells any two statements apart by what is said, whatever their documents are called.
_WEIGHED = """
    create or replace temp table weighed as
    select
        statement_id, hypothesis_id, stance, kind, evidence.voice_id, strength, content,
        list_position(getvariable('kinds'), kind) as grade,
        count(*) over (partition by statement_id) as shared,
        statement_id <> evidence.echo_id as repeats
    from evidence join contents using (statement_id)
"""
_CONTENTS = """
    create or replace temp table contents as
    select statement_id, md5(concat_ws(chr(31), md5("text"), sha256, coalesce(record, 0), start)) as content
    from (select statement_id, document_id, start, "text" from statements)
    join (select document_id, sha256, record from documents) using (document_id)
    where statement_id in (
        select statement_id from evidence union select statement_id from traits where gap
        union select statement_id from sightings
    )
"""
# One voice's best on a side comes before any voice's second; what links, quotes and pictures need has level 0.
_CHOSEN = """
    create or replace temp table chosen as
    with
        turns as (
            select *, row_number() over (
                partition by hypothesis_id, stance, voice_id
                order by strength desc, grade desc, shared, repeats, content
            ) as turn
            from weighed
        ),
        placed as (
            select
                statement_id, strength, content,
                row_number() over (
                    partition by hypothesis_id, stance, kind order by turn, strength desc, shared, repeats, content
                ) as of_kind,
                row_number() over (
                    partition by hypothesis_id, stance order by turn, strength desc, shared, repeats, content
                ) as of_stance,
                row_number() over (
                    partition by voice_id order by turn, strength desc, shared, repeats, content
                ) as of_voice,
                voice_id in (select voice_id from talkers) as talks
            from turns
        ),
        levels as (
            select *, case
                when of_kind = 1 or of_stance <= $quotes or (talks and of_voice <= $talkers) then 0 else of_kind
            end as level
            from placed
        ),
        statements_ as (
            select statement_id, min(level) as level, max(strength) as strength, min(content) as content
            from levels group by statement_id
        ),
        numbered as (
            select *, row_number() over (order by level, strength desc, content) as turn from statements_
        )
    select statement_id, turn from numbered where level = 0 or turn <= $room
"""
_MENTIONED = """
    create or replace temp table mentioned as
    with
        posts as (
            select statement_id from statements join utterances using (utterance_id) where role = 'post'
        ),
        gaps as (
            select statement_id, content from traits join contents using (statement_id)
            where gap and statement_id in (select statement_id from posts) order by content limit $named
        ),
        seen as (
            select statement_id, content from sightings join contents using (statement_id)
            where statement_id in (select statement_id from posts)
            qualify row_number() over (partition by observation_id order by content) <= $named
        ),
        added as (
            select statement_id, row_number() over (order by min(content)) + (select max(turn) from chosen) as turn
            from (from gaps union all from seen) anti join chosen using (statement_id) group by statement_id
        )
    from chosen union all from added
"""
_SHOWN = """
    create or replace temp table shown as
    with
        kept as (
            select statement_id from mentioned
            union select echo_id from statements where statement_id in (select statement_id from mentioned)
        ),
        numbered as (
            select
                statement_id, utterance_id,
                row_number() over (partition by utterance_id order by start) as place,
                statement_id in (from kept) as is_kept
            from (
                select statement_id, utterance_id, start from statements
                where utterance_id in (select utterance_id from statements where statement_id in (from kept))
            )
        )
    select distinct near.statement_id
    from numbered near join numbered kept
        on near.utterance_id = kept.utterance_id and abs(near.place - kept.place) <= $around
    where kept.is_kept
"""
_PEOPLE = """
    create or replace temp table spoken as
    with
        here as (
            select utterance_id from statements where statement_id in (from shown)
        ),
        parents as (select parent_id from utterances where utterance_id in (from here) and parent_id is not null)
    from here union from parents;
    create or replace temp table people as
    select voice_id from utterances where utterance_id in (from spoken)
    union select voice_id from statements where statement_id in (from shown)
    union select voice_id from evidence where statement_id in (from shown)
    union from talkers;
    create or replace temp table utterances_ as
    from spoken union select min(utterance_id) from utterances where voice_id in (from people) group by voice_id
"""
_MENTIONED_ONLY = "statement_id in (select statement_id from mentioned)"
_KEPT = [
    (tables.VOICES, "voice_id in (from people)"),
    (tables.UTTERANCES, "utterance_id in (from utterances_)"),
    (tables.STATEMENTS, "statement_id in (from shown)"),
    *((table, _MENTIONED_ONLY) for table in (tables.CODES, tables.TRAITS, tables.SIGHTINGS, tables.EVIDENCE)),
    (tables.LEDGER, "voice_id in (from people)"),
]
SELECTED = tuple(table for table, _ in _KEPT)


def select(
    totals: Totals, room: int, quotes: int, voices: Collection[str]
) -> tuple[dict[str, pd.DataFrame], dict[str, int]]:
    """Choose what is shown of a corpus.

    The strongest statements of different voices for each hypothesis, stance and kind of evidence, each in turn; some
    that name a gap or speak of an expected observation; for all of them the statements beside them, what they repeat,
    and who speaks.

    Args:
        totals: the corpus.
        room: statements that there is room for; what prose and pictures cannot do without is taken in any case.
        quotes: statements that are quoted for each hypothesis and stance, at most.
        voices: those that the report draws or names.

    Returns:
        The tables of `SELECTED` by name, each with what is shown of it; and the place of each chosen statement in the
        order in which they were taken.

    Raises:
        SteelyardError: a row breaks its table's schema.
    """
    numbers = {"quotes": quotes, "talkers": _OF_TALKERS, "room": room}
    connection = totals.engine(tables.DOCUMENTS, *SELECTED)
    connection.register("talkers", pd.DataFrame({"voice_id": pd.Series(list(voices), dtype="str")}))
    connection.execute(_CONTENTS)
    connection.execute(_WEIGHED)
    connection.execute(_CHOSEN, numbers)
    connection.execute(_MENTIONED, {"named": _NAMED})
    connection.execute(_SHOWN, {"around": _AROUND})
    connection.execute(_PEOPLE)
    frames = {table.name: _kept(connection, table, condition) for table, condition in _KEPT}
    turns = dict(connection.sql("select statement_id, turn from mentioned order by turn").fetchall())
    return frames, turns


def _kept(connection: Engine, table: Table, condition: str) -> pd.DataFrame:
    name = name_of(table)
    return table.frame(connection.sql(f"select * from {name} where {condition}").df())
