"""Whether a study may rank, or draws a map only (docs/method.md, 4)."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from steelyard import vocabulary
from steelyard.aggregate.evidence import posts

# Coders that read what they code; a program goes by words.
READERS = ("human", "language_model")


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


def report_form(
    codes: pd.DataFrame, traits: pd.DataFrame, statements: pd.DataFrame, utterances: pd.DataFrame, needed: int
) -> ReportForm:
    """Rank once enough statements were read by people or a language model, with both stances among them.

    Args:
        codes: accepted codes (annotate/codes).
        traits: accepted traits (annotate/traits); their origin tells who read a statement.
        statements: all statements.
        utterances: all utterances; only posts count.
        needed: fewest read statements of a ranking.
    """
    post = posts(statements, utterances)
    read = post.echo_id[post.statement_id.isin(traits.statement_id[traits.origin.isin(READERS)])].nunique()
    stances = set(codes.stance[codes.origin.isin(READERS) & codes.statement_id.isin(post.statement_id)])
    were = "1 statement was" if read == 1 else f"{read} statements were"
    so_far = f"{were} read by a person or a language model"
    if read < needed:
        return ReportForm("map", f"{so_far}; a ranking needs at least {needed}.", read)
    for stance in ("supports", "opposes"):
        if stance not in stances:
            return ReportForm(
                "map", f"{so_far}, but nothing read {stance} a hypothesis; a ranking needs both sides.", read
            )
    return ReportForm(
        "ranking", f"{so_far} (a ranking needs at least {needed}), with both sides in what was read.", read
    )
