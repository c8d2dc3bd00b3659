"""Quarto Markdown from values: tables, headings, quotes, and figures in words. Nothing here knows the study."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from steelyard.render.escape import attribute, direction, entities

Cell = str | int


def table(
    header: Sequence[str], rows: Iterable[Sequence[Cell]], caption: str, identifier: str, widths: str = ""
) -> str:
    """Give a pipe table with a caption above it.

    Args:
        header: names of the columns; a name that ends in ">" is aligned to the right.
        rows: cells as Markdown; foreign text must have gone through `entities`.
        caption: one line of Markdown.
        identifier: such as "tbl-ranked".
        widths: relative widths of the columns, such as "[30,70]"; by content if not given.
    """
    names = [name.rstrip(">") for name in header]
    rule = ["--:" if name.endswith(">") else ":--" for name in header]
    lines = [_line(names), _line(rule), *(_line([str(cell) for cell in row]) for row in rows)]
    options = f' tbl-colwidths="{widths}"' if widths else ""
    return "\n".join([*lines, "", f": {caption} {{#{identifier}{options}}}", ""])


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "&#124;").replace("\n", " ") for cell in cells) + " |"


def figure(name: str, caption: str, alternative: str, *, narrow: bool = False) -> str:
    """Give a figure of the project's folder `figures`, with its caption and its text alternative.

    Args:
        name: of the file figures/NAME.svg, and of the figure's id fig-NAME.
        caption: one line of Markdown.
        alternative: what the picture shows, in words.
        narrow: whether there is a second drawing, figures/NAME-narrow.svg, for narrow screens.
    """
    if not narrow:
        return f"{_image(name, '', caption, alternative, f'#fig-{name} ')}\n"
    wide, small = _image(name, ".on-wide", "", alternative), _image(f"{name}-narrow", ".on-narrow", "", alternative)
    only_on_screen = f'::: {{.content-visible when-format="html"}}\n{small}\n:::'
    return f"::: {{#fig-{name}}}\n{wide}\n\n{only_on_screen}\n\n{caption}\n:::\n"


def _image(name: str, classes: str, caption: str, alternative: str, identifier: str = "") -> str:
    chosen = " ".join(filter(None, [".inline-svg", classes]))
    return f'![{caption}](figures/{name}.svg){{{identifier}{chosen} fig-alt="{attribute(alternative)}"}}'


def heading(level: int, text: str, identifier: str, *, classes: str = "") -> str:
    """Give a heading with its id; `classes` such as ".unnumbered"."""
    return f"{'#' * level} {text} {{#{identifier}{' ' + classes if classes else ''}}}\n"


def join(blocks: Iterable[str]) -> str:
    """Join blocks with one blank line between; empty ones fall away."""
    return "\n\n".join(block.strip("\n") for block in blocks if block.strip()) + "\n"


def bullets(items: Iterable[str]) -> str:
    """Give a list, one item a line."""
    return "\n".join(f"- {item}" for item in items) + "\n"


def quoted(text: str) -> str:
    """Give foreign text in quotation marks (which also keep its first character from being a list mark in a cell)."""
    return f"&#8220;{entities(text)}&#8221;"


def spoken(text: str, language: str, main_language: str = "en") -> str:
    """Give a quotation, marked with its language where that is not the report's own, and with its direction."""
    return _apart(quoted(text), text, f'lang="{entities(language)}"' if language != main_language else "")


def name(text: str) -> str:
    """Give a name or title, which stands apart from its neighbours where it is written from right to left."""
    return _apart(entities(text).strip(" "), text)  # blanks at the edges make code blocks and line breaks


def _apart(written: str, text: str, language: str = "") -> str:
    """Put a text's marks around it, in the form that HTML and Markdown share."""
    turned = direction(text)
    marks = " ".join(filter(None, [language, f'dir="{turned}"' if turned else ""]))
    return f"<span {marks}>{written}</span>" if marks else written


def number(value: float) -> str:
    """Give a number of voices: whole, or with one place where a voice counts half."""
    return decimal(value, 1).removesuffix(".0")


def count(value: float, noun: str, plural: str = "") -> str:
    """Say a number of things: "no voices", "1 voice", "2.5 voices"."""
    plural = plural or f"{noun}s"
    return f"{number(value)} {noun if value == 1 else plural}" if value else f"no {plural}"


def decimal(number: float | None, places: int = 2) -> str:
    """Give a number with fixed places; a dash where there is none."""
    return "–" if number is None or pd.isna(number) else f"{number:z.{places}f}"


def span(low: float, high: float) -> str:
    """Give a range of whole numbers: "1–5", or "3" where both are the same."""
    return number(low) if low == high else f"{number(low)}–{number(high)}"


def percent(share: float | None) -> str:
    """Give a share as a whole percentage, never "0 %" or "100 %" for what is not quite so; a dash for none."""
    if share is None or pd.isna(share):
        return "–"
    if 0 < share < 0.01:
        return "under 1\u00a0%"
    if 0.99 < share < 1:
        return "over 99\u00a0%"
    return f"{share:.0%}".replace("%", "\u00a0%")


def listed(items: Sequence[str], conjunction: str = "and") -> str:
    """Say items in a row: "a", "a and b", "a, b and c"; "none" where there is none."""
    if not items:
        return "none"
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {conjunction} {items[-1]}"


def capital(text: str) -> str:
    """Give text with its first letter in upper case."""
    return text[:1].upper() + text[1:]
