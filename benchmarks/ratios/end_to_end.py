"""From files to weights, beside a script that does the same straight on (`notebook.py`)."""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path

import million
import notebook
import pandas as pd

from ratios import Ratio, in_turns, studies
from steelyard import codebook, tables
from steelyard.aggregate import evidence
from steelyard.aggregate.counts import counts
from steelyard.aggregate.ledger import ledger
from steelyard.aggregate.prints import prints
from steelyard.annotate import cues
from steelyard.annotate.adjudicate import accept
from steelyard.engine import engine, view
from steelyard.ingest.corpus import ingest
from steelyard.ingest.documents import read_documents
from steelyard.loaded_study import LoadedStudy
from steelyard.study import CODERS, least_confidence
from steelyard.weigh import weigh

SMALL, LARGE = 10_000, 50_000  # statements
SIDES = ["voices_for", "voices_against"]


def ratios() -> list[Ratio]:
    """Measure on made corpora: the library's functions in one process, and the workflow with all its jobs."""
    with tempfile.TemporaryDirectory() as name:
        return [
            functions(Path(name) / "functions"),
            *(workflow(size, Path(name) / str(size)) for size in (SMALL, LARGE)),
        ]


def functions(folder: Path) -> Ratio:
    """Compare the two in one process."""
    planted = million.make(SMALL, folder)
    seconds = in_turns(lambda: in_one_process(folder), lambda: notebook.main(folder), rounds=2)
    equal = compared(in_one_process(folder), notebook.main(folder), planted)
    return Ratio(
        "the library's functions in one process", "the script's, in the same", 1.0, *seconds, _what(SMALL), equal
    )


def workflow(statements: int, folder: Path) -> Ratio:
    """Compare the two as they are run, once."""
    planted = million.make(statements, folder)
    table = f"results/million-{statements}/weigh/hypotheses.parquet"
    ours = [studies.snakemake(folder, table, "--configfile", "config.yaml")]
    theirs, printed = studies.timed([sys.executable, notebook.__file__, str(folder)], folder)
    found = tables.read(tables.HYPOTHESES, folder / table).set_index("hypothesis_id")
    jobs = len(list((folder / "logs").rglob("*.log")))
    return Ratio(
        f"the workflow, {studies.CORES} cores: checked tables on disk after each of its {jobs} jobs",
        "the script, run by Python",
        1.0,
        ours,
        [theirs],
        _what(statements),
        compared(found, pd.read_csv(io.StringIO(printed), index_col="hypothesis_id"), planted),
    )


def _what(statements: int) -> str:
    return f"a corpus of {statements:,} statements, from its files to the table of hypotheses"


def in_one_process(folder: Path) -> pd.DataFrame:
    """Go from a study's files to its hypotheses, with nothing written on the way."""
    study = LoadedStudy(folder / "config.yaml")
    config, book = study.config, codebook.load(folder / "codebook.yaml")
    coders = CODERS.validate_json(study.section("coders"))
    corpus = ingest(read_documents(config.sources, study.folder, config.ingest.largest_megabytes), config.ingest)
    readings = [cues.code(corpus.statements, corpus.utterances, book, coder.name) for coder in coders]
    accepted = accept(readings, [coder.name for coder in coders], least_confidence(coders))
    codes, traits, sightings = accepted
    given = {
        tables.DOCUMENTS: corpus.documents,
        tables.UTTERANCES: corpus.utterances,
        tables.STATEMENTS: corpus.statements,
        tables.CODES: codes,
        tables.TRAITS: traits,
        tables.SIGHTINGS: sightings,
    }
    with engine(studies.CORES) as connection:
        for table, frame in given.items():
            view(connection, table, frame)
        evidence.posts(connection)
        evidence.rest_on(connection)
        evidence.cite(connection, None)
        evidence.offer(connection, config.method.strength)
        weights = weigh(
            evidence=tables.EVIDENCE.frame(connection.sql("from offered").df()),
            ledger=tables.LEDGER.frame(connection.sql(ledger()).df()),
            sightings=sightings,
            prints=pd.concat([tables.PRINTS.empty(), *prints(connection, book.subject)], ignore_index=True),
            counts=counts(connection),
            codebook=book,
            method=config.method,
        )
    return weights.hypotheses.set_index("hypothesis_id")


def compared(ours: pd.DataFrame, theirs: pd.DataFrame, truth: list[dict[str, object]]) -> str:
    """Say how far voices for and against agree, with one another and with what was planted."""
    planted = pd.DataFrame(truth).set_index("hypothesis_id")[SIDES].astype(float)
    ours, theirs = (frame.loc[planted.index, SIDES].astype(float) for frame in (ours, theirs))
    voices, off = planted.to_numpy().sum(), (ours - theirs).abs().to_numpy()
    missed, wrong = ((frame - planted).abs().to_numpy().sum() / voices for frame in (ours, theirs))
    return (
        f"no equal results: voices for and against {len(planted)} hypotheses differ by {off.sum() / voices:.1%} of "
        f"{voices:g} voices, at most by {off.max():g}; from what was planted ours by {missed:.1%}, the script's by "
        f"{wrong:.1%}"
    )
