"""Ratios: what the library takes, beside what something else takes for the same, both in one run.

Each module here has a function `ratios() -> Iterable[Ratio]`, which `benchmarks/bench.py` runs (`make bench`).
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Ratio:
    """One comparison.

    Args:
        what: what of the library is measured.
        against: what it is compared with, with the version where it is somebody else's.
        goal: largest ratio that is wanted: 1.5 beside a limit, 1 beside a peer; None where none is.
        ours: seconds of each round.
        theirs: seconds of each round, taken in turns with ours.
        measured_on: what was worked on, and how much of it.
        equal: how far the two give equal results, and how that was checked.
    """

    what: str
    against: str
    goal: float | None
    ours: list[float]
    theirs: list[float]
    measured_on: str
    equal: str

    @property
    def ratio(self) -> float:
        """Median of ours / median of theirs."""
        return statistics.median(self.ours) / statistics.median(self.theirs)


def in_turns(
    ours: Callable[[], object], theirs: Callable[[], object], rounds: int = 7
) -> tuple[list[float], list[float]]:
    """Time two calls in turns, after one of each that does not count.

    Returns:
        Seconds of each round, of the first call and of the second.
    """
    ours(), theirs()
    seconds: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for call, found in zip((ours, theirs), seconds, strict=True):
            begin = time.perf_counter()
            call()
            found.append(time.perf_counter() - begin)
    return seconds
