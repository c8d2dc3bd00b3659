"""Names of files and folders that hold anything, through the real command."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import bad_files
from project import steelyard

HEADING = "Names and places of files"
FOLDER = 'it\'s "one" 100% $HOME 😆 study'


@pytest.mark.slow
def test_a_study_with_every_odd_name_runs(tmp_path):
    (tmp_path / FOLDER).mkdir()
    bad_files.CASES[HEADING][next(iter(bad_files.CASES[HEADING]))](tmp_path / FOLDER)
    config = tmp_path / FOLDER / "config.yaml"
    config.write_text(config.read_text().replace("question: Why?", "question: Why {study} and {x} and <results>?"))
    done = steelyard(FOLDER, "results/bad/ingest/statements.parquet", "--quiet", "all", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    documents = pd.read_parquet(tmp_path / "results" / "bad" / "ingest" / "documents.parquet")
    assert sorted(documents.path) == sorted(bad_files.NAMES)
    done = steelyard(FOLDER, "--dry-run", "--quiet", "all", folder=tmp_path)  # every rule takes its params
    assert done.returncode == 0, done.stderr


def test_a_name_that_snakemake_would_fill_is_told(tmp_path):
    folder = tmp_path / "a {study}"
    folder.mkdir()
    bad_files.CASES[HEADING]["a name with a word in braces"](folder)
    done = steelyard("a {study}", folder=tmp_path)
    assert done.returncode == 1
    assert "a {study}/config.yaml: the path a {study} holds {study}" in done.stderr
    assert "the path the {x} of it.txt holds {x}" in done.stderr
    assert "Traceback" not in done.stderr
    assert not Path(tmp_path / "results").exists()
