"""A corpus that holds scripts, images, links, formulae and controls shows them as text, in an installed browser too."""

from __future__ import annotations

import csv
import re
from urllib.parse import quote

import chromium
import pytest
from playwright.sync_api import expect

from project import HOSTILE

pytestmark = pytest.mark.xdist_group("ferry")  # one worker, so that the small study is built once

MADE_OF_IT = "main b, main script, img[src='x'], [onerror], [onload], a[href^='javascript' i], img[src^='http'], iframe"


@pytest.fixture(scope="module")
def hostile(browser, ferry):
    """The page of the study with the hostile statement."""
    with chromium.visit(browser, ferry / "results" / "ferry" / "report.html") as visited:
        visited.page.wait_for_selector("#tbl-evidence.enhanced", state="attached")
        yield visited


def assert_harmless(visited):
    assert visited.page.evaluate("window.hacked") is None
    assert visited.page.locator(MADE_OF_IT).count() == 0
    assert visited.noted() == []


def test_hostile_text_shows_as_text_and_runs_nothing(hostile):
    words = re.sub(r"\s+", " ", hostile.page.text_content("main"))
    assert words.count(HOSTILE) >= 3  # in its hypothesis' section, in the table of evidence, in its document
    assert_harmless(hostile)


def test_hostile_text_goes_through_the_table_of_evidence_as_text(hostile):
    page = hostile.page
    page.fill("#evidence-q", '<img src=x onerror="hacked=1">')
    expect(page.locator("#evidence-status")).to_contain_text("1 statement by 1 independent voice")
    assert HOSTILE in re.sub(r"\s+", " ", page.inner_text("#tbl-evidence tbody .quote"))
    with page.expect_download() as download:
        page.click("#evidence-export")
    [row] = csv.DictReader(download.value.path().read_text(encoding="utf-8-sig").splitlines())
    assert re.sub(r"\s+", " ", row["statement"]) in (HOSTILE, HOSTILE.replace("[U+202E]", "\u202e"))
    assert_harmless(hostile)


def test_no_cell_of_the_export_begins_a_formula(hostile):
    page = hostile.page
    page.click("#evidence-reset")
    with page.expect_download() as download:
        page.click("#evidence-export")
    rows = list(csv.DictReader(download.value.path().read_text(encoding="utf-8-sig").splitlines()))
    assert "'- The fares are fair." in [row["statement"] for row in rows]
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


@pytest.mark.parametrize(
    "fragment",
    [
        "#evidence?q=" + quote('"><img src=x onerror=hacked=1>'),
        '#evidence?hypothesis="><script>hacked=1</script>&page=x',
    ],
    ids=["words", "choice"],
)
def test_a_hostile_permalink_runs_nothing(browser, ferry, fragment):
    with chromium.visit(browser, ferry / "results" / "ferry" / "report.html", fragment) as visited:
        visited.page.wait_for_selector("#tbl-evidence.enhanced", state="attached")
        assert_harmless(visited)
