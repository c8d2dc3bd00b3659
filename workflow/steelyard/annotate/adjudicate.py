"""Accepts one coder's reading of each statement: a person's before a model's, a model's before a program's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from steelyard import tables, vocabulary
from steelyard.annotate.readings import Readings, combine
from steelyard.engine import Engine
from steelyard.tables import Table


def accept(
    readings: Sequence[Readings], precedence: Sequence[str], least_confidence: Mapping[str, float]
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Accept codes, traits and sightings.

    A coder has read a statement if it gave it traits with enough confidence. Of such readings those of people come
    first, then those of language models, then those of programs, whatever their order; of one origin the first coder
    in the order of precedence. It decides everything about the statement, "no hypothesis" too; its own codes of too
    little confidence are left out.

    Args:
        readings: of the coders.
        precedence: names of coders, of one origin the one that counts most first; others don't count.
        least_confidence: least confidence of what is accepted, by coder; 0 for coders not named.

    Returns:
        Codes per `tables.CODES`, traits per `tables.TRAITS` and sightings per `tables.SIGHTINGS`; each row names the
        coder that it comes from and that coder's origin.
    """
    everything = combine(readings)
    traits = confident(everything.traits, least_confidence)
    order = {coder: place for place, coder in enumerate(precedence)}
    rank = traits["origin"].map(vocabulary.ORIGINS.index)  # people, models, programs
    traits = traits.assign(rank=rank, place=traits["coder"].map(order)).dropna(subset="place")
    traits = traits.sort_values(["statement_id", "rank", "place"]).drop_duplicates("statement_id")
    decided = traits[["statement_id", "coder"]]
    codes = confident(everything.readings, least_confidence).merge(decided, on=["statement_id", "coder"])
    sightings = everything.sightings.merge(decided, on=["statement_id", "coder"])
    return tables.CODES.frame(codes), tables.TRAITS.frame(traits), tables.SIGHTINGS.frame(sightings)


def left(readings: Sequence[Readings], traits: pd.DataFrame, least_confidence: Mapping[str, float]) -> pd.DataFrame:
    """List the statements that a coder was not sure enough of to have read them, and who decided them instead.

    Args:
        readings: of the coders.
        traits: the accepted ones, as `accept` gives them.
        least_confidence: least confidence of what is accepted, by coder; 0 for coders not named.

    Returns:
        Rows per `tables.LEFT`.
    """
    everything = combine(readings).traits
    unsure = everything.drop(confident(everything, least_confidence).index)
    decided_by = unsure["statement_id"].map(traits.set_index("statement_id")["coder"])
    return tables.LEFT.frame(unsure.assign(decided_by=decided_by))


def confident(frame: pd.DataFrame, least_confidence: Mapping[str, float]) -> pd.DataFrame:
    """Give the readings, or traits, whose confidence is enough; coders not named need none."""
    least = frame["coder"].map(lambda coder: least_confidence.get(coder, 0.0)).astype(float)
    return frame[frame["confidence"] >= least]


_AT_ONCE = 200_000  # readings of traits


def adjudicated(
    corpus: Engine, precedence: Sequence[str], least_confidence: Mapping[str, float]
) -> Iterator[dict[Table, pd.DataFrame]]:
    """Put together what all coders read, and accept codes, traits and sightings, some statements at a time.

    Args:
        corpus: has views of ingest/statements and of the three tables of readings. What was read of no statement (of a
            copy of a document, which is read before it is known to be one) is left out.
        precedence, least_confidence: as of `accept`.

    Yields:
        Rows of the tables annotate/readings, trait_readings, codes, traits, sightings and left.
    """
    [(count,)] = corpus.execute("select count(*) from trait_readings").fetchall()
    slices = 1 + count // _AT_ONCE
    for number in range(slices):
        chosen = f"semi join statements using (statement_id) where hash(statement_id) % {slices} = {number}"
        names = ("readings", "trait_readings", "sighting_readings")
        codes, traits, sightings = (corpus.sql(f"from {name} {chosen}").df() for name in names)
        part = combine([Readings(codes, traits, sightings)])
        accepted = accept([part], precedence, least_confidence)
        yield {
            tables.READINGS: part.readings,
            tables.TRAIT_READINGS: part.traits,
            tables.LEFT: left([part], accepted[1], least_confidence),
            **dict(zip((tables.CODES, tables.TRAITS, tables.SIGHTINGS), accepted, strict=True)),
        }
