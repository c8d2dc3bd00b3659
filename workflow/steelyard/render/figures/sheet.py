"""A sheet to draw on: marks at places in pixels, which altair makes an SVG of."""

from __future__ import annotations

import urllib.parse
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import altair as alt

from steelyard.render.escape import visible

# Where a page's fonts are the reader's own, any sans serif will do. Not the text's Source Sans 3: the default of that
# variable font is a hairline, and the default is all that readers of SVG see.
FONT = "Noto Sans, Helvetica, Arial, sans-serif"
# After Okabe and Ito's palette (2008), set further apart in lightness for colour-blind readers; weak kinds to strong.
KIND_COLOURS = {
    "assertion": "#dfe3e6",
    "reasoning": "#97bcfe",
    "observation": "#024f8b",
    "attributed": "#fd9d29",
    "cited": "#ab3505",
    "testimony": "#8667f2",
    "statistic": "#179171",
    "documented": "#22282e",
}
# One sign for each kind stands in its marks, so that colour is never the only signal.
KIND_SIGNS = dict(zip(KIND_COLOURS, "ARO@CTSD", strict=True))
DARK_SIGN, LIGHT_SIGN = "#101418", "#ffffff"
ON_MARK = {k: LIGHT_SIGN if k in ("observation", "cited", "documented") else DARK_SIGN for k in KIND_COLOURS}
# The page's style sheet gives these colours their counterparts on a dark page.
INK, QUIET, FAINT, GRID, LINK = "#1f2933", "#55606b", "#b8c0c8", "#e3e7ea", "#0b5a8f"
SMALL, NORMAL = 11, 12  # pixels of type
_LETTER = 0.53  # mean width of a letter, in ems


@dataclass(frozen=True)
class Link:
    """Where a mark leads and what it says.

    Args:
        to: id of the target in the page; nothing for a mark that only says something.
        label: what is read out, and shown when the mark is pointed at.
        kind: kind of evidence by which the target, a row of the evidence table, filters it;
        voice: independent voice by which it does;
        best: whether to the best of each voice on each side.
        twin: whether a neighbouring mark leads to the same place, so that the keyboard need not stop here too.
    """

    to: str = ""
    label: str = ""
    kind: str = ""
    voice: str = ""
    best: bool = False
    twin: bool = False

    def written(self) -> str:
        """Write it as an address, which `read_link` reads."""
        return "#" + urllib.parse.urlencode({name: value for name, value in asdict(self).items() if value})


def read_link(address: str) -> Link:
    """Read what `Link.written` wrote, in whatever address Vega has made of it; a mark without a link has none."""
    values = dict(urllib.parse.parse_qsl(address.partition("#")[2]))
    texts = {name: values.get(name, "") for name in ("to", "label", "kind", "voice")}
    return Link(**texts, best="best" in values, twin="twin" in values)


