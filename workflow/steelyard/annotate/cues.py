"""The coder that goes by the codebook's cues: a program, quick and shallow.

It reads words, not meaning. Its confidences are rules of thumb that order its codes; they are not calibrated and are
no probabilities. How often it is right is measured against a reading (`quality.py`), never assumed.

Confidence of a code: .60 for one distinct cue in the statement itself, .75 for two, .85 for three or more; .40 for a
hypothesis taken over from the sentence before, when a statement without cues of its own takes that up ("This …",
"So …"), which is below the default threshold of acceptance: recorded, but not accepted. Traits have .85 throughout,
so that no threshold accepts a statement's codes and refuses its traits.

`other_motive` is never given: what a codebook does not name, no cue can find.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from steelyard import tables
from steelyard.annotate.readings import Readings
from steelyard.annotate.sentences import CONFIDENCE_OF_TRAITS, InContext, in_context, statements_read
from steelyard.codebook import Codebook
from steelyard.vocabulary import Stance

_CONFIDENCE = {1: 0.60, 2: 0.75}
_CONFIDENCE_OF_MORE = CONFIDENCE_OF_TRAITS
_CONFIDENCE_INHERITED = 0.40

_Codes = dict[str, tuple[Stance, float]]  # hypothesis -> stance and confidence


def code(statements: pd.DataFrame, utterances: pd.DataFrame, codebook: Codebook, coder: str) -> Readings:
    """Read statements by the codebook's cues and the lexicon of their language.

    Args:
        statements: per `tables.STATEMENTS`, `READ_OF_STATEMENTS` at least.
        utterances: per `tables.UTTERANCES`, `READ_OF_UTTERANCES` at least; posts, headlines and summaries are read.
        codebook: hypotheses with cues by language; without cues in a statement's language one is never found there.
        coder: name of the coder in the tables.

    Returns:
        A trait reading for every statement read, and a reading for every hypothesis found in it. No sightings.

    Raises:
        SteelyardError: there is no lexicon for a statement's language.
    """
    readings: list[dict[str, Any]] = []
    traits: list[dict[str, Any]] = []
    signature = {"coder": coder, "origin": "program"}
    for found in in_context(statements_read(statements, utterances), codebook):
        traits.append(found.sentence.traits() | signature)
        for hypothesis_id, (stance, confidence) in _codes(found).items():
            row = {"statement_id": found.sentence.statement_id, "hypothesis_id": hypothesis_id, "label": None}
            readings.append(row | {"stance": stance, "confidence": confidence} | signature)
    return Readings(
        tables.READINGS.frame(readings), tables.TRAIT_READINGS.frame(traits), tables.SIGHTING_READINGS.empty()
    )


def _codes(found: InContext) -> _Codes:
    """Give a sentence's codes; one without cues that takes up the sentence before inherits that one's hypotheses."""
    sentence, before = found.sentence, found.before
    if sentence.stances:
        return {
            hypothesis: ("opposes" if found.is_denied else said, _confidence(sentence.cues[hypothesis]))
            for hypothesis, said in sentence.stances.items()
        }
    if before is None or not (sentence.takes_up or sentence.denies):
        return {}
    changed: Stance | None = "opposes" if sentence.denies else "raises" if sentence.asks else None
    return {hypothesis: (changed or said, _CONFIDENCE_INHERITED) for hypothesis, said in before.stances.items()}


def _confidence(distinct_cues: int) -> float:
    return _CONFIDENCE.get(distinct_cues, _CONFIDENCE_OF_MORE)
