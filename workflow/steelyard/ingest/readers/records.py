"""CSV and JSON Lines: each record is a post of one document, or a document of its own."""

from __future__ import annotations

import csv
import datetime
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any, get_args

from steelyard import csv_file, vocabulary
from steelyard.errors import Problem, SteelyardError
from steelyard.ingest.readers import article
from steelyard.ingest.readers.composer import Composer, plain
from steelyard.ingest.readers.file import Extract, File, Told
from steelyard.ingest.readers.layout import Place, Utterance, known_name
from steelyard.study import Columns
from steelyard.yaml_file import did_you_mean

_SHOWN = 10  # faults of one file; more are counted
_DELIMITERS = ",;\t|"
Row = Mapping[str, Any]


class CommaSeparated:
    """Reads CSV files with a header; the delimiter is a comma, a semicolon, a tab or a bar."""

    def recognises(self, file: File) -> bool:
        """Say whether the name says so: any text might be one line of CSV."""
        return file.suffix in {".csv", ".tsv"}

    def read(self, file: File) -> list[Extract]:
        """Give the records as posts or documents."""
        text = file.text.lstrip("\ufeff")
        header = text.lstrip().splitlines()[0]
        csv.field_size_limit(file.limit)
        delimiter = max(_DELIMITERS, key=header.count)
        records, problems = csv_file.records(io.StringIO(text, newline=""), file.where, delimiter)
        _raise(problems)
        if not records:
            raise file.fault("holds no text", "Take it out of the config, or fill it.")
        (where, names), *rows = records
        columns = [name.strip() for name in names]
        twice = sorted({name for name in columns if name and columns.count(name) > 1})
        _raise([Problem(f"column '{name}' stands twice", where, "Rename one of them.") for name in twice])
        _raise(_absent(file, columns))
        hint = "Put quotation marks around a cell that holds the delimiter, and double those inside it."
        _raise(
            [
                Problem(f"has {len(cells)} cells, more than the {len(columns)} columns", where, hint)
                for where, cells in rows
                if any(cell.strip() for cell in cells[len(columns) :])
            ]
        )
        return _extracts(file, [(where, dict(zip(columns, cells, strict=False))) for where, cells in rows])


class JsonLines:
    """Reads files that hold a JSON object on each line."""

    def recognises(self, file: File) -> bool:
        """Say whether the first line is an object."""
        if file.suffix in {".jsonl", ".ndjson"}:
            return True
        first, _, rest = file.head.partition("\n")
        try:
            return bool(rest.strip()) and isinstance(json.loads(first), dict)
        except (ValueError, RecursionError):
            return False

    def read(self, file: File) -> list[Extract]:
        """Give the records as posts or documents."""
        records: list[tuple[str, Row]] = []
        problems: list[Problem] = []
        for number, line in enumerate(file.text.lstrip("\ufeff").split("\n"), start=1):
            where = f"{file.where}:{number}"
            if not line.strip():
                continue
            try:
                value = json.loads(line)
            except ValueError as failure:
                problems.append(Problem(f"is no valid JSON ({failure})", where, "Each line holds one whole object."))
                continue
            if isinstance(value, dict):
                records.append((where, value))
            else:
                problems.append(Problem("is no JSON object", where, "Each line holds one: {...}."))
        _raise(problems)
        _raise(_absent(file, sorted({key for _, row in records for key in row})) if records else [])
        return _extracts(file, records)


