"""Text written from right to left: marked as such, kept apart from its neighbours, set in its own letters."""

from __future__ import annotations

import pypdf
import pytest
from lxml import html

from steelyard.render import embedded
from steelyard.render import markdown as md
from steelyard.render.bibliography import as_json
from steelyard.render.embedded import fonts
from steelyard.render.embedded.pdf import TypstOutput
from steelyard.render.embedded.svg import for_typst
from steelyard.render.escape import direction
from steelyard.render.run import Run
from steelyard.render.sections.sources import sources
from unit.render.test_evidence_section import made
from unit.render.test_places import run
from unit.weigh.small_corpus import Said

ARABIC = "هل هذا صحيح؟ نعم، بنسبة 25%."
MIXED = "The word الحرية stands here."


@pytest.mark.parametrize(
    ("text", "expected"),
    [("So it is.", ""), ("因为便宜。", ""), (ARABIC, "rtl"), ("שלום, Ann", "rtl"), (MIXED, "ltr"), ("25%", "")],
)
def test_a_text_has_the_direction_of_most_of_its_letters(text: str, expected: str) -> None:
    assert direction(text) == expected


def test_quotations_and_names_are_kept_apart_only_where_need_be() -> None:
    assert md.spoken("Oui", "fr") == '<span lang="fr">&#8220;Oui&#8221;</span>'
    assert md.spoken("נעם", "he") == '<span lang="he" dir="rtl">&#8220;נעם&#8221;</span>'
    assert md.name("Ann") == "Ann"
    assert md.name("علي <b>") == '<span dir="rtl">علي &#60;b&#62;</span>'


def test_marks_of_other_languages_come_through_as_they_are() -> None:
    for text in ("Il dit\u202f: «\u00a0oui\u00a0»", "„Ja“, 2\u202f000 €", "¿Sí? ¡No!"):
        assert html.fromstring(f"<p>{md.spoken(text, 'xx')}</p>").text_content() == f"“{text}”"


def several() -> Run:
    said = [Said("علي", {"greed": "supports"}, text=ARABIC), Said(text=MIXED), Said("Bob", document="other")]
    about = {"title": ["رسالة", "other"], "author": ["محمد علي", None], "date": ["2025-03-01", None]}
    return run(made(said), statements={"language": ["ar", "en", "en"]}, documents=about)


def test_an_utterance_from_right_to_left_is_a_block_of_its_own_and_others_stay_as_they_are() -> None:
    page = sources(several())
    assert '**<span dir="rtl">علي</span>**, [line 1]{.place}:\n\n::: {lang=ar dir=rtl}\n[هل' in page
    assert "]{#p1-0 .mark}" in page  # which has the block's language and direction
    assert "**Ann**, [line 2]{.place}: [The word الحرية stands here&#46;]{#p1-29 .statement}" in page


def test_a_statement_that_is_not_of_its_blocks_direction_says_so() -> None:
    given = several()
    ids = given.frames["ingest/utterances"].utterance_id
    page = sources(run(given, statements={"utterance_id": [ids[0], ids[0], ids[2]]}))
    assert "{#p1-29 .statement lang=en dir=ltr}" in page


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> tuple[html.HtmlElement, pypdf.PdfReader]:
    """The sources of a small corpus and their references, in both formats."""
    folder = tmp_path_factory.mktemp("directions")
    told = several()
    (folder / "corpus.json").write_bytes(as_json(told.frames["ingest/documents"]))
    head = "---\ntitle: T\nbibliography: corpus.json\nlink-citations: true\n---\n"
    quotation = next(iter(told.passages.values())).quotation()
    pages = sources(told).replace("#row-p", "#p")  # there is no evidence table
    text = md.join([head, quotation, pages, "## Cited {#sec-cited}", "::: {#refs}\n:::"])
    (folder / "report.qmd").write_text(text, encoding="utf-8")
    page, pdf = folder / "report.html", folder / "report.pdf"
    embedded.render(folder, "report.qmd", page, pdf)
    return html.parse(page).getroot(), pypdf.PdfReader(pdf)


def test_the_page_says_language_and_direction(rendered: tuple[html.HtmlElement, pypdf.PdfReader]) -> None:
    page, _ = rendered
    [quotation] = page.xpath("//a/span[@lang='ar' and @dir='rtl']")
    assert quotation.text_content() == f"“{ARABIC}”"
    [mark] = page.xpath("//div[@lang='ar' and @dir='rtl']/p/mark")
    assert mark.text_content() == ARABIC
    entry = page.xpath("//div[@class='csl-entry'][@id='ref-paper']")[0]
    assert entry.xpath(".//span[@dir='rtl']/text()") == ["محمد علي", "رسالة"]
    assert " ".join(entry.text_content().split()).startswith("محمد علي. 2025. رسالة.")
    assert page.xpath("//a[@href='#ref-paper']")


def test_the_pdf_has_the_words_in_their_own_letters(rendered: tuple[html.HtmlElement, pypdf.PdfReader]) -> None:
    _, pdf = rendered
    names = {font.get_object()["/BaseFont"] for page in pdf.pages for font in page["/Resources"]["/Font"].values()}
    assert any(fonts.ARABIC.replace(" ", "") in name for name in names)
    # The font draws letters and dots apart, and a reader of PDFs may tell both: letters are looked for, not words.
    assert set(ARABIC) <= set("".join(page.extract_text() for page in pdf.pages))


def test_the_fonts_are_known_to_hold_arabic_and_hebrew() -> None:
    available = fonts.load([])
    assert fonts.without_glyph(f"{ARABIC} پژگ ٣ می\u200cخواهم שלום", available) == []
    assert {*fonts.TEXT} <= set(available.families())


def test_words_of_another_direction_are_isolated_in_the_pdf_and_paragraphs_turned() -> None:
    output = TypstOutput(None, None)  # type: ignore[arg-type]
    inner = [{"t": "Str", "c": "علي"}]
    before, _, after = output.wrapped({"t": "Span", "c": [["", [], [["dir", "rtl"], ["lang", "ar"]]], inner]}, inner)
    assert (before["c"][1], after["c"][1]) == ('#"\u2067";#[#set text(lang: "ar"); ', ']#"\u2069";')
    before, *_ = output.wrapped({"t": "Div", "c": [["", [], [["dir", "rtl"]]], []]}, [])
    assert "set text(dir: rtl)" in before["c"][1]


def test_arabic_words_of_a_picture_are_parts_of_their_own() -> None:
    root = html.fromstring(for_typst('<svg xmlns="http://www.w3.org/2000/svg"><text>Ann, محمد علي (2)</text></svg>'))
    [part] = root.xpath("//*[local-name()='tspan']")
    assert (part.text, part.tail, part.get("font-family")) == ("محمد علي", " (2)", fonts.ARABIC)
