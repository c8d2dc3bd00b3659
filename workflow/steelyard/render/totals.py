"""The figures that a report gives of the whole corpus: counted from its tables, however large."""

from __future__ import annotations

import contextlib
import functools
import weakref
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from steelyard import tables
from steelyard.engine import Engine, engine, view
from steelyard.tables import Table
from steelyard.vocabulary import OTHER_MOTIVE, STRENGTH_KINDS

Given = pd.DataFrame | Sequence[str | Path]  # a table's rows, or its files


@dataclass(frozen=True)
class Left:
    """Statements that a program left to people: how many, and how many of these nobody decided."""

    statements: int
    undecided: int


@dataclass(frozen=True)
class Talker:
    """An independent voice: the document in which it says most, and its statements on any hypothesis."""

    voice_id: str
    document_id: str
    statements: int


@dataclass(frozen=True)
class Compared:
    """Codes of weighed statements against earlier ones: new, gone, read otherwise, and else of another strength."""

    new: int
    gone: int
    otherwise: int
    stronger: int


@dataclass(frozen=True)
class Totals:
    """Figures of the whole corpus, each counted when it is asked for.

    Args:
        given: the run's tables by name.
    """

    given: Mapping[str, Given]

    @functools.cached_property
    def _connection(self) -> Engine:
        opened = contextlib.ExitStack()
        connection = opened.enter_context(engine())
        weakref.finalize(self, opened.close)
        # What the codebook does not name, and the order of kinds of evidence, for the queries.
        connection.execute(f"set variable other = '{OTHER_MOTIVE}'")
        connection.execute(f"set variable kinds = {list(STRENGTH_KINDS)}")
        return connection

    @functools.cached_property
    def _known(self) -> set[str]:
        return set()

    def engine(self, *wanted: Table) -> Engine:
        """Give an engine in which queries can name these tables: one for all, as each takes memory and time."""
        for table in wanted:
            if table.name not in self._known:
                given = self.given[table.name]
                rows = table.arranged(given) if isinstance(given, pd.DataFrame) else table.empty()
                view(self._connection, table, rows if isinstance(given, pd.DataFrame) or not given else given)
                self._known.add(table.name)
        return self._connection

    def _rows(self, query: str, *wanted: Table) -> list[Any]:
        return self.engine(*wanted).sql(query).fetchall()

    def _number(self, query: str, *wanted: Table) -> int:
        [(number,)] = self._rows(query, *wanted)
        return int(number)

    @functools.cached_property
    def statements(self) -> int:
        """Statements of the corpus."""
        return self._number("select count(*) from statements", tables.STATEMENTS)

    @functools.cached_property
    def within(self) -> int:
        """Characters in statements."""
        return self._number('select coalesce(sum("end" - start), 0) from statements', tables.STATEMENTS)

    @functools.cached_property
    def roles(self) -> dict[str, int]:
        """Statements by the role of the utterance that they stand in."""
        query = "select role, count(*) from statements join utterances using (utterance_id) group by role order by role"
        return dict(self._rows(query, tables.STATEMENTS, tables.UTTERANCES))

    @functools.cached_property
    def dropped(self) -> dict[str, tuple[int, int]]:
        """Passages and characters that were dropped, by reason."""
        query = 'select reason, count(*), sum("end" - start) from dropped group by reason order by reason'
        return {reason: (passages, int(size)) for reason, passages, size in self._rows(query, tables.DROPPED)}

    @functools.cached_property
    def readers(self) -> dict[tuple[str, str], int]:
        """Statements by the coder whose reading was accepted, and its origin."""
        query = "select coder, origin, count(*) from traits group by all order by all"
        return {(coder, origin): number for coder, origin, number in self._rows(query, tables.TRAITS)}

    @functools.cached_property
    def codes(self) -> int:
        """Accepted codes: the rows of evidence.csv."""
        return self._number("select count(*) from codes", tables.CODES)

    @functools.cached_property
    def bearing(self) -> int:
        """Weighed statements that bear on a hypothesis of the codebook."""
        query = "select count(distinct statement_id) from evidence where hypothesis_id <> getvariable('other')"
        return self._number(query, tables.EVIDENCE)

    @functools.cached_property
    def taking(self) -> int:
        """Independent voices that take a side on a hypothesis of the codebook."""
        query = "select count(distinct voice_id) from ledger where takes_up and hypothesis_id <> getvariable('other')"
        return self._number(query, tables.LEDGER)

    @functools.cached_property
    def left(self) -> dict[str, Left]:
        """What each program left to people, by its name."""
        query = 'select coder, count(*), count(*) filter (decided_by is null) from "left" group by coder order by coder'
        return {coder: Left(number, undecided) for coder, number, undecided in self._rows(query, tables.LEFT)}

    @functools.cached_property
    def unanswered(self) -> dict[str, dict[str, int]]:
        """Statements that each language model left uncoded, by the reason; the most frequent comes first."""
        query = """select coder, reason, count(*) from unanswered group by coder, reason
            order by coder, count(*) desc, min(statement_id)"""
        found: dict[str, dict[str, int]] = {}
        for coder, reason, number in self._rows(query, tables.UNANSWERED):
            found.setdefault(coder, {})[reason] = number
        return found

    @functools.cached_property
    def gaps_named(self) -> int:
        """Statements of posts that say that evidence is missing."""
        query = """select count(*) from traits join statements using (statement_id) join utterances using (utterance_id)
            where gap and role = 'post'"""
        return self._number(query, tables.TRAITS, tables.STATEMENTS, tables.UTTERANCES)

    @functools.cached_property
    def other_motives(self) -> int:
        """Statements of posts that name a motive that the codebook does not."""
        query = """select count(*) from codes join statements using (statement_id) join utterances using (utterance_id)
            where hypothesis_id = getvariable('other') and role = 'post'"""
        return self._number(query, tables.CODES, tables.STATEMENTS, tables.UTTERANCES)

    @functools.cached_property
    def sightings(self) -> dict[str, int]:
        """Statements of posts that speak of each expected observation."""
        query = """select observation_id, count(*) from sightings join statements using (statement_id)
            join utterances using (utterance_id) where role = 'post' group by observation_id"""
        return dict(self._rows(query, tables.SIGHTINGS, tables.STATEMENTS, tables.UTTERANCES))

    @functools.cached_property
    def best_kinds(self) -> dict[tuple[str, str], dict[str, int]]:
        """Voices on each side of each hypothesis by the kind of the best statement that each makes there.

        By hypothesis and stance ("supports", "opposes"): kind -> number of voices.
        """
        query = """
            select hypothesis_id, stance, kind, count(*) from (
                select hypothesis_id, 'supports' as stance, kind_for as kind from ledger
                union all select hypothesis_id, 'opposes', kind_against from ledger
            ) where kind is not null group by all order by all"""
        found: dict[tuple[str, str], dict[str, int]] = {}
        for identifier, side, kind, number in self._rows(query, tables.LEDGER):
            found.setdefault((identifier, side), {})[kind] = number
        return found

    @functools.cached_property
    def talking(self) -> int:
        """Independent voices that take up or raise a hypothesis of the codebook."""
        query = "select count(distinct voice_id) from ledger where hypothesis_id <> getvariable('other')"
        return self._number(query, tables.LEDGER)

    def talkers(self, most: int, *, by_words: bool) -> list[Talker]:
        """Give the voices that have most statements on any hypothesis, of those that `talking` counts.

        A motive that the codebook does not name counts too: the link of the figure shows these statements.

        Args:
            most: how many, at most.
            by_words: whether the words of equals decide who comes first, not their ids.
        """
        words = "min(md5(text))" if by_words else "voice_id"
        place = "sha256, record" if by_words else "document_id"
        query = f"""
            with said as (
                select voice_id, document_id, sha256, record, count(distinct statement_id) n, min(md5(text)) as "text"
                from (select voice_id, statement_id, document_id from evidence)
                join (select statement_id, "text" from statements) using (statement_id)
                join (select document_id, sha256, record from documents) using (document_id)
                where voice_id in (select voice_id from ledger where hypothesis_id <> getvariable('other'))
                group by all
            )
            select voice_id, first(document_id order by n desc, {place}), sum(n) from said
            group by voice_id order by sum(n) desc, {words} limit {most}"""
        rows = self._rows(query, tables.EVIDENCE, tables.STATEMENTS, tables.DOCUMENTS, tables.LEDGER)
        return [Talker(voice, document, int(number)) for voice, document, number in rows]

    def starts(self, documents: Collection[str]) -> dict[str, list[int]]:
        """Give where the statements of documents begin, in order."""
        connection = self.engine(tables.STATEMENTS)
        connection.register("chosen", pd.DataFrame({"document_id": pd.Series(list(documents), dtype="str")}))
        query = "select document_id, list(start order by start) from statements semi join chosen using (document_id)"
        return dict(connection.sql(f"{query} group by document_id").fetchall())

    def compared(self, earlier: pd.DataFrame, documents: Collection[str]) -> Compared:
        """Compare the codes of weighed statements with earlier ones.

        Args:
            earlier: those, as aggregate/evidence has them.
            documents: whose statements are compared.
        """
        connection = self.engine(tables.EVIDENCE)
        connection.register("earlier", earlier)
        connection.register("chosen", pd.DataFrame({"document_id": pd.Series(sorted(documents), dtype="str")}))
        query = """
            with
                now as (from evidence semi join chosen using (document_id)),
                before as (from earlier semi join chosen using (document_id)),
                pairs as (
                    select
                        now.statement_id is null as gone, before.statement_id is null as new,
                        now.stance <> before.stance or now.kind <> before.kind or now.hedged <> before.hedged
                            as otherwise,
                        abs(now.strength - before.strength) > 1e-9 as stronger
                    from now full join before using (statement_id, hypothesis_id)
                )
            select
                count(*) filter (new), count(*) filter (gone), count(*) filter (otherwise),
                count(*) filter (stronger and not otherwise)
            from pairs"""
        [(new, gone, otherwise, stronger)] = connection.sql(query).fetchall()
        return Compared(new, gone, otherwise, stronger)
