"""The report's pictures: static SVG by altair. Colours are safe for colour-blind readers and never the only signal."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import altair as alt
import manimgx_fonts
import pandas as pd
import vl_convert

from steelyard import tables, vocabulary
from steelyard.render.markdown import percent
from steelyard.render.run import Run

# Where a page's fonts are the reader's own, any sans serif will do. Not the text's Source Sans 3: the default of that
# variable font is a hairline, and the default is all that readers of SVG see.
FONT = "Noto Sans, Helvetica, Arial, sans-serif"
# After Okabe and Ito's palette (2008), with greys and blues set further apart in lightness; from weak kinds to strong.
KIND_COLOURS = {
    "assertion": "#c3c9d0",
    "reasoning": "#7fb2dd",
    "observation": "#1f6fb2",
    "attributed": "#e69f00",
    "cited": "#d55e00",
    "testimony": "#cc79a7",
    "statistic": "#009e73",
    "documented": "#0b3c5d",
}
_INK = "#1f2933"
_FAINT = "#b8c0c8"
_ROW = 24
_ROLES = [role.replace("_", " ") for role in vocabulary.ROLES]


def draw(run: Run) -> dict[str, alt.TopLevelMixin]:
    """Give every picture of the report by name, those of its form (map or ranking) only."""
    always: dict[str, Callable[[Run], alt.TopLevelMixin]] = {"evidence-map": evidence_map, "matrix": matrix}
    ranking: dict[str, Callable[[Run], alt.TopLevelMixin]] = {
        "ranked": ranked,
        "said-shown": said_against_shown,
        "robustness": robustness,
    }
    chosen = {**always, **ranking} if run.ranks else {**always, "said": said}
    if not run.ordered("motive"):
        chosen.pop("ranked", None)
    if not run.observations:
        chosen.pop("matrix")
    if run[tables.ROBUSTNESS].empty:
        chosen.pop("robustness", None)
    return {name: make(run) for name, make in chosen.items()}


def save(charts: dict[str, alt.TopLevelMixin], folder: Path) -> None:
    """Write each chart as folder/NAME.svg; the same charts give the same bytes."""
    vl_convert.register_font_directory(str(Path(manimgx_fonts.__file__).parent))
    folder.mkdir(parents=True, exist_ok=True)
    for name, chart in charts.items():
        styled = chart.configure(
            font=FONT,
            background="white",
            padding=6,
            axis=alt.AxisConfig(
                labelColor=_INK,
                titleColor=_INK,
                titleFontWeight="normal",
                titleFontSize=12,
                labelFontSize=12,
                labelLimit=230,
                gridColor="#e6e9ec",
                domainColor=_FAINT,
                tickColor=_FAINT,
            ),
            legend=alt.LegendConfig(
                labelFontSize=12, titleFontSize=12, titleFontWeight="normal", labelColor=_INK, titleColor=_INK
            ),
            view=alt.ViewConfig(stroke=None),
            title=alt.TitleConfig(fontSize=13, fontWeight="normal", anchor="start", color=_INK),
        )
        (folder / f"{name}.svg").write_text(vl_convert.vegalite_to_svg(styled.to_dict()), encoding="utf-8")


def _names(run: Run, ids: list[str]) -> list[str]:
    return [run.name(i) for i in ids]


def _rows(run: Run, ids: list[str], *, labels: bool = True) -> alt.Y:
    axis = alt.Axis(title=None, labels=labels, ticks=False, domain=False, minExtent=0)
    return alt.Y("name:N", sort=_names(run, ids), axis=axis)


def _kind_scale() -> alt.Scale:
    return alt.Scale(domain=list(KIND_COLOURS), range=list(KIND_COLOURS.values()))


def ranked(run: Run) -> alt.TopLevelMixin:
    """Motives by rank: evidence shown by kind, balance with interval, voices, certainty."""
    ids = run.ordered("motive")
    weights = run.weights.loc[ids].assign(name=_names(run, ids))
    kinds = run[tables.SHOWN_BY_KIND]
    kinds = kinds[kinds.hypothesis_id.isin(ids)].assign(name=lambda f: f.hypothesis_id.map(run.name))
    # A kind's evidence for and against stays two bars: added up, it would hide the voices against.
    sides = [kinds.assign(shown=kinds.shown_for, side="for"), kinds.assign(shown=-kinds.shown_against, side="against")]
    signed = pd.concat(sides, ignore_index=True).query("shown != 0")
    signed["order"] = signed["kind"].map({kind: number for number, kind in enumerate(KIND_COLOURS)})
    height = _ROW * len(ids)
    shown = (
        alt.Chart(signed[["name", "kind", "side", "shown", "order"]], title="Evidence offered, by kind")
        .mark_bar(height=14, stroke=_INK, strokeWidth=0.4)
        .encode(
            y=_rows(run, ids),
            x=alt.X("shown:Q", stack="zero", title="strength over voices (left of 0: against)"),
            detail="side:N",
            color=alt.Color(
                "kind:N", scale=_kind_scale(), legend=alt.Legend(title="kind of evidence", orient="bottom", columns=4)
            ),
            order=alt.Order("order:Q"),
        )
        .properties(width=250, height=height)
    )
    net = (
        alt.Chart(weights[["name", "shown"]])
        .mark_tick(color=_INK, thickness=2.5, height=18)
        .encode(y=_rows(run, ids), x="shown:Q")
    )
    return alt.hconcat(
        alt.layer(shown, net),
        _balance(run, ids, weights, height),
        _words(run, ids, weights, height),
        spacing=14,
    )


def _balance(run: Run, ids: list[str], weights: pd.DataFrame, height: int) -> Any:
    frame = weights[["name", "balance", "balance_low", "balance_high"]]
    base = alt.Chart(frame, title="Supported by").encode(y=_rows(run, ids, labels=False))
    axis = alt.Axis(format="%", values=[0, 0.5, 1])
    interval = base.mark_rule(color=_INK).encode(
        x=alt.X("balance_low:Q", scale=alt.Scale(domain=[0, 1]), title="share of its voices", axis=axis),
        x2="balance_high:Q",
    )
    point = base.mark_point(color=_INK, filled=True, size=55, opacity=1).encode(x="balance:Q")
    return alt.layer(interval, point).properties(width=120, height=height)


def _words(run: Run, ids: list[str], weights: pd.DataFrame, height: int) -> Any:
    frame = pd.DataFrame(
        {"name": weights.name, "voices": weights.voices.astype(str), "certainty": weights.certainty.fillna("–")}
    )
    columns = [
        alt.Chart(frame, title=title)
        .mark_text(align="left", x=0, color=_INK, fontSize=12)
        .encode(y=_rows(run, ids, labels=False), text=f"{column}:N")
        .properties(width=width, height=height)
        for column, title, width in (("voices", "Voices", 36), ("certainty", "Certainty", 56))
    ]
    return alt.hconcat(*columns, spacing=10)


def said(run: Run) -> alt.TopLevelMixin:
    """All hypotheses by the share of independent voices that take them up: the picture of a map."""
    ids = sorted(run.hypotheses, key=lambda i: -run.weights.said[i])
    frame = run.weights.loc[ids, ["said", "voices"]].assign(name=_names(run, ids))
    base = alt.Chart(frame).encode(
        y=_rows(run, ids), x=alt.X("said:Q", title="share of independent voices", axis=alt.Axis(format="%"))
    )
    return alt.layer(
        base.mark_bar(height=14, color="#56b4e9"),
        base.mark_text(align="left", dx=4, color=_INK).encode(text="voices:Q"),
    ).properties(width=420, height=_ROW * len(ids))


def said_against_shown(run: Run) -> alt.TopLevelMixin:
    """Prominence against evidence from kinds better than reasoning."""
    frame = run[tables.HYPOTHESES][["hypothesis_id", "role", "said", "better_shown"]]
    frame = frame.rename(columns={"better_shown": "shown"})
    frame["name"] = frame.hypothesis_id.map(run.name)
    frame["role"] = frame.role.str.replace("_", " ")
    width, height = 600, 420
    right = max(frame.said.max() * 1.3, 0.01)  # room for the words beside the last point
    low, high = min(frame.shown.min(), 0.0), max(frame.shown.max() * 1.05, 0.1)
    frame["label"] = _apart(frame, width / right, height / (high - low))
    legend = alt.Legend(title="role", orient="top")
    base = alt.Chart(frame[["name", "role", "said", "shown", "label"]]).encode(
        x=alt.X(
            "said:Q",
            title="said: share of independent voices that take it up",
            axis=alt.Axis(format="%"),
            scale=alt.Scale(domain=[0, right], nice=False),
        )
    )
    vertical = alt.Scale(domain=[low, high], nice=False)
    points = base.mark_point(filled=True, size=80, opacity=1).encode(
        y=alt.Y("shown:Q", title="shown by kinds better than reasoning", scale=vertical),
        shape=alt.Shape("role:N", scale=alt.Scale(domain=_ROLES, range=["circle", "square", "diamond"]), legend=legend),
        color=alt.Color(
            "role:N", scale=alt.Scale(domain=_ROLES, range=["#0072b2", "#e69f00", "#7f7f7f"]), legend=legend
        ),
    )
    words = base.mark_text(align="left", dx=8, fontSize=11, color=_INK, limit=230).encode(y="label:Q", text="name:N")
    leads = base.mark_rule(color=_FAINT, xOffset=6, x2Offset=6).encode(y="shown:Q", y2="label:Q")
    return alt.layer(leads, points, words).properties(width=width, height=height)


def _apart(frame: pd.DataFrame, across: float, up: float) -> list[float]:
    """Give each point's label a height at which it covers no other: its own, or the nearest free one above it.

    Args:
        frame: `said`, `shown`, `name` of each point.
        across: pixels for 1 of `said`.
        up: pixels for 1 of `shown`.
    """
    line, letter = 13.0, 5.8  # pixels, in the labels' type
    taken: list[tuple[float, float, float]] = []  # left, right, height
    heights = {}
    for row in tables.records(frame.sort_values(["shown", "said", "hypothesis_id"])):
        left = row.said * across
        right, height = left + 8 + letter * len(row.name), row.shown * up
        while any(left < end and right > begin and abs(height - at) < line for begin, end, at in taken):
            height += 1
        taken.append((left, right, height))
        heights[row.hypothesis_id] = height / up
    return [heights[identifier] for identifier in frame.hypothesis_id]


def evidence_map(run: Run) -> alt.TopLevelMixin:
    """Hypotheses by kinds of evidence; a circle's size is the number of independent voices; an empty cell is drawn."""
    ids = run.everything
    kinds = list(KIND_COLOURS)
    counted = run[tables.SHOWN_BY_KIND].set_index(["hypothesis_id", "kind"]).voices
    cells = pd.DataFrame(
        [{"name": run.name(i), "kind": kind, "voices": int(counted.get((i, kind), 0))} for i in ids for kind in kinds]
    )
    base = alt.Chart(cells).encode(
        y=_rows(run, ids),
        x=alt.X(
            "kind:N", sort=kinds, axis=alt.Axis(title=None, orient="top", labelAngle=-30, ticks=False, domain=False)
        ),
    )
    box = base.mark_rect(fill="white", stroke="#d5dade")
    circle = (
        base.transform_filter("datum.voices > 0")
        .mark_circle(opacity=1)
        .encode(
            size=alt.Size(
                "voices:Q", scale=alt.Scale(range=[40, 420]), legend=alt.Legend(title="voices", orient="right")
            ),
            color=alt.Color("kind:N", scale=_kind_scale(), legend=None),
        )
    )
    number = base.transform_filter("datum.voices > 0").mark_text(fontSize=10, dx=15, color=_INK).encode(text="voices:Q")
    return alt.layer(box, circle, number).properties(width=520, height=_ROW * len(ids))


