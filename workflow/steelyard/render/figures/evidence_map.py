"""Hypotheses by kinds of evidence: which cells nobody fills."""

from __future__ import annotations

from steelyard import tables
from steelyard.render import markdown as md
from steelyard.render.figures.sheet import (
    FAINT,
    INK,
    KIND_COLOURS,
    ON_MARK,
    QUIET,
    SMALL,
    Link,
    Picture,
    Sheet,
)
from steelyard.render.figures.words import plain, rows
from steelyard.render.run import Run

_LEFT, _STEP, _ROW = 206, 64, 27
_NO_ROOM = 100  # from so many voices on figures stand beside the circles


def evidence_map(run: Run) -> Picture:
    """Draw an empty box for each kind that nobody offers, else a circle whose area is the number of voices."""
    counted = {(row.hypothesis_id, row.kind): row.voices for row in tables.records(run[tables.SHOWN_BY_KIND])}
    most = max(counted.values(), default=1) or 1
    sheet = Sheet(720)
    for number, kind in enumerate(KIND_COLOURS):
        sheet.text(_LEFT + _STEP * (number + 0.5), 12, kind, size=SMALL, align="center", colour=QUIET)
    begins, bottom = rows(sheet, run, 18, _ROW, _LEFT - 10)
    for identifier, y in begins.items():
        for number, kind in enumerate(KIND_COLOURS):
            voices = counted.get((identifier, kind), 0)
            x = _LEFT + _STEP * number
            sheet.box(x, y, _STEP - 3, _ROW - 3, "transparent", stroke=FAINT)
            if voices:
                _circle(sheet, run, identifier, kind, voices, (x + _STEP / 2 - 1.5, y + _ROW / 2 - 1.5, most))
    key = "number and size of a circle: independent voices; empty box: nobody"
    sheet.text(_LEFT, bottom + 10, key, size=SMALL, colour=QUIET)
    sheet.height = bottom + 20
    return Picture(sheet, "Independent voices by hypothesis and kind of evidence", _description(run, counted))


def _circle(sheet: Sheet, run: Run, identifier: str, kind: str, voices: int, place: tuple[float, float, float]) -> None:
    x, y, most = place
    label = f"{run.name(identifier)}, {kind}: {md.count(voices, 'voice')}, see the statements"
    link = Link(run.evidence_anchor(identifier), label, kind)
    area = 160 + 290 * (voices - 1) / max(most - 1, 1)  # the smallest holds a figure, the largest just fits its box
    if most < _NO_ROOM:
        sheet.point(x, y, area, KIND_COLOURS[kind], stroke=INK, link=link)
        sheet.sign(x, y + 0.5, str(voices), ON_MARK[kind])
        return
    sheet.point(x - 17, y, area, KIND_COLOURS[kind], stroke=INK, link=link)
    sheet.text(x - 3, y + 0.5, str(voices), size=SMALL)


def _description(run: Run, counted: dict[tuple[str, str], int]) -> str:
    ids = run.everything
    nobody = [kind for kind in KIND_COLOURS if not any(counted.get((i, kind), 0) for i in ids)]
    empty = sum(not counted.get((i, kind), 0) for i in ids for kind in KIND_COLOURS)
    found = f"{empty} of {len(ids) * len(KIND_COLOURS)} boxes are empty."
    if nobody:
        found += f" For no hypothesis does anybody offer {md.listed(nobody, 'or')}."
    return plain(
        "Each row is a hypothesis and each column a kind of evidence. A circle's size is the number of independent "
        "voices that offer this kind, for or against; an empty box is a kind that nobody offers. "
        f"{found}"
    )
