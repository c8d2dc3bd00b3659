"""What an answer must be to count: of the schema, without contradiction, each yes with words of the statement."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pydantic

from steelyard.annotate.llm.prompt import EVIDENCE
from steelyard.vocabulary import OTHER_MOTIVE, Kind, Stance

_LONGEST_LABEL = 60
_SHOWN = 5


@dataclass(frozen=True)
class Coded:
    """What a valid answer says of its statement.

    Args:
        codes: hypothesis -> stance and label.
        kind: of evidence, the strongest one found.
        hedged: the speaker marks doubt.
        gap: it says that evidence is missing.
    """

    codes: dict[str, tuple[Stance, str | None]]
    kind: Kind
    hedged: bool
    gap: bool


class _Closed(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="forbid", frozen=True, strict=True)


class _Hypothesis(_Closed):
    quote: str
    asserts: bool
    denies: bool

    @property
    def stance(self) -> Stance:
        return "supports" if self.asserts else "opposes" if self.denies else "raises"


class _OtherMotive(_Hypothesis):
    label: str


class _Answer(_Closed):
    hypotheses: dict[str, _Hypothesis | None]
    other_motive: _OtherMotive | None
    evidence: dict[str, str | None]
    hedged: str | None
    gap: str | None

    @property
    def found(self) -> dict[str, _Hypothesis]:
        every = self.hypotheses | {OTHER_MOTIVE: self.other_motive}
        return {name: said for name, said in every.items() if said is not None}

    @property
    def label(self) -> str:
        return " ".join(self.other_motive.label.split())[:_LONGEST_LABEL].strip() if self.other_motive else ""


def read(text: str, statement: str, hypotheses: Sequence[str]) -> Coded | str:
    """Check an answer.

    Args:
        text: the answer, as the model gave it.
        statement: text of the statement that it is about.
        hypotheses: ids that were asked about.

    Returns:
        What it says; or, in words that hold nothing of statement or answer, why it cannot be used.
    """
    try:
        answer = _Answer.model_validate_json(text)
    except pydantic.ValidationError:
        return "the answer is not JSON of the schema"
    if set(answer.hypotheses) != set(hypotheses) or set(answer.evidence) != set(EVIDENCE):
        return "the answer is not JSON of the schema"
    faults = list(_faults(answer, " ".join(statement.split())))
    if faults:
        return "; ".join(faults[:_SHOWN]) + ("; and more" if len(faults) > _SHOWN else "")
    codes = {name: (said.stance, answer.label if name == OTHER_MOTIVE else None) for name, said in answer.found.items()}
    return Coded(codes, _kind(answer), answer.hedged is not None, answer.gap is not None)


def _faults(answer: _Answer, statement: str) -> Iterator[str]:
    for name, said in answer.found.items():
        if said.asserts and said.denies:
            yield f"{name} is both asserted and denied"
    if answer.other_motive and not answer.label:
        yield f"{OTHER_MOTIVE} has no label"
    quotes = {name: said.quote for name, said in answer.found.items()}
    for name, quote in (quotes | answer.evidence | {"hedged": answer.hedged, "gap": answer.gap}).items():
        words = None if quote is None else " ".join(quote.split())
        if words is not None and not (words and words in statement):
            yield f"the quote for {name} does not stand in the statement"


def _kind(answer: _Answer) -> Kind:
    """Give the strongest kind that words were found for; what takes a side claims something, at least."""
    found = [kind for kind in EVIDENCE if answer.evidence[kind] is not None]
    claims = any(said.asserts or said.denies for said in answer.found.values())
    return found[0] if found else "assertion" if claims else "none"
