"""`snakemake coding_sheet` draws a sheet, and never writes over one that somebody has filled in."""

from __future__ import annotations

import shutil

import pytest

from project import snakemake

pytestmark = pytest.mark.xdist_group("ferry")  # one worker, so that the small study is built once


def test_a_sheet_is_drawn_and_one_that_is_filled_in_is_kept(ferry, tmp_path):
    folder = shutil.copytree(ferry, tmp_path / "copy", copy_function=shutil.copy2)
    sheets = folder / "results" / "ferry" / "coding_sheet"
    done = snakemake("coding_sheet", "--configfile", "ferry/config.yaml", folder=folder)
    assert done.returncode == 0, done.stderr
    assert "statements to code: results/ferry/coding_sheet/sheet.xlsx" in done.stderr
    assert "localrule cues" not in done.stdout + done.stderr, "what is there is not made anew"
    assert {path.suffix for path in sheets.iterdir()} == {".xlsx", ".csv", ".json", ".xml"}

    lines = (sheets / "sheet.csv").read_text(encoding="utf-8")
    filled = lines.replace(",,,,,,,,,,,,,random,", ",fares,supports,,,,,,,,,,,random,", 1)
    assert filled != lines
    (sheets / "sheet.csv").write_text(filled, encoding="utf-8")
    (sheets / "sheet.xlsx").unlink()  # so that it is to be drawn again
    refused = snakemake("coding_sheet", "--configfile", "ferry/config.yaml", folder=folder)
    assert refused.returncode != 0
    assert "is filled in, so it is not written over" in refused.stderr
    assert (sheets / "sheet.csv").read_text(encoding="utf-8") == filled
