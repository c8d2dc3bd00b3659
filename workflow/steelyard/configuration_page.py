"""docs/configuration.md, written from the typed models; a test holds the page to them (`make docs` writes it anew)."""

from __future__ import annotations

import datetime
import sys
import types
import typing
from pathlib import Path
from typing import Any

import pydantic

from steelyard.codebook import Codebook
from steelyard.study import Study
from steelyard.yaml_file import Model

_HEAD = """# Configuration

*Written from the typed models by `make docs`; edit the descriptions there.*

A study is one YAML file that stands alone: `snakemake --configfile path/to/config.yaml`, or
`make report CONFIG=path/to/config.yaml`. Its paths are read from its own folder, and its results lie in
`results/<study>/`. An unknown key is a mistake, and all mistakes are reported at once.
"""


def page() -> str:
    """Give the page as Markdown."""
    return (
        "\n".join([_HEAD, "## The study's config\n", *_model(Study, ""), "\n## The codebook\n", *_model(Codebook, "")])
        + "\n"
    )


def _model(model: type[Model], prefix: str) -> list[str]:
    """Rows of a model's keys; those of the models inside come after, each under a heading of its own."""
    lines = [f"{_first_line(model)}\n"] if model.__doc__ else []
    lines += ["| key | value | default | meaning |", "|---|---|---|---|"]
    inner: list[tuple[str, type[Model]]] = []
    for name, field in model.model_fields.items():
        key = field.alias or name
        lines.append(f"| `{key}` | {_words(field.annotation)} | {_default(field)} | {field.description or ''} |")
        inner += [(f"{prefix}{key}", found) for found in _models(field.annotation)]
    for path, found in inner:
        variant = f" ({found.__name__})" if sum(p == path for p, _ in inner) > 1 else ""
        lines += [f"\n### `{path}`{variant}\n", *_model(found, f"{path}.")]
    return lines


def _first_line(model: type[Model]) -> str:
    return (model.__doc__ or "").strip().splitlines()[0]


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
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
