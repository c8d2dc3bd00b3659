"""The figures of the coder that learns, on small data in the layouts of the public ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from steelyard.errors import SteelyardError
from steelyard.evaluate import few_labels, intervals, kinds
from steelyard.evaluate.page import COLUMNS


def _argkp(folder: Path, *, shuffled: bool) -> Path:
    draws = np.random.default_rng(0)
    folder.mkdir()
    rows = []
    for topic in ("cats", "dogs"):
        for number in range(100):
            stance = 1 if number % 2 else -1
            said = {1: ["lovely", "gentle", "warm"], -1: ["costly", "noisy", "dull"]}[stance][draws.integers(3)]
            rows.append((f"{topic}{number}", f"{topic} are {said} number {number}", topic, stance))
    frame = pd.DataFrame(rows, columns=["arg_id", "argument", "topic", "stance"])
    if shuffled:
        frame["stance"] = draws.permutation(frame["stance"])
    frame.to_csv(folder / "arguments_dev.csv", index=False)
    points = pd.DataFrame([("k", "a point", "cats", 1)], columns=["key_point_id", "key_point", "topic", "stance"])
    points.to_csv(folder / "key_points_dev.csv", index=False)
    pd.DataFrame([("cats1", "k", 1)], columns=["arg_id", "key_point_id", "label"]).to_csv(
        folder / "labels_dev.csv", index=False
    )
    return folder


def _value(rows: pd.DataFrame, coder: str, measure: str) -> float:
    return float(rows.query("coder == @coder and measure == @measure")["value"].iloc[0])


def test_few_labels_learn_what_can_be_learned(tmp_path: Path):
    rows = few_labels.few_labels(_argkp(tmp_path / "data", shuffled=False), ["dev"], {})
    assert list(rows.columns) == list(COLUMNS)
    assert _value(rows, "learned", "macro-F1, 40 labels") > 0.9
    assert _value(rows, "majority", "macro-F1, 40 labels") == pytest.approx(1 / 3, abs=0.03)
    assert set(rows.query("measure == 'macro-F1, 40 labels'")["coder"]) >= {"tf-idf + logistic regression"}


def test_labels_without_a_rule_stay_at_chance(tmp_path: Path):
    rows = few_labels.few_labels(_argkp(tmp_path / "data", shuffled=True), ["dev"], {})
    assert 0.35 < _value(rows, "learned", "macro-F1, 40 labels") < 0.6


def test_kinds_are_measured_on_other_comments(tmp_path: Path):
    said = {"fact": "the rate was", "policy": "they should ban", "testimony": "my own bill", "value": "it is unfair"}
    lines = ["doc\tprop\tlabel\ttext"]
    for comment in range(30):
        lines += [f"{comment}\t{i}\t{kind}\t{text} {comment}" for i, (kind, text) in enumerate(said.items())]
        lines.append(f"{comment}\t9\treference\thttp://example.org/{comment}")
    (tmp_path / "cdcp_train.tsv").write_text("\n".join(lines), encoding="utf-8")
    data = kinds.cdcp(tmp_path)
    rows = kinds.kinds(data, {})
    assert len(data.texts) == 120, "references are left out"
    assert _value(rows, "learned", "macro-F1") > 0.95
    assert _value(rows, "majority", "macro-F1") < 0.3
    assert "cues" not in set(rows["coder"]), "its kinds can't be told from these"


def test_types_of_evidence_are_compared_with_the_lexicon(tmp_path: Path):
    said = {"STUDY": "A trial found 12 % fewer", "EXPERT": "Smith said that", "ANECDOTAL": "I saw at home that"}
    lines = [
        f"topic {topic}\tclaim\t{text} case {topic}-{number}\t[{kind}]"
        for topic in range(10)
        for number in range(3)
        for kind, text in said.items()
    ]
    lines.append("topic 1\tclaim\ttwo at once\t[STUDY, EXPERT]")
    (tmp_path / "evidence.txt").write_text("\n".join(lines), encoding="utf-8")
    data = kinds.rinott(tmp_path)
    rows = kinds.kinds(data, {})
    assert len(data.texts) == 90, "texts of two types are left out"
    assert _value(rows, "learned", "macro-F1") > 0.95
    assert 0 < _value(rows, "cues", "macro-F1") <= 1


def test_a_missing_file_is_told(tmp_path: Path):
    for read in (kinds.cdcp, kinds.rinott):
        with pytest.raises(SteelyardError, match="no such file"):
            read(tmp_path)


def test_macro_f1_is_the_mean_over_classes_that_occur():
    true, given = np.array([0, 0, 1, 1]), np.array([0, 1, 1, -1])
    table = intervals.confusions(np.zeros(4, dtype=int), true, given, 3)
    # class 0: 2 x 1 / (2 + 1); class 1: 2 x 1 / (2 + 2); class 2 does not occur
    assert float(intervals.macro_f1(table)[0]) == pytest.approx((2 / 3 + 1 / 2) / 2)


def test_an_interval_holds_its_value():
    value, low, high = intervals.of_mean(np.array([0.2, 0.4, 0.9, 0.5]))
    assert value == pytest.approx(0.5) and 0.2 <= low < value < high <= 0.9
