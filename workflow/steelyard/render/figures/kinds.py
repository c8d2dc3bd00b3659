"""Kinds of evidence for and against each hypothesis, in independent voices."""

from __future__ import annotations

from steelyard import vocabulary
from steelyard.render import markdown as md
from steelyard.render.figures.sheet import (
    FAINT,
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
from steelyard.render.figures.words import brief, plain, rows
from steelyard.render.run import Run
from steelyard.render.voices import SIDES

_ROW = 22


def kinds(run: Run) -> Picture:
    """Draw each voice on each side that it takes, by the kind of the best that it says there."""
    counted = run.totals.best_kinds
    most = {side: max((sum(counted.get((i, side), {}).values()) for i in run.everything), default=0) for side in SIDES}
    sheet = Sheet(720)
    step = min(440 / max(sum(most.values()), 1), 34.0)
    zero = 228 + step * most["opposes"] + 22
    sheet.lines(zero - 6, 12, ["against"], align="right")
    sheet.lines(zero + 6, 12, ["for"])
    sheet.lines(2, 12, ["Voices, by kind of the best of each"])
    begins, bottom = rows(sheet, run, 22, _ROW, 212)
    for identifier, y in begins.items():
        for side, sign in SIDES.items():
            parts = counted.get((identifier, side), {})
            _side(sheet, run, identifier, side, parts, (zero, y + _ROW / 2, sign * step))
    sheet.line(zero, 22, zero, bottom, FAINT, width=1)
    drawn = {kind for parts in counted.values() for kind in parts}
    sheet.height = bottom + 18 + sheet.kinds(2, bottom + 18, [kind for kind in KIND_COLOURS if kind in drawn], 720)
    return Picture(sheet, "Kinds of evidence for and against each hypothesis", _description(run, counted))


def _side(
    sheet: Sheet, run: Run, identifier: str, side: str, parts: dict[str, int], place: tuple[float, float, float]
) -> None:
    at, y, step = place
    for kind in (kind for kind in KIND_COLOURS if kind in parts):
        ends = sorted((at, at + step * parts[kind]))
        label = (
            f"{run.name(identifier)}: {md.count(parts[kind], 'voice')} {_WORDS[side]} it by {kind}, see the statements"
        )
        link = Link(run.evidence_anchor(identifier, side), label, kind, best=True)
        sheet.box(ends[0], y - 8, ends[1] - ends[0], 16, KIND_COLOURS[kind], stroke=INK, link=link)
        # Where there is room, the number stands beside the sign.
        words = f"{KIND_SIGNS[kind]}{brief(parts[kind])}"
        words = words if ends[1] - ends[0] > (18 if len(words) < 4 else 30) else KIND_SIGNS[kind]
        if ends[1] - ends[0] > 9:
            sheet.sign(sum(ends) / 2, y, words, ON_MARK[kind])
        at += step * parts[kind]
    if parts:
        align = "left" if step > 0 else "right"
        sheet.text(at + (5 if step > 0 else -5), y, str(sum(parts.values())), size=SMALL, align=align)
    elif step > 0:
        sheet.text(at + 5, y, "nobody", size=SMALL, colour=QUIET)


_WORDS = {"supports": "for", "opposes": "against"}


def _description(run: Run, counted: dict[tuple[str, str], dict[str, int]]) -> str:
    totals: dict[str, int] = {}
    for parts in counted.values():
        for kind, number in parts.items():
            totals[kind] = totals.get(kind, 0) + number
    total = sum(totals.values())
    opinion = sum(totals.get(kind, 0) for kind in vocabulary.OPINION_KINDS)
    found = "No voice takes a side."
    if total:
        found = (
            f"Of {md.count(total, 'time')} that a voice takes a side, {opinion} rest on assertion or reasoning only."
        )
    return plain(
        "Each row is a hypothesis. To the right stand the independent voices for it, to the left those against it, "
        "each by the kind of the best statement that it makes there; a voice on both sides stands on both. "
        f"{found}"
    )
