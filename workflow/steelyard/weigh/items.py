"""Evidence as arrays, for drawing what is shown again and again (docs/method.md, 5)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from steelyard.study import Strength
from steelyard.vocabulary import STRENGTH_KINDS

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.intp]

_CELLS_AT_ONCE = 2_000_000  # draws x items held in memory at a time
_DIGITS = 9  # rounds away what the order of additions leaves


def blocks(draws: int, items: Items) -> Iterator[int]:
    """Give how many draws to make at a time, so that memory stays bounded however many items there are."""
    most = max(1, _CELLS_AT_ONCE // len(items.voice))
    for begin in range(0, draws, most):
        yield min(most, draws - begin)


def as_arrays(strengths: Sequence[Strength]) -> tuple[Floats, Floats]:
    """Give sets of strengths as arrays: of each kind, sets x kinds of the vocabulary; a hedge's factor, sets x 1."""
    base = np.array([[getattr(strength, kind) for kind in STRENGTH_KINDS] for strength in strengths])
    return base, np.array([[strength.hedged] for strength in strengths])


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

    def strengths(self, base: Floats, hedge: Floats, kind: npt.NDArray) -> Floats:
        """Give the strength of each item in each draw.

        Args:
            base: strength of each kind, draws x kinds.
            hedge: a hedge's factor, draws x 1.
            kind: number of each item's kind, draws x items. Each of the three may have one row for all draws.

        Returns:
            draws x items; one row where all three have one.
        """
        draws = max(len(base), len(kind))
        of_draw = np.broadcast_to(base, (draws, base.shape[1]))
        of_kind = np.take_along_axis(of_draw, np.broadcast_to(kind, (draws, kind.shape[1])), axis=1)
        strength: Floats = of_kind * np.where(self.hedged, hedge, 1.0)
        return strength

    def shown(self, strength: Floats, sign: npt.NDArray, weight: Floats) -> Floats:
        """Give what is shown in each draw: best for minus best against, summed over weighted voices.

        Args:
            strength: draws x items.
            sign: draws x items: 1 supports, -1 opposes, 0 is no code.
            weight: draws x voices. Each of the three may have one row for all draws.

        Returns:
            draws x hypotheses.
        """
        best, first = self._best(strength, sign)
        net = (best[0] - best[1]) * weight[:, self.voice[first]]
        return net @ self._column(first)

    def voices(self, sign: npt.NDArray) -> tuple[Floats, Floats]:
        """Count the voices for and against in each draw; one on both sides counts half on each.

        Args:
            sign: draws x items: 1 supports, -1 opposes, 0 is no code.

        Returns:
            Two of draws x hypotheses.
        """
        (for_, against), first = self._best(np.ones((1, len(self.voice))), sign)
        both = for_ * against
        return (for_ - both / 2) @ self._column(first), (against - both / 2) @ self._column(first)

    def _best(self, value: Floats, sign: npt.NDArray) -> tuple[list[Floats], Integers]:
        """Give each voice's largest value for and against a hypothesis, draws x cells, and the first item of a cell."""
        cell = self.voice * self.hypotheses + self.hypothesis
        order = np.argsort(cell, kind="stable")
        begins = np.flatnonzero(np.diff(cell[order], prepend=-1))
        signed = (sign * value).take(order, axis=1)
        largest, least = (extreme.reduceat(signed, begins, axis=1) for extreme in (np.maximum, np.minimum))
        return [np.maximum(largest, 0.0), np.maximum(-least, 0.0)], order[begins]

    def _column(self, item: Integers) -> Floats:
        """Give 1 in the column of each item's hypothesis, items x hypotheses."""
        return np.eye(self.hypotheses)[self.hypothesis[item]]


def ranking(shown: Floats) -> npt.NDArray:
    """Rank the hypotheses of each row, from the largest; equals share the better rank.

    Args:
        shown: draws x hypotheses.
    """
    rounded = shown.round(_DIGITS)
    return np.stack([(rounded > column[:, None]).sum(axis=1) + 1 for column in rounded.T], axis=1)


def above_zero(shown: Floats) -> npt.NDArray[np.bool_]:
    """Say where something is shown: above 0, but for what the order of additions leaves."""
    return shown.round(_DIGITS) > 0
