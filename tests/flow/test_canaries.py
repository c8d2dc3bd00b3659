"""Hostile text goes through the pipeline into the report, its sources and its files: it is text wherever it comes out.

What a page, a source or a PDF may hold beside words is told by the study's twin, whose texts hold letters only.
"""

from __future__ import annotations

import contextlib
import csv
import html
import io
import json
import re
from pathlib import Path
from typing import Any

import pypdf
import pypdfium2
import pytest
import yaml
from lxml import html as lxml_html

from steelyard import cli, tables
from steelyard.csv_file import is_formula
from steelyard.render.escape import entities, visible
from steelyard.render.run import Run
from steelyard.render.sections import compose
from studies.canaries import canaries, twin

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("canaries")]  # one worker, so that the study is built once

OWN_SHORTCODES = ("include", "var")
LEAKED = ("quarto-required", "root:x:0")  # what stands in the files that canaries name


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    return twin.built(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="module")
def results(built) -> Path:
    return built / "results" / "canaries"


@pytest.fixture(scope="module")
def run(built) -> Run:
    return twin.load(built)


def squeezed(text: str) -> str:
    return "".join(text.split())


def shown(text: str) -> str:
    """Give a text as the report shows it, without blanks; line ends are blanks."""
    return squeezed(visible(" ".join(text.splitlines())))


def names_and_titles(run: Run) -> list[str]:
    """Give all foreign text beside statements."""
    documents, voices = run[tables.DOCUMENTS], run[tables.VOICES]
    codes = run[tables.CODES].label.dropna()
    told = [*documents.title, *documents.source_type, *documents.author.dropna(), *documents.path]
    hypotheses = [
        text
        for one in run.codebook.hypotheses
        for text in (one.name, one.claim, *one.count_also, *one.do_not_count, *(o.see for o in one.observations))
    ]
    report = [run.study.question, run.study.report.title, run.study.report.subtitle, run.study.report.author]
    samples = [coder.sample for coder in run.study.coders if coder.type == "recorded"]
    return [*told, *voices.name.dropna(), *codes, *hypotheses, *report, *samples]


def test_every_canary_is_a_statement_of_the_document_that_holds_it(run):
    statements, dropped = run[tables.STATEMENTS], run[tables.DROPPED]
    for name, held in canaries.HELD.items():
        spans = [*statements[statements.document_id == name].start, *dropped[dropped.document_id == name].start]
        ends = [*statements[statements.document_id == name].end, *dropped[dropped.document_id == name].end]
        whole = squeezed("".join(run.texts[name][start:end] for start, end in sorted(zip(spans, ends, strict=True))))
        as_read = held if name == "page" else map(canaries.plain, held)
        assert [canary for canary in as_read if squeezed(canary) not in whole] == [], name


def test_the_page_shows_every_text_as_it_is(run, results):
    page = lxml_html.parse(str(results / "report.html")).getroot()
    # Between statements stand arrows back to the table of evidence.
    words = squeezed(page.xpath("//body")[0].text_content()).replace("\u2060↑", "")
    texts = [*run[tables.STATEMENTS].text, *names_and_titles(run)]
    assert [text for text in texts if shown(text) not in words] == []
    assert not any(leak in words for leak in LEAKED)


def test_the_sources_hold_no_more_markup_than_those_of_harmless_texts(run):
    harmless = compose(twin.twin(run))
    for name, fragment in compose(run).items():
        found, expected = twin.shape(fragment), twin.shape(harmless[name])
        assert (found - expected, expected - found) == ({}, {}), name


def test_no_shortcode_of_the_texts_is_left_in_the_sources(results):
    project = results / "quarto"
    for path in [*project.rglob("*.md"), *project.rglob("*.qmd"), project / "_variables.yml", *project.rglob("*.svg")]:
        found = re.findall(r"\{\{<\s*(\S*)", path.read_text(encoding="utf-8"))
        allowed = OWN_SHORTCODES if path.suffix == ".qmd" else ()
        assert set(found) <= set(allowed), path.name


def test_attributes_of_the_sources_hold_no_shortcode_once_they_are_read(run):
    for name, fragment in compose(run).items():
        for value in re.findall(r'="([^"]*)"', fragment):
            assert "{{" not in html.unescape(value), name


def test_title_block_and_variables_are_read_back_as_the_same_texts(run, results):
    front = (results / "quarto" / "report.qmd").read_text(encoding="utf-8").split("---\n")[1]
    block = yaml.safe_load(front)
    report = run.study.report
    assert [html.unescape(block[name]) for name in ("title", "author")] == [
        visible(report.title),
        visible(report.author),
    ]
    assert block["subtitle"] == entities(f"{run.study.question} {report.subtitle}")
    values = yaml.safe_load((results / "quarto" / "_variables.yml").read_text(encoding="utf-8"))
    assert values["study"] == "canaries" and all(isinstance(value, str) for value in values.values())


