"""Letters that texts and hypotheses have in common."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse as sparse
from sklearn.feature_extraction.text import TfidfTransformer

Features = Mapping[str, npt.NDArray]

_SHORTEST, _LONGEST = 2, 5  # characters of a run; two are a word in Chinese


@dataclass(frozen=True)
class Wording:
    """A hypothesis in words.

    Args:
        claim: what it says.
        exemplars: what somebody who speaks about it would say; may be none.
    """

    claim: str
    exemplars: tuple[str, ...] = ()


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
        known = [*texts, *claims]
        words = {word for text in known for word in _words(text)}
        self._runs = {run: place for place, run in enumerate(sorted({run for word in words for run in _runs(word)}))}
        self._weigh = TfidfTransformer(sublinear_tf=True).fit(self._counts(known))
        self._claims = self._weighed(claims).T
        counts = np.array([len(wording.exemplars) for wording in wordings])
        self._has_exemplars = counts > 0
        self._starts = np.concatenate([[0], np.cumsum(counts[self._has_exemplars])[:-1]])
        exemplars = [text for wording in wordings for text in wording.exemplars]
        self._exemplars = self._weighed(exemplars).T if exemplars else None

    def features(self, texts: Sequence[str]) -> Features:
        """Give the features of n texts for m hypotheses."""
        found = self._weighed(texts)
        letters = (found @ self._claims).toarray()
        if self._exemplars is not None:
            common = (found @ self._exemplars).toarray()
            letters[:, self._has_exemplars] += np.maximum.reduceat(common, self._starts, axis=1)
        return {"letters": letters, "exemplars": self._has_exemplars[None, :]}

    def _weighed(self, texts: Sequence[str]) -> sparse.csr_array:
        """Give the tf-idf of runs of characters, texts x runs, of unit length."""
        return sparse.csr_array(self._weigh.transform(self._counts(texts)))

    def _counts(self, texts: Sequence[str]) -> sparse.csr_array:
        """Count runs, texts x runs: each word is taken apart once, however many texts hold it."""
        places: dict[str, int] = {}
        in_texts = _rows([[places.setdefault(word, len(places)) for word in _words(text)] for text in texts])
        in_texts.resize(len(texts), len(places))
        in_words = _rows([self._runs[run] for run in _runs(word) if run in self._runs] for word in places)
        in_words.resize(len(places), len(self._runs))
        counts = sparse.csr_array(in_texts @ in_words)
        counts.sort_indices()
        return counts


def _words(text: str) -> list[str]:
    return text.lower().split()


def _runs(word: str) -> Iterator[str]:
    """Give the runs of characters of a word, the spaces around it included."""
    spaced = f" {word} "
    for length in range(_SHORTEST, min(_LONGEST, len(spaced)) + 1):
        for start in range(len(spaced) - length + 1):
            yield spaced[start : start + length]


def _rows(places: Iterable[Sequence[int]]) -> sparse.csr_array:
    """Give a matrix that holds 1 at the places of each row, and the sum where a place comes again."""
    columns: list[int] = []
    ends = [0]
    for row in places:
        columns += row
        ends.append(len(columns))
    shape = len(ends) - 1, max(columns, default=-1) + 1
    return sparse.csr_array((np.ones(len(columns), np.float32), columns, ends), shape=shape)
