"""Remakes what the semantic coder learned (annotate/likeness/constants.yaml) from ArgKP's training topics.

    python benchmarks/tune_semantic.py BENCH/argkp2021 [--write | --check | --left-out]

Prints the file; `--write` puts it in its place, `--check` fails where it differs from what is there (by more than
rounding), `--left-out` measures on topics that nothing was learned from. Only the training split is read.

To each topic the arguments of the next one are added, which bear on none of its key points, for a corpus holds much
that is beside the question. Exemplars are 4 arguments of each key point, taken out of the topic. The logistic's
weights for likeness and letters come from pairs within a topic, the weight of being off the question from the added
ones, and what exemplars add from those taken out.
"""

from __future__ import annotations

import argparse
import base64
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import yaml
from scipy.optimize import minimize_scalar
from sklearn.linear_model import LogisticRegression

from steelyard.annotate import embedding, likeness
from steelyard.annotate.likeness import Constants, Space, Weights
from steelyard.annotate.likeness.letters import Features, Letters, Wording
from steelyard.annotate.likeness.sample import Array, Sample, choose
from steelyard.evaluate import argkp
from steelyard.evaluate.argkp import Topic

DIRECTIONS = 16
EXEMPLARS = 4
FOLDS = 6
SEED = 1
FILE = Path(likeness.__file__).parent / "constants.yaml"
HEAD = "# Learned on ArgKP-2021's training topics by benchmarks/tune_semantic.py, which remakes this file.\n"


@dataclass(frozen=True)
class Case:
    """A topic as a small corpus: its arguments, and after them texts that bear on nothing."""

    topic: Topic
    others: Sequence[str]
    wordings: Sequence[Wording]

    @property
    def texts(self) -> list[str]:
        """All that is scored, arguments first."""
        return [*self.topic.arguments, *self.others]

    def sample(self, vectors: embedding.Vectors | None) -> Sample:
        """What `likeness.confidences` learns from."""
        return choose(lambda: [(self.texts, vectors)], self.wordings, self.topic.question, vectors)


def cases(topics: Sequence[Topic]) -> list[Case]:
    """Give each topic with the arguments of the next one added."""
    following = [*topics[1:], topics[0]]
    return [
        Case(topic, other.arguments, [Wording(point) for point in topic.key_points])
        for topic, other in zip(topics, following, strict=True)
    ]


def with_exemplars(case: Case, draw: np.random.Generator) -> Case:
    """Take a few arguments of each key point out of a topic, to be its exemplars."""
    taken: list[list[int]] = []
    for column in case.topic.labels.T:
        free = [row for row in np.flatnonzero(column == 1) if not any(row in rows for rows in taken)]
        taken.append([int(row) for row in draw.permutation(free)[:EXEMPLARS]])
    kept = np.setdiff1d(np.arange(len(case.topic.arguments)), [row for rows in taken for row in rows])
    wordings = [
        Wording(point, tuple(case.topic.arguments[row] for row in rows))
        for point, rows in zip(case.topic.key_points, taken, strict=True)
    ]
    arguments = [case.topic.arguments[row] for row in kept]
    topic = replace(case.topic, arguments=arguments, labels=case.topic.labels[kept], stances=case.topic.stances[kept])
    return replace(case, topic=topic, wordings=wordings)


def directions(found: Sequence[Case], vectors: embedding.Vectors) -> Array:
    """Give the directions along which matching arguments and key points differ most, k x dimensions."""
    differences = []
    for case in found:
        none = np.zeros((0, embedding.DIMENSIONS), np.float32)
        space = Space(case.sample(vectors), case.wordings, case.topic.question, vectors, none)
        rows, columns = np.nonzero(case.topic.labels == 1)
        differences.append(space.place(case.topic.arguments)[rows] - space.claims[columns])
    stacked = np.vstack(differences).astype(np.float64)
    _, axes = np.linalg.eigh(stacked.T @ stacked)
    axes = axes[:, : -DIRECTIONS - 1 : -1].T
    return (axes * np.sign(axes[np.arange(len(axes)), np.abs(axes).argmax(axis=1)])[:, None]).astype(np.float16)


def tuned(features: Sequence[Features], found: Sequence[Case]) -> tuple[Weights, list[np.ndarray]]:
    """Fit a logistic to the decided pairs; then the weight of being off the question to the added texts."""
    names = [name for name in ("likeness", "letters") if name in features[0]]
    inside, labels, off, outside, outside_off = [], [], [], [], []
    for values, case in zip(features, found, strict=True):
        n, decided = len(case.topic.arguments), case.topic.labels >= 0
        stacked = np.stack([values[name] for name in names], axis=-1)
        inside.append(stacked[:n][decided])
        labels.append(case.topic.labels[decided] == 1)
        if "off_question" in values:
            wide = np.broadcast_to(values["off_question"], stacked.shape[:2])
            off.append(wide[:n][decided])
            outside.append(stacked[n:].reshape(-1, len(names)))
            outside_off.append(wide[n:].ravel())
    truth = np.concatenate(labels)
    model = LogisticRegression(C=1e4).fit(np.vstack(inside), truth)
    weights = dict(zip(names, model.coef_[0], strict=True)) | {"constant": model.intercept_[0]}
    if off:
        near, far = model.decision_function(np.vstack(inside)), model.decision_function(np.vstack(outside))

        def loss(weight: float) -> float:
            known, added = near + weight * np.concatenate(off), far + weight * np.concatenate(outside_off)
            return float(np.logaddexp(0, np.where(truth, -known, known)).sum() + np.logaddexp(0, added).sum())

        weights["off_question"] = minimize_scalar(loss, bounds=(-60, 0), method="bounded").x
    return Weights(**{name: round(float(value), 3) for name, value in weights.items()}, exemplars=0.0), labels


