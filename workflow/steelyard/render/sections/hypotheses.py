"""Section 3: one section a hypothesis, all of the same form."""

from __future__ import annotations

from typing import Any

import pandas as pd

from steelyard import tables
from steelyard.codebook import Hypothesis
from steelyard.render import markdown as md
from steelyard.render.escape import entities
from steelyard.render.run import Run
from steelyard.render.words import FEW_VOICES, RELATIONS, ROLES
from steelyard.vocabulary import GAP_KINDS

_INTRODUCTIONS = {
    "motive": "Rival explanations; only these are ranked against one another.",
    "condition": "Circumstances that make it possible or necessary, whichever explanation holds.",
    "about_the_set": "What is said about the explanations as a whole.",
}

_HALF = 0.5
_MOST_NAMED = 6  # more hypotheses that can hold together with one are counted, not named


def hypotheses(run: Run) -> str:
    """Compose the sections of all hypotheses: motives, ranked, then conditions, then what is said about the set."""
    blocks = []
    for role, title in ROLES.items():
        ids = run.ordered(role)
        if ids:
            blocks += [md.heading(2, title, f"sec-role-{role.replace('_', '-')}"), _INTRODUCTIONS[role]]
            blocks += [_section(run, run.hypotheses[identifier]) for identifier in ids]
    return md.join(blocks)


