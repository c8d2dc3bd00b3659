"""`steelyard verify`: a sound result holds, and whatever is spoiled in one is told."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

from project import snakemake
from steelyard import cli, tables
from steelyard.errors import SteelyardError
from steelyard.provenance.crate import CRATE, WORKFLOW_RUN
from steelyard.provenance.digests import sha256
from steelyard.verify import read_crate, verify

pytestmark = pytest.mark.xdist_group("ferry")  # one worker, so that the small study is built once


@pytest.fixture
def copy(ferry, tmp_path):
    """A copy of the folder in which the study `ferry` was built."""
    return Path(shutil.copytree(ferry, tmp_path / "copy", ignore=shutil.ignore_patterns(".snakemake")))


def told(folder):
    """What does not hold, by the file's path from the folder."""
    found = verify(folder / "results" / "ferry", folder / "ferry")
    return {(str(Path(one.where).relative_to(folder)), one.what) for one in found.problems}


def rewrite(folder, table, change):
    """Change a table's rows, and its digest in the crate, as somebody would who meant no good."""
    results = folder / "results" / "ferry"
    path = results / f"{table.name}.parquet"
    change(pd.read_parquet(path)).to_parquet(path, index=False)
    crate = json.loads((results / CRATE).read_text())
    for one in crate["@graph"]:
        if one["@id"] == f"{table.name}.parquet":
            one["sha256"] = sha256(path)
    (results / CRATE).write_text(json.dumps(crate))


def test_a_sound_result_holds_and_what_was_checked_is_counted(ferry, capsys):
    assert cli.main(["verify", str(ferry / "results" / "ferry")]) == 0
    said = capsys.readouterr().out
    files = len([p for p in (ferry / "results" / "ferry").rglob("*") if p.is_file() and ".snakemake" not in p.name])
    without = {CRATE, "run.json", "annotations.jsonld"}
    files -= sum((ferry / "results" / "ferry" / name).exists() for name in without)
    statements = len(pd.read_parquet(ferry / "results" / "ferry" / "ingest" / "statements.parquet"))
    for words in (f"{files} files of the result", "6 files that went in", f"{statements} spans of 2 documents"):
        assert f"checked  {words}" in said
    assert said.endswith("\nAll of it holds.\n")


SPOILED = [
    "results/ferry/report.html",
    "results/ferry/report.pdf",
    "results/ferry/evidence.csv",
    "results/ferry/corpus.json",
    "results/ferry/quarto/report.qmd",
    "results/ferry/quarto/figures/kinds.svg",
    "results/ferry/quarto/fonts/NotoSansSC[wght].ttf",
    "results/ferry/render/renderer.json",
    "results/ferry/workflow/Snakefile",
    "results/ferry/weigh/gaps.parquet",
    "results/ferry/annotate/recorded/reader/readings.parquet",
    "results/ferry/annotate/recorded/reader/review.csv",
    "ferry/thread.txt",
    "ferry/config.yaml",
    "ferry/codebook.yaml",
    "ferry/codes.csv",
    "ferry/sources.csv",
]


