"""Documents that hold hostile text change nothing in what is made of the others: their statements, their codes."""

from __future__ import annotations

import shutil

import pandas as pd
import pytest

from project import STUDIES
from steelyard import codebook as codebooks
from steelyard.annotate import cues, embedding, recorded, semantic
from steelyard.annotate.readings import Readings
from steelyard.ingest.corpus import Corpus, ingest
from steelyard.ingest.documents import read_documents
from steelyard.loaded_study import LoadedStudy
from studies.canaries import canaries

OTHERS = ["article", "thread"]
CODEBOOK = codebooks.load(STUDIES / "ferry" / "codebook.yaml")


@pytest.fixture(scope="module")
def corpora(tmp_path_factory) -> tuple[Corpus, Corpus]:
    """The ferry's documents alone, and with those of the canaries."""
    folder = tmp_path_factory.mktemp("both")
    shutil.copytree(STUDIES / "ferry", folder, dirs_exist_ok=True)
    ferry = LoadedStudy(folder / "config.yaml").config
    config = canaries.write(folder / "hostile")
    (folder / "hostile" / canaries.CODES).touch()
    hostile = [
        one.model_copy(update={"path": f"hostile/{one.path}", "id": f"hostile-{one.id}"})
        for one in LoadedStudy(config).config.sources
    ]
    sources = ferry.sources, [*ferry.sources, *hostile]
    alone, both = (ingest(read_documents(one, folder, 64), ferry.ingest) for one in sources)
    assert len(both.statements) > 400
    return alone, both


def others(frame: pd.DataFrame, key: str = "document_id") -> pd.DataFrame:
    """Give the rows of the ferry's documents."""
    own = frame[frame[key].str.replace(":.*", "", regex=True).isin(OTHERS)]
    return own.reset_index(drop=True)


@pytest.mark.parametrize("table", ["documents", "utterances", "statements", "dropped", "voices"])
def test_the_tables_of_the_others_are_the_same(corpora, table):
    alone, both = (
        others(getattr(corpus, table), "voice_id" if table == "voices" else "document_id") for corpus in corpora
    )
    assert len(alone)
    pd.testing.assert_frame_equal(alone, both)


@pytest.mark.parametrize("coder", ["recorded", "cues"])
def test_the_codes_of_the_others_are_the_same(corpora, coder):
    alone, both = (read(coder, corpus) for corpus in corpora)
    for table in ("readings", "traits", "sightings"):
        expected, found = getattr(alone, table), others(getattr(both, table), "statement_id")
        pd.testing.assert_frame_equal(expected.reset_index(drop=True), found, check_dtype=False)
    assert len(alone.readings) and len(alone.traits)


def test_likeness_gives_the_others_the_same_codes_by_nearly_the_same_confidence(corpora):
    """What is said about the question tells the coder a little of how people speak about it, whoever says it."""
    alone, both = corpora
    hostile = both.statements[~both.statements.document_id.isin(OTHERS)]
    chosen = pd.concat([both.statements[both.statements.document_id.isin(OTHERS)], hostile[::10]])
    vectors = embedding.embed([*chosen.text, *semantic.texts_of(CODEBOOK)], {})
    expected = semantic.code(alone.statements, alone.utterances, CODEBOOK, vectors, "semantic").readings
    found = others(semantic.code(chosen, both.utterances, CODEBOOK, vectors, "semantic").readings, "statement_id")
    columns = ["statement_id", "hypothesis_id", "stance"]
    pd.testing.assert_frame_equal(expected[columns].reset_index(drop=True), found[columns])
    assert (expected.confidence >= semantic.ACCEPT).tolist() == (found.confidence >= semantic.ACCEPT).tolist()
    assert abs(expected.confidence.to_numpy() - found.confidence.to_numpy()).max() < 0.1


def read(coder: str, corpus: Corpus) -> Readings:
    if coder == "cues":
        return cues.code(corpus.statements, corpus.utterances, CODEBOOK, coder)
    texts = {name: (STUDIES / "ferry" / f"{name}.txt").read_bytes().decode() for name in OTHERS}
    return recorded.read(STUDIES / "ferry" / "codes.csv", coder, texts, corpus.statements, CODEBOOK)
