"""CSV, read and written; whatever is wrong with a file's form is told in words, with file and line."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

from steelyard.errors import Problem, SteelyardError
from steelyard.yaml_file import did_you_mean

Row = tuple[str, dict[str, str]]  # "file:line" of where it begins, and its cells by column

_SIGNS = frozenset("=+-@|%＝＋－＠")  # some spreadsheets read the wide ones as the others
_UNSEEN = frozenset(["Cc", "Cf", "Zl", "Zp", "Zs"])


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
    found, problems = _records(path)
    found = [(where, [_meant(cell) for cell in cells]) for where, cells in found]
    if problems and not found:
        raise SteelyardError(problems)
    rows, mistakes = named(found or [(f"{path}:1", [])], columns, optional=optional, verbatim=verbatim)
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


def written(columns: Sequence[str], rows: Iterable[Mapping[str, str]], *, header: bool = True) -> bytes:
    """Give a CSV file in UTF-8, no cell of which is a formula; cells that a row doesn't name are empty.

    `read` gives the cells as they were. Without its header it is the rest of a file that was begun.
    """
    records = [*([columns] if header else []), *([harmless(row.get(name, "")) for name in columns] for row in rows)]
    return "".join(f"{','.join(map(_quoted, cells))}\n" for cells in records).encode()


def _quoted(cell: str) -> str:
    """Quote a cell where it must be; the writer of Python 3.11 leaves out one with a lone carriage return."""
    doubled = cell.replace('"', '""')
    return f'"{doubled}"' if re.search(r'[",\r\n]', cell) else cell


def harmless(cell: str) -> str:
    """Give a cell that no spreadsheet takes for a formula: an apostrophe stands before what it might take for one."""
    return f"'{cell}" if is_formula(cell.lstrip("'")) else cell


def is_formula(text: str) -> bool:
    """Say whether a spreadsheet might take a text for a formula: its first character that is seen is a sign for one."""
    first = next((one for one in text if unicodedata.category(one) not in _UNSEEN), "")
    return first in _SIGNS or text.startswith(("\t", "\r", "\n"))


def _meant(cell: str) -> str:
    """Take off the apostrophe that `harmless` puts before a cell."""
    return cell[1:] if cell.startswith("'") and is_formula(cell.lstrip("'")) else cell


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
    return records(io.StringIO(_text(path), newline=""), str(path))


def records(lines: Iterable[str], name: str, delimiter: str = ",") -> tuple[list[tuple[str, list[str]]], list[Problem]]:
    """Give each record of a CSV file that is not blank with where it begins, up to the first that is no CSV.

    Args:
        lines: with their ends.
        name: of the file, for messages.
        delimiter: what parts cells.

    Returns:
        The records, and what is wrong with the one at which reading ends, if there is one.
    """
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    found = []
    where = f"{name}:1"
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                found.append((where, cells))
            where = f"{name}:{reader.line_num + 1}"
    except csv.Error as failure:
        hint = "Is a quotation mark missing at the end of a cell, or not doubled inside it?"
        return found, [Problem(f"is no valid CSV ({failure})", where, hint)]
    return found, []


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
