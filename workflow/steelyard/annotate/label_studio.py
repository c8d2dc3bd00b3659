"""Annotations exported from Label Studio, as JSON or JSON-MIN, read like the rows of a file of recorded codes.

An annotation that somebody submitted is a person's reading. Predictions, drafts and what was skipped are none.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from pathlib import Path
from typing import Any

from steelyard import vocabulary
from steelyard.csv_file import Row
from steelyard.errors import Problem, SteelyardError

TASK = ("document_id", "start", "quote", "before", "after", "sample", "codebook")  # what a task holds
# The controls of the labelling config, besides one for each stance and one for each finding.
SINGLE = ("kind", "hedged", "gap")
FREE = ("label", "note")

_Answers = dict[str, list[str]]  # control -> what was chosen or typed


def read(path: Path) -> tuple[list[Row], list[Problem]]:
    """Read an export.

    Args:
        path: the file; shown in messages as it is given.

    Returns:
        Rows of recorded codes, each with "file: task 12" (Label Studio's own number of the task), and the problems of
        the tasks that cannot be read. Tasks that nobody has annotated have none.

    Raises:
        SteelyardError: the file is no export.
    """
    tasks = _tasks(path)
    minimal = [task for task in tasks if "data" not in task]
    if tasks and not minimal and not any("annotations" in task for task in tasks):
        hint = "Export them from Label Studio, as JSON or JSON-MIN; what is imported there holds no codes."
        raise SteelyardError(Problem("no task has annotations", str(path), hint))
    rows: list[Row] = []
    problems: list[Problem] = []
    annotated: Counter[str] = Counter()
    for number, task in enumerate(tasks, 1):
        where = f"{path}: task {task.get('id', number)}"
        for annotation, answers in _annotations(task):
            annotated[where] += 1
            if annotated[where] > 1:
                problems.append(_twice(where))
            elif _predicted(annotation):
                problems.append(Problem("an answer is a prediction that the annotator left as it was", where, _BLIND))
            else:
                rows += [(where, cells) for cells in _cells(task.get("data", task), annotation, answers)]
    return rows, problems


_BLIND = "People code without sight of what a program made of it: annotate the task without predictions."


def _twice(where: str) -> Problem:
    hint = "Keep one annotation a task, or export each person's into a file of its own and name both under coders."
    return Problem("is annotated more than once", where, hint)


def _tasks(path: Path) -> list[dict[str, Any]]:
    try:
        tasks = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as failure:
        raise SteelyardError(Problem(f"cannot be read ({failure.strerror})", str(path))) from None
    except UnicodeDecodeError:
        raise SteelyardError(Problem("is not UTF-8", str(path), "Export it again.")) from None
    except json.JSONDecodeError as failure:
        problem = Problem(f"is no valid JSON ({failure.msg})", f"{path}:{failure.lineno}", "Export it again.")
        raise SteelyardError(problem) from None
    except (ValueError, RecursionError):  # a number of thousands of digits, brackets in thousands of brackets
        raise SteelyardError(Problem("is no export of Label Studio", str(path), "Export it again.")) from None
    if not isinstance(tasks, list) or not all(map(_is_task, tasks)):
        hint = "Export the annotations as JSON or JSON-MIN."
        raise SteelyardError(Problem("is no list of tasks", str(path), hint))
    return tasks


def _is_task(task: Any) -> bool:
    if not isinstance(task, dict) or not isinstance(task.get("data", {}), dict):
        return False
    annotations = task.get("annotations") or []
    return _are_mappings(annotations) and all(_are_mappings(one.get("result") or []) for one in annotations)


def _are_mappings(values: Any) -> bool:
    return isinstance(values, list) and all(isinstance(value, dict) for value in values)


def _annotations(task: dict[str, Any]) -> Iterator[tuple[dict[str, Any], _Answers]]:
    """Give each annotation that was submitted, with its answers."""
    if "data" not in task:  # JSON-MIN: one annotation a record; none where a task has none
        if task.get("annotation_id") is not None:
            yield (
                task | {"completed_by": task.get("annotator")},
                {name: _chosen(task.get(name)) for name in _controls()},
            )
        return
    for annotation in task.get("annotations") or []:
        if not annotation.get("was_cancelled"):
            answers: _Answers = {name: [] for name in _controls()}
            for result in annotation.get("result") or []:
                if (name := str(result.get("from_name"))) in answers:
                    answers[name] += _chosen(result.get("value"))
            yield annotation, answers


def _controls() -> tuple[str, ...]:
    return *vocabulary.STANCES, *SINGLE, *vocabulary.FINDINGS, *FREE


def _chosen(value: Any) -> list[str]:
    """Give what was chosen or typed: JSON-MIN writes one choice as a text, several as JSON does."""
    if isinstance(value, dict):
        value = value.get("choices", value.get("text"))
    chosen = value if isinstance(value, list) else [value]
    return [str(one) for one in chosen if one is not None]


def _predicted(annotation: Mapping[str, Any]) -> bool:
    return any(one.get("origin") == "prediction" for one in annotation.get("result") or [])


def _cells(task: Mapping[str, Any], annotation: Mapping[str, Any], answers: _Answers) -> Iterator[dict[str, str]]:
    """Give the rows of one annotation: one for each hypothesis or expected observation, at least one."""
    coder = _coder(annotation.get("completed_by"))
    plain = {name: str(task.get(name, "")) for name in TASK} | {
        **{name: ", ".join(answers[name]) for name in SINGLE},
        "coder": coder,
        "origin": "human" if coder else "",
        "date": str(annotation.get("created_at") or "")[:10],
        "note": "; ".join(answers["note"]),
        "label": "",
    }
    codes = [(name, stance) for stance in vocabulary.STANCES for name in answers[stance]] or [("", "")]
    sightings = [(name, finding) for finding in vocabulary.FINDINGS for name in answers[finding]] or [("", "")]
    label = "; ".join(answers["label"])
    named = vocabulary.OTHER_MOTIVE if any(name == vocabulary.OTHER_MOTIVE for name, _ in codes) else codes[0][0]
    for (hypothesis, stance), (observation, finding) in zip_longest(codes, sightings, fillvalue=("", "")):
        yield plain | {
            "hypothesis_id": hypothesis,
            "stance": stance,
            "label": label if hypothesis == named else "",
            "observation_id": observation,
            "finding": finding,
        }


def _coder(completed_by: Any) -> str:
    """Name who made an annotation: the e-mail address where the export has it, else the number."""
    if isinstance(completed_by, dict):
        completed_by = completed_by.get("email") or completed_by.get("id")
    return "" if completed_by in (None, "None") else str(completed_by)  # JSON-MIN writes None as a text
