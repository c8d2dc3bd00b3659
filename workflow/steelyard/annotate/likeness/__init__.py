"""How likely it is that a text bears on each of several hypotheses.

1. The question's direction is taken out of every vector, and then the mean of what is left, of claims and of
   statements each: what all share tells no hypothesis from another. 16 directions along which texts that make one
   point differ most (learned on the training topics) are damped to .3.
2. A hypothesis is its claim, which counts as 5 texts, together with its exemplars, which count as one each; or its
   nearest exemplar alone, where a text is so like it that .8 of that is more.
3. Likeness is the cosine of text and hypothesis. Joined to it are letters in common (tf-idf of 2 to 5 characters, with
   the claim and with the nearest exemplar), and how far the text is off the question. A logistic of the three gives a
   first confidence.
4. Each text lends its vector, by its confidence, to the hypothesis that it matches best if it is sure of it (.5), 30
   texts' weight at most; a text never lends to its own score. The likeness to the hypotheses as they are then, joined
   as before, is the confidence that counts.

The statements' mean, the IDF and what is lent come only from texts about the question: those that are not much
farther from question and claims, by the untouched vectors, than the nearest of the corpus are. So text about other
things changes little. Without vectors there are the letters alone, with a logistic of their own. Every constant was
chosen on training topics (`benchmarks/tune_semantic.py`).
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pydantic
from threadpoolctl import threadpool_limits

from steelyard.annotate import embedding
from steelyard.annotate.likeness.letters import Features, Letters, Wording
from steelyard.annotate.likeness.sample import Array, Sample, choose, direction, nearness, unit
from steelyard.yaml_file import Model, YamlFile

DAMPED = 0.3
CLAIM_COUNTS = 5.0  # as so many texts
MOST_LENT = 30.0  # texts' weight that a hypothesis is lent at most
SURE = 0.5  # confidence from which a text lends
OFF = 0.4  # nearness below which a text is less likely to bear on anything
MOST_OFF = 1.0  # log-odds that being off the question takes away at most: by itself it settles nothing
NEAREST_EXEMPLAR = 0.8  # how much likeness to one exemplar counts beside likeness to the whole hypothesis
_PRIOR_OF_STATEMENTS = 10.0  # texts' weight of the claims' mean in the statements' mean
_PRIOR_OF_CLAIMS = 1.0  # claims' weight of the origin in the claims' mean
_BLOCK = 4_000_000  # cells of texts x hypotheses that are computed at once, at most
_ROWS = 4_096  # texts that are computed at once, at most


class Weights(Model):
    """A logistic's weights."""

    likeness: float = pydantic.Field(0.0, description="Of the cosine of text and hypothesis.")
    letters: float = pydantic.Field(description="Of the cosine of their tf-idf of characters.")
    off_question: float = pydantic.Field(0.0, description="Of how far the text is off the question.")
    exemplars: float = pydantic.Field(description="Added where the hypothesis has exemplars.")
    constant: float


class Constants(Model):
    """What was learned on the training topics."""

    first: Weights
    second: Weights
    letters_alone: Weights
    directions: str = pydantic.Field(description="Orthonormal rows that are damped; half floats in base 64.")

    @property
    def damped(self) -> Array:
        """The directions, k x `embedding.DIMENSIONS`."""
        rows = np.frombuffer(base64.b64decode(self.directions), dtype="<f2")
        return rows.astype(float).reshape(-1, embedding.DIMENSIONS)


@cache
def constants() -> Constants:
    """Read what was learned, from the file beside this module."""
    return YamlFile(Path(__file__).parent / "constants.yaml").parse(Constants)


def confidences(
    texts: Sequence[str],
    wordings: Sequence[Wording],
    question: str,
    vectors: embedding.Vectors | None,
    learned: Constants | None = None,
    sample: Sample | None = None,
) -> Iterator[npt.NDArray[np.float64]]:
    """Give how likely each text is to bear on each hypothesis.

    A text's confidences don't depend on how often it or another stands in the corpus, nor on the order, nor on the part
    of the corpus that it stands in. Sums are of double precision, so that rounding hides the order they are made in.

    Args:
        texts: n statements.
        wordings: m hypotheses, at least one.
        question: what the hypotheses answer.
        vectors: of texts, claims, exemplars and question; None where there is no model.
        learned: what was learned on other topics; `constants()` where none is given.
        sample: what is learned from of the corpus that the texts are a part of; chosen from them where none is given.

    Yields:
        Blocks of rows, n x m in all, in the texts' order; each a probability, rounded to 4 digits so that last
        digits don't count.

    Raises:
        KeyError: a text was not embedded.
    """
    learned = learned or constants()
    rows = _rows(wordings)
    with threadpool_limits(1, user_api="blas"):
        sample = sample or choose(lambda: [(texts, vectors)], wordings, question, vectors)
        if vectors is None:
            letters = Letters(sample.texts, wordings)
        else:
            space = Space(sample, wordings, question, vectors, learned.damped)
            space.lend(learned.first)
        for start in range(0, len(texts), rows):
            block = texts[start : start + rows]
            if vectors is None:
                found = score(letters.features(block), learned.letters_alone)
            else:
                found = score(space.features(block), learned.second)
            yield np.round(logistic(found), 4)


