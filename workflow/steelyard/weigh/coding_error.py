"""Coders err: their measured error as draws, and what it leaves of the balance (docs/method.md, 5)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from steelyard.codebook import Codebook
from steelyard.study import Method
from steelyard.tables import CODING_ERROR
from steelyard.vocabulary import ORIGINS, STRENGTH_KINDS
from steelyard.weigh.independent import in_order, taken_up
from steelyard.weigh.items import Floats, Items

_WEAKEST, _BEST = (STRENGTH_KINDS.index(kind) for kind in ("assertion", "statistic"))  # that a coder may give a claim
_LEAST_KEPT = 0.05  # where errors leave next to nothing of a share's distance from one half, no more is undone
_STREAM = 1000  # beyond those of the doubts, so that a longer list of doubts draws the same here


def balances(
    *,
    hypotheses: pd.DataFrame,
    evidence: pd.DataFrame,
    quality: pd.DataFrame,
    prints: pd.DataFrame,
    documents: pd.DataFrame,
    codebook: Codebook,
    method: Method,
) -> pd.DataFrame:
    """Give the interval of each hypothesis' balance with coding error in it.

    Wrong codes and wrong stances draw the share of voices that support a hypothesis towards what all codes have in
    common, and towards one half. Each draw takes a share from Beta(prior + for, prior + against), as if codes were
    right, and undoes that at drawn rates of error (`undone`). The interval has equal tails of the draws, and holds the
    plain interval too: that a coder errs makes nobody surer.

    Args:
        hypotheses: the table weigh/hypotheses; in a map, which has no balance, there is nothing to doubt.
        evidence: the table aggregate/evidence.
        quality: the table annotate/quality.
        prints: the table aggregate/prints.
        documents: all documents; their digests give the order of random draws.
        codebook: gives the order of hypotheses.
        method: prior and interval of the balance, and the settings of the draws.

    Returns:
        The table weigh/coding_error; the hypotheses that a voice takes up. No rows where no error was measured.
    """
    named = evidence[evidence["hypothesis_id"].isin(codebook.ids)]  # a motive that it does not name has no balance
    rows = in_order(taken_up(named, prints), documents, codebook.ids)
    items = Items.of(rows, codebook.ids)
    rates = ErrorRates.of(quality, items.coders, method.robustness.error_prior)
    if hypotheses["balance"].isna().all() or not rates.measured[:, :2].any():
        return CODING_ERROR.empty()
    (coded_for,), (coded_against,) = items.voices(items.sign[None, :])
    draws, prior = method.robustness.draws, method.balance.prior
    generator = np.random.default_rng([method.robustness.seed, _STREAM])
    parts = _coders_part(items)
    wrong, mistaken = (rates.draw(generator, draws, axis) @ parts for axis in (0, 1))
    seen = generator.beta(prior + coded_for, prior + coded_against, size=(draws, items.hypotheses))
    common = coded_for.sum() / (coded_for + coded_against).sum()
    drawn = undone(seen, wrong, mistaken, common, method.robustness.turned_stances)
    tail = (1 - method.balance.interval) / 2
    low, high = np.quantile(drawn, [tail, 1 - tail], axis=0)
    frame = hypotheses.set_index("hypothesis_id").loc[codebook.ids, ["balance_low", "balance_high"]].reset_index()
    frame["balance_low"] = np.minimum(frame["balance_low"], low)
    frame["balance_high"] = np.maximum(frame["balance_high"], high)
    return CODING_ERROR.frame(frame[coded_for + coded_against > 0])


def undone(seen: Floats, wrong: Floats, mistaken: Floats, common: float, turned: float) -> Floats:
    """Give the share of support that would be seen without errors of coding; after Rogan & Gladen (1978).

    Of what is seen the part `wrong` are no codes of the hypothesis at all, and support it as often as codes do in
    common. Of the right codes `mistaken` have a wrong stance: `turned` of these stand for the other side, the others
    are seen no more. That draws their share towards one half, to (1 - s - t s) / (1 - s + t s) of its distance, with
    s mistaken and t turned.

    Rates of codes are taken for rates of voices. A voice that says a thing often is wrong about it less often than
    its codes are, so that too much is undone rather than too little.

    Args:
        seen: share of support as coded, in [0, 1].
        wrong: part of the codes that are wrong, in [0, 1).
        mistaken: part of the right codes with a wrong stance, in [0, 1).
        common: share of support over all hypotheses.
        turned: part of the wrong stances that turned to the other side.
    """
    right = (seen - wrong * common) / (1 - wrong)
    drawn_in = (1 - mistaken * (1 + turned)) / (1 - mistaken * (1 - turned))
    return np.asarray(np.clip(0.5 + (right - 0.5) / np.maximum(drawn_in, _LEAST_KEPT), 0.0, 1.0))


def _coders_part(items: Items) -> Floats:
    """Give each coder's part of a hypothesis' items, coders x hypotheses; columns sum to 1, or to 0 without items."""
    counted = np.zeros((len(items.coders), items.hypotheses))
    np.add.at(counted, (items.coder, items.hypothesis), 1)
    parts: Floats = counted / np.maximum(counted.sum(axis=0), 1)
    return parts


@dataclass(frozen=True)
class ErrorRates:
    """Counts behind each coder's measured error; a coder without counts is taken at its word.

    Args:
        presence: coders x 2: wrong and right codes of a hypothesis, each with the prior added.
        stance: the same for the stance of codes.
        kind: the same for the kind of evidence of statements.
        measured: coders x 3: whether presence, stance and kind were measured.
    """

    presence: Floats
    stance: Floats
    kind: Floats
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
            for axis in ("hypothesis", "stance", "kind")
        ]
        presence, stance, kind = (table.fillna(0).to_numpy(dtype=float) + prior for table in pooled)
        return cls(presence, stance, kind, np.column_stack([table["wrong"].notna() for table in pooled]))

    def draw(self, generator: np.random.Generator, draws: int, axis: int) -> Floats:
        """Draw error rates of coders, draws x coders, from Beta(prior + wrong, prior + right); 0 where not measured.

        Args:
            generator: of random numbers.
            draws: how many.
            axis: 0 presence, 1 stance, 2 kind.
        """
        counts = (self.presence, self.stance, self.kind)[axis]
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


def miscoded(generator: np.random.Generator, draws: int, items: Items, rates: ErrorRates, turned: float) -> npt.NDArray:
    """Draw signs of items, draws x items, with each coder's measured error in them.

    In each draw a coder has one rate of wrong codes and one of wrong stances. A wrong code is taken away (0). A wrong
    stance turns to the other side, or, in the other cases, is a mere mention (0).

    Args:
        generator: of random numbers.
        draws: how many.
        items: the evidence.
        rates: each coder's counts.
        turned: part of the wrong stances that turn to the other side, in [0, 1].
    """
    presence, stance = (rates.draw(generator, draws, axis)[:, items.coder] for axis in (0, 1))
    uniform = generator.random((2, draws, len(items.sign)))
    # In bytes, as it is the size of these arrays that takes time: 1 where the stance stays, 0 or -1 where it does not.
    kept = 1 - (uniform[1] < stance).view(np.int8) - (uniform[1] < stance * turned).view(np.int8)
    return np.where(uniform[0] < presence, 0, items.sign.astype(np.int8) * kept)


def mistaken_kinds(generator: np.random.Generator, draws: int, items: Items, rates: ErrorRates) -> npt.NDArray:
    """Draw kinds of items, draws x items, with each coder's measured error in them.

    A wrong kind is the next above or below in the vocabulary, with equal chance: kinds are mistaken for their
    neighbours. What a checked source documents stays so, whoever coded it.
    """
    rate = rates.draw(generator, draws, 2)[:, items.coder]
    uniform = generator.random((draws, len(items.kind)))
    mistaken, downwards = (uniform < rate).view(np.int8), (uniform < rate / 2).view(np.int8)
    # An item at an end of the scale can only be mistaken inwards.
    on_scale = (items.kind >= _WEAKEST) & (items.kind <= _BEST)
    step = np.where(items.kind == _BEST, -1, 1) * on_scale
    turn = -2 * ((items.kind > _WEAKEST) & (items.kind < _BEST))
    return items.kind.astype(np.int8) + mistaken * step.astype(np.int8) + downwards * turn.astype(np.int8)
