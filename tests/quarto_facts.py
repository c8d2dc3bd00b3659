"""Observes a rendered HTML page and PDF, Quarto's own or the embedded renderer's, in the form of the facts observed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pypdf
from lxml import html

Element = html.HtmlElement

_TEXT_TAGS = ("h1", "h2", "h3", "h4", "h5", "h6", "p", "li", "th", "td", "figcaption", "caption", "dt", "dd", "pre")


def squash(text: str) -> str:
    """Bring text into one form: NFC, every run of blanks one space."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip()


def tex(text: str) -> str:
    r"""Write formulae in one form, whether the page has MathML (⟦x⟧) or TeX for MathJax (\(x\))."""
    text = re.sub(r"\\tag\{(\d+)\}", r"\\qquad(\1)", text)
    text = re.sub(r"\\[(\[]\s*(.*?)\s*\\[)\]]", r"⟦\1⟧", text)
    return re.sub(r"⟦\s*(.*?)\s*⟧", r"⟦\1⟧", text)


def _text(element: Element, without: str = "") -> str:
    """Give an element's text; formulae as their TeX; pictures and what the XPath `without` finds are left out."""
    copy = html.fromstring(html.tostring(element, encoding="unicode", with_tail=False))
    for math in copy.xpath("//math"):
        source = "".join(math.xpath(".//annotation/text()"))
        math.tail = f"⟦{squash(source)}⟧{math.tail or ''}"
        math.drop_tree()
    for picture in copy.xpath("//svg"):
        picture.drop_tree()
    for found in copy.xpath(without) if without else []:
        if found is not copy:
            found.drop_tree()
    return squash(copy.text_content())


def html_facts(path: Path) -> dict[str, Any]:
    """Observe a page."""
    page = html.document_fromstring(path.read_text(encoding="utf-8"))
    header = page.xpath("//header[@id='title-block-header']")
    facts: dict[str, Any] = {
        "lang": page.get("lang"),
        "dir": page.get("dir"),
        "title_element": squash(page.findtext(".//title") or ""),
        "meta": [[m.get("name"), m.get("content")] for m in page.xpath("//meta[@name]") if m.get("name") in _META],
        "title_block": _title_block(header[0]) if header else {},
        "toc_title": " ".join(_text(e) for e in page.xpath("//*[@id='toc-title']")),
        "toc": _toc(page),
    }
    for element in [*header, *page.xpath("//nav")]:
        element.drop_tree()
    main = page.xpath("//main")[0]
    facts |= {
        "headings": [
            _heading(e)
            for e in main.xpath(".//*[self::h1 or self::h2 or self::h3 or self::h4 or self::h5 or self::h6]")
        ],
        "figures": [_figure(e) for e in main.xpath(".//figure")],
        "tables": [_table(e) for e in main.xpath(".//table")],
        "images": [_image(e) for e in main.xpath(".//img")],
        "xrefs": [[_text(e), e.get("href")] for e in main.xpath(".//a[contains(@class,'quarto-xref')]")],
        "links": [[_text(e), e.get("href")] for e in main.xpath(".//a[@href]") if _is_ordinary_link(e)],
        "footnote_refs": [[_text(e), e.get("href")] for e in main.xpath(".//a[contains(@class,'footnote-ref')]")],
        "footnotes": [
            {"id": e.get("id"), "text": _text(e, "//a[contains(@class,'footnote-back')]")}
            for e in main.xpath(".//section[@id='footnotes']/ol/li")
        ],
        "citations": [{"text": _text(e), "cites": e.get("data-cites")} for e in main.xpath(".//span[@data-cites]")],
        "bibliography": [
            {"id": e.get("id"), "text": _text(e)} for e in main.xpath(".//div[contains(@class,'csl-entry')]")
        ],
        "appendix_headings": [_text(e) for e in main.xpath(".//*[contains(@class,'quarto-appendix-heading')]")],
        "callouts": [_callout(e) for e in main.xpath(".//*[starts-with(@class,'callout callout-style')]")],
        "blocks": _blocks(main),
        "external_resources": page.xpath("//script/@src | //link/@href | //img[not(starts-with(@src,'data:'))]/@src"),
    }
    return {key: value for key, value in facts.items() if value not in (None, "", [], {})}


_META = ("author", "dcterms.date", "keywords", "description")


def _title_block(header: Element) -> dict[str, Any]:
    found = {
        "title": " ".join(_text(e) for e in header.xpath(".//h1")),
        "subtitle": " ".join(_text(e) for e in header.xpath(".//*[contains(@class,'subtitle')]")),
        "metadata": [squash(t) for t in header.xpath(".//div[@class='quarto-title-meta']//text()") if squash(t)],
        "abstract_label": " ".join(
            _text(e) for e in header.xpath(".//div[@class='abstract']/div[@class='block-title']")
        ),
        "abstract": [_text(e) for e in header.xpath(".//div[@class='abstract']/p")],
        "keywords": [_text(e) for e in header.xpath(".//div[@class='keywords']/p")],
    }
    return {key: value for key, value in found.items() if value}


def _toc(page: Element) -> list[dict[str, Any]]:
    links = page.xpath("//nav[@id='TOC']//li/a")
    return [{"level": len(a.xpath("ancestor::ul")), "text": _text(a), "href": a.get("href")} for a in links]


