"""What a language's words say about stance, kind of evidence, doubt and gaps: one data file a language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import pydantic

from steelyard.annotate.matching import Matcher, Span
from steelyard.codebook import Cues, pattern_fault
from steelyard.errors import Problem, SteelyardError
from steelyard.yaml_file import Model, YamlFile, did_you_mean

_FOLDER = Path(__file__).parent

Marks = Mapping[str, Sequence[Span]]  # where a text holds each marker; one that it doesn't hold is left out


class Words(Cues):
    """Phrases and patterns, as in a codebook's cues; `(?-i:…)` in a pattern is for where case matters."""

    @pydantic.field_validator("patterns")
    @classmethod
    def _valid(cls, patterns: list[str]) -> list[str]:
        faults = [f"{pattern!r} ({fault})" for pattern in patterns if (fault := pattern_fault(pattern))]
        if faults:
            raise ValueError(f"no valid RE2 pattern: {'; '.join(faults)}")
        return patterns


class Marker(Words):
    """Words that mark something."""

    unless: Words = pydantic.Field(Words(phrases=[], patterns=[]), description="What voids a match that it overlaps.")


class Lexicon(Model):
    """One language's words for what the cues coder tells apart."""

    spaced: bool = pydantic.Field(description="Whether spaces set words apart; if not, phrases match anywhere.")
    shortest_claim: int = pydantic.Field(
        ge=1, description="Fewest words (characters where words aren't set apart) of a claim that no cue points to."
    )
    continuations: Marker = pydantic.Field(description="Openings that take up the sentence before.")
    breaks: Marker = pydantic.Field(description="Where the scope of a negation ends.")
    contrasts: Marker = pydantic.Field(description="Where the scope of a negation and that of a report end.")
    negations: Marker = pydantic.Field(description="Deny what follows in the clause.")
    denials: Marker = pydantic.Field(description="Deny what was said before.")
    reports: Marker = pydantic.Field(description="Hand on, or leave open, what follows.")
    questions: Marker = pydantic.Field(description="Ask.")
    rhetorical: Marker = pydantic.Field(description="Assert in the form of a question.")
    courtesies: Marker = pydantic.Field(description="Claim nothing: greetings, thanks, jokes.")
    figures: Marker = pydantic.Field(description="Figures and measured comparisons.")
    references: Marker = pydantic.Field(description="Links and citable references.")
    experiences: Marker = pydantic.Field(description="The speaker's own first-hand experience.")
    attributions: Marker = pydantic.Field(description="What a named person, firm, document or study says.")
    events: Marker = pydantic.Field(description="Events, behaviour or states of the world told as fact.")
    reasons: Marker = pydantic.Field(description="Mechanisms, theories, analogies and parallels.")
    hedges: Marker = pydantic.Field(description="Doubt.")
    gaps: Marker = pydantic.Field(description="Evidence is missing, asked for, inconclusive or hard to get.")


class CompiledLexicon:
    """A lexicon that is ready to be looked up.

    Args:
        lexicon: the language's words.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        """Compile every marker."""
        self.spaced = lexicon.spaced
        self.shortest_claim = lexicon.shortest_claim
        markers = {name: value for name in Lexicon.model_fields if isinstance(value := getattr(lexicon, name), Marker)}
        unless = {name: marker.unless for name, marker in markers.items()}
        self._matcher = Matcher(markers, spaced=lexicon.spaced, unless=unless)

    def marks(self, text: bytes) -> Marks:
        """Give [start, end) of every marker's matches in a folded text, in bytes, sorted."""
        return self._matcher.spans(text)


def asks(marks: Marks) -> bool:
    """Tell whether a text is a question that waits for an answer, not a rhetorical one."""
    return "questions" in marks and "rhetorical" not in marks


def languages() -> list[str]:
    """Give the codes of the languages that there is a lexicon for, sorted."""
    return sorted(path.stem for path in _FOLDER.glob("*.yaml"))


def read(language: str) -> Lexicon:
    """Read a language's lexicon and check it.

    Args:
        language: code, such as "en"; of "zh-Hant" only "zh" counts.

    Raises:
        SteelyardError: there is none, or it has mistakes.
    """
    code = language.split("-")[0]
    if code not in languages():
        hint = f"{did_you_mean(code, languages())} Take it out of ingest.languages, or add a lexicon file for it."
        raise SteelyardError(Problem(f"the cues coder has no lexicon for language '{language}'", hint=hint))
    return YamlFile(_FOLDER / f"{code}.yaml").parse(Lexicon)


@cache
def compiled(language: str) -> CompiledLexicon:
    """Give a language's lexicon, ready to be looked up.

    Raises:
        SteelyardError: there is none, or it has mistakes.
    """
    return CompiledLexicon(read(language))
