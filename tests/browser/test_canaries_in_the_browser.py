"""Hostile text in an installed browser: nothing runs, nothing is asked for and nothing is made of it but text.

That holds under the page's strict policy and without it, as escaping alone must do.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

import chromium
import pytest
from playwright.sync_api import Page, expect

from steelyard.csv_file import is_formula
from steelyard.render.escape import visible
from studies.canaries import canaries, twin

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("canaries")]  # one worker, so that the study is built once

# What a document is made of: names of elements and attributes, and where links and sources lead.
MADE_OF = """() => {
    const elements = [...document.querySelectorAll("*")];
    const attributes = elements.flatMap((element) => [...element.attributes]);
    const leading = /^(href|xlink:href|src|srcset|action|formaction|data|poster|background|ping|cite)$/;
    const addresses = attributes.filter((one) => leading.test(one.name)).map((one) => one.value.trim());
    return {
        elements: [...new Set(elements.map((element) => element.tagName))].sort(),
        attributes: [...new Set(attributes.map((attribute) => attribute.name))].sort(),
        schemes: [...new Set(addresses.map((address) => address.match(/^[^:/?#]*:|^#/)?.[0] ?? address))].sort(),
        events: attributes.filter((attribute) => /^on/i.test(attribute.name)).length,
    };
}"""


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    return twin.built(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="module")
def report(built) -> Path:
    return built / "results" / "canaries" / "report.html"


@pytest.fixture(scope="module")
def unguarded(report) -> Path:
    """The page without its content security policy."""
    text, found = re.subn(r"<meta http-equiv=\"Content-Security-Policy\"[^>]*>", "", report.read_text(encoding="utf-8"))
    assert found == 1
    path = report.with_name("unguarded.html")
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module", params=["report", "unguarded"])
def visited(request, browser):
    with chromium.visit(browser, request.getfixturevalue(request.param)) as visited:
        visited.page.wait_for_selector("#tbl-evidence.enhanced", state="attached")
        yield visited
        assert visited.page.evaluate("window.hacked") is None
        assert visited.noted() == []


@pytest.fixture
def page(visited) -> Page:
    visited.page.click("#evidence-reset")
    return visited.page


def status(page: Page) -> str:
    return page.inner_text("#evidence-status")


def test_the_page_is_made_of_what_the_page_of_harmless_texts_is_made_of(browser, built, visited):
    with chromium.visit(browser, twin.page(built)) as harmless:
        harmless.page.wait_for_selector("#tbl-evidence.enhanced", state="attached")
        expected = harmless.page.evaluate(MADE_OF)
        assert harmless.noted() == []
    found = visited.page.evaluate(MADE_OF)
    expected["attributes"] += ["http-equiv"] * ("http-equiv" not in expected["attributes"])
    assert found["events"] == 0
    assert {name: sorted(set(found[name]) - set(expected[name])) for name in expected if name != "events"} == {
        "elements": [],
        "attributes": [],
        "schemes": [],
    }


def test_search_finds_canaries_as_text(page):
    for canary in ("<script>hacked=1</script>", "{{< include _quarto.yml >}}", "[link](javascript:hacked=1)", "=1+1"):
        page.fill("#evidence-q", canary)
        assert re.match(r"\d+ statements? by", status(page)), canary
        assert canary in page.inner_text("#tbl-evidence tbody")


def test_every_choice_of_every_filter_can_be_made(page):
    for facet in ("hypothesis", "stance", "kind", "source", "voice", "coder", "weighed"):
        values = page.locator(f"#evidence-{facet} option").evaluate_all("all => all.map((one) => one.value)")
        for value in values[1:]:
            page.select_option(f"#evidence-{facet}", value)
            assert status(page) != "No statements", (facet, value)
        page.select_option(f"#evidence-{facet}", "")


def test_a_link_to_a_voice_of_whatever_name_shows_its_statements(page):
    links = page.locator("#tbl-voices a.evidence[data-voice]:not([data-best])")
    assert links.count() > 15
    for number in range(links.count()):
        link = links.nth(number)
        if link.get_attribute("href") == "#sec-evidence":
            link.click()
            assert re.match(r"\d+ statements? by 1 independent voice", status(page)), link.get_attribute("data-voice")


def test_a_permalink_of_a_hostile_voice_leads_back_to_it(browser, page, report):
    voice = page.locator("#evidence-voice option", has_text="<script>").first.get_attribute("value")
    page.select_option("#evidence-voice", voice)
    page.click("#tbl-evidence thead th >> nth=2")
    expect(page).to_have_url(re.compile("sort="))
    told, fragment = status(page), page.evaluate("location.hash")
    with chromium.visit(browser, report, fragment) as again:
        expect(again.page.locator("#evidence-status")).to_have_text(told)
        assert again.noted() == []


def test_the_export_has_the_words_and_no_formula(page, report):
    with page.expect_download() as download:
        page.click("#evidence-export")
    exported = download.value.path().read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(exported.split("\n")))
    assert not [cell for row in rows for cell in row.values() if is_formula(cell)]
    whole = csv.DictReader(report.with_name("evidence.csv").read_text(encoding="utf-8-sig").split("\n"))
    assert [shown(row) for row in rows] == [shown(row) for row in whole]


def shown(row: dict[str, str]) -> dict[str, str]:
    """Give the cells as a page can hold them, without blanks."""
    return {name: "".join(visible(" ".join(cell.splitlines())).split()) for name, cell in row.items()}


def test_on_paper_stand_all_rows(page):
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("#tbl-evidence tbody tr").count() > 200
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")


def test_the_page_reads_on_a_phone_with_words_of_any_length(browser, report):
    with chromium.visit(browser, report, viewport=chromium.PHONE) as visited:
        visited.page.wait_for_selector("#tbl-evidence.enhanced", state="attached")
        assert visited.page.evaluate("document.scrollingElement.scrollWidth") <= chromium.PHONE["width"]
        assert "w" * 10_000 in visited.page.text_content("main")
        assert canaries.NAMES[2] in visited.page.inner_text("h1.title")
