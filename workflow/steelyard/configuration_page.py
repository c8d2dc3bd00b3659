"""docs/configuration.md and docs/codebook.md, written from the typed models; a test holds the pages to them.

`make docs` writes them anew. The examples are checked by the models whenever that is done.
"""

from __future__ import annotations

import datetime
import inspect
import sys
import types
import typing
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pydantic
import yaml

from steelyard.codebook import Codebook
from steelyard.study import About, Study
from steelyard.yaml_file import Model

_CONFIGURATION = """# Configuration

*Written from the typed models by `make docs`; edit the descriptions there.*

A study is one YAML file that stands alone. Name it, or its folder: `steelyard report path/to/study`,
`make report CONFIG=path/to/config.yaml` or `snakemake --configfile path/to/config.yaml`. Its paths are read from its
own folder, and its results lie in `results/<study>/`. An unknown key is a mistake, and all mistakes are reported at
once: `steelyard check` finds them without running anything. What is left out has its default; *required* keys have
none. The rival answers stand in a file of their own, the [codebook](codebook.md).
"""
_SIDECAR = """
## The file beside a document

What is known of `letters/17.pdf` can stand in `letters/17.pdf.meta.yaml`. The config overrules it, and it overrules
what the document tells of itself. Its keys are these, with the meaning that they have [above](#sources):
"""
_CODEBOOK = """# Codebook

*Written from the typed models by `make docs`; edit the descriptions there.*

The rival answers to a study's question, in a YAML file that the config names.
[How to write hypotheses](how-to/hypotheses.md) says what makes a good one, and [method](method.md) what becomes of
them.
"""

# By section. Each begins at the top of its file, so that it can be copied as it is.
_EXAMPLES = {
    "study": """
study: library-evenings
question: Why do fewer people come to the town library in the evening?
codebook: codebook.yaml
sources:
  - {path: corpus/neighbours.txt, source_type: social media, date: 2026-02-19}
  - {path: "corpus/*.md", source_type: newsletter, interest: official}
report:
  title: Why do fewer people come to the town library in the evening?
""",
    "sources": """
sources:
  - {path: "blog/*.md", source_type: company blog, interest: official} # front matter tells the rest
  - {path: hearing.srt, source_type: hearing, title: First hearing, date: 2025-10-30}
  - path: comment-page.txt
    format: comment_page
    source_type: comments
    title: Exchange of comments
    turns: # the page does not say who answers
      - {from: "Yes, I agree. I'm not saying", speaker: foo12bar, name: foo12bar}
      - {from: I actually expect they will keep, speaker: replier}
  - path: reviews.jsonl
    source_type: reviews
    columns: {text: body, author: user.name, date: created, id: review_id}
""",
    "ingest": """
ingest:
  languages: [en, de]
  echo_words: 8
""",
    "coders": """
coders:
  - {name: ann, type: recorded, path: codes/ann.xlsx, sample: drawn by steelyard}
  - name: model
    type: llm
    url: http://127.0.0.1:11434/v1
    model: qwen3:8b
    answers: codes/model.jsonl
  - {name: learned, type: learned}
  - {name: semantic, type: semantic}
  - {name: cues, type: cues, accept: 0.6}
""",
    "method": """
method:
  strength: {assertion: 0.1, reasoning: 0.2, testimony: 0.5} # what is not named keeps its default
  ranking: {read_statements: 40}
  robustness:
    draws: 2000
    other_strengths:
      opinion counts nothing: {assertion: 0.0, reasoning: 0.0}
""",
    "coding_sheet": """
coding_sheet: {random: 40, least_sure: 20, most_weighty: 20}
""",
    "report": """
report:
  title: Why has Tandem lost a third of its riders?
  subtitle: Rival explanations weighed against fifteen invented documents
  date: 2025-12-01
  compare_with: ../earlier/results/bicycle-share
""",
    "codebook": """
question: Why do fewer people come to the town library in the evening?
subject:
  name: the library or its evenings
  cues:
    en: {phrases: [library, evening*, reading room]}
hypotheses:
  - id: shorter_hours
    name: Shorter opening hours
    role: motive
    claim: People stay away because the library now closes before they can come.
    count_also: [The claim that the new hours keep nobody away (coded as opposes).]
    do_not_count: [Leaving early in order to catch the bus (no_late_bus).]
    compatible: [no_late_bus]
    cues:
      en:
        phrases: [opening hour*, late opening, about to close]
        patterns: ['\\bclos(e|es|ed|ing) (at|earlier|before)\\b']
    exemplars:
      - By the time I get there from work they have closed.
      - The hours are not the reason, hardly anybody came at nine.
    observations:
      - id: loss_in_the_closed_hour
        see: Most of the lost visits fall into the hour in which the library no longer opens.
        where: The door counter's record by hour, this winter and the last.
        effort: 1
        bears_on:
          shorter_hours: {rating: CC, seen_if_true: 0.7, seen_if_false: 0.2}
          no_late_bus: {rating: N, seen_if_true: 0.4, seen_if_false: 0.4}
  - id: no_late_bus
    name: No late bus
    role: condition
    claim: The last bus leaves before the library closes, so that those without a car cannot stay.
""",
}


