"""The first worksheet of an Excel workbook (XLSX), with row numbers; see `csv_file`, which it is read like."""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from steelyard import archive, csv_file
from steelyard.errors import Problem, SteelyardError

# Characters that XML, and so a workbook, cannot hold; for use inside [] of a regular expression.
ILLEGAL = "\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\ufffe\\uffff"
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_ESCAPED = re.compile("_x005F_(?=x[0-9A-Fa-f]{4}_)")
# What openpyxl raises over files that are no workbooks, or broken ones.
_UNREADABLE = (
    *archive.FAULTS,
    *(InvalidFileException, SyntaxError, LookupError, TypeError, AttributeError, ArithmeticError),
)
_HINT = "Save it as an Excel workbook (.xlsx)."
_MOST_MEGABYTES = 256  # that a workbook unpacks to
_MOST_CELLS = 5_000_000  # empty ones that stand between others are counted


def read(
    path: Path, columns: Sequence[str], *, optional: Sequence[str] = (), verbatim: Collection[str] = ()
) -> tuple[list[csv_file.Row], list[Problem]]:
    """Read the first worksheet of a workbook, whose first row names exactly certain columns.

    A number is read as it would be typed, TRUE as "true", a date as 2025-01-31, a formula as what it last gave.

    Args:
        path: the file; shown in messages as it is given.
        columns: the columns, which may stand in any order.
        optional: further columns, each of which may be there or not.
        verbatim: those whose cells are not stripped of white space around them.

    Returns:
        The rows that are not blank, each with "file: row 7", and the problems of those that cannot be read.

    Raises:
        SteelyardError: the file cannot be read, is no workbook, or its header is not right.
    """
    rows = [[_text(value) for value in row] for row in _values(path)]
    width = max((place + 1 for place, name in enumerate(rows[0]) if name.strip()), default=0) if rows else 0
    records = [(f"{path}: row {number}", row) for number, row in enumerate(rows, 1) if any(map(str.strip, row))]
    header = (f"{path}: row 1", rows[0][:width] if rows else [])
    # A row is as wide as its last filled cell; cells beyond the header are told.
    filled = [(where, _fitted(row, width)) for where, row in records if where != header[0]]
    found, mistakes = csv_file.named([header, *filled], columns, optional=optional, verbatim=verbatim)
    if found is None:
        raise SteelyardError(mistakes)
    return found, mistakes


def storable(text: str) -> str:
    """Give a text as a workbook can hold it, with line feeds for line ends.

    A character that XML cannot hold becomes a replacement character, and what Excel would take for an escape, such as
    "_x0041_", is escaped itself (ECMA-376, part 1, ST_Xstring).
    """
    text = re.sub(r"\r\n?", "\n", text)
    return _ESCAPE.sub("_x005F_", re.sub(f"[{ILLEGAL}]", "\ufffd", text))


def _values(path: Path) -> list[tuple[Any, ...]]:
    try:
        content = path.read_bytes()
    except OSError as failure:
        raise SteelyardError(Problem(f"cannot be read ({failure.strerror})", str(path))) from None
    try:
        parts = archive.unpacked(content, partial(_check_size, path))
        book = openpyxl.load_workbook(io.BytesIO(archive.packed(parts)), read_only=True, data_only=True)
        try:
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # some programs write wrong ones
            return list(_rows(sheet.iter_rows(values_only=True), path))
        finally:
            book.close()
    except _UNREADABLE:
        raise SteelyardError(Problem("is no workbook that can be read", str(path), _HINT)) from None


def _check_size(path: Path, size: int) -> None:
    if size > _MOST_MEGABYTES << 20:
        what = f"unpacks to {-(-size >> 20)} MB, more than the {_MOST_MEGABYTES} MB that a workbook may have"
        raise SteelyardError(Problem(what, str(path), _HINT))


def _rows(rows: Iterable[tuple[Any, ...]], path: Path) -> Iterator[tuple[Any, ...]]:
    """Give rows without the empty cells at their ends; one cell far below or far right makes up millions of others."""
    cells = 0
    for row in rows:
        cells += 1 + len(row)
        if cells > _MOST_CELLS:
            hint = "Is there a cell far below the others, or far to the right of them? Delete its row or column."
            raise SteelyardError(Problem(f"has more than {_MOST_CELLS:,} cells", str(path), hint))
        while row and row[-1] is None:
            row = row[:-1]
        yield row


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    return _ESCAPED.sub("_", str(value))


def _fitted(row: list[str], width: int) -> list[str]:
    while len(row) > width and not row[-1].strip():
        row = row[:-1]
    return row + [""] * (width - len(row))
