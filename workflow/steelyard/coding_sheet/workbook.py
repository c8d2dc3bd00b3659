"""The coding sheet as a workbook (XLSX): the sheet with its choices, and the codebook; a coder needs nothing else."""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from steelyard import vocabulary, xlsx_file
from steelyard.annotate.recorded_file import ORIGINS
from steelyard.codebook import Codebook
from steelyard.coding_sheet import words
from steelyard.coding_sheet.rows import FILLED_IN, SHEET
from steelyard.csv_file import is_formula

_WIDTHS = {"before": 40, "quote": 60, "after": 40, "hypothesis_id": 24, "label": 20, "observation_id": 24, "note": 30}
_WIDTH = 13  # of the other columns, in characters
_COPIED_ROWS = 1000  # rows below the last that have the choices too, for copies
_LONGEST = (
    16_000  # code points of a cell; Excel's limit is 32,767 UTF-16 units, and the start of a quote still names it
)
_BOLD, _WRAPPED = Font(bold=True), Alignment(wrap_text=True, vertical="top")
_TO_FILL_IN = PatternFill("solid", fgColor="FFF2CC")
_EPOCH = datetime.datetime(2000, 1, 1)  # no clock: same inputs, same bytes


def workbook(rows: Sequence[Mapping[str, str]], codebook: Codebook) -> bytes:
    """Give the workbook's bytes.

    Text is stored as text, never as a formula. Line ends become line feeds and characters that XML cannot hold become
    replacement characters; the quote is found in its document all the same (`recorded_file`).

    Args:
        rows: as `rows.rows` gives them.
        codebook: the codebook that is coded by.
    """
    book = Workbook()
    book.properties.creator, book.properties.created = "steelyard", _EPOCH
    sheet, explained, lists = book.active, book.create_sheet("codebook"), book.create_sheet("lists")
    sheet.title = "codes"
    _table(sheet, [SHEET, *([row.get(name, "") for name in SHEET] for row in rows)])
    for number, name in enumerate(SHEET, 1):
        sheet.column_dimensions[get_column_letter(number)].width = _WIDTHS.get(name, _WIDTH)
        if name in FILLED_IN:
            sheet.cell(1, number).fill = _TO_FILL_IN
    sheet.column_dimensions[get_column_letter(len(SHEET))].hidden = True  # codebook: for the program that reads it
    _choices(sheet, lists, codebook, last=len(rows) + 1 + _COPIED_ROWS)
    _explain(explained, codebook)
    saved = io.BytesIO()
    book.save(saved)
    return _without_clock(saved.getvalue())


def _table(sheet: Worksheet, rows: Iterable[Sequence[str]]) -> None:
    """Fill a worksheet; its first row is the header."""
    for number, row in enumerate(rows, 1):
        for place, text in enumerate(row, 1):
            _write(sheet.cell(number, place), text)
            if number == 1:
                sheet.cell(number, place).font = _BOLD
    sheet.freeze_panes = "A2"


def _write(cell: Cell, text: str) -> None:
    cell.number_format, cell.alignment = "@", _WRAPPED
    if text:
        cell.value = xlsx_file.storable(text)[:_LONGEST]
        cell.data_type = "s"  # whatever it begins with
        cell.quotePrefix = is_formula(text)  # stays text when somebody edits it


def _choices(sheet: Worksheet, lists: Worksheet, codebook: Codebook, last: int) -> None:
    """Let what is chosen be chosen from lists, which stand in a hidden worksheet: Excel allows 255 characters here."""
    lists.sheet_state = "hidden"
    choices = {
        "hypothesis_id": [*codebook.ids, vocabulary.OTHER_MOTIVE],
        "stance": vocabulary.STANCES,
        "kind": vocabulary.KINDS,
        "hedged": ("true", "false"),
        "gap": ("true", "false"),
        "observation_id": [observation.id for _, observation in codebook.observations],
        "finding": vocabulary.FINDINGS,
        "origin": ORIGINS,
    }
    for place, (name, known) in enumerate((pair for pair in choices.items() if pair[1]), 1):
        for number, text in enumerate([name, *known], 1):
            _write(lists.cell(number, place), text)
        source = get_column_letter(place)
        validation = DataValidation("list", formula1=f"lists!${source}$2:${source}${len(known) + 1}", allow_blank=True)
        validation.showErrorMessage, validation.error = True, f"Choose from the list, or see the sheet codebook: {name}"
        column = get_column_letter(SHEET.index(name) + 1)
        validation.add(f"{column}2:{column}{last}")
        sheet.add_data_validation(validation)


def _explain(sheet: Worksheet, codebook: Codebook) -> None:
    """Write the codebook: how to fill in the sheet, the hypotheses, and what each answer means."""
    hypotheses = [
        (one.id, one.name, one.claim, "\n".join(one.count_also), "\n".join(one.do_not_count))
        for one in codebook.hypotheses
    ]
    answers = {
        "stance": words.STANCES,
        "kind": words.KINDS,
        "flag": words.FLAGS,
        "finding": words.FINDINGS,
        "origin": words.ORIGINS,
    }
    blocks: list[Sequence[Sequence[str]]] = [
        [("How to fill in the sheet",), *(("", "", text) for text in words.INTRODUCTION)],
        [
            ("hypothesis_id", "name", "claim", "count also", "do not count"),
            *hypotheses,
            (vocabulary.OTHER_MOTIVE, "", words.OTHER_MOTIVE),
        ],
        *([(column, "", "meaning"), *((a, "", m) for a, m in known.items())] for column, known in answers.items()),
        [
            ("observation_id", "named by", "what one would see"),
            *((one.id, owner.id, one.see) for owner, one in codebook.observations),
        ],
    ]
    _table(sheet, [(codebook.question,)])
    number = 2
    for block in blocks:
        for offset, row in enumerate(block):
            for place, text in enumerate(row, 1):
                _write(sheet.cell(number + 1 + offset, place), text)
                sheet.cell(number + 1 + offset, place).font = _BOLD if offset == 0 else Font()
        number += len(block) + 1
    for column, width in zip("ABCDE", (26, 26, 70, 50, 50), strict=True):
        sheet.column_dimensions[column].width = width
    for heading in (1, 3):  # would be wrapped in a narrow column
        sheet.cell(heading, 1).alignment = Alignment(vertical="top")


def _without_clock(data: bytes) -> bytes:
    """Give a workbook's bytes without the time at which it was written."""
    stamp = f"{_EPOCH.isoformat()}Z".encode()
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + stamp, content)
            new.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()
