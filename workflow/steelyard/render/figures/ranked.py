"""Motives by rank: what is shown for each, who supports it, how many voices, how certain; wide and for a phone."""

from __future__ import annotations

from typing import Any

import pandas as pd

from steelyard import tables
from steelyard.render import markdown as md
from steelyard.render.figures.sheet import (
    FAINT,
    GRID,
    INK,
    KIND_COLOURS,
    KIND_SIGNS,
    ON_MARK,
    QUIET,
    SMALL,
    Link,
    Picture,
    Sheet,
)
from steelyard.render.figures.words import name, plain
from steelyard.render.run import Run
from steelyard.render.words import FEW_VOICES
from steelyard.vocabulary import OPINION_KINDS

# Light for opinion and dark for what could be checked: a phone has no room for a sign in each bar.
_OPINION, _BETTER = "#b4bcc5", "#1f6fb2"


def ranked(run: Run) -> Picture:
    """Draw the picture of the first screen for a page 720 pixels wide."""
    ids = run.ordered("motive")
    sheet, row, top = Sheet(720), 20, 42
    scale = _Scale(run, ids, 228, 434)
    bottom = top + row * len(ids)
    sheet.lines(228, 26, ["Evidence shown: strength over", f"voices, by kind{scale.note}"])
    sheet.lines(470, 26, ["Net"], align="right")
    sheet.lines(492, 26, ["Supported by: share of", "its voices, interval"])
    sheet.lines(654, 26, ["Voices"], align="right")
    sheet.lines(668, 26, ["Certainty"])
    scale.rules(sheet, top - 6, bottom)
    for share in (0, 0.5, 1):
        sheet.rule(492 + 112 * share, top - 6, 492 + 112 * share, bottom)
        sheet.text(492 + 112 * share, bottom + 9, md.percent(share), size=SMALL, colour=QUIET, align="center")
    for number, identifier in enumerate(ids):
        weight, y = run.weight(identifier), top + row * (number + 0.5)
        sheet.text(14, y, "–" if pd.isna(weight["rank"]) else str(weight["rank"]), colour=QUIET, align="right")
        name(sheet, run, identifier, 22, y, 204)
        _bars(sheet, run, identifier, scale, y)
        net = scale.at(weight.shown)
        sheet.line(net, y - 9, net, y + 9, width=2.5)
        sheet.text(470, y, md.decimal(weight.shown), align="right")
        _balance(sheet, weight, (492, 112), y, "too few voices")
        sheet.text(654, y, str(weight.voices), align="right")
        sheet.text(668, y, "–" if pd.isna(weight.certainty) else weight.certainty)
    drawn = set(scale.parts.kind)
    key = bottom + 30
    sheet.line(4, key - 8, 4, key + 8, width=2.5)
    sheet.text(11, key, "for minus against", size=SMALL)
    height = sheet.kinds(106, key, [kind for kind in KIND_COLOURS if kind in drawn], 720)
    sheet.height = key - 8 + height
    return Picture(sheet, "Motives ranked by the evidence offered for them", _description(run, ids))


class _Scale:
    """Strength of evidence across a column of bars."""

    def __init__(self, run: Run, ids: list[str], left: float, right: float) -> None:
        kinds = run[tables.SHOWN_BY_KIND]
        # A kind's evidence for and against stays two bars: added up, it would hide the voices against.
        self.parts = kinds[kinds.hypothesis_id.isin(ids) & (kinds.shown_for.gt(0) | kinds.shown_against.gt(0))]
        sums = self.parts.groupby("hypothesis_id")[["shown_for", "shown_against"]].sum()
        net = run.weights.loc[ids, "shown"]
        self.low = -max(sums.shown_against.max() if len(sums) else 0, -net.min(), 0)
        self.high = max(sums.shown_for.max() if len(sums) else 0, net.max(), 0.1)
        self.left, self.width = left, right - left
        self.note = "; left of 0: against" if self.low < 0 else ""

    def at(self, strength: float) -> float:
        """Give the place of a strength."""
        return float(self.left + self.width * (strength - self.low) / (self.high - self.low))

    def rules(self, sheet: Sheet, top: float, bottom: float) -> None:
        """Rule whole strengths, or halves where there is less than two."""
        step = 0.5 if self.high < 2 else max(1, round(self.high / 4))
        for number in range(int(self.high / step) + 1):
            x = self.at(number * step)
            sheet.rule(x, top, x, bottom, GRID if number else FAINT)
            sheet.text(x, bottom + 9, f"{number * step:g}", size=SMALL, colour=QUIET, align="center")


