"""An earlier result, which a report is compared with: those of its tables that say what changed since."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from steelyard import tables
from steelyard.errors import Problem, SteelyardError
from steelyard.study import COMPARED_FILES
from steelyard.tables import Table
from steelyard.yaml_file import collecting

# Only these columns are asked for, so that a result of another version can be compared with as long as it has them.
_COLUMNS = {
    "ingest/documents": ("document_id", "sha256", "title"),
    "aggregate/evidence": ("statement_id", "hypothesis_id", "document_id", "stance", "kind", "hedged", "strength"),
    "weigh/hypotheses": ("hypothesis_id", "rank", "shown", "voices", "certainty"),
    "weigh/robustness": ("hypothesis_id", "doubt", "p_first"),
    "weigh/summary": ("name", "value"),
}


@dataclass(frozen=True)
class Earlier:
    """An earlier result.

    Args:
        name: its folder, as the config names it.
        frames: its tables by name ("weigh/hypotheses"), each with the columns that are compared.
    """

    name: str
    frames: Mapping[str, pd.DataFrame]

    def __getitem__(self, table: Table) -> pd.DataFrame:
        """Give a table of the result."""
        return self.frames[table.name]

    @functools.cached_property
    def summary(self) -> dict[str, str]:
        """The result's facts by name (weigh/summary); an empty text where there is none."""
        return facts(self[tables.SUMMARY])


def facts(summary: pd.DataFrame) -> dict[str, str]:
    """Give a table weigh/summary as texts by name; an empty text where there is none."""
    return {
        str(name): "" if pd.isna(value) else str(value) for name, value in zip(summary.name, summary.value, strict=True)
    }


def read_earlier(name: str, folder: Path) -> Earlier:
    """Read an earlier result.

    Args:
        name: its folder, as the config names it.
        folder: the config's folder, from which its paths are read.

    Raises:
        SteelyardError: tables cannot be read, or are not what this version calls by their names; one problem a table.
    """
    frames: dict[str, pd.DataFrame] = {}
    problems: list[Problem] = []
    for file in COMPARED_FILES:
        table = file.removesuffix(".parquet")
        with collecting(problems):
            frames[table] = _read(tables.TABLES[table], folder / name / file)
    if problems:
        raise SteelyardError(problems)
    return Earlier(name, frames)


def _read(table: Table, path: Path) -> pd.DataFrame:
    columns = list(_COLUMNS[table.name])
    needed = Table(table.name, table.key, {column: table.columns[column] for column in columns})
    try:
        frame = pd.read_parquet(path)
        missing = [column for column in columns if column not in frame.columns]
        if not missing:
            return needed.check(frame[columns], str(path))
        why = f"it has no {'column' if len(missing) == 1 else 'columns'} {', '.join(missing)}"
    except (OSError, ValueError) as failure:
        why = str(failure)
    except SteelyardError as failure:
        why = failure.problems[0].what
    hint = "Build the earlier result anew with this version of steelyard, or leave `report: compare_with:` out."
    raise SteelyardError(Problem(f"cannot be compared with as table {table.name} ({why})", str(path), hint))
