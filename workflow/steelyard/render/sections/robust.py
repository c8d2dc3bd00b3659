"""Section 6: how robust the ranking is."""

from __future__ import annotations

from steelyard import tables, vocabulary
from steelyard.render import markdown as md
from steelyard.render.run import Run
from steelyard.render.words import DOUBTS

_CANNOT = {
    "coding": "no error was measured for the coders whose codes count here",
    "document": "there is one document only",
    "voice": "there is one voice only",
    "kind": "there is one kind of evidence only",
    "coder": "all codes that count here are one coder's",
}


def robust(run: Run) -> str:
    """Compose rank intervals under each doubt, and the counts three ways."""
    if run[tables.ROBUSTNESS].empty:
        return md.join(["No motive is taken up, so there is no order to doubt.", _counts(run)])
    caption = "Rank of each motive and its interval when the random doubts are put together"
    picture = md.figure("robustness", caption, f"{caption}. The table below has the figures.")
    return md.join([_put(run), picture, _ranks(run), _counts(run)])


def _put(run: Run) -> str:
    """Say which doubts were put, and which could not be and why."""
    found = set(run[tables.ROBUSTNESS].doubt)
    put = [DOUBTS[doubt] for doubt in DOUBTS if doubt in found]
    sentences = [f"Doubts put: {md.listed(put)}."]
    sentences += [f"Not put: {DOUBTS[doubt]}, as {why}." for doubt, why in _CANNOT.items() if doubt not in found]
    return " ".join(sentences)


def _ranks(run: Run) -> str:
    by_key = {(row.hypothesis_id, row.doubt): row for row in tables.records(run[tables.ROBUSTNESS])}
    tried = [doubt for doubt in vocabulary.DOUBTS if any(doubt == key[1] for key in by_key)]
    rows = []
    for identifier in run.ordered("motive"):
        found = [by_key[identifier, doubt] for doubt in tried]
        ranks = [f"{row.rank_low:.0f}–{row.rank_high:.0f}" for row in found]
        rows.append([run.link(identifier), *ranks, md.percent(by_key[identifier, "all"].p_first)])
    header = ["Motive", *(DOUBTS.get(doubt, "random doubts together") for doubt in tried), "first, together>"]
    return md.table(
        header, rows, "Rank intervals under each doubt, and how often each motive is first", "tbl-robustness"
    )


def _counts(run: Run) -> str:
    weights = [run.weight(i) for i in run.everything]
    rows = [[run.link(w.hypothesis_id), w.mentions, w.speakers, w.voices] for w in weights]
    header = ["Hypothesis", "Mentions>", "Voices as printed>", "Independent voices>"]
    caption = "Counts three ways: statements, voices as printed, and voices after echoes are joined"
    return md.table(header, rows, caption, "tbl-counts")
