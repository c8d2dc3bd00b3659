"""Annotations exported from Label Studio are a person's codes; what is no annotation is none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from annotate_corpus import codebook, corpus

from steelyard.annotate import recorded
from steelyard.annotate.readings import Readings
from steelyard.errors import SteelyardError

FIRST, SECOND = "Openness is altruism.", "It is dumping."
MADE = corpus([FIRST, SECOND])


def answer(name: str, *chosen: str, **given: str) -> dict:
    return {"from_name": name, "to_name": "quote", "type": "choices", "value": {"choices": list(chosen)}} | given


PLAIN = [answer("kind", "assertion"), answer("hedged", "false"), answer("gap", "true")]


def annotation(*result: dict, **given: object) -> dict:
    return {"id": 5, "completed_by": 3, "was_cancelled": False, "result": [*PLAIN, *result]} | given


def task(number: int, *annotations: dict, quote: str = FIRST, **data: str) -> dict:
    start = MADE["text"].index(quote) if quote in MADE["text"] else 0
    about = {"document_id": "doc", "start": str(start), "quote": quote, "sample": "random", "codebook": "0a1b2c3d"}
    return {"id": number, "data": about | data, "annotations": list(annotations), "predictions": []}


def read(path: Path, *tasks: object) -> Readings:
    path.write_text(json.dumps(tasks), encoding="utf-8")
    return recorded.read(path, "ann", {"doc": MADE["text"]}, MADE["statements"], codebook())


def errors(path: Path, *tasks: object) -> list[str]:
    with pytest.raises(SteelyardError) as raised:
        read(path, *tasks)
    return [str(problem).replace(str(path), "export.json").split("\n")[0] for problem in raised.value.problems]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "export.json"


def test_an_annotation_is_a_persons_reading(file):
    made = read(file, task(1, annotation(answer("opposes", "culture", "chips"), answer("raises", "goodwill"))))
    assert made.readings[["hypothesis_id", "stance", "origin"]].to_numpy().tolist() == [
        ["chips", "opposes", "human"],
        ["culture", "opposes", "human"],
        ["goodwill", "raises", "human"],
    ]
    [traits] = made.traits.itertuples()
    assert (traits.kind, traits.hedged, traits.gap, traits.origin, traits.drawn) == (
        *("assertion", False, True),
        *("human", "random"),
    )


def test_what_was_skipped_or_predicted_is_no_reading(file):
    skipped = task(1, annotation(was_cancelled=True))
    predicted = task(2, quote=SECOND) | {"predictions": [{"result": PLAIN}]}
    assert read(file, skipped, predicted).traits.empty


def test_a_prediction_left_as_it_was_is_refused(file):
    accepted = annotation(answer("supports", "culture", origin="prediction"))
    assert errors(file, task(4, accepted)) == [
        "export.json: task 4: an answer is a prediction that the annotator left as it was"
    ]


def test_tasks_annotated_twice_are_told(file):
    assert errors(file, task(7, annotation(), annotation(completed_by=4))) == [
        "export.json: task 7: is annotated more than once"
    ]


def test_mistakes_are_told_with_the_task(file):
    told = errors(
        file,
        task(12, annotation(answer("supports", "culture"), answer("raises", "culture"))),
        task(3, annotation(completed_by=None), quote=SECOND),
        task(8, annotation(answer("supports", "cultur")), quote="qqqqqq"),
        task(9, {"completed_by": 1, "result": [answer("supports", "culture")]}, quote=SECOND, start="15"),
    )
    assert told == [
        "export.json: task 3: origin is empty",
        "export.json: task 3: coder is empty",
        "export.json: task 8: unknown hypothesis_id 'cultur'",
        "export.json: task 8: quote 'qqqqqq' is not in the document",
        *(f"export.json: task 9: {name} is empty" for name in ("kind", "hedged", "gap")),
        "export.json: task 12: hypothesis_id 'culture' is coded twice for the same quote"
        " (first at export.json: task 12)",
    ]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"{", "export.json:1: is no valid JSON"),
        (b'{"a": 1}', "export.json: is no list of tasks"),
        (b"[1]", "export.json: is no list of tasks"),
        (b'[{"data": {}, "annotations": [{"result": [1]}]}]', "export.json: is no list of tasks"),
        (b'["\xff"]', "export.json: is not UTF-8"),
        (b'[{"data": {}}]', "export.json: no task has annotations"),
    ],
)
def test_what_is_no_export_is_told(file, content, told):
    file.write_bytes(content)
    with pytest.raises(SteelyardError) as raised:
        recorded.read(file, "ann", {"doc": MADE["text"]}, MADE["statements"], codebook())
    [problem] = raised.value.problems
    assert str(problem).replace(str(file), "export.json").startswith(told)
