"""CSV, read and written; whatever is wrong with a file's form is told in words, with file and line."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

from steelyard.errors import Problem, SteelyardError
from steelyard.yaml_file import did_you_mean

Row = tuple[str, dict[str, str]]  # "file:line" of where it begins, and its cells by column


def read(
    path: Path, columns: Sequence[str], *, optional: Sequence[str] = (), verbatim: Collection[str] = ()
) -> tuple[list[Row], list[Problem]]:
    """Read a CSV file in UTF-8, with or without a byte order mark, whose header names exactly certain columns.

    Args:
        path: the file; shown in messages as it is given.
        columns: the columns, which may stand in any order.
        optional: further columns, each of which may be there or not.
        verbatim: those whose cells are not stripped of white space around them.

    Returns:
        The rows that are not blank, and the problems of those that cannot be read.

    Raises:
        SteelyardError: the file cannot be read, is not UTF-8, or its header is not right.
    """
    records, problems = _records(path)
    if problems and not records:
        raise SteelyardError(problems)
    rows, mistakes = named(records or [(f"{path}:1", [])], columns, optional=optional, verbatim=verbatim)
    if rows is None:
        raise SteelyardError([*mistakes, *problems])
    return rows, [*problems, *mistakes]


def named(
    records: Sequence[tuple[str, Sequence[str]]],
    columns: Sequence[str],
    *,
    optional: Sequence[str] = (),
    verbatim: Collection[str] = (),
) -> tuple[list[Row] | None, list[Problem]]:
    """Give records that follow a header their cells by column; see `read`.

    Args:
        records: where each begins, and its cells; the first is the header.

    Returns:
        The rows, or None where the header is not right, and the problems.
    """
    place, header = records[0][0], [name.strip() for name in records[0][1]]
    mistakes = _header_mistakes(header, columns, optional, place)
    if mistakes:
        return None, mistakes
    rows: list[Row] = []
    problems = []
    for where, cells in records[1:]:
        if len(cells) == len(header):
            named = zip(header, cells, strict=True)
            rows.append((where, {name: cell if name in verbatim else cell.strip() for name, cell in named}))
        else:
            hint = "In CSV, put quotation marks around a cell that holds a comma, and double those inside it."
            problems.append(Problem(f"has {len(cells)} cells instead of {len(header)}", where, hint))
    return rows, problems


def written(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    """Give a CSV file in UTF-8 whose cells come back as they are; cells that a row doesn't name are empty."""
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue().encode()


def by_line(problems: Iterable[Problem]) -> list[Problem]:
    """Give a file's problems in the order of its lines; those without a line come first."""
    return sorted(problems, key=lambda problem: line_of(problem.where))


def line_of(where: str) -> int:
    """Give the number in "file:7", "file: row 7" or "file: task 7"; 0 where there is none."""
    line = re.search(r":(?: row | task )?([0-9]+)$", where)
    return int(line[1]) if line else 0


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as failure:
        raise SteelyardError(Problem(f"cannot be read ({failure.strerror})", str(path))) from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as failure:
        line = failure.object.count(b"\n", 0, failure.start) + 1
        raise SteelyardError(Problem("is not UTF-8", f"{path}:{line}", "Save it as UTF-8.")) from None


def _records(path: Path) -> tuple[list[tuple[str, list[str]]], list[Problem]]:
    """Give each record that is not blank with where it begins, up to the first that is no CSV."""
    reader = csv.reader(io.StringIO(_text(path), newline=""), strict=True)
    records = []
    where = f"{path}:1"
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                records.append((where, cells))
            where = f"{path}:{reader.line_num + 1}"
    except csv.Error as failure:
        hint = "Is a quotation mark missing at the end of a cell, or not doubled inside it?"
        return records, [Problem(f"is no valid CSV ({failure})", where, hint)]
    return records, []


def _header_mistakes(
    header: Sequence[str], columns: Sequence[str], optional: Sequence[str], where: str
) -> list[Problem]:
    known = [*columns, *optional]
    missing = [name for name in columns if name not in header]
    unknown = [name for name in header if name not in known]
    return [
        *(Problem(f"column '{name}' is missing", where) for name in missing),
        *(Problem(f"unknown column '{name}'", where, did_you_mean(name, missing or known)) for name in unknown),
        *(Problem(f"column '{name}' stands twice", where) for name in known if header.count(name) > 1),
    ]
