"""No cell of a CSV file that is written is a formula to a spreadsheet, and all come back as they were."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from project import PROJECT
from steelyard import csv_file
from studies.canaries.canaries import CANARIES, SHORT

FORMULAE = [text for text in CANARIES["spreadsheet formulae"] if text[0] not in ";\"'"]
CELLS = st.text(st.sampled_from("'=+-@|%＝＠\t\r\n\u200b\ufeff\u00a0 a1,;\"\x07"), max_size=6) | st.sampled_from(SHORT)


@pytest.mark.parametrize("text", [*FORMULAE, "\t1", "\r1", "\n1", " =1", "\u00a0-1", "\x07=1"])
def test_what_a_spreadsheet_may_take_for_a_formula_gets_an_apostrophe(text):
    assert csv_file.harmless(text) == f"'{text}"
    assert csv_file.harmless(f"1{text}") == f"1{text}"


@given(st.lists(CELLS, min_size=1, max_size=3))
def test_cells_come_back_as_they_were_and_none_is_a_formula(tmp_path_factory, cells):
    path = tmp_path_factory.getbasetemp() / "cells.csv"
    columns = [f"c{number}" for number in range(len(cells))]
    path.write_bytes(csv_file.written([*columns, "last"], [dict(zip(columns, cells, strict=True)) | {"last": "x"}]))
    [written] = csv.DictReader(io.StringIO(path.read_bytes().decode(), newline=""))
    assert not [cell for cell in written.values() if csv_file.is_formula(cell)]
    [(_, read)], problems = csv_file.read(path, [*columns, "last"], verbatim=columns)
    assert (list(read.values())[:-1], problems) == (cells, [])


def test_the_page_knows_formulae_by_the_same_signs():
    script = (PROJECT / "report" / "evidence.js").read_text(encoding="utf-8")
    before, after = r"const FORMULA = /^'*(?:[\p{Cc}\p{Cf}\p{Z}]*[", r"]|[\t\r\n])/u;"
    signs = script.partition(before)[2].partition(after)[0]
    known = {sign for sign in map(chr, range(0x20, 0x10000)) if csv_file.is_formula(sign)}
    assert known == set(signs.replace("\\", ""))
