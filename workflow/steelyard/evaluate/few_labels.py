"""How well stance is learned from few labelled arguments of a topic: data in the layout of ArgKP-2021.

Of each topic's arguments some are drawn at random and labelled; stance toward the topic is measured on all others.
Each topic is learned by itself, with the model that the coder `learned` uses for stance (`annotate/classifier.py`); as
in a study the texts without a label are known too, their labels are not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from steelyard.annotate import classifier, embedding
from steelyard.annotate.similarity import Floats, Integers, similarity
from steelyard.evaluate import argkp, intervals
from steelyard.evaluate.page import COLUMNS

Model = Callable[[Integers, Integers], Floats]  # what is labelled, and how -> probability of each class, of all texts

LABELLED = 40
_CURVE = (10, 20, 40, 80)
_REPEATS = 5
_COVERAGES = (25, 50, 75)
_SEED = 20240601


def few_labels(folder: Path, splits: Sequence[str], vectors: embedding.Vectors) -> pd.DataFrame:
    """Measure stance with few labels, topic by topic.

    Args:
        folder: the data.
        splits: of these the topics are taken together.
        vectors: of the arguments (`argkp.texts` holds them); if there are none, the coder goes by letters alone.

    Returns:
        Rows with `COLUMNS`: macro-F1, the mean over topics and 5 draws of labels, with a bootstrap interval by topic;
        and what share is right of the arguments that it is surest of. `n` counts topics.

    Raises:
        SteelyardError: a file is missing or lacks a column.
    """
    topics = [topic for split in splits for topic in argkp.read(folder, split)]
    found = []
    with threadpool_limits(1):
        for number, topic in enumerate(topics):
            found += _topic(number, topic, vectors)
    runs = pd.DataFrame(found).groupby(["coder", "measure", "topic"], sort=False)["value"].mean()
    rows = []
    for (coder, measure), values in runs.groupby(["coder", "measure"], sort=False):
        value, low, high = intervals.of_mean(values.to_numpy())
        rows.append({"coder": coder, "measure": measure, "value": value, "low": low, "high": high, "n": len(values)})
    how = f"mean over topics, each with {_REPEATS} random draws of the labelled arguments; all others are measured"
    split = " + ".join(splits)
    return pd.DataFrame(rows).assign(data=f"{folder.name} stance", split=split, how=how)[list(COLUMNS)]


def _topic(number: int, topic: argkp.Topic, vectors: embedding.Vectors) -> list[dict[str, object]]:
    true = (topic.stances > 0).astype(int)
    rows: list[dict[str, object]] = []
    models = _models(topic.arguments, vectors)
    for repeat in range(_REPEATS):
        order = np.random.default_rng([_SEED, repeat]).permutation(len(true))
        for labelled in _CURVE:
            known, rest = order[:labelled], order[labelled:]
            for coder, model in models.items():
                if labelled != LABELLED and coder != "learned":
                    continue
                found = model(known, true[known])[rest]
                for measure, value in _measures(found, true[rest], labelled, sure=coder == "learned"):
                    rows.append({"topic": number, "coder": coder, "measure": measure, "value": value})
    return rows


def _measures(found: Floats, true: Integers, labelled: int, *, sure: bool) -> list[tuple[str, float]]:
    given = found.argmax(axis=1)
    table = intervals.confusions(np.zeros(len(true), dtype=int), true, given, 2)[0]
    measures = [(f"macro-F1, {labelled} labels", float(intervals.macro_f1(table)))]
    if not sure or labelled != LABELLED:
        return measures
    right, confidence = given == true, found.max(axis=1)
    surest = right[np.argsort(-confidence, kind="stable")]
    measures += [(f"right, surest {share} %", float(surest[: len(true) * share // 100].mean())) for share in _COVERAGES]
    accepted = confidence >= 0.8
    measures += [("share with confidence .8 or more", float(accepted.mean()))]
    return measures + ([("right among them", float(right[accepted].mean()))] if accepted.any() else [])


def _models(texts: list[str], vectors: embedding.Vectors) -> dict[str, Model]:
    everything = np.arange(len(texts))
    ties = classifier.ties(similarity(texts, ["en"] * len(texts), vectors), everything)
    models: dict[str, Model] = {
        "majority": lambda known, labels: np.tile(np.bincount(labels, minlength=2), (len(texts), 1)).astype(float),
        "tf-idf + logistic regression": regression(TfidfVectorizer(ngram_range=(1, 2)).fit_transform(texts)),
    }
    if vectors:
        models["embedding + logistic regression"] = regression(embedding.look_up(vectors, texts))
    models["learned"] = lambda known, labels: classifier.probabilities(
        ties.of(everything, known), labels, 2, classifier.STANCE
    )
    return models


def regression(features: object, penalty: float = 10.0) -> Model:
    """Give a plain logistic regression, as a baseline: its classes are balanced, and nothing is tuned."""

    def model(known: Integers, labels: Integers) -> Floats:
        fitted = LogisticRegression(C=penalty, class_weight="balanced", max_iter=300)
        found = np.zeros((features.shape[0], labels.max() + 1))  # type: ignore[attr-defined]
        if len(classes := np.unique(labels)) < 2:
            found[:, classes] = 1.0
            return found
        found[:, classes] = fitted.fit(features[known], labels).predict_proba(features)  # type: ignore[index]
        return found

    return model
