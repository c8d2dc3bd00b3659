"""The page docs/coding-quality.md, made from the figures of the last run and from nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from steelyard.tables import records

# What every evaluation gives; `how` says in words how the figures of a row came about.
COLUMNS = ("data", "split", "coder", "measure", "value", "low", "high", "n", "how")


@dataclass(frozen=True)
class Part:
    """A part of the page.

    Args:
        data: the rows that it shows.
        title: its heading.
        text: what was asked, on which data, and what the measures mean.
    """

    data: str
    title: str
    text: str


def page(rows: pd.DataFrame, parts: Iterable[Part], about: Mapping[str, Any]) -> str:
    """Compose the page.

    Args:
        rows: figures, with `COLUMNS`; an interval or a number that is not known is empty.
        parts: the parts in their order; rows of none of them are an error.
        about: date, machine and versions of the run.

    Raises:
        ValueError: rows of no part, which would be left out in silence.
    """
    parts = list(parts)
    if others := set(rows["data"]) - {part.data for part in parts}:
        raise ValueError(f"no part of the page shows {sorted(others)}")
    head = (
        "# How good the coders are\n\n"
        f"Written by `make evaluate` on {about['date']}; {about['machine']}; {about['versions']}. Every figure is of "
        "that run (benchmarks/coding-quality.json). Intervals hold 90 % of the bootstrap's draws, of whole topics, "
        "comments or utterances as said. Rows marked *published* are others' figures, for comparison.\n"
    )
    return "\n".join([head, *(_part(part, rows[rows["data"] == part.data]) for part in parts)])


def _part(part: Part, rows: pd.DataFrame) -> str:
    tables = [
        _table(split, rows[rows["split"] == split], several=rows["split"].nunique() > 1)
        for split in dict.fromkeys(rows["split"])
    ]
    return "\n".join([f"## {part.title}\n", f"{part.text}\n", *tables])


def _table(split: str, rows: pd.DataFrame, *, several: bool) -> str:
    """Give a table of coders by measures, and below it how its figures came about."""
    measures = list(dict.fromkeys(rows["measure"]))
    sizes = dict(rows.drop_duplicates("coder")[["coder", "n"]].itertuples(index=False, name=None))
    cells = {(row.coder, row.measure): _cell(row, sizes[row.coder]) for row in records(rows)}
    lines = [f"### {split}\n"] if several else []
    lines += ["| coder | n | " + " | ".join(measures) + " |", "|---|" + "--:|" * (len(measures) + 1)]
    for coder in dict.fromkeys(rows["coder"]):
        found = [cells.get((coder, measure), "") for measure in measures]
        lines.append(f"| {coder} | {_size(sizes[coder])} | " + " | ".join(found) + " |")
    how = [f"{text[:1].upper()}{text[1:]}." for text in dict.fromkeys(rows["how"].dropna())]
    return "\n".join([*lines, "", *how, ""])


def _size(n: Any) -> str:
    return "" if pd.isna(n) else f"{n:,.0f}"


def _cell(row: Any, size: Any) -> str:
    """Give a value with its interval, and its n where that is not the coder's."""
    interval = "" if pd.isna(row.low) else f"{_number(row.low)} to {_number(row.high)}"
    if pd.isna(row.value):
        return interval or "–"
    more = [interval, "" if pd.isna(row.n) or row.n == size else f"n {_size(row.n)}"]
    beside = "; ".join(filter(None, more))
    return f"{_number(row.value)} ({beside})" if beside else _number(row.value)


def _number(value: float) -> str:
    return f"{value:.0f}" if float(value).is_integer() and not 0 < abs(value) <= 1 else f"{value:z.3f}"
