"""The report's pictures: static SVG by altair. Colours are safe for colour-blind readers and never the only signal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import altair as alt
import manimgx_fonts
import vl_convert

from steelyard import tables
from steelyard.render.figures.evidence_map import evidence_map
from steelyard.render.figures.finish import finished
from steelyard.render.figures.flow import flow
from steelyard.render.figures.kinds import kinds
from steelyard.render.figures.matrix import matrix
from steelyard.render.figures.ranked import ranked, ranked_narrow
from steelyard.render.figures.robustness import robustness
from steelyard.render.figures.said_shown import said, said_against_shown
from steelyard.render.figures.sheet import FONT, Picture
from steelyard.render.figures.voices import voices
from steelyard.render.run import Run

__all__ = ["Picture", "draw", "save"]

_ALWAYS: dict[str, Callable[[Run], Picture]] = {
    "evidence-map": evidence_map,
    "kinds": kinds,
    "voices": voices,
    "flow": flow,
}
_RANKING: dict[str, Callable[[Run], Picture]] = {
    "ranked": ranked,
    "ranked-narrow": ranked_narrow,
    "said-shown": said_against_shown,
    "robustness": robustness,
}


def draw(run: Run) -> dict[str, Picture]:
    """Give every picture of the report by name, those of its form (map or ranking) only."""
    chosen = dict(_ALWAYS)
    if run.ranks:
        chosen |= _RANKING
        if run[tables.ROBUSTNESS].empty:
            del chosen["robustness"]
    if not run.ranks or not run.ordered("motive"):
        chosen["said"] = said
        for name in ("ranked", "ranked-narrow"):
            chosen.pop(name, None)
    pictures = {name: make(run) for name, make in chosen.items()}
    return pictures | {f"matrix-{n}": matrix(run, part) for n, part in enumerate(run.matrix_parts, start=1)}


def save(pictures: Mapping[str, Picture], folder: Path) -> None:
    """Write each picture as folder/NAME.svg; the same pictures give the same bytes."""
    vl_convert.register_font_directory(str(Path(manimgx_fonts.__file__).parent))
    folder.mkdir(parents=True, exist_ok=True)
    for name, picture in pictures.items():
        chart = picture.sheet.chart().configure(font=FONT, aria=False, view=alt.ViewConfig(stroke=None))
        svg = vl_convert.vegalite_to_svg(chart.to_dict(validate=False))
        (folder / f"{name}.svg").write_text(finished(svg, picture.title, picture.description), encoding="utf-8")
