"""Answers that are kept: JSON Lines, one answer a line, by the digest of what was asked.

An answer is added as it comes, so that a run that is killed loses none; at the end the file is written whole and
sorted, so that the order of arrival does not show. It belongs to the study, and says nothing of where or when.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import pydantic

from steelyard.errors import Problem, SteelyardError
from steelyard.files import write_whole


class Answer(pydantic.BaseModel):
    """A model's last answer to a question, right or wrong.

    Args:
        key: digest of all that determines the answer.
        model: who answered.
        prompts: digest of the prompt files.
        statement: SHA-256 of the statement's text.
        text: the answer, as it came.
        end: how it ended; a refusal's text is the model's words for it.
        tokens_in: tokens that the endpoint counted in what it was sent, over all tries; 0 where it does not say.
        tokens_out: the same of what it answered.
    """

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True, strict=True)

    key: str
    model: str
    prompts: str
    statement: str
    text: str
    end: Literal["complete", "refused", "cut off"]
    tokens_in: int = 0
    tokens_out: int = 0


Answers = Mapping[str, Answer]


def read(path: Path) -> dict[str, Answer]:
    """Read the answers kept in a file, by key; none where there is no file.

    A last line that was not written to its end is left out: the run was killed there.

    Raises:
        SteelyardError: with every other line that holds no answer, or another for the same question.
    """
    if not path.exists():
        return {}
    try:
        *lines, rest = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as failure:
        raise SteelyardError(Problem(f"the kept answers cannot be read ({failure})", str(path))) from None
    answers: dict[str, Answer] = {}
    problems = []
    for number, line in enumerate([*lines, rest], start=1):
        try:
            answer = Answer.model_validate_json(line)
        except pydantic.ValidationError:
            if line and number <= len(lines):
                hint = "Delete the line, and it is asked again; a merge may have left marks."
                problems.append(Problem("is no kept answer", f"{path}:{number}", hint))
            continue
        if answers.setdefault(answer.key, answer) != answer:
            problems.append(Problem("is a second answer to one question", f"{path}:{number}", "Keep one of the two."))
    if problems:
        raise SteelyardError(problems)
    return answers


def add(path: Path, answer: Answer) -> None:
    """Add an answer to a file whose last line is whole; it is made if it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(_line(answer))


def write(path: Path, answers: Answers) -> None:
    """Write the file whole, sorted by key."""
    text = "".join(_line(answers[key]) for key in sorted(answers))
    write_whole(path, lambda temporary: temporary.write_text(text, encoding="utf-8"))


def _line(answer: Answer) -> str:
    return json.dumps(answer.model_dump(), ensure_ascii=True) + "\n"
