"""Section 1: the answer in brief, or, where a study may not rank yet, why there is none."""

from __future__ import annotations

from typing import Any

import pandas as pd

from steelyard import tables
from steelyard.render import markdown as md
from steelyard.render.run import Run


def answer(run: Run) -> str:
    """Compose the first screen: a paragraph from the run's figures, a picture and a table of its figures."""
    return _ranking(run) if run.ranks else _map(run)


def _ranking(run: Run) -> str:
    caption = "Motives ranked by the evidence shown for them"
    order = md.listed([run.name(i) for i in run.ordered("motive")])
    alternative = f"{caption}, from most to least: {order}. The table below has the figures."
    return md.join(
        [
            " ".join(
                sentence for sentence in (_leader(run), _said_most(run), _contested(run), _nobody(run)) if sentence
            ),
            _how_sure(run),
            _equal_grades(run),
            md.figure("ranked", caption, alternative),
            _table(run),
        ]
    )


def _leader(run: Run) -> str:
    leader, runner_up = run.summary["leader"], run.summary["runner_up"]
    if not leader:
        return "**No motive has more evidence for it than against it.**"
    weight = run.weight(leader)
    sentence = (
        f"Best evidenced is **{run.link(leader)}**: strength {md.decimal(weight.shown)}, with {_sides(weight)}, "
        f"mostly by {_main_kind(run, leader)}."
    )
    if runner_up:
        sentence += f" Next comes {run.link(runner_up)} ({md.decimal(run.weight(runner_up).shown)})."
    return sentence


def _sides(weight: Any) -> str:
    against = md.number(weight.voices_against) if weight.voices_against else "none"
    return f"{md.count(weight.voices_for, 'voice')} for it and {against} against"


def _main_kind(run: Run, identifier: str) -> str:
    kinds = run[tables.SHOWN_BY_KIND]
    kinds = kinds[kinds.hypothesis_id == identifier].sort_values("shown_for", ascending=False, kind="stable")
    return str(kinds.kind.iloc[0])


def _said_most(run: Run) -> str:
    most = run.summary["most_said"]
    if not most:
        return "No voice takes any hypothesis up."
    weight = run.weight(most)
    taken = f"{md.number(weight.voices)} of {md.count(float(run.summary['voices']), 'independent voice')}"
    return f"Said most is {run.link(most)}: {taken} take it up ({md.percent(weight.said)})."


def _contested(run: Run) -> str:
    contested = run.summary["most_contested"]
    if not contested:
        return "No hypothesis has voices on both sides."
    return f"Most contested is {run.link(contested)} ({_sides(run.weight(contested))})."


def _nobody(run: Run) -> str:
    kinds = run[tables.SHOWN_BY_KIND]
    backed = set(kinds[(kinds.kind == "documented") & (kinds.shown_for > 0)].hypothesis_id)
    motives = run.ordered("motive")
    without = [i for i in motives if i not in backed]
    if len(without) == len(motives):
        return "**Nobody here backs any motive with a source that somebody has checked.**"
    if not without:
        return "Each motive has at least one documented item."
    return f"No documented item stands behind {md.listed([run.link(i) for i in without], 'or')}."


def _how_sure(run: Run) -> str:
    leader = run.summary["leader"]
    frame = run[tables.ROBUSTNESS]
    found = [row for row in tables.records(frame) if row.hypothesis_id == leader and row.doubt == "all"]
    if not found:
        return ""
    [row] = found
    low, high = md.decimal(row.rank_low, 0), md.decimal(row.rank_high, 0)
    place = f"in place {low}" if low == high else f"between places {low} and {high}"
    held = md.percent(run.study.method.robustness.interval)
    close = run.summary["close_race"] == "true"
    sure = (
        f"The order is {'not settled' if close else 'fairly settled'}: with all doubts at once {run.link(leader)} "
        f"comes first in {md.percent(row.p_first)} of the draws, and {place} in {held} of them."
    )
    if close:
        sure += " **The race is close: do not lean on who is first.**"
    return sure


def _equal_grades(run: Run) -> str:
    grade = run.summary["equal_grades"]
    if not grade:
        return ""
    text = (
        f"For every hypothesis, certainty that it is a reason is **{grade}**, as far as this corpus shows. "
        "The corpus shows what people argue, not what was decided."
    )
    return f'::: {{.callout-important title="Certainty"}}\n{text}\n:::'


def _table(run: Run) -> str:
    header = ["#>", "Motive", "Shown>", "Said>", "Supported by (interval)", "For>", "Against>", "Certainty"]
    rows = [_row(run, run.weight(identifier)) for identifier in run.ordered("motive")]
    caption = "Motives: what is shown, what is said, and who is for and against"
    return md.table(header, rows, caption, "tbl-ranked", "[4,26,9,8,25,7,9,12]")


def _row(run: Run, weight: Any) -> list[md.Cell]:
    interval = f"{md.percent(weight.balance)} ({md.percent(weight.balance_low)} to {md.percent(weight.balance_high)})"
    return [
        "–" if pd.isna(weight["rank"]) else int(weight["rank"]),
        run.link(weight.hypothesis_id),
        md.decimal(weight.shown),
        md.percent(weight.said),
        "–" if pd.isna(weight.balance) else interval,
        md.number(weight.voices_for),
        md.number(weight.voices_against),
        "–" if pd.isna(weight.certainty) else weight.certainty,
    ]


def _map(run: Run) -> str:
    weights = sorted((run.weight(i) for i in run.hypotheses), key=lambda weight: -weight.said)
    rows = [[run.link(w.hypothesis_id), md.percent(w.said), w.voices, w.mentions] for w in weights]
    why = (
        f"{md.capital(run.summary['form_reason'])} So this report is a map: what is said, by how many voices, in which "
        "words, and where evidence is missing. It gives no balance, no rank and no verdict."
    )
    step = (
        "The next step is to read a sample of the statements and to record codes for them (see docs/configuration.md, "
        "coders of type `recorded`)."
    )
    alternative = "Hypotheses by the share of independent voices that take them up. The table below has the figures."
    return md.join(
        [
            f'::: {{.callout-important title="A map, not a ranking"}}\n{why}\n\n{step}\n:::',
            _said_most(run),
            md.figure("said", "Hypotheses by the voices that take them up", alternative),
            md.table(
                ["Hypothesis", "Said>", "Voices>", "Mentions>"], rows, "What is said, as it was coded", "tbl-said"
            ),
        ]
    )
