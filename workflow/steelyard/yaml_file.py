"""YAML with line numbers, checked by typed models; every mistake is told at once, in words, with file and line."""

from __future__ import annotations

import contextlib
import difflib
import types
import typing
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import pydantic
import yaml

from steelyard.errors import Problem, SteelyardError
from steelyard.files import is_file

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAG = "tag:yaml.org,2002:"
_LARGEST = 16  # megabytes
_DEEPEST = 50  # levels of values inside one another; a study has ten. The parser would run out of stack at 100,000.
_LARGEST_NUMBER = 1 << 62
_MOST_ALIASED = 100_000  # values that aliases stand for; nine aliases of nine of nine … soon outgrow any memory
Location = tuple[str | int, ...]

EACH = "*"  # in a path: every item of a list, or every value of a mapping


class Model(pydantic.BaseModel):
    """Base of all typed models: closed (an unknown key is a mistake), frozen, strict about types, finite."""

    model_config = pydantic.ConfigDict(
        extra="forbid", frozen=True, strict=True, populate_by_name=True, allow_inf_nan=False
    )


M = TypeVar("M", bound=Model)


class YamlFile:
    """A YAML file as plain values, with the line of each.

    Args:
        path: the file; shown in messages as it is given.

    Raises:
        SteelyardError: the file is missing, not UTF-8, no valid YAML, no mapping, too deep, has a key twice, a value
            that cannot be read (such as the date 2025-02-30), or aliases that stand for too much.
    """

    def __init__(self, path: Path) -> None:
        """Read the file."""
        self.path = path
        self._lines: dict[Location, int] = {}
        self._problems: list[Problem] = []
        self._built: set[int] = set()  # ids of the nodes
        self._aliased = 0
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

    def find(self, *path: str | int) -> list[tuple[Location, Any]]:
        """Give the plain values at a path, with their places; nothing where the file has another shape there.

        Args:
            path: keys and numbers, such as ("sources", EACH, "path").
        """
        found: list[tuple[Location, Any]] = [((), self.values)]
        for part in path:
            found = [((*place, key), inner) for place, value in found for key, inner in _inside(value, part)]
        return found

    def texts(self, *path: str | int) -> list[tuple[Location, str]]:
        """Give the texts at a path that are not empty, with their places."""
        return [(place, value) for place, value in self.find(*path) if isinstance(value, str) and value]

    def twice(self, kind: str, named: Iterable[tuple[Location, str]]) -> list[Problem]:
        """Find the names that are given twice.

        Args:
            kind: what is named so, for the message.
            named: each name with its place.
        """
        first: dict[str, Location] = {}
        return [
            Problem(
                f"{kind} '{name}' stands twice (first at {self.where(first[name])})", self.where(place), "Rename one."
            )
            for place, name in named
            if first.setdefault(name, place) != place
        ]

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
            size = self.path.stat().st_size
            if size > _LARGEST << 20:
                what = f"has {-(-size >> 20)} MB, more than the {_LARGEST} MB that a file of settings may have"
                raise SteelyardError(Problem(what, str(self.path)))
            if not is_file(self.path):  # a folder; a pipe would be waited for
                raise SteelyardError(Problem("is no file", str(self.path), "Check the name and the folder."))
            text = self.path.read_text(encoding="utf-8-sig")
            self._check_depth(text)
            return yaml.compose(text, Loader=_Loader)
        except FileNotFoundError:
            problem = Problem("there is no such file", str(self.path), "Check the name and the folder.")
        except OSError as failure:
            problem = Problem(f"cannot be read ({failure.strerror})", str(self.path))
        except UnicodeDecodeError as failure:
            problem = Problem(f"is not UTF-8 (byte {failure.start})", str(self.path), "Save it as UTF-8.")
        except yaml.reader.ReaderError as failure:
            found = yaml.reader.Reader.NON_PRINTABLE.search(text)
            line = text.count("\n", 0, found.start()) + 1 if found else 1
            hint = "Take the character out, or write it as an escape in double quotation marks."
            problem = Problem(f"is no valid YAML: {failure.reason}", self._at(line), hint)
        except yaml.YAMLError as failure:
            mark = getattr(failure, "problem_mark", None)
            where = f"{self.path}:{mark.line + 1}" if mark else str(self.path)
            what = f"is no valid YAML: {getattr(failure, 'problem', None) or failure}"
            problem = Problem(what, where, "Check indentation, colons and quotation marks here and in the line before.")
        raise SteelyardError(problem)

    def _check_depth(self, text: str) -> None:
        depth = 0
        for event in yaml.parse(text, Loader=_Loader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > _DEEPEST:
                what = f"values lie more than {_DEEPEST} levels deep in one another"
                hint = "Nothing in a study lies so deep: is a bracket or an indentation wrong?"
                line = event.start_mark.line + 1 if event.start_mark else 1
                raise SteelyardError(Problem(what, self._at(line), hint))

    def _construct(self, node: yaml.Node, location: Location, around: tuple[yaml.Node, ...] = ()) -> Any:
        self._aliased += id(node) in self._built
        self._built.add(id(node))
        if self._aliased > _MOST_ALIASED:
            what = f"aliases stand for more than {_MOST_ALIASED:,} values"
            raise SteelyardError(Problem(what, self._at(node.start_mark.line + 1), "Take aliases of aliases out."))
        self._lines.setdefault(location, node.start_mark.line + 1)
        if node in around:
            hint = "Write the value out in place of the alias."
            self._refuse(node, "an alias stands inside the value that it names", hint)
        elif isinstance(node, yaml.ScalarNode):
            return self._scalar(node)
        elif node.tag not in (f"{_TAG}seq", f"{_TAG}map"):
            self._refuse_tag(node)
        elif isinstance(node, yaml.MappingNode):
            return self._mapping(node, location, (*around, node))
        else:
            inside = (*around, node)
            return [self._construct(item, (*location, number), inside) for number, item in enumerate(node.value)]
        return None

    def _scalar(self, node: yaml.ScalarNode) -> Any:
        if node.tag not in self._constructor.yaml_constructors:
            self._refuse_tag(node)
            return None
        try:
            value = self._constructor.construct_object(node)
            if isinstance(value, int) and abs(value) > _LARGEST_NUMBER:
                raise ValueError("too large")
            if isinstance(value, str) and "\0" in value:
                raise ValueError("it holds a zero byte")
            return value
        except (yaml.YAMLError, ValueError, LookupError, AttributeError) as failure:  # as PyYAML's constructors do
            kind = node.tag.removeprefix(_TAG).replace("timestamp", "date").replace("str", "text")
            why = f" ({failure})" if isinstance(failure, ValueError) else ""
            hint = "Put quotation marks around it if it is meant as text." if kind != "text" else ""
            hint = f"Write a date as 2025-01-31. {hint}" if kind == "date" else hint
            self._refuse(node, f"{_short(node.value)} is no valid {kind}{why}", hint)
            return None

    def _refuse_tag(self, node: yaml.Node) -> None:
        tag = node.tag.replace(_TAG, "!!")
        self._refuse(node, f"unknown tag '{tag}'", "Leave the tag out; put quotation marks around a text.")

    def _refuse(self, node: yaml.Node, what: str, hint: str) -> None:
        self._problems.append(Problem(what, self._at(node.start_mark.line + 1), hint))

    def _mapping(self, node: yaml.MappingNode, location: Location, around: tuple[yaml.Node, ...]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self._refuse(key_node, "a key is no text", "Write `key: value`; put quotation marks around brackets.")
                continue
            key = str(key_node.value)
            line = key_node.start_mark.line + 1
            if key in values:
                first = self._lines[(*location, key)]
                self._problems.append(Problem(f"key '{key}' stands twice (first in line {first})", self._at(line)))
            self._lines[(*location, key)] = line
            values[key] = self._construct(value_node, (*location, key), around)
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
                is_value = error["type"] == "string_type" and isinstance(error["input"], bool | int | float | date)
                hint = "Put quotation marks around it." if is_value else ""
                hint = "Write a date as 2025-01-31, without quotation marks." if "date" in error["type"] else hint
                return Problem(f"{name} is {_short(error['input'])}: {message}", where, hint)


@contextlib.contextmanager
def collecting(problems: list[Problem]) -> Iterator[None]:
    """Add the problems that are raised inside to a list, so that what comes after is looked at too."""
    try:
        yield
    except SteelyardError as failure:
        problems += failure.problems


def _inside(value: Any, part: str | int) -> list[tuple[str | int, Any]]:
    inner: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [(key, item) for key, item in inner if part in (EACH, key)]


def _short(value: object) -> str:
    text = str(value) if isinstance(value, date) else repr(value)
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
