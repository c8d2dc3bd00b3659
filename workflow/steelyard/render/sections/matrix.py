"""Section 4: expected observations by hypotheses, in the manner of competing hypotheses."""

from __future__ import annotations

import pandas as pd

from steelyard import tables
from steelyard.render import markdown as md
from steelyard.render.escape import entities
from steelyard.render.run import Run


def matrix(run: Run) -> str:
    """Compose the matrix as a picture, a table with one row an observation, and the hypotheses' inconsistency."""
    if not run.observations:
        return "The codebook names no expected observation."
    return md.join([*_pictures(run), _observations(run), _inconsistency(run)])


def _pictures(run: Run) -> list[str]:
    pictures, parts = [], len(run.matrix_parts)
    for number in range(1, parts + 1):
        caption = "How each expected observation would bear on each hypothesis it is rated for"
        caption += f" ({number} of {parts})" if parts > 1 else ""
        alternative = f"{caption}. An empty cell is unrated, which is not neutral. The table below names the ratings."
        pictures.append(md.figure(f"matrix-{number}", caption, alternative))
    return pictures


def _observations(run: Run) -> str:
    found = {row.observation_id: row for row in tables.records(run[tables.OBSERVATIONS])}
    cells = dict(iter(run[tables.MATRIX].groupby("observation_id")))
    rows = [
        [
            f"**{md.capital(identifier.replace('_', ' '))}.** {entities(observation.see)}",
            run.status(identifier),
            _named(run, cells[identifier], ("CC", "C")),
            _named(run, cells[identifier], ("II", "I")),
            _named(run, cells[identifier], ("N",)),
            md.decimal(found[identifier].diagnosticity, 0),
        ]
        for identifier, observation in run.observations.items()
    ]
    header = ["Expected observation", "Status", "Speaks for", "Speaks against", "Neutral", "Spread>"]
    caption = (
        "Expected observations: status, what they would speak for and against, and spread over the rated cells; a "
        "hypothesis that is not named is unrated"
    )
    return md.table(header, rows, caption, "tbl-matrix", "[29,11,16,16,21,7]")


def _named(run: Run, cells: pd.DataFrame, ratings: tuple[str, ...]) -> str:
    """Name the hypotheses with these ratings, the stronger rating first."""
    chosen = [c for rating in ratings for c in tables.records(cells[cells.rating == rating])]
    return ", ".join(f"{run.link(c.hypothesis_id)}&nbsp;({c.rating})" for c in chosen) or "–"


def _inconsistency(run: Run) -> str:
    frame = run[tables.INCONSISTENCY].sort_values(["inconsistency", "observed"], ascending=[True, False], kind="stable")
    rows = [
        [
            run.link(row.hypothesis_id),
            md.decimal(row.inconsistency, 1) if row.observed else "–",
            row.observed,
            row.rated,
        ]
        for row in tables.records(frame)
    ]
    header = ["Hypothesis", "Inconsistency>", "Told of, or sought in vain>", "Rated>"]
    caption = "Inconsistency with what the corpus tells of, and on how many of the rated observations that rests"
    return md.table(header, rows, caption, "tbl-inconsistency")
