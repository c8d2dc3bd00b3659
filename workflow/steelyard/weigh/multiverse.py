"""A small multiverse: the motives weighed under each choice of coder and of strengths (docs/method.md, 5).

After Steegen, Tuerlinckx, Gelman & Vanpaemel (2016), Increasing transparency through a multiverse analysis.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from steelyard.aggregate.evidence import cite, offer, posts, rest_on
from steelyard.annotate.adjudicate import accept
from steelyard.annotate.readings import Readings
from steelyard.codebook import Codebook
from steelyard.engine import Engine, view
from steelyard.study import Coder, Method, Strength, least_confidence
from steelyard.tables import CODES, EVIDENCE, MULTIVERSE, SIGHTING_READINGS, TRAITS
from steelyard.weigh.independent import in_order, ranked, taken_up
from steelyard.weigh.items import Floats, Items, as_arrays, ranking

AS_CONFIGURED = "as configured"


def multiverse(
    *,
    hypotheses: pd.DataFrame,
    corpus: Engine,
    documents: pd.DataFrame,
    checked_sources: pd.DataFrame | None,
    coders: Sequence[Coder],
    codebook: Codebook,
    method: Method,
) -> pd.DataFrame:
    """Weigh the motives once for each pair of a coder and a set of strengths.

    The coder decides all that it read with enough confidence, whoever else read it; what it left stays as it was
    accepted. The strengths are the study's own and each of `robustness.other_strengths`.

    Args:
        hypotheses: the table weigh/hypotheses; where it has no ranks there is nothing to weigh again.
        corpus: has views of ingest/documents, ingest/utterances, ingest/statements, annotate/readings and
            annotate/trait_readings.
        documents: all documents.
        checked_sources: as `aggregate.sources.read` gives it; None where nobody checked any.
        coders: of the study, in order of precedence.
        codebook: gives the order of hypotheses.
        method: strengths, and the other strengths to try.

    Returns:
        The table weigh/multiverse: each universe x each motive.
    """
    motives = ranked(hypotheses, codebook)
    if not motives:
        return MULTIVERSE.empty()
    posts(corpus)
    rest_on(corpus, ["readings"])  # whatever any coder coded
    cite(corpus, checked_sources)
    prints = corpus.sql("select statement_id, echo_id, document_id, start from rested_on").df()
    codes, traits = (corpus.sql(f"from {name}").df() for name in ("readings", "trait_readings"))
    readings = Readings(codes, traits, SIGHTING_READINGS.empty())
    strengths = _strengths(method)
    frames = []
    for coder, origin, codes, traits in _readings_first(readings, coders):
        view(corpus, CODES, codes)
        view(corpus, TRAITS, traits)
        offer(corpus, method.strength)
        offered = EVIDENCE.frame(corpus.sql("from offered").df())
        rows = taken_up(offered[offered.hypothesis_id.isin(motives)], prints)
        weights = _shown(Items.of(in_order(rows, documents, codebook.ids), motives), list(strengths.values()))
        universes = pd.MultiIndex.from_product([strengths, motives], names=["strengths", "hypothesis_id"])
        frame = pd.DataFrame({"shown": weights.ravel(), "rank": ranking(weights).ravel()}, universes).reset_index()
        frames.append(frame.assign(coder=coder, origin=origin, statements=int((traits.coder == coder).sum())))
    return MULTIVERSE.frame(pd.concat(frames))


def _strengths(method: Method) -> dict[str, Strength]:
    sets = {AS_CONFIGURED: method.strength}
    for name, other in method.robustness.other_strengths.items():
        sets[name] = method.strength.model_copy(update={str(kind): value for kind, value in other.items()})
    return sets


def _shown(items: Items, strengths: Sequence[Strength]) -> Floats:
    """Give what is shown under each set of strengths, sets x hypotheses."""
    if not len(items.voice):
        return np.zeros((len(strengths), items.hypotheses))
    drawn = items.strengths(*as_arrays(strengths), items.kind[None, :])
    return items.shown(drawn, items.sign[None, :], np.ones((1, items.voice.max() + 1)))


def _readings_first(
    readings: Readings, coders: Sequence[Coder]
) -> Iterator[tuple[str, str, pd.DataFrame, pd.DataFrame]]:
    """Give each coder that read anything, its origin, and codes and traits with its reading before all others."""
    least = least_confidence(coders)
    codes, traits, _ = accept([readings], [coder.name for coder in coders], least)
    for coder in coders:
        own_codes, own_traits, _ = accept([readings], [coder.name], least)
        if own_traits.empty:
            continue
        others = [frame[~frame.statement_id.isin(own_traits.statement_id)] for frame in (codes, traits)]
        yield (
            coder.name,
            str(own_traits.origin.iloc[0]),
            pd.concat([own_codes, others[0]], ignore_index=True),
            pd.concat([own_traits, others[1]], ignore_index=True),
        )
