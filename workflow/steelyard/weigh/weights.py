"""The ledger becomes weights: what is said, shown and disputed, how certain it is, and what is expected to be seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from steelyard.aggregate.counts import Counts
from steelyard.codebook import Codebook
from steelyard.study import Method
from steelyard.tables import HYPOTHESES, SHOWN_BY_KIND
from steelyard.weigh import balance, observations
from steelyard.weigh.certainty import certainties, resting_on
from steelyard.weigh.form import report_form
from steelyard.weigh.independent import fewest_documents, printed_in, taken_up
from steelyard.weigh.relations import relations

# What a map does not tell.
_WITHHELD = ("rank", "balance", "balance_low", "balance_high", "shown", "better_shown", "certainty", "reasons")


@dataclass(frozen=True)
class Weights:
    """The tables of rule weigh, each under its own name."""

    hypotheses: pd.DataFrame
    shown_by_kind: pd.DataFrame
    observations: pd.DataFrame
    matrix: pd.DataFrame
    inconsistency: pd.DataFrame
    relations: pd.DataFrame


def weigh(
    *,
    evidence: pd.DataFrame,
    ledger: pd.DataFrame,
    sightings: pd.DataFrame,
    prints: pd.DataFrame,
    counts: Counts,
    codebook: Codebook,
    method: Method,
) -> Weights:
    """Weigh every hypothesis of the codebook.

    Where too little was read to rank, balance, rank, what is shown and certainty are withheld (null).

    Args:
        evidence: the table aggregate/evidence.
        ledger: the table aggregate/ledger.
        sightings: the table annotate/sightings.
        prints: the table aggregate/prints.
        counts: the table aggregate/counts.
        codebook: hypotheses and expected observations.
        method: the constants.
    """
    documented, independent = (set(prints["statement_id"][prints[name]]) for name in ("documented", "independent"))
    shown_by_kind = balance.by_kind(evidence, ledger, codebook)
    hypotheses = certainties(
        balance.quantities(evidence, ledger, counts.voices, codebook, method.balance),
        shown_by_kind,
        evidence,
        _documents(evidence, prints),
        resting_on(evidence, independent),
        method.certainty,
    )
    hypotheses["documented"] = hypotheses.hypothesis_id.isin(resting_on(evidence, documented))
    if report_form(counts, method.ranking.read_statements).form == "map":
        hypotheses = hypotheses.assign(**dict.fromkeys(_WITHHELD, np.nan))
        shown_by_kind = shown_by_kind.assign(shown_for=np.nan, shown_against=np.nan)
    matrix = observations.matrix(codebook)
    posts = prints[prints["is_post"]]
    expected = observations.observations(codebook, sightings, posts, documented, method.observations)
    return Weights(
        HYPOTHESES.frame(hypotheses),
        SHOWN_BY_KIND.frame(shown_by_kind),
        expected,
        matrix,
        observations.inconsistency(matrix, expected, codebook.ids, method.observations),
        relations(codebook),
    )


def _documents(evidence: pd.DataFrame, prints: pd.DataFrame) -> pd.Series:
    """Count, for each hypothesis, the documents in which it is taken up."""
    rows = taken_up(evidence, prints)
    return printed_in(rows, prints).groupby(rows["hypothesis_id"]).agg(fewest_documents)
