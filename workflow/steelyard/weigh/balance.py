"""Three quantities of each hypothesis, never merged: said, balance and shown (docs/method.md, 4)."""

from __future__ import annotations

import math

import pandas as pd
from scipy.special import betaincinv  # the quantile of Beta; scipy.stats takes half a second to load

from steelyard.codebook import Codebook
from steelyard.study import Balance
from steelyard.tables import SHOWN_BY_KIND
from steelyard.vocabulary import OPINION_KINDS, STRENGTH_KINDS


def quantities(
    evidence: pd.DataFrame, ledger: pd.DataFrame, n_voices: int, codebook: Codebook, balance: Balance
) -> pd.DataFrame:
    """Count and weigh each hypothesis.

    Args:
        evidence: the table aggregate/evidence.
        ledger: the table aggregate/ledger.
        n_voices: all independent voices of posts in the corpus, those that take nothing up included.
        codebook: its hypotheses all appear, those that nobody takes up with zeros.
        balance: prior and probability of the interval.

    Returns:
        weigh/hypotheses without certainty and reasons, in the codebook's order.
    """
    ids = codebook.ids
    taken = evidence[evidence.stance != "raises"].groupby("hypothesis_id")
    frame = pd.DataFrame({"role": [hypothesis.role for hypothesis in codebook.hypotheses]}, index=ids)
    frame["mentions"] = taken["statement_id"].nunique().reindex(ids, fill_value=0)
    frame["speakers"] = taken["speaker_id"].nunique().reindex(ids, fill_value=0)
    frame = frame.join(_voices(ledger[ledger.takes_up], ids))
    for count in ("mentions", "speakers", "voices"):
        frame[f"{count}_place"] = rank(frame[count])
    frame["said"] = frame.voices / n_voices if n_voices else math.nan
    frame["balance"] = frame.voices_for / frame.voices.where(frame.voices > 0)
    intervals = [
        interval(for_, against, balance.prior, balance.interval)
        for for_, against in zip(frame.voices_for, frame.voices_against, strict=True)
    ]
    frame[["balance_low", "balance_high"]] = pd.DataFrame(intervals, index=ids)
    offered = [ledger[ledger.hypothesis_id == hypothesis] for hypothesis in ids]
    frame["shown"] = [shown(voices) for voices in offered]
    frame["better_shown"] = [better_shown(voices) for voices in offered]
    frame["rank"] = rank(frame.shown.where(frame.role == "motive"))
    return frame.rename_axis("hypothesis_id").reset_index()


def interval(voices_for: float, voices_against: float, prior: float, probability: float) -> tuple[float, float]:
    """Give the interval of a share: equal tails of Beta(prior + for, prior + against); Jeffreys' at a prior of .5.

    It reaches 0 where no voice is for, and 1 where none is against, so that it always holds the share itself
    (Brown, Cai & DasGupta 2001, Interval estimation for a binomial proportion). Without any voice there is none (NaN).
    """
    if voices_for + voices_against == 0:
        return math.nan, math.nan
    tail = (1 - probability) / 2
    low, high = betaincinv(prior + voices_for, prior + voices_against, [tail, 1 - tail])
    return (float(low) if voices_for else 0.0), (float(high) if voices_against else 1.0)


def shown(ledger: pd.DataFrame) -> float:
    """Sum best for minus best against over voices; exactly rounded, so that the order of rows has no part in it."""
    return math.fsum([*ledger.best_for, *-ledger.best_against])


def better_shown(ledger: pd.DataFrame) -> float:
    """Give the part of what is shown that comes from kinds better than reasoning, by each voice's best statement."""
    better_for = ledger.best_for[~ledger.kind_for.isin(OPINION_KINDS)]
    better_against = ledger.best_against[~ledger.kind_against.isin(OPINION_KINDS)]
    return math.fsum([*better_for, *-better_against])


def rank(shown_: pd.Series) -> pd.Series:
    """Rank from the largest; equals share the better rank; what is missing has none."""
    return shown_.round(9).rank(method="min", ascending=False)


def by_kind(evidence: pd.DataFrame, ledger: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Split what is shown by the kind of each voice's best statement, and count voices by kind (the evidence map).

    Returns:
        The table weigh/shown_by_kind: every hypothesis of the codebook x every kind, empty cells with zeros. Over
        kinds `shown_for` less `shown_against` sums to what is shown. `voices` take the hypothesis up in a statement of
        that kind.
    """
    cells = pd.MultiIndex.from_product([codebook.ids, STRENGTH_KINDS], names=["hypothesis_id", "kind"])
    taken = evidence[evidence.stance != "raises"]
    frame = pd.DataFrame(
        {
            "shown_for": ledger.groupby(["hypothesis_id", "kind_for"])["best_for"].agg(math.fsum).reindex(cells),
            "shown_against": ledger.groupby(["hypothesis_id", "kind_against"])["best_against"]
            .agg(math.fsum)
            .reindex(cells),
            "voices": taken.groupby(["hypothesis_id", "kind"])["voice_id"].nunique().reindex(cells),
        }
    )
    return SHOWN_BY_KIND.frame(frame.fillna(0).reset_index())


def _voices(ledger: pd.DataFrame, ids: list[str]) -> pd.DataFrame:
    """Count voices by hypothesis; one that both supports and opposes counts half on each side."""
    share = 1.0 - 0.5 * (ledger.supports & ledger.opposes)
    sides = pd.DataFrame(
        {
            "hypothesis_id": ledger.hypothesis_id,
            "voices_for": share * ledger.supports,
            "voices_against": share * ledger.opposes,
            "voices": 1,
        }
    )
    return sides.groupby("hypothesis_id").sum().reindex(ids, fill_value=0)
