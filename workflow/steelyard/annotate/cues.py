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

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

import pandas as pd

from steelyard import tables
from steelyard.annotate import lexicon as lexicons
from steelyard.annotate.matching import Matcher, Span, fold
from steelyard.annotate.readings import Readings
from steelyard.annotate.stance import scopes, stance
from steelyard.annotate.traits import kind
from steelyard.codebook import Codebook
from steelyard.vocabulary import Kind, Stance

_ROLES_READ = ("post", "headline", "summary")
_CONFIDENCE = {1: 0.60, 2: 0.75}
_CONFIDENCE_OF_MORE = 0.85
_CONFIDENCE_INHERITED = 0.40
_CONFIDENCE_OF_TRAITS = _CONFIDENCE_OF_MORE

_Codes = dict[str, tuple[Stance, float]]  # hypothesis -> stance and confidence


@dataclass(frozen=True)
class _Sentence:
    """What one statement's own words say.

    Args:
        codes: hypotheses that its cues point to.
        takes_up: it takes up the sentence before.
        denies: it denies what was said before it.
        asks: it is a question that waits for an answer.
    """

    statement_id: str
    codes: _Codes
    takes_up: bool
    denies: bool
    asks: bool
    kind: Kind
    hedged: bool
    gap: bool


def code(statements: pd.DataFrame, utterances: pd.DataFrame, codebook: Codebook, coder: str) -> Readings:
    """Read statements by the codebook's cues and the lexicon of their language.

    Args:
        statements: per `tables.STATEMENTS`.
        utterances: per `tables.UTTERANCES`; posts, headlines and summaries are read.
        codebook: hypotheses with cues by language; without cues in a statement's language one is never found there.
        coder: name of the coder in the tables.

    Returns:
        A trait reading for every statement read, and a reading for every hypothesis found in it. No sightings.

    Raises:
        SteelyardError: there is no lexicon for a statement's language.
    """
    read = utterances.loc[utterances["role"].isin(_ROLES_READ), "utterance_id"]
    rows = statements[statements["utterance_id"].isin(read)].sort_values(["document_id", "utterance_id", "start"])
    programs = {language: _Program(codebook, language) for language in sorted(rows["language"].unique())}
    readings: list[dict[str, Any]] = []
    traits: list[dict[str, Any]] = []
    signature = {"coder": coder, "origin": "program"}
    columns = zip(*(rows[name] for name in ("utterance_id", "language", "statement_id", "text")), strict=True)
    for _, utterance in groupby(columns, key=itemgetter(0)):
        sentences = [programs[language].read(statement_id, text) for _, language, statement_id, text in utterance]
        around = zip([None, *sentences[:-1]], sentences, [*sentences[1:], None], strict=True)
        for before, sentence, after in around:
            traits.append(_traits(sentence) | signature)
            for hypothesis_id, (found, confidence) in _in_context(before, sentence, after).items():
                row = {"statement_id": sentence.statement_id, "hypothesis_id": hypothesis_id, "label": None}
                readings.append(row | {"stance": found, "confidence": confidence} | signature)
    return Readings(
        tables.READINGS.frame(readings), tables.TRAIT_READINGS.frame(traits), tables.SIGHTING_READINGS.empty()
    )


def _traits(sentence: _Sentence) -> dict[str, Any]:
    return {
        "statement_id": sentence.statement_id,
        "kind": sentence.kind,
        "hedged": sentence.hedged,
        "gap": sentence.gap,
        "confidence": _CONFIDENCE_OF_TRAITS,
        "drawn": None,
    }


def _in_context(before: _Sentence | None, sentence: _Sentence, after: _Sentence | None) -> _Codes:
    """Give a sentence's codes, seen between its neighbours in the same utterance.

    "Some say it is X. I don't buy that." opposes X. A sentence without cues that takes up the one before inherits
    its hypotheses.
    """
    if sentence.codes:
        if after is None or not after.denies:
            return sentence.codes
        return {hypothesis: ("opposes", confidence) for hypothesis, (_, confidence) in sentence.codes.items()}
    if before is None or not (sentence.takes_up or sentence.denies):
        return {}
    changed: Stance | None = "opposes" if sentence.denies else "raises" if sentence.asks else None
    return {hypothesis: (changed or said, _CONFIDENCE_INHERITED) for hypothesis, (said, _) in before.codes.items()}


class _Program:
    """The cues of a codebook in one language, ready to be looked up."""

    def __init__(self, codebook: Codebook, language: str) -> None:
        self.lexicon = lexicons.compiled(language)
        cues = {h.id: h.cues.get(language) or h.cues.get(language.split("-")[0]) for h in codebook.hypotheses}
        self.cues: Mapping[str, Matcher] = {
            hypothesis: Matcher(found, spaced=self.lexicon.spaced) for hypothesis, found in cues.items() if found
        }

    def read(self, statement_id: str, text: str) -> _Sentence:
        folded = fold(text)
        spans = {hypothesis: found for hypothesis, cues in self.cues.items() if (found := cues.spans(folded))}
        governing = scopes(folded, self.lexicon)
        first = min((start for found in spans.values() for start, _ in found), default=len(folded))
        return _Sentence(
            statement_id,
            {hypothesis: (stance(found, governing), _confidence(folded, found)) for hypothesis, found in spans.items()},
            takes_up=self.lexicon.found("continuations", folded),
            denies=any(start < first for start, _ in self.lexicon.spans("denials", folded)),
            asks=self.lexicon.asks(folded),
            kind=kind(folded, self.lexicon, has_cue=bool(spans)),
            hedged=self.lexicon.found("hedges", folded),
            gap=self.lexicon.found("gaps", folded),
        )


def _confidence(text: bytes, spans: list[Span]) -> float:
    distinct = {text[start:end].decode().casefold() for start, end in spans}
    return _CONFIDENCE.get(len(distinct), _CONFIDENCE_OF_MORE)
