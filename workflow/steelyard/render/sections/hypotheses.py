"""Section 3: one section a hypothesis, all of the same form."""

from __future__ import annotations

import pandas as pd

from steelyard import tables
from steelyard.codebook import Hypothesis
from steelyard.render import markdown as md
from steelyard.render.escape import entities
from steelyard.render.run import Run

_ROLES = {"motive": "Motives", "condition": "Conditions", "about_the_set": "About the set"}
_INTRODUCTIONS = {
    "motive": "Reasons a lab could have. Only these are ranked against one another.",
    "condition": "Circumstances that make openness possible or necessary, whatever the motive.",
    "about_the_set": "What is said about the motives as a whole.",
}


def hypotheses(run: Run) -> str:
    """Compose the sections of all hypotheses: motives, ranked, then conditions, then what is said about the set."""
    blocks = []
    for role, title in _ROLES.items():
        ids = run.ordered(role)
        if ids:
            blocks += [md.heading(2, title, f"sec-role-{role.replace('_', '-')}"), _INTRODUCTIONS[role]]
            blocks += [_section(run, run.hypotheses[identifier]) for identifier in ids]
    return md.join(blocks)


def _section(run: Run, hypothesis: Hypothesis) -> str:
    return md.join(
        [
            md.heading(3, entities(hypothesis.name), run.section_id(hypothesis.id)),
            f"*{entities(hypothesis.claim)}*",
            _verdict(run, hypothesis.id),
            _kinds(run, hypothesis.id),
            _part(run, hypothesis.id, "for", "Strongest statements for it", _quotes(run, hypothesis.id, "supports")),
            _part(
                run, hypothesis.id, "against", "Strongest statements against it", _quotes(run, hypothesis.id, "opposes")
            ),
            _part(run, hypothesis.id, "certainty", "Certainty", _certainty(run, hypothesis.id)),
            _part(run, hypothesis.id, "settle", "What would settle it", _settling(run, hypothesis)),
            f"**Rivals:** {md.listed([run.link(i) for i in hypothesis.rivals])}." if hypothesis.rivals else "",
        ]
    )


def _part(run: Run, identifier: str, name: str, title: str, body: str) -> str:
    """Give a part of a section under a heading of its own; nothing where it has no body."""
    section = f"{run.section_id(identifier)}-{name}"
    return md.join([md.heading(4, title, section, classes=".unnumbered .unlisted"), body]) if body else ""


def _verdict(run: Run, identifier: str) -> str:
    weight = run.weight(identifier)
    if weight.voices == 0:
        return "**No voice takes it up.**"
    takes = "takes" if weight.voices == 1 else "take"
    voices = f"{md.count(weight.voices, 'independent voice')} of {run.summary['voices']}"
    taken = f"{voices} {takes} it up ({md.percent(weight.said)})"
    counts = f"{md.count(weight.mentions, 'mention')}, {md.count(weight.speakers, 'voice')} as printed"
    if pd.isna(weight.balance):
        return f"**{md.capital(taken)}** ({counts})."
    interval = f"{md.percent(weight.balance_low)} to {md.percent(weight.balance_high)}"
    sides = (
        f"{md.number(weight.voices_for)} for and {md.number(weight.voices_against)} against; "
        f"supported by {md.percent(weight.balance)} of them, interval {interval}"
    )
    rank = "" if pd.isna(weight["rank"]) else f"Rank {int(weight['rank'])}. "
    return f"**{rank}{md.capital(taken)}**: {sides} ({counts}). Evidence shown: {md.decimal(weight.shown)}."


def _kinds(run: Run, identifier: str) -> str:
    kinds = run[tables.SHOWN_BY_KIND]
    kinds = kinds[(kinds.hypothesis_id == identifier) & (kinds.voices > 0)].sort_values(
        "voices", ascending=False, kind="stable"
    )
    if kinds.empty:
        return ""
    listed = [f"{kind} ({md.count(voices, 'voice')})" for kind, voices in zip(kinds.kind, kinds.voices, strict=True)]
    return f"Kinds of evidence offered: {md.listed(listed)}."


def _quotes(run: Run, identifier: str, stance: str) -> str:
    evidence = run[tables.EVIDENCE]
    chosen = evidence[(evidence.hypothesis_id == identifier) & (evidence.stance == stance)]
    # One quote a voice, the strongest first; where strength is equal, the order of the documents.
    chosen = chosen.assign(start=chosen.statement_id.map(run[tables.STATEMENTS].set_index("statement_id").start))
    chosen = chosen.sort_values(["strength", "document_id", "start"], ascending=[False, True, True], kind="stable")
    chosen = chosen.drop_duplicates("voice_id").head(run.study.report.quotes)
    if chosen.empty:
        return ""
    items = [
        f"{run.passages[e.statement_id].quotation()} ({e.kind}{', hedged' if e.hedged else ''})"
        for e in tables.records(chosen)
    ]
    return md.bullets(items)


def _certainty(run: Run, identifier: str) -> str:
    weight = run.weight(identifier)
    if pd.isna(weight.certainty):
        return ""
    steps = [] if pd.isna(weight.reasons) else weight.reasons.splitlines()
    sentence = f"That it is a reason, as far as this corpus shows: **{weight.certainty}**."
    return f"{sentence}\n\n{md.bullets(steps)}" if steps else sentence


def _settling(run: Run, hypothesis: Hypothesis) -> str:
    if not hypothesis.observations:
        return ""
    status = run[tables.OBSERVATIONS].set_index("observation_id").status
    items = [
        f"{entities(o.see)} *{_status(status[o.id])}* Where to look: {entities(o.where)}"
        for o in hypothesis.observations
    ]
    return md.bullets(items)


def _status(status: str) -> str:
    words = {
        "documented": "(documented)",
        "claimed": "(claimed, without a source)",
        "contested": "(contested)",
        "sought_not_found": "(looked for and not found)",
        "absent": "(nobody speaks of it)",
    }
    return words[status]
