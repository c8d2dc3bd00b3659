"""What is said: by itself in a map, and against what is shown in a ranking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from steelyard import tables
from steelyard.render import markdown as md
from steelyard.render.figures.sheet import FAINT, INK, LINK, QUIET, SMALL, Picture, Sheet, text_width
from steelyard.render.figures.words import name, plain, share, to_section
from steelyard.render.run import Run

_MARKS = {"motive": ("circle", "#0072b2"), "condition": ("square", "#e69f00"), "about_the_set": ("diamond", "#767f88")}
_REGION = "#fbeedd"


def said(run: Run) -> Picture:
    """All hypotheses by the share of independent voices that take them up: the picture of a map."""
    ids = sorted(run.hypotheses, key=lambda i: -run.weights.said[i])
    most = max(run.weights.said.max(), 0.01)
    sheet = Sheet(720, 30 + 22 * len(ids))
    sheet.lines(212, 14, ["share of independent voices that take it up, and their number"])
    for number, identifier in enumerate(ids):
        weight, y = run.weight(identifier), 41 + 22 * number
        words = f"{share(weight.said)} ({md.count(weight.voices, 'voice')})"
        name(sheet, run, identifier, 2, y, 205)
        width = 400 * weight.said / most
        sheet.box(212, y - 7, width, 14, "#56b4e9", link=to_section(run, identifier, words, twin=True))
        sheet.text(218 + width, y, words, size=SMALL)
    first = [f"{run.name(i)} ({share(run.weight(i).said)})" for i in ids[:3]]
    description = (
        "Each row is a hypothesis; its bar is the share of all independent voices that take it up, for or against. "
        f"Said most: {md.listed(first)}."
    )
    return Picture(sheet, "Hypotheses by the voices that take them up", plain(description))


@dataclass(frozen=True)
class _Plane:
    """Where what is said and shown lies on the sheet."""

    right: float
    low: float
    high: float

    def x(self, said: float) -> float:
        return 52 + 650 * said / self.right

    def y(self, shown: float) -> float:
        return 26 + 374 * (self.high - shown) / (self.high - self.low)


def said_against_shown(run: Run) -> Picture:
    """Prominence against evidence from kinds better than reasoning."""
    frame = run[tables.HYPOTHESES]
    shown = frame.better_shown
    plane = _Plane(max(frame.said.max() * 1.22, 0.01), min(shown.min(), 0) - 0.06, max(shown.max() * 1.06, 0.1))
    sheet = Sheet(720, 470)
    corner = run.summary["often_said_hardly_shown"].split()
    words = _corner(sheet, run, plane)
    _axes(sheet, plane)
    points = {row.hypothesis_id: (plane.x(row.said), plane.y(row.better_shown)) for row in tables.records(frame)}
    places = labels({i: (*points[i], run.name(i)) for i in run.everything}, words)
    for identifier in run.everything:
        weight, (x, y) = run.weight(identifier), points[identifier]
        shape, colour = _MARKS[weight.role]
        said_ = f"said by {share(weight.said)}, shown {md.decimal(weight.better_shown)}"
        sheet.point(x, y, 80, colour, shape=shape, stroke="white", link=to_section(run, identifier, said_, twin=True))
        side, at = places[identifier]
        if abs(at - y) > 8:
            sheet.rule(x, y, x + 7 * side, at, FAINT)
        style: dict[str, Any] = {
            "size": SMALL,
            "colour": LINK,
            "bold": identifier in corner,
            "align": "left" if side > 0 else "right",
        }
        sheet.text(x + 9 * side, at, run.name(identifier), **style, link=to_section(run, identifier, said_))
    left = 52.0
    for role, (shape, colour) in _MARKS.items():
        if role in set(frame.role):
            sheet.point(left + 6, 459, 80, colour, shape=shape)
            sheet.text(left + 16, 459, role.replace("_", " "), size=SMALL)
            left += 40 + text_width(role, SMALL)
    return Picture(sheet, "How often a hypothesis is said, against what is shown for it", _description(run, corner))


def _corner(sheet: Sheet, run: Run, plane: _Plane) -> list[tuple[float, float, float, float]]:
    """Shade what is said by more voices than the median hypothesis and shown no more; give where words stand."""
    x = plane.x(float(run.summary["said_median"]))
    y = plane.y(float(run.summary["better_shown_median"]))
    right, bottom = plane.x(plane.right), plane.y(plane.low)
    sheet.box(x, y, right - x, bottom - y, _REGION)
    sheet.text(right - 8, bottom - 12, "often said, hardly shown", colour=INK, align="right", bold=True)
    sheet.rule(x, plane.y(plane.high), x, bottom, FAINT)
    sheet.rule(plane.x(0), y, right, y, FAINT)
    sheet.text(x + 4, plane.y(plane.high) + 4, "median", size=SMALL, colour=QUIET)
    sheet.text(right - 4, y - 8, "median", size=SMALL, colour=QUIET, align="right")
    return [(right - 170, right, bottom - 12, 15), (right - 46, right, y - 8, 13)]


def _axes(sheet: Sheet, plane: _Plane) -> None:
    bottom = plane.y(plane.low)
    sheet.line(plane.x(0), bottom, plane.x(plane.right), bottom, FAINT, width=1)
    sheet.line(plane.x(0), plane.y(plane.high), plane.x(0), bottom, FAINT, width=1)
    for value in ticks(0, plane.right):
        sheet.text(plane.x(value), bottom + 11, share(value), size=SMALL, colour=QUIET, align="center")
    for value in ticks(plane.low, plane.high):
        sheet.text(plane.x(0) - 6, plane.y(value), f"{value:.1f}", size=SMALL, colour=QUIET, align="right")
    sheet.text(2, 9, "shown: strength of evidence better than reasoning, for minus against", size=SMALL, colour=QUIET)
    words = "said: share of independent voices that take it up"
    sheet.text(plane.x(plane.right), bottom + 26, words, size=SMALL, colour=QUIET, align="right")


def ticks(low: float, high: float) -> list[float]:
    """Give about five round numbers within a range."""
    step = next(s for power in (0.01, 0.1, 1, 10, 100) for s in (power, 2 * power, 5 * power) if (high - low) / s <= 6)
    first = -int(-low // step) if low < 0 else 0
    return [round(number * step, 6) for number in range(min(first, 0), int(high / step) + 1) if number * step >= low]


def labels(
    points: dict[str, tuple[float, float, str]], taken: list[tuple[float, float, float, float]]
) -> dict[str, tuple[int, float]]:
    """Give each point's name a place where it covers no other: beside it, or as near above or below as is free.

    Args:
        points: x, y and name of each.
        taken: left, right, middle and height of what else must not be covered.

    Returns:
        Side (1 right of the point, -1 left of it) and middle of each name.
    """
    boxes = [*taken, *((x - 6, x + 6, y, 10) for x, y, _ in points.values())]
    places = {}
    for identifier, (x, y, words) in sorted(points.items(), key=lambda item: (item[1][1], item[1][0], item[0])):
        width = text_width(words, SMALL)
        lefts = {1: x + 9, -1: x - 9 - width}
        tried = [(side, y + shift) for shift in _SHIFTS for side in lefts]
        inside = [p for p in tried if lefts[p[0]] > 54 and lefts[p[0]] + width < 718 and 20 < p[1] < 398]
        free = (p for p in inside if not _covers((lefts[p[0]], p[1]), width, boxes))
        side, at = next(free, (1, y))
        boxes.append((lefts[side], lefts[side] + width, at, 13))
        places[identifier] = (side, at)
    return places


_SHIFTS = [sign * 4 * number for number in range(40) for sign in (-1, 1)]


def _covers(place: tuple[float, float], width: float, boxes: list[tuple[float, float, float, float]]) -> bool:
    left, y = place
    return any(left < b and left + width > a and abs(y - m) < (13 + h) / 2 for a, b, m, h in boxes)


def _description(run: Run, corner: list[str]) -> str:
    medians = f"{share(float(run.summary['said_median']))} and {md.decimal(float(run.summary['better_shown_median']))}"
    found = (
        f"Often said and hardly shown: {md.listed([run.name(i) for i in corner])}." if corner else "Nothing lies there."
    )
    return plain(
        "Each point is a hypothesis: the further right, the more independent voices take it up; the higher, the more "
        f"is shown for it by kinds of evidence better than reasoning. The medians are {medians}. The shaded corner, "
        f"right of the one and not above the other, holds what is often said and hardly shown. {found}"
    )
