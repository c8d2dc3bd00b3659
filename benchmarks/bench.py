"""Measures all ratios, or those of some modules of ratios/: python benchmarks/bench.py [NAME ...].

All of them are written to RESULTS.md; some are printed only.
"""

from __future__ import annotations

import datetime
import importlib
import os
import platform
import sys
from pathlib import Path

import apart
from ratios import Ratio

FOLDER = Path(__file__).resolve().parent


def modules() -> list[str]:
    """Give the modules of ratios/ that have ratios to measure."""
    return sorted(path.stem for path in (FOLDER / "ratios").glob("*.py") if "def ratios(" in path.read_text("utf-8"))


def table(found: list[Ratio]) -> str:
    """Give ratios as a Markdown table."""
    head = "| What | Beside | Ratio | Goal | Met | Ours, s | Theirs, s | Measured on | Rounds | Equal |"
    rows = ["| " + " | ".join(_cells(ratio)) + " |" for ratio in found]
    return "\n".join([head, "|" + " --- |" * (head.count("|") - 1), *rows])


def _cells(ratio: Ratio) -> list[str]:
    met = "" if ratio.goal is None else "yes" if ratio.ratio <= ratio.goal else "no"
    ours, theirs = (_range(seconds) for seconds in (ratio.ours, ratio.theirs))
    goal = "" if ratio.goal is None else f"{ratio.goal:g}"
    said = [ratio.what, ratio.against, f"{ratio.ratio:.3g}", goal, met, ours, theirs]
    return [cell.replace("|", "\\|") for cell in [*said, ratio.measured_on, str(len(ratio.ours)), ratio.equal]]


def _range(seconds: list[float]) -> str:
    return f"{min(seconds):.3g} to {max(seconds):.3g}"


def measured(name: str) -> str:
    """Measure a module's ratios, and give them as a table; what cannot be measured is said."""
    found, said = [], []
    try:
        found.extend(importlib.import_module(f"ratios.{name}").ratios())
    except apart.NotInstalledError as failure:
        said.append(f"Not measured: {failure}")
    return "\n\n".join([*([table(found)] if found else []), *said])


def page(parts: dict[str, str]) -> str:
    """Give the page of results: when, on what machine, and a table for each module."""
    today = datetime.datetime.now(datetime.UTC).date()
    machine = f"{os.cpu_count()} cores ({platform.machine()}), {platform.system()}, Python {platform.python_version()}"
    said = (
        f"Measured on {today} by `make bench` on {machine}; versions stand beside each library. A ratio is the median "
        "of our rounds over the median of the other's, taken in turns in one run. Goals: at most 1.5 beside a limit, "
        "at most 1 beside a peer. The last column says what is equal, and how far."
    )
    tables = [f"## {name.replace('_', ' ').capitalize()}\n\n{found}" for name, found in parts.items()]
    return "\n\n".join(["# Ratios", said, *tables]) + "\n"


def main() -> None:
    """Measure what the command line names, or all."""
    named = sys.argv[1:]
    if unknown := sorted(set(named) - set(modules())):
        sys.exit(f"no such ratios: {', '.join(unknown)}; there are {', '.join(modules())}")
    text = page({name: measured(name) for name in named or modules()})
    print(text)
    if not named:
        (FOLDER / "RESULTS.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
