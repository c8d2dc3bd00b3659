"""Whether a finished result still holds: every digest, table, span and reference, one after the other.

Tables and documents are read piece by piece; a corpus may be larger than memory.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from steelyard import tables
from steelyard.engine import Engine, engine, frames, name_of, view
from steelyard.errors import Problem, SteelyardError
from steelyard.provenance.crate import CRATE, WORKFLOW_RUN
from steelyard.provenance.digests import sha256
from steelyard.provenance.document_texts import text_of
from steelyard.tables import Table

Entity = Mapping[str, Any]

_SHOWN = 100  # problems of one kind
_ROWS_AT_ONCE = 100_000
_REBUILD = "Build the report again, or fetch the result anew."
_FILES = ("report.html", "report.pdf", "evidence.csv", "corpus.json")
_BY_CODER = {tables.SIGHTING_READINGS, tables.UNANSWERED, tables.UNMAPPED, tables.REVIEW}
_WHOLE = [table for table in tables.TABLES.values() if table not in _BY_CODER]
# What a column of one table names in another.
_REFERENCES: list[tuple[Table, str, Table, str]] = [
    (tables.UTTERANCES, "document_id", tables.DOCUMENTS, "document_id"),
    (tables.UTTERANCES, "voice_id", tables.VOICES, "voice_id"),
    (tables.UTTERANCES, "echo_id", tables.UTTERANCES, "utterance_id"),
    (tables.UTTERANCES, "parent_id", tables.UTTERANCES, "utterance_id"),
    (tables.STATEMENTS, "document_id", tables.DOCUMENTS, "document_id"),
    (tables.STATEMENTS, "utterance_id", tables.UTTERANCES, "utterance_id"),
    (tables.STATEMENTS, "voice_id", tables.VOICES, "voice_id"),
    (tables.STATEMENTS, "echo_id", tables.STATEMENTS, "statement_id"),
    *(
        (table, "statement_id", tables.STATEMENTS, "statement_id")
        for table in (
            tables.READINGS,
            tables.TRAIT_READINGS,
            tables.CODES,
            tables.TRAITS,
            tables.SIGHTINGS,
            tables.LEFT,
            tables.EVIDENCE,
            tables.PRINTS,
        )
    ),
    (tables.EVIDENCE, "voice_id", tables.VOICES, "voice_id"),
    (tables.EVIDENCE, "speaker_id", tables.VOICES, "voice_id"),
    (tables.EVIDENCE, "document_id", tables.DOCUMENTS, "document_id"),
    (tables.LEDGER, "voice_id", tables.VOICES, "voice_id"),
    (tables.PRINTS, "document_id", tables.DOCUMENTS, "document_id"),
    *(
        (table, "hypothesis_id", tables.HYPOTHESES, "hypothesis_id")
        for table in (tables.SHOWN_BY_KIND, tables.ROBUSTNESS, tables.MULTIVERSE, tables.CODING_ERROR, tables.MATRIX)
    ),
    (tables.MATRIX, "observation_id", tables.OBSERVATIONS, "observation_id"),
    (tables.GAPS, "observation_id", tables.OBSERVATIONS, "observation_id"),
]


@dataclass
class Findings:
    """What was checked, in words, and what does not hold."""

    checked: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def add(self, words: str, problems: Sequence[Problem]) -> None:
        """Add what was checked, and the first of what does not hold of it."""
        self.checked.append(words)
        self.problems += problems[:_SHOWN]
        if len(problems) > _SHOWN:
            self.problems.append(Problem(f"{len(problems) - _SHOWN} more of this kind", problems[0].where))


def verify(results: Path, folder: Path | None) -> Findings:
    """Check a finished result.

    Args:
        results: the folder results/<study>, or a copy of it.
        folder: the config's folder, from which inputs are found; None where it is not known.

    Raises:
        SteelyardError: the folder is no result, so that there is nothing to check.
    """
    entities = read_crate(results / CRATE)
    files = {_path(one): one for one in entities if one["@id"].split(":")[0] != "ni"}
    inputs = [one for one in entities if one["@id"].startswith("ni:")]
    found = Findings()
    changed = dict(_changed(results, files))
    found.add(f"{len(files)} files of the result, by SHA-256", list(changed.values()))
    wanted = [*_FILES, *(f"{table.name}.parquet" for table in _WHOLE)]
    unnamed = [Problem(f"does not name {name}", str(results / CRATE), _REBUILD) for name in wanted if name not in files]
    found.add(f"{len(wanted)} files that every result has", unnamed)
    _inputs(found, folder, inputs)
    with engine() as connection:
        sound = _tables(found, connection, results, [name for name in files if name.endswith(".parquet")], changed)
        try:
            for table in sound:
                view(connection, table, [results / f"{table.name}.parquet"])
            _references(found, connection, sound, results)
            _spans(found, connection, sound, results, folder)
            _evidence(found, connection, sound, results)
        except Exception as failure:
            if not changed:
                raise
            found.add(f"no more: a spoiled table cannot be asked ({failure})", [])
    return found


def read_crate(path: Path) -> list[Entity]:
    """Give the files that a crate names.

    Raises:
        SteelyardError: there is no crate, or it is none of a result.
    """
    hint = "Name the folder results/<study> of a finished run; a run makes the crate at its end."
    if not path.is_file():
        raise SteelyardError(Problem(f"holds no {CRATE}: no finished result", str(path.parent), hint))
    try:
        graph = json.loads(path.read_text(encoding="utf-8"))["@graph"]
        [root] = [one for one in graph if one["@id"] == "./"]
        profiles = [one["@id"] for one in root["conformsTo"]]
        files = [one for one in graph if "File" in one["@type"]]
        sound = all(isinstance(one["sha256"], str) and isinstance(one["@id"], str) for one in files)
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as failure:
        what = f"cannot be read as the crate of a result ({type(failure).__name__}: {failure})"
        raise SteelyardError(Problem(what, str(path), hint)) from None
    if WORKFLOW_RUN not in profiles or not sound or not files:
        raise SteelyardError(Problem("is no crate of a result", str(path), hint))
    return files


def _path(entity: Entity) -> str:
    return unquote(entity["@id"])


def _changed(folder: Path, files: Mapping[str, Entity]) -> Iterator[tuple[str, Problem]]:
    for name, entity in files.items():
        if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
            yield name, Problem(f"names {name}, which lies outside", str(folder / CRATE), _REBUILD)
        elif what := _difference(folder / name, entity["sha256"]):
            yield name, Problem(what, str(folder / name), _REBUILD)


def _difference(path: Path, digest: str) -> str | None:
    try:
        return None if sha256(path) == digest else "is not the file that the run made: its SHA-256 is another"
    except FileNotFoundError:
        return "is missing"
    except OSError as failure:
        return f"cannot be read ({failure.strerror})"


def _inputs(found: Findings, folder: Path | None, inputs: Sequence[Entity]) -> None:
    """Check the files that went in, where they can be found; a result may have been moved away from them."""
    named = [(name, one["sha256"]) for one in inputs for name in (one["name"], *one.get("alternateName", ()))]
    if folder is None:
        found.add(f"none of {len(named)} files that went in: it is not known where the study lies (--configfile)", [])
        return
    hint = "Put back the file that was read, or build the report again."
    problems = [
        Problem(what.replace("the run made", "went in"), str(folder / name), hint)
        for name, digest in named
        if (what := _difference(folder / name, digest))
    ]
    found.add(f"{len(named)} files that went in, by SHA-256", problems)


def _tables(
    found: Findings, connection: Engine, results: Path, names: Sequence[str], changed: Collection[str]
) -> list[Table]:
    """Check every table by its schema, and give those that can be asked further.

    A file that is another than the run made may hold anything, and reading it may raise anything.
    """
    rows, sound = 0, []
    problems: list[Problem] = []
    for name in sorted(names):
        table = tables.TABLES.get(f"{PurePosixPath(name).parts[0]}/{PurePosixPath(name).stem}")
        path = results / name
        if table is None or not path.is_file():
            continue
        try:
            view(connection, table, [path])
            rows += _rows(table, path)
            problems += _twice(connection, table, path)
            if name == f"{table.name}.parquet":
                sound.append(table)
        except SteelyardError as failure:
            problems += failure.problems
        except Exception as failure:
            if name not in changed:
                raise
            problems.append(Problem(f"cannot be read ({failure})", str(path), _REBUILD))
    found.add(f"{rows:,} rows of {len(names)} tables, by their schemas", problems)
    return sound


def _rows(table: Table, path: Path) -> int:
    """Check a table's rows, some at a time, and give their number.

    Raises:
        SteelyardError: a row breaks the schema.
    """
    rows = 0
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(_ROWS_AT_ONCE):
            table.check(pa.Table.from_batches([batch]).to_pandas(), where=str(path))
            rows += len(batch)
    return rows


def _twice(connection: Engine, table: Table, path: Path) -> list[Problem]:
    key = ", ".join(f'"{name}"' for name in table.key)
    query = f'select {key} from "{name_of(table)}" group by {key} having count(*) > 1 order by {key} limit {_SHOWN}'
    found = connection.sql(query).fetchall()
    return [Problem(f"has two rows of the key {', '.join(map(str, one))}", str(path), _REBUILD) for one in found]


def _references(found: Findings, connection: Engine, sound: Collection[Table], results: Path) -> None:
    """Check that what a table names in another is there."""
    problems: list[Problem] = []
    asked = [one for one in _REFERENCES if one[0] in sound and one[2] in sound]
    for table, column, other, key in asked:
        path = results / f"{table.name}.parquet"
        if column not in pq.read_schema(path).names:
            continue
        query = f"""
            select distinct "{column}" from "{name_of(table)}" where "{column}" is not null
            and "{column}" not in (select "{key}" from "{name_of(other)}") order by 1 limit {_SHOWN}
        """
        for (value,) in connection.sql(query).fetchall():
            problems.append(
                Problem(f"names {value} as {column}, which {other.name} does not have", str(path), _REBUILD)
            )
    found.add(f"{len(asked)} kinds of references between tables", problems)


def _spans(found: Findings, connection: Engine, sound: Collection[Table], results: Path, folder: Path | None) -> None:
    """Check that each statement is the text of its span, and each span lies in its utterance."""
    if not {tables.DOCUMENTS, tables.STATEMENTS, tables.UTTERANCES} <= set(sound):
        found.add("no spans: documents, utterances or statements cannot be read", [])
        return
    documents = tables.read(tables.DOCUMENTS, results / f"{tables.DOCUMENTS.name}.parquet")
    texts = _Texts(documents, results, folder)
    query = """
        select s.statement_id, s.document_id, s.start, s."end", s.text,
            s.start < u.start or s."end" > u."end" or s.document_id <> u.document_id or s.voice_id <> u.voice_id as out
        from statements s left join utterances u using (utterance_id) order by s.document_id, s.start, s.statement_id
    """
    checked, problems = 0, []
    path = str(results / f"{tables.STATEMENTS.name}.parquet")
    for row in (row for frame in frames(connection, query) for row in tables.records(frame)):
        text = texts.of(row.document_id)
        checked += text is not None
        if text is not None and text[row.start : row.end] != row.text:
            problems.append(Problem(f"statement {row.statement_id} is not the text of its span", path, _REBUILD))
        if row.out is True:
            problems.append(Problem(f"statement {row.statement_id} does not lie in its utterance", path, _REBUILD))
    found.add(f"{checked:,} spans of {texts.read} documents: the statement is the text there", problems)
    if texts.unknown:
        found.add(
            f"not the spans of {texts.unknown} documents: it is not known where the study lies (--configfile)", []
        )
    if texts.unread:
        found.add(f"not the spans of {len(texts.unread)} documents, which cannot be read or found", texts.unread)


class _Texts:
    """The text of one document after the other."""

    def __init__(self, documents: pd.DataFrame, results: Path, folder: Path | None) -> None:
        self._documents = {row.document_id: row for row in tables.records(documents)}
        self._folder, self._extracted = folder, results / "ingest" / "texts"
        self._last: tuple[str, str | None] = ("", None)
        self.read = 0
        self.unread: list[Problem] = []
        self.unknown = 0  # documents that lie where the study lies

    def of(self, document_id: str) -> str | None:
        if document_id != self._last[0]:
            self._last = document_id, self._text(document_id)
            self.read += self._last[1] is not None
        return self._last[1]

    def _text(self, document_id: str) -> str | None:
        document = self._documents.get(document_id)
        if document is None:
            return None  # which is told as a reference
        if self._folder is None and pd.isna(getattr(document, "text_sha256", None)):
            self.unknown += 1
            return None
        try:
            return text_of(document, self._folder or Path(), self._extracted)
        except SteelyardError as failure:
            self.unread += failure.problems
            return None


def _evidence(found: Findings, connection: Engine, sound: Collection[Table], results: Path) -> None:
    """Check that the file for people has a row for each accepted code."""
    path = results / "evidence.csv"
    if tables.CODES not in sound or not path.is_file():
        return
    [[codes]] = connection.sql("select count(*) from codes").fetchall()
    try:
        with path.open(encoding="utf-8-sig", newline="", errors="replace") as file:
            rows = sum(1 for _ in csv.reader(file)) - 1
    except csv.Error as failure:
        found.add("evidence.csv, which is no CSV", [Problem(f"cannot be read ({failure})", str(path), _REBUILD)])
        return
    what = f"has {rows:,} rows, and annotate/codes {codes:,}"
    found.add(f"{rows:,} rows of evidence.csv", [] if rows == codes else [Problem(what, str(path), _REBUILD)])
