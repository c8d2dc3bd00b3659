"""HTML pages: trafilatura tells the article from navigation, notices and the rest of a page."""

from __future__ import annotations

import contextlib
import dataclasses
import re
from collections.abc import Iterator
from typing import Any

import lxml.html
import trafilatura
from lxml import etree

from steelyard.errors import SteelyardError
from steelyard.ingest.readers.article import byline
from steelyard.ingest.readers.composer import Composer, said, storable
from steelyard.ingest.readers.file import Extract, File, Told, day
from steelyard.ingest.readers.layout import AUTHOR, EDITOR

_HEAD = 4096  # bytes in which a page names its encoding
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?([\w:-]+)""", re.IGNORECASE)
_ENCODING = "Name its `encoding` in the config, such as windows-1252."
_NO_HTML = (etree.ParserError, etree.XMLSyntaxError, ValueError)
COMMENTS = "comments below"  # the layout of a page does not tell its commenters apart: they count as one voice
# Nothing may hang on the day of the run, as the latest date that a page may have would.
_DATES = {"extensive_search": False, "original_date": True, "max_date": "9999-12-31"}


class WebPage:
    """Reads saved web pages; their metadata tell title, author, date and address."""

    def recognises(self, file: File) -> bool:
        """Say whether it begins as a page does."""
        return file.head[:100].lower().startswith(("<!doctype html", "<html"))

    def read(self, file: File) -> list[Extract]:
        """Give the article and the comments below it; places are paragraphs."""
        text = storable(_text(file))
        with contextlib.suppress(*_NO_HTML):  # there is no article then
            _parsed(text)
        page: Any = trafilatura.bare_extraction(
            text,
            with_metadata=True,
            include_comments=True,
            favor_recall=True,
            date_extraction_params=_DATES,
        )
        composer = Composer()
        number = 0
        for speaker, body in ((AUTHOR, page and page.body), (COMMENTS, page and page.commentsbody)):
            for kind, text in _paragraphs(body) if body is not None else ():
                number += 1
                _add(composer, kind, text, speaker, f"paragraph {number}")
        told = Told(page.title, page.author, day(page.date or ""), page.url) if page else Told()
        extract = composer.extract(AUTHOR, told)
        if not extract.layout.utterances:
            hint = "Save the page once it shows its text, or copy the text to a .txt file."
            raise file.fault("holds no article that could be found", hint)
        return [extract]


def _text(file: File) -> str:
    """Give the page as text: UTF-8 where it is that, whatever it says, else by the encoding that it names."""
    named = _CHARSET.search(file.content[:_HEAD])
    try:
        return file.text
    except SteelyardError:
        if file.source.encoding or not named:
            raise
    name = named[1].decode().lower()
    # On the web, these names stand for windows-1252.
    name = "windows-1252" if name in ("iso-8859-1", "latin1", "us-ascii", "ascii") else name
    try:
        source = file.source.model_copy(update={"encoding": name})
        return dataclasses.replace(file, source=source).text
    except LookupError:
        raise file.fault(f"names the encoding '{name}', which is not known", _ENCODING) from None


def _parsed(markup: str) -> lxml.html.HtmlElement:
    """Parse HTML, and hold that elements don't lie so deep in one another that the parser leaves them out.

    Raises:
        RecursionError: they do.
    """
    parser = lxml.html.HTMLParser(encoding="utf-8")
    root: lxml.html.HtmlElement = lxml.html.document_fromstring(markup.encode(), parser)
    if any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log):
        raise RecursionError
    return root


def _add(composer: Composer, kind: str, text: str, speaker: str, place: str) -> None:
    if kind == "table":
        composer.drop(text, "table", place)
    elif kind == "heading":
        composer.say(said("headline", EDITOR), (text, place))
    elif speaker == AUTHOR and byline(text):
        composer.drop(text, "author line", place)
    else:
        composer.say(said("post", speaker), (text, place))


def _paragraphs(body: etree._Element) -> Iterator[tuple[str, str]]:
    """Give the paragraphs of what trafilatura extracted, in its own elements."""
    kinds = {"head": "heading", "table": "table", "code": "table"}
    for element in body:
        inner = list(element.iterchildren("p", "item", "quote", "list"))
        if inner and element.tag in ("list", "quote", "div", "item"):
            yield from _paragraphs(element)
        else:
            yield kinds.get(str(element.tag), "paragraph"), " ".join(" ".join(map(str, element.itertext())).split())
        if element.tail and element.tail.strip():
            yield "paragraph", " ".join(element.tail.split())


def fragments(markup: str) -> Iterator[tuple[str, str]]:
    """Give the paragraphs of a comment's HTML, each as its kind and its text.

    Args:
        markup: such as "One.<p>Two.<blockquote>Three.</blockquote>".

    Returns:
        Kind "paragraph", "quoted" (another's words) or "code", and the text on one line.
    """
    try:
        root = _parsed(f"<html><body>{markup}")
    except _NO_HTML:
        return
    for element in [*root.iter("script", "style", etree.Comment)]:
        element.drop_tree()
    for kind, text in _pieces(root, "paragraph"):
        plain = " ".join(text.split())
        if plain:
            yield ("quoted", plain) if plain.startswith(">") else (kind, plain)


def _pieces(element: etree._Element, kind: str) -> Iterator[tuple[str, str]]:
    """Give runs of text between the elements that begin a new paragraph."""
    own = {"blockquote": "quoted", "pre": "code"}.get(str(element.tag), kind)
    text = element.text or ""
    for child in element:
        if child.tag in _BLOCKS:
            yield own, text
            yield from _pieces(child, own)
            text = ""
        else:
            text += child.text_content() if isinstance(child, lxml.html.HtmlElement) else ""
        text += child.tail or ""
    yield own, text


_BLOCKS = frozenset(
    {"body", "p", "div", "blockquote", "pre", "ul", "ol", "li", "br", "h1", "h2", "h3", "h4", "table", "tr"}
)
