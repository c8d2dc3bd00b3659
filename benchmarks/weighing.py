"""How long the doubts take: on the default study as it was built, and on 10,000 coded statements made at random."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from steelyard import tables
from steelyard.aggregate import sources
from steelyard.engine import engine, view
from steelyard.loaded_study import LoadedStudy
from steelyard.study import CODERS
from steelyard.weigh import coding_error, multiverse, robustness

PROJECT = Path(__file__).resolve().parents[1]
RESULTS = PROJECT / "results" / "open-weights"
STATEMENTS, VOICES, DOCUMENTS = 10_000, 2_000, 50
DOORS = (
    tables.DOCUMENTS,
    tables.UTTERANCES,
    tables.STATEMENTS,
    tables.READINGS,
    tables.TRAIT_READINGS,
    tables.QUALITY,
    tables.EVIDENCE,
    tables.PRINTS,
    tables.HYPOTHESES,
)


def shipped(results: Path = RESULTS) -> dict[str, pd.DataFrame]:
    """Read the tables of the default study, which must have been built."""
    return {door.name: tables.read(door, results / f"{door.name}.parquet") for door in DOORS}


def random(study: LoadedStudy, quality: pd.DataFrame, hypotheses: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Make 10,000 statements of 2,000 voices, each coded once by two coders, with the default study's error rates."""
    rng = np.random.default_rng(1)
    motives = [h.id for h in study.codebook.hypotheses if h.role == "motive"]
    number = np.arange(STATEMENTS)
    ids = pd.Series(number).map("s{:05d}".format)
    document, voice = number * DOCUMENTS // STATEMENTS, number * VOICES // STATEMENTS
    place = {"document_id": [f"d{d:02d}" for d in document], "start": 10 * number, "end": 10 * number + 9}
    about = {"statement_id": ids, "hypothesis_id": rng.choice(motives, STATEMENTS), "label": None, "confidence": 0.9}
    stance = rng.choice(["supports", "opposes", "raises"], STATEMENTS, p=[0.7, 0.2, 0.1])
    kind = rng.choice(["assertion", "reasoning", "observation", "attributed", "statistic"], STATEMENTS)
    trait = {"statement_id": ids, "kind": kind, "hedged": rng.random(STATEMENTS) < 0.2, "gap": False, "confidence": 0.9}
    coder = {"coder": "settled", "origin": "language_model"}
    said = {**place, "voice_id": [f"v{v:04d}" for v in voice]}
    strength = study.config.method.strength.model_dump()
    base = pd.Series(kind).map(strength) * np.where(trait["hedged"], strength["hedged"], 1.0)
    words = {"text": "Open weights win.", "language": "en"}
    made = {
        "ingest/documents": pd.DataFrame(
            [{"document_id": f"d{d:02d}", "path": f"{d}.txt", "sha256": f"{d:064d}"} for d in range(DOCUMENTS)]
        ).assign(title="T", format="article", source_type="talk", characters=1, language="en", date=None, url=None),
        "ingest/utterances": pd.DataFrame(
            {**said, "utterance_id": ids, "echo_id": ids, "role": "post", "replies_to": None}
        ),
        "ingest/statements": pd.DataFrame({**said, **words, "statement_id": ids, "utterance_id": ids, "echo_id": ids}),
        "annotate/readings": pd.concat(
            [pd.DataFrame({**about, "stance": stance, **coder, "coder": name}) for name in ("settled", "reader-a")]
        ),
        "annotate/trait_readings": pd.concat(
            [pd.DataFrame({**trait, **coder, "coder": name}) for name in ("settled", "reader-a")]
        ).assign(drawn=None),
        "annotate/quality": quality,
        "aggregate/evidence": pd.DataFrame(
            {**about, **said, **trait, **coder, "stance": stance, "strength": base}
        ).assign(echo_id=ids, speaker_id=said["voice_id"], source_type="talk"),
        "aggregate/prints": pd.DataFrame({**said, "statement_id": ids, "echo_id": ids, "names_subject": False}).assign(
            is_post=True, documented=False, independent=False
        ),
        "weigh/hypotheses": hypotheses,
    }
    return {name: tables.TABLES[name].frame(frame) for name, frame in made.items()}


def seconds(job: Callable[[], pd.DataFrame]) -> tuple[float, pd.DataFrame]:
    """Time a job once."""
    begin = time.perf_counter()
    made = job()
    return time.perf_counter() - begin, made


def timed(study: LoadedStudy, given: dict[str, pd.DataFrame]) -> tuple[float, float, float]:
    """Time the multiverse, the doubts and the balance with coding error."""
    documents, prints = given["ingest/documents"], given["aggregate/prints"]
    hypotheses, quality = given["weigh/hypotheses"], given["annotate/quality"]
    checked = next((sources.read(Path(path)) for path in study.checked_sources_path), None)
    coders = CODERS.validate_json(study.section("coders"))
    shared = {
        "documents": documents,
        "codebook": study.codebook,
        "method": study.config.method,
    }
    with engine() as corpus:
        for table in (tables.DOCUMENTS, tables.UTTERANCES, tables.STATEMENTS, tables.READINGS, tables.TRAIT_READINGS):
            view(corpus, table, given[table.name])
        chosen, universes = seconds(
            lambda: multiverse(hypotheses=hypotheses, corpus=corpus, checked_sources=checked, coders=coders, **shared)
        )
    evidence = given["aggregate/evidence"]
    doubted = {"hypotheses": hypotheses, "evidence": evidence, "prints": prints, "quality": quality, **shared}
    ranks, _ = seconds(lambda: robustness(multiverse=universes, **doubted))
    balance, _ = seconds(lambda: coding_error.balances(**doubted))
    return chosen, ranks, balance


def measure() -> list[tuple[str, int, int, tuple[float, float, float]]]:
    """Measure both corpora: what, statements, codes of the evidence, and the three times in seconds."""
    study = LoadedStudy(PROJECT / "config.yaml")
    default = shipped()
    large = random(study, default["annotate/quality"], default["weigh/hypotheses"])
    return [
        (what, len(given["ingest/statements"]), len(given["aggregate/evidence"]), timed(study, given))
        for what, given in (("default study", default), ("made at random", large))
    ]


if __name__ == "__main__":
    for row in measure():
        print(row)
