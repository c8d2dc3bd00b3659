"""Coders err: their measured error as draws, and what it leaves of the balance (docs/method.md, 5)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from steelyard.codebook import Codebook
from steelyard.study import Method
from steelyard.tables import CODING_ERROR
from steelyard.vocabulary import ORIGINS
from steelyard.weigh.independent import in_order, taken_up
from steelyard.weigh.items import Floats, Items, blocks

_STREAM = 1000  # beyond those of the doubts, so that a longer list of doubts draws the same here


def balances(
    *,
    hypotheses: pd.DataFrame,
    evidence: pd.DataFrame,
    quality: pd.DataFrame,
    statements: pd.DataFrame,
    documents: pd.DataFrame,
    codebook: Codebook,
    method: Method,
) -> pd.DataFrame:
    """Give the interval of each hypothesis' balance with coding error in it.

    In each draw codes are made wrong at measured rates (`miscoded`), voices are counted, and the balance is drawn from
    Beta(prior + for, prior + against); the interval has equal tails of the draws. As without coding error it reaches 0
    where no voice was coded for, and 1 where none was coded against.

    Args:
        hypotheses: the table weigh/hypotheses; in a map, which has no balance, there is nothing to doubt.
        evidence: the table aggregate/evidence.
        quality: the table annotate/quality.
        statements: all statements.
        documents: all documents; their digests give the order of random draws.
        codebook: gives the order of hypotheses.
        method: prior and interval of the balance, and the settings of the draws.

    Returns:
        The table weigh/coding_error; the hypotheses that a voice takes up. No rows where no error was measured.
    """
    named = evidence[evidence["hypothesis_id"].isin(codebook.ids)]  # a motive that it does not name has no balance
    rows = in_order(taken_up(named, statements), documents, codebook.ids)
    items = Items.of(rows, codebook.ids)
    rates = ErrorRates.of(quality, items.coders, method.robustness.error_prior)
    if hypotheses["balance"].isna().all() or not rates.measured.any():
        return CODING_ERROR.empty()
    streams = [np.random.default_rng([method.robustness.seed, _STREAM, part]) for part in range(2)]
    prior = method.balance.prior
    drawn = np.concatenate(
        [
            streams[1].beta(*(prior + count for count in items.voices(miscoded(streams[0], draws, items, rates))))
            for draws in blocks(method.robustness.draws, items)
        ]
    )
    tail = (1 - method.balance.interval) / 2
    low, high = np.quantile(drawn, [tail, 1 - tail], axis=0)
    coded_for, coded_against = (count[0] for count in items.voices(items.sign[None, :]))
    frame = pd.DataFrame(
        {
            "hypothesis_id": codebook.ids,
            "balance_low": np.where(coded_for > 0, low, 0.0),
            "balance_high": np.where(coded_against > 0, high, 1.0),
        }
    )
    return CODING_ERROR.frame(frame[coded_for + coded_against > 0])


@dataclass(frozen=True)
class ErrorRates:
    """Counts behind each coder's measured error; a coder without counts is taken at its word.

    Args:
        presence: coders x 2: wrong and right codes of a hypothesis, each with the prior added.
        stance: the same for the stance of codes.
        measured: coders x 2: whether presence and stance were measured.
    """

    presence: Floats
    stance: Floats
    measured: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, quality: pd.DataFrame, coders: list[str], prior: float) -> ErrorRates:
        """Count each coder's wrong and right codes, pooled over hypotheses and stances, and add the prior to both.

        Where a second reader was compared with a first, what the second did not find again counts as the first's
        errors: a lower bound, since both may be wrong in one way.
        """
        counts = _counts(quality)
        pooled = [
            counts[counts["axis"] == axis].groupby("coder")[["wrong", "right"]].sum().reindex(coders)
            for axis in ("hypothesis", "stance")
        ]
        presence, stance = (table.fillna(0).to_numpy(dtype=float) + prior for table in pooled)
        return cls(presence, stance, np.column_stack([table["wrong"].notna() for table in pooled]))

    def draw(self, generator: np.random.Generator, draws: int, axis: int) -> Floats:
        """Draw error rates of coders, draws x coders, from Beta(prior + wrong, prior + right); 0 where not measured."""
        counts = (self.presence, self.stance)[axis]
        return generator.beta(counts[:, 0], counts[:, 1], size=(draws, len(counts))) * self.measured[:, axis]


def _counts(quality: pd.DataFrame) -> pd.DataFrame:
    """Give wrong and right codes by coder and axis, of the rows that pool over labels.

    People's reading is the better measure where there is one. Where a second reading was compared with a first, what it
    did not find again counts as the first one's errors; where a third coder settled the two, what only one of them
    found counts as that one's.
    """
    best = quality["reference_origin"].map(ORIGINS.index).groupby(quality["coder"]).transform("min")
    own = quality[quality["reference_origin"].map(ORIGINS.index) == best]
    own = own[(own["label"] == "all") & own["precision"].notna()]
    right = own["given"] * own["precision"]
    settles = own["reading"] != own["coder"]
    missed = (own["expected"] - right).where(settles & (own["axis"] == "hypothesis"), 0.0)
    own = own.assign(right=right, wrong=own["given"] - right + missed)
    again = own[(own["origin"] == own["reference_origin"]) & ~settles & (own["recall"] > 0)]
    first = again.assign(coder=again["reference"], wrong=again["expected"] - again["right"])
    return pd.concat([own, first])[["coder", "axis", "wrong", "right"]]


def miscoded(generator: np.random.Generator, draws: int, items: Items, rates: ErrorRates) -> npt.NDArray:
    """Draw signs of items, draws x items, with each coder's measured error in them.

    In each draw a coder has one rate of wrong codes and one of wrong stances. A wrong code is taken away (0). A wrong
    stance turns to the other side, or to a mere mention (0), with equal chance.
    """
    presence, stance = (rates.draw(generator, draws, axis)[:, items.coder] for axis in (0, 1))
    uniform = generator.random((2, draws, len(items.sign)))
    sign = np.where(uniform[1] < stance, np.where(uniform[1] < stance / 2, -items.sign, 0), items.sign)
    return np.where(uniform[0] < presence, 0, sign)