@dataclass
class Sheet:
    """Marks of a picture: ruled lines lie at the bottom, then boxes, lines, points and words."""

    width: float
    height: float = 0
    _layers: dict[tuple[Any, ...], list[dict[str, Any]]] = field(default_factory=dict)

    def _add(self, layer: tuple[Any, ...], link: Link | None, **mark: Any) -> None:
        self._layers.setdefault(layer, []).append(mark | ({"href": link.written()} if link else {}))

    def rule(self, x: float, y: float, x2: float, y2: float, colour: str = GRID) -> None:
        """Rule a line below all else."""
        self._add((0, "rule", ()), None, x=x, y=y, x2=x2, y2=y2, stroke=colour, strokeWidth=1)

    def dots(self, x: float, y: float, x2: float, step: float) -> None:
        """Set dots on a level line, one in the middle of each step, below all else."""
        layer = (0, "rule", (("strokeDash", (2, step - 2)),))
        self._add(layer, None, x=x + step / 2 - 1, y=y, x2=x2, y2=y, stroke=FAINT, strokeWidth=2)

    def box(
        self, x: float, y: float, width: float, height: float, fill: str, *, stroke: str = "", link: Link | None = None
    ) -> None:
        """Draw a box by its upper left corner; without a stroke it has no outline."""
        place = {"x": x, "y": y, "x2": x + width, "y2": y + height}
        self._add((1, "rect", ()), link, **place, fill=fill, stroke=stroke or "transparent", strokeWidth=0.6)

    def line(
        self,
        x: float,
        y: float,
        x2: float,
        y2: float,
        colour: str = INK,
        *,
        width: float = 1.5,
        link: Link | None = None,
    ) -> None:
        """Draw a line above the boxes."""
        self._add((2, "rule", ()), link, x=x, y=y, x2=x2, y2=y2, stroke=colour, strokeWidth=width)

    def point(
        self,
        x: float,
        y: float,
        area: float,
        fill: str = INK,
        *,
        shape: str = "circle",
        stroke: str = "",
        link: Link | None = None,
    ) -> None:
        """Draw a point of an area in square pixels."""
        self._add(
            (3, "point", (("opacity", 1),)),
            link,
            x=x,
            y=y,
            size=area,
            shape=shape,
            fill=fill,
            stroke=stroke or "transparent",
            strokeWidth=1,
        )

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        size: float = NORMAL,
        colour: str = INK,
        align: str = "left",
        bold: bool = False,
        angle: float = 0,
        limit: float = 0,
        link: Link | None = None,
    ) -> None:
        """Write words in the middle of a line; past `limit` pixels they are cut short."""
        # Vega is slow at measuring, so only what may well be too long is left to it.
        limit = limit if text_width(words, size) > 0.85 * limit else 0
        weight = "bold" if bold else "normal"
        layer = (4, "text", (("align", align), ("fontWeight", weight), *((("limit", limit),) if limit else ())))
        self._add(layer, link, x=x, y=y, text=visible(words), size=size, fill=colour, angle=angle % 360)

    def sign(self, x: float, y: float, words: str, colour: str) -> None:
        """Write small words in the middle of a mark; what points at them points at the mark (see pictures.css)."""
        self.text(x, y, words, size=SMALL, align="center", colour=colour)

    def lines(self, x: float, y: float, words: Sequence[str], **style: Any) -> None:
        """Write small quiet lines, the last at `y`: the head of a column."""
        for number, line in enumerate(reversed(words)):
            self.text(x, y - 13 * number, line, **{"size": SMALL, "colour": QUIET, **style})

    def kinds(self, x: float, y: float, kinds: Sequence[str], right: float) -> float:
        """Draw the key of kinds from `x`, in as many lines as are needed; give the height that it takes."""
        left, top = x, y
        for kind in kinds:
            width = 24 + text_width(kind, SMALL)
            if left + width > right and left > x:
                left, top = x, top + 18
            self.box(left, top - 7, 14, 14, KIND_COLOURS[kind], stroke=INK)
            self.sign(left + 7, top, KIND_SIGNS[kind], ON_MARK[kind])
            self.text(left + 19, top, kind, size=SMALL)
            left += width + 8
        return top - y + 18

    def chart(self) -> alt.LayerChart:
        """Give the chart: one layer for each sort of mark."""
        layers = [
            _layer(mark, dict(style), self._layers[key]) for key in sorted(self._layers) for _, mark, style in [key]
        ]
        chart = alt.LayerChart(layer=layers, background="transparent", padding=0, autosize="none")
        return chart.properties(width=self.width, height=self.height)


_CHANNELS: dict[str, Any] = {
    "x": alt.X(type="quantitative", scale=None, axis=None),
    "y": alt.Y(type="quantitative", scale=None, axis=None),
    "x2": alt.X2(),
    "y2": alt.Y2(),
    "size": alt.Size(type="quantitative", scale=None, legend=None),
    "angle": alt.Angle(type="quantitative", scale=None),
    "strokeWidth": alt.StrokeWidth(type="quantitative", scale=None, legend=None),
    "shape": alt.Shape(type="nominal", scale=None, legend=None),
    "fill": alt.Fill(type="nominal", scale=None, legend=None),
    "stroke": alt.Stroke(type="nominal", scale=None, legend=None),
    "text": alt.Text(type="nominal"),
    "href": alt.Href(type="nominal"),
}


def _layer(mark: Any, style: dict[str, Any], marks: list[dict[str, Any]]) -> alt.Chart:
    """Draw marks whose values are named by the channel that takes each as it is, without a scale."""
    encoding = {name: channel.copy() for name, channel in _CHANNELS.items() if any(name in one for one in marks)}
    for name, channel in encoding.items():
        channel.shorthand = name
    return alt.Chart(alt.InlineData(values=marks), mark=alt.MarkDef(type=mark, **style)).encode(**encoding)


@dataclass(frozen=True)
class Picture:
    """A picture with its words: what it shows; how to read it and what it finds."""

    sheet: Sheet
    title: str
    description: str


def text_width(words: str, size: float) -> float:
    """Estimate how wide words are, in pixels."""
    return sum(1.0 if ord(letter) > 0x2E80 else _LETTER for letter in words) * size
