"""Expected observations: their status, what finding out would tell, and the matrix of ratings (docs/method.md, 6)."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pandas as pd

from steelyard import vocabulary
from steelyard.codebook import Codebook, Observation
from steelyard.study import ExpectedObservations
from steelyard.tables import INCONSISTENCY, MATRIX, OBSERVATIONS

# Told of in the corpus, with a checked source or without.
SHOWN = ("documented", "claimed")
_SCALE = {"CC": 2, "C": 1, "N": 0, "I": -1, "II": -2}
_PRIORS = 17  # between the lowest and the highest, both included


def matrix(codebook: Codebook) -> pd.DataFrame:
    """Give the table weigh/matrix: each rated cell of observation x hypothesis, with its weight in decibans.

    A deciban is 10 log10 of the likelihood ratio (Good 1950): what seeing the observation would weigh.
    """
    return MATRIX.frame(
        [
            {
                "observation_id": observation.id,
                "hypothesis_id": hypothesis,
                "rating": bearing.rating,
                "p_seen_if_true": bearing.seen_if_true,
                "p_seen_if_false": bearing.seen_if_false,
                "decibans": 10 * math.log10(bearing.seen_if_true / bearing.seen_if_false),
            }
            for _, observation in codebook.observations
            for hypothesis, bearing in observation.bears_on.items()
        ]
    )


def information(prior: npt.ArrayLike, seen_if_true: float, seen_if_false: float) -> npt.NDArray[np.float64]:
    """Give the mutual information, in bits, between a hypothesis true or false and an observation seen or not seen.

    I = H(seen) - p H(seen | true) - (1 - p) H(seen | false), with H the entropy of yes or no (Shannon 1948).

    Args:
        prior: probability p of the hypothesis, in (0, 1); one or several.
        seen_if_true: probability of seeing the observation if the hypothesis is true, in (0, 1).
        seen_if_false: the same if it is false.
    """
    p = np.asarray(prior, dtype=float)
    seen = p * seen_if_true + (1 - p) * seen_if_false
    bits = _entropy(seen) - p * _entropy(np.asarray(seen_if_true)) - (1 - p) * _entropy(np.asarray(seen_if_false))
    return np.clip(bits, 0.0, 1.0)  # rounding may leave a tiny negative


def _entropy(p: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.asarray(-p * np.log2(p) - (1 - p) * np.log2(1 - p))


def observations(
    codebook: Codebook,
    sightings: pd.DataFrame,
    posts: pd.DataFrame,
    documented: set[str],
    config: ExpectedObservations,
) -> pd.DataFrame:
    """Give the table weigh/observations.

    Args:
        codebook: its expected observations all appear.
        sightings: accepted sightings (annotate/sightings).
        posts: statements of posts with their `echo_id`; sightings elsewhere do not count.
        documented: statements that cite a source which was checked and documents what they say.
        config: the prior, and the range it is varied over.
    """
    told = sightings.merge(posts[["statement_id", "echo_id"]], on="statement_id")
    told = told.assign(documented=told["statement_id"].isin(documented))
    rows = pd.DataFrame(
        [
            {
                "observation_id": observation.id,
                "hypothesis_id": owner.id,
                **_status(told[told["observation_id"] == observation.id]),
                "effort": observation.effort,
                "diagnosticity": _diagnosticity(observation),
            }
            for owner, observation in codebook.observations
        ]
    )
    if rows.empty:
        return OBSERVATIONS.empty()
    priors = np.append(np.linspace(config.prior_low, config.prior_high, _PRIORS), config.prior)
    bits = pd.DataFrame([_information(observation, priors) for _, observation in codebook.observations])
    worth = bits.div(rows["effort"], axis=0).where(rows["status"] != "documented")
    placed = worth.apply(tiers)
    return OBSERVATIONS.frame(
        rows.assign(
            information=bits.iloc[:, -1],
            information_low=bits.min(axis=1),
            information_high=bits.max(axis=1),
            worth=worth.iloc[:, -1],
            tier=placed.iloc[:, -1],
            tier_best=placed.min(axis=1),
            tier_worst=placed.max(axis=1),
        )
    )


def status(findings: set[str], *, documented: bool) -> vocabulary.Status:
    """Say how far an observation is settled.

    Args:
        findings: what linked statements say: seen, reported (by others), sought_not_found.
        documented: whether one that says seen or reported cites a checked source that documents it.
    """
    told = not findings.isdisjoint({"seen", "reported"})
    if "sought_not_found" in findings:
        return "contested" if told else "sought_not_found"
    if told:
        return "documented" if documented else "claimed"
    return "absent"


def tiers(worth: pd.Series) -> pd.Series:
    """Put the unsettled observations into three tiers by information per effort, best first; equals share a tier.

    Args:
        worth: bits per effort of each observation; missing where it is settled.
    """
    place = worth.round(9).rank(method="min", ascending=False)
    return (1 + (3 * (place - 1)) // max(worth.count(), 1)).astype("Int64")


def inconsistency(
    matrix: pd.DataFrame, observations: pd.DataFrame, hypotheses: list[str], config: ExpectedObservations
) -> pd.DataFrame:
    """Sum, for each hypothesis, what the corpus shows against it.

    An observation told of (documented or claimed) counts where it is rated I or II. One that was sought and not found
    counts where it is rated C or CC: it was expected. Contested and absent ones count nothing.

    Returns:
        The table weigh/inconsistency; every hypothesis appears. `observed` are the rated observations that were told of
        or sought and not found, `rated` are all (their ratio is the coverage).
    """
    cells = matrix.merge(observations[["observation_id", "status"]], on="observation_id")
    weak, strong = config.weak_inconsistency, config.strong_inconsistency
    shown, sought = cells.status.isin(SHOWN), cells.status == "sought_not_found"
    against_shown = cells.rating.map({"I": weak, "II": strong}).astype(float).where(shown, 0)
    against_sought = cells.rating.map({"C": weak, "CC": strong}).astype(float).where(sought, 0)
    counted = pd.DataFrame(
        {
            "inconsistency": against_shown.fillna(0) + against_sought.fillna(0),
            "observed": (shown | sought).astype(int),
            "rated": 1,
        }
    )
    sums = counted.groupby(cells.hypothesis_id).sum().reindex(hypotheses, fill_value=0)
    return INCONSISTENCY.frame(sums.rename_axis("hypothesis_id").reset_index())


def parting(matrix: pd.DataFrame, observations: pd.DataFrame, leader: str, runner_up: str) -> str | None:
    """Name the unsettled observation with the largest |log P(seen | leader) / P(seen | runner-up)|.

    Of equals the one of least effort, then the first in the alphabet. None where no unsettled one tells the two apart.
    """
    seen = matrix.pivot(index="observation_id", columns="hypothesis_id", values="p_seen_if_true")
    if leader not in seen or runner_up not in seen:
        return None
    rows = observations[observations.status != "documented"].set_index("observation_id")
    ratio = (np.log(seen[leader]) - np.log(seen[runner_up])).abs().round(9)
    rows = (
        rows.assign(ratio=ratio)
        .query("ratio > 0")
        .sort_values(["ratio", "effort"], ascending=[False, True], kind="stable")
    )
    return None if rows.empty else str(rows.index[0])


def _status(told: pd.DataFrame) -> dict[str, object]:
    seen = told[told.finding != "sought_not_found"]
    return {
        "status": status(set(told.finding), documented=bool(seen.documented.any())),
        "statements": told.echo_id.nunique(),
    }


def _information(observation: Observation, priors: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Give the largest information over the hypotheses that an observation bears on, in bits, at each prior."""
    bits = [information(priors, b.seen_if_true, b.seen_if_false) for b in observation.bears_on.values()]
    return np.asarray(np.max(bits, axis=0))


def _diagnosticity(observation: Observation) -> float:
    ratings = [_SCALE[bearing.rating] for bearing in observation.bears_on.values()]
    return float(max(ratings) - min(ratings)) if len(ratings) > 1 else math.nan
