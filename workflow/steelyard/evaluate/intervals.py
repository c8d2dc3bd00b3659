"""Bootstrap intervals of the coders' figures: whole topics or comments are drawn, with replacement and a fixed seed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

INTERVAL = 0.9
_DRAWS = 500
_SEED = 20240601


def of_mean(values: Floats) -> tuple[float, float, float]:
    """Give the mean of some values, one a unit, and its interval over drawn units."""
    weights = _weights(len(values))
    return float(values.mean()), *_bounds(weights @ values / len(values))


def of_counts(counts: Floats, measure: Callable[[Floats], Floats]) -> tuple[float, float, float]:
    """Give a measure of summed counts and its interval over drawn units.

    Args:
        counts: units x ….
        measure: from draws x … to draws.
    """
    drawn = measure(np.tensordot(_weights(len(counts)), counts, axes=1))
    return float(measure(counts.sum(axis=0)[None])[0]), *_bounds(drawn)


def macro_f1(tables: Floats) -> Floats:
    """Give the mean F1 of the classes that occur: F1 = 2 hits / (given + true); … x true x given -> …."""
    hits = np.diagonal(tables, axis1=-2, axis2=-1)
    true, given = tables.sum(axis=-1), tables.sum(axis=-2)
    f1 = np.divide(2 * hits, true + given, out=np.zeros_like(hits), where=true + given > 0)
    occurs = true > 0
    mean: Floats = (f1 * occurs).sum(axis=-1) / np.maximum(occurs.sum(axis=-1), 1)
    return mean


def confusions(units: npt.NDArray[np.int64], true: npt.NDArray, given: npt.NDArray, classes: int) -> Floats:
    """Count pairs of true and given class by unit: units x true x given; a class of -1 is given to none."""
    counts = np.zeros((units.max() + 1, classes, classes + 1))
    np.add.at(counts, (units, true, given), 1)  # -1 is the last column
    square = np.zeros((len(counts), classes + 1, classes + 1))
    square[:, :classes] = counts
    return square


def _weights(units: int) -> Floats:
    shares = np.full(units, 1 / units)
    return np.random.default_rng(_SEED).multinomial(units, shares, size=_DRAWS).astype(float)


def _bounds(drawn: Floats) -> tuple[float, float]:
    low, high = np.quantile(drawn, [(1 - INTERVAL) / 2, (1 + INTERVAL) / 2])
    return float(low), float(high)
