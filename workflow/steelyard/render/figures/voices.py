"""Who says what: independent voices by hypotheses."""

from __future__ import annotations

from typing import Any

from steelyard.render import markdown as md
from steelyard.render.escape import visible
from steelyard.render.figures.sheet import FAINT, QUIET, SMALL, Link, Picture, Sheet, text_width
from steelyard.render.figures.words import heads, plain
from steelyard.render.run import Run
from steelyard.render.voices import Voice, by_source, stance_of, talking

_ROW, _LEFT = 18, 172
# shape, fill, outline and words of each stance
_STANCES = {
    "supports": ("circle", "#1c5aa6", "#1c5aa6", "for"),
    "opposes": ("cross", "#c2410c", "#c2410c", "against"),
    "both": ("diamond", "#e3ab16", "#1f2933", "for and against"),
    "raises": ("circle", "transparent", "#55606b", "only raises it"),
}


def voices(run: Run) -> Picture:
    """Draw a symbol for each hypothesis that a voice takes up or raises: its stance, by the strength of its best."""
    shown = talking(run)
    ids = run.everything
    step = min(30.0, (670 - _LEFT) / len(ids))
    sheet, y = Sheet(720), 138.0
    heads(sheet, run, ids, _LEFT, step, y - 7)
    for document, speakers in by_source(run, shown).items():
        sheet.text(2, y + 10, document, size=SMALL, colour=QUIET, bold=True, limit=700)
        y += 20
        for voice in speakers:
            sheet.rule(_LEFT, y + _ROW / 2, _LEFT + step * len(ids), y + _ROW / 2)
            sheet.text(2, y + _ROW / 2, run.speakers[voice.voice_id], size=SMALL, limit=_LEFT - 12)
            for number, identifier in enumerate(ids):
                row = voice.rows.get(identifier)
                if row is not None:
                    _symbol(sheet, run, row, _LEFT + step * (number + 0.5), y + _ROW / 2)
            y += _ROW
        y += 4
    sheet.height = _key(sheet, y + 12)
    return Picture(sheet, "Who says what: independent voices and the hypotheses they take up", _description(run, shown))


def _symbol(sheet: Sheet, run: Run, row: Any, x: float, y: float) -> None:
    stance = stance_of(row)
    shape, fill, stroke, words = _STANCES[stance]
    strength = max(row.best_for, row.best_against)
    label = f"{visible(run.speakers[row.voice_id])} on {run.name(row.hypothesis_id)}: {words}"
    label += f", strength {md.decimal(strength)}" if stance != "raises" else ""
    side = "" if stance == "both" else stance
    linked = run.are_shown(row.hypothesis_id, stance=side, voice=row.voice_id)
    target = run.evidence_anchor(row.hypothesis_id, side) if linked else ""
    link = Link(target, label, voice=row.voice_id, twin=True)
    sheet.point(x, y, 30 + 130 * strength, fill, shape=shape, stroke=stroke, link=link)


def _key(sheet: Sheet, y: float) -> float:
    left = 2.0
    for shape, fill, stroke, words in _STANCES.values():
        sheet.point(left + 6, y, 80, fill, shape=shape, stroke=stroke)
        sheet.text(left + 16, y, words, size=SMALL)
        left += 36 + text_width(words, SMALL)
    for strength in (0.1, 0.8):
        sheet.point(left + 6, y, 30 + 130 * strength, FAINT)
        sheet.text(left + 18, y, f"strength {strength}", size=SMALL)
        left += 36 + text_width("strength 0.1", SMALL)
    return y + 12


def _description(run: Run, shown: list[Voice]) -> str:
    if not shown:
        return "No voice takes any hypothesis up."
    first = [
        f"{visible(run.speakers[v.voice_id])} ({md.count(len(v.rows), 'hypothesis', 'hypotheses')})" for v in shown[:3]
    ]
    more = (
        f" Only the {len(shown)} that talk most of {run.totals.talking} are drawn."
        if len(shown) < run.totals.talking
        else ""
    )
    return plain(
        "Each row is an independent voice, under the source in which it says most; each column is a hypothesis. The "
        "symbol tells the side that the voice takes, its size the strength of the best that it says. Most hypotheses "
        f"are touched by {md.listed(first)}.{more}"
    )