def _bars(sheet: Sheet, run: Run, identifier: str, scale: _Scale, y: float) -> None:
    """Draw the kinds for a hypothesis to the right of 0, from weak to strong, and those against it to the left."""
    parts = {part.kind: part for part in tables.records(scale.parts[scale.parts.hypothesis_id == identifier])}
    for column, sign, side in (("shown_for", 1, "for"), ("shown_against", -1, "against")):
        at = 0.0
        for kind in (kind for kind in KIND_COLOURS if kind in parts and getattr(parts[kind], column) > 0):
            strength = getattr(parts[kind], column)
            ends = sorted((scale.at(at), scale.at(at + sign * strength)))
            label = f"{run.name(identifier)}: {kind} {side} it, strength {md.decimal(strength)}"
            link = Link(run.section_id(identifier), label, twin=True)
            sheet.box(ends[0], y - 7, ends[1] - ends[0], 14, KIND_COLOURS[kind], stroke=INK, link=link)
            if ends[1] - ends[0] > 9:
                middle = sum(ends) / 2
                sheet.sign(middle, y, KIND_SIGNS[kind], ON_MARK[kind])
            at += sign * strength


def _balance(sheet: Sheet, weight: Any, place: tuple[float, float], y: float, too_few: str) -> None:
    """Draw the share of voices that support a hypothesis, with its interval, across a column (left end and width)."""
    left, width = place
    if weight.voices < FEW_VOICES or pd.isna(weight.balance):
        sheet.text(left, y, too_few, size=SMALL, colour=QUIET)
        return
    sheet.rule(left, y, left + width, y)
    sheet.line(left + width * weight.balance_low, y, left + width * weight.balance_high, y)
    sheet.point(left + width * weight.balance, y, width / 4 + 20)


def ranked_narrow(run: Run) -> Picture:
    """Draw the same for a phone: 350 pixels wide, names above their bars."""
    ids = run.ordered("motive")
    sheet, row, top = Sheet(350), 21, 32
    scale = _Scale(run, ids, 32, 178)
    sheet.lines(2, 21, ["Evidence shown: strength", f"over voices{scale.note}"])
    sheet.lines(188, 21, ["Support", "0–100 %"])
    sheet.lines(278, 21, ["Voices"], align="right")
    sheet.lines(290, 21, ["Certainty"])
    for number, identifier in enumerate(ids):
        weight, y = run.weight(identifier), top + row * number
        name(sheet, run, identifier, 2, y + 6, 190, size=SMALL)
        sheet.text(27, y + 16, md.decimal(weight.shown), size=SMALL, align="right")
        _split(sheet, scale, identifier, y + 16)
        _balance(sheet, weight, (188, 50), y + 11, "–")
        sheet.text(278, y + 11, str(weight.voices), size=SMALL, align="right")
        sheet.text(290, y + 11, "–" if pd.isna(weight.certainty) else weight.certainty, size=SMALL)
    key = top + row * len(ids) + 12
    for x, colour, words in ((2, _OPINION, "opinion"), (60, _BETTER, "claims of fact, sources")):
        sheet.box(x, key - 5, 10, 10, colour)
        sheet.text(x + 14, key, words, size=SMALL)
    sheet.line(215, key - 6, 215, key + 6, width=2)
    sheet.text(221, key, "for minus against", size=SMALL)
    sheet.height = key + 10
    return Picture(sheet, "Motives ranked by the evidence offered for them", _description(run, ids))


def _split(sheet: Sheet, scale: _Scale, identifier: str, y: float) -> None:
    """Draw opinion first, then what could be checked, on each side of 0, and the difference of the sides."""
    parts = scale.parts[scale.parts.hypothesis_id == identifier]
    opinion = parts.kind.isin(OPINION_KINDS)
    zero, net = scale.at(0), scale.at(parts.shown_for.sum() - parts.shown_against.sum())
    sheet.rule(zero, y - 5, zero, y + 5, FAINT)
    for column, sign in (("shown_for", 1), ("shown_against", -1)):
        weak, all_ = parts.loc[opinion, column].sum(), parts[column].sum()
        for start, end, colour in ((0, weak, _OPINION), (weak, all_, _BETTER)):
            ends = sorted((scale.at(sign * start), scale.at(sign * end)))
            if end > start:
                sheet.box(ends[0], y - 3, ends[1] - ends[0], 6, colour)
    sheet.line(net, y - 5, net, y + 5, width=2)


def _description(run: Run, ids: list[str]) -> str:
    listed = [
        f"{run.name(i)} ({md.decimal(run.weight(i).shown)}, {md.count(run.weight(i).voices, 'voice')})" for i in ids[:3]
    ]
    few = (
        ""
        if len(ids) <= 3
        else f" Last of {len(ids)} comes {run.name(ids[-1])} ({md.decimal(run.weight(ids[-1]).shown)})."
    )
    return plain(
        "Each row is a motive, from most evidence to least. Its bar adds up the strength of the evidence offered for "
        "it; what is offered against it lies left of zero, and a tick marks the difference. Beside it stand the share "
        "of its voices that support it with an interval, the number of independent voices that take it up, and how "
        f"certain one may be. Most is shown for {md.listed(listed)}.{few}"
    )