def _section(run: Run, hypothesis: Hypothesis) -> str:
    strongest = "Strongest statements" if run.ranks else "Statements"
    return md.join(
        [
            md.heading(3, entities(hypothesis.name), run.section_id(hypothesis.id)),
            f"*{entities(hypothesis.claim)}*",
            _verdict(run, hypothesis.id),
            _kinds(run, hypothesis.id),
            _part(run, hypothesis.id, "for", f"{strongest} for it", _quotes(run, hypothesis.id, "supports")),
            _part(run, hypothesis.id, "against", f"{strongest} against it", _quotes(run, hypothesis.id, "opposes")),
            _part(run, hypothesis.id, "certainty", "Certainty", _certainty(run, hypothesis.id)),
            _part(run, hypothesis.id, "missing", "What is missing", _missing(run, hypothesis.id)),
            _part(run, hypothesis.id, "settle", "What would settle it", _settling(run, hypothesis)),
            _related(run, hypothesis.id),
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
    voices = run.statements(md.count(weight.voices, "independent voice"), identifier)
    taken = f"{voices} of {run.summary['voices']} {takes} it up ({run.statements(md.percent(weight.said), identifier)}"
    mentions = run.statements(md.count(weight.mentions, "mention"), identifier)
    counts = f"{mentions}, {run.statements(md.count(weight.speakers, 'voice'), identifier)} as printed"
    if pd.isna(weight.balance):
        return f"**{taken}; {counts})**."
    rank = "" if pd.isna(weight["rank"]) else f"Rank {int(weight['rank'])}{_shared(run, weight)}. "
    shown = f"Evidence shown: {run.statements(md.decimal(weight.shown), identifier)}."
    return f"**{rank}{taken})**: {_for_and_against(run, weight)} ({counts}). {shown}"


def _shared(run: Run, weight: Any) -> str:
    return " (shared)" if (run.weights["rank"] == weight["rank"]).sum() > 1 else ""


def _for_and_against(run: Run, weight: Any) -> str:
    """Say who is for and against; a share and an interval only where there are voices enough to speak of one."""
    if weight.voices == 1 and weight.voices_for == weight.voices_against:
        return "one voice, on both sides"
    supporting = run.statements(md.number(weight.voices_for), weight.hypothesis_id, stance="supports")
    opposing = run.statements(md.number(weight.voices_against), weight.hypothesis_id, stance="opposes")
    sides = f"{supporting} for and {opposing} against"
    if weight.voices < FEW_VOICES:
        return sides
    interval = f"{md.percent(weight.balance_low)} to {md.percent(weight.balance_high)}"
    wide = ", which leaves open which side has more" if weight.balance_low < _HALF < weight.balance_high else ""
    supported = run.statements(md.percent(weight.balance), weight.hypothesis_id)
    return f"{sides}; supported by {supported} of them, interval {interval}{wide}"


def _kinds(run: Run, identifier: str) -> str:
    kinds = run[tables.SHOWN_BY_KIND]
    kinds = kinds[(kinds.hypothesis_id == identifier) & (kinds.voices > 0)].sort_values(
        "voices", ascending=False, kind="stable"
    )
    if kinds.empty:
        return ""
    listed = [
        f"{k.kind} ({run.statements(md.count(k.voices, 'voice'), identifier, kind=k.kind)})"
        for k in tables.records(kinds)
    ]
    several = "; a voice may offer several" if kinds.voices.sum() > run.weight(identifier).voices else ""
    return f"Kinds of evidence offered, for or against: {md.listed(listed)}{several}."


def _quotes(run: Run, identifier: str, stance: str) -> str:
    evidence = run[tables.EVIDENCE]
    chosen = evidence[(evidence.hypothesis_id == identifier) & (evidence.stance == stance)]
    # One quote a voice: the strongest; of equals one that names the question's subject, then the one that bears on
    # fewest hypotheses, then the original before its echoes, then the first in the text, or of a selection in that.
    chosen = chosen.assign(
        start=chosen.statement_id.map(run[tables.STATEMENTS].set_index("statement_id").start),
        elsewhere=~chosen.echo_id.isin(run.on_subject),
        shared=chosen.statement_id.map(evidence.statement_id.value_counts()),
        repeats=chosen.statement_id != chosen.echo_id,
        turn=[run.turns.get(name, 0) for name in chosen.statement_id],
    )
    order = ["strength", "elsewhere", "shared", "repeats", "turn", "document_id", "start"]
    chosen = chosen.sort_values(order, ascending=[False] + [True] * 6, kind="stable")
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
    claim = "it is a reason" if weight.role == "motive" else "it holds"
    sentence = f"That {claim}, as far as this corpus shows: **{run.statements(weight.certainty, identifier)}**."
    return f"{sentence}\n\n{md.bullets(steps)}" if steps else sentence


def _missing(run: Run, identifier: str) -> str:
    """List its gaps in words; what was not looked for stands with what would settle it."""
    gaps = run[tables.GAPS].query("hypothesis_id == @identifier and gap_kind != 'not looked for'")
    gaps = gaps.sort_values("gap_kind", key=lambda kinds: kinds.map(GAP_KINDS.index), kind="stable")
    kinds = [run.statements(md.capital(kind), identifier) for kind in gaps.gap_kind]
    items = [f"{kind}: {entities(detail)}" for kind, detail in zip(kinds, gaps.detail, strict=True)]
    return md.bullets(items) if items else ""


def _settling(run: Run, hypothesis: Hypothesis) -> str:
    if not hypothesis.observations:
        return ""
    items = [
        f"{entities(o.see)} *{md.capital(run.status(o.id))}.* Where to look: {entities(o.where)}"
        for o in hypothesis.observations
    ]
    return md.bullets(items)


def _related(run: Run, identifier: str) -> str:
    """Compose what can hold together with a hypothesis and what competes with it, as the codebook declares it."""
    frame = run[tables.RELATIONS].query("hypothesis_id == @identifier")
    relations = dict(zip(frame.other_id, frame.relation, strict=True))
    others = {kind: [run.link(i) for i in run.everything if relations.get(i) == kind] for kind in RELATIONS}
    undeclared = [run.link(i) for i in run.everything if i != identifier and i not in relations]
    if len(others["compatible"]) > _MOST_NAMED:
        most = f"the {len(others['compatible'])} others"
        others["compatible"] = [f"{most} (nothing is declared of {md.listed(undeclared)})" if undeclared else most]
    return " ".join(f"**{title}:** {md.listed(others[kind])}." for kind, title in RELATIONS.items() if others[kind])
