"""How far each coder agrees with the recorded reading.

Two readings by one kind of reader measure repeatability, not truth. Where a quotient is undefined (nothing found,
nothing to find, no variation) the table is empty there, never zero.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import krippendorff
import numpy as np
import pandas as pd

from steelyard import tables
from steelyard.annotate.adjudicate import accept
from steelyard.annotate.readings import Readings
from steelyard.study import Agreement
from steelyard.vocabulary import KINDS, STANCES


@dataclass(frozen=True)
class _Units:
    """What two coders said of the same units, as numbers of categories.

    Args:
        given: the measured coder's category of each unit.
        reference: the reference's category of each unit.
        utterance: number of the utterance that each unit belongs to.
        categories: how many categories there are; of two, 1 is the one to be found.
    """

    given: np.ndarray
    reference: np.ndarray
    utterance: np.ndarray
    categories: int = 2


def measure(
    readings: Readings,
    recorded: Sequence[str],
    least_confidence: Mapping[str, float],
    statements: pd.DataFrame,
    documents: pd.DataFrame,
    hypotheses: Sequence[str],
    sample: str,
    settings: Agreement,
) -> pd.DataFrame:
    """Compare every coder with the recorded coders' accepted reading, on the statements that both read.

    A recorded coder is compared with those recorded before it. Axes and their labels: `hypothesis` (each, and `all`:
    pooled over statements x hypotheses), `stance` (each, and `all`; where both coded a hypothesis), `kind` (each, and
    `all`), `hedged` and `gap` (`true`).

    Precision is the share of what the coder found that the reference has too, recall the share of what the reference
    has that the coder found; for `all` of stance and kind both are the share of equal categories. Alpha is
    Krippendorff's, nominal (Content Analysis, 3rd ed. 2013, ch. 12), with a percentile interval from seeded draws of
    whole utterances with replacement.

    Args:
        readings: of all coders.
        recorded: names of the recorded coders, in order of precedence; if there are none, the table is empty.
        least_confidence: least confidence of what is accepted, by coder.
        statements: per `tables.STATEMENTS`.
        documents: per `tables.DOCUMENTS`; their digests order the draws, so that ids don't matter.
        hypotheses: ids that may be coded, `other_motive` among them.
        sample: in words, how the statements of the recorded reading were drawn.
        settings: number and seed of the draws, and what share of them the interval holds.

    Returns:
        Rows per `tables.QUALITY`; `n` counts the units compared, `given` those of them that the coder gave the label
        (for `all`: any label).
    """
    utterances = _utterance_numbers(statements, documents)
    origins = readings.traits.groupby("coder")["origin"].first()
    rows = []
    for coder in readings.traits["coder"].unique():
        names = recorded[: recorded.index(coder)] if coder in recorded else recorded
        if not names:
            continue
        accepted = [accept([readings], chosen, least_confidence) for chosen in ([coder], names)]
        traits = [part[1].set_index("statement_id") for part in accepted]
        read = utterances[utterances.index.isin(traits[0].index) & utterances.index.isin(traits[1].index)]
        numbers = pd.factorize(read)[0]
        weights = _weights(int(numbers.max(initial=-1)) + 1, settings)
        compared = _units(
            [part[0] for part in accepted], [part.loc[read.index] for part in traits], numbers, hypotheses
        )
        about = {"coder": coder, "origin": origins[coder], "sample": sample, "reference": ", ".join(names)}
        rows += [
            about | {"axis": axis, "label": label} | _numbers(units, weights, settings.interval)
            for axis, label, units in compared
        ]
    return tables.QUALITY.frame(rows)


def _utterance_numbers(statements: pd.DataFrame, documents: pd.DataFrame) -> pd.Series:
    """Number the utterances by document digest and place: statement_id -> number, in the order of the text."""
    digests = documents.set_index("document_id")["sha256"]
    ordered = statements.assign(digest=statements["document_id"].map(digests)).sort_values(["digest", "start"])
    return pd.Series(pd.factorize(ordered["utterance_id"])[0], index=ordered["statement_id"])


def _units(
    codes: Sequence[pd.DataFrame], traits: Sequence[pd.DataFrame], utterances: np.ndarray, hypotheses: Sequence[str]
) -> Iterator[tuple[str, str, _Units]]:
    stances = [_stances(frame, traits[0].index, hypotheses) for frame in codes]
    coded = [part >= 0 for part in stances]
    repeated = np.repeat(utterances[:, None], len(hypotheses), axis=1)
    yield "hypothesis", "all", _Units(coded[0].ravel(), coded[1].ravel(), repeated.ravel())
    for column, hypothesis in enumerate(hypotheses):
        yield "hypothesis", hypothesis, _Units(coded[0][:, column], coded[1][:, column], utterances)
    both = coded[0] & coded[1]
    yield from _categories("stance", STANCES, _Units(stances[0][both], stances[1][both], repeated[both]))
    kinds = [frame["kind"].map(KINDS.index).to_numpy(dtype=int) for frame in traits]
    yield from _categories("kind", KINDS, _Units(kinds[0], kinds[1], utterances))
    for flag in ("hedged", "gap"):
        marked = [frame[flag].to_numpy(dtype=bool) for frame in traits]
        yield flag, "true", _Units(marked[0], marked[1], utterances)


def _stances(codes: pd.DataFrame, statements: pd.Index, hypotheses: Sequence[str]) -> np.ndarray:
    """Give number of the stance, statements x hypotheses; -1 where the hypothesis is not coded."""
    stances = np.full((len(statements), len(hypotheses)), -1)
    known = codes[codes["statement_id"].isin(statements) & codes["hypothesis_id"].isin(hypotheses)]
    rows = statements.get_indexer(pd.Index(known["statement_id"]))
    columns = pd.Index(hypotheses).get_indexer(pd.Index(known["hypothesis_id"]))
    stances[rows, columns] = known["stance"].map(STANCES.index)
    return stances


def _categories(axis: str, names: Sequence[str], units: _Units) -> Iterator[tuple[str, str, _Units]]:
    yield axis, "all", _Units(units.given, units.reference, units.utterance, len(names))
    for number, name in enumerate(names):
        yield axis, name, _Units(units.given == number, units.reference == number, units.utterance)


def _numbers(units: _Units, weights: np.ndarray, interval: float) -> dict[str, Any]:
    by_utterance = np.zeros((weights.shape[1], units.categories, units.categories))
    np.add.at(by_utterance, (units.utterance, units.given.astype(int), units.reference.astype(int)), 1)
    table = by_utterance.sum(axis=0)
    # Of two categories the second is the one to be found; of more all are.
    sought = slice(1, None) if units.categories == 2 else slice(None)
    found, given, reference = np.trace(table[sought, sought]), table[sought].sum(), table[:, sought].sum()
    alpha = _alpha(units)
    low, high = (None, None) if alpha is None else _interval(by_utterance, weights, interval)
    return {
        "n": len(units.given),
        "given": int(given),
        "precision": found / given if given else None,
        "recall": found / reference if reference else None,
        "alpha": alpha,
        "low": low,
        "high": high,
    }


def _alpha(units: _Units) -> float | None:
    """Give Krippendorff's nominal alpha of two coders; None where both name one category only."""
    both = np.vstack([units.given, units.reference]).astype(int)
    if len(np.unique(both)) < 2:
        return None
    return float(krippendorff.alpha(both, level_of_measurement="nominal", value_domain=range(units.categories)))


