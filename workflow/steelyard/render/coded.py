"""Every accepted code with its statement, in the order of the evidence table; of a corpus of any size."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pandas as pd

from steelyard import tables
from steelyard.engine import Engine, frames
from steelyard.vocabulary import STANCES

NEEDED = (
    tables.CODES,
    tables.STATEMENTS,
    tables.UTTERANCES,
    tables.TRAITS,
    tables.EVIDENCE,
    tables.LEDGER,
)
_ROWS_AT_ONCE = 10_000  # as Python's texts they are many times larger than in the engine
_ROWS = """
    select
        codes.statement_id, codes.hypothesis_id, codes.stance, codes.coder, codes.origin,
        statements."text" as statement, statements.language, statements.document_id, statements.start,
        statements.echo_id, statements.voice_id as speaker_id,
        coalesce(evidence.voice_id, statements.voice_id) as voice_id,
        evidence.strength, evidence.strength is not null as weighed,
        case when evidence.strength is null then utterances.role end as role,
        case when evidence.strength is null then traits.kind else evidence.kind end as kind,
        coalesce(traits.hedged, false) as hedged,
        coalesce(
            evidence.kind = case codes.stance when 'supports' then kind_for when 'opposes' then kind_against end
            and round(evidence.strength, 9)
                = round(case codes.stance when 'supports' then best_for else best_against end, 9),
            false
        ) as best,
        places.place,
        printed.name as printed_name, printed.role as printed_role,
        behind.name as behind_name, behind.role as behind_role
    from codes
    join statements using (statement_id)
    join utterances using (utterance_id)
    join listed on listed.hypothesis_id = codes.hypothesis_id
    join arranged on arranged.document_id = statements.document_id
    join places using (statement_id)
    join people printed on printed.voice_id = statements.voice_id
    left join traits on traits.statement_id = codes.statement_id
    left join evidence
        on evidence.statement_id = codes.statement_id and evidence.hypothesis_id = codes.hypothesis_id
    join people behind on behind.voice_id = coalesce(evidence.voice_id, statements.voice_id)
    left join ledger on ledger.voice_id = evidence.voice_id and ledger.hypothesis_id = codes.hypothesis_id
    order by
        listed.place, list_position(getvariable('stances'), codes.stance), evidence.strength desc nulls last,
        arranged.place, statements.start
"""


def coded(connection: Engine, hypotheses: Iterable[str], documents: Iterable[str]) -> Iterator[pd.DataFrame]:
    """Give every accepted code with its statement, some rows at a time.

    Sorted by hypothesis, stance, strength, then as they stand in the documents. Codes that are not weighed, such as
    those of headlines, have no strength.

    Args:
        connection: an engine that knows the tables of `NEEDED`, `places` (statement_id, place) and `people` (voice_id,
            name, role: of a voice without a name that of its first utterance).
        hypotheses: ids in the order of the report.
        documents: ids in the order of the report.

    Returns:
        One row a code: those of its table with what its statement and its weight say, `role` (of the utterance, where
        it is not weighed), `speaker_id` (the voice that printed it), name and role of both voices, `echo_id` (the
        statement that it repeats, or its own id) and `best` (whether its independent voice says nothing stronger on
        this side of the hypothesis).
    """
    for name, column, ids in (("listed", "hypothesis_id", hypotheses), ("arranged", "document_id", documents)):
        values = pd.Series(list(ids), dtype="str")
        connection.register(name, pd.DataFrame({column: values, "place": range(len(values))}))
    connection.execute(f"set variable stances = {list(STANCES)}")
    for part in frames(connection, _ROWS):
        for at in range(0, len(part), _ROWS_AT_ONCE):
            yield part[at : at + _ROWS_AT_ONCE]
