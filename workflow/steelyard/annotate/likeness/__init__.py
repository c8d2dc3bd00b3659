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
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pydantic
from sklearn.feature_extraction.text import TfidfVectorizer
from threadpoolctl import threadpool_limits

from steelyard.annotate import embedding
from steelyard.yaml_file import Model, YamlFile

Array = npt.NDArray[np.float32]
Features = Mapping[str, npt.NDArray]

DAMPED = 0.3
CLAIM_COUNTS = 5.0  # as so many texts
MOST_LENT = 30.0  # texts' weight that a hypothesis is lent at most
SURE = 0.5  # confidence from which a text lends
ABOUT = 0.7  # nearness to the question from which a text is about it
OFF = 0.4  # nearness below which a text is less likely to bear on anything
MOST_OFF = 1.0  # log-odds that being off the question takes away at most: by itself it settles nothing
NEAREST_EXEMPLAR = 0.8  # how much likeness to one exemplar counts beside likeness to the whole hypothesis
_PRIOR_OF_STATEMENTS = 10.0  # texts' weight of the claims' mean in the statements' mean
_PRIOR_OF_CLAIMS = 1.0  # claims' weight of the origin in the claims' mean
_LEARNED_FROM = 20_000  # texts at most, so that memory has a bound
_BLOCK = 4_000_000  # cells of texts x hypotheses that are computed at once, at most
_ROWS = 8_192  # texts that are computed at once, at most


@dataclass(frozen=True)
class Wording:
    """A hypothesis in words.

    Args:
        claim: what it says.
        exemplars: what somebody who speaks about it would say; may be none.
    """

    claim: str
    exemplars: tuple[str, ...] = ()


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
        return rows.astype(np.float32).reshape(-1, embedding.DIMENSIONS)


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
) -> Iterator[npt.NDArray[np.float64]]:
    """Give how likely each text is to bear on each hypothesis.

    A text's confidences don't depend on how often it or another stands in the corpus, nor on the order.

    Args:
        texts: n statements.
        wordings: m hypotheses, at least one.
        question: what the hypotheses answer.
        vectors: of texts, claims, exemplars and question; None where there is no model.
        learned: what was learned on other topics; `constants()` where none is given.

    Yields:
        Blocks of rows, n x m in all, in the texts' order; each a probability, rounded to 4 digits so that a
        processor's last digits don't count.

    Raises:
        KeyError: a text was not embedded.
    """
    learned = learned or constants()
    rows = _rows(wordings)
    distinct = sorted(set(texts), key=embedding.digest)
    with threadpool_limits(1, user_api="blas"):
        if vectors is None:
            letters = Letters(distinct[:_LEARNED_FROM], wordings)
        else:
            space = Space(distinct, wordings, question, vectors, learned.damped)
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


class Letters:
    """Letters that texts and hypotheses have in common, weighed by how rare they are.

    Args:
        texts: what tells how rare they are.
        wordings: the hypotheses; what a text has in common with the claim, and with the exemplar that is nearest, adds
            up.
    """

    def __init__(self, texts: Sequence[str], wordings: Sequence[Wording]) -> None:
        """Count the letters."""
        claims = [wording.claim for wording in wordings]
        # Two characters are a word in Chinese.
        self._vectorizer = TfidfVectorizer(
            analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, dtype=np.float32
        ).fit([*texts, *claims])
        self._claims = self._vectorizer.transform(claims).T
        counts = np.array([len(wording.exemplars) for wording in wordings])
        self._has_exemplars = counts > 0
        self._starts = np.concatenate([[0], np.cumsum(counts[self._has_exemplars])[:-1]])
        exemplars = [text for wording in wordings for text in wording.exemplars]
        self._exemplars = self._vectorizer.transform(exemplars).T if exemplars else None

    def features(self, texts: Sequence[str]) -> Features:
        """Give the features of n texts for m hypotheses."""
        found = self._vectorizer.transform(texts)
        letters = (found @ self._claims).toarray()
        if self._exemplars is not None:
            common = (found @ self._exemplars).toarray()
            letters[:, self._has_exemplars] += np.maximum.reduceat(common, self._starts, axis=1)
        return {"letters": letters, "exemplars": self._has_exemplars[None, :]}


