"""How sure the ranking is: it is made again under each doubt, and under all random ones (docs/method.md, 5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from steelyard.codebook import Codebook
from steelyard.study import Method, Strength
from steelyard.tables import ROBUSTNESS
from steelyard.vocabulary import DOUBTS, ORIGINS, STRENGTH_KINDS
from steelyard.weigh.independent import in_order, taken_up

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.intp]

_RANDOM = ("voices", "strengths", "coding")
_LEFT_OUT = {"document": "document_id", "voice": "voice_id", "kind": "kind", "coder": "coder"}
_CELLS_AT_ONCE = 2_000_000  # draws x items held in memory at a time
_DIGITS = 9  # rounds away what the order of additions leaves


def robustness(
    *,
    hypotheses: pd.DataFrame,
    evidence: pd.DataFrame,
    quality: pd.DataFrame,
    statements: pd.DataFrame,
    documents: pd.DataFrame,
    codebook: Codebook,
    method: Method,
) -> pd.DataFrame:
    """Rank the motives again and again under each doubt.

    Args:
        hypotheses: the table weigh/hypotheses; where it has no ranks there is nothing to doubt.
        evidence: the table aggregate/evidence.
        quality: the table annotate/quality, for the measured error of coders.
        statements: all statements.
        documents: all documents; their digests give the order of random draws.
        codebook: gives the order of hypotheses.
        method: strengths and the settings of the draws.

    Returns:
        The table weigh/robustness: for each motive and doubt the range of its rank and the share of draws, or of
        left-out variants, in which it is first (ties share it, so that the motives' shares sum to 1). A doubt that
        cannot be put has no rows: coding where no error was measured, leaving one out where nothing would be left.
    """
    ranked = set(hypotheses.hypothesis_id[hypotheses["rank"].notna()])
    motives = [hypothesis for hypothesis in codebook.ids if hypothesis in ranked]
    rows = taken_up(evidence, statements)
    rows = in_order(rows[rows.hypothesis_id.isin(motives)], documents, codebook.ids)
    if rows.empty:
        return ROBUSTNESS.empty()
    items = Items.of(rows, motives)
    rates = ErrorRates.of(quality, items.coders, method.robustness.error_prior)
    return ROBUSTNESS.frame(
        [
            row
            for doubt in DOUBTS
            for row in _rows(doubt, motives, _variants(doubt, rows, items, rates, method), method.robustness.interval)
        ]
    )


def moves_most(robustness: pd.DataFrame) -> dict[str, str]:
    """Name, for each hypothesis, the single doubt under which its rank ranges most.

    Of equals the one under which its share of first places is nearest one half, then the first in the vocabulary.
    A hypothesis whose rank no doubt moves is left out.
    """
    single = robustness[robustness.doubt != "all"]
    single = single.assign(
        width=single.rank_high - single.rank_low,
        unsure=np.minimum(single.p_first, 1 - single.p_first),
        order=single.doubt.map(DOUBTS.index).astype(int),
    )
    single = single[single.width > 0].sort_values(["width", "unsure", "order"], ascending=[False, False, True])
    return dict(single.drop_duplicates("hypothesis_id").set_index("hypothesis_id").doubt.sort_index())


@dataclass(frozen=True)
class Items:
    """Evidence as arrays: one element an item (an original statement, hypothesis and stance), in the order of draws.

    Args:
        voice: number of each item's voice; voices are numbered as they first appear.
        hypothesis: number of its hypothesis.
        sign: +1 where it supports, -1 where it opposes.
        strength: its strength, in [0, 1].
        kind: number of its kind in the vocabulary.
        hedged: whether it is hedged.
        coder: number of its coder in `coders`.
        coders: names of the coders as they first appear.
        hypotheses: how many hypotheses there are.
    """

    voice: Integers
    hypothesis: Integers
    sign: Integers
    strength: Floats
    kind: Integers
    hedged: npt.NDArray[np.bool_]
    coder: Integers
    coders: list[str]
    hypotheses: int

    @classmethod
    def of(cls, rows: pd.DataFrame, hypotheses: list[str]) -> Items:
        """Make arrays of sorted rows of `independent.in_order`."""
        coder, coders = pd.factorize(rows["coder"])
        return cls(
            voice=pd.factorize(rows["voice_id"])[0],
            hypothesis=rows["hypothesis_id"].map(hypotheses.index).to_numpy(dtype=np.intp),
            sign=np.where(rows["stance"] == "supports", 1, -1),
            strength=rows["strength"].to_numpy(dtype=float),
            kind=rows["kind"].map(STRENGTH_KINDS.index).to_numpy(dtype=np.intp),
            hedged=rows["hedged"].to_numpy(dtype=bool),
            coder=coder,
            coders=[str(name) for name in coders],
            hypotheses=len(hypotheses),
        )

    def shown(self, strength: Floats, sign: npt.NDArray, weight: Floats) -> Floats:
        """Give what is shown in each draw: best for minus best against, summed over weighted voices.

        Args:
            strength: draws x items.
            sign: draws x items: 1 supports, -1 opposes, 0 is no code.
            weight: draws x voices. Each of the three may have one row for all draws.

        Returns:
            draws x hypotheses.
        """
        cell = self.voice * self.hypotheses + self.hypothesis
        order = np.argsort(cell, kind="stable")
        begins = np.flatnonzero(np.diff(cell[order], prepend=-1))
        best = [
            np.maximum.reduceat(np.where(sign[:, order] == side, strength[:, order], 0.0), begins, axis=1)
            for side in (1, -1)
        ]
        first = order[begins]
        net = (best[0] - best[1]) * weight[:, self.voice[first]]
        return net @ np.eye(self.hypotheses)[self.hypothesis[first]]


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


def _rows(doubt: str, motives: list[str], shown: Floats, interval: float) -> Iterator[dict]:
    """Give range of rank and share of first places from variants x hypotheses; nothing of no variants."""
    if not len(shown):
        return
    ranks = ranking(shown)
    first = ranks == 1
    p_first = (first / first.sum(axis=1, keepdims=True)).mean(axis=0)
    tail = (1 - interval) / 2 if doubt in (*_RANDOM, "all") else 0.0
    low = np.quantile(ranks, tail, axis=0, method="lower")
    high = np.quantile(ranks, 1 - tail, axis=0, method="higher")
    for column, motive in enumerate(motives):
        yield {
            "hypothesis_id": motive,
            "doubt": doubt,
            "rank_low": low[column],
            "rank_high": high[column],
            "p_first": min(float(p_first[column]), 1.0),
        }


def ranking(shown: Floats) -> npt.NDArray:
    """Rank the hypotheses of each row, from the largest; equals share the better rank.

    Args:
        shown: draws x hypotheses.
    """
    rounded = shown.round(_DIGITS)
    return np.stack([(rounded > column[:, None]).sum(axis=1) + 1 for column in rounded.T], axis=1)


def _variants(doubt: str, rows: pd.DataFrame, items: Items, rates: ErrorRates, method: Method) -> Floats:
    if doubt in _LEFT_OUT:
        return left_out(items, pd.factorize(rows[_LEFT_OUT[doubt]])[0])
    asked = _RANDOM if doubt == "all" else [doubt]
    parts = [part for part in asked if part != "coding" or rates.measured.any()]
    return _draws(doubt, parts, items, rates, method) if parts else np.empty((0, items.hypotheses))


def _draws(doubt: str, parts: list[str], items: Items, rates: ErrorRates, method: Method) -> Floats:
    """Draw what is shown, draws x hypotheses, block by block; each part of a doubt has a random stream of its own."""
    settings = method.robustness
    streams = {part: np.random.default_rng([settings.seed, DOUBTS.index(doubt), _RANDOM.index(part)]) for part in parts}
    block = max(1, _CELLS_AT_ONCE // len(items.voice))
    return np.concatenate(
        [
            _block(min(block, settings.draws - begin), streams, items, rates, method.strength)
            for begin in range(0, settings.draws, block)
        ]
    )


def _block(
    draws: int, streams: dict[str, np.random.Generator], items: Items, rates: ErrorRates, strength: Strength
) -> Floats:
    weight = np.ones((1, items.voice.max() + 1))
    drawn, sign = items.strength[None, :], items.sign[None, :]
    if "voices" in streams:
        weight = streams["voices"].exponential(size=(draws, weight.shape[1]))
    if "strengths" in streams:
        drawn = random_strengths(streams["strengths"], draws, items, strength)
    if "coding" in streams:
        sign = miscoded(streams["coding"], draws, items, rates)
    return items.shown(drawn, sign, weight)


def random_strengths(generator: np.random.Generator, draws: int, items: Items, strength: Strength) -> Floats:
    """Draw strengths, draws x items, that keep the order of kinds.

    As many numbers are drawn uniformly from [0, 1] as there are different strengths above 0, sorted, and given to the
    kinds in their order; kinds of equal strength stay equal and what has none keeps none. The hedge's factor is uniform
    in [0, 1] too (in a study where a hedge takes nothing away it stays 1).
    """
    base = np.array([getattr(strength, kind) for kind in STRENGTH_KINDS])
    values, place = np.unique(base[base > 0], return_inverse=True)
    uniform = generator.random((draws, len(values) + 1))
    drawn = np.zeros((draws, len(base)))
    drawn[:, base > 0] = np.sort(uniform[:, :-1], axis=1)[:, place]
    factor = uniform[:, -1:] if strength.hedged < 1 else np.ones((draws, 1))
    return drawn[:, items.kind] * np.where(items.hedged, factor, 1.0)


def miscoded(generator: np.random.Generator, draws: int, items: Items, rates: ErrorRates) -> npt.NDArray:
    """Draw signs of items, draws x items, with each coder's measured error in them.

    In each draw a coder has one rate of wrong codes and one of wrong stances. A wrong code is taken away (0). A wrong
    stance turns to the other side, or to a mere mention (0), with equal chance.
    """
    presence, stance = (rates.draw(generator, draws, axis)[:, items.coder] for axis in (0, 1))
    uniform = generator.random((2, draws, len(items.sign)))
    sign = np.where(uniform[1] < stance, np.where(uniform[1] < stance / 2, -items.sign, 0), items.sign)
    return np.where(uniform[0] < presence, 0, sign)


def left_out(items: Items, group: Integers) -> Floats:
    """Give what is shown with one group of items left out at a time.

    Within a voice the best statement of the other groups steps in, so only that loss has to be worked out.

    Args:
        items: all items.
        group: number of each item's group (document, voice, kind or coder).

    Returns:
        groups x hypotheses; no row where there is one group only, since nothing would be left.
    """
    groups = int(group.max()) + 1
    if groups < 2:
        return np.empty((0, items.hypotheses))
    everything = items.shown(items.strength[None, :], items.sign[None, :], np.ones((1, items.voice.max() + 1)))
    loss = np.zeros((groups, items.hypotheses))
    cell = items.voice * items.hypotheses + items.hypothesis
    for side in (1, -1):
        chosen = np.flatnonzero(items.sign == side)
        order = chosen[np.lexsort((-items.strength[chosen], cell[chosen]))]
        if not len(order):
            continue
        begins = np.flatnonzero(np.diff(cell[order], prepend=-1))
        best = order[begins]
        best_group = np.repeat(group[best], np.diff(begins, append=len(order)))
        others = np.maximum.reduceat(np.where(group[order] == best_group, 0.0, items.strength[order]), begins)
        np.add.at(loss, (group[best], items.hypothesis[best]), side * (items.strength[best] - others))
    return everything - loss
