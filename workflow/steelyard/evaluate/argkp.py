"""How well coders find the key point that an argument makes: data in the layout of ArgKP-2021.

A folder holds for each split `arguments_*.csv` (arg_id, argument, topic, stance), `key_points_*.csv` (key_point_id,
key_point, topic, stance) and `labels_*.csv` (arg_id, key_point_id, label: 1 it makes the point, 0 it does not; a pair
that is absent is undecided). The task is Bar-Haim et al. 2020, "From Arguments to Key Points", ACL; split and mean
average precision are those of Friedman-Melamed et al. 2021, "Overview of the 2021 Key Point Analysis Shared Task".

A coder sees a topic as it would see a study: arguments and key points of both stances together, and no label. An
argument's best match is then sought among the key points of its own stance, as the task has it.

Measures, all of best matches:

- **mAP strict, relaxed**: the surest half of a topic's arguments of one stance, surest first; the mean over ranks that
  are right of the precision up to there, times the share that is right; averaged over topics and stances. An undecided
  pair is wrong (strict) or right (relaxed).
- **F1**: a pair is given where its score is at or above one threshold, the one that is best on the tuning split.
  Precision: right pairs among those given. Recall: right pairs among arguments that make a point at all, whichever of
  its points is found. Undecided pairs are left out. All topics are pooled.
- **Precision by coverage**: right pairs among the surest 25, 50 and 100 % of the decided ones, all topics pooled.
- **Brier score** and shares that are right by confidence: of coders that give probabilities, over decided pairs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

from steelyard.annotate import embedding, likeness
from steelyard.annotate.likeness.letters import Wording
from steelyard.annotate.likeness.sample import unit
from steelyard.annotate.semantic import ACCEPT
from steelyard.errors import Problem, SteelyardError

Scores = npt.NDArray[np.float64]
Scorer = Callable[["Topic"], Scores]

UNDECIDED = -1
OTHER_STANCE = -2
COLUMNS = ("data", "split", "coder", "measure", "value", "low", "high", "n", "topics")
INTERVAL = 0.9
_DRAWS = 1000
_SEED = 20240601
_COVERAGES = (25, 50, 100)
_BINS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
_TRIED = 200  # thresholds
# Of each file: what it is called, and its columns.
_FILES = {
    "arguments": ("arg_id", "argument", "topic", "stance"),
    "key_points": ("key_point_id", "key_point", "topic", "stance"),
    "labels": ("arg_id", "key_point_id", "label"),
}


@dataclass(frozen=True)
class Topic:
    """One question with its n arguments and m key points.

    Args:
        question: the topic.
        arguments: n texts.
        stances: n numbers, 1 for and -1 against the topic.
        key_points: m texts.
        labels: n x m: 1 it makes the point, 0 it does not, `UNDECIDED`, or `OTHER_STANCE`.
    """

    question: str
    arguments: list[str]
    stances: npt.NDArray[np.int64]
    key_points: list[str]
    labels: npt.NDArray[np.int64]


@dataclass(frozen=True)
class Matches:
    """The best match of each argument of a topic.

    Args:
        scores: n scores.
        labels: n labels of the pairs: 1, 0 or `UNDECIDED`.
        stances: n stances.
        makes_a_point: n flags: whether the argument makes any point.
    """

    scores: Scores
    labels: npt.NDArray[np.int64]
    stances: npt.NDArray[np.int64]
    makes_a_point: npt.NDArray[np.bool_]


def read(folder: Path, split: str) -> list[Topic]:
    """Read a split, topics in the order of their names.

    Raises:
        SteelyardError: a file is missing or lacks a column.
    """
    frames, problems = {}, []
    for name, columns in _FILES.items():
        path = folder / f"{name}_{split}.csv"
        if not path.is_file():
            problems.append(Problem("there is no such file", str(path), "The data have the layout of ArgKP-2021."))
            continue
        frames[name] = pd.read_csv(path)
        missing = [column for column in columns if column not in frames[name].columns]
        problems += [Problem(f"column '{column}' is missing", str(path)) for column in missing]
    if problems:
        raise SteelyardError(problems)
    return [
        _topic(str(question), frames["arguments"], frames["key_points"], frames["labels"])
        for question in sorted(frames["arguments"]["topic"].unique())
    ]


def _topic(question: str, arguments: pd.DataFrame, key_points: pd.DataFrame, labels: pd.DataFrame) -> Topic:
    arguments = arguments[arguments["topic"] == question]
    key_points = key_points[key_points["topic"] == question]
    known = labels.set_index(["arg_id", "key_point_id"])["label"]
    pairs = pd.MultiIndex.from_product([arguments["arg_id"], key_points["key_point_id"]])
    table = known.reindex(pairs, fill_value=UNDECIDED).to_numpy().reshape(len(arguments), len(key_points))
    same = arguments["stance"].to_numpy()[:, None] == key_points["stance"].to_numpy()[None, :]
    return Topic(
        question,
        arguments["argument"].tolist(),
        arguments["stance"].to_numpy(),
        key_points["key_point"].tolist(),
        np.where(same, table, OTHER_STANCE),
    )


def texts(topics: Iterable[Topic]) -> list[str]:
    """Give all that is to be embedded."""
    return [text for topic in topics for text in (*topic.arguments, *topic.key_points, topic.question)]


def coders(vectors: embedding.Vectors | None) -> dict[str, Scorer]:
    """Give the coders and baselines by name.

    Args:
        vectors: of the topics' texts; None where there is no model: what needs it is left out then.
    """
    found: dict[str, Scorer] = {
        "random": _random,
        "BM25": _bm25,
        "tf-idf of words": lambda topic: _tfidf(topic, TfidfVectorizer(sublinear_tf=True)),
        "tf-idf of characters": lambda topic: _tfidf(
            topic, TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True)
        ),
    }
    if vectors is not None:
        known = vectors
        found["cosine"] = lambda topic: _cosine(topic, known, project=False)
        found["topic-projected cosine"] = lambda topic: _cosine(topic, known, project=True)
        found["topic-projected cosine and tf-idf"] = lambda topic: (
            _standard(_cosine(topic, known, project=True)) + 0.5 * _standard(found["tf-idf of characters"](topic))
        )
    found["semantic without its model"] = lambda topic: semantic(topic, None)
    if vectors is not None:
        found["semantic"] = lambda topic: semantic(topic, vectors)
    return found


PROBABILITIES = ("semantic", "semantic without its model")  # coders whose scores are such


def semantic(topic: Topic, vectors: embedding.Vectors | None, learned: likeness.Constants | None = None) -> Scores:
    """Give the semantic coder's confidences, n x m; see `likeness.confidences`."""
    wordings = [Wording(point) for point in topic.key_points]
    return np.vstack(list(likeness.confidences(topic.arguments, wordings, topic.question, vectors, learned)))


