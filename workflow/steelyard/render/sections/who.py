"""Appendix: kinds of evidence per hypothesis, and who says what."""

from __future__ import annotations

from typing import Any

from steelyard.render import markdown as md
from steelyard.render.run import Run
from steelyard.render.voices import Voice, by_source, stance_of, talking
from steelyard.vocabulary import STRENGTH_KINDS


def who(run: Run) -> str:
    """Compose the two pictures with their tables."""
    shown = talking(run)
    if not shown:
        return "No voice takes any hypothesis up."
    return md.join([*_kinds(run), *_voices(run, shown)])


def _kinds(run: Run) -> list[str]:
    caption = "Kinds of evidence for and against each hypothesis, in independent voices by the best that each says"
    counted = run.totals.best_kinds
    kinds = [kind for kind in STRENGTH_KINDS if any(kind in parts for parts in counted.values())]
    rows = [[run.link(i), *(_sides(run, counted, i, kind) for kind in kinds)] for i in run.everything]
    header = ["Hypothesis", *(f"{kind}>" for kind in kinds)]
    widths = f"[{','.join(['22', *['11'] * len(kinds)])}]"
    about = "Voices for, and after the stroke against, by the kind of the best statement of each; empty where nobody"
    alternative = f"{caption}. The table below has the figures."
    return [md.figure("kinds", caption, alternative), md.table(header, rows, about, "tbl-kinds", widths)]


def _sides(run: Run, counted: dict[tuple[str, str], dict[str, int]], identifier: str, kind: str) -> str:
    """Give the voices for and against by the kind of their best, each linked to these."""
    numbers = {side: counted.get((identifier, side), {}).get(kind, 0) for side in ("supports", "opposes")}
    if not any(numbers.values()):
        return ""
    linked = {
        side: run.statements(str(number), identifier, stance=side, kind=kind, best=True) if number else "0"
        for side, number in numbers.items()
    }
    return f"{linked['supports']}&nbsp;/&nbsp;{linked['opposes']}" if numbers["opposes"] else linked["supports"]


def _voices(run: Run, shown: list[Voice]) -> list[str]:
    caption = "Who says what: independent voices by the source in which they say most, and the hypotheses they take up"
    if len(shown) < run.totals.talking:
        caption += f"; the {len(shown)} with most statements of {run.totals.talking}"
    rows: list[list[md.Cell]] = [
        [
            md.name(run.speakers[voice.voice_id]),
            md.name(source),
            run.statements_of(str(voice.statements), voice.voice_id),
            *(_taken(run, voice, stances) for stances in (("supports", "both"), ("opposes", "both"), ("raises",))),
        ]
        for source, voices in by_source(run, shown).items()
        for voice in voices
    ]
    header = ["Voice", "Source", "Statements>", "For", "Against", "Only raised"]
    about = "Voices, their coded statements, and what each takes up, with the strength of the best that it says"
    alternative = f"{caption}. The table below has the same in words."
    table = md.table(header, rows, about, "tbl-voices", "[13,21,11,29,15,11]")
    return [md.figure("voices", caption, alternative), table]


def _taken(run: Run, voice: Voice, stances: tuple[str, ...]) -> str:
    """Name the hypotheses on which a voice takes one of the stances, with the strength of the best it says there."""
    return "; ".join(
        _named(run, voice.rows[i], stances[0]) for i in run.everything if _stance(voice.rows.get(i)) in stances
    )


def _stance(row: Any) -> str:
    return "" if row is None else stance_of(row)


def _named(run: Run, row: Any, side: str) -> str:
    link = run.link(row.hypothesis_id)
    if side == "raises":
        return link
    strength = md.decimal(row.best_for if side == "supports" else row.best_against)
    return f"{link} ({run.statements(strength, row.hypothesis_id, stance=side, voice=row.voice_id)})"