def _extracts(file: File, records: Sequence[tuple[str, Row]]) -> list[Extract]:
    columns = file.source.columns
    problems: list[Problem] = []
    rows = [
        (number, {key: _text(row, name, where, problems) for key, name in columns.model_dump().items()}, where)
        for number, (where, row) in enumerate(records, start=1)
    ]
    days = {number: _day(cells["date"], where, problems) for number, cells, where in rows}
    for _, cells, where in rows:
        if cells["interest"] and cells["interest"] not in vocabulary.INTERESTS:
            hint = did_you_mean(cells["interest"], get_args(vocabulary.Interest))
            problems.append(Problem(f"unknown interest {cells['interest']!r}", where, hint))
    _raise(problems)
    rows = [row for row in rows if row[1]["text"]]
    if not rows:
        raise file.fault("holds no text", "Take it out of the config, or fill it.")
    if file.source.record == "document":
        return [_document(number, cells, days[number]) for number, cells, _ in rows]
    return [_posts(rows, days)]


def _posts(rows: list[tuple[int, dict[str, str], str]], days: Mapping[int, datetime.date | None]) -> Extract:
    """Give all records as posts of one document; one that answers another names it by its id."""
    composer = Composer()
    begun: dict[str, int | None] = {}
    authors = {cells["id"]: cells["author"] for _, cells, _ in rows if cells["id"]}
    for number, cells, _ in rows:
        name = known_name(cells["author"])
        date = days[number]
        post = Utterance(
            *(0, 0, "post", name or f"record-{number}", name),
            replies_to=authors.get(cells["replies_to"]) or None,
            parent=begun.get(cells["replies_to"]),
            date=date.isoformat() if date else None,
            interest=cells["interest"] or None,
        )
        place = f"record {number}"
        title = composer.say(post, (cells["title"], place), new=True)
        start = composer.say(post, (cells["text"], place), new=title is None)
        if cells["id"]:
            begun[cells["id"]] = title if title is not None else start
    return composer.extract(None)


def _document(number: int, cells: Mapping[str, str], date: datetime.date | None) -> Extract:
    text = cells["text"]
    layout = article.one_post(text)
    layout.places.append(Place(0, f"record {number}"))
    told = Told(cells["title"] or None, cells["author"] or None, date, cells["url"] or None)
    return Extract(text, layout, told, number)


def _absent(file: File, known: list[str]) -> list[Problem]:
    """Find the text's column or key, and those that the config names itself, that a file does not have."""
    problems = []
    for key, field in Columns.model_fields.items():
        name = getattr(file.source.columns, key)
        if (key == "text" or name != field.default) and name not in known and name.partition(".")[0] not in known:
            hint = f"Name the one that holds the {key}: `columns: {{{key}: …}}`. {did_you_mean(name, known)}".strip()
            problems.append(Problem(f"has no column or key '{name}'", file.where, hint))
    return problems


def _value(row: Row, name: str) -> Any:
    """Give what stands under a name, or under a path of names in objects inside one another."""
    if name in row:
        return row[name]
    value: Any = row
    for part in name.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _text(row: Row, name: str, where: str, problems: list[Problem]) -> str:
    value = _value(row, name)
    if isinstance(value, str | int | float):
        return plain(str(value))
    if value is not None:
        problems.append(Problem(f"'{name}' is no text: {str(value)[:60]}", where))
    return ""


def _day(text: str, where: str, problems: list[Problem]) -> datetime.date | None:
    """Give the day of a date, of a date with a time, or of seconds since 1970."""
    try:
        if not text:
            return None
        if text.replace(".", "", 1).isdigit() and len(text.partition(".")[0]) > 8:
            seconds = float(text)
            seconds = seconds / 1000 if seconds > 1e11 else seconds
            return datetime.datetime.fromtimestamp(seconds, datetime.UTC).date()
        return datetime.datetime.fromisoformat(text).date()
    except (ValueError, OverflowError, OSError):
        problems.append(Problem(f"{text[:40]!r} is no date", where, "Write a date as 2025-01-31."))
        return None


def _raise(problems: list[Problem]) -> None:
    if len(problems) > _SHOWN:
        rest = Problem(f"and {len(problems) - _SHOWN} more of the kind", problems[_SHOWN].where)
        problems = [*problems[:_SHOWN], rest]
    if problems:
        raise SteelyardError(problems)
