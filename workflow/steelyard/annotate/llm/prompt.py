"""What a language model is asked: the messages about a statement, and the JSON schema of the answer.

The words come from three files, which a study may bring its own of: `system.txt` ($question, $hypotheses, and $form:
the answer that says no to everything), `statement.txt` ($material) and `again.txt` ($fault: why an answer cannot be
used).

Text of the corpus is data. It stands in the user's message alone, as one line of JSON in which it can neither end its
string nor begin a line, nor write the marks by which models tell who speaks (`<|im_end|>`, `[INST]`). The system
message and the schema are made of the codebook, and are the same for every statement.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

import pandas as pd

from steelyard import tables
from steelyard.codebook import Codebook, Hypothesis
from steelyard.errors import Problem, SteelyardError
from steelyard.vocabulary import OTHER_MOTIVE, Kind

TEMPERATURE = 0.0
# What is asked of the evidence, from the strongest on, as the programs order it (traits.py).
EVIDENCE: tuple[Kind, ...] = (
    "statistic",
    "cited",
    "testimony",
    "attributed",
    "observation",
    "reasoning",
    "assertion",
)
FLAGS = ("hedged", "gap")
FILES = {  # and what each must name
    "system.txt": {"question", "hypotheses", "form"},
    "statement.txt": {"material"},
    "again.txt": {"fault"},
}

Schema = dict[str, Any]
Messages = list[dict[str, str]]

_FOLDER = Path(__file__).parent / "prompts"
# Line ends that JSON leaves as they are, and how the control tokens of chat templates begin.
_ESCAPED = str.maketrans({character: f"\\u{ord(character):04x}" for character in "<[\x7f\x85\u2028\u2029"})


@dataclass(frozen=True)
class Prompts:
    """The texts of the prompt files, and a digest of them all: 16 hexadecimal digits."""

    system: Template
    statement: Template
    again: Template
    digest: str


@dataclass(frozen=True)
class Question:
    """What is asked about one statement.

    Args:
        key: digest of all that determines the answer; statements alike in text and context share one.
        statement_id: the statement.
        text: the statement, which quotes must stand in.
        messages: the system's and the user's.
    """

    key: str
    statement_id: str
    text: str
    messages: Messages


def files(folder: Path | None) -> list[Path]:
    """Give the prompt files: those of a folder, or the package's."""
    return [(folder or _FOLDER) / name for name in FILES]


def load(folder: Path | None) -> Prompts:
    """Read the prompt files.

    Raises:
        SteelyardError: with every file that is missing, or does not name what it must.
    """
    texts, problems = [], []
    for path in files(folder):
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as failure:
            problems.append(Problem(f"the prompt cannot be read ({failure})", str(path)))
            continue
        texts.append(text)
        wanted = {f"${name}" for name in FILES[path.name]}
        template = Template(text)
        if not template.is_valid() or {f"${name}" for name in template.get_identifiers()} != wanted:
            hint = "Any other dollar sign is written twice: $$."
            problems.append(Problem(f"the prompt must name {' and '.join(sorted(wanted))}", str(path), hint))
    if problems:
        raise SteelyardError(problems)
    system, statement, again = (Template(text) for text in texts)
    return Prompts(system, statement, again, _digest(texts)[:16])


def questions(
    rows: pd.DataFrame,
    documents: Mapping[str, str],
    codebook: Codebook,
    prompts: Prompts,
    model: str,
    context: int,
) -> list[Question]:
    """Compose what is asked about each statement.

    Args:
        rows: statements per `tables.STATEMENTS`.
        documents: text by document_id.
        codebook: the hypotheses, and the question they answer.
        prompts: the prompt files.
        model: the model's name, which the answers' keys depend on.
        context: code points of the document given on each side.
    """
    hypotheses = "\n".join(_criteria(hypothesis) for hypothesis in codebook.hypotheses)
    form = schema(codebook)
    no = json.dumps(blank(form))  # for endpoints that do not enforce the schema
    system = prompts.system.substitute(question=_line(codebook.question), hypotheses=hypotheses, form=no)
    basis = [form, model, TEMPERATURE, prompts.again.template]
    found = []
    for row in tables.records(rows):
        text = documents[row.document_id]
        material = {
            "before": text[max(0, row.start - context) : row.start],
            "statement": row.text,
            "after": text[row.end : row.end + context],
        }
        user = prompts.statement.substitute(material=inert(json.dumps(material, ensure_ascii=False)))
        messages = [{"role": "system", "content": system}, {"role": "user", "content": user}]
        found.append(Question(_digest([messages, *basis]), row.statement_id, row.text, messages))
    return found


def again(question: Question, prompts: Prompts, answer: str, fault: str) -> Messages:
    """Compose what is said where an answer cannot be used."""
    return [
        *question.messages,
        {"role": "assistant", "content": inert(answer)},
        {"role": "user", "content": prompts.again.substitute(fault=fault)},
    ]


def inert(text: str) -> str:
    """Write JSON, or a line, so that nothing in it ends the line, or is a control token to a model."""
    return text.translate(_ESCAPED)


def schema(codebook: Codebook) -> Schema:
    """Give the JSON schema of an answer, in the few keywords that all endpoints enforce."""
    truth, text = {"type": "boolean"}, {"type": "string"}
    hypothesis = {"quote": text, "asserts": truth, "denies": truth}
    return _object(
        {
            "hypotheses": _object(dict.fromkeys(codebook.ids, _or_no(_object(hypothesis)))),
            OTHER_MOTIVE: _or_no(_object({"label": text} | hypothesis)),
            "evidence": _object(dict.fromkeys(EVIDENCE, _or_no(text))),
            **dict.fromkeys(FLAGS, _or_no(text)),
        }
    )


def blank(schema: Schema) -> Any:
    """Give the answer of a schema that says no to everything."""
    if "anyOf" in schema:
        return None
    return {name: blank(inner) for name, inner in schema["properties"].items()}


def _object(properties: Mapping[str, Schema]) -> Schema:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def _or_no(answer: Schema) -> Schema:
    """Let a criterion be answered by no: null, which costs the least."""
    return {"anyOf": [{"type": "null"}, answer]}


def _criteria(hypothesis: Hypothesis) -> str:
    lines = [f"- {hypothesis.id}: {_line(hypothesis.claim)}"]
    for said, examples in (("Count also", hypothesis.count_also), ("Do not count", hypothesis.do_not_count)):
        if examples:
            lines.append(f"  {said}: {'; '.join(_line(example) for example in examples)}")
    return "\n".join(lines)


def _line(text: str) -> str:
    """Give a text of the codebook, which may be another's too, on one line and without control tokens."""
    return inert(" ".join(text.split()))


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=False).encode()).hexdigest()
