"""Evidence with its echoes joined, in an order that no id has a part in."""

from __future__ import annotations

from collections import Counter

import pandas as pd

from steelyard.codebook import Codebook
from steelyard.vocabulary import STRENGTH_KINDS


def taken_up(evidence: pd.DataFrame, prints: pd.DataFrame) -> pd.DataFrame:
    """Give the evidence that supports or opposes, with echoes joined.

    What repeats a statement is one with it, and of several codes with one stance the strongest stays. Each row has the
    document and the start of what it repeats, so that an echo stands and falls with its original.

    Args:
        evidence: the table aggregate/evidence.
        prints: the table aggregate/prints.

    Returns:
        Evidence, one row an original statement, hypothesis and stance, with the column `start` added.
    """
    original = prints.set_index("statement_id")[["document_id", "start"]]
    rows = evidence[evidence["stance"] != "raises"].drop(columns="document_id").join(original, on="echo_id")
    rows = rows.assign(order=rows["kind"].map(STRENGTH_KINDS.index).astype(int))
    rows = rows.sort_values(["strength", "order", "hedged", "coder"], ascending=[False, False, True, True])
    return rows.drop_duplicates(["echo_id", "hypothesis_id", "stance"]).drop(columns="order")


def printed_in(rows: pd.DataFrame, prints: pd.DataFrame, documents: pd.Series | None = None) -> pd.Series:
    """Give the documents in which each row's statement is printed, its echoes included, as sets.

    Args:
        rows: as `taken_up` gives them.
        prints: the table aggregate/prints.
        documents: what counts as one document, by id; the ids themselves if not given.
    """
    place = prints["document_id"] if documents is None else prints["document_id"].map(documents)
    return rows["echo_id"].map(place.groupby(prints["echo_id"]).agg(frozenset))


def fewest_documents(printed: pd.Series) -> int:
    """Count the documents that it takes to hold all statements.

    What is printed in several documents is held by any of them, so that nothing hangs on which print is taken for the
    original. Chosen greedily, the one that holds most first.

    Args:
        printed: the documents of each statement, as `printed_in` gives them.
    """
    left = set(printed)
    number = 0
    while left:
        holds = Counter(document for documents in left for document in documents)
        most, _ = min(holds.items(), key=lambda item: (-item[1], item[0]))
        left = {documents for documents in left if most not in documents}
        number += 1
    return number


def in_order(rows: pd.DataFrame, documents: pd.DataFrame, hypotheses: list[str]) -> pd.DataFrame:
    """Sort rows of `taken_up` by document (digest, path), place in it, hypothesis (the codebook's order) and stance."""
    rows = rows.join(documents.set_index("document_id")[["sha256", "path"]], on="document_id")
    rows = rows.assign(place=rows["hypothesis_id"].map(hypotheses.index).astype(int))
    return rows.sort_values(["sha256", "path", "start", "place", "stance"], ignore_index=True)


def ranked(hypotheses: pd.DataFrame, codebook: Codebook) -> list[str]:
    """Give the ids of the hypotheses that have a rank in weigh/hypotheses, in the codebook's order."""
    found = set(hypotheses["hypothesis_id"][hypotheses["rank"].notna()])
    return [hypothesis for hypothesis in codebook.ids if hypothesis in found]
