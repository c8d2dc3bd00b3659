"""Which hypotheses a statement bears on, learned over all pairs of statement and hypothesis at once.

A study has a few codes of each hypothesis, too few to learn each by itself. So one logistic regression learns from
every pair how much it tells that a statement is like the hypothesis' definition, holds its cues, stands beside
statements that do, or is like what was coded with it.
"""

from __future__ import annotations

import numpy as np
from sklearn.linear_model import LogisticRegression

from steelyard.annotate.classifier import Ties
from steelyard.annotate.matching import fold, matcher_of
from steelyard.annotate.similarity import Floats, Integers, Similarity, product
from steelyard.codebook import Codebook, Hypothesis

_MOST_CUES = 3  # more distinct cues of one hypothesis in a statement tell no more
_PENALTY = 1.0


def definition(hypothesis: Hypothesis) -> list[str]:
    """Give the texts that say what a hypothesis is, its claim first."""
    return [hypothesis.claim, *hypothesis.count_also, *hypothesis.exemplars]


def likeness(similarity: Similarity, statements: int, owners: Integers) -> Floats:
    """Give how like each statement is to each hypothesis' definition, beside the other hypotheses.

    Args:
        similarity: of the statements and, after them, the definitions' texts.
        statements: how many they are.
        owners: number of the hypothesis that each definition's text belongs to, from 0, ascending.

    Returns:
        Statements x hypotheses x 4: likeness to the claim in meaning; to the nearest text of the definition in
        meaning, words and letters.
    """
    rows, columns = np.arange(statements), statements + np.arange(len(owners))
    first = np.flatnonzero(np.diff(owners, prepend=-1))
    meaning = similarity.meaning[rows] @ similarity.meaning[columns].T
    written = [product(vectors, rows, columns) for vectors in (similarity.words, similarity.letters)]
    nearest = [np.maximum.reduceat(part, first, axis=1) for part in (meaning, *written)]
    found: Floats = np.stack([meaning[:, first], *nearest], axis=2)
    beside: Floats = found - found.mean(axis=1, keepdims=True)
    return beside


def cues(texts: list[str], languages: list[str], codebook: Codebook) -> Floats:
    """Count the distinct cues of each hypothesis in each text, texts x hypotheses, up to 3."""
    found = np.zeros((len(texts), len(codebook.hypotheses)))
    folded = [fold(text) for text in texts]
    lists = {hypothesis.id: hypothesis.cues for hypothesis in codebook.hypotheses}
    columns = {name: column for column, name in enumerate(lists)}
    matchers = {language: matcher_of(lists, language) for language in sorted(set(languages))}
    for row, (text, language) in enumerate(zip(folded, languages, strict=True)):
        for name, spans in matchers[language].spans(text).items():
            distinct = {text[start:end].lower() for start, end in spans}
            found[row, columns[name]] = min(len(distinct), _MOST_CUES)
    return found


def around(features: Floats, utterances: Integers) -> Floats:
    """Sum what stands before and after each statement in its utterance.

    Args:
        features: statements x …, in the order of the text.
        utterances: number of each statement's utterance.
    """
    summed = np.zeros_like(features)
    together = np.flatnonzero(utterances[1:] == utterances[:-1])
    summed[together] += features[together + 1]
    summed[together + 1] += features[together]
    return summed


def probabilities(features: Floats, learned_from: Floats, ties: Ties, coded: Floats, groups: Integers) -> Floats:
    """Give the probability that each statement bears on each hypothesis, statements x hypotheses.

    What is alike to coded statements is a feature too: for a statement that is learned from, it is that of the
    statements outside its group, or it would tell its own code.

    Args:
        features: statements x hypotheses x features.
        learned_from: the same of the statements that are learned from.
        ties: of the statements to those learned from.
        coded: 1 where a hypothesis was coded, statements learned from x hypotheses.
        groups: of the statements learned from.
    """
    if not coded.any() or coded.all():
        return np.full(features.shape[:2], float(coded.any()))
    among_read, of_all = _like_coded(ties, coded, groups)
    known = np.concatenate([learned_from, among_read[:, :, None]], axis=2).reshape(coded.size, -1)
    wanted = np.concatenate([features, of_all[:, :, None]], axis=2).reshape(-1, known.shape[1])
    centre, spread = known.mean(axis=0), known.std(axis=0)
    spread[spread == 0] = 1
    model = LogisticRegression(C=_PENALTY, max_iter=500).fit((known - centre) / spread, coded.ravel())
    found: Floats = model.predict_proba((wanted - centre) / spread)[:, 1]
    return found.reshape(features.shape[:2])


def _like_coded(ties: Ties, coded: Floats, groups: Integers) -> tuple[Floats, Floats]:
    """Give the ridge regression of each hypothesis' codes: of those learned from without their group, and of all.

    Without a group g the residuals are those of g divided by the block of the inverse that belongs to g, so that
    nothing has to be fitted again (Hastie et al., Elements of Statistical Learning, 2nd ed. 2009, 7.10, for blocks).
    """
    inverse = np.linalg.inv(ties.among + 1 + np.eye(len(coded)))
    shares = coded.mean(axis=0)
    coefficients = inverse @ (coded - shares)
    without = np.empty_like(coded)
    for group in np.unique(groups):
        rows = np.flatnonzero(groups == group)
        without[rows] = coded[rows] - shares - np.linalg.solve(inverse[np.ix_(rows, rows)], coefficients[rows])
    return without, (ties.alike + 1) @ coefficients