def _heading(element: Element) -> dict[str, Any]:
    number = "".join(_text(e) for e in element.xpath("./span[@class='header-section-number']"))
    section = element.getparent()
    identifier = element.get("id") or (section.get("id") if section.tag == "section" else None)
    # Quarto marks every heading as anchored, and the section around it with what the heading was given.
    classes = [name for name in element.get("class", "").split() if name != "anchored"]
    classes = classes or section.get("class", "").split()
    found = {
        "level": int(element.tag[1]),
        "text": _text(element, "//span[@class='header-section-number']"),
        "number": number,
        "id": identifier,
        "classes": [name for name in classes if not name.startswith("level")],
    }
    return {key: value for key, value in found.items() if value}


def _figure(element: Element) -> dict[str, Any]:
    parent = element.getparent()
    caption = element.xpath("./figcaption")
    classes = element.get("class", "").split()
    return {
        "id": parent.get("id") if "quarto-float" in parent.get("class", "") else None,
        "caption": _text(caption[0]) if caption else "",
        "caption_before": bool(caption) and element.index(caption[0]) == 0,
        "classes": sorted(classes),
    }


def _table(element: Element) -> dict[str, Any]:
    holder = element.xpath("ancestor::figure[1]/parent::div/@id")
    found = {
        "id": holder[0] if holder else None,
        "caption": " ".join(_text(e) for e in element.xpath("./caption")),
        "header": [[_text(c) for c in row.xpath("./th|./td")] for row in element.xpath("./thead/tr")],
        "rows": [[_text(c) for c in row.xpath("./th|./td")] for row in element.xpath("./tbody/tr|./tr")],
        "colwidths": [c.get("style") for c in element.xpath("./colgroup/col[@style]")],
    }
    rows = element.xpath("./thead/tr") or element.xpath("./tbody/tr|./tr")
    found["align"] = [_align(c) for c in rows[0].xpath("./th|./td")] if rows else []
    return {key: value for key, value in found.items() if value}


def _align(cell: Element) -> str | None:
    match = re.search(r"text-align:\s*\w+", cell.get("style") or "")
    return match.group().replace(" ", "") + ";" if match else None


def _image(element: Element) -> dict[str, Any]:
    return {key: element.get(key) for key in ("alt", "style", "width", "title") if element.get(key)}


def _is_ordinary_link(element: Element) -> bool:
    classes = element.get("class", "")
    return not any(name in classes for name in ("quarto-xref", "footnote", "quarto-title"))


def _callout(element: Element) -> dict[str, Any]:
    head = element.xpath("./*[contains(@class,'callout-header')]")
    body = element.xpath(".//*[contains(@class,'callout-body-container')]")[0]
    # Quarto folds by script, with a button; the embedded renderer by <details>.
    expanded = head[0].get("aria-expanded") if head else None
    if element.tag == "details":
        expanded = "true" if element.get("open") is not None else "false"
    return {
        "classes": sorted(element.get("class").split()),
        "id": element.get("id"),
        "title": _text(head[0], "//*[@class='screen-reader-only']") if head else None,
        "has_header": bool(head),
        "collapsible": expanded is not None,
        "expanded": expanded,
        "body": _text(body, "//*[@class='screen-reader-only']"),
    }


def _blocks(main: Element) -> list[list[str]]:
    """Give the blocks of text in order, as [tag, text]; an item or cell with paragraphs is those paragraphs."""
    found = []
    for element in main.iter(*_TEXT_TAGS):
        if element.tag != "pre" and element.xpath(".//p"):
            continue
        skipped = "//span[@class='header-section-number']"
        text = _text(element, f"{skipped} | //li//ul | //li//ol" if element.tag == "li" else skipped)
        found.append([element.tag, text])
    return [block for block in found if block[1]]


def pdf_facts(path: Path) -> dict[str, Any]:
    """Observe a PDF."""
    reader = pypdf.PdfReader(path)
    root = reader.trailer["/Root"]
    pages = [page.extract_text() for page in reader.pages]
    metadata = reader.metadata or {}
    links = [note.get_object() for page in reader.pages for note in page.get("/Annots", [])]
    uris = [link["/A"]["/URI"] for link in links if "/A" in link and "/URI" in link["/A"]]
    return {
        "pages": len(pages),
        "page_size_pt": sorted({f"{round(p.mediabox.width)}x{round(p.mediabox.height)}" for p in reader.pages}),
        "metadata": {key: str(metadata[key]) for key in ("/Title", "/Keywords", "/Author") if metadata.get(key)},
        "lang": str(root.get("/Lang", "")),
        "tagged": bool(root.get("/MarkInfo", {}).get("/Marked", False)),
        "outline": list(_outline(reader.outline, 1)),
        "link_uris": uris,
        "internal_links": len(links) - len(uris),
        "text": "\n".join(pages),
    }


def _outline(items: list[Any], level: int) -> Iterable[list[Any]]:
    for item in items:
        if isinstance(item, list):
            yield from _outline(item, level + 1)
        else:
            yield [level, squash(item.title)]


def bare(text: str) -> str:
    """Strip text to what every reader of a PDF agrees on: no blanks, hyphens, icons, bullets or marks of direction."""
    text = re.sub("[•‣·]", "", unicodedata.normalize("NFKC", text))
    return "".join(c for c in text if unicodedata.category(c) not in ("Zs", "Cc", "Cf", "Co", "Pd"))