def exemplars_add(features: Sequence[Features], found: Sequence[Case], weights: Weights) -> Weights:
    """Fit what is added where a hypothesis has exemplars, the other weights being given."""
    known, labels = [], []
    for values, case in zip(features, found, strict=True):
        decided = case.topic.labels >= 0
        known.append(likeness.score(values, weights)[: len(decided)][decided])
        labels.append(case.topic.labels[decided] == 1)
    log_odds, truth = np.concatenate(known), np.concatenate(labels)
    found_best = minimize_scalar(
        lambda added: np.logaddexp(0, np.where(truth, -log_odds - added, log_odds + added)).sum(),
        bounds=(-5, 5),
        method="bounded",
    )
    return weights.model_copy(update={"exemplars": round(float(found_best.x), 3)})


def learn(topics: Sequence[Topic], vectors: embedding.Vectors) -> Constants:
    """Learn everything from topics."""
    plain = cases(topics)
    draw = np.random.default_rng(SEED)
    rich = [with_exemplars(case, draw) for case in plain]
    axes = directions(plain, vectors)

    def spaces(found: Sequence[Case]) -> list[Space]:
        return [
            Space(case.sample(vectors), case.wordings, case.topic.question, vectors, axes.astype(float))
            for case in found
        ]

    def features(made: Sequence[Space], found: Sequence[Case]) -> list[Features]:
        return [space.features(case.texts) for space, case in zip(made, found, strict=True)]

    on_plain, on_rich = spaces(plain), spaces(rich)
    first, _ = tuned(features(on_plain, plain), plain)
    first = exemplars_add(features(on_rich, rich), rich, first)
    for space in (*on_plain, *on_rich):
        space.lend(first)
    second, _ = tuned(features(on_plain, plain), plain)
    second = exemplars_add(features(on_rich, rich), rich, second)

    def letters(found: Sequence[Case]) -> list[Features]:
        return [Letters(case.sample(None).texts, case.wordings).features(case.texts) for case in found]

    alone, _ = tuned(letters(plain), plain)
    alone = exemplars_add(letters(rich), rich, alone)
    packed = base64.b64encode(axes.astype("<f2").tobytes()).decode()
    return Constants(first=first, second=second, letters_alone=alone, directions=packed)


def main() -> int:
    """Learn, and print, write or check."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--left-out", action="store_true")
    given = parser.parse_args()
    topics = argkp.read(given.folder, "train")
    vectors = embedding.embed(argkp.texts(topics), {})
    if given.left_out:
        print(left_out(topics, vectors).to_string())
        return 0
    made = learn(topics, vectors)
    text = HEAD + yaml.safe_dump(made.model_dump(), sort_keys=False, width=118)
    print(text)
    if given.write:
        FILE.write_text(text, encoding="utf-8")
    if given.check and not close(made, likeness.constants()):
        print(f"{FILE} differs from what is learned now", file=sys.stderr)
        return 1
    return 0


def left_out(topics: Sequence[Topic], vectors: embedding.Vectors) -> pd.DataFrame:
    """Measure on each sixth of the topics what is learned, and the threshold that is set, on the other five."""
    rows = []
    for fold in range(FOLDS):
        inside, outside = ([t for i, t in enumerate(topics) if (i % FOLDS == fold) is held] for held in (False, True))
        learned = learn(inside, vectors)
        for name, known in (("semantic", vectors), ("semantic without its model", None)):
            found, others = (
                [argkp.matches(topic, argkp.semantic(topic, known, learned)) for topic in some]
                for some in (outside, inside)
            )
            rows.append((name, found, argkp.threshold(others)))
    tables = []
    for name in dict.fromkeys(name for name, _, _ in rows):
        mine = [(found, cut) for given, found, cut in rows if given == name]
        tables.append(pd.DataFrame(argkp.measured_in_folds(mine, probabilities=True)).assign(coder=name))
        tables[-1]["threshold"] = ", ".join(f"{cut:.2f}" for _, cut in mine)
    return pd.concat(tables, ignore_index=True)


def close(one: Constants, other: Constants) -> bool:
    """Tell whether two are the same but for rounding."""
    weights = all(
        np.allclose(
            list(getattr(one, name).model_dump().values()), list(getattr(other, name).model_dump().values()), atol=0.02
        )
        for name in ("first", "second", "letters_alone")
    )
    same = one.damped.T @ one.damped - other.damped.T @ other.damped
    return weights and float(np.abs(same).max()) < 0.01


if __name__ == "__main__":
    raise SystemExit(main())
