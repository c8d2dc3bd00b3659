"""What a job needs, by its rule and the size of its input: so much memory, and so much time at the most.

A cluster kills a job that takes more than it asked for, and lets one wait that asks for much. A run on one machine
takes no notice. Every job computes on one core.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

# Megabytes. Snakemake starts twice within a cluster's job, around the script.
_SNAKEMAKE = 350
_MARGIN = 1.5  # for what other texts and machines take
_STEP = 100


@dataclass(frozen=True)
class Need:
    """What jobs of a rule were seen to need.

    Args:
        megabytes: memory at the peak with next to no input.
        for_each: so many megabytes more for each megabyte of input.
        minutes: time at the most with next to no input.
        minutes_for_each: so much more for each megabyte of input.
    """

    megabytes: float
    for_each: float
    minutes: float = 10
    minutes_for_each: float = 2


# Peak memory as `python benchmarks/peaks.py` has it for studies of 12 to 10,000 statements (draw, llm and export are
# guessed), and of part, ingest, cues and crate as benchmarks/scale.py has it for up to 1,000,000. Tables are packed: a
# megabyte of them is many in memory. Time is what a busy file system makes of seconds.
NEEDS = {
    "part": Need(300, 90),
    "ingest": Need(420, 4),  # of a large corpus its input is what the parts know of their statements
    "recorded": Need(180, 50),
    "cues": Need(290, 60),
    "embed": Need(290, 60),
    "sample": Need(450, 0.4),  # of all texts it holds a digest and a number only
    "semantic": Need(460, 15),
    "learned": Need(480, 50),
    "llm": Need(200, 50, minutes=24 * 60),  # a model that runs on a common computer takes seconds for each statement
    "adjudicate": Need(170, 220),
    "quality": Need(170, 60),
    "draw": Need(200, 60),
    "aggregate": Need(170, 60),
    "weigh": Need(180, 80),
    "robustness": Need(210, 80),
    "shares": Need(180, 80),
    "gaps": Need(180, 80),
    "project": Need(330, 90),
    "render": Need(1700, 0, minutes=30),  # its input is a folder, whose size says nothing; the page is bounded
    "crate": Need(180, 0),
    "export": Need(300, 30),
}


def megabytes(rule: str, input_bytes: int, attempt: int = 1) -> int:
    """Give the memory that a job asks for, in megabytes.

    Args:
        rule: name of its rule, a key of NEEDS.
        input_bytes: size of all its input files.
        attempt: 1 for the first; each further one asks for twice as much.
    """
    need = NEEDS[rule]
    least = _SNAKEMAKE + _MARGIN * (need.megabytes + need.for_each * input_bytes / 1e6)
    return math.ceil(least / _STEP) * _STEP << attempt - 1


def minutes(rule: str, input_bytes: int, attempt: int = 1) -> int:
    """Give the time after which a job may be stopped, in minutes; the arguments are those of `megabytes`."""
    need = NEEDS[rule]
    return math.ceil(need.minutes + need.minutes_for_each * input_bytes / 1e6) << attempt - 1


def needs(rule: str) -> dict[str, Callable[[Any, Any, int], int]]:
    """Give a rule's `resources`, as functions of a job's wildcards, input and attempt.

    Raises:
        KeyError: NEEDS does not have the rule.
    """
    if rule not in NEEDS:
        raise KeyError(rule)
    return {
        "mem_mb": lambda wildcards, input, attempt: megabytes(rule, input.size, attempt),
        "runtime": lambda wildcards, input, attempt: minutes(rule, input.size, attempt),
    }