def matrix(run: Run) -> alt.TopLevelMixin:
    """Expected observations by hypotheses: how each would bear; a cell that nobody rated stays empty."""
    ids = run.everything
    rows = list(run.observations)
    frame = run[tables.MATRIX].assign(
        name=lambda f: f.hypothesis_id.map(run.name), observation=lambda f: f.observation_id.str.replace("_", " ")
    )
    labels = [row.replace("_", " ") for row in rows]
    base = alt.Chart(frame[["name", "observation", "rating"]]).encode(
        y=alt.Y(
            "observation:N",
            sort=labels,
            axis=alt.Axis(title=None, ticks=False, domain=False, labelFontSize=11, labelLimit=330),
        ),
        x=alt.X(
            "name:N",
            sort=_names(run, ids),
            axis=alt.Axis(title=None, orient="top", labelAngle=-60, ticks=False, domain=False),
        ),
    )
    scale = alt.Scale(domain=list(vocabulary.RATINGS), range=["#2166ac", "#92c5de", "#f0f0f0", "#f4a582", "#b2182b"])
    cells = base.mark_rect(stroke="white").encode(color=alt.Color("rating:N", scale=scale, legend=None))
    white = "datum.rating == 'CC' || datum.rating == 'II'"
    words = base.mark_text(fontSize=10).encode(
        text="rating:N", color=alt.condition(white, alt.value("white"), alt.value(_INK))
    )
    return alt.layer(cells, words).properties(width=alt.Step(26), height=alt.Step(17))


