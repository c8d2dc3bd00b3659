"""Where evidence is missing: eight kinds of gap, a closed list (docs/method.md, 6)."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from steelyard.codebook import Codebook, Hypothesis
from steelyard.tables import GAPS
from steelyard.vocabulary import OPINION_KINDS
from steelyard.weigh.independent import fewest_documents, printed_in, taken_up
from steelyard.weigh.observations import SHOWN
from steelyard.weigh.words import count

# Voices of those who decide what the question asks about.
DECIDERS = ("lab", "official")


def gaps(
    *,
    evidence: pd.DataFrame,
    prints: pd.DataFrame,
    voices: pd.DataFrame,
    hypotheses: pd.DataFrame,
    observations: pd.DataFrame,
    matrix: pd.DataFrame,
    codebook: Codebook,
) -> pd.DataFrame:
    """Find every gap of every hypothesis.

    Args:
        evidence: the table aggregate/evidence.
        prints: the table aggregate/prints.
        voices: all voices, with what each stands for.
        hypotheses: the table weigh/hypotheses.
        observations: the table weigh/observations.
        matrix: the table weigh/matrix.
        codebook: hypotheses and what one would expect to see.

    Returns:
        The table weigh/gaps; a hypothesis has each kind of gap at most once, but those of an expected observation (not
        looked for, looked for and not found) once an observation. `detail` says in a sentence what is missing.
    """
    taken = taken_up(evidence, prints).merge(voices[["voice_id", "interest"]], on="voice_id", how="left")
    taken = taken.assign(printed=printed_in(taken, prints))
    sides = hypotheses.set_index("hypothesis_id")[["voices_for", "voices_against"]]
    cells = matrix.merge(observations[["observation_id", "status", "diagnosticity"]], on="observation_id")
    rows = []
    for hypothesis in codebook.hypotheses:
        found = [
            *_of_voices(taken[taken.hypothesis_id == hypothesis.id], *sides.loc[hypothesis.id]),
            *_of_diagnosis(cells[cells.hypothesis_id == hypothesis.id]),
            *_of_observations(hypothesis, observations),
        ]
        rows += [_row(hypothesis.id, *gap) for gap in found]
    return GAPS.frame(rows)


Gap = tuple[str, str, str | None]  # kind, detail, observation_id


def _of_voices(taken: pd.DataFrame, voices_for: float, voices_against: float) -> Iterator[Gap]:
    """Find the gaps in who takes a hypothesis up, and with what."""
    if taken.empty:
        yield "no voice", "No independent voice supports or opposes it.", None
        return
    voices = taken.voice_id.nunique()
    said = count(taken.echo_id.nunique(), "statement")
    if not voices_against:
        yield "one-sided", f"{count(voices, 'voice supports', 'voices support')} it, and none opposes it.", None
    elif not voices_for:
        yield "one-sided", f"{count(voices, 'voice opposes', 'voices oppose')} it, and none supports it.", None
    if fewest_documents(taken.printed) == 1:
        yield "single document", f"All that is said for or against it stands in 1 document ({said}).", None
    if taken.kind.isin(OPINION_KINDS).all():
        yield "opinion only", f"What is offered for or against it ({said}) is assertion or reasoning at most.", None
    if not (taken.interest.isin(DECIDERS) | (taken.kind == "testimony")).any():
        who = count(voices, "voice takes it up", "voices take it up")
        known = "it is not known" if voices == 1 else "none is known"
        detail = f"{who} without first-hand testimony, and {known} to speak for those who decide."
        yield "no first-hand speaker", detail, None


def _of_diagnosis(cells: pd.DataFrame) -> Iterator[Gap]:
    """Find whether what is expected, or what was told of, tells the hypothesis from any other."""
    told = cells[cells.status.isin(SHOWN)]
    if not (cells.diagnosticity > 0).any():
        yield "not diagnostic", "The codebook names no observation that would tell it from a rival.", None
    elif not told.empty and not (told.diagnosticity > 0).any():
        what = count(len(told), "expected observation that bears on it is", "expected observations that bear on it are")
        tell = "tells" if len(told) == 1 else "tell"
        yield "not diagnostic", f"{what} told of, and {tell} it from no rival.", None


def _of_observations(hypothesis: Hypothesis, observations: pd.DataFrame) -> Iterator[Gap]:
    """Find the observations that nobody speaks of, or that were sought in vain."""
    statuses = dict(zip(observations.observation_id, observations.status, strict=True))
    statements = dict(zip(observations.observation_id, observations.statements, strict=True))
    for expected in hypothesis.observations:
        if statuses[expected.id] == "absent":
            yield "not looked for", f"No statement says whether this was seen: {expected.see}", expected.id
        elif statuses[expected.id] == "sought_not_found":
            says = count(statements[expected.id], "statement says", "statements say")
            yield "looked for and not found", f"{says} that this was sought and not found: {expected.see}", expected.id


def _row(hypothesis: str, kind: str, detail: str, observation: str | None) -> dict[str, str | None]:
    parts = [hypothesis, kind.replace(" ", "-"), *([observation] if observation else [])]
    return {
        "gap_id": "/".join(parts),
        "hypothesis_id": hypothesis,
        "gap_kind": kind,
        "observation_id": observation,
        "detail": detail,
    }