class Space:
    """Statements and hypotheses of one question, as vectors without what all of them share.

    Args:
        texts: distinct texts, in an order that says nothing about them; those about the question are learned from.
        wordings: the hypotheses.
        question: what they answer.
        vectors: of all these.
        damped: directions that count less, k x `embedding.DIMENSIONS`.
    """

    def __init__(
        self,
        texts: Sequence[str],
        wordings: Sequence[Wording],
        question: str,
        vectors: embedding.Vectors,
        damped: Array,
    ) -> None:
        """Find what all texts share, and place the hypotheses."""
        self._vectors = vectors
        self._rows = _rows(wordings)
        self._damped = damped
        self._question = embedding.look_up(vectors, [question])[0]
        claims = embedding.look_up(vectors, [wording.claim for wording in wordings])
        self._about = unit(unit(claims.mean(axis=0)) + self._question)
        cosines = np.concatenate([[0], *(self._cosines(texts[i : i + _ROWS]) for i in range(0, len(texts), _ROWS))])[1:]
        self._usual = _usual(cosines)
        about = np.flatnonzero(cosines / self._usual >= ABOUT)[:_LEARNED_FROM]
        self._learned_from = [texts[place] for place in about]
        self._letters = Letters(self._learned_from, wordings)

        exemplars = [self._without_question(embedding.look_up(vectors, wording.exemplars)) for wording in wordings]
        claims = self._without_question(claims)
        statements = np.vstack([self._without_question(embedding.look_up(vectors, self._learned_from)), *exemplars])
        centre_of_claims = claims.sum(axis=0) / (len(claims) + _PRIOR_OF_CLAIMS)
        self._centre = (statements.sum(axis=0) + _PRIOR_OF_STATEMENTS * centre_of_claims) / (
            len(statements) + _PRIOR_OF_STATEMENTS
        )
        self.claims = self._damp(claims - centre_of_claims)
        placed = [self._damp(rows - self._centre) for rows in exemplars]
        self._hypotheses = CLAIM_COUNTS * self.claims + np.array([rows.sum(axis=0) for rows in placed])
        self._exemplars = [(place, rows) for place, rows in enumerate(placed) if len(rows)]
        self._lent: dict[str, tuple[int, float]] = {}

    def place(self, texts: Sequence[str]) -> Array:
        """Give the unit vectors of texts in this space."""
        return self._damp(self._without_question(embedding.look_up(self._vectors, texts)) - self._centre)

    def features(self, texts: Sequence[str]) -> Features:
        """Give the features of n texts for m hypotheses."""
        off = np.maximum(0, OFF - self._cosines(texts) / self._usual)
        return {"likeness": self._likeness(texts), "off_question": off[:, None], **self._letters.features(texts)}

    def lend(self, weights: Weights) -> None:
        """Let the texts that were learned from lend their vectors to the hypotheses that they surely match.

        Args:
            weights: of the first confidence.
        """
        found: dict[str, tuple[int, float]] = {}
        sums = np.zeros_like(self._hypotheses)
        for start in range(0, len(self._learned_from), self._rows):
            texts = self._learned_from[start : start + self._rows]
            confidence = logistic(score(self.features(texts), weights)).astype(np.float32)
            best, rows = confidence.argmax(axis=1), np.arange(len(texts))
            lent = np.where(confidence[rows, best] >= SURE, confidence[rows, best], 0)
            np.add.at(sums, best, lent[:, None] * self.place(texts))
            found |= {text: (int(to), float(w)) for text, to, w in zip(texts, best, lent, strict=True) if w}
        total = np.zeros(len(sums))
        for to, weight in found.values():
            total[to] += weight
        scale = np.minimum(1, MOST_LENT / np.maximum(total, 1e-9)).astype(np.float32)
        self._hypotheses = self._hypotheses + scale[:, None] * sums
        self._lent = {text: (to, weight * float(scale[to])) for text, (to, weight) in found.items()}

    def _likeness(self, texts: Sequence[str]) -> Array:
        placed = self.place(texts)
        likeness: Array = placed @ unit(self._hypotheses).T
        lenders = [(row, *self._lent[text]) for row, text in enumerate(texts) if text in self._lent]
        if lenders:
            rows, to, weights = (np.array(column) for column in zip(*lenders, strict=True))
            others = self._hypotheses[to] - weights[:, None].astype(np.float32) * placed[rows]
            likeness[rows, to] = (placed[rows] * unit(others)).sum(axis=1)
        for to_one, exemplars in self._exemplars:
            nearest = NEAREST_EXEMPLAR * (placed @ exemplars.T).max(axis=1)
            likeness[:, to_one] = np.maximum(likeness[:, to_one], nearest)
        return likeness

    def _cosines(self, texts: Sequence[str]) -> Array:
        """Nearness to question and claims, by the untouched vectors."""
        return np.asarray(embedding.look_up(self._vectors, texts) @ self._about)

    def _without_question(self, rows: npt.NDArray) -> Array:
        return unit(rows - np.outer(rows @ self._question, self._question))

    def _damp(self, rows: npt.NDArray) -> Array:
        rows = unit(rows)
        return unit(rows - (1 - DAMPED) * (rows @ self._damped.T) @ self._damped)


def _rows(wordings: Sequence[Wording]) -> int:
    """How many texts are computed at once."""
    return max(1, min(_ROWS, _BLOCK // sum(1 + len(wording.exemplars) for wording in wordings)))


def _usual(cosines: npt.NDArray) -> float:
    """Give the cosine that is usual for the texts that are nearest to question and claims.

    Texts of some registers are farther from any claim than those of others, so that no cosine says by itself what is
    about the question. The mean is weighed by the cosine's fourth power, so that other texts hardly count.
    """
    near = np.maximum(cosines.astype(np.float64), 0)
    return max(float((near**5).sum() / max(float((near**4).sum()), 1e-9)), 1e-9)


def unit(rows: npt.NDArray) -> Array:
    """Scale vectors to length 1; one of length 0 stays as it is."""
    length = np.linalg.norm(rows, axis=-1, keepdims=True)
    return np.asarray(rows / np.maximum(length, 1e-9), dtype=np.float32)