def argkp(
    folder: Path, split: str, tuning: Path | None = None, vectors: embedding.Vectors | None = None
) -> pd.DataFrame:
    """Measure all coders on a split.

    Args:
        folder: data in the layout of ArgKP-2021.
        split: name of the split, such as "dev".
        tuning: the folder whose split "train" sets the thresholds; `folder` itself where none is given.
        vectors: of all texts of both splits; None where there is no embedding model.

    Returns:
        A row for each coder and measure: `COLUMNS`; low and high bound a 90 % bootstrap interval by topic, null for
        reliability; n counts arguments.

    Raises:
        SteelyardError: a file is missing or lacks a column.
    """
    topics, others = read(folder, split), read(tuning or folder, "train")
    rows: list[dict[str, object]] = []
    for name, scorer in coders(vectors).items():
        found = [matches(topic, scorer(topic)) for topic in topics]
        cut = threshold([matches(topic, scorer(topic)) for topic in others])
        head = {"data": folder.name, "split": split, "coder": name}
        rows += [head | row for row in measured(found, cut, probabilities=name in PROBABILITIES)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def published() -> pd.DataFrame:
    """Give what others report, as rows like `argkp`'s: transformers tuned on the task, on three unseen topics.

    The range of the best systems of the shared task (Friedman-Melamed et al. 2021): low and high, and no value.
    """
    head: dict[str, object] = {
        "data": "argkp2021",
        "split": "unseen topics",
        "coder": "published transformers tuned on the task",
    }
    ranges = {"mAP strict": (0.86, 0.91), "mAP relaxed": (0.95, 0.97)}
    rows = [
        head | {"measure": name, "value": None, "low": low, "high": high, "n": None, "topics": 3}
        for name, (low, high) in ranges.items()
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def matches(topic: Topic, scores: Scores) -> Matches:
    """Give the best match of each argument among the key points of its stance; of equal ones the first.

    Arguments of a stance without key points are left out.
    """
    allowed = topic.labels != OTHER_STANCE
    kept = np.flatnonzero(allowed.any(axis=1))
    best = np.where(allowed, scores, -np.inf)[kept].argmax(axis=1)
    makes_a_point = (topic.labels == 1).any(axis=1)[kept]
    return Matches(scores[kept, best], topic.labels[kept, best], topic.stances[kept], makes_a_point)


def threshold(found: Sequence[Matches]) -> float:
    """Give the threshold with the best F1, of 200 at equal steps of the scores' ranks; of equal ones the lowest."""
    tried = np.quantile(np.concatenate([m.scores for m in found]), np.linspace(0, 1, _TRIED), method="lower")
    return float(max(tried, key=lambda cut: _f1(_counts(found, float(cut)).sum(axis=0))))


def measured(found: Sequence[Matches], cut: float, *, probabilities: bool) -> list[dict[str, object]]:
    """Give measure, value, low, high, n and topics of one coder.

    Args:
        found: best matches by topic.
        cut: threshold for F1.
        probabilities: whether the scores are.
    """
    return measured_in_folds([(found, cut)], probabilities=probabilities)


def measured_in_folds(
    folds: Sequence[tuple[Sequence[Matches], float]], *, probabilities: bool
) -> list[dict[str, object]]:
    """Do the same where topics have thresholds of their own: pairs of best matches by topic, and a threshold."""
    found = [m for fold, _ in folds for m in fold]
    strict, relaxed = (
        np.array([average_precision(m, undecided_is_right=right) for m in found]) for right in (False, True)
    )
    counts = np.vstack([_counts(fold, cut) for fold, cut in folds])
    measures: dict[str, Callable[[npt.NDArray[np.int64]], float]] = {
        "mAP strict": lambda drawn: float(np.nanmean(strict[drawn])),
        "mAP relaxed": lambda drawn: float(np.nanmean(relaxed[drawn])),
        "F1": lambda drawn: _f1(counts[drawn].sum(axis=0)),
    }
    for share in _COVERAGES:
        measures[f"precision of the surest {share} %"] = lambda drawn, share=share: _surest(  # type: ignore[misc]
            [found[i] for i in drawn], share
        )
    if probabilities:
        shipped = np.vstack([_counts(fold, ACCEPT) for fold, _ in folds])
        measures["F1 at .5, the default"] = lambda drawn: _f1(shipped[drawn].sum(axis=0))
        measures["Brier score"] = lambda drawn: _brier([found[i] for i in drawn])
    draw = np.random.default_rng(_SEED)
    draws = draw.integers(0, len(found), (_DRAWS, len(found)))
    size = {"n": sum(len(m.scores) for m in found), "topics": len(found)}
    rows: list[dict[str, object]] = []
    for name, measure in measures.items():
        values = [measure(drawn) for drawn in draws]
        low, high = np.nanquantile(values, [(1 - INTERVAL) / 2, (1 + INTERVAL) / 2])
        rows.append({"measure": name, "value": measure(np.arange(len(found))), "low": low, "high": high} | size)
    return [*rows, *(_reliability(found) if probabilities else [])]


def average_precision(found: Matches, *, undecided_is_right: bool) -> list[float]:
    """Give average precision in the surest half for each of two stances; NaN where a stance has too few arguments."""
    values = []
    for stance in (-1, 1):
        rows = np.flatnonzero(found.stances == stance)
        top = rows[np.argsort(-found.scores[rows], kind="stable")][: len(rows) // 2]
        labels = found.labels[top]
        right = labels != 0 if undecided_is_right else labels == 1
        precision = np.cumsum(right) / np.arange(1, len(top) + 1)
        values.append(float((precision * right).sum() / len(top)) if len(top) else float("nan"))
    return values


def _counts(found: Sequence[Matches], cut: float) -> npt.NDArray[np.int64]:
    """Right pairs, pairs given, and arguments that make a point, by topic."""
    rows = []
    for m in found:
        given = (m.scores >= cut) & (m.labels != UNDECIDED)
        rows.append([(m.labels[given] == 1).sum(), given.sum(), m.makes_a_point.sum()])
    return np.array(rows)


def _f1(counts: npt.NDArray[np.int64]) -> float:
    right, given, wanted = (int(count) for count in counts)
    return 2 * right / (given + wanted) if given + wanted else 0.0


def _decided(found: Sequence[Matches]) -> tuple[Scores, npt.NDArray[np.bool_]]:
    scores, labels = (np.concatenate([getattr(m, name) for m in found]) for name in ("scores", "labels"))
    return scores[labels != UNDECIDED], labels[labels != UNDECIDED] == 1


def _surest(found: Sequence[Matches], share: int) -> float:
    scores, right = _decided(found)
    top = np.argsort(-scores, kind="stable")[: max(1, len(scores) * share // 100)]
    return float(right[top].mean())


def _brier(found: Sequence[Matches]) -> float:
    scores, right = _decided(found)
    return float(((scores - right) ** 2).mean())


def _reliability(found: Sequence[Matches]) -> list[dict[str, object]]:
    """Share of decided pairs that are right, by confidence."""
    scores, right = _decided(found)
    rows: list[dict[str, object]] = []
    for low, high in pairwise(_BINS):
        inside = (scores >= low) & ((scores < high) | (high == _BINS[-1]))
        if inside.any():
            name = f"share right, confidence {low:.1f} to {high:.1f} (mean {scores[inside].mean():.2f})"
            size = {"n": int(inside.sum()), "topics": len(found)}
            rows.append({"measure": name, "value": float(right[inside].mean()), "low": None, "high": None} | size)
    return rows


def _random(topic: Topic) -> Scores:
    return np.random.default_rng(_SEED).random(topic.labels.shape)


def _tfidf(topic: Topic, vectorizer: TfidfVectorizer) -> Scores:
    vectorizer.fit([*topic.arguments, *topic.key_points])
    scores: Scores = (vectorizer.transform(topic.arguments) @ vectorizer.transform(topic.key_points).T).toarray()
    return scores


def _bm25(topic: Topic, k1: float = 1.2, b: float = 0.75) -> Scores:
    """Robertson's BM25: key points are queries, arguments the documents."""
    counter = CountVectorizer().fit([*topic.arguments, *topic.key_points])
    documents = counter.transform(topic.arguments).toarray()
    queries = counter.transform(topic.key_points).toarray() > 0
    holding = (documents > 0).sum(axis=0)
    idf = np.log(1 + (len(documents) - holding + 0.5) / (holding + 0.5))
    length = documents.sum(axis=1, keepdims=True)
    weight = documents * (k1 + 1) / (documents + k1 * (1 - b + b * length / length.mean()))
    scores: Scores = (weight * idf) @ queries.T
    return scores


def _cosine(topic: Topic, vectors: Mapping[str, npt.NDArray[np.float16]], *, project: bool) -> Scores:
    known = dict(vectors)
    arguments, points = (embedding.look_up(known, found).astype(float) for found in (topic.arguments, topic.key_points))
    question = unit(embedding.look_up(known, [topic.question])[0])
    if project:
        arguments, points = (rows - np.outer(rows @ question, question) for rows in (arguments, points))
    return unit(arguments) @ unit(points).T


def _standard(scores: Scores) -> Scores:
    return np.asarray((scores - scores.mean()) / max(float(scores.std()), 1e-9))
