"""A large corpus is divided into shards, and what comes of its parts is what comes of the whole."""

from pathlib import Path

import pandas as pd
import pytest

from project import PROJECT
from steelyard import tables
from steelyard.engine import engine, store, view, write_frames
from steelyard.errors import SteelyardError
from steelyard.ingest.corpus import finished, ingest, shared
from steelyard.ingest.documents import read_documents
from steelyard.ingest.gathered import gather
from steelyard.ingest.part import StoredPart, part
from steelyard.loaded_study import LoadedStudy
from steelyard.shards import WHOLE, shards
from steelyard.study import Source


def sources(folder: Path, sizes: list[int]) -> list[Source]:
    found = []
    for number, size in enumerate(sizes):
        (folder / f"{number}.txt").write_bytes(b"x" * size)
        found.append(Source.model_validate({"path": f"{number}.txt", "source_type": "talk"}))
    return found


def test_a_small_corpus_is_one_shard(tmp_path: Path) -> None:
    assert list(shards(sources(tmp_path, [1000] * 100), tmp_path)) == [WHOLE]


def test_each_file_is_in_one_shard_and_stays_there_when_another_changes(tmp_path: Path) -> None:
    some = sources(tmp_path, [10_000] * 100)
    made = shards(some, tmp_path)
    assert sorted(one.path for files in made.values() for one in files) == sorted(one.path for one in some)
    assert len(made) == 4
    (tmp_path / "7.txt").write_bytes(b"y" * 12_000)
    assert shards(some, tmp_path) == made


def test_a_large_corpus_has_as_many_shards_as_it_takes(tmp_path: Path) -> None:
    some = sources(tmp_path, [1] * 200)
    with (tmp_path / "0.txt").open("wb") as file:
        file.truncate(500 << 20)  # takes no room
    assert len(shards(some, tmp_path)) > 32


@pytest.fixture(scope="module")
def study() -> LoadedStudy:
    return LoadedStudy(PROJECT / "examples" / "bicycle-share" / "config.yaml")


def test_parts_are_joined_to_what_the_whole_gives(study: LoadedStudy, tmp_path: Path) -> None:
    options = study.config.ingest
    documents = read_documents(study.config.sources, study.folder)
    whole = ingest(documents, options)
    assert (whole.statements.echo_id != whole.statements.statement_id).any()
    parts = [part(documents[number::3], options) for number in range(3)]
    for number, one in enumerate(parts):
        one.write(tmp_path / str(number))
    gather([StoredPart(tmp_path / str(number)) for number in range(3)], options, tmp_path / "all", threads=1)
    for name in ("documents", "voices", "utterances", "statements", "dropped"):
        table = tables.TABLES[f"ingest/{name}"]
        pd.testing.assert_frame_equal(tables.read(table, tmp_path / "all" / f"{name}.parquet"), getattr(whole, name))
    kept = {file.stem: file.read_bytes().decode() for file in (tmp_path / "all" / "texts").glob("*.txt")}
    assert kept == dict(whole.texts)


def test_a_copy_in_another_part_is_dropped(study: LoadedStudy) -> None:
    options = study.config.ingest
    first = read_documents(study.config.sources[:1], study.folder)
    copy = [first[0].__class__(**{**vars(first[0]), "document_id": "z-copy"})]
    parts = [part(first, options), part(copy, options)]
    found = shared(parts, options)
    dropped = finished(parts[1], found)["dropped"]
    assert dropped["reason"].tolist() == [f"duplicate of {first[0].document_id}"]
    assert finished(parts[1], found)["statements"].empty


def test_the_engine_writes_sorted_and_checked_tables(tmp_path: Path) -> None:
    rows = pd.DataFrame({"name": ["b", "a"], "value": [2, 1]})
    with engine() as connection:
        view(connection, tables.COUNTS, rows.astype({"name": "str"}))
        store(connection, tables.COUNTS, "from counts", tmp_path / "counts.parquet")
        assert tables.read(tables.COUNTS, tmp_path / "counts.parquet")["name"].tolist() == ["a", "b"]
        with pytest.raises(SteelyardError, match="greater_than_or_equal_to"):
            store(connection, tables.COUNTS, "select name, -1 as value from counts", tmp_path / "wrong.parquet")
    assert not (tmp_path / "wrong.parquet").exists()


def test_a_spoiled_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "counts.parquet").write_bytes(b"no parquet")
    with engine() as connection, pytest.raises(SteelyardError, match="cannot be read as table aggregate/counts"):
        view(connection, tables.COUNTS, [tmp_path / "counts.parquet"])


def test_parts_out_of_order_are_a_bug(tmp_path: Path) -> None:
    parts = [pd.DataFrame({"name": [name], "value": [1]}) for name in "ba"]
    with pytest.raises(AssertionError, match="comes after"):
        write_frames(tables.COUNTS, parts, tmp_path / "counts.parquet")
