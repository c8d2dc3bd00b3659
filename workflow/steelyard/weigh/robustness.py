"""How sure the ranking is: it is made again under each doubt, and under all random ones (docs/method.md, 5)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from steelyard.codebook import Codebook
from steelyard.study import Method, Strength
from steelyard.tables import ROBUSTNESS
from steelyard.vocabulary import DOUBTS, RANDOM_DOUBTS, READERS
from steelyard.weigh.coding_error import ErrorRates, miscoded, mistaken_kinds
from steelyard.weigh.independent import in_order, printed_in, ranked, taken_up
from steelyard.weigh.items import Floats, Integers, Items, above_zero, as_arrays, blocks, ranking

_STREAMS = {"voices": 0, "strengths": 1, "coding": 2, "all": 7}  # of random numbers: a new doubt changes no other
_LEFT_OUT = {"document": "document", "voice": "voice_id", "kind": "kind", "coder": "coder"}  # by column


def robustness(
    *,
    hypotheses: pd.DataFrame,
    evidence: pd.DataFrame,
    quality: pd.DataFrame,
    prints: pd.DataFrame,
    documents: pd.DataFrame,
    multiverse: pd.DataFrame,
    codebook: Codebook,
    method: Method,
) -> pd.DataFrame:
    """Rank the motives again and again under each doubt.

    Args:
        hypotheses: the table weigh/hypotheses; where it has no ranks there is nothing to doubt.
        evidence: the table aggregate/evidence.
        quality: the table annotate/quality, for the measured error of coders.
        prints: the table aggregate/prints.
        documents: all documents; their digests give the order of random draws.
        multiverse: the table weigh/multiverse; its universes of coders that read count, programs' do not.
        codebook: gives the order of hypotheses.
        method: strengths and the settings of the draws.

    Returns:
        The table weigh/robustness: for each motive and doubt the range of its rank and the share of draws, left-out
        variants or universes in which it is first (ties share it; where nothing is shown for any, none is first). A
        doubt that cannot be put has no rows: coding where no error was measured, leaving one out where nothing would be
        left, subject where the codebook gives no words for it, or all or none of the evidence names it.
    """
    motives = ranked(hypotheses, codebook)
    rows = taken_up(evidence, prints)
    rows = in_order(rows[rows.hypothesis_id.isin(motives)], documents, codebook.ids)
    if rows.empty:
        return ROBUSTNESS.empty()
    items = Items.of(rows, motives)
    rates = ErrorRates.of(quality, items.coders, method.robustness.error_prior)
    rows = rows.assign(document=_own_document(rows, prints, documents))
    variants = {doubt: _variants(doubt, rows, items, rates, method) for doubt in (*RANDOM_DOUBTS, *_LEFT_OUT, "all")}
    variants["subject"] = _naming_subject(rows, items, prints, codebook)
    variants["multiverse"] = _universes(multiverse, motives)
    interval = method.robustness.interval
    return ROBUSTNESS.frame([row for doubt in DOUBTS for row in _rows(doubt, motives, variants[doubt], interval)])


def moves_most(robustness: pd.DataFrame, rank: pd.Series) -> dict[str, str]:
    """Name, for each hypothesis, the single doubt under which its rank ranges most, its plain rank included.

    Of equals the one under which its share of first places is nearest one half, then the first in the vocabulary.
    A hypothesis whose rank no doubt moves is left out.

    Args:
        robustness: the table weigh/robustness.
        rank: the plain rank of each hypothesis, by id.
    """
    single = robustness[~robustness.doubt.isin(["all", "multiverse"])]
    plain = single.hypothesis_id.map(rank).astype(float)
    single = single.assign(
        width=np.maximum(single.rank_high, plain) - np.minimum(single.rank_low, plain),
        unsure=np.minimum(single.p_first, 1 - single.p_first),
        order=single.doubt.map(DOUBTS.index).astype(int),
    )
    single = single[single.width > 0].sort_values(["width", "unsure", "order"], ascending=[False, False, True])
    return dict(single.drop_duplicates("hypothesis_id").set_index("hypothesis_id").doubt.sort_index())


def _rows(doubt: str, motives: list[str], shown: Floats, interval: float) -> Iterator[dict]:
    """Give range of rank and share of first places from variants x hypotheses; nothing of no variants."""
    if not len(shown):
        return
    ranks = ranking(shown)
    p_first = first_places(shown)
    tail = (1 - interval) / 2 if doubt in (*RANDOM_DOUBTS, "all") else 0.0
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


def first_places(shown: Floats) -> Floats:
    """Give each hypothesis' share of first places; equals share one, and where nothing is above 0 nobody has it.

    Args:
        shown: draws x hypotheses.
    """
    first = (ranking(shown) == 1) & above_zero(shown)
    share: Floats = (first / np.maximum(first.sum(axis=1, keepdims=True), 1)).mean(axis=0)
    return share


def _variants(doubt: str, rows: pd.DataFrame, items: Items, rates: ErrorRates, method: Method) -> Floats:
    if doubt in _LEFT_OUT:
        return left_out(items, pd.factorize(rows[_LEFT_OUT[doubt]])[0])
    asked = RANDOM_DOUBTS if doubt == "all" else [doubt]
    parts = [part for part in asked if part != "coding" or rates.measured.any()]
    return _draws(doubt, parts, items, rates, method) if parts else np.empty((0, items.hypotheses))


def _own_document(rows: pd.DataFrame, prints: pd.DataFrame, documents: pd.DataFrame) -> pd.Series:
    """Give the document without which a statement would be gone; none where it is printed in another too."""
    printed = printed_in(rows, prints, documents.set_index("document_id")["sha256"])
    return printed.map(lambda digests: next(iter(digests)) if len(digests) == 1 else None)


def _naming_subject(rows: pd.DataFrame, items: Items, prints: pd.DataFrame, codebook: Codebook) -> Floats:
    """Give what is shown by statements that name the subject alone, 1 x motives."""
    if not codebook.subject:
        return np.empty((0, items.hypotheses))
    silent = ~rows["echo_id"].isin(prints["echo_id"][prints["names_subject"]]).to_numpy()
    return left_out(items, silent.astype(np.intp))[1:]  # first without what names it, then without what does not


def _universes(multiverse: pd.DataFrame, motives: list[str]) -> Floats:
    """Give what is shown in the universes of coders that read, universes x motives."""
    counted = multiverse[multiverse["origin"].isin(READERS)]
    shown = counted.pivot(index=["coder", "strengths"], columns="hypothesis_id", values="shown")
    return shown.reindex(columns=motives).to_numpy(dtype=float)


def _draws(doubt: str, parts: list[str], items: Items, rates: ErrorRates, method: Method) -> Floats:
    """Draw what is shown, draws x hypotheses, block by block; each part of a doubt has a random stream of its own."""
    settings = method.robustness
    streams = {
        part: np.random.default_rng([settings.seed, _STREAMS[doubt], RANDOM_DOUBTS.index(part)]) for part in parts
    }
    return np.concatenate([_block(draws, streams, items, rates, method) for draws in blocks(settings.draws, items)])


def _block(
    draws: int, streams: dict[str, np.random.Generator], items: Items, rates: ErrorRates, method: Method
) -> Floats:
    weight = np.ones((1, items.voice.max() + 1))
    base, hedge = as_arrays([method.strength])
    kind, sign = items.kind[None, :], items.sign[None, :]
    if "voices" in streams:
        weight = streams["voices"].exponential(size=(draws, weight.shape[1]))
    if "strengths" in streams:
        base, hedge = random_strengths(streams["strengths"], draws, method.strength)
    if "coding" in streams:
        sign = miscoded(streams["coding"], draws, items, rates, method.robustness.turned_stances)
        kind = mistaken_kinds(streams["coding"], draws, items, rates)
    return items.shown(items.strengths(base, hedge, kind), sign, weight)


def random_strengths(generator: np.random.Generator, draws: int, strength: Strength) -> tuple[Floats, Floats]:
    """Draw strengths that keep the order of kinds, draws x kinds, and the factor of a hedge, draws x 1.

    As many numbers are drawn uniformly from [0, 1] as there are different strengths above 0, sorted, and given to the
    kinds in their order; kinds of equal strength stay equal and what has none keeps none. The hedge's factor is uniform
    in [0, 1] too (in a study where a hedge takes nothing away it stays 1).
    """
    base = as_arrays([strength])[0][0]
    values, place = np.unique(base[base > 0], return_inverse=True)
    uniform = generator.random((draws, len(values) + 1))
    drawn = np.zeros((draws, len(base)))
    drawn[:, base > 0] = np.sort(uniform[:, :-1], axis=1)[:, place]
    return drawn, uniform[:, -1:] if strength.hedged < 1 else np.ones((draws, 1))


def left_out(items: Items, group: Integers) -> Floats:
    """Give what is shown with one group of items left out at a time.

    Within a voice the best statement of the other groups steps in, so only that loss has to be worked out.

    Args:
        items: all items.
        group: number of each item's group (document, voice, kind or coder); -1 for what is in none and always stays.

    Returns:
        groups x hypotheses; no row where one group holds everything, since nothing would be left.
    """
    groups = int(group.max()) + 1
    if (group == group[0]).all():
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
        lost = side * (items.strength[best] - others)
        may_go = group[best] >= 0
        np.add.at(loss, (group[best][may_go], items.hypothesis[best][may_go]), lost[may_go])
    return everything - loss
