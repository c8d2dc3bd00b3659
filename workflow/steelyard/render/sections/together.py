"""Section 4, second part: which motives can hold together, as the codebook declares it."""

from __future__ import annotations

from steelyard import tables
from steelyard.render import markdown as md
from steelyard.render.run import Run

_COLUMNS = {
    "Can hold together with": ("compatible",),
    "Part of, or whole of": ("part_of", "has_part"),
    "Rivals": ("rival",),
    "Nothing declared": (None,),
}


def together(run: Run) -> str:
    """Compose what each motive is to each other one, and which can hold at once with the leader."""
    relations = {(row.hypothesis_id, row.other_id): row.relation for row in tables.records(run[tables.RELATIONS])}
    motives = run.ordered("motive")
    if not relations or len(motives) < 2:
        return "The codebook does not declare which motives can hold together."
    rows: list[list[md.Cell]] = []
    for one in motives:
        others = [other for other in motives if other != one]
        by_column = [[o for o in others if relations.get((one, o)) in kinds] for kinds in _COLUMNS.values()]
        rows.append([run.link(one), *(_which(run, chosen, others) for chosen in by_column)])
    table = md.table(["Motive", *_COLUMNS], rows, "Which motives can hold together", "tbl-together", "[18,22,18,24,18]")
    return md.join([_at_once(run), table])


def _at_once(run: Run) -> str:
    first, *others = run.summary.get("hold_together", "").split() or [""]
    if not others:
        return ""
    return (
        f"With {run.link(first)}, which comes first, these can all hold at once, taken in order of rank: "
        f"{md.listed([run.link(i) for i in others])}."
    )


def _which(run: Run, chosen: list[str], others: list[str]) -> str:
    """List hypotheses; where they are most of all others, by what the row's other cells leave."""
    if chosen == others:
        return "all others"
    if len(chosen) > len(others) / 2:
        return f"the {len(chosen)} others not named in this row"
    return ", ".join(run.link(i) for i in chosen) or "–"
