"""A built study whose report shows a selection: read from its tables and documents as they lie on the disk."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from project import PROJECT
from steelyard import tables
from steelyard.errors import SteelyardError
from steelyard.loaded_study import LoadedStudy
from steelyard.render import run
from steelyard.render.run import Run
from steelyard.render.sections import compose
from steelyard.render.sections.evidence import as_csv

pytestmark = pytest.mark.xdist_group("ferry")


@pytest.fixture(scope="module")
def built(ferry: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the built study, which a test may change."""
    return shutil.copytree(ferry, tmp_path_factory.mktemp("selection") / "built")


def selection(folder: Path) -> Run:
    study, results = LoadedStudy(folder / "ferry" / "config.yaml"), folder / "results" / "ferry"
    few = study.config.report.model_copy(update={"shown_whole": 1, "selected": 5, "quotes": 1})
    paths = {name: str(path) for name in tables.TABLES if (path := results / f"{name}.parquet").exists()}
    unmapped = [str(path) for path in results.glob("annotate/recorded/*/unmapped.parquet")]
    config = study.config.model_copy(update={"report": few})
    return run.load(paths, unmapped, [], config, study.folder, results / "ingest" / "texts")


def test_links_lead_somewhere_and_the_file_is_the_one_of_the_whole(built: Path) -> None:
    chosen = selection(built)
    assert len(chosen[tables.STATEMENTS]) < chosen.totals.statements
    prose = "".join(path.read_text(encoding="utf-8") for path in (PROJECT / "report").rglob("*.qmd"))
    text = prose + "".join(compose(chosen).values())
    ids = {*re.findall(r"\{#([\w-]+)", text), *re.findall(r'id="([\w-]+)"', text)}
    assert {*re.findall(r"\]\(#([\w-]+)\)", text), *re.findall(r'href="#([\w-]+)"', text)} - ids == set()
    parts = run.in_parts(chosen, built / "ferry", built / "results" / "ferry" / "ingest" / "texts")
    assert b"".join(as_csv(chosen, parts)) == (built / "results" / "ferry" / "evidence.csv").read_bytes()


def test_a_changed_document_fails_the_build(built: Path) -> None:
    for path in (path for path in (built / "ferry").rglob("*.txt") if path.is_file()):
        path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(SteelyardError, match="was changed while the report was made"):
        selection(built)
