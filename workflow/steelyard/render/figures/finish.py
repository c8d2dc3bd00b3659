"""From the SVG that Vega writes to a picture that stands by itself: lean, with title, description and links."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

from steelyard.render.escape import visible
from steelyard.render.figures.sheet import FONT, read_link

_SVG = "{http://www.w3.org/2000/svg}"
_ADDRESS = "{http://www.w3.org/1999/xlink}href"
# Vega's own words for each mark, which would be read out one by one; the picture's description takes their place.
_NEEDLESS = ("role", "class", "pointer-events", "aria-hidden", "aria-roledescription", "aria-label", "font-family")
_DEFAULTS = {"opacity": "1", "text-anchor": "start", "stroke": "transparent", "transform": "translate(0,0)"}

ElementTree.register_namespace("", _SVG.strip("{}"))


def finished(svg: str, title: str, description: str) -> str:
    """Give the picture with its words as its first children, and with its links.

    Args:
        svg: as Vega writes it from a `Sheet`.
        title: what it shows.
        description: how to read it, and what it finds.
    """
    root = ElementTree.fromstring(svg)
    for element in root.iter():
        _strip(element)
    for link in list(root.iter(f"{_SVG}a")):
        _address(link)
    _prune(root)
    for place, (name, words) in enumerate((("title", title), ("desc", description))):
        child = ElementTree.Element(f"{_SVG}{name}", {"id": name})
        child.text = visible(words)
        root.insert(place, child)
    root.attrib.pop("version", None)
    about = {"role": "graphics-document", "aria-labelledby": "title", "aria-describedby": "desc"}
    root.attrib.update(about | {"font-family": FONT})
    return ElementTree.tostring(root, encoding="unicode") + "\n"


def _strip(element: ElementTree.Element) -> None:
    for name in _NEEDLESS:
        element.attrib.pop(name, None)
    for name, value in _DEFAULTS.items():
        if element.get(name) == value:
            del element.attrib[name]
    if "stroke" not in element.attrib:
        element.attrib.pop("stroke-width", None)


def _prune(element: ElementTree.Element) -> None:
    """Take out what draws nothing: Vega's empty grounds, and groups that hold nothing or only one group more."""
    for child in list(element):
        _prune(child)
        empty = child.tag == f"{_SVG}g" and not len(child)
        ground = child.tag == f"{_SVG}path" and "fill" not in child.attrib and "stroke" not in child.attrib
        if empty or ground:
            element.remove(child)
    for place, child in enumerate(list(element)):
        if child.tag == f"{_SVG}g" and not child.attrib and len(child) == 1:
            element[place] = child[0]


def _address(link: ElementTree.Element) -> None:
    read = read_link(link.get(_ADDRESS, ""))
    link.attrib.clear()
    if not read.to:
        link.tag = f"{_SVG}g"
        if read.label:
            link.set("data-label", visible(read.label))
        return
    # The blank, which browsers pass over, keeps pandoc from taking the target for an id within the picture.
    link.set("href", f" #{read.to}")
    link.set("aria-label", visible(read.label))
    for name, value in (("kind", read.kind), ("voice", read.voice), ("best", "yes" if read.best else "")):
        if value:
            link.set(f"data-{name}", visible(value))
    if read.twin:
        link.attrib.update({"tabindex": "-1", "aria-hidden": "true"})
