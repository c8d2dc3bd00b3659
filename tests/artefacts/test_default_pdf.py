"""The default study's PDF: its pages, links, fonts, metadata and tags, and what its pages look like."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from pypdf import PdfReader
from pypdf.generic import IndirectObject

from project import need
from steelyard import __version__

pytestmark = pytest.mark.xdist_group("default")  # one worker, so that the report is built once

QUESTION = "Why do Chinese AI labs release the weights of strong models?"
FONTS = {"SourceSans3", "NotoSansSC", "NotoSans", "NotoEmoji", "DejaVuSansMono", "NewCMMath", "NotoSansSymbols"}


@dataclass
class Tag:
    """A part of the PDF's structure: what it is, its attributes, and the pages on which it stands."""

    kind: str
    attributes: dict[str, Any] = field(default_factory=dict)
    children: list[Tag] = field(default_factory=list)
    page: int = 0

    def all(self, *kinds: str) -> Iterator[Tag]:
        for child in self.children:
            if child.kind in kinds:
                yield child
            yield from child.all(*kinds)

    @property
    def pages(self) -> list[int]:
        return [leaf.page for leaf in self.all("content")]


@dataclass
class Report:
    """What all tests look at, read once."""

    path: Path
    reader: PdfReader
    texts: list[str]
    chapters: dict[str, int]
    structure: Tag


@pytest.fixture(scope="module")
def report(results, pdf, printed) -> Report:
    chapters = {
        item.title: pdf.get_destination_page_number(item) + 1 for item in pdf.outline if not isinstance(item, list)
    }
    numbers = {page.indirect_reference.idnum: number for number, page in enumerate(pdf.pages, start=1)}
    structure = tag(pdf.trailer["/Root"]["/StructTreeRoot"], numbers, 0)
    return Report(results / "report.pdf", pdf, printed, chapters, structure)


def tag(node: Any, numbers: dict[int, int], page: int) -> Tag:
    """Read a part of the structure and all that is in it."""
    page = numbers[node.raw_get("/Pg").idnum] if "/Pg" in node else page
    result = Tag(str(node.get("/S", ""))[1:], {key: node[key] for key in ("/Alt", "/Lang") if key in node})
    inner = node.get("/K", [])
    for item in inner if isinstance(inner, list) else [inner]:
        child = item.get_object() if isinstance(item, IndirectObject) else item
        if isinstance(child, int):
            result.children.append(Tag("content", page=page))
        elif child.get("/Type") == "/MCR":
            result.children.append(Tag("content", page=numbers[child.raw_get("/Pg").idnum] if "/Pg" in child else page))
        elif child.get("/Type") != "/OBJR":
            result.children.append(tag(child, numbers, page))
    return result


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def front_matter(results: Path) -> dict[str, Any]:
    return yaml.safe_load((results / "quarto" / "report.qmd").read_text(encoding="utf-8").split("---\n")[1])


# --- what stands where


def test_the_title_page_holds_the_question_the_date_and_the_versions(report, results):
    first = squeezed(report.texts[0])
    variables = yaml.safe_load((results / "quarto" / "_variables.yml").read_text(encoding="utf-8"))
    for words in (QUESTION, f"steelyard {__version__}", variables["documents"], variables["statements"]):
        assert squeezed(words) in first
    assert str(front_matter(results)["date"]) in first
    assert "/" not in report.texts[0].splitlines()[-1], "no page number"


def test_the_contents_name_every_chapter_with_its_page(report):
    contents = " ".join(report.texts[1].split())
    assert len(report.chapters) == 11
    for title, number in report.chapters.items():
        assert re.search(re.escape(title) + rf"[ .]*\b{number}\b", contents), title
        assert squeezed(title) in squeezed(report.texts[number - 1])


def test_every_page_says_where_it_is(report):
    starts = sorted((number, title) for title, number in report.chapters.items())
    assert len({number for number, _ in starts}) == len(starts), "a chapter begins on a page of its own"
    for number, text in enumerate(report.texts[1:], start=2):
        head = squeezed("".join(text.splitlines()[:3]))
        chapter = [title for start, title in starts if start <= number][-1:]
        assert squeezed(QUESTION + "".join(chapter)) in head, number
        assert f"{number}/{len(report.texts)}" in squeezed(text), number


def test_no_picture_is_parted_from_its_caption(report):
    parents = [part for part in report.structure.all("Div") if any(part.all("Caption")) and any(part.all("Figure"))]
    assert len(parents) == sum(1 for _ in report.structure.all("Figure"))
    assert len(parents) >= 5
    assert all(len(set(part.pages)) == 1 for part in parents)


def test_no_table_is_parted_from_its_caption_and_no_row_is_split(report):
    captioned = [part for part in report.structure.all("Table") if any(part.all("Caption"))]
    assert len(captioned) > 15
    for table in captioned:
        caption, first = next(table.all("Caption")), next(next(table.all("TBody")).all("TR"))
        assert caption.pages[-1] == first.pages[0]
        assert [row.pages for row in table.all("TR") if len(set(row.pages)) > 1] == []


def test_no_heading_is_the_last_of_its_page(report):
    leaves = [(leaf.page, heading) for leaf, heading in with_headings(report.structure)]
    for (page, heading), (following, next_heading) in pairwise(leaves):
        if heading and heading is not next_heading:
            assert page == following, heading.attributes


