"""The coder that goes by likeness of meaning: a program that tells which hypotheses a statement bears on.

How likely that is, is told by `likeness`, for each statement and hypothesis: a calibrated confidence. Always given is
the hypothesis that matches best; others from .1 on.

Likeness does not tell for or against. Stance, kind of evidence, hedging and gaps are read in a statement's words, by
the same lexicon as the cues coder's (`sentences.py`): where a cue points to the hypothesis, that place tells the
stance, elsewhere the statement as a whole does. In a language without a lexicon neither can be read: a statement there
`raises` what it bears on, so that it adds to no balance, and is an assertion. Traits have .85 throughout.

`other_motive` is never given: what a codebook does not name is like nothing in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np
import pandas as pd

from steelyard.annotate import embedding, likeness
from steelyard.annotate.likeness.letters import Wording
from steelyard.annotate.likeness.sample import Part, Sample, choose
from steelyard.annotate.readings import Readings
from steelyard.annotate.sentences import InContext, in_context, readings_of, statements_read
from steelyard.codebook import Codebook, Hypothesis
from steelyard.vocabulary import Stance

ACCEPT = 0.5  # more likely right than wrong
_LEAST_NOTED = 0.1  # codes of less confidence are not worth a row

_Matches = dict[str, float]  # hypothesis -> confidence


def texts_of(codebook: Codebook) -> list[str]:
    """Give what is embedded of a codebook: its question, claims and exemplars."""
    said = (text for hypothesis in codebook.hypotheses for text in (hypothesis.claim, *hypothesis.exemplars))
    return [codebook.question, *said]


def sampled(parts: Callable[[], Iterable[Part]], codebook: Codebook, vectors: embedding.Vectors | None) -> Sample:
    """Choose what is learned from of a corpus whose parts are coded by themselves.

    Args:
        parts: gives, each time it is called, part by part the texts of the statements read, and their vectors.
        codebook: the hypotheses, and the question they answer.
        vectors: of `texts_of`; None where there is no model.
    """
    return choose(parts, [_wording(hypothesis) for hypothesis in codebook.hypotheses], codebook.question, vectors)


def code(
    statements: pd.DataFrame,
    utterances: pd.DataFrame,
    codebook: Codebook,
    vectors: embedding.Vectors | None,
    coder: str,
    sample: Sample | None = None,
) -> Readings:
    """Read statements by their likeness to the hypotheses' claims and exemplars.

    Args:
        statements: per `tables.STATEMENTS`.
        utterances: per `tables.UTTERANCES`; posts, headlines and summaries are read.
        codebook: the hypotheses, and the question they answer.
        vectors: of the statements and of `texts_of`; None where there is no model (`embedding.fault` says why):
            statements are then matched by their letters, with the confidence that this deserves.
        coder: name of the coder in the tables.
        sample: what `sampled` gives for the corpus that the statements are a part of; without one they are all of it.

    Returns:
        A trait reading and at least one reading for every statement read. No sightings.
    """
    rows = statements_read(statements, utterances)
    matches = dict(zip(rows["statement_id"], _matches(rows["text"].tolist(), codebook, vectors, sample), strict=True))
    bearing = {name for name, found in matches.items() if max(found.values()) >= ACCEPT}
    read = list(in_context(rows, codebook, bearing=bearing, any_language=True))
    codes = [
        (found.sentence.statement_id, hypothesis, _stance(found, hypothesis), confidence)
        for found in read
        for hypothesis, confidence in matches[found.sentence.statement_id].items()
    ]
    return readings_of([found.sentence for found in read], codes, coder)


def _matches(
    said: list[str], codebook: Codebook, vectors: embedding.Vectors | None, sample: Sample | None
) -> Iterator[_Matches]:
    ids = np.array(codebook.ids)
    wordings = [_wording(hypothesis) for hypothesis in codebook.hypotheses]
    for block in likeness.confidences(said, wordings, codebook.question, vectors, sample=sample):
        for row in block:
            given = np.union1d(np.flatnonzero(row >= _LEAST_NOTED), row.argmax())
            yield dict(zip(ids[given].tolist(), row[given].tolist(), strict=True))


def _wording(hypothesis: Hypothesis) -> Wording:
    return Wording(hypothesis.claim, tuple(hypothesis.exemplars))


def _stance(found: InContext, hypothesis_id: str) -> Stance:
    if found.is_denied:
        return "opposes"
    return found.sentence.stances.get(hypothesis_id, found.sentence.whole)
