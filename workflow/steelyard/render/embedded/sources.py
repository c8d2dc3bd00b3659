"""Read a document and its partials as lines, each of which knows the file and line it came from."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from steelyard.errors import Problem, SteelyardError

# Stand for "{{<" and ">}}" that an author wants to see until pandoc has read the text ("<var x>" would be HTML to it).
SHOWN_OPEN, SHOWN_CLOSE = "\ue0f0", "\ue0f1"

_INCLUDE = re.compile(r"\s*(?<!\{)\{\{<\s*include\b(.*?)>\}\}\s*")
_SHORTCODE = re.compile(r"(\{?)\{\{<(.*?)>\}\}(\}?)")
_FENCE = re.compile(r"[\s>]*(?:(?:[-*+]|\d+[.)])\s+)?(`{3,}|~{3,})(.*)")


@dataclass(frozen=True)
class Line:
    """One line of text and where it stands."""

    text: str
    file: str
    number: int

    @property
    def where(self) -> str:
        """Give "file:line"."""
        return f"{self.file}:{self.number}"


@dataclass
class Source:
    """A document with its partials put in: what pandoc reads, and the way back to file and line."""

    project: Path
    document: str
    header: list[Line] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        """Give the main document's folder: every path in it and in its partials starts here."""
        return (self.project / self.document).parent

    @property
    def text(self) -> str:
        """Give the text for pandoc."""
        return "\n".join(line.text for line in self.lines) + "\n"

    def where(self, number: int) -> str:
        """Give file and line of a line of the text (from 1)."""
        index = min(max(number, 1), len(self.lines)) - 1
        return self.lines[index].where if self.lines else self.document

    def find(self, pattern: str, *, last: bool = False) -> str:
        """Give file and line where a regular expression first (or last) matches, else the document's name."""
        compiled = re.compile(pattern)
        hits = [line.where for line in [*self.header, *self.lines] if compiled.search(line.text)]
        return hits[-1 if last else 0] if hits else self.document

    def path(self, target: str) -> Path | None:
        """Resolve a path as Quarto does: from the main document's folder, or from the project's if it starts with "/".

        Returns:
            The path, or None if it leads out of the project.
        """
        base = self.project if target.startswith("/") else self.folder
        path = (base / target.lstrip("/")).resolve()
        return path if path.is_relative_to(self.project.resolve()) else None


def read_source(project: Path, document: str) -> Source:
    """Read a document, take its front matter off and put its partials in.

    Raises:
        SteelyardError: for every include that cannot be followed.
    """
    source = Source(project, document)
    path = project / document
    if not path.is_file():
        raise SteelyardError(Problem("There is no such document", str(path)))
    source.header, body = split_front_matter(_read_lines(path, document))
    problems: list[Problem] = []
    source.lines = list(_with_partials(source, body, (document,), problems))
    if problems:
        raise SteelyardError(problems)
    return source


def split_front_matter(lines: list[Line]) -> tuple[list[Line], list[Line]]:
    """Divide the lines of a document into those of its front matter (without the rules around it) and the rest."""
    if not lines or lines[0].text.rstrip() != "---":
        return [], lines
    for index, line in enumerate(lines[1:], start=1):
        if line.text.rstrip() in ("---", "..."):
            return lines[1:index], lines[index + 1 :]
    raise SteelyardError(Problem("The front matter is not closed", lines[0].where, 'End it with a line "---"'))


def _read_lines(path: Path, name: str) -> list[Line]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise SteelyardError(Problem(f"The file is not UTF-8 (byte {error.start})", name)) from None
    # A final line end gives an empty last line: so does Quarto, and text after a partial starts a new paragraph.
    return [Line(line.rstrip("\r"), name, number) for number, line in enumerate(text.split("\n"), start=1)]


def _with_partials(
    source: Source, lines: list[Line], chain: tuple[str, ...], problems: list[Problem]
) -> Iterator[Line]:
    for line in lines:
        match = _INCLUDE.fullmatch(line.text)
        if not match:
            yield line
            continue
        partial = _partial(source, line, match.group(1), chain, problems)
        if partial:
            yield from _with_partials(source, partial, (*chain, partial[0].file), problems)


