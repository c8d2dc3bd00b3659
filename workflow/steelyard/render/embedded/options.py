"""Options: project file and front matter merged as Quarto merges them, checked, with a place for every message."""

from __future__ import annotations

import datetime
import math
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from steelyard.errors import Problem, SteelyardError
from steelyard.render.embedded.sources import Line, Source, Value, expand_text

FORMATS = ("html", "typst")

_TRUE_OR_FALSE = {"toc", "number-sections", "citeproc", "embed-resources", "link-citations"}
_NUMBERS = {"toc-depth", "number-depth", "linestretch"}
_TEXTS = {
    *("lang", "dir", "toc-title", "csl", "papersize", "section-numbering", "page-numbering", "mainfont", "fontsize"),
    "quarto-required",
}
_SHARED = _TRUE_OR_FALSE | _NUMBERS | _TEXTS
_INCLUDES = {"include-in-header", "include-before-body", "include-after-body"}
_HTML = {"theme", "css", "html-math-method"} | _INCLUDES
_TYPST = {"margin", "pdf-standard", "font-paths", "include-in-header", "include-before-body"}
# Words about the document that Quarto's page would print, and that may stand for the PDF's metadata alone.
_OF_THE_PDF_ONLY = {"keywords", "description"}
# They change what only Quarto's own page has, or ask for what this renderer always does.
_WITHOUT_EFFECT = {
    *("anchor-sections", "citations-hover", "code-copy", "code-overflow", "crossrefs-hover", "footnotes-hover"),
    *("format-links", "keep-typ", "keep-md", "page-layout", "smooth-scroll", "toc-location", "toc-expand"),
}
_ALLOWED = {
    "html": _SHARED | _HTML | _WITHOUT_EFFECT | {"minimal", "date-format", "crossref"},
    "typst": _SHARED | _TYPST | _WITHOUT_EFFECT | {"columns", "date-format", "crossref", "region", *_OF_THE_PDF_ONLY},
}
_REFUSED = {
    *("engine", "execute", "filters", "jupyter", "julia", "knitr", "metadata-files", "parameters", "params"),
    *("profile", "shortcodes", "template", "template-partials", "extensions", "include", "author-meta"),
}
_ONLY = {
    "reference-location": "document",
    "minimal": False,
    "columns": 1,
    "html-math-method": "mathml",
    "date-format": ("iso", "long"),
    "embed-resources": True,
}


class _Loader(yaml.SafeLoader):
    """YAML as Quarto reads it: only true and false are truth values, dates stay as written."""


_OWN_TAGS = (
    "tag:yaml.org,2002:bool",
    "tag:yaml.org,2002:timestamp",
    "tag:yaml.org,2002:float",
    "tag:yaml.org,2002:int",
)
_Loader.yaml_implicit_resolvers = {
    first: [(tag, expression) for tag, expression in resolvers if tag not in _OWN_TAGS]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
for _tag, _expression, _first in (
    ("bool", r"^(true|True|TRUE|false|False|FALSE)$", "tTfF"),
    ("int", r"^[-+]?\d+$", "-+0123456789"),
    ("float", r"^[-+]?(\.\d+|\d+\.\d*)([eE][-+]?\d+)?$|^[-+]?\d+[eE][-+]?\d+$", "-+0123456789."),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_expression), list(_first))


