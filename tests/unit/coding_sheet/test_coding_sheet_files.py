"""What is drawn goes out as a workbook, as CSV and as tasks, and the codes that people give come back from each."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree as Xml

import openpyxl
import pytest
from sheet_corpus import CODEBOOK, CODED, DOCUMENTS, ROWS, TEXTS, expected, filled_rows, said

from steelyard import csv_file, vocabulary
from steelyard.annotate.recorded_file import passages
from steelyard.coding_sheet import label_studio
from steelyard.coding_sheet.rows import FILLED_IN, SHEET, refuse_to_overwrite
from steelyard.coding_sheet.workbook import workbook
from steelyard.errors import SteelyardError

WORKBOOK = workbook(ROWS, CODEBOOK)


def save_workbook(path: Path, rows: list[dict[str, str]]) -> Path:
    """Fill in the workbook as drawn: cells that it holds stay; rows are copied below for further hypotheses."""
    book = openpyxl.load_workbook(io.BytesIO(WORKBOOK))
    sheet = book["codes"]
    shown = {row[SHEET.index("start")].value: row for row in sheet.iter_rows(min_row=2, max_row=len(ROWS) + 1)}
    used = set()
    for row in rows:
        source = shown[row["start"]]
        number = source[0].row if row["start"] not in used else sheet.max_row + 1
        used.add(row["start"])
        for place, name in enumerate(SHEET):
            cell = sheet.cell(number, place + 1)
            cell.value = row.get(name) if name in FILLED_IN else source[place].value
            cell.data_type = "s" if cell.value else "n"
    book.save(path)
    return path


def save_csv(path: Path, rows: list[dict[str, str]]) -> Path:
    path.write_bytes(csv_file.written(SHEET, rows))
    return path


def export() -> list[dict]:
    """Give the tasks as Label Studio exports them, annotated; half of the coders by number, half by address."""
    tasks = json.loads(label_studio.tasks(ROWS))
    for number, task in enumerate(tasks):
        task |= {"id": number + 100, "annotations": [], "predictions": [{"result": answers("kind", "statistic")}]}
        if number in CODED:
            kind, hedged, gap, codes, sightings = CODED[number]
            result = [*answers("kind", kind), *answers("hedged", hedged), *answers("gap", gap)]
            for stance in vocabulary.STANCES:
                result += answers(stance, *(name for name, (found, _) in codes.items() if found == stance))
            for finding in vocabulary.FINDINGS:
                result += answers(finding, *(name for name, found in sightings.items() if found == finding))
            for label in filter(None, (label for _, label in codes.values())):
                result.append(
                    {"from_name": "label", "to_name": "quote", "type": "textarea", "value": {"text": [label]}}
                )
            completed_by = number if number % 4 else {"id": 1, "email": "ann@example.org"}
            task["annotations"].append(
                {
                    "id": number,
                    "completed_by": completed_by,
                    "result": result,
                    "was_cancelled": False,
                    "created_at": "2025-01-02T03:04:05.000000Z",
                }
            )
        else:
            task["annotations"].append({"id": number, "completed_by": 1, "result": [], "was_cancelled": True})
    return tasks


def answers(name: str, *chosen: str) -> list[dict]:
    one = {"from_name": name, "to_name": "quote", "type": "choices", "value": {"choices": list(chosen)}}
    return [one | {"origin": "manual"}] if chosen else []


def minimal(tasks: list[dict]) -> list[dict]:
    """Give an export as JSON-MIN: data and answers side by side; a single answer stands alone."""
    records = []
    for task in tasks:
        for annotation in task["annotations"] or [{}]:
            record = task["data"] | {"id": task["id"]}
            for one in annotation.get("result", []):
                value = one["value"].get("choices") or one["value"]["text"]
                record[one["from_name"]] = value[0] if len(value) == 1 else one["value"]
            by = annotation.get("completed_by")
            record |= {"annotator": by["email"] if isinstance(by, dict) else by, "annotation_id": annotation.get("id")}
            if not annotation.get("was_cancelled"):
                records.append(record | {"created_at": annotation.get("created_at")})
    return records


def test_codes_come_back_from_the_workbook_exactly(tmp_path):
    path = save_workbook(tmp_path / "sheet.xlsx", filled_rows())
    assert said(passages(path, DOCUMENTS, CODEBOOK)) == expected()


def test_codes_come_back_from_csv_exactly(tmp_path):
    path = save_csv(tmp_path / "sheet.csv", filled_rows())
    assert said(passages(path, DOCUMENTS, CODEBOOK)) == expected()


@pytest.mark.parametrize("form", [list, minimal])
def test_codes_come_back_from_label_studio_exactly(tmp_path, form):
    path = tmp_path / "export.json"
    path.write_text(json.dumps(form(export())), encoding="utf-8")
    assert said(passages(path, DOCUMENTS, CODEBOOK)) == expected()


@pytest.mark.parametrize("save", [save_workbook, save_csv])
def test_an_unfilled_sheet_holds_no_codes_even_with_names_copied_down(tmp_path, save):
    path = save(tmp_path / f"sheet.{'xlsx' if save is save_workbook else 'csv'}", ROWS)
    assert passages(path, DOCUMENTS, CODEBOOK) == []
    save(path, [row | {"coder": "Ann", "origin": "human", "date": "2025-01-01"} for row in ROWS])
    assert passages(path, DOCUMENTS, CODEBOOK) == []


def test_half_filled_rows_say_what_is_missing(tmp_path):
    rows = [dict(row) for row in ROWS]
    rows[1] |= {"kind": "assertion", "hedged": "false", "gap": "false", "coder": "Ann"}
    rows[2] |= {"hypothesis_id": "fares", "stance": "supports", "hedged": "false", "gap": "false"}
    rows[3] |= {"note": "hm"}
    path = save_workbook(tmp_path / "sheet.xlsx", rows)
    with pytest.raises(SteelyardError) as failure:
        passages(path, DOCUMENTS, CODEBOOK)
    told = [f"{problem.where.removeprefix(f'{path}: ')}: {problem.what}" for problem in failure.value.problems]
    assert told == [
        "row 3: origin is empty",
        *(f"row 4: {name} is empty" for name in ("kind", "origin", "coder")),
        *(f"row 5: {name} is empty" for name in ("kind", "hedged", "gap", "origin", "coder")),
    ]


def test_the_workbook_shows_texts_as_text_and_no_formula():
    book = openpyxl.load_workbook(io.BytesIO(WORKBOOK))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert all(cell.data_type == "s" for cell in cells)
    quotes = [row[SHEET.index("quote")] for row in book["codes"].iter_rows(min_row=2)]
    assert [cell.value for cell in quotes[:4]] == TEXTS[:4]
    assert all(cell.quotePrefix for cell in quotes[:4]) and not quotes[7].quotePrefix
    with zipfile.ZipFile(io.BytesIO(WORKBOOK)) as archive:
        assert not any(b"<f>" in archive.read(name) for name in archive.namelist())


def test_the_sheet_is_blind_and_says_its_part():
    assert {name for row in ROWS for name in row} == {*SHEET} - {*FILLED_IN}
    assert [row["sample"] for row in ROWS[:3]] == ["random", "least_sure", "most_weighty"]
    assert ROWS[3]["before"].endswith("-1 for this.\r\n~ ") and ROWS[3]["after"].startswith("\r\n~ One line,")


def test_the_workbook_offers_choices_and_explains_them():
    book = openpyxl.load_workbook(io.BytesIO(WORKBOOK))
    sheet = book["codes"]
    offered = {}
    for validation in sheet.data_validations.dataValidation:
        column, first, last = re.fullmatch(r"lists!\$(\w+)\$(\d+):\$\w+\$(\d+)", validation.formula1).groups()
        known = [book["lists"][f"{column}{number}"].value for number in range(int(first), int(last) + 1)]
        [cells] = validation.sqref.ranges
        offered[sheet.cell(1, cells.min_col).value] = known
    assert offered["hypothesis_id"] == ["fares", "tides", "other_motive"]
    assert offered["stance"] == list(vocabulary.STANCES) and offered["kind"] == list(vocabulary.KINDS)
    assert offered["hedged"] == offered["gap"] == ["true", "false"]
    assert offered["origin"] == ["human", "language_model"] and offered["finding"] == list(vocabulary.FINDINGS)
    explained = {cell.value for row in book["codebook"].iter_rows() for cell in row}
    assert {CODEBOOK.hypotheses[0].claim, "=1+1", *vocabulary.KINDS, *vocabulary.STANCES, "sign_of_tides"} <= explained


def test_same_rows_give_the_same_workbook_whatever_the_clock():
    assert workbook(ROWS, CODEBOOK) == WORKBOOK
    with zipfile.ZipFile(io.BytesIO(WORKBOOK)) as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}
        assert re.findall(r"\d{4}-\d\d-\d\dT", archive.read("docProps/core.xml").decode()) == ["2000-01-01T"] * 2


def test_the_labelling_config_asks_for_every_axis_and_reads_no_text_as_a_variable():
    view = Xml.fromstring(label_studio.labelling_config(CODEBOOK))
    asked = {tag.get("name"): [choice.get("value") for choice in tag] for tag in view.iter("Choices")}
    assert set(asked) == {*vocabulary.STANCES, "kind", "hedged", "gap", *vocabulary.FINDINGS}
    assert asked["supports"] == ["fares", "tides", "other_motive"] and asked["kind"] == list(vocabulary.KINDS)
    data = set(json.loads(label_studio.tasks(ROWS))[0]["data"])
    assert {tag.get("value")[1:] for tag in view.iter("Text")} <= data
    assert all("$" not in tag.get("value") for tag in view.iter("Header"))


def test_a_sheet_that_was_filled_in_is_not_written_over(tmp_path):
    xlsx, csv = tmp_path / "sheet.xlsx", tmp_path / "sheet.csv"
    tasks = tmp_path / "tasks.json"
    refuse_to_overwrite([xlsx, csv], tasks)
    save_workbook(xlsx, ROWS)
    save_csv(csv, ROWS)
    tasks.write_text(label_studio.tasks(ROWS), encoding="utf-8")
    refuse_to_overwrite([xlsx, csv], tasks)
    save_workbook(xlsx, [ROWS[0] | {"note": "?"}, *ROWS[1:]])
    save_csv(csv, [*ROWS[:2], ROWS[2] | {"coder": "Ann"}])
    with pytest.raises(SteelyardError, match="Move it beside your config") as failure:
        refuse_to_overwrite([xlsx, csv], tasks)
    assert [problem.what for problem in failure.value.problems] == ["is filled in, so it is not written over"] * 2
    assert failure.value.problems[0].where == f"{xlsx}: row 2"
    tasks.write_text(json.dumps(export()), encoding="utf-8")
    with pytest.raises(SteelyardError, match=r"tasks\.json: was changed since it was drawn"):
        refuse_to_overwrite([], tasks)


@pytest.mark.parametrize("content", [b"no workbook", b"PK\x03\x04", b""])
def test_a_sheet_that_cannot_be_read_is_not_written_over_either(tmp_path, content):
    path = tmp_path / "sheet.xlsx"
    path.write_bytes(content)
    with pytest.raises(SteelyardError, match="was changed since it was drawn"):
        refuse_to_overwrite([path], tmp_path / "tasks.json")
    with pytest.raises(SteelyardError, match="is no workbook that can be read"):
        passages(path, DOCUMENTS, CODEBOOK)


def test_what_a_spreadsheet_makes_of_typed_values_is_read_as_typed(tmp_path):
    rows = [dict(ROWS[3])]
    path = save_workbook(tmp_path / "sheet.xlsx", rows)
    book = openpyxl.load_workbook(path)
    row = {"start": int(rows[0]["start"]), "kind": "none", "hedged": True, "gap": False, "coder": 7, "origin": "human"}
    for name, value in row.items():
        book["codes"].cell(5, SHEET.index(name) + 1).value = value
    book.save(path)
    [passage] = passages(path, DOCUMENTS, CODEBOOK)
    assert (passage.kind, passage.hedged, passage.gap) == ("none", True, False)


def test_a_workbook_without_its_columns_is_told(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["document_id", "quote", "stanze"])
    book.active.append(["page", "x", None, None, "beyond"])
    book.save(tmp_path / "sheet.xlsx")
    with pytest.raises(SteelyardError) as failure:
        passages(tmp_path / "sheet.xlsx", DOCUMENTS, CODEBOOK)
    told = [str(problem) for problem in failure.value.problems]
    assert f"{tmp_path / 'sheet.xlsx'}: row 1: column 'start' is missing" in told
    assert any("unknown column 'stanze'" in one and "'stance'" in one for one in told)
