"""Pictures for the PDF: Typst sets text in SVG in a variable font's thin default unless each text names its weight."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

_SVG = "http://www.w3.org/2000/svg"
_TEXT = (f"{{{_SVG}}}text", f"{{{_SVG}}}tspan")
_WEIGHTS = {"normal": "400", "bold": "700", "bolder": "700", "lighter": "300"}

ElementTree.register_namespace("", _SVG)
ElementTree.register_namespace("xlink", "http://www.w3.org/1999/xlink")


def with_weights(svg: str) -> str:
    """Give every text of a picture the font variation of its weight; a picture that is not XML is left as it is."""
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
    for child in element:
        _weigh(child, weight)


def _weight(element: ElementTree.Element) -> str:
    """Give the weight that an element sets by attribute or style; nothing if it sets none."""
    style = dict(part.split(":", 1) for part in element.get("style", "").split(";") if ":" in part)
    names = {name.strip(): value.strip() for name, value in style.items()}
    value = names.get("font-weight", element.get("font-weight", ""))
    return value if value.isdigit() else _WEIGHTS.get(value, "")
