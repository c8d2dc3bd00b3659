"""How well kinds of evidence are learned: data in the layouts of CDCP and of CE-EMNLP-2015.

CDCP (Park and Cardie 2018) holds propositions of comments: fact, policy, testimony, value; measured by
cross-validation over comments. CE-EMNLP-2015 (Rinott et al. 2015) holds evidence of topics: study, expert, anecdotal;
texts of one type only, by cross-validation over topics. The model is that of the coder `learned`
(`annotate/classifier.py`); the lexicon of the coder `cues` is measured where its kinds can be told from the data's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
from threadpoolctl import threadpool_limits

from steelyard.annotate import classifier, embedding, lexicon, traits
from steelyard.annotate.matching import fold
from steelyard.annotate.similarity import Floats, Integers, similarity
from steelyard.errors import Problem, SteelyardError
from steelyard.evaluate import intervals
from steelyard.evaluate.few_labels import regression
from steelyard.evaluate.page import COLUMNS

_FOLDS = 5
_REPEATS = 2
_SEED = 20240601
_COVERAGES = (25, 50, 75)
_LEFT_OUT = "reference"  # of CDCP: a citation as such, which is no kind of what is said
# What the lexicon calls the types of CE-EMNLP-2015. It has no kind for a study that is told without a figure.
_TYPES = {"statistic": "STUDY", "cited": "STUDY", "attributed": "EXPERT", "testimony": "ANECDOTAL"}
_TYPES |= {"observation": "ANECDOTAL"}


@dataclass(frozen=True)
class Labelled:
    """Texts with one label each.

    Args:
        name: of the data.
        texts: n texts.
        labels: n names of classes.
        units: number of the comment or topic that each belongs to.
        unit: what a unit is.
    """

    name: str
    texts: list[str]
    labels: list[str]
    units: Integers
    unit: str


def cdcp(folder: Path) -> Labelled:
    """Read propositions of comments (`cdcp_train.tsv`: doc, prop, label, text).

    Raises:
        SteelyardError: the file is missing.
    """
    frame = pd.read_csv(_present(folder / "cdcp_train.tsv"), sep="\t", quoting=3, dtype=str).fillna("")
    frame = frame[frame["label"] != _LEFT_OUT]
    return Labelled(
        folder.name, frame["text"].tolist(), frame["label"].tolist(), pd.factorize(frame["doc"])[0], "comment"
    )


def rinott(folder: Path) -> Labelled:
    """Read evidence of one type (`evidence.txt`: topic, claim, text, [TYPE(, TYPE)], parted by tabs).

    Raises:
        SteelyardError: the file is missing.
    """
    names = ["topic", "claim", "text", "types"]
    path = _present(folder / "evidence.txt")
    frame = pd.read_csv(path, sep="\t", quoting=3, names=names, dtype=str).drop_duplicates(["topic", "text"])
    frame = frame.assign(type=frame["types"].str.strip("[] "))
    frame = frame[frame["type"].isin(set(_TYPES.values()))]
    return Labelled(
        folder.name, frame["text"].tolist(), frame["type"].tolist(), pd.factorize(frame["topic"])[0], "topic"
    )


def kinds(data: Labelled, vectors: embedding.Vectors) -> pd.DataFrame:
    """Measure kinds of evidence by cross-validation over comments or topics.

    Args:
        data: as `cdcp` or `rinott` read them.
        vectors: of the texts; if there are none, the coder goes by letters alone.

    Returns:
        Rows with `COLUMNS`: macro-F1 and each class' F1, with a bootstrap interval by unit; what share is right of
        the texts that the coder is surest of, and of those with confidence .5 or more. `n` counts texts.
    """
    names = sorted(set(data.labels))
    true = np.array([names.index(label) for label in data.labels])
    how = f"{_FOLDS}-fold cross-validation over {data.unit}s; learned: {_REPEATS} repeats, averaged"
    rows: list[dict[str, object]] = []
    with threadpool_limits(1):
        for coder, found in _predictions(data, true, len(names), vectors).items():
            head = {"data": f"{data.name} kinds", "split": f"by {data.unit}", "coder": coder, "how": how}
            rows += [head | row for row in _measures(data.units, true, found, names, sure=coder == "learned")]
    return pd.DataFrame(rows)[list(COLUMNS)]


def _predictions(data: Labelled, true: Integers, classes: int, vectors: embedding.Vectors) -> Mapping[str, Floats]:
    everything = np.arange(len(true))
    ties = classifier.ties(similarity(data.texts, ["en"] * len(true), vectors), everything, spread=False)
    tf_idf = regression(TfidfVectorizer(ngram_range=(1, 2), min_df=2).fit_transform(data.texts))
    models = {"tf-idf + logistic regression": tf_idf}
    if vectors:
        models["embedding + logistic regression"] = regression(embedding.look_up(vectors, data.texts))
    found = {name: np.zeros((len(true), classes)) for name in ("majority", *models, "learned")}
    for repeat in range(_REPEATS):
        order = np.random.default_rng([_SEED, repeat]).permutation(data.units.max() + 1)
        for number in range(_FOLDS):
            left_out = order[data.units] % _FOLDS == number
            known, rest = np.flatnonzero(~left_out), np.flatnonzero(left_out)
            labels = true[known]
            own = classifier.probabilities(ties.of(rest, known), labels, classes, classifier.TRAIT)
            found["learned"][rest] += own / _REPEATS
            if repeat:
                continue
            found["majority"][rest] = np.bincount(labels, minlength=classes)
            for name, model in models.items():
                found[name][rest] = model(known, labels)[rest]
    if set(data.labels) == set(_TYPES.values()):
        found["cues"] = _by_lexicon(data)
    return found


def _by_lexicon(data: Labelled) -> Floats:
    """Give the lexicon's kind as a class, texts x classes; zeros where it is none of the data's."""
    names = sorted(set(data.labels))
    words = lexicon.compiled("en")
    folded = [fold(text) for text in data.texts]
    given = [_TYPES.get(traits.kind(text, words.marks(text), words, has_cue=True)) for text in folded]
    return np.array([[name == one for name in names] for one in given], dtype=float)


def _measures(
    units: Integers, true: Integers, found: Floats, names: list[str], *, sure: bool
) -> list[dict[str, object]]:
    given = np.where(found.any(axis=1), found.argmax(axis=1), -1)
    counts = intervals.confusions(units, true, given, len(names))
    rows = [_row("macro-F1", intervals.of_counts(counts, intervals.macro_f1), len(true))]
    for number, name in enumerate(names):
        f1 = intervals.of_counts(counts, lambda tables, number=number: _f1(tables, number))  # type: ignore[misc]
        rows.append(_row(f"F1 of {name}", f1, int((true == number).sum())))
    if sure:
        right, confidence = given == true, found.max(axis=1)
        surest = np.argsort(-confidence, kind="stable")
        parts = {f"right, surest {share} %": surest[: len(true) * share // 100] for share in _COVERAGES}
        parts["right, confidence .5 or more"] = np.flatnonzero(confidence >= 0.5)
        rows += [_row(name, _share(right[part], units[part]), len(part)) for name, part in parts.items()]
    return rows


def _share(right: np.ndarray, units: Integers) -> tuple[float, float, float]:
    counts = np.zeros((units.max() + 1, 2))
    np.add.at(counts, (units, right.astype(int)), 1)
    return intervals.of_counts(counts[counts.any(axis=1)], lambda drawn: drawn[:, 1] / drawn.sum(axis=1))


def _f1(tables: Floats, number: int) -> Floats:
    whole = tables[:, number].sum(axis=-1) + tables[:, :, number].sum(axis=-1)
    return np.asarray(2 * tables[:, number, number] / np.maximum(whole, 1))


def _row(measure: str, values: tuple[float, float, float], n: int) -> dict[str, object]:
    value, low, high = values
    return {"measure": measure, "value": value, "low": low, "high": high, "n": n}


def _present(path: Path) -> Path:
    if not path.is_file():
        raise SteelyardError(Problem("there is no such file", str(path), "See the data's own page for where it is."))
    return path
