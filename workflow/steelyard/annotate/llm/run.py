"""From a study's statements to a model's answers: asks for those that are not kept yet, and keeps them."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from steelyard.annotate.llm import answer, coder, kept, prompt
from steelyard.annotate.llm.prompt import Prompts, Question, Schema
from steelyard.annotate.sentences import statements_read
from steelyard.codebook import Codebook
from steelyard.errors import Problem
from steelyard.ingest.texts import Texts
from steelyard.study import LlmCoder

_AGAIN = "then run again with --forcerun llm; answers that came are kept"


@dataclass(frozen=True)
class Task:
    """What a model is asked, and where its answers are kept.

    Args:
        settings: the coder's.
        path: the file of kept answers.
        prompts: the prompt files.
        schema: of the answers.
        hypotheses: ids that are asked about.
        questions: about the statements of posts, headlines and summaries, in the corpus' order.
    """

    settings: LlmCoder
    path: Path
    prompts: Prompts
    schema: Schema
    hypotheses: list[str]
    questions: list[Question]

    def estimate(self, answers: kept.Answers) -> str:
        """Say what is still to be asked, and what that may cost."""
        prices = self.settings.price_in, self.settings.price_out
        words = coder.estimate(self.questions, answers, self.schema, *prices)
        return f"Coder {self.settings.name} ({self.settings.model}): {words}."


def task(
    settings: LlmCoder,
    folder: Path,
    statements: pd.DataFrame,
    utterances: pd.DataFrame,
    documents: pd.DataFrame,
    extracted: Path,
    codebook: Codebook,
) -> Task:
    """Compose what is asked.

    Args:
        settings: the coder's.
        folder: the study's folder.
        statements: per `tables.STATEMENTS`.
        utterances: per `tables.UTTERANCES`.
        documents: per `tables.DOCUMENTS`.
        extracted: the folder ingest/texts.
        codebook: the hypotheses, and the question they answer.

    Raises:
        SteelyardError: a prompt file is not right.
    """
    prompts = prompt.load(folder / settings.prompts if settings.prompts else None)
    rows = statements_read(statements, utterances)
    texts = Texts(documents, folder, extracted)
    questions = prompt.questions(rows, texts, codebook, prompts, settings.model, settings.context)
    return Task(settings, folder / settings.answers, prompts, prompt.schema(codebook), codebook.ids, questions)


def complete(what: Task) -> tuple[dict[str, kept.Answer], dict[str, str]]:
    """Give the answers to all questions: the kept ones, and those that the endpoint gives to the others.

    Where none is missing there is no connection, and no key is needed. Where the endpoint fails the others are left
    without an answer, and one warning says so. What is to be asked, and what that may cost, is said before.

    Returns:
        Answers by key, and by key why none came.

    Raises:
        SteelyardError: the kept answers cannot be read.
    """
    answers = kept.read(what.path)
    print(what.estimate(answers), file=sys.stderr)
    missing = {question.key: question for question in what.questions if question.key not in answers}
    if not missing:
        return answers, {}
    variable = what.settings.key_variable
    key = os.environ.get(variable, "") if variable else ""
    if variable and not key:
        _warn(what, len(missing), "there is no API key", f"Set the environment variable {variable}, {_AGAIN}.")
        return answers, dict.fromkeys(missing, "there is no API key")
    if what.path.exists():
        kept.write(what.path, answers)  # a line that was not written to its end goes, before others follow it
    came, failed = _asked(what, list(missing.values()), key)
    if came:
        kept.write(what.path, answers | came)
    return answers | came, failed


def _asked(what: Task, missing: Sequence[Question], key: str) -> tuple[dict[str, kept.Answer], dict[str, str]]:
    # Takes half a second, and only where something is asked.
    from steelyard.annotate.llm.endpoint import Endpoint, NoAnswerError, ask

    def fault(question: Question, text: str) -> str | None:
        said = answer.read(text, question.text, what.hypotheses)
        return said if isinstance(said, str) else None

    def measured(seconds: float) -> None:
        minutes = seconds * (len(missing) - 1) / what.settings.parallel / 60
        print(f"The first answer took {seconds:.1f} s: about {minutes:.1f} minutes for the others.", file=sys.stderr)

    came: dict[str, kept.Answer] = {}
    failed: dict[str, NoAnswerError] = {}
    endpoint = Endpoint(what.settings, key, what.prompts, what.schema, fault)
    for question, result in ask(endpoint, missing, what.settings.parallel, measured):
        if isinstance(result, NoAnswerError):
            failed[question.key] = result
        else:
            came[question.key] = result
            kept.add(what.path, result)
    if failed:
        last = list(failed.values())[-1]
        _warn(what, len(failed), f"{last.reason}{f': {last.detail}' if last.detail else ''}", f"Mend that, {_AGAIN}.")
    return came, {name: failure.reason for name, failure in failed.items()}


def _warn(what: Task, number: int, why: str, hint: str) -> None:
    said = f"{number} requests were not answered, and their statements are left uncoded: {why}"
    where = f"coder {what.settings.name}, {what.settings.url}"
    print(f"Warning: {Problem(said, where, hint)}", file=sys.stderr)
