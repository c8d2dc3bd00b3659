"""What can be reached from a beginning, step by step."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

Thing = TypeVar("Thing", bound=Hashable)


def reached(start: Thing, further: Callable[[Thing], Iterable[Thing]]) -> set[Thing]:
    """Give the beginning and all that it leads to, by way of others too.

    Args:
        start: the beginning.
        further: gives what a thing leads to directly; circles do no harm.
    """
    found: set[Thing] = set()
    waiting = [start]
    while waiting:
        thing = waiting.pop()
        if thing not in found:
            found.add(thing)
            waiting += further(thing)
    return found
