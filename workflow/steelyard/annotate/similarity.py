"""How alike the texts of a corpus are, in meaning and in their letters, and how far a label spreads from one to others.

Nothing here has seen a label. The constants were chosen by cross-validation on public corpora (`evaluate/`), none of
them a study's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse as sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from steelyard.annotate import embedding, lexicon
from steelyard.annotate.embedding import Vectors
from steelyard.annotate.matching import fold

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

_LETTERS = 0.5  # weight of words and letters beside meaning
_MARKERS = 0.05  # weight of the lexicon's markers
_NEIGHBOURS = 8
_DAMPING = 0.9
_STEPS = 50  # .9 to the 50th is below .006: what is left to spread no longer matters
_BLOCK = 1024  # rows compared at a time, so that memory grows with the corpus and not with its square


@dataclass(frozen=True)
class Similarity:
    """Texts as vectors; the product of two texts' vectors says how alike they are.

    Args:
        meaning: texts x dimensions of the embedding, centred and of unit length; no columns without an embedding.
        words: tf-idf of words and pairs of words, unit length.
        letters: tf-idf of runs of 3 to 6 characters, unit length.
        markers: 1 where a text holds a marker of its language's lexicon, texts x markers.
    """

    meaning: Floats
    words: sparse.csr_array
    letters: sparse.csr_array
    markers: Floats

    def between(self, rows: Integers, columns: Integers) -> Floats:
        """Give a positive semi-definite likeness, rows x columns: meaning, words, letters and markers together."""
        written = product(self.words, rows, columns) + product(self.letters, rows, columns)
        marked = self.markers[rows] @ self.markers[columns].T
        return self.meaning[rows] @ self.meaning[columns].T + _LETTERS * written + _MARKERS * marked

    def influence(self, sources: Integers, *, by_meaning: bool) -> Floats:
        """Give how far each source's label spreads to every text, texts x sources (Zhou et al. 2004).

        Labels spread along a graph of nearest neighbours: F = sum over t of (a S)^t Y, S the graph's weights
        divided by the roots of its degrees. So texts that nobody has read tell which read ones belong together.

        Args:
            sources: the texts that have labels.
            by_meaning: neighbours by meaning, words and letters; else by letters alone.
        """
        graph = self._graph(by_meaning=by_meaning)
        start = np.zeros((graph.shape[0], len(sources)))
        start[sources, np.arange(len(sources))] = 1
        spread = start
        for _ in range(_STEPS):
            spread = _DAMPING * (graph @ spread) + start
        return spread

    def _graph(self, *, by_meaning: bool) -> sparse.csr_array:
        everything = np.arange(self.letters.shape[0])
        blocks = [everything[first : first + _BLOCK] for first in range(0, len(everything), _BLOCK)]
        near = sparse.csr_array(sparse.vstack([self._nearest(rows, everything, by_meaning) for rows in blocks]))
        near = near.maximum(near.T)
        degrees = np.asarray(near.sum(axis=1)).ravel()
        scale = sparse.diags_array(1 / np.sqrt(np.where(degrees > 0, degrees, 1)))
        return sparse.csr_array(scale @ near @ scale)

    def _nearest(self, rows: Integers, columns: Integers, by_meaning: bool) -> sparse.csr_array:
        alike: Floats = product(self.letters, rows, columns)
        if by_meaning:
            alike = alike + self.meaning[rows] @ self.meaning[columns].T + product(self.words, rows, columns)
        alike[np.arange(len(rows)), rows] = 0
        # Equal likenesses stay together, so that the order of the texts decides nothing.
        alike = np.maximum(alike, 0).round(9)
        kth = max(len(columns) - _NEIGHBOURS, 0)
        least = np.partition(alike, kth, axis=1)[:, kth : kth + 1]
        return sparse.csr_array(np.where(alike >= least, alike, 0))


def similarity(texts: Sequence[str], languages: Sequence[str], vectors: Vectors) -> Similarity:
    """Make texts comparable.

    Args:
        texts: of one corpus (what all have in common tells nothing apart, and is taken out).
        languages: of each text; markers are looked up where there is a lexicon.
        vectors: of the texts; if there are none, meaning is left out.
    """
    meaning: Floats = np.zeros((len(texts), 0))
    if vectors:
        meaning = np.asarray(embedding.look_up(vectors, texts), dtype=np.float64)
    return Similarity(
        unit(meaning - meaning.mean(axis=0)),
        _tf_idf(texts, ngram_range=(1, 2), token_pattern=r"(?u)\w+"),
        _tf_idf(texts, analyzer="char", ngram_range=(3, 6)),
        np.array([_markers(text, language) for text, language in zip(texts, languages, strict=True)], dtype=float),
    )


def unit(vectors: Floats) -> Floats:
    """Give rows unit length; a row of zeros stays one."""
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / np.where(length > 0, length, 1.0)


def _tf_idf(texts: Sequence[str], **how: object) -> sparse.csr_array:
    try:
        return sparse.csr_array(TfidfVectorizer(sublinear_tf=True, **how).fit_transform(texts))
    except ValueError:  # not one word among them
        return sparse.csr_array((len(texts), 1))


def product(vectors: sparse.csr_array, rows: Integers, columns: Integers) -> Floats:
    """Give the products of some vectors with others, rows x columns."""
    return np.asarray((vectors[rows] @ vectors[columns].T).todense(), dtype=float)


def _markers(text: str, language: str) -> list[bool]:
    names = sorted(name for name, field in lexicon.Lexicon.model_fields.items() if field.annotation is lexicon.Marker)
    if language.split("-")[0] not in lexicon.languages():
        return [False] * len(names)
    marks = lexicon.compiled(language).marks(fold(text))
    return [name in marks for name in names]
