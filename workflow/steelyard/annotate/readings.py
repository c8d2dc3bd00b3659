"""What the coders read, before anything is accepted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

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


def read(codes: str, traits: str, sightings: str) -> Readings:
    """Read a coder's readings from the files of its three tables.

    Raises:
        SteelyardError: one is missing or breaks its schema.
    """
    return Readings(
        tables.read(tables.READINGS, codes),
        tables.read(tables.TRAIT_READINGS, traits),
        tables.read(tables.SIGHTING_READINGS, sightings),
    )


def write(found: Readings, output: Any) -> None:
    """Write readings to the files that a coder's rule names as `readings`, `trait_readings` and `sighting_readings`."""
    tables.write(tables.READINGS, found.readings, output.readings)
    tables.write(tables.TRAIT_READINGS, found.traits, output.trait_readings)
    tables.write(tables.SIGHTING_READINGS, found.sightings, output.sighting_readings)


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