def load_yaml(text: str, name: str, first_line: int = 1) -> dict[str, Any]:
    """Read a YAML mapping; a mistake names its file and line."""
    try:
        content = yaml.load(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        line = (error.problem_mark.line if error.problem_mark else 0) + first_line
        raise SteelyardError(Problem(f"Not YAML: {error.problem}", f"{name}:{line}")) from None
    except yaml.YAMLError as error:
        raise SteelyardError(Problem(f"Not YAML: {error}", name)) from None
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise SteelyardError(Problem("A mapping (key: value) is expected", f"{name}:{first_line}"))
    return {str(key): value for key, value in content.items()}


def as_text(value: Any) -> str:
    """Print a YAML scalar as Quarto prints it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value and not 0.1 <= abs(value) < 1e7:
        exponent = math.floor(math.log10(abs(value)))
        return f"{value / 10**exponent!r}e{exponent}"
    return repr(value) if isinstance(value, float) else str(value)


def merge(base: Any, top: Any) -> Any:
    """Put one mapping over another, mapping by mapping; anything else is replaced."""
    if isinstance(base, dict) and isinstance(top, dict):
        return base | {key: merge(base[key], value) if key in base else value for key, value in top.items()}
    return top


@dataclass(frozen=True)
class Settings:
    """The merged options of one document for one format.

    Args:
        values: the options; shortcodes in their texts are expanded.
        source: the document, for messages.
    """

    values: dict[str, Any]
    source: Source

    def get(self, key: str, default: Any = None) -> Any:
        """Give an option's value, or the default if it is not set (or set to nothing)."""
        value = self.values.get(key)
        return default if value is None else value

    def text(self, key: str, default: str = "") -> str:
        """Give an option's value as text."""
        return as_text(self.get(key, default)).strip()

    def items(self, key: str) -> list[Any]:
        """Give an option that may be one value or a list of them as a list."""
        value = self.get(key, [])
        return value if isinstance(value, list) else [value]

    def where(self, key: str) -> str:
        """Give the file and line where an option is set."""
        return _where(self.source, key)

    @property
    def language(self) -> str:
        """Give the language tag as HTML wants it."""
        tag = self.text("lang", "en") or "en"
        return "zh-Hans" if tag == "zh" else tag

    @property
    def date(self) -> datetime.date | None:
        """Give the document's date."""
        return self._date("date")

    @property
    def modified(self) -> datetime.date | None:
        """Give the date of the last change that the document states."""
        return self._date("date-modified")

    def _date(self, key: str) -> datetime.date | None:
        text = self.text(key)
        return datetime.date.fromisoformat(text[:10]) if text else None

    @property
    def timestamp(self) -> int:
        """Give the time that the PDF bears: the document's date, else SOURCE_DATE_EPOCH, else 1970; never the clock."""
        if self.date:
            midnight = datetime.datetime.combine(self.date, datetime.time(), datetime.UTC)
            return int(midnight.timestamp())
        epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
        return int(epoch) if epoch.isdigit() else 0


def read_settings(source: Source, date: str | None) -> tuple[dict[str, Settings], Value]:
    """Read `_quarto.yml`, `_variables.yml` and the front matter.

    Args:
        source: the document.
        date: a date (ISO) to use in place of the document's own.

    Returns:
        The settings for each format, and what gives shortcodes their values.

    Raises:
        SteelyardError: for YAML that cannot be read and options outside the subset.
    """
    project = _load_file(source.project / "_quarto.yml")
    variables = _load_file(source.project / "_variables.yml")
    front = _load_front_matter(source)
    if date:
        front["date"] = date
    problems = [*_check_project(source, project), *_check_formats(source, project, front)]
    layers = {name: [_plain(project), _format(project, name), _plain(front), _format(front, name)] for name in FORMATS}
    merged: dict[str, dict[str, Any]] = {}
    for name, parts in layers.items():
        problems += _check_layers(source, name, parts)
        merged[name] = _merged(parts)
    value = shortcode_values(variables, merged["html"])
    settings = {name: Settings(_expanded(values, source, value, problems), source) for name, values in merged.items()}
    if problems:
        raise SteelyardError(list(dict.fromkeys(problems)))
    return settings, value


def _load_file(path: Path) -> dict[str, Any]:
    return load_yaml(path.read_text(encoding="utf-8-sig"), path.name) if path.is_file() else {}


def _load_front_matter(source: Source) -> dict[str, Any]:
    text = "\n".join(line.text for line in source.header)
    return load_yaml(text, source.document, first_line=2)


def _merged(parts: list[dict[str, Any]]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for part in parts:
        result = merge(result, part)
    return result


def _plain(part: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in part.items() if key not in ("format", "project")}


def _format(part: dict[str, Any], name: str) -> dict[str, Any]:
    formats = part.get("format")
    options = formats.get(name) if isinstance(formats, dict) else None
    return options if isinstance(options, dict) else {}


def _check_project(source: Source, project: dict[str, Any]) -> list[Problem]:
    options = project.get("project")
    kind = options.get("type", "default") if isinstance(options, dict) else "default"
    if kind == "default":
        return []
    return [Problem(f"A project of type {kind} is not supported", _where(source, "type"), "Use type: default")]


def _check_formats(source: Source, *parts: dict[str, Any]) -> list[Problem]:
    problems = []
    for part in parts:
        formats = part.get("format", {})
        names = list(formats) if isinstance(formats, dict | list) else [formats]
        for name in names:
            if name not in FORMATS:
                hint = "Formats are html and typst (typst makes the PDF)"
                problems.append(Problem(f"The format {name} is not supported", _where(source, str(name)), hint))
    return problems


def _check_layers(source: Source, name: str, layers: list[dict[str, Any]]) -> list[Problem]:
    problems = []
    for index, layer in enumerate(layers):
        of_format = index % 2 == 1
        for key, value in layer.items():
            reason = _reason(key, value, name if of_format else None)
            if reason:
                problems.append(Problem(reason, _where(source, key), "See docs/quarto-subset.md"))
    return problems


def _reason(key: str, value: Any, name: str | None) -> str:
    """Say why an option is refused; nothing if it is not."""
    if key in _REFUSED or (name and key not in _ALLOWED[name]):
        return f"The option {key} is not supported"
    if key in _TRUE_OR_FALSE and not isinstance(value, bool):
        return f"The option {key} must be true or false, not {value}"
    if key in _NUMBERS and (isinstance(value, bool) or not isinstance(value, int | float)):
        return f"The option {key} must be a number, not {value}"
    if key in _TEXTS and isinstance(value, dict | list):
        return f"The option {key} must be a text"
    only = _ONLY.get(key)
    if only is not None and value != only and not (isinstance(only, tuple) and value in only):
        return f"The option {key} can only be {' or '.join(only) if isinstance(only, tuple) else as_text(only)}"
    return _date_reason(key, value)


def _date_reason(key: str, value: Any) -> str:
    if key not in ("date", "date-modified"):
        return ""
    try:
        datetime.date.fromisoformat(str(value)[:10])
    except ValueError:
        return f"The {key} must be a date such as 2024-03-05, not {value} (nothing here reads the clock)"
    return ""


def _where(source: Source, key: str) -> str:
    pattern = re.compile(rf"^[\s\-\[,{{]*[\"']?{re.escape(key)}[\"']?\s*(:|$)|:\s*[\"']?{re.escape(key)}[\"']?\s*$")
    for line in source.header:
        if pattern.search(line.text):
            return line.where
    path = source.project / "_quarto.yml"
    if path.is_file():
        for number, text in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), start=1):
            if pattern.search(text):
                return f"{path.name}:{number}"
    return source.document


