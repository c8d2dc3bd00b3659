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

from collections.abc import Iterator

import pandas as pd

from steelyard.annotate.readings import Readings
from steelyard.annotate.sentences import (
    CONFIDENCE_OF_TRAITS,
    Code,
    InContext,
    in_context,
    readings_of,
    statements_read,
)
from steelyard.codebook import Codebook
from steelyard.vocabulary import Stance

_CONFIDENCE = {1: 0.60, 2: 0.75}
_CONFIDENCE_OF_MORE = CONFIDENCE_OF_TRAITS
_CONFIDENCE_INHERITED = 0.40


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
    read = list(in_context(statements_read(statements, utterances), codebook))
    codes = [code for found in read for code in _codes(found)]
    return readings_of([found.sentence for found in read], codes, coder)


def _codes(found: InContext) -> Iterator[Code]:
    """Give a sentence's codes; one without cues that takes up the sentence before inherits that one's hypotheses."""
    sentence, before = found.sentence, found.before
    if sentence.stances:
        for hypothesis, said in sentence.stances.items():
            confidence = _CONFIDENCE.get(sentence.cues[hypothesis], _CONFIDENCE_OF_MORE)
            yield sentence.statement_id, hypothesis, "opposes" if found.is_denied else said, confidence
    elif before is not None and (sentence.takes_up or sentence.denies):
        changed: Stance | None = "opposes" if sentence.denies else "raises" if sentence.asks else None
        for hypothesis, said in before.stances.items():
            yield sentence.statement_id, hypothesis, changed or said, _CONFIDENCE_INHERITED