def test_one_byte_that_is_another_is_told_in_every_kind_of_file(copy):
    for name in SPOILED:
        content = bytearray((copy / name).read_bytes())
        content[len(content) // 2] ^= 1
        (copy / name).write_bytes(content)
    digests = {where for where, what in told(copy) if "its SHA-256 is another" in what}
    assert digests == set(SPOILED)


def test_a_file_that_is_missing_is_told(copy):
    for name in SPOILED:
        (copy / name).unlink()
    assert {where for where, what in told(copy) if what == "is missing"} == set(SPOILED)


@pytest.mark.parametrize("at", [4, 200, -200, -4])
def test_a_table_with_a_spoiled_byte_or_cut_short_is_told_without_a_traceback(copy, at):
    for number, path in enumerate(sorted((copy / "results" / "ferry").rglob("*.parquet"))):
        content = bytearray(path.read_bytes())
        content[at] ^= 255
        path.write_bytes(content[: at if number % 5 == 0 and at > 0 else None])
    where = {where for where, what in told(copy) if "SHA-256" in what or "more of this kind" in what}
    assert len(where) >= 10


def test_a_span_that_was_moved_is_told_though_the_digest_was_mended(copy):
    def moved(frame):
        frame.loc[3, ["start", "end"]] += 1
        return frame

    rewrite(copy, tables.STATEMENTS, moved)
    statement = pd.read_parquet(copy / "results/ferry/ingest/statements.parquet").statement_id[3]
    where = "results/ferry/ingest/statements.parquet"
    assert (where, f"statement {statement} is not the text of its span") in told(copy)


def test_a_row_that_was_dropped_is_told_by_what_names_it(copy):
    gone = pd.read_parquet(copy / "results/ferry/annotate/codes.parquet").statement_id[0]
    rewrite(copy, tables.STATEMENTS, lambda frame: frame[frame.statement_id != gone])
    rewrite(copy, tables.CODES, lambda frame: frame[1:])
    found = told(copy)
    what = f"names {gone} as statement_id, which ingest/statements does not have"
    assert ("results/ferry/annotate/traits.parquet", what) in found
    assert ("results/ferry/aggregate/evidence.parquet", what) in found
    assert ("results/ferry/evidence.csv", "has 15 rows, and annotate/codes 14") in found


def test_a_row_that_breaks_the_schema_or_stands_twice_is_told(copy):
    rewrite(copy, tables.CODES, lambda frame: frame.assign(stance="doubts"))
    rewrite(copy, tables.TRAITS, lambda frame: pd.concat([frame, frame[:1]]))
    found = told(copy)
    assert any(where.startswith("results/ferry/annotate/codes") and "doubts" in what for where, what in found)
    assert any("traits" in where and "column key (statement_id)" in what for where, what in found)


def test_a_result_that_was_moved_holds_without_its_inputs(copy, tmp_path, capsys):
    moved = Path(shutil.move(copy / "results" / "ferry", tmp_path / "elsewhere"))
    assert cli.main(["verify", str(moved)]) == 0
    said = capsys.readouterr().out
    assert "none of 6 files that went in" in said and "not the spans of 2 documents" in said
    assert cli.main(["verify", str(moved), "--configfile", str(copy / "ferry" / "config.yaml")]) == 0
    assert "17 spans of 2 documents" in capsys.readouterr().out


def test_what_does_not_hold_ends_the_command_with_code_1_and_a_hint(copy, capsys):
    (copy / "results" / "ferry" / "report.pdf").write_bytes(b"%PDF")
    with pytest.raises(SystemExit) as ended:
        cli.main(["verify", str(copy / "results" / "ferry")])
    assert ended.value.code == 1
    said = capsys.readouterr().err
    assert re.search(r"report\.pdf: is not the file that the run made.*\n +Hint: ", said) and "Traceback" not in said


@pytest.mark.parametrize(
    "content",
    [
        None,
        "",
        "no JSON",
        "[]",
        "{}",
        '{"@graph": []}',
        '{"@graph": [{"@id": "./", "@type": "Dataset", "conformsTo": []}]}',
        '{"@graph": [1]}',
        f'{{"@graph": [{{"@id": "./", "conformsTo": [{{"@id": "{WORKFLOW_RUN}"}}], "@type": "File"}}]}}',
        "[" * 100_000,
    ],
)
def test_a_folder_that_is_no_result_is_told(tmp_path, content):
    if content is not None:
        (tmp_path / CRATE).write_text(content)
    with pytest.raises(SteelyardError) as failure:
        read_crate(tmp_path / CRATE)
    assert all(one.hint for one in failure.value.problems)
    with pytest.raises(SteelyardError):
        verify(tmp_path / "nowhere", None)


def test_a_crate_that_names_what_lies_outside_is_told_and_that_is_not_read(copy):
    path = copy / "results" / "ferry" / CRATE
    path.write_text(path.read_text().replace('"@id": "report.pdf"', '"@id": "../../../../etc/passwd"'))
    assert any("which lies outside" in what for _, what in told(copy))


@pytest.mark.slow
def test_annotations_are_made_when_they_are_asked_for(copy):
    done = snakemake("annotations", "--configfile", "ferry/config.yaml", folder=copy)
    assert done.returncode == 0, done.stderr
    collection = json.loads((copy / "results" / "ferry" / "annotations.jsonld").read_text(encoding="utf-8"))
    texts = {name: (copy / "ferry" / name).read_bytes().decode() for name in ("thread.txt", "article.txt")}
    for item in collection["first"]["items"]:
        position, quote = item["target"]["selector"]
        text = texts[item["target"]["source"]["label"]]
        assert text[position["start"] : position["end"]] == quote["exact"]
    assert collection["total"] == len(collection["first"]["items"]) == 21
