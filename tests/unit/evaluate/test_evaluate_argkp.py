from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from steelyard.annotate import embedding
from steelyard.errors import SteelyardError
from steelyard.evaluate import argkp
from steelyard.evaluate.argkp import OTHER_STANCE, UNDECIDED, Matches, Topic

BENCH = Path(__file__).parents[4] / "shared" / "bench" / "argkp2021"

SAID = {  # topic -> stance -> key point -> arguments
    "We should close the town centre to cars": {
        1: {"The air becomes cleaner": ["exhaust fumes would go, so the air is cleaner", "we could all breathe again"]},
        -1: {"Shops lose customers": ["shops would lose many customers", "no parking, no buyers"]},
    },
    "We should abolish homework": {
        1: {"Children need time to play": ["children should play in their free time", "kids have no spare hours left"]},
        -1: {"Homework teaches discipline": ["homework teaches children discipline", "one learns to work alone"]},
    },
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    arguments, points, labels = [], [], []
    for question, sides in SAID.items():
        for stance, found in sides.items():
            for point, said in found.items():
                points.append((f"kp{len(points)}", point, question, stance))
                for text in said:
                    arguments.append((f"a{len(arguments)}", text, question, stance))
                    labels.append((arguments[-1][0], points[-1][0], 1))
    for split in ("train", "mine"):
        for name, rows in {"arguments": arguments, "key_points": points, "labels": labels}.items():
            frame = pd.DataFrame(rows, columns=list(argkp._FILES[name]))
            frame.to_csv(tmp_path / f"{name}_{split}.csv", index=False)
    return tmp_path


def matches(scores: list[float], labels: list[int], makes: list[bool] | None = None, stance: int = 1) -> Matches:
    flags = np.array([label == 1 for label in labels] if makes is None else makes)
    return Matches(np.array(scores), np.array(labels), np.full(len(scores), stance), flags)


def test_topics_are_read_with_undecided_pairs_and_other_stances(folder: Path) -> None:
    labels = pd.read_csv(folder / "labels_mine.csv")
    labels.iloc[1:].to_csv(folder / "labels_mine.csv", index=False)
    homework, cars = argkp.read(folder, "mine")
    assert (homework.question, cars.question) == tuple(sorted(SAID))
    assert cars.labels.tolist() == [
        [UNDECIDED, OTHER_STANCE],
        [1, OTHER_STANCE],
        [OTHER_STANCE, 1],
        [OTHER_STANCE, 1],
    ]


def test_missing_files_and_columns_are_all_told(folder: Path) -> None:
    (folder / "labels_mine.csv").unlink()
    pd.read_csv(folder / "arguments_mine.csv").drop(columns="stance").to_csv(folder / "arguments_mine.csv", index=False)
    with pytest.raises(SteelyardError) as failure:
        argkp.read(folder, "mine")
    assert len(failure.value.problems) == 2


def test_average_precision_is_that_of_the_surest_half_times_its_share_of_right_pairs() -> None:
    found = matches([0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2], [1, 0, UNDECIDED, 1, 1, 1, 1, 1])
    against, strict = argkp.average_precision(found, undecided_is_right=False)
    # right at ranks 1 and 4 of 4: (1/1 + 2/4) / 4; relaxed at 1, 3 and 4: (1/1 + 2/3 + 3/4) / 4
    assert np.isnan(against)
    assert strict == pytest.approx(0.375)
    assert argkp.average_precision(found, undecided_is_right=True)[1] == pytest.approx((1 + 2 / 3 + 3 / 4) / 4)


def test_f1_leaves_undecided_pairs_out_and_recalls_arguments_that_make_a_point() -> None:
    found = [
        matches([0.9, 0.8, 0.7, 0.1], [1, UNDECIDED, 0, 1], [True, True, True, True]),
        matches([0.9, 0.2], [1, 0], [True, False]),
    ]
    rows = {row["measure"]: row for row in argkp.measured(found, 0.5, probabilities=False)}
    # given: .9 right, .7 wrong, .9 right; 5 arguments make a point: precision 2/3, recall 2/5
    assert rows["F1"]["value"] == pytest.approx(2 * (2 / 3) * (2 / 5) / (2 / 3 + 2 / 5))
    assert (rows["F1"]["n"], rows["F1"]["topics"]) == (6, 2)
    assert rows["precision of the surest 100 %"]["value"] == pytest.approx(3 / 5)
    assert rows["precision of the surest 50 %"]["value"] == 1.0


def test_the_threshold_is_the_best_one_on_what_it_is_given() -> None:
    found = [matches([0.9, 0.8, 0.3, 0.2], [1, 1, 0, 0])]
    assert 0.3 < argkp.threshold(found) <= 0.8


def test_the_best_match_is_sought_among_points_of_the_same_stance() -> None:
    topic = Topic("q", ["a", "b"], np.array([1, -1]), ["p", "c"], np.array([[0, OTHER_STANCE], [OTHER_STANCE, 1]]))
    found = argkp.matches(topic, np.array([[0.1, 0.9], [0.8, 0.2]]))
    assert found.scores.tolist() == [0.1, 0.2] and found.labels.tolist() == [0, 1]


def test_calibrated_scores_have_a_brier_score_and_a_reliability() -> None:
    found = [matches([0.9, 0.7, 0.1], [1, 0, 0])]
    rows = {str(row["measure"]): row for row in argkp.measured(found, 0.5, probabilities=True)}
    assert rows["Brier score"]["value"] == pytest.approx((0.01 + 0.49 + 0.01) / 3)
    assert rows["share right, confidence 0.6 to 0.8 (mean 0.70)"]["value"] == 0.0
    assert rows["share right, confidence 0.8 to 1.0 (mean 0.90)"]["n"] == 1


def test_topics_of_ones_own_are_measured_with_the_model_and_without(folder: Path) -> None:
    vectors = embedding.embed(argkp.texts(argkp.read(folder, "mine")), {})
    table = argkp.argkp(folder, "mine", vectors=vectors)
    assert tuple(table.columns) == argkp.COLUMNS
    assert not table.duplicated(["coder", "measure"]).any()
    values = table.pivot(index="coder", columns="measure", values="value")["precision of the surest 100 %"]
    assert set(values.index) == set(argkp.coders(vectors)) and values["semantic"] == 1.0  # one point for each stance
    pd.testing.assert_frame_equal(table, argkp.argkp(folder, "mine", vectors=vectors))
    assert set(argkp.argkp(folder, "mine")["coder"]) == set(argkp.coders(None))
    assert tuple(argkp.published().columns) == argkp.COLUMNS


@pytest.mark.skipif(not BENCH.is_dir(), reason="the benchmark's data are not here")
def test_the_semantic_coder_beats_tf_idf_on_a_topic_that_set_no_constant() -> None:
    topic = argkp.read(BENCH, "dev")[0]
    vectors = embedding.embed(argkp.texts([topic]), {})
    known = argkp.coders(vectors)
    strict = {
        name: np.mean(argkp.average_precision(argkp.matches(topic, known[name](topic)), undecided_is_right=False))
        for name in ("semantic", "tf-idf of characters")
    }
    assert strict["semantic"] > strict["tf-idf of characters"]
