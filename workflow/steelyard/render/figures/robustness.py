"""How far each motive's rank moves under each doubt."""

from __future__ import annotations

from typing import Any

import pandas as pd

from steelyard import tables
from steelyard.render import markdown as md
from steelyard.render.figures.sheet import FAINT, QUIET, SMALL, Link, Picture, Sheet
from steelyard.render.figures.words import name, plain, share
from steelyard.render.run import Run

_HEADS: dict[str, list[str]] = {
    "all": ["random,", "together"],
    "voices": ["voices", "redrawn"],
    "strengths": ["strength", "varied"],
    "coding": ["coding", "error"],
    "document": ["source", "left out"],
    "voice": ["voice", "left out"],
    "kind": ["kind", "left out"],
    "coder": ["coder", "left out"],
    "subject": ["only on", "subject"],
    "multiverse": ["other", "choices"],
}
_LEFT, _ROW, _TOP, _GAP = 268, 22, 56, 7
_BAR = "#8fbfe6"


def robustness(run: Run) -> Picture:
    """Draw a strip for each doubt: the interval of each motive's rank as a bar, its rank in the corpus as a tick."""
    ids = run.ordered("motive")
    rows = {(row.hypothesis_id, row.doubt): row for row in tables.records(run[tables.ROBUSTNESS])}
    doubts = [doubt for doubt in _HEADS if any(key[1] == doubt for key in rows)]
    sheet = Sheet(720, _TOP + _ROW * len(ids) + 44)
    sheet.lines(204, 26, ["First in", "… of draws"])
    for number, identifier in enumerate(ids):
        y = _TOP + _ROW * (number + 0.5)
        name(sheet, run, identifier, 2, y, 196)
        if (identifier, "all") in rows:
            first = rows[identifier, "all"].p_first
            sheet.box(204, y - 6, 26 * first, 12, _BAR)
            sheet.text(206 + 26 * first, y, share(first).replace("under 1 %", "< 1 %"), size=SMALL)
    width = (720 - _LEFT) / (len(doubts) + 0.7 * ("all" in doubts))
    left = float(_LEFT)
    for doubt in doubts:
        wide = width * (1.7 if doubt == "all" else 1)
        _strip(sheet, run, {i: rows[i, doubt] for i in ids if (i, doubt) in rows}, doubt, (left, wide - _GAP))
        left += wide
    y = sheet.height - 10
    sheet.box(_LEFT, y - 4, 26, 8, _BAR)
    sheet.text(_LEFT + 32, y, "ranks it takes (left: first)", size=SMALL)
    sheet.line(_LEFT + 214, y - 7, _LEFT + 214, y + 7, width=2)
    sheet.text(_LEFT + 220, y, "rank in the corpus", size=SMALL)
    return Picture(sheet, "Rank of each motive under each doubt", _description(run, ids, rows))


def _strip(sheet: Sheet, run: Run, rows: dict[str, Any], doubt: str, place: tuple[float, float]) -> None:
    left, width = place
    ids = run.ordered("motive")
    last = max(len(ids), 2)
    bottom = _TOP + _ROW * len(ids)

    def at(rank: float) -> float:
        return left + 3 + (width - 6) * (rank - 1) / (last - 1)

    sheet.lines(left, 26, _HEADS[doubt])
    sheet.box(left, _TOP - 4, width, bottom - _TOP + 8, "transparent", stroke=FAINT)
    for rank, align in ((1, "left"), (last, "right")):
        sheet.text(at(rank) + (-2 if rank == 1 else 2), bottom + 12, str(rank), size=SMALL, colour=QUIET, align=align)
    for number, identifier in enumerate(ids):
        y = _TOP + _ROW * (number + 0.5)
        own = run.weight(identifier)["rank"]
        row = rows.get(identifier)
        if row is not None:
            ranks = md.span(row.rank_low, row.rank_high)
            label = f"{run.name(identifier)}, {' '.join(_HEADS[doubt])}: rank {ranks}, first in {share(row.p_first)}"
            link = Link(run.section_id(identifier), label, twin=True)
            sheet.box(at(row.rank_low) - 3, y - 4, at(row.rank_high) - at(row.rank_low) + 6, 8, _BAR, link=link)
        if not pd.isna(own):
            sheet.line(at(own), y - 7, at(own), y + 7, width=2)


def _description(run: Run, ids: list[str], rows: dict[tuple[str, str], Any]) -> str:
    together = [(i, rows[i, "all"]) for i in ids if (i, "all") in rows]
    first = sorted(together, key=lambda pair: -pair[1].p_first)[:3]
    found = md.listed([f"{run.name(i)} in {share(row.p_first)}" for i, row in first])
    spans = md.listed([f"{run.name(i)} {md.span(row.rank_low, row.rank_high)}" for i, row in together[:3]])
    return plain(
        "Each row is a motive and each strip a doubt. A bar spans the ranks that the motive takes under the doubt, and "
        "a tick marks its rank in the corpus; the further left, the higher the rank. With the random doubts put "
        f"together, most often first: {found}. Ranks then: {spans}."
    )
