"""Hostile text in what people and other programs are given to code: text in each form, and the same when it is read."""

from __future__ import annotations

import html
import io
import json
import zipfile
from xml.etree import ElementTree as Xml

import openpyxl
import pandas as pd
import pytest

from steelyard import csv_file
from steelyard.annotate.recorded_file import passages
from steelyard.codebook import Codebook
from steelyard.coding_sheet import label_studio
from steelyard.coding_sheet.rows import SHEET, rows
from steelyard.coding_sheet.workbook import workbook
from steelyard.csv_file import is_formula
from steelyard.xlsx_file import storable
from studies.canaries import canaries

CODEBOOK = Codebook.model_validate(canaries.codebook())
TEXTS = canaries.SHORT
DOCUMENT = "\n\n".join(TEXTS)
STARTS = [sum(len(text) + 2 for text in TEXTS[:number]) for number in range(len(TEXTS))]
DRAWN = pd.DataFrame(
    [
        {"document_id": "page", "start": start, "end": start + len(text), "text": text, "sample": "random"}
        for start, text in zip(STARTS, TEXTS, strict=True)
    ]
)
ROWS = rows(DRAWN, {"page": DOCUMENT}, CODEBOOK)
CODED = {"kind": "none", "hedged": "false", "gap": "false", "coder": "=Ann", "origin": "human", "note": "+1"}


@pytest.fixture(scope="module")
def book():
    return workbook(ROWS, CODEBOOK)


def test_the_workbook_holds_texts_and_no_formula_link_or_outside_part(book):
    read = openpyxl.load_workbook(io.BytesIO(book))
    cells = [cell for sheet in read for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert not [cell for cell in cells if cell.hyperlink]
    assert not [cell.value for cell in cells if is_formula(cell.value) and not cell.quotePrefix]
    quotes = [row[SHEET.index("quote")].value for row in read["codes"].iter_rows(min_row=2)]
    assert quotes == [storable(text) for text in TEXTS]
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert not [
        name for name, part in parts.items() if b"<f>" in part or b"External" in part or b"vba" in name.encode()
    ]


def test_no_cell_of_the_sheet_is_a_formula_and_codes_come_back_from_it(tmp_path):
    path = tmp_path / "sheet.csv"
    path.write_bytes(csv_file.written(SHEET, [row | CODED for row in ROWS]))
    written = pd.read_csv(path, dtype=str, keep_default_na=False)
    assert not [cell for cell in written.to_numpy().ravel() if is_formula(cell)]
    found = passages(path, {"page": DOCUMENT}, CODEBOOK)
    assert [(one.start, one.end) for one in found] == list(zip(DRAWN.start, DRAWN.end, strict=True))


def test_tasks_are_read_back_as_the_same_texts():
    tasks = json.loads(label_studio.tasks(ROWS))
    assert [task["data"]["quote"] for task in tasks] == TEXTS
    assert all(list(task) == ["data"] for task in tasks)


def test_the_labelling_config_is_well_formed_and_made_of_its_own_elements():
    text = label_studio.labelling_config(CODEBOOK)
    view = Xml.fromstring(text)
    elements = {"View", "Header", "Text", "Choices", "Choice", "TextArea", "Collapse", "Panel"}
    assert {element.tag for element in view.iter()} == elements
    # A value that begins with a dollar sign is a variable of the task: only what is coded is one.
    variables = [value for element in view.iter() for value in element.attrib.values() if "$" in value]
    assert variables == ["$before", "$quote", "$after"]
    shown = [choice.get("html") for choice in view.iter("Choice")]
    assert not [one for one in shown if "<" in one] and any("{{< meta title >}}" in html.unescape(one) for one in shown)
    assert "<" + "script" not in text
