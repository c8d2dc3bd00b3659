"""Three counts side by side, with the place that each gives."""

from __future__ import annotations

from steelyard.render import markdown as md
from steelyard.render.run import Run


def counts(run: Run) -> str:
    """Compose mentions, voices as printed and independent voices, and where their orders differ."""
    rows = []
    for identifier in sorted(run.everything, key=lambda i: run.weight(i).voices_place):
        weight = run.weight(identifier)
        cells = [
            f"{run.statements(str(weight[name]), identifier)} ({weight[f'{name}_place']})"
            for name in ("mentions", "speakers", "voices")
        ]
        rows.append([run.link(identifier), run.statements(md.percent(weight.said), identifier), *cells])
    header = ["Hypothesis", "Said>", "Mentions (place)>", "Voices as printed (place)>", "Independent voices (place)>"]
    caption = "Counts three ways: statements, voices as printed, and voices after echoes are joined; places among all"
    return md.join([_order(run), md.table(header, rows, caption, "tbl-counts")])


def _order(run: Run) -> str:
    """Say how far the three counts give one order, and where they differ most."""
    differ = run.summary["places_differ"]
    if differ == "0":
        return "The three give the same order."
    weights = [run.weight(i) for i in run.summary["places_differ_most"].split()]
    most = [
        f"{run.link(w.hypothesis_id)} (place {w.mentions_place} by mentions, {w.voices_place} by independent voices)"
        for w in weights
    ]
    these = f"{differ} of {md.count(len(run.hypotheses), 'hypothesis', 'hypotheses')}"
    furthest = f", most of all {md.listed(most)}" if most else ""
    return (
        f"The three give different orders: {these} have not the same place in all{furthest}. Many mentions by few "
        "voices are talk, not support: only independent voices enter a weight."
    )