def configuration() -> str:
    """Give the page of a study's config as Markdown."""
    shared = ", ".join(f"`{name}`" for name in About.model_fields)
    lines = [_CONFIGURATION, "## The study's config\n", *_model(Study, "")]
    return "\n".join([*lines, f"{_SIDECAR}{shared}."]) + "\n"


def codebook() -> str:
    """Give the page of a codebook as Markdown."""
    return "\n".join([_CODEBOOK, "## The codebook's keys\n", *_model(Codebook, "")]) + "\n"


PAGES = {"configuration.md": configuration, "codebook.md": codebook}


def _model(model: type[Model], prefix: str) -> list[str]:
    """Rows of a model's keys; those of the models inside come after, each under a heading of its own."""
    name = prefix.rstrip(".") or model.__name__.lower()
    lines = [f"{inspect.getdoc(model)}\n", *_example(name), "| key | value | default | meaning |", "|---|---|---|---|"]
    inner: list[tuple[str, list[type[Model]]]] = []
    for name, field in model.model_fields.items():
        key = field.alias or name
        found = _models(field.annotation)
        meaning = field.description or (_first_line(found[0]) if len(found) == 1 else "")
        lines.append(f"| `{key}` | {_words(field.annotation)} | {_default(field)} | {meaning} |")
        inner += [(f"{prefix}{key}", found)] if found else []
    for path, found in inner:
        lines.append(f"\n### `{path}`\n")
        if len(found) == 1:
            lines += _model(found[0], f"{path}.")
        else:
            lines += [*_example(path), *(line for one in found for line in _variant(one))]
    return lines


def _variant(model: type[Model]) -> list[str]:
    """Give the keys of one of several models that differ by their type."""
    (kind,) = typing.get_args(model.model_fields["type"].annotation)
    return [f"\n#### type `{kind}`\n", *_model(model, ""), ""]


def _example(section: str) -> list[str]:
    """Give a section's example, if there is one, which the models accept."""
    if section not in _EXAMPLES:
        return []
    text = _EXAMPLES[section].strip("\n")
    given = yaml.safe_load(text)
    if section == "codebook":
        Codebook.model_validate(given)
    else:
        Study.model_validate(complete(given))
    return [f"```yaml\n{text}\n```\n"]


def complete(given: Mapping[str, object]) -> dict[str, object]:
    """Give some sections of a config with what no config can do without."""
    return {**yaml.safe_load(_EXAMPLES["study"]), **given}


def _first_line(model: type[Model]) -> str:
    return (inspect.getdoc(model) or "").splitlines()[0]


def _default(field: pydantic.fields.FieldInfo) -> str:
    if field.is_required():
        return "*required*"
    value = field.get_default(call_default_factory=True)
    if isinstance(value, Model):
        return "as below"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, list) and value and all(isinstance(one, Model) for one in value):
        return f"`[{', '.join(_flow(one) for one in value)}]`"
    if isinstance(value, list | dict) and value:
        return f"`{yaml.safe_dump(value, default_flow_style=True, width=10_000, sort_keys=False).strip()}`"
    return f"`{value}`" if value not in (None, [], {}) else "none"


def _flow(model: Model) -> str:
    given = model.model_dump(exclude_unset=True)
    return f"{{{', '.join(f'{key}: {value}' for key, value in given.items())}}}"


def _models(annotation: Any) -> list[type[Model]]:
    if isinstance(annotation, type) and issubclass(annotation, Model):
        return [annotation]
    return [found for argument in typing.get_args(annotation) for found in _models(argument)]


def _words(annotation: Any) -> str:
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return _words(arguments[0])
    if origin is typing.Literal:
        return ", ".join(f"`{choice}`" for choice in arguments)
    if origin is list:
        return f"list of: {_words(arguments[0])}"
    if origin is dict:
        return f"by {_words(arguments[0])}: {_words(arguments[1])}"
    if origin in (typing.Union, types.UnionType):
        return " or ".join(dict.fromkeys(_words(argument) for argument in arguments if argument is not type(None)))
    if isinstance(annotation, type) and issubclass(annotation, Model):
        return "keys below"
    return {str: "text", int: "whole number", float: "number", bool: "true or false", datetime.date: "date"}[annotation]


if __name__ == "__main__":
    for name, page in PAGES.items():
        (Path(sys.argv[1]) / name).write_text(page(), encoding="utf-8")
