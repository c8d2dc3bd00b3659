import pandas as pd
from aggregated import ledger_of

from steelyard.tables import EVIDENCE, LEDGER


def row(statement: str, voice: str, stance: str, kind: str, strength: float, echo: str | None = None) -> dict:
    return {
        "statement_id": statement,
        "hypothesis_id": "greed",
        "voice_id": voice,
        "speaker_id": voice,
        "document_id": "d",
        "source_type": "op-ed",
        "echo_id": echo or statement,
        "stance": stance,
        "kind": kind,
        "hedged": False,
        "strength": strength,
        "coder": "ann",
        "origin": "human",
    }


def of(*rows: dict) -> pd.DataFrame:
    return ledger_of(EVIDENCE.frame(list(rows))).set_index("voice_id")


def test_within_a_voice_only_the_best_of_each_side_counts() -> None:
    ann = of(
        row("s1", "ann", "supports", "assertion", 0.1),
        row("s2", "ann", "supports", "statistic", 0.6),
        row("s3", "ann", "opposes", "reasoning", 0.2),
    ).loc["ann"]
    assert (ann.best_for, ann.kind_for) == (0.6, "statistic")
    assert (ann.best_against, ann.kind_against) == (0.2, "reasoning")
    assert (ann.supports, ann.opposes, ann.takes_up) == (True, True, True)
    assert ann.statements == 3


def test_raising_adds_nothing_and_takes_nothing_up() -> None:
    ann = of(row("s1", "ann", "raises", "statistic", 0.6)).loc["ann"]
    assert (ann.best_for, ann.best_against, ann.takes_up, ann.statements) == (0, 0, False, 1)
    assert ann[["kind_for", "kind_against"]].isna().all()


def test_a_statement_without_strength_still_takes_a_hypothesis_up() -> None:
    ann = of(row("s1", "ann", "opposes", "none", 0.0)).loc["ann"]
    assert (ann.best_against, ann.kind_against, ann.opposes, ann.takes_up) == (0, "none", True, True)


def test_an_echo_is_one_statement_with_its_original() -> None:
    rows = of(row("s1", "ann", "supports", "cited", 0.45), row("s2", "ann", "supports", "cited", 0.45, echo="s1"))
    assert rows.statements["ann"] == 1


def test_of_equal_kinds_the_last_in_the_vocabulary_is_named_whatever_the_order() -> None:
    rows = [row("s1", "ann", "supports", "cited", 0.45), row("s2", "ann", "supports", "attributed", 0.45)]
    assert of(*rows).kind_for["ann"] == "cited"
    ids = [r | {"statement_id": s} for r, s in zip(rows, ("s2", "s1"), strict=True)]
    assert of(*ids).kind_for["ann"] == "cited"


def test_no_evidence_is_an_empty_ledger() -> None:
    assert ledger_of(EVIDENCE.empty()).equals(LEDGER.empty())
