"""Section 5: where evidence is missing, and what to find out next."""

from __future__ import annotations

from typing import Any

import pandas as pd

from steelyard import tables, vocabulary
from steelyard.render import markdown as md
from steelyard.render.escape import entities
from steelyard.render.run import Run

_QUOTED = 12  # of a selection
_TIERS = {1: "First", 2: "Then", 3: "Later"}
_EFFORTS = {1: "an afternoon", 2: "weeks", 3: "months"}


def missing(run: Run) -> str:
    """Compose the evidence map, the gaps by kind, what to find out next, and what the speakers themselves miss."""
    caption = (
        "Independent voices by hypothesis and kind of evidence, for or against; an empty box is a kind nobody offers"
    )
    return md.join(
        [
            md.figure("evidence-map", caption, f"{caption}. The table below has the numbers."),
            _voices(run),
            md.heading(2, "Gaps by kind", "sec-gaps"),
            _gaps(run),
            md.heading(2, "What to find out next", "sec-next"),
            _parting(run),
            _next(run),
            md.heading(2, "Gaps the speakers name", "sec-named-gaps"),
            _named_gaps(run),
            md.heading(2, "Motives the codebook does not name", "sec-other-motives"),
            _other_motives(run),
        ]
    )


def _voices(run: Run) -> str:
    kinds = [kind for kind in vocabulary.STRENGTH_KINDS if kind != "none"]
    counted = {(row.hypothesis_id, row.kind): row.voices for row in tables.records(run[tables.SHOWN_BY_KIND])}

    def cell(identifier: str, kind: str) -> str:
        voices = counted.get((identifier, kind), 0)
        return run.statements(str(voices), identifier, kind=kind) if voices else ""

    rows = [[run.link(i), *(cell(i, kind) for kind in kinds)] for i in run.everything]
    header = ["Hypothesis", *(f"{kind}>" for kind in kinds)]
    caption = "Independent voices that take a hypothesis up, by kind of evidence"
    return md.table(header, rows, caption, "tbl-evidence-map", "[19,10,10,12,11,7,10,9,12]")


def _gaps(run: Run) -> str:
    gaps = run[tables.GAPS]
    rows: list[list[md.Cell]] = []
    for kind in vocabulary.GAP_KINDS:
        chosen = gaps[gaps.gap_kind == kind]
        ids = [i for i in run.hypotheses if i in set(chosen.hypothesis_id)]
        rows.append([kind, len(ids), _which(run, ids)])
    return md.table(
        ["Gap", "Hypotheses>", "Which"],
        rows,
        "The eight kinds of gap, and the hypotheses that have them",
        "tbl-gaps",
        "[22,12,66]",
    )


def _which(run: Run, ids: list[str]) -> str:
    if len(ids) > 1 and len(ids) == len(run.hypotheses):
        return f"all {len(ids)}"
    return ", ".join(run.link(i) for i in ids) or "–"


def _parting(run: Run) -> str:
    leader, runner_up = run.summary.get("leader", ""), run.summary.get("runner_up", "")
    if not (leader and runner_up):
        return ""
    identifier = run.summary["parting_observation"]
    if not identifier:
        return (
            f"No unsettled observation of the codebook parts {run.link(leader)} from {run.link(runner_up)}: none is "
            "rated for both, or what is would be seen as likely if the one holds as if the other does. What would part "
            "the two has yet to be written down."
        )
    observation = run.observations[identifier]
    cells = run[tables.MATRIX].query("observation_id == @identifier").set_index("hypothesis_id").p_seen_if_true
    favoured, other = (leader, runner_up) if cells[leader] > cells[runner_up] else (runner_up, leader)
    return (
        f"**To part the first two**, {run.link(leader)} and {run.link(runner_up)}: {entities(observation.see)} Seen, "
        f"it "
        f"would speak for {run.link(favoured)}: the codebook expects it with a probability of "
        f"{md.decimal(cells[favoured])} if that holds, and of {md.decimal(cells[other])} if {run.link(other)} does. "
        f"Where to look: {entities(observation.where)}"
    )


def _next(run: Run) -> str:
    frame = run[tables.OBSERVATIONS]
    frame = frame[frame.tier.notna()].sort_values(["worth", "observation_id"], ascending=[False, True], kind="stable")
    if frame.empty:
        return "Every expected observation is settled." if run.observations else "The codebook names none."
    prior = md.decimal(run.study.method.observations.prior)
    bits = f"bits of information at a prior of {prior} (and over the priors tried), and bits for the effort"
    first, later = frame[frame.tier == 1], frame[frame.tier > 1]
    tables_ = [_observations(run, first, f"What to find out first: {bits}", "tbl-next")]
    if not later.empty:
        tables_.append(_observations(run, later, f"What to find out then, and later: {bits}", "tbl-later"))
    about = "**To learn most about all hypotheses for the effort**, what parts the first two may stand lower:"
    return md.join([about, *tables_])


def _observations(run: Run, frame: pd.DataFrame, caption: str, identifier: str) -> str:
    rows = [
        [
            _tier(row),
            entities(run.observations[row.observation_id].see),
            entities(run.observations[row.observation_id].where),
            run.link(row.hypothesis_id),
            f"{md.decimal(row.information)} ({md.decimal(row.information_low)} to {md.decimal(row.information_high)})",
            _EFFORTS[row.effort],
            md.decimal(row.worth),
        ]
        for row in tables.records(frame)
    ]
    header = ["Tier", "What one would see", "Where to look", "For", "Bits", "Effort", "For the effort>"]
    return md.table(header, rows, caption, identifier, "[9,30,25,13,10,9,8]")


def _tier(row: Any) -> str:
    """Say the tier, and between which tiers it moves over the priors tried."""
    if row.tier_best == row.tier_worst:
        return _TIERS[int(row.tier)]
    return f"{_TIERS[int(row.tier)]} ({_TIERS[int(row.tier_best)].lower()} to {_TIERS[int(row.tier_worst)].lower()})"


def _named_gaps(run: Run) -> str:
    traits = run[tables.TRAITS]
    ids = traits[traits.gap].statement_id
    return _quotations(run, set(ids), run.totals.gaps_named, "No speaker says that evidence is missing.")


def _other_motives(run: Run) -> str:
    codes = run[tables.CODES]
    codes = codes[codes.hypothesis_id == vocabulary.OTHER_MOTIVE]
    labels = {c.statement_id: c.label for c in tables.records(codes) if not pd.isna(c.label)}
    none = "No weighed statement was coded so."
    return _quotations(run, set(codes.statement_id), run.totals.other_motives, none, labels)


def _quotations(run: Run, ids: set[str], number: int, none: str, labels: dict[str, str] | None = None) -> str:
    """Quote statements of posts as they stand in the sources; of a selection the first, and say of how many."""
    passages = [p for i, p in run.passages.items() if i in ids and p.role == "post"]
    if not passages:
        return none
    if not run.is_whole:
        passages = sorted(passages, key=lambda p: run.turns[p.statement_id])[:_QUOTED]
    items = []
    for passage in sorted(passages, key=lambda p: (p.document_id, int(p.anchor.split("-")[1]))):
        label = (labels or {}).get(passage.statement_id)
        items.append(f"{entities(label)}: {passage.quotation()}" if label else passage.quotation())
    some = f"Quoted are {len(items)} of {number:,} statements:" if len(items) < number else ""
    return md.join([some, md.bullets(items)]) if some else md.bullets(items)
