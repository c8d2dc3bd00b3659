"""A report is made of the texts that were ingested, and of nothing else."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from steelyard import tables
from steelyard.errors import SteelyardError
from steelyard.ingest.texts import read_texts
from unit.render.test_sentences import AHEAD, run


def test_a_quote_that_is_not_the_text_of_its_span_fails_the_build():
    given = run(AHEAD)
    statements = given[tables.STATEMENTS]
    first, third = statements.statement_id[0], statements.statement_id[2]
    said = statements.assign(text=statements.text.mask(statements.statement_id.isin([first, third]), "So is it."))
    changed = replace(given, frames={**given.frames, tables.STATEMENTS.name: said})
    with pytest.raises(SteelyardError) as told:
        _ = changed.passages
    assert [problem.where for problem in told.value.problems] == [first, third]
    assert told.value.problems[0].what == "is not the text of paper.txt"


def test_a_document_of_another_digest_than_was_ingested_fails_the_build(tmp_path):
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("So it is.")
    ingested = "0" * 64
    documents = pd.DataFrame({"document_id": ["a", "b"], "path": ["a.txt", "b.txt"], "sha256": ingested})
    with pytest.raises(SteelyardError) as told:
        read_texts(documents, tmp_path, tmp_path)
    assert [problem.where for problem in told.value.problems] == [str(tmp_path / n) for n in ("a.txt", "b.txt")]
