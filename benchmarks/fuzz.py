"""Fuzzing by the clock: every property of tests/fuzzing.py in turn, with new seeds, until the time is over.

    python benchmarks/fuzz.py 60            for a minute; part of a target's name after it runs that alone

What is found is printed as hypothesis shrinks it, and the exit code is 1; it goes into FOUND of tests/fuzzing.py.
"""

from __future__ import annotations

import itertools
import random
import sys
import time
import traceback
from collections import Counter
from pathlib import Path
from typing import Any

import hypothesis
from hypothesis import HealthCheck

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
import fuzzing  # found in the folder of the tests only

BATCH = 10  # seconds that one target has at most before the next has its turn
EXAMPLES = 20


def fuzz(seconds: float, part: str = "") -> tuple[Counter[str], list[str]]:
    """Run the targets in turn.

    Args:
        seconds: time for all of them.
        part: runs those targets only whose names hold it.

    Returns:
        How often each was run, and what was found, in words.
    """
    names = [name for name in fuzzing.TARGETS if part in name]
    random.shuffle(names)
    end = time.monotonic() + seconds
    runs: Counter[str] = Counter(dict.fromkeys(names, 0))
    found: dict[str, str] = {}
    share = min(BATCH, seconds / len(names) / 2)
    for name in itertools.cycle(names):
        until = min(end, time.monotonic() + share)
        while name not in found and time.monotonic() < until:
            if fault := _batch(name, runs):
                found[name] = fault
                print(fault, flush=True)
        if time.monotonic() >= end or len(found) == len(names):
            return runs, list(found.values())


def _batch(name: str, runs: Counter[str]) -> str | None:
    """Run one target with a new seed; give what was found."""
    strategy, check = fuzzing.TARGETS[name]

    def run(value: Any) -> None:
        runs[name] += 1
        check(value)

    seed = random.randrange(1 << 32)
    settings = hypothesis.settings(
        max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck), print_blob=False
    )
    try:
        hypothesis.seed(seed)(settings(hypothesis.given(strategy)(run)))()
    except Exception:  # whatever it is, it is what is looked for
        return f"--- {name} (seed {seed})\n{traceback.format_exc()}"
    return None


def main() -> None:
    """Fuzz, and say how often each target was run."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60
    runs, found = fuzz(seconds, " ".join(sys.argv[2:]))
    for name, number in runs.items():
        print(f"{number:>8,} {name}")
    print(f"{runs.total():>8,} executions, {len(found)} found")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
