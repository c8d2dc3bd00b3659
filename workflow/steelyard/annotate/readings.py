"""What the coders read, before anything is accepted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from steelyard import tables
from steelyard.errors import Problem


@dataclass(frozen=True)
class Readings:
    """The readings of one coder or of several.

    Args:
        readings: statement x hypothesis x coder, per `tables.READINGS`.
        traits: statement x coder, per `tables.TRAIT_READINGS`.
        sightings: statement x expected observation x coder, per `tables.SIGHTING_READINGS`.
        unmapped: recorded codes whose quote lies in no statement; to be told as warnings.
    """

    readings: pd.DataFrame
    traits: pd.DataFrame
    sightings: pd.DataFrame
    unmapped: tuple[Problem, ...] = ()


def combine(parts: Sequence[Readings]) -> Readings:
    """Put the readings of several coders together.

    Raises:
        SteelyardError: a coder has read a statement twice.
    """

    def joined(table: tables.Table, frames: list[pd.DataFrame]) -> pd.DataFrame:
        filled = [frame for frame in frames if not frame.empty]
        return table.frame(pd.concat(filled, ignore_index=True)) if filled else table.empty()

    return Readings(
        joined(tables.READINGS, [part.readings for part in parts]),
        joined(tables.TRAIT_READINGS, [part.traits for part in parts]),
        joined(tables.SIGHTING_READINGS, [part.sightings for part in parts]),
        tuple(problem for part in parts for problem in part.unmapped),
    )
