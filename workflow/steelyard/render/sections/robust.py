"""Section 6: how robust the ranking is."""

from __future__ import annotations

from steelyard import tables, vocabulary
from steelyard.render import markdown as md
from steelyard.render.run import Run

_DOUBTS = {
    "voices": "other voices of this kind",
    "strengths": "other strengths",
    "coding": "coding error",
    "document": "one document left out",
    "voice": "one voice left out",
    "kind": "one kind left out",
    "coder": "one coder left out",
    "all": "all at once",
}


def robust(run: Run) -> str:
    """Compose rank intervals under each doubt, and the counts three ways."""
    caption = "Rank of each motive and its interval with all doubts at once"
    return md.join(
        [
            md.figure("robustness", caption, f"{caption}. The table below has the figures."),
            _ranks(run),
            _counts(run),
        ]
    )


def _ranks(run: Run) -> str:
    by_key = {(row.hypothesis_id, row.doubt): row for row in tables.records(run[tables.ROBUSTNESS])}
    tried = [doubt for doubt in vocabulary.DOUBTS if any(doubt == key[1] for key in by_key)]
    rows = []
    for identifier in run.ordered("motive"):
        found = [by_key[identifier, doubt] for doubt in tried]
        ranks = [f"{row.rank_low:.0f}–{row.rank_high:.0f}" for row in found]
        rows.append([run.link(identifier), *ranks, md.percent(by_key[identifier, "all"].p_first)])
    header = ["Motive", *(_DOUBTS[doubt] for doubt in tried), "first, all at once>"]
    return md.table(
        header, rows, "Rank intervals under each doubt, and how often each motive is first", "tbl-robustness"
    )


def _counts(run: Run) -> str:
    weights = [run.weight(i) for role in vocabulary.ROLES for i in run.ordered(role)]
    rows = [[run.link(w.hypothesis_id), w.mentions, w.speakers, w.voices] for w in weights]
    header = ["Hypothesis", "Mentions>", "Voices as printed>", "Independent voices>"]
    caption = "Counts three ways: statements, voices as printed, and voices after echoes are joined"
    return md.table(header, rows, caption, "tbl-counts")
