"""The coding sheet as rows of cells: what is drawn, with what stands around it, and nothing of what any coder said."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from steelyard import csv_file, tables, xlsx_file
from steelyard.annotate.recorded_file import COLUMNS, OPTIONAL
from steelyard.codebook import Codebook
from steelyard.errors import Problem, SteelyardError

_FIRST = ("document_id", "start", "before", "quote", "after")
_LAST = ("sample", "codebook")
# In the order in which a person reads and fills them in.
SHEET = (*_FIRST, *(name for name in COLUMNS if name not in _FIRST), *_LAST)
FILLED_IN = tuple(name for name in SHEET if name not in (*_FIRST, *_LAST))
_CONTEXT = 300  # code points on each side


def rows(drawn: pd.DataFrame, documents: Mapping[str, str], codebook: Codebook) -> list[dict[str, str]]:
    """Give the cells of each drawn statement, by column; what a person fills in is not among them.

    Args:
        drawn: as `sample.draw` gives it.
        documents: text by document_id.
        codebook: the codebook; a row names all its definitions, as nobody knows yet which one it will be coded by.
    """
    return [
        {
            "document_id": row.document_id,
            "start": str(row.start),
            "before": documents[row.document_id][max(0, row.start - _CONTEXT) : row.start],
            "quote": row.text,
            "after": documents[row.document_id][row.end : row.end + _CONTEXT],
            "sample": row.sample,
            "codebook": codebook.every_version,
        }
        for row in tables.records(drawn)
    ]


def refuse_to_overwrite(sheets: Sequence[Path], tasks: Path) -> None:
    """Make sure that nothing in which somebody has written is written anew.

    Args:
        sheets: the workbook and the CSV, where they were drawn before.
        tasks: Label Studio's tasks, where an export may have been saved.

    Raises:
        SteelyardError: somebody has written there, or it can't be told; nothing is lost.
    """
    hint = "Move it beside your config and name it there under coders (type: recorded); or delete it. Then run again."
    problems = []
    if tasks.exists() and not _as_drawn(tasks):
        problems.append(Problem("was changed since it was drawn, so it is not written over", str(tasks), hint))
    for sheet in (path for path in sheets if path.exists()):
        read = xlsx_file.read if sheet.suffix == ".xlsx" else csv_file.read
        try:
            found, unreadable = read(sheet, COLUMNS, optional=OPTIONAL)
        except SteelyardError as failure:
            found, unreadable = [], failure.problems
        if unreadable:
            problems.append(Problem("was changed since it was drawn, so it is not written over", str(sheet), hint))
        written = [where for where, cells in found if any(cells[name] for name in FILLED_IN)]
        if written:
            problems.append(Problem("is filled in, so it is not written over", written[0], hint))
    if problems:
        raise SteelyardError(problems)


def _as_drawn(tasks: Path) -> bool:
    try:
        return all(list(task) == ["data"] for task in json.loads(tasks.read_bytes()))
    except (ValueError, TypeError):
        return False
