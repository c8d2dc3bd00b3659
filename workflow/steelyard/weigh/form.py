"""Whether a study may rank, or draws a map only (docs/method.md, 4)."""

from __future__ import annotations

from dataclasses import dataclass

from steelyard import vocabulary
from steelyard.aggregate.counts import Counts


@dataclass(frozen=True)
class ReportForm:
    """The form of a study's report, and why.

    Args:
        form: ranking or map.
        reason: why, as a sentence.
        read_statements: statements of posts that somebody read, echoes once.
    """

    form: vocabulary.Form
    reason: str
    read_statements: int


def report_form(counts: Counts, needed: int) -> ReportForm:
    """Rank once enough statements were read by people or a language model, with both stances among them.

    Args:
        counts: of the corpus; only posts count.
        needed: fewest read statements of a ranking.
    """
    read = counts.read_statements
    were = "1 statement was" if read == 1 else f"{read} statements were"
    so_far = f"{were} read by a person or a language model"
    if read < needed:
        return ReportForm("map", f"{so_far}; a ranking needs at least {needed}.", read)
    for stance, codes in (("supports", counts.read_supports), ("opposes", counts.read_opposes)):
        if not codes:
            return ReportForm(
                "map", f"{so_far}, but nothing read {stance} a hypothesis; a ranking needs both sides.", read
            )
    return ReportForm(
        "ranking", f"{so_far} (a ranking needs at least {needed}), with both sides in what was read.", read
    )
