"""The ledger: what each independent voice offers for and against each hypothesis (docs/method.md, 3)."""

from __future__ import annotations

import pandas as pd

from steelyard.tables import LEDGER
from steelyard.vocabulary import STRENGTH_KINDS

_KEY = ["voice_id", "hypothesis_id"]


def ledger(evidence: pd.DataFrame) -> pd.DataFrame:
    """Keep, within each voice, only its best statement for a hypothesis and its best against it.

    So a voice adds at most 1 however long it talks. `raises` adds nothing, and does not take a hypothesis up.

    Args:
        evidence: the table aggregate/evidence.

    Returns:
        The table aggregate/ledger, one row a voice and hypothesis it mentions. Echoes count as one statement.
    """
    if evidence.empty:
        return LEDGER.empty()
    sides = evidence.assign(supports=evidence.stance == "supports", opposes=evidence.stance == "opposes").groupby(_KEY)
    rows = sides.agg(supports=("supports", "any"), opposes=("opposes", "any"), statements=("echo_id", "nunique"))
    rows["takes_up"] = rows.supports | rows.opposes
    rows[["best_for", "kind_for"]] = _best(evidence[evidence.stance == "supports"])
    rows[["best_against", "kind_against"]] = _best(evidence[evidence.stance == "opposes"])
    return LEDGER.frame(rows.fillna({"best_for": 0.0, "best_against": 0.0}).reset_index())


def _best(evidence: pd.DataFrame) -> pd.DataFrame:
    """Give strength and kind of each voice's strongest row; of equals, the kind that stands last in the vocabulary."""
    order = evidence.assign(order=evidence.kind.map(STRENGTH_KINDS.index))
    return order.sort_values(["strength", "order"]).groupby(_KEY)[["strength", "kind"]].last()