def test_the_pdf_holds_the_words_and_nothing_of_the_files_that_they_name(run, results):
    document = pypdfium2.PdfDocument(results / "report.pdf")
    pages = [page.get_textpage() for page in document]
    # Hyphens are left out: one that was put in where a line ends is another character, and may stand for all of them.
    words = re.sub("[-\u00ad\ufffe]", "", squeezed("".join(page.get_text_range() for page in pages)))
    texts = [*run[tables.STATEMENTS].text, *names_and_titles(run)]
    ascii_only = [part for text in texts for part in re.findall("[!-~]+", visible(" ".join(text.splitlines())))]
    found = {part.replace("-", "") for part in ascii_only if len(part) < 60}
    assert len(found) > 300
    assert [part for part in sorted(found) if part not in words] == []
    assert not any(leak.replace("-", "") in words for leak in LEAKED)


def test_no_word_is_too_long_for_the_pages(results):
    document = pypdfium2.PdfDocument(results / "report.pdf")
    for number, page in enumerate(document, start=1):
        text = page.get_textpage()
        rights = [text.get_rect(place)[2] for place in range(text.count_rects())]
        assert max(rights) < page.get_width() + 10, number  # pictures are cut at their frames


def test_the_pdf_has_no_action_but_links_within_it_and_to_the_address_of_the_config(results):
    reader = pypdf.PdfReader(results / "report.pdf")
    kinds: set[str] = set()
    addresses: set[str] = set()
    keys: set[str] = set()
    for number in range(1, len(reader.xref[0]) if reader.xref else 0):
        with contextlib.suppress(pypdf.errors.PdfReadError):
            _noted(reader.get_object(number), kinds, addresses, keys)
    assert (
        keys & {"/JS", "/JavaScript", "/EmbeddedFiles", "/EmbeddedFile", "/AA", "/OpenAction", "/Launch", "/RichMedia"}
        == set()
    )
    assert kinds <= {"/GoTo", "/URI"}
    assert addresses and all(
        address.startswith((canaries.LINKED, "https://news.ycombinator.com/item?id=1")) for address in addresses
    )


def _noted(value: Any, kinds: set[str], addresses: set[str], keys: set[str]) -> None:
    """Note the keys of a PDF's object and of those in it, and the actions among them."""
    if isinstance(value, dict):
        keys |= set(value)
        if "/S" in value and value.get("/Type") in (None, "/Action") and "/K" not in value:
            kinds |= {str(value["/S"])} & {"/GoTo", "/URI", "/GoToR", "/Launch", "/JavaScript", "/SubmitForm", "/Named"}
        addresses |= {str(value["/URI"])} if "/URI" in value and "/S" in value else set()
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        if not isinstance(one, pypdf.generic.IndirectObject):
            _noted(one, kinds, addresses, keys)


def test_no_cell_of_the_tables_for_people_is_a_formula_and_their_texts_are_whole(run, results):
    rows = _cells(results / "evidence.csv")
    texts = {row["statement"] for row in rows}
    assert {is_formula(text) for row in rows for text in row.values()} == {False}
    coded = set(run[tables.CODES].statement_id)
    statements = run[tables.STATEMENTS].set_index("statement_id").text
    assert texts == {f"'{text}" if is_formula(text.lstrip("'")) else text for text in statements[sorted(coded)]}
    review = _cells(results / "annotate" / "recorded" / "reader" / "review.csv")
    assert review and {row["where"].split(":")[0] for row in review} == {f"'{canaries.CODES}"}
    assert {is_formula(text) for row in review for text in row.values()} == {False}


def _cells(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


def test_the_bibliography_is_json_of_the_same_titles_and_of_links_to_the_web_only(run, results):
    items = json.loads((results / "corpus.json").read_bytes())
    titles = {squeezed(item["title"].replace("<\u2060", "<")) for item in items}
    assert titles == {shown(title) for title in run[tables.DOCUMENTS].title}
    assert not [item["title"] for item in items if re.search(r"<[/A-Za-z]", item["title"])]
    assert all(item.get("URL", "https://").startswith("https://") for item in items)
    assert not any(set(item.get("URL", "")) & set('<>"{} ') for item in items)


def test_what_is_said_on_the_terminal_and_in_logs_steers_no_terminal(built, monkeypatch, capsys):
    monkeypatch.chdir(built)
    assert cli.main(["check", "canaries"]) == 0
    said = "".join(capsys.readouterr())
    logs = "".join(path.read_text(encoding="utf-8") for path in (built / "logs").rglob("*.log"))
    assert "red" in said
    assert re.findall(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", said + logs) == []
