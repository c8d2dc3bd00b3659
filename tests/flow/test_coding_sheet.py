"""`snakemake coding_sheet` draws a sheet, never writes over one that is filled in, and its codes correct shares."""

from __future__ import annotations

import shutil

import pandas as pd
import pytest

from project import snakemake

pytestmark = pytest.mark.xdist_group("ferry")  # one worker, so that the small study is built once


@pytest.fixture(scope="module")
def drawn(ferry, tmp_path_factory):
    """The folder of a copy of `ferry` in which a sheet was drawn, and what the command said."""
    folder = shutil.copytree(ferry, tmp_path_factory.mktemp("drawn") / "copy", copy_function=shutil.copy2)
    return folder, snakemake("coding_sheet", "--configfile", "ferry/config.yaml", folder=folder)


def test_a_sheet_is_drawn_and_one_that_is_filled_in_is_kept(drawn, tmp_path):
    original, done = drawn
    assert done.returncode == 0, done.stderr
    assert "statements to code: results/ferry/coding_sheet/sheet.xlsx" in done.stderr
    assert "localrule cues" not in done.stdout + done.stderr, "what is there is not made anew"
    folder = shutil.copytree(original, tmp_path / "copy", copy_function=shutil.copy2)
    sheets = folder / "results" / "ferry" / "coding_sheet"
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


def test_what_people_read_at_random_corrects_the_shares(drawn, tmp_path):
    folder = shutil.copytree(drawn[0], tmp_path / "copy", copy_function=shutil.copy2)
    sheet = pd.read_csv(folder / "results" / "ferry" / "coding_sheet" / "sheet.csv", dtype=str, keep_default_na=False)
    said = {"hypothesis_id": "bridge", "stance": "supports", "kind": "assertion", "hedged": "false", "gap": "false"}
    assert (sheet["sample"].head(6) == "random").all()
    sheet.head(6).assign(**said, coder="Ann", origin="human").to_csv(folder / "ferry" / "ann.csv", index=False)
    config = folder / "ferry" / "config.yaml"
    text = config.read_text(encoding="utf-8")
    text = text.replace("coders:\n", "coders:\n  - {name: ann, type: recorded, path: ann.csv}\n")
    text = text.replace("method:\n", "method:\n  correction: {fewest_read: 6}\n")
    config.write_text(text, encoding="utf-8")
    done = snakemake("results/ferry/weigh/shares.parquet", "--configfile", "ferry/config.yaml", folder=folder)
    assert done.returncode == 0, done.stderr
    shares = pd.read_parquet(folder / "results" / "ferry" / "weigh" / "shares.parquet").set_index("hypothesis_id")
    assert (shares["read"] == 6).all()
    # Ann gives all six the bridge, which one statement of eleven was given before: so that few others take it up.
    assert shares.loc["bridge", "differences"] in (5, 6)
    assert shares.enough["bridge"] and shares.corrected["bridge"] > 0.8 > shares.coded["bridge"]
