"""Labels of texts, learned from few labelled ones: ridge regression, and labels that spread from text to text.

The log-odds of a class are a weighted sum of its ridge regression (one target a class, classes balanced), of the
logarithms of its share in what spreads to the text, by meaning and by letters, and of the logarithm of its share among
the labels. The weights are those of a logistic regression pooled over the public topics that `evaluate/` measures on,
rounded: so the probabilities are about calibrated there. All of it is linear algebra in closed form: no draws, and no
iterations that may not end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from steelyard.annotate.similarity import Floats, Integers, Similarity

FEWEST_OF_A_CLASS = 5  # a class with fewer examples is never predicted
_PENALTY = 1.0
_LEAST_SHARE = 0.001


class Weights(NamedTuple):
    """What each part adds to the log-odds of a class."""

    ridge: float
    by_meaning: float
    by_letters: float
    share: float


# What is said of one question gathers in points of one stance, so that labels spread; kinds of evidence don't.
STANCE = Weights(2.5, 1.75, 1.75, 0.25)
TRAIT = Weights(5.5, 0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Ties:
    """How texts are tied to those that have a label.

    Args:
        among: likeness of the labelled texts, labelled x labelled.
        alike: likeness, texts x labelled.
        by_meaning: how far each label spreads by meaning, texts x labelled.
        by_letters: how far it spreads by letters, texts x labelled.
    """

    among: Floats
    alike: Floats
    by_meaning: Floats
    by_letters: Floats

    def of(self, texts: Integers, labelled: Integers) -> Ties:
        """Give the ties of some of the texts to some of the labelled ones; one may be asked for twice."""
        chosen = np.ix_(texts, labelled)
        among = self.among[np.ix_(labelled, labelled)]
        return Ties(among, self.alike[chosen], self.by_meaning[chosen], self.by_letters[chosen])

    def weighed(self, among: Floats, to: Floats) -> Ties:
        """Give ties made weaker: by a weight for labelled x labelled, and one for texts x labelled."""
        return Ties(self.among * among, self.alike * to, self.by_meaning * to, self.by_letters * to)


def ties(similarity: Similarity, labelled: Integers, *, spread: bool = True) -> Ties:
    """Tie all texts to those that have a label; without `spread` for what needs the ridge regression only."""
    everything = np.arange(len(similarity.markers))
    alike = similarity.between(everything, labelled)
    if not spread:
        nothing: Floats = np.broadcast_to(0.0, alike.shape)
        return Ties(alike[labelled], alike, nothing, nothing)
    by = [similarity.influence(labelled, by_meaning=by_meaning) for by_meaning in (True, False)]
    return Ties(alike[labelled], alike, *by)


def probabilities(ties: Ties, labels: Integers, classes: int, weights: Weights) -> Floats:
    """Give the probability of each class, texts x classes; each row sums to 1.

    A class with fewer than `FEWEST_OF_A_CLASS` labels has probability 0, and its texts teach nothing.

    Args:
        ties: of the texts to the labelled ones.
        labels: class of each labelled text, from 0.
        classes: how many there are.
        weights: of the parts.
    """
    count = np.bincount(labels, minlength=classes)
    common = np.flatnonzero(count >= FEWEST_OF_A_CLASS)
    found = np.zeros((len(ties.alike), classes))
    if len(common) < 2:
        found[:, common] = 1.0
        return found
    kept = np.flatnonzero(np.isin(labels, common))
    ties = ties.of(np.arange(len(ties.alike)), kept)
    member = (labels[kept][:, None] == common).astype(float)
    log_odds = weights.ridge * _ridge(ties, member)
    for weight, spread in ((weights.by_meaning, ties.by_meaning), (weights.by_letters, ties.by_letters)):
        if not weight:
            continue
        share = spread @ (member / member.sum(axis=0))
        total = share.sum(axis=1, keepdims=True)
        share = np.divide(share, total, out=np.full_like(share, 1 / len(common)), where=total > 0)
        log_odds += weight * np.log(np.maximum(share, _LEAST_SHARE))
    log_odds += weights.share * np.log(member.mean(axis=0))
    odds = np.exp(log_odds - log_odds.max(axis=1, keepdims=True))
    found[:, common] = odds / odds.sum(axis=1, keepdims=True)
    return found


def _ridge(ties: Ties, member: Floats) -> Floats:
    """Regress membership of each class on the likeness; each class weighs the same, however many texts it has."""
    classes = member.shape[1]
    weight = len(member) / classes / (member @ member.sum(axis=0))
    penalised = ties.among + 1 + np.diag(_PENALTY / weight)  # the 1 is a constant of its own
    fitted: Floats = (ties.alike + 1) @ np.linalg.solve(penalised, member - 1 / classes)
    return fitted