def _expanded(value: Any, source: Source, values: Value, problems: list[Problem]) -> Any:
    """Expand the shortcodes in every text of the options."""
    if isinstance(value, dict):
        return {key: _expanded(item, source, values, problems) for key, item in value.items()}
    if isinstance(value, list):
        return [_expanded(item, source, values, problems) for item in value]
    if isinstance(value, str) and "{{<" in value:
        return expand_text(value, _where_text(source, value), values, problems)
    return value


def _where_text(source: Source, value: str) -> str:
    shortcode = re.search(r"\{\{<.*", value)
    return source.find(re.escape(shortcode.group().split("\n")[0])) if shortcode else source.document


def shortcode_values(variables: dict[str, Any], metadata: dict[str, Any]) -> Value:
    """Give the function that looks up {{< var >}} and {{< meta >}}."""

    def value(name: str, arguments: list[str], depth: int = 0) -> str:
        if name not in ("var", "meta"):
            known = "include stands alone on its line" if name == "include" else "only include, var, meta and pagebreak"
            raise LookupError(f"The shortcode {name or '{{< >}}'} is not supported here ({known})")
        if len(arguments) != 1:
            raise LookupError(f"{{{{< {name} KEY >}}}} takes one key")
        text = _look_up(variables if name == "var" else metadata, arguments[0], name)
        if name == "meta" and "{{<" in text:
            if depth > 8:
                raise LookupError(f"The metadata {arguments[0]} refers to itself")
            problems: list[Problem] = []
            text = expand_text(text, "", lambda n, a: value(n, a, depth + 1), problems)
            if problems:
                raise LookupError(problems[0].what)
        return " ".join(text.split("\n")).strip()

    return value


def _look_up(tree: dict[str, Any], key: str, kind: str) -> str:
    node: Any = tree
    for part in key.split("."):
        if isinstance(node, dict):
            node = {str(name).lower() if isinstance(name, bool) else str(name): item for name, item in node.items()}
            node = node.get(part)
        elif isinstance(node, list) and part.isdigit() and 1 <= int(part) <= len(node):
            node = node[int(part) - 1]
        else:
            node = None
        if node is None:
            source = "_variables.yml" if kind == "var" else "the metadata"
            raise LookupError(f"There is no {key} in {source}")
    if isinstance(node, dict | list):
        raise LookupError(f"{key} is a {'list' if isinstance(node, list) else 'group'}, not a value")
    return as_text(node)


def lines_of(text: str, name: str) -> list[Line]:
    """Give the lines of a text that is not part of the document (a style sheet, say)."""
    return [Line(line, name, number) for number, line in enumerate(text.splitlines(), start=1)]
