"""Which hypotheses can hold together, as the codebook declares it (docs/method.md, 6)."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from steelyard.codebook import Codebook
from steelyard.tables import RELATIONS

# Relations of two hypotheses that may both hold.
TOGETHER = ("compatible", "part_of", "has_part")


def relations(codebook: Codebook) -> pd.DataFrame:
    """Give the table weigh/relations."""
    return RELATIONS.frame(
        [
            {"hypothesis_id": one, "other_id": other, "relation": relation}
            for (one, other), relation in codebook.relations.items()
        ]
    )


def hold_together(relations: pd.DataFrame, motives: Sequence[str]) -> list[str]:
    """Give the motives that can all hold together, beginning with the first.

    Each is taken in order if it is compatible with, part of, or a whole of every one that was taken before; a pair of
    which nothing is declared is not taken together.

    Args:
        relations: the table weigh/relations.
        motives: ids, the best ranked first.
    """
    chosen = relations[relations.relation.isin(TOGETHER)]
    pairs = set(zip(chosen.hypothesis_id, chosen.other_id, strict=True))
    taken: list[str] = []
    for motive in motives:
        if all((motive, other) in pairs for other in taken):
            taken.append(motive)
    return taken
