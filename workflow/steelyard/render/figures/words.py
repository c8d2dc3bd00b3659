"""Words and links that several pictures share."""

from __future__ import annotations

from typing import Any

from steelyard.render import markdown as md
from steelyard.render.figures.sheet import LINK, QUIET, SMALL, Link, Sheet
from steelyard.render.run import Run
from steelyard.render.words import ROLES


def plain(text: str) -> str:
    """Give words as text for no markup: a narrow blank as an ordinary one."""
    return text.replace("\u00a0", " ")


def to_section(run: Run, hypothesis_id: str, said: str = "", *, twin: bool = False) -> Link:
    """Link to a hypothesis' section; `said` stands after its name."""
    name = run.name(hypothesis_id)
    return Link(run.section_id(hypothesis_id), f"{name}: {said}" if said else name, twin=twin)


def name(sheet: Sheet, run: Run, hypothesis_id: str, x: float, y: float, limit: float, **style: Any) -> None:
    """Write a hypothesis' name as a link to its section."""
    sheet.text(x, y, run.name(hypothesis_id), limit=limit, link=to_section(run, hypothesis_id), colour=LINK, **style)


def heads(sheet: Sheet, run: Run, ids: list[str], left: float, step: float, bottom: float) -> None:
    """Write hypotheses' names slanting over their columns."""
    for number, identifier in enumerate(ids):
        x = left + step * (number + 0.5)
        link = to_section(run, identifier)
        sheet.text(x, bottom, run.name(identifier), size=SMALL, angle=-65, limit=140, link=link, colour=LINK)


def rows(sheet: Sheet, run: Run, top: float, height: float, limit: float) -> tuple[dict[str, float], float]:
    """Write the names of all hypotheses one below the other, by role; give where each row begins, and the end."""
    begins, y = {}, top
    for role, title in ROLES.items():
        ids = run.ordered(role)
        if ids:
            sheet.text(2, y + 10, title, size=SMALL, colour=QUIET, bold=True)
            y += 20
        for identifier in ids:
            name(sheet, run, identifier, 2, y + height / 2, limit)
            begins[identifier] = y
            y += height
    return begins, y


def share(value: float) -> str:
    """Give a share as a percentage with a plain blank."""
    return plain(md.percent(value))


def brief(number: int) -> str:
    """Give a number for a small mark: from a thousand on in thousands, "1.2k" or "34k"; the table has it in full."""
    thousands = number / 1000
    return str(number) if number < 1000 else f"{thousands:.1f}k" if thousands < 9.95 else f"{thousands:.0f}k"