def _weights(utterances: int, settings: Agreement) -> np.ndarray:
    """Give how often each utterance comes in each draw: draws x utterances."""
    if utterances < 2:
        return np.zeros((0, utterances))
    shares = np.full(utterances, 1 / utterances)
    return np.random.default_rng(settings.seed).multinomial(utterances, shares, size=settings.draws).astype(float)


def _interval(by_utterance: np.ndarray, weights: np.ndarray, interval: float) -> tuple[float | None, float | None]:
    """Give the percentile interval of alpha over the draws in which it is defined."""
    alphas = nominal_alpha(np.tensordot(weights, by_utterance, axes=1))
    alphas = alphas[~np.isnan(alphas)]
    if not len(alphas):
        return None, None
    low, high = np.quantile(alphas, [(1 - interval) / 2, (1 + interval) / 2])
    return float(low), float(high)


def nominal_alpha(tables_of_two: np.ndarray) -> np.ndarray:
    """Give Krippendorff's nominal alpha of two coders without missing values, for many tables at once.

    alpha = 1 - (n - 1) (n - sum_c o_cc) / (n^2 - sum_c n_c^2), with coincidences o = T + T', their margins n_c and
    their sum n (Krippendorff, Content Analysis, 3rd ed. 2013, ch. 12).

    Args:
        tables_of_two: counts of units, … x categories of one coder x categories of the other.

    Returns:
        One alpha a table; NaN where only one category occurs.
    """
    coincidences = tables_of_two + np.swapaxes(tables_of_two, -1, -2)
    margins = coincidences.sum(axis=-1)
    n = margins.sum(axis=-1)
    unequal = n - np.trace(coincidences, axis1=-2, axis2=-1)
    expected = n**2 - (margins**2).sum(axis=-1)
    disagreement: np.ndarray = np.divide((n - 1) * unequal, expected, out=np.full(n.shape, np.nan), where=expected > 0)
    return 1 - disagreement
