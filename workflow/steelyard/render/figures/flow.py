"""What became of the text, as bars that shrink from step to step."""

from __future__ import annotations

from collections.abc import Iterator

from steelyard.render import markdown as md
from steelyard.render.figures.sheet import INK, LINK, SMALL, Link, Picture, Sheet
from steelyard.render.figures.words import plain, share
from steelyard.render.flow import Part, Step, steps
from steelyard.render.run import Run

_KEPT, _ASIDE = "#1f6fb2", "#c3c9d0"
_LEFT, _WIDTH, _ROW = 300, 300, 19


def flow(run: Run) -> Picture:
    """Draw a group of bars for each step, each bar beginning where the one above it ends."""
    every = steps(run)
    sheet, y = Sheet(720), 4.0
    for step in every:
        sheet.text(2, y + 10, f"{step.words}: {step.number:,}", bold=True)
        y += 22
        for part, start in _placed(step):
            scale = _WIDTH / max(step.number, 1)
            link = Link(part.to, f"{part.words}: {part.number:,}") if part.to else None
            sheet.text(14, y + 9, part.words, size=SMALL, limit=_LEFT - 24, colour=LINK if link else INK, link=link)
            sheet.rule(_LEFT, y - 1, _LEFT, y + _ROW)
            width = max(part.number * scale, 0.8 if part.number else 0)
            sheet.box(_LEFT + start * scale, y + 3, width, 12, _KEPT if part.kept else _ASIDE, stroke=INK)
            words = f"{part.number:,} ({share(part.number / step.number)})" if step.number else "0"
            sheet.text(_LEFT + start * scale + width + 6, y + 9, words, size=SMALL)
            y += _ROW
        y += 8
    sheet.box(_LEFT, y + 2, 12, 12, _KEPT, stroke=INK)
    sheet.text(_LEFT + 18, y + 8, "goes on to the next step", size=SMALL)
    sheet.box(_LEFT + 172, y + 2, 12, 12, _ASIDE, stroke=INK)
    sheet.text(_LEFT + 190, y + 8, "ends here", size=SMALL)
    sheet.height = y + 20
    return Picture(sheet, "From the text to the voices that are weighed, and what was left aside", _description(every))


def _placed(step: Step) -> Iterator[tuple[Part, int]]:
    start = 0
    for part in step.parts:
        yield part, start
        start += part.number


def _description(every: list[Step]) -> str:
    told = []
    for step in every:
        parts = md.listed([f"{part.number:,} {part.words}" for part in step.parts])
        told.append(f"{step.words}: {step.number:,}, of which {parts}.")
    return plain(f"Four steps, each parted into what goes on and what ends there. {' '.join(told)}")