def with_headings(part: Tag, heading: Tag | None = None) -> Iterator[tuple[Tag, Tag | None]]:
    """Give the contents in order, each with the heading that it belongs to."""
    for child in part.children:
        inside = child if re.fullmatch(r"H\d", child.kind) else heading
        if child.kind == "content":
            yield child, inside
        yield from with_headings(child, inside)


# --- links


def test_every_link_has_a_target(report):
    names = report.reader.named_destinations
    pages = {page.indirect_reference.idnum for page in report.reader.pages}
    links = [note.get_object() for page in report.reader.pages for note in page.get("/Annots", [])]
    assert len(links) > 500
    for link in links:
        action = link.get("/A", {})
        target = link.get("/Dest", action.get("/D"))
        target = target.get_object() if target is not None else None
        if "/URI" in action:
            assert re.match(r"(https?|mailto):", action["/URI"])
        elif isinstance(target, list):
            assert list.__getitem__(target, 0).idnum in pages
        else:
            assert str(target) in names
        assert link.get("/Contents"), "a screen reader has words for it"


# --- fonts


def fonts_of(resources: Any, seen: set[int]) -> Iterator[tuple[str, Any]]:
    """Give the fonts of a page and of the pictures in it, once each."""
    for name, reference in resources.get("/Font", {}).items():
        yield name, reference.get_object()
    for reference in resources.get("/XObject", {}).values():
        inner = reference.get_object()
        if inner.get("/Subtype") == "/Form" and "/Resources" in inner and id(inner) not in seen:
            seen.add(id(inner))
            yield from fonts_of(inner["/Resources"], seen)


def test_every_font_is_embedded_and_from_a_package(report):
    seen: set[int] = set()
    found = {
        str(font["/BaseFont"]): font for page in report.reader.pages for _, font in fonts_of(page["/Resources"], seen)
    }
    for name, font in found.items():
        descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor), name
    families = {re.split("[-,]", name.partition("+")[2])[0] for name in found}
    assert families - {name for name in families if any(name.startswith(known) for known in FONTS)} == set()
    assert {"SourceSans3", "NotoSansSC"} <= families


_STRING = re.compile(rb"\((?:\\.|[^\\()])*\)", re.DOTALL)
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_CONTROLS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def unescaped(string: bytes) -> bytes:
    """Give the bytes of a PDF's literal string."""

    def plain(match: re.Match[bytes]) -> bytes:
        code = match.group(1)
        return bytes([int(code, 8) & 255]) if code.isdigit() else _CONTROLS.get(code, code)

    return _ESCAPE.sub(plain, string[1:-1])


def test_no_character_is_shown_as_a_box(report):
    """Glyph 0 of a font is the box for what it lacks; all fonts have codes of two bytes."""
    streams = [page.get_contents().get_data() for page in report.reader.pages]
    for page in report.reader.pages:
        pictures = [item.get_object() for item in page["/Resources"].get("/XObject", {}).values()]
        streams += [picture.get_data() for picture in pictures if picture.get("/Subtype") == "/Form"]
    strings = [unescaped(found) for stream in streams for found in _STRING.findall(stream) if b"Tf" in stream]
    assert len(strings) > 1000
    assert [text for text in strings if any(text[at : at + 2] == b"\0\0" for at in range(0, len(text), 2))] == []


# --- what readers and screen readers are told


def test_metadata(report, results):
    root, front = report.reader.trailer["/Root"], front_matter(results)
    assert report.reader.metadata.title == QUESTION
    assert "rival hypotheses" in report.reader.metadata.subject
    assert "weight of evidence" in report.reader.metadata.keywords
    assert report.reader.metadata.get("/CreationDate", "").startswith(f"D:{front['date']}".replace("-", ""))
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]


def test_the_pdf_says_that_it_is_accessible_and_is_tagged(report):
    root = report.reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    assert all(len(picture.attributes.get("/Alt", "")) > 30 for picture in report.structure.all("Figure"))
    assert all(formula.attributes.get("/Alt") for formula in report.structure.all("Formula"))
    for table in report.structure.all("Table"):
        assert any(table.all("TH"))


def test_a_quote_in_another_language_is_marked(report):
    languages = {
        part.attributes["/Lang"] for part in report.structure.all("Span", "P", "Link", "Em") if part.attributes
    }
    assert any(str(language).startswith("zh") for language in languages)


# --- what the pages look like


def test_nothing_stands_in_the_margins_and_no_page_is_nearly_empty(report):
    need("pypdfium2", find_spec("pypdfium2"))
    import pypdfium2

    document = pypdfium2.PdfDocument(report.path)
    ends = {number - 1 for number in report.chapters.values()} | {1, len(report.texts)}
    for number, page in enumerate(document, start=1):
        ink = page.render(scale=0.5, grayscale=True).to_numpy() < 250  # half a pixel a point
        height, width = ink.shape
        edge = round(1.9 / 21 * width)
        assert not ink[:, :edge].any() and not ink[:, -edge:].any(), f"page {number}: beside the text"
        assert not ink[: height // 40].any() and not ink[-height // 40 :].any(), f"page {number}: above or below"
        foot = round(2 / 29.7 * height)
        # Between the text's end and the page number nothing stands: a picture or row that is too high would.
        assert not ink[-foot : -foot + 4].any(), f"page {number}: runs into the foot"
        if number not in ends:
            rows = ink[foot:-foot].any(axis=1).nonzero()[0]
            assert rows.max() > 0.35 * (height - 2 * foot), f"page {number} is nearly empty"