def score(features: Features, weights: Weights) -> npt.NDArray[np.float64]:
    """Join features, n x m each or less where one is the same for all texts or hypotheses, to log-odds."""
    found: Any = weights.constant
    for name, values in features.items():
        added = getattr(weights, name) * values.astype(np.float64)
        found = found + (np.maximum(added, -MOST_OFF) if name == "off_question" else added)
    return np.asarray(found)


def logistic(log_odds: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Give the probabilities of log-odds."""
    odds: npt.NDArray[np.float64] = np.exp(np.clip(log_odds, -30, 30))
    return odds / (1 + odds)


class Space:
    """Statements and hypotheses of one question, as vectors without what all of them share.

    Args:
        sample: what is learned from.
        wordings: the hypotheses.
        question: what they answer.
        vectors: of all these, and of what is placed.
        damped: directions that count less, k x `embedding.DIMENSIONS`.
    """

    def __init__(
        self,
        sample: Sample,
        wordings: Sequence[Wording],
        question: str,
        vectors: embedding.Vectors,
        damped: Array,
    ) -> None:
        """Find what all texts share, and place the hypotheses."""
        self._vectors = vectors
        self._rows = _rows(wordings)
        self._damped = damped
        self._question = embedding.look_up(vectors, [question])[0].astype(float)
        self._about = direction(wordings, question, vectors)
        self._usual = sample.usual
        self._learned_from = sample.texts
        self._letters = Letters(sample.texts, wordings)

        claims = self._without_question([wording.claim for wording in wordings])
        exemplars = [self._without_question(wording.exemplars) for wording in wordings]
        centre_of_claims = claims.sum(axis=0) / (len(claims) + _PRIOR_OF_CLAIMS)
        statements = [self._without_question(texts).sum(axis=0) for texts in self._blocks()]
        statements += [rows.sum(axis=0) for rows in exemplars]
        self._centre = (sum(statements) + _PRIOR_OF_STATEMENTS * centre_of_claims) / (
            len(sample.texts) + sum(map(len, exemplars)) + _PRIOR_OF_STATEMENTS
        )
        self.claims = self._damp(claims - centre_of_claims)
        placed = [self._damp(rows - self._centre) for rows in exemplars]
        self._hypotheses = CLAIM_COUNTS * self.claims + np.array([rows.sum(axis=0) for rows in placed])
        self._exemplars = [(place, rows) for place, rows in enumerate(placed) if len(rows)]
        self._lent: dict[str, tuple[int, float]] = {}

    def place(self, texts: Sequence[str]) -> Array:
        """Give the unit vectors of texts in this space."""
        return self._damp(self._without_question(texts) - self._centre)

    def features(self, texts: Sequence[str]) -> Features:
        """Give the features of n texts for m hypotheses."""
        off = np.maximum(0, OFF - nearness(texts, self._vectors, self._about) / self._usual)
        return {"likeness": self._likeness(texts), "off_question": off[:, None], **self._letters.features(texts)}

    def lend(self, weights: Weights) -> None:
        """Let the texts that were learned from lend their vectors to the hypotheses that they surely match.

        Args:
            weights: of the first confidence.
        """
        found: dict[str, tuple[int, float]] = {}
        sums = np.zeros_like(self._hypotheses)
        for texts in self._blocks():
            confidence = logistic(score(self.features(texts), weights))
            best, rows = confidence.argmax(axis=1), np.arange(len(texts))
            lent = np.where(confidence[rows, best] >= SURE, confidence[rows, best], 0)
            np.add.at(sums, best, lent[:, None] * self.place(texts))
            found |= {text: (int(to), float(w)) for text, to, w in zip(texts, best, lent, strict=True) if w}
        total = np.zeros(len(sums))
        for to, weight in found.values():
            total[to] += weight
        scale = np.minimum(1, MOST_LENT / np.maximum(total, 1e-9))
        self._hypotheses = self._hypotheses + scale[:, None] * sums
        self._lent = {text: (to, weight * float(scale[to])) for text, (to, weight) in found.items()}

    def _blocks(self) -> Iterator[list[str]]:
        return (
            self._learned_from[start : start + self._rows] for start in range(0, len(self._learned_from), self._rows)
        )

    def _likeness(self, texts: Sequence[str]) -> Array:
        placed = self.place(texts)
        likeness: Array = placed @ unit(self._hypotheses).T
        lenders = [(row, *self._lent[text]) for row, text in enumerate(texts) if text in self._lent]
        if lenders:
            rows, to, weights = (np.array(column) for column in zip(*lenders, strict=True))
            others = self._hypotheses[to] - weights[:, None] * placed[rows]
            likeness[rows, to] = (placed[rows] * unit(others)).sum(axis=1)
        for to_one, exemplars in self._exemplars:
            nearest = NEAREST_EXEMPLAR * (placed @ exemplars.T).max(axis=1)
            likeness[:, to_one] = np.maximum(likeness[:, to_one], nearest)
        return likeness

    def _without_question(self, texts: Sequence[str]) -> Array:
        rows = embedding.look_up(self._vectors, texts).astype(float)
        return unit(rows - np.outer(rows @ self._question, self._question))

    def _damp(self, rows: npt.NDArray) -> Array:
        rows = unit(rows)
        return unit(rows - (1 - DAMPED) * (rows @ self._damped.T) @ self._damped)


def _rows(wordings: Sequence[Wording]) -> int:
    """How many texts are computed at once."""
    return max(1, min(_ROWS, _BLOCK // sum(1 + len(wording.exemplars) for wording in wordings)))
