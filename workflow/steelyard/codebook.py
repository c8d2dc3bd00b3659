"""A codebook as typed models: hypotheses, the cues that point to them, and what one would expect to see."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import pydantic
import re2

from steelyard import vocabulary
from steelyard.errors import Problem, SteelyardError
from steelyard.yaml_file import Location, Model, YamlFile, did_you_mean

Identifier = Annotated[str, pydantic.Field(pattern=r"^[a-z][a-z0-9_]*$")]
Text = Annotated[str, pydantic.Field(min_length=1)]
Probability = Annotated[float, pydantic.Field(gt=0, lt=1)]


class Cues(Model):
    """What points to a hypothesis in the statements of one language."""

    phrases: list[Text] = pydantic.Field([], description="Words matched whole, upper or lower case; `*` ends a stem.")
    patterns: list[Text] = pydantic.Field([], description="RE2 regular expressions, upper or lower case.")


class Bearing(Model):
    """How an expected observation, once seen, bears on one hypothesis."""

    rating: vocabulary.Rating = pydantic.Field(
        description="CC, C, N, I or II: from very consistent to very inconsistent."
    )
    seen_if_true: Probability = pydantic.Field(description="Probability of seeing it if the hypothesis is true.")
    seen_if_false: Probability = pydantic.Field(description="Probability of seeing it if the hypothesis is false.")


class Observation(Model):
    """Something that one would see if a hypothesis were true, or false."""

    id: Identifier
    see: Text = pydantic.Field(description="What one would see, as one sentence that can be found true or false.")
    where: Text = pydantic.Field(description="Where to look.")
    effort: int = pydantic.Field(
        ge=1, le=3, description="1 an afternoon, 2 weeks, 3 months or access that is hard to get."
    )
    bears_on: dict[str, Bearing] = pydantic.Field(description="The hypotheses it is rated for, the owner's among them.")


class Hypothesis(Model):
    """One rival answer to the study's question."""

    id: Identifier
    name: Text = pydantic.Field(description="Two to five words for charts and headings.")
    role: vocabulary.Role = pydantic.Field(description="Only motives are ranked against one another.")
    claim: Text
    count_also: list[Text] = []
    do_not_count: list[Text] = []
    rivals: list[Identifier] = pydantic.Field([], description="Hypotheses that it must be told apart from.")
    cues: dict[str, Cues] = pydantic.Field({}, description="By language code.")
    exemplars: list[Text] = []
    observations: list[Observation] = pydantic.Field([], description="Two to five, each rated for a rival too.")


class Codebook(Model):
    """The rival hypotheses of a study."""

    question: Text
    hypotheses: list[Hypothesis] = pydantic.Field(min_length=1)

    @property
    def ids(self) -> list[str]:
        """Ids of the hypotheses, in the codebook's order."""
        return [hypothesis.id for hypothesis in self.hypotheses]

    @property
    def observations(self) -> list[tuple[Hypothesis, Observation]]:
        """Every expected observation with the hypothesis that names it, in the codebook's order."""
        return [(hypothesis, observation) for hypothesis in self.hypotheses for observation in hypothesis.observations]


def load(path: Path) -> Codebook:
    """Read and check a codebook.

    Raises:
        SteelyardError: with every mistake, each with file and line.
    """
    file = YamlFile(path)
    codebook = file.parse(Codebook)
    problems = [
        *_twice(codebook, file),
        *_unknown(codebook, file),
        *_invalid(codebook, file),
        *_unowned(codebook, file),
    ]
    if problems:
        raise SteelyardError(problems)
    return codebook


def _twice(codebook: Codebook, file: YamlFile) -> list[Problem]:
    places: list[tuple[str, str, Location]] = []
    for h, hypothesis in enumerate(codebook.hypotheses):
        places.append(("hypothesis", hypothesis.id, ("hypotheses", h, "id")))
        for o, observation in enumerate(hypothesis.observations):
            places.append(("observation", observation.id, ("hypotheses", h, "observations", o, "id")))
    seen: dict[tuple[str, str], Location] = {("hypothesis", vocabulary.OTHER_MOTIVE): ()}
    problems = []
    for kind, name, location in places:
        first = seen.setdefault((kind, name), location)
        if first != location:
            before = f"first at {file.where(first)}" if first else "it is built in"
            problems.append(Problem(f"{kind} id '{name}' stands twice ({before})", file.where(location), "Rename one."))
    return problems


def _unknown(codebook: Codebook, file: YamlFile) -> list[Problem]:
    ids = set(codebook.ids)
    named: list[tuple[str, Location]] = []
    for h, hypothesis in enumerate(codebook.hypotheses):
        named += [(name, ("hypotheses", h, "rivals", r)) for r, name in enumerate(hypothesis.rivals)]
        for o, observation in enumerate(hypothesis.observations):
            place = ("hypotheses", h, "observations", o, "bears_on")
            named += [(name, (*place, name)) for name in observation.bears_on]
    return [
        Problem(f"unknown hypothesis '{name}'", file.where(location), did_you_mean(name, ids))
        for name, location in named
        if name not in ids
    ]


def _invalid(codebook: Codebook, file: YamlFile) -> list[Problem]:
    problems = []
    for h, hypothesis in enumerate(codebook.hypotheses):
        for language, cues in hypothesis.cues.items():
            for p, pattern in enumerate(cues.patterns):
                fault = pattern_fault(pattern)
                if fault:
                    where = file.where(("hypotheses", h, "cues", language, "patterns", p))
                    hint = "Patterns are RE2 regular expressions: no look-around, no back-references."
                    problems.append(Problem(f"cue {pattern!r} is no valid pattern ({fault})", where, hint))
    return problems


def pattern_fault(pattern: str) -> str | None:
    """Say what is wrong with an RE2 pattern; None where nothing is."""
    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(pattern, options=options)
    except re2.error as failure:
        detail = failure.args[0] if failure.args else failure
        return detail.decode() if isinstance(detail, bytes) else str(detail)
    return None


def _unowned(codebook: Codebook, file: YamlFile) -> list[Problem]:
    problems = []
    for h, hypothesis in enumerate(codebook.hypotheses):
        for o, observation in enumerate(hypothesis.observations):
            where = file.where(("hypotheses", h, "observations", o, "id"))
            if hypothesis.id not in observation.bears_on:
                problems.append(
                    Problem(f"observation '{observation.id}' is not rated for {hypothesis.id}, which names it", where)
                )
            elif len(observation.bears_on) == 1:
                hint = "Rate it for at least one rival: it is there to tell them apart."
                problems.append(Problem(f"observation '{observation.id}' is rated for no rival", where, hint))
    return problems
