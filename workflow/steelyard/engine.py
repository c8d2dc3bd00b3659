"""DuckDB: it joins and sorts tables that are larger than memory, some rows at a time.

What it gives depends on its tables alone: every query that is stored is ordered by its table's whole key.
"""

from __future__ import annotations

import contextlib
import itertools
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from steelyard.errors import Problem, SteelyardError
from steelyard.files import write_whole
from steelyard.tables import Table, write

Engine = duckdb.DuckDBPyConnection

_MEMORY = "1GB"  # from which on it uses the disk
_ROWS_AT_ONCE = 100_000


@contextlib.contextmanager
def engine(threads: int = 1) -> Iterator[Engine]:
    """Give an engine that keeps what does not fit into memory in a temporary folder, and forgets all at the end.

    Args:
        threads: how many it may use.
    """
    with tempfile.TemporaryDirectory(prefix="steelyard-") as folder:
        settings: dict[str, str | bool | int | float | list[str]] = {
            "threads": threads,
            "memory_limit": _MEMORY,
            "temp_directory": folder,
            "preserve_insertion_order": False,
            "autoinstall_known_extensions": False,  # nothing is fetched at run time
        }
        with duckdb.connect(config=settings) as connection:
            yield connection


def view(connection: Engine, table: Table, files: Sequence[str | Path] | pd.DataFrame) -> None:
    """Let queries name a table (`name_of`).

    Args:
        connection: the engine.
        table: what it is.
        files: its files, which together are the table, or its rows.

    Raises:
        SteelyardError: a file is missing, is no Parquet file, or has other columns than the table.
    """
    if isinstance(files, pd.DataFrame):
        connection.register(name_of(table), _arrow(table, files))
        return
    problems = [problem for file in files for problem in _unreadable(table, file)]
    if problems:
        raise SteelyardError(problems)
    connection.read_parquet([str(file) for file in files], union_by_name=True).create_view(name_of(table))


def name_of(table: Table) -> str:
    """Give the name by which queries know a table: "statements" for ingest/statements."""
    return table.name.rpartition("/")[2]


def _unreadable(table: Table, file: str | Path) -> Iterator[Problem]:
    hint = "Delete the file and run snakemake again: it will be made anew."
    try:
        columns = set(pq.read_schema(file).names)
    except (OSError, ValueError) as failure:
        yield Problem(f"cannot be read as table {table.name} ({failure})", str(file), hint)
        return
    if not {name for name, one in table.columns.items() if one.required} <= columns <= set(table.columns):
        yield Problem(f"has other columns than table {table.name}", str(file), hint)


def frames(connection: Engine, query: str) -> Iterator[pd.DataFrame]:
    """Give what a query gives, some rows at a time."""
    for batch in connection.sql(query).to_arrow_reader(_ROWS_AT_ONCE):
        yield pa.Table.from_batches([batch]).to_pandas()


def store(connection: Engine, table: Table, query: str, path: str | Path) -> None:
    """Write what a query gives as a table: checked, sorted by key, whole or not at all.

    Args:
        connection: the engine.
        table: what it is.
        query: gives its columns.
        path: the file.

    Raises:
        SteelyardError: a row breaks the schema.
    """
    columns, key = (", ".join(f'"{name}"' for name in names) for names in (table.columns, table.key))
    write_frames(table, frames(connection, f"select {columns} from ({query}) order by {key}"), path)


def store_parts(
    connection: Engine, parts: Iterable[Mapping[Table, pd.DataFrame]], files: Mapping[Table, str | Path]
) -> None:
    """Write tables of which no more than a part is at hand at a time: checked, sorted by key, whole or not at all.

    Args:
        connection: the engine.
        parts: rows of the tables, in any order; of several, each is kept on disk until all are there. At least one.
        files: of each table.

    Raises:
        SteelyardError: a row breaks the schema.
    """
    first, *more = itertools.islice(rest := iter(parts), 2)
    if not more:
        for table, path in files.items():
            write(table, first[table], path)
        return
    with tempfile.TemporaryDirectory(prefix="steelyard-") as folder:
        kept: dict[Table, list[Path]] = {table: [] for table in files}
        for number, part in enumerate(itertools.chain([first], more, rest)):
            for table, rows in part.items():
                kept[table].append(Path(folder) / table.name / f"{number}.parquet")
                write(table, rows, kept[table][-1])
        for table, path in files.items():
            view(connection, table, kept[table])
            store(connection, table, f'from "{name_of(table)}"', path)


def write_frames(table: Table, parts: Iterable[pd.DataFrame], path: str | Path) -> None:
    """Write a table of which no more than some rows are at hand at a time: checked, whole or not at all.

    Args:
        table: what it is.
        parts: its rows, sorted by key.
        path: the file.

    Raises:
        SteelyardError: a row breaks the schema.
    """

    def write_to(temporary: Path) -> None:
        last: tuple = ()
        with pq.ParquetWriter(temporary, _arrow(table, table.empty()).schema, compression="zstd") as file:
            for part in parts:
                frame = table.frame(part)
                if len(frame):
                    first, end = (tuple(row) for row in frame[list(table.key)].iloc[[0, -1]].to_numpy())
                    assert last < first, f"{table.name}: {first} comes after {last}"
                    last = end
                    file.write_table(_arrow(table, frame))

    write_whole(Path(path), write_to)


def _arrow(table: Table, frame: pd.DataFrame) -> pa.Table:
    """Give rows with the types that the table's columns have, whether or not they hold anything."""
    schema = pa.Schema.from_pandas(table.empty()[list(frame.columns)], preserve_index=False)
    return pa.Table.from_pandas(frame, schema=schema, preserve_index=False)
