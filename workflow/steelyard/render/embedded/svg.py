"""Pictures: as elements of the page, and as Typst needs them for the PDF."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from dataclasses import dataclass

from steelyard.render.embedded import fonts

_SVG = "http://www.w3.org/2000/svg"
_TEXT = (f"{{{_SVG}}}text", f"{{{_SVG}}}tspan")
_ARABIC = re.compile("((?:[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc]+ *)+(?<! ))")
_WEIGHTS = {"normal": "400", "bold": "700", "bolder": "700", "lighter": "300"}

ElementTree.register_namespace("", _SVG)
ElementTree.register_namespace("xlink", "http://www.w3.org/1999/xlink")


# All that a drawing needs. Whatever else SVG has can run something, load something or restyle the page around it.
_DRAWING = re.compile(
    "svg|g|defs|symbol|use|title|desc|a|path|rect|circle|ellipse|line|polyline|polygon|text|tspan|textPath"
    "|clipPath|mask|marker|pattern|linearGradient|radialGradient|stop"
)
_ADDRESSES = ("href", "{http://www.w3.org/1999/xlink}href")
_REFERENCE = re.compile(r"url\(\s*[\"']?\s*(#?)", re.IGNORECASE)
_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_OF_IDS = ("aria-labelledby", "aria-describedby")


@dataclass(frozen=True)
class Inline:
    """A picture that becomes part of a page.

    Args:
        root: its element, whose ids no other picture of the page has.
        targets: ids in the page that its links lead to.
        faults: what of it a page cannot hold, in words.
    """

    root: ElementTree.Element
    targets: list[str]
    faults: list[str]


def inline(svg: str, prefix: str) -> Inline:
    """Make a picture fit to stand in a page as an element.

    Its title and description name it, and its links can be reached: it is a document of graphics, not one image.

    Args:
        svg: the file's text.
        prefix: what its ids are to begin with.
    """
    try:
        root = ElementTree.fromstring(svg)
    except ElementTree.ParseError as failure:
        return Inline(ElementTree.Element("svg"), [], [f"is no valid XML ({failure})"])
    faults = list(dict.fromkeys(fault for element in root.iter() for fault in _faults(element)))
    own = {element.get("id") for element in root.iter()} - {None}
    targets: list[str] = []
    for element in root.iter():
        element.tag = _local(element.tag)
        for name, value in list(element.attrib.items()):
            _prefixed(element, name, value, prefix, own, targets)
    _named(root, prefix)
    return Inline(root, targets, faults)


def _local(tag: object) -> str:
    return tag.rsplit("}", 1)[-1] if isinstance(tag, str) else "?"


def _faults(element: ElementTree.Element) -> Iterator[str]:
    name = _local(element.tag)
    if not _DRAWING.fullmatch(name):
        yield f"holds the element {name}, which a picture in a page may not"
    for attribute, value in element.attrib.items():
        if _local(attribute).lower().startswith("on"):
            yield f"runs something ({_local(attribute)})"
        elif (attribute in _ADDRESSES and not value.strip().startswith("#")) or attribute == _BASE:
            yield f"leads or loads from elsewhere ({value.strip()[:40]})"
        elif not _says(attribute) and ("\\" in value or any(m[1] != "#" for m in _REFERENCE.finditer(value))):
            yield f"loads something ({_local(attribute)})"


def _says(attribute: str) -> bool:
    """Say whether an attribute holds words, in which anything may stand, and no style, in which a `url()` loads."""
    return attribute.startswith(("aria-", "data-"))


def _prefixed(
    element: ElementTree.Element, name: str, value: str, prefix: str, own: set[str | None], targets: list[str]
) -> None:
    """Give one attribute the picture's own ids, and note where a link leads to in the page."""
    if name == "id":
        element.set(name, prefix + value)
    elif name in _OF_IDS:
        element.set(name, " ".join(prefix + part for part in value.split()))
    elif name in _ADDRESSES:
        del element.attrib[name]
        target = value.strip().removeprefix("#")
        element.set("href", f"#{prefix}{target}" if target in own else f"#{target}")
        if target not in own:
            targets.append(target)
    elif not _says(name) and "url(" in value:
        element.set(name, re.sub(r"url\(\s*([\"']?)\s*#", rf"url(\1#{prefix}", value))


def _named(root: ElementTree.Element, prefix: str) -> None:
    """Let title and description name the picture."""
    root.set("role", "graphics-document")
    for name in ("aria-label", *_OF_IDS):
        root.attrib.pop(name, None)
    for child in root:
        if child.tag in ("title", "desc"):
            child.set("id", child.get("id") or prefix + child.tag)
            root.set("aria-labelledby" if child.tag == "title" else "aria-describedby", child.get("id", ""))


def for_typst(svg: str) -> str:
    """Give every text of a picture the font variation of its weight, and Arabic words their font.

    Typst sets text in SVG in a variable font's thin default unless each text names its weight, and as boxes where
    Arabic words and others share a text. A picture that is not XML is left as it is.
    """
    try:
        root = ElementTree.fromstring(svg)
    except ElementTree.ParseError:
        return svg
    _weigh(root, "400")
    return ElementTree.tostring(root, encoding="unicode")


def _weigh(element: ElementTree.Element, inherited: str) -> None:
    weight = _weight(element) or inherited
    if element.tag in _TEXT:
        element.set("font-variation-settings", f"'wght' {weight}")
        if len(element) == 0:
            _part(element)
    for child in element:
        _weigh(child, weight)


def _part(text: ElementTree.Element) -> None:
    """Make of the Arabic words of a text parts of their own, if it has others too."""
    plain, *pairs = _ARABIC.split(text.text or "")
    if not plain and len(pairs) == 2 and not pairs[1]:
        return
    text.text = plain
    for words, following in zip(pairs[::2], pairs[1::2], strict=True):
        part = ElementTree.SubElement(text, f"{{{_SVG}}}tspan", {"font-family": fonts.ARABIC})
        part.text, part.tail = words, following


def _weight(element: ElementTree.Element) -> str:
    """Give the weight that an element sets by attribute or style; nothing if it sets none."""
    style = dict(part.split(":", 1) for part in element.get("style", "").split(";") if ":" in part)
    names = {name.strip(): value.strip() for name, value in style.items()}
    value = names.get("font-weight", element.get("font-weight", ""))
    return value if value.isdigit() else _WEIGHTS.get(value, "")
