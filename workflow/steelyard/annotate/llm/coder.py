"""Kept answers made into readings, and into a file of recorded codes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from steelyard import csv_file, tables
from steelyard.annotate.llm import answer, kept
from steelyard.annotate.llm.prompt import Question, Schema, blank
from steelyard.annotate.readings import Readings
from steelyard.annotate.recorded_file import COLUMNS
from steelyard.codebook import Codebook

_BYTES_A_TOKEN = 4  # roughly, in UTF-8, whatever the language

Coded = dict[str, "answer.Coded | str"]  # statement -> what was said of it, or why it is uncoded


def coded(
    questions: Sequence[Question], answers: kept.Answers, failed: Mapping[str, str], hypotheses: Sequence[str]
) -> Coded:
    """Check the answers about each statement.

    Args:
        questions: what was asked.
        answers: by key; those to other questions count for nothing.
        failed: why no answer came, by key.
        hypotheses: ids that were asked about.

    Returns:
        By statement what a valid answer says, or in words why there is none.
    """
    found: Coded = {}
    for question in questions:
        given = answers.get(question.key)
        if given is None:
            found[question.statement_id] = failed[question.key]
        elif given.end != "complete":
            found[question.statement_id] = f"the answer was {given.end}"
        else:
            found[question.statement_id] = answer.read(given.text, question.text, hypotheses)
    return found


def readings(found: Coded, coder: str) -> Readings:
    """Make readings of what was said; a model is asked for no confidence, so all have 1. No sightings are asked for."""
    codes: list[dict[str, Any]] = []
    traits: list[dict[str, Any]] = []
    for name, said in _said(found):
        row = {"statement_id": name, "coder": coder, "origin": "language_model", "confidence": 1.0}
        traits.append(row | {"kind": said.kind, "hedged": said.hedged, "gap": said.gap})
        for hypothesis, (stance, label) in said.codes.items():
            codes.append(row | {"hypothesis_id": hypothesis, "stance": stance, "label": label})
    return Readings(tables.READINGS.frame(codes), tables.TRAIT_READINGS.frame(traits), tables.SIGHTING_READINGS.empty())


def unanswered(found: Coded, coder: str) -> pd.DataFrame:
    """List the statements left uncoded, per `tables.UNANSWERED`."""
    left = [(name, said) for name, said in found.items() if isinstance(said, str)]
    return tables.UNANSWERED.frame([{"coder": coder, "statement_id": name, "reason": said} for name, said in left])


def codes(found: Coded, statements: pd.DataFrame, codebook: Codebook, model: str, prompts: str) -> bytes:
    """Write a file of recorded codes, which a `recorded` coder reads as the same readings.

    Args:
        found: what was said.
        statements: per `tables.STATEMENTS`.
        codebook: what it was coded by.
        model: who read.
        prompts: digest of the prompt files.
    """
    places = statements.set_index("statement_id")
    rows = []
    for name, said in sorted(_said(found), key=lambda one: (places.document_id[one[0]], places.start[one[0]])):
        row = {
            "document_id": places.document_id[name],
            "start": str(places.start[name]),
            "quote": places.text[name],
            "kind": said.kind,
            "hedged": str(said.hedged).lower(),
            "gap": str(said.gap).lower(),
            "coder": model,
            "origin": "language_model",
            "note": f"{model}; prompts {prompts}",
            "codebook": codebook.every_version,
        }
        named = [
            {"hypothesis_id": hypothesis, "stance": stance, "label": label or ""}
            for hypothesis, (stance, label) in said.codes.items()
        ]
        rows += [row | one for one in named or [{}]]
    return csv_file.written([*COLUMNS, "codebook"], rows)


def estimate(
    questions: Sequence[Question],
    answers: kept.Answers,
    schema: Schema,
    price_in: float | None,
    price_out: float | None,
) -> str:
    """Say what is still to be asked: requests, tokens, and cost where the prices of a million tokens are known.

    What goes in is estimated by its length, what comes out by the answers kept to such questions, where there are any.
    """
    missing = {question.key: question for question in questions if question.key not in answers}
    if not missing:
        return f"all {len(questions)} statements are answered: nothing is to be asked, and it costs nothing"
    sent = sum(len(message["content"].encode()) for one in missing.values() for message in one.messages)
    counted = [one.tokens_out for question in questions if (one := answers.get(question.key)) and one.tokens_out]
    each = sum(counted) / len(counted) if counted else len(json.dumps(blank(schema))) / _BYTES_A_TOKEN
    tokens_in, tokens_out = sent // _BYTES_A_TOKEN, round(len(missing) * each)
    said = (
        f"{len(missing)} requests for {len(questions)} statements, about {tokens_in:,} tokens to send and "
        f"{tokens_out:,} to answer (by length, {_BYTES_A_TOKEN} bytes a token; answers asked for again come on top)"
    )
    if price_in is None or price_out is None:
        return f"{said}; cost unknown, as price_in and price_out are not given"
    return f"{said}; cost about {(tokens_in * price_in + tokens_out * price_out) / 1e6:.2f}"


def _said(found: Coded) -> Iterator[tuple[str, answer.Coded]]:
    return ((name, said) for name, said in found.items() if isinstance(said, answer.Coded))
