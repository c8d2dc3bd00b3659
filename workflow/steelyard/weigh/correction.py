"""Shares of statements, corrected by what people read of a random sample (docs/method.md, 5)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt
import pandas as pd

from steelyard import tables
from steelyard.aggregate.counts import Counts
from steelyard.annotate.adjudicate import accept
from steelyard.annotate.readings import Readings
from steelyard.engine import Engine
from steelyard.study import Correction
from steelyard.weigh.words import count


def prediction_powered_mean(
    labels: npt.ArrayLike, predictions: npt.ArrayLike, unlabelled: npt.ArrayLike, probability: float
) -> tuple[float, float, float]:
    """Estimate a mean from few labels and many predictions.

    The mean of the predictions where there are no labels, plus the mean of label - prediction where there are; its
    interval is normal, with the sum of the two means' variances (Angelopoulos, Bates, Fannjiang, Jordan & Zrnic 2023,
    Prediction-powered inference, Science 382:669). Both lists are taken as draws from one wider population.

    Args:
        labels: of a random sample.
        predictions: of the same, in the same order; whatever predicts must not have seen the labels.
        unlabelled: predictions of all others.
        probability: that the interval holds.

    Returns:
        The mean, and the low and the high end of its interval; neither is clipped.

    Raises:
        ValueError: labels and predictions differ in number, or there are none, or nothing is unlabelled.
    """
    label, prediction, other = (np.asarray(values, dtype=float) for values in (labels, predictions, unlabelled))
    if label.shape != prediction.shape or not label.size or not other.size:
        raise ValueError("needs as many labels as predictions, at least one, and at least one unlabelled")
    wrong = label - prediction
    mean = float(other.mean() + wrong.mean())
    half = NormalDist().inv_cdf((1 + probability) / 2) * math.sqrt(other.var() / other.size + wrong.var() / wrong.size)
    return mean, mean - half, mean + half


def shares(
    corpus: Engine,
    precedence: Sequence[str],
    least_confidence: Mapping[str, float],
    evidence: pd.DataFrame,
    counts: Counts,
    documents: pd.DataFrame,
    hypotheses: Sequence[str],
    settings: Correction,
) -> pd.DataFrame:
    """Give, for each hypothesis, the share of statements of posts (echoes once) that support or oppose it.

    Labels are people's readings of statements that a coding sheet drew at random. Predictions are what would be
    accepted if no person had read anything; where models and programs accept nothing, that the statement takes nothing
    up. A statement that people read without its being drawn at random keeps its prediction: the sample corrects the
    errors of predictions on it too, and its label in their place would correct them twice.

    Args:
        corpus: has views of annotate/readings and annotate/trait_readings, and `posts`.
        precedence: names of the coders, of one origin the one that counts most first.
        least_confidence: least confidence of what is accepted, by coder; 0 for coders not named.
        evidence: the table aggregate/evidence, from which the share as coded comes.
        counts: the table aggregate/counts.
        documents: all of the study.
        hypotheses: ids, each of which has a row.
        settings: the interval, and what sample is too small.

    Returns:
        The table weigh/shares. `corrected` and its interval are clipped to [0, 1], and null where `reason` says why.
    """
    taken = evidence[evidence["stance"] != "raises"].groupby("hypothesis_id")["echo_id"].nunique()
    n = counts.original_statements
    sample = _Sample.read(corpus, precedence, least_confidence, documents, hypotheses)
    missing = _missing(int(sample.drawn.sum()), n, sample.predicted, settings)
    rows = (
        {
            "hypothesis_id": hypothesis,
            "statements": n,
            "coded": taken.get(hypothesis, 0) / n if n else None,
            "read": int(sample.drawn.sum()),
            **_corrected(
                sample.said[sample.drawn, column],
                sample.guessed[sample.drawn, column],
                sample.guessed[~sample.drawn, column],
                missing,
                settings,
            ),
        }
        for column, hypothesis in enumerate(hypotheses)
    )
    return tables.SHARES.frame(list(rows))


@dataclass(frozen=True)
class _Sample:
    """What people, and what predictions, say of the statements of posts, echoes once; nothing where none was drawn.

    Args:
        drawn: which of them people read that were drawn at random.
        said: which hypotheses each takes up as people read it, statements x hypotheses.
        guessed: the same as predicted.
        predicted: whether anything is.
    """

    drawn: npt.NDArray[np.bool_]
    said: npt.NDArray[np.bool_]
    guessed: npt.NDArray[np.bool_]
    predicted: bool

    @classmethod
    def read(
        cls,
        corpus: Engine,
        precedence: Sequence[str],
        least_confidence: Mapping[str, float],
        documents: pd.DataFrame,
        hypotheses: Sequence[str],
    ) -> _Sample:
        drawn = "select 1 from trait_readings where origin = 'human' and drawn = 'random' limit 1"
        if not corpus.execute(drawn).fetchall():  # the whole corpus is looked at for a sample only
            nothing = np.zeros((0, len(hypotheses)), dtype=bool)
            return cls(np.zeros(0, dtype=bool), nothing, nothing, predicted=False)
        found, traits = (corpus.sql(f"from {name}").df() for name in ("readings", "trait_readings"))
        people, no_sightings = traits["origin"] == "human", tables.SIGHTING_READINGS.empty()
        (labels, labelled), (predictions, predicted) = (
            accept([Readings(found, traits[chosen], no_sightings)], precedence, least_confidence)[:2]
            for chosen in (people & (traits["drawn"] == "random"), ~people)
        )
        posts = corpus.sql("select statement_id, document_id, start, echo_id from posts").df()
        ids = _one_of_each(posts, documents, labelled["statement_id"])
        said, guessed = (_taken_up(codes, ids, hypotheses) for codes in (labels, predictions))
        known = bool(ids.isin(predicted["statement_id"]).any())
        return cls(ids.isin(labelled["statement_id"]).to_numpy(), said, guessed, known)


def _one_of_each(posts: pd.DataFrame, documents: pd.DataFrame, labelled: pd.Series) -> pd.Series:
    """Give one statement of those that repeat one another: the labelled one, else the first by (document, start)."""
    digests = documents.set_index("document_id")["sha256"]
    ordered = posts.assign(digest=posts["document_id"].map(digests), later=~posts["statement_id"].isin(labelled))
    return ordered.sort_values(["later", "digest", "start"]).drop_duplicates("echo_id")["statement_id"]


def _taken_up(codes: pd.DataFrame, ids: pd.Series, hypotheses: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Say which statements support or oppose which hypotheses, statements x hypotheses."""
    taken = codes[(codes["stance"] != "raises") & codes["hypothesis_id"].isin(hypotheses)]
    taken = taken[taken["statement_id"].isin(ids)]
    found = np.zeros((len(ids), len(hypotheses)), dtype=bool)
    rows = pd.Index(ids).get_indexer(pd.Index(taken["statement_id"]))
    found[rows, pd.Index(hypotheses).get_indexer(pd.Index(taken["hypothesis_id"]))] = True
    return found


