"""The file of recorded codes: reads it, checks every row, and gives the passages that were coded.

Codes come as CSV, as a workbook (XLSX) or as an export of Label Studio (JSON); all go through the same checks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from rapidfuzz import fuzz

from steelyard import csv_file, vocabulary, xlsx_file
from steelyard.annotate import label_studio
from steelyard.codebook import Codebook
from steelyard.errors import Problem, SteelyardError
from steelyard.yaml_file import did_you_mean

COLUMNS = (
    "document_id",
    "start",
    "quote",
    "hypothesis_id",
    "stance",
    "label",
    "kind",
    "hedged",
    "gap",
    "observation_id",
    "finding",
    "coder",
    "origin",
    "date",
    "note",
)
OPTIONAL = (
    "sample",  # the part of a coding sheet that the statement was drawn for
    "codebook",  # the definitions that it was coded by: short digests, as `Codebook.versions` gives them
    "before",  # what stands around the quote, for the reader
    "after",
)
ORIGINS = tuple(origin for origin in vocabulary.ORIGINS if origin != "program")  # a program's codes are computed

_PER_SPAN = ("kind", "hedged", "gap", "coder", "origin", "sample")
_CODED = ("hypothesis_id", "stance", "label", "kind", "hedged", "gap", "observation_id", "finding", "note")
_SHEETS = {".csv": csv_file.read, ".xlsx": xlsx_file.read}
_FLAGS = {"true": True, "false": False}
_SHOWN = 40
_MOST_DIGITS = 12  # of a place in a document
_NEAREST_SCORE = 60  # least likeness of a nearest passage, of 100


@dataclass(frozen=True)
class Basis:
    """What one row was coded by.

    Args:
        where: "file:line" of the row.
        hypothesis_id: the hypothesis that it codes; empty where it codes none.
        versions: digests of the definitions that it was coded by; none where the file does not say.
    """

    where: str
    hypothesis_id: str
    versions: frozenset[str]


@dataclass(frozen=True)
class Passage:
    """A coded quote: what all rows with the same place say.

    Args:
        where: "file:line" of the first row.
        document_id: the document.
        start: code points before the quote.
        end: code points up to its end.
        kind: kind of evidence.
        hedged: whether the speaker marks doubt.
        gap: whether it says that evidence is missing.
        origin: who coded it: human or language_model.
        codes: hypothesis -> stance and label.
        sightings: expected observation -> finding.
        drawn: the part of a coding sheet that it was drawn for; None where the file does not say.
        bases: what each of its rows was coded by.
    """

    where: str
    document_id: str
    start: int
    end: int
    kind: str
    hedged: bool
    gap: bool
    origin: str
    codes: dict[str, tuple[str, str | None]]
    sightings: dict[str, str]
    drawn: str | None = None
    bases: tuple[Basis, ...] = ()


@dataclass(frozen=True)
class _Row:
    where: str
    document_id: str
    start: int
    end: int
    cells: dict[str, str]

    @property
    def place(self) -> tuple[str, int, int]:
        return self.document_id, self.start, self.end


@dataclass
class _Checker:
    """Checks the rows of a file one by one and keeps every problem found."""

    documents: Mapping[str, str]
    hypotheses: Sequence[str]
    observations: Sequence[str]
    problems: list[Problem] = field(default_factory=list)

    def row(self, where: str, cells: dict[str, str]) -> _Row | None:
        before = len(self.problems)
        self._one_of(where, cells, "kind", vocabulary.KINDS)
        self._one_of(where, cells, "hedged", tuple(_FLAGS))
        self._one_of(where, cells, "gap", tuple(_FLAGS))
        self._one_of(where, cells, "origin", ORIGINS)
        if not cells["coder"]:
            self._add(where, "coder is empty", "Name who read the statement.")
        self._pair(where, cells, "hypothesis_id", self.hypotheses, "stance", vocabulary.STANCES)
        self._pair(where, cells, "observation_id", self.observations, "finding", vocabulary.FINDINGS)
        self._label(where, cells)
        if cells["sample"]:
            self._one_of(where, cells, "sample", vocabulary.DRAWN)
        span = self._span(where, cells)
        if len(self.problems) > before or span is None:
            return None
        return _Row(where, cells["document_id"], *span, cells)

    def _add(self, where: str, what: str, hint: str = "") -> None:
        self.problems.append(Problem(what, where, hint))

    def _one_of(self, where: str, cells: Mapping[str, str], column: str, known: Sequence[str]) -> None:
        value = cells[column]
        if not value:
            self._add(where, f"{column} is empty", f"Known here: {', '.join(known)}.")
        elif value not in known:
            self._add(where, f"{column} is '{value}', which is none of: {', '.join(known)}", did_you_mean(value, known))

    def _pair(
        self, where: str, cells: Mapping[str, str], name: str, names: Sequence[str], said: str, known: Sequence[str]
    ) -> None:
        """Check a name and what is said of it: both are given, or neither is."""
        if cells[name]:
            if cells[name] not in names:
                self._add(where, f"unknown {name} '{cells[name]}'", did_you_mean(cells[name], names))
            self._one_of(where, cells, said, known)
        elif cells[said]:
            self._add(where, f"{said} is given without {name}", f"Fill in {name}, or empty {said}.")

    def _label(self, where: str, cells: Mapping[str, str]) -> None:
        other = cells["hypothesis_id"] == vocabulary.OTHER_MOTIVE
        if other and not cells["label"]:
            self._add(where, f"label is empty for {vocabulary.OTHER_MOTIVE}", "Name the motive in a few words.")
        elif cells["label"] and not other:
            self._add(where, f"label is only for {vocabulary.OTHER_MOTIVE}", "Put remarks into the column note.")

    def _span(self, where: str, cells: Mapping[str, str]) -> tuple[int, int] | None:
        """Find where the quote stands: at `start`, or at the only other place where it occurs."""
        document, quote = self.documents.get(cells["document_id"]), cells["quote"]
        if document is None:
            hint = did_you_mean(cells["document_id"], self.documents)
            self._add(where, f"unknown document_id '{cells['document_id']}'", hint)
        if not quote:
            self._add(where, "quote is empty", "Copy the statement's words from the document.")
        if not cells["start"].isdecimal() or len(cells["start"]) > _MOST_DIGITS:
            self._add(where, f"start is '{_short(cells['start'])}', which is no count of characters")
        elif document is not None and quote:
            return self._found(where, quote, int(cells["start"]), document)
        return None

    def _found(self, where: str, quote: str, start: int, document: str) -> tuple[int, int] | None:
        if document.startswith(quote, start):
            return start, start + len(quote)
        as_written = _as_written(quote)
        here = as_written.match(document, start)
        if here:
            return here.span()
        spans = list(_occurrences(as_written, document))
        if len(spans) == 1:
            return spans[0]
        if spans:
            places = [place for place, _ in spans]
            shown = ", ".join(str(place) for place in places[:5]) + (", …" if len(places) > 5 else "")
            nearest = min(places, key=lambda place: abs(place - start))
            what = f"quote '{_short(quote)}' isn't at {start} but at {len(places)} other places ({shown})"
            self._add(where, what, f"Set start to the place meant; the nearest is {nearest}.")
        else:
            self._add(where, f"quote '{_short(quote)}' is not in the document", _nearest(quote, document))
        return None


def passages(path: Path, documents: Mapping[str, str], codebook: Codebook) -> list[Passage]:
    """Read a file of recorded codes.

    Args:
        path: the file, known by its name's end: .csv in UTF-8, .xlsx, or .json exported from Label Studio. A sheet has
            a header that names `COLUMNS`, and may name those of `OPTIONAL`. Where it has the column `sample` it is a
            coding sheet, and rows that nobody has filled in are left out.
        documents: text by document_id, as the file is decoded, line ends untouched.
        codebook: the hypotheses and expected observations that may be coded, besides `other_motive`.

    Returns:
        The coded passages, sorted by document and place.

    Raises:
        SteelyardError: with every mistake in the file, each with its line.
    """
    observations = [observation.id for _, observation in codebook.observations]
    lines, problems = _lines(path)
    checker = _Checker(documents, [*codebook.ids, vocabulary.OTHER_MOTIVE], observations, problems)
    filled = [(where, _complete(cells)) for where, cells in lines if is_filled(cells) or "sample" not in cells]
    rows = [row for where, cells in filled if (row := checker.row(where, cells))]
    rows.sort(key=lambda row: row.place)
    same = [list(group) for _, group in groupby(rows, key=lambda row: row.place)]
    problems = [*checker.problems, *(problem for passage in same for problem in _disagreements(passage))]
    if problems:
        raise SteelyardError(csv_file.by_line(problems))
    return [_passage(rows) for rows in same]


def is_filled(cells: Mapping[str, str]) -> bool:
    """Say whether anything was coded or noted in a row; a name, an origin or a date alone may be copied down."""
    return any(cells.get(name) for name in _CODED)


def _lines(path: Path) -> tuple[list[csv_file.Row], list[Problem]]:
    kind = path.suffix.lower()
    if kind == ".json":
        return label_studio.read(path)
    if kind not in _SHEETS:
        hint = "Save it as .csv (UTF-8) or .xlsx, or export it from Label Studio as .json."
        raise SteelyardError(Problem(f"codes are not read from files that end in '{kind}'", str(path), hint))
    return _SHEETS[kind](path, COLUMNS, optional=OPTIONAL, verbatim=["quote"])


def _complete(cells: dict[str, str]) -> dict[str, str]:
    """Give a row all columns; spreadsheets write TRUE and FALSE."""
    return dict.fromkeys(OPTIONAL, "") | cells | {name: cells[name].lower() for name in ("hedged", "gap")}


def _as_written(quote: str) -> re.Pattern[str]:
    """Match what a document has where a spreadsheet has a quote.

    Spreadsheets make every line end a line feed, and cannot hold most control characters: a replacement character
    stands for each.
    """
    parts = re.split(r"(\r\n?|\n|\ufffd)", quote)
    special = {"\ufffd": rf"[\ufffd{xlsx_file.ILLEGAL}]"}
    return re.compile("".join(special.get(p, r"(?:\r\n?|\n)") if n % 2 else re.escape(p) for n, p in enumerate(parts)))


def _occurrences(quote: re.Pattern[str], document: str) -> Iterator[tuple[int, int]]:
    found = quote.search(document)
    while found:
        yield found.span()
        found = quote.search(document, found.start() + 1)


def _nearest(quote: str, document: str) -> str:
    found = fuzz.partial_ratio_alignment(quote, document, score_cutoff=_NEAREST_SCORE)
    if found is None or found.dest_start == found.dest_end:
        return "Nothing in the document is like it: is it another document's?"
    passage = document[found.dest_start : found.dest_end]
    return f"The nearest passage, at {found.dest_start}, is '{_short(passage, 2 * _SHOWN)}'; a quote must be exact."


def _short(text: str, length: int = _SHOWN) -> str:
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1] + "…"


def _disagreements(passage: Sequence[_Row]) -> Iterator[Problem]:
    """Find rows that contradict others of the same passage."""
    first = passage[0]
    for row in passage[1:]:
        for column in _PER_SPAN:
            if row.cells[column] != first.cells[column]:
                what = (
                    f"{column} is '{row.cells[column]}' but '{first.cells[column]}' at {first.where} for the same quote"
                )
                yield Problem(what, row.where, "All rows of one quote must agree in it.")
    hypotheses: dict[str, _Row] = {}
    findings: dict[str, _Row] = {}
    for row in passage:
        hypothesis = row.cells["hypothesis_id"]
        before = hypotheses.setdefault(hypothesis, row)
        if before is not row and hypothesis:
            what = f"hypothesis_id '{hypothesis}' is coded twice for the same quote (first at {before.where})"
            yield Problem(what, row.where, "Keep one of the rows.")
        before = findings.setdefault(row.cells["observation_id"], row)
        if before.cells["finding"] != row.cells["finding"]:
            what = f"finding is '{row.cells['finding']}' but '{before.cells['finding']}' at {before.where}"
            yield Problem(what, row.where, "One statement can have one finding for an observation.")


def _passage(passage: Sequence[_Row]) -> Passage:
    first = passage[0]
    cells = [row.cells for row in passage]
    return Passage(
        first.where,
        *first.place,
        kind=first.cells["kind"],
        hedged=_FLAGS[first.cells["hedged"]],
        gap=_FLAGS[first.cells["gap"]],
        origin=first.cells["origin"],
        codes={row["hypothesis_id"]: (row["stance"], row["label"] or None) for row in cells if row["hypothesis_id"]},
        sightings={row["observation_id"]: row["finding"] for row in cells if row["observation_id"]},
        drawn=first.cells["sample"] or None,
        bases=tuple(
            Basis(row.where, row.cells["hypothesis_id"], frozenset(row.cells["codebook"].split())) for row in passage
        ),
    )