def _partial(
    source: Source, line: Line, argument: str, chain: tuple[str, ...], problems: list[Problem]
) -> list[Line] | None:
    """Read the partial that a line names, or say why that cannot be done."""
    target = argument.strip().strip("\"'")
    path = source.path(target) if target else None
    if not target:
        problems.append(Problem("An include names no file", line.where, "Write {{< include FILE >}}"))
        return None
    if path is None or not path.is_file():
        hint = f"Paths start at the folder of {source.document}, in partials too; they must not leave the project"
        problems.append(Problem(f"The included file {target} was not found", line.where, hint))
        return None
    name = path.relative_to(source.project.resolve()).as_posix()
    if name in chain:
        problems.append(Problem(f"An include loop: {' > '.join([*chain, name])}", line.where))
        return None
    lines = _read_lines(path, name)
    if _has_front_matter(lines):
        hint = "It would override the title of the main document: take it out"
        problems.append(Problem("A partial has front matter", f"{name}:1", hint))
        return None
    return lines


def _has_front_matter(lines: list[Line]) -> bool:
    texts = [line.text.rstrip() for line in lines]
    while texts and not texts[0]:
        texts.pop(0)
    return len(texts) > 2 and texts[0] == "---" and bool(texts[1]) and any(t in ("---", "...") for t in texts[2:])


@dataclass(frozen=True)
class Fence:
    """A code block of the text: its first and last line (indexes) and what stands behind the opening fence."""

    first: int
    last: int | None
    info: str


def code_blocks(lines: list[Line]) -> list[Fence]:
    """Find the fenced code blocks; `last` is None for one that is never closed."""
    found: list[Fence] = []
    opened: tuple[int, str, str] | None = None
    for index, line in enumerate(lines):
        match = _FENCE.match(line.text)
        if not match:
            continue
        marks, info = match.group(1), match.group(2).strip()
        if opened is None:
            if marks[0] != "`" or "`" not in info:
                opened = (index, marks, info)
        elif marks.startswith(opened[1]) and not info:
            found.append(Fence(opened[0], index, opened[2]))
            opened = None
    if opened:
        found.append(Fence(opened[0], None, opened[2]))
    return found


def code_lines(lines: list[Line]) -> set[int]:
    """Give the indexes of the lines that belong to fenced code."""
    inside: set[int] = set()
    for block in code_blocks(lines):
        inside.update(range(block.first, (block.last if block.last is not None else block.first) + 1))
    return inside


Value = Callable[[str, list[str]], str]


def expand_shortcodes(lines: Iterable[Line], value: Value) -> list[Line]:
    """Put values for the shortcodes of each line.

    Args:
        lines: the text.
        value: gives the text for a shortcode's name and arguments; raises LookupError with the reason if it has none.

    Raises:
        SteelyardError: for every shortcode that is unknown, unclosed or without a value.
    """
    problems: list[Problem] = []
    expanded: list[Line] = []
    for line in lines:
        if line.text.strip() in ("{{< pagebreak >}}", "{{<pagebreak>}}"):
            expanded += [Line(text, line.file, line.number) for text in ("", "::: {.steelyard-page-break}", ":::", "")]
        else:
            expanded.append(Line(expand_text(line.text, line.where, value, problems), line.file, line.number))
    if problems:
        raise SteelyardError(problems)
    return expanded


def expand_text(text: str, where: str, value: Value, problems: list[Problem]) -> str:
    """Put values for the shortcodes of one piece of text; what cannot be done is added to the problems."""

    def replace(match: re.Match[str]) -> str:
        if match.group(1) and match.group(3):
            return f"{SHOWN_OPEN}{match.group(2)}{SHOWN_CLOSE}"
        try:
            words = shlex.split(match.group(2))
            return match.group(1) + value(words[0] if words else "", words[1:]) + match.group(3)
        except (LookupError, ValueError) as error:
            problems.append(Problem(str(error.args[0]), where, _hint(match.group(2))))
            return ""

    if "{{<" not in text:
        return text
    if "\\{{<" in text:
        problems.append(Problem("A backslash does not hide a shortcode", where, "Write {{{< ... >}}}"))
    result = _SHORTCODE.sub(replace, text)
    if "{{<" in _SHORTCODE.sub("", text):
        problems.append(Problem("A shortcode is not closed on its line", where, "Close it with >}}"))
    return result


def _hint(shortcode: str) -> str:
    if shortcode.split()[:1] == ["include"]:
        return "Give the include a line of its own, outside paragraphs, list items and quotes"
    return ""
