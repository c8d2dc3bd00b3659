"""YAML with line numbers, checked by typed models; every mistake is told at once, in words, with file and line."""

from __future__ import annotations

import difflib
import types
import typing
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

import pydantic
import yaml

from steelyard.errors import Problem, SteelyardError

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Location = tuple[str | int, ...]


class Model(pydantic.BaseModel):
    """Base of all typed models: closed (an unknown key is a mistake), frozen, and strict about types."""

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True, strict=True, populate_by_name=True)


M = TypeVar("M", bound=Model)


class YamlFile:
    """A YAML file as plain values, with the line of each.

    Args:
        path: the file; shown in messages as it is given.

    Raises:
        SteelyardError: the file is missing, not UTF-8, no valid YAML, no mapping, or has a key twice.
    """

    def __init__(self, path: Path) -> None:
        """Read the file."""
        self.path = path
        self._lines: dict[Location, int] = {}
        self._problems: list[Problem] = []
        node = self._compose()
        if not isinstance(node, yaml.MappingNode):
            raise SteelyardError(Problem("must hold keys and values", str(path), "See config.yaml for an example."))
        self._constructor = _Loader("")
        self.values: dict[str, Any] = self._construct(node, ())
        if self._problems:
            raise SteelyardError(self._problems)

    def where(self, location: Location) -> str:
        """Give "file:line" of a value, or of the nearest thing around it that is in the file."""
        while location and location not in self._lines:
            location = location[:-1]
        return f"{self.path}:{self._lines.get(location, 1)}"

    def parse(self, model: type[M]) -> M:
        """Give the file's values as a typed model.

        Raises:
            SteelyardError: with every value that the model refuses.
        """
        try:
            return model.model_validate(self.values)
        except pydantic.ValidationError as failure:
            raise SteelyardError([self._in_words(model, error) for error in failure.errors()]) from None

    def _compose(self) -> yaml.Node | None:
        try:
            return yaml.compose(self.path.read_text(encoding="utf-8-sig"), Loader=_Loader)
        except FileNotFoundError:
            problem = Problem("there is no such file", str(self.path), "Check the name and the folder.")
        except OSError as failure:
            problem = Problem(f"cannot be read ({failure.strerror})", str(self.path))
        except UnicodeDecodeError as failure:
            problem = Problem(f"is not UTF-8 (byte {failure.start})", str(self.path), "Save it as UTF-8.")
        except yaml.YAMLError as failure:
            mark = getattr(failure, "problem_mark", None)
            where = f"{self.path}:{mark.line + 1}" if mark else str(self.path)
            what = f"is no valid YAML: {getattr(failure, 'problem', None) or failure}"
            problem = Problem(what, where, "Check indentation, colons and quotation marks here and in the line before.")
        raise SteelyardError(problem)

    def _construct(self, node: yaml.Node, location: Location) -> Any:
        self._lines.setdefault(location, node.start_mark.line + 1)
        if isinstance(node, yaml.SequenceNode):
            return [self._construct(item, (*location, number)) for number, item in enumerate(node.value)]
        if not isinstance(node, yaml.MappingNode):
            return self._constructor.construct_object(node)
        values: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            line = key_node.start_mark.line + 1
            if key in values:
                first = self._lines[(*location, key)]
                self._problems.append(Problem(f"key '{key}' stands twice (first in line {first})", self._at(line)))
            self._lines[(*location, key)] = line
            values[key] = self._construct(value_node, (*location, key))
        return values

    def _at(self, line: int) -> str:
        return f"{self.path}:{line}"

    def _in_words(self, model: type[Model], error: Any) -> Problem:
        location: Location = error["loc"]
        name = ".".join(str(part) for part in location) or "the file"
        where = self.where(location)
        match error["type"]:
            case "extra_forbidden":
                known = _keys_at(model, location[:-1])
                return Problem(f"unknown key '{name}'", where, did_you_mean(str(location[-1]), known))
            case "missing":
                return Problem(f"key '{name}' is missing", where)
            case "literal_error":
                choices = [choice.strip(" '") for choice in error["ctx"]["expected"].replace(" or ", ", ").split(",")]
                what = f"{name} is {error['input']!r}, which is none of: {', '.join(choices)}"
                return Problem(what, where, did_you_mean(str(error["input"]), choices))
            case "value_error":
                return Problem(f"{name}: {error['ctx']['error']}", where)
            case _:
                message = error["msg"][0].lower() + error["msg"][1:]
                return Problem(f"{name} is {_short(error['input'])}: {message}", where)


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Give the hint for an unknown name: the nearest known one, or the list of them; empty where none is known."""
    known = sorted(known)
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    if close:
        return f"Did you mean '{close[0]}'?"
    return f"Known here: {', '.join(known)}." if known else ""


def _keys_at(model: type[Model], location: Location) -> list[str]:
    """Names of the keys that the model knows at a location; none where it takes any key."""
    candidates: list[Any] = [model]
    for part in location:
        candidates = [inner for candidate in candidates for inner in _step(candidate, part)]
    return sorted({key for candidate in candidates if _is_model(candidate) for key in _keys(candidate)})


def _keys(model: type[Model]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, Model)


def _step(annotation: Any, part: str | int) -> list[Any]:
    """Models and containers that a value of this type can hold under a key, a number, or the tag of a union."""
    if _is_model(annotation):
        for name, field in annotation.model_fields.items():
            if part in (name, field.alias):
                return _flatten(field.annotation)
        return [annotation]  # the tag of a union, which is no key of the file
    arguments = typing.get_args(annotation)
    return [inner for argument in arguments for inner in _flatten(argument)]


def _flatten(annotation: Any) -> list[Any]:
    origin = typing.get_origin(annotation)
    if origin is typing.Annotated:
        return _flatten(typing.get_args(annotation)[0])
    if origin in (typing.Union, types.UnionType):
        return [inner for argument in typing.get_args(annotation) for inner in _flatten(argument)]
    return [annotation]
