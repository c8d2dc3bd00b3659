"""The ranking under all random doubts at once, beside a plain loop that makes one draw after the other."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import weighing

from ratios import Ratio, in_turns, studies
from steelyard.codebook import Codebook
from steelyard.loaded_study import LoadedStudy
from steelyard.study import Method
from steelyard.vocabulary import RANDOM_DOUBTS, STRENGTH_KINDS
from steelyard.weigh.coding_error import ErrorRates
from steelyard.weigh.independent import in_order, ranked, taken_up
from steelyard.weigh.items import Floats, Integers, Items
from steelyard.weigh.robustness import _draws, first_places

# The ends of the scale of kinds that a coder may give a claim.
NOT_MISTAKEN = (STRENGTH_KINDS.index("assertion"), STRENGTH_KINDS.index("statistic"))


def ratios() -> list[Ratio]:
    """Rank the motives of the default study, and of codes made at random."""
    study = LoadedStudy(weighing.PROJECT / "config.yaml")
    with tempfile.TemporaryDirectory() as folder:
        results = Path("results") / study.config.study
        studies.snakemake(Path(folder), *(f"{results / door.name}.parquet" for door in weighing.DOORS))
        default = weighing.shipped(folder / results)
    large = weighing.random(study, default["annotate/quality"], default["weigh/hypotheses"])
    return [
        _ratio(what, given, study.codebook, study.config.method, rounds)
        for what, given, rounds in (("the default study", default, 5), ("codes made at random", large, 3))
    ]


def _ratio(what: str, given: dict[str, pd.DataFrame], codebook: Codebook, method: Method, rounds: int) -> Ratio:
    motives = ranked(given["weigh/hypotheses"], codebook)
    rows = taken_up(given["aggregate/evidence"], given["ingest/statements"])
    rows = in_order(rows[rows.hypothesis_id.isin(motives)], given["ingest/documents"], codebook.ids)
    items = Items.of(rows, motives)
    rates = ErrorRates.of(given["annotate/quality"], items.coders, method.robustness.error_prior)

    def fast() -> Floats:
        return first_places(_draws("all", [*RANDOM_DOUBTS], items, rates, method))

    def plain() -> Floats:
        return first_places(np.array(list(loop(items, rates, method))))

    apart = float(np.abs(fast() - plain()).max())
    draws = method.robustness.draws
    return Ratio(
        f"{draws} draws of the ranking under all random doubts",
        f"a loop in NumPy {np.__version__}, one draw after the other",
        1.0,
        *in_turns(fast, plain, rounds),
        f"{what}: {len(items.voice)} items of {items.voice.max() + 1} voices, {len(motives)} motives",
        f"the same draws in distribution; shares of first places differ by at most {apart:.3f}"
        f" (by chance up to about {3 * np.sqrt(0.5 / draws):.3f})",
    )


def loop(items: Items, rates: ErrorRates, method: Method) -> Iterator[Floats]:
    """Give what is shown for each motive, draw by draw: weights of voices, strengths, and errors of coding."""
    rng = np.random.default_rng(method.robustness.seed)
    base = np.array([getattr(method.strength, kind) for kind in STRENGTH_KINDS])
    values = np.unique(base[base > 0])
    voices, size = items.voice.max() + 1, len(items.voice)
    for _ in range(method.robustness.draws):
        weight = rng.exponential(size=voices)
        strength_of = np.zeros(len(base))
        strength_of[base > 0] = np.sort(rng.random(len(values)))[np.searchsorted(values, base[base > 0])]
        hedge = rng.random() if method.strength.hedged < 1 else 1.0
        wrong, mistaken, other = (
            (rng.beta(*counts.T) * rates.measured[:, axis])[items.coder]
            for axis, counts in enumerate((rates.presence, rates.stance, rates.kind))
        )
        sign = items.sign.copy()
        is_mistaken, turns = rng.random(size) < mistaken, rng.random(size) < method.robustness.turned_stances
        sign[is_mistaken] *= np.where(turns[is_mistaken], -1, 0)
        sign[rng.random(size) < wrong] = 0
        strength = strength_of[_kinds(rng, items.kind, other)] * np.where(items.hedged, hedge, 1.0)
        shown = np.zeros(items.hypotheses)
        for side in (1, -1):
            best = np.zeros((voices, items.hypotheses))
            said = sign == side
            np.maximum.at(best, (items.voice[said], items.hypothesis[said]), strength[said])
            shown += side * weight @ best
        yield shown


def _kinds(rng: np.random.Generator, kind: Integers, other: Floats) -> Integers:
    """Mistake kinds for their neighbours, those at an end of the scale inwards."""
    lowest, highest = NOT_MISTAKEN
    step = rng.choice([-1, 1], size=len(kind))
    step[kind == lowest], step[kind == highest] = 1, -1
    may = (kind >= lowest) & (kind <= highest)
    return kind + np.where(may & (rng.random(len(kind)) < other), step, 0)
