"""Accepts one coder's reading of each statement: a person's before a model's, a model's before a program's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from steelyard import tables, vocabulary
from steelyard.annotate.readings import Readings, combine


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