def _missing(read: int, statements: int, predicted: bool, settings: Correction) -> str | None:
    """Say what no hypothesis can be corrected for lack of; None where nothing is."""
    if not read:
        return "no random sample was read by people"
    if not predicted:
        return "nothing but people read the statements, so that there is nothing to correct"
    if read == statements:
        return "people read every statement, so that there is nothing to correct"
    if read < settings.fewest_read:
        were = count(read, "statement drawn at random was", "statements drawn at random were")
        return f"too small: {were} read by people, and it takes at least {settings.fewest_read}"
    return None


def _corrected(
    labels: npt.NDArray[np.bool_],
    predictions: npt.NDArray[np.bool_],
    unlabelled: npt.NDArray[np.bool_],
    missing: str | None,
    settings: Correction,
) -> dict[str, object]:
    differ = int((labels != predictions).sum())
    if missing is None and differ < settings.fewest_differences:
        on = f"differ on {differ} of {len(labels)} statements"
        missing = f"too small: people and predictions {on}, and it takes at least {settings.fewest_differences}"
    numbers: dict[str, float | None] = dict.fromkeys(("corrected", "low", "high"))
    if missing is None:
        estimate = prediction_powered_mean(labels, predictions, unlabelled, settings.interval)
        numbers = dict(zip(numbers, np.clip(estimate, 0, 1), strict=True))
    return {"differences": differ, **numbers, "enough": missing is None, "reason": missing}