def robustness(run: Run) -> alt.TopLevelMixin:
    """Rank of each motive: in the corpus, and its interval when the random doubts are put together."""
    ids = run.ordered("motive")
    frame = run[tables.ROBUSTNESS]
    frame = frame[(frame.doubt == "all") & frame.hypothesis_id.isin(ids)].assign(
        name=lambda f: f.hypothesis_id.map(run.name)
    )
    frame["rank"] = frame.hypothesis_id.map(run.weights["rank"]).astype(float)
    frame["first"] = frame.p_first.map(percent)
    base = alt.Chart(frame[["name", "rank", "rank_low", "rank_high", "first"]]).encode(y=_rows(run, ids))
    scale = alt.Scale(domain=[1, len(ids)], nice=False)
    bars = base.mark_bar(height=7, color="#92c5de").encode(
        x=alt.X(
            "rank_low:Q",
            scale=scale,
            title="rank, with its interval when the random doubts are put together",
            axis=alt.Axis(tickMinStep=1),
        ),
        x2="rank_high:Q",
    )
    points = base.mark_point(filled=True, size=60, color=_INK, opacity=1).encode(x="rank:Q")
    chance = (
        alt.Chart(frame[["name", "first"]], title="First in … of draws")
        .mark_text(align="left", x=0, color=_INK, fontSize=12)
        .encode(y=_rows(run, ids, labels=False), text="first:N")
        .properties(width=90, height=_ROW * len(ids))
    )
    return alt.hconcat(alt.layer(bars, points).properties(width=430, height=_ROW * len(ids)), chance, spacing=14)
