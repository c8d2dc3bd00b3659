"""Certainty that a hypothesis is a reason, as far as the corpus shows (docs/method.md, 4).

In the manner of GRADE-CERQual (Lewin et al. 2018): start at high and step down for methodological limitations,
coherence, adequacy and relevance.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from steelyard import vocabulary
from steelyard.study import Certainty
from steelyard.vocabulary import CERTAINTIES, OPINION_KINDS
from steelyard.weigh.words import count, percents


@dataclass(frozen=True)
class Facts:
    """What the grade of one hypothesis depends on.

    Args:
        voices: independent voices that take it up.
        balance: share of them that support it, in [0, 1].
        opinion_share: share of the strength shown, for and against, that is assertion or reasoning, in [0, 1].
        documents: documents in which it is taken up, echoes counted where their original stands.
        independent_source: whether a checked source that is no party supports it.
    """

    voices: int
    balance: float
    opinion_share: float
    documents: int
    independent_source: bool


def grade(facts: Facts, thresholds: Certainty) -> tuple[vocabulary.Certainty, list[str]]:
    """Grade one hypothesis.

    Returns:
        The grade, and the reason of each step down, as sentences.
    """
    if facts.voices == 0:
        return "very low", ["Adequacy: no voice takes it up."]
    reasons = list(_steps(facts, thresholds))
    steps = len(reasons)
    if steps < CERTAINTIES.index("low") and not facts.independent_source:
        steps = CERTAINTIES.index("low")
        reasons.append("Not above low: no checked source that is no party to the question supports it.")
    grades: dict[int, vocabulary.Certainty] = {0: "high", 1: "moderate", 2: "low"}
    return grades.get(steps, "very low"), reasons


def _steps(facts: Facts, thresholds: Certainty) -> Iterator[str]:
    if facts.opinion_share > thresholds.opinion_share:
        share, most = percents(facts.opinion_share, thresholds.opinion_share)
        yield f"Method: {share} of the strength offered is assertion or reasoning, more than {most}."
    for step, threshold in (("", thresholds.contested_high), (", a second step", thresholds.contested_low)):
        if facts.balance < threshold:
            balance, least = percents(facts.balance, threshold)
            yield f"Coherence{step}: its balance (share of support) is {balance}, less than {least}."
    voices = count(facts.voices, "independent voice takes it up", "independent voices take it up")
    if facts.voices < thresholds.few_voices:
        yield f"Adequacy: {voices}, fewer than {thresholds.few_voices}."
    if facts.voices < thresholds.very_few_voices:
        yield f"Adequacy, a second step: {voices}, fewer than {thresholds.very_few_voices}."
    if facts.documents < thresholds.documents:
        yield f"Relevance: it is taken up in {count(facts.documents, 'document')}, fewer than {thresholds.documents}."


def certainties(
    quantities: pd.DataFrame,
    shown_by_kind: pd.DataFrame,
    evidence: pd.DataFrame,
    documents: pd.Series,
    sourced: set[str],
    thresholds: Certainty,
) -> pd.DataFrame:
    """Grade every hypothesis.

    Args:
        quantities: as `balance.quantities` gives it.
        shown_by_kind: the table weigh/shown_by_kind.
        evidence: the table aggregate/evidence.
        documents: in how many documents each hypothesis is taken up, by id; those of none may be missing.
        sourced: hypotheses that an item supports which rests on a documented source that is no party (`resting_on`).
        thresholds: when to step down.

    Returns:
        `quantities` with `certainty` and `reasons` (one a line; null where there are none).
    """
    gross = shown_by_kind.shown_for + shown_by_kind.shown_against
    total = gross.groupby(shown_by_kind.hypothesis_id).sum()
    opinion = gross.where(shown_by_kind.kind.isin(OPINION_KINDS), 0).groupby(shown_by_kind.hypothesis_id).sum()
    opinion_share = (opinion / total.where(total > 0)).fillna(1.0).round(9)  # statements without strength are opinion
    graded = [
        grade(Facts(voices, balance, opinion_share[h], int(documents.get(h, 0)), h in sourced), thresholds)
        for h, voices, balance in quantities[["hypothesis_id", "voices", "balance"]].itertuples(index=False)
    ]
    lines = pd.Series(["\n".join(reasons) for _, reasons in graded], dtype="str")
    return quantities.assign(certainty=[certainty for certainty, _ in graded], reasons=lines.where(lines != ""))


def resting_on(evidence: pd.DataFrame, statements: set[str]) -> set[str]:
    """Give the hypotheses that a documented item, or a figure, in one of these statements supports.

    Args:
        evidence: the table aggregate/evidence.
        statements: ids of those that cite a checked source which documents what they say.
    """
    items = evidence[evidence.kind.isin(["documented", "statistic"]) & evidence.statement_id.isin(statements)]
    return set(items.hypothesis_id[items.stance == "supports"])
