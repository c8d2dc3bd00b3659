"""A codebook as typed models: hypotheses, the cues that point to them, and what one would expect to see."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated

import pydantic
import re2

from steelyard import vocabulary
from steelyard.errors import Problem, SteelyardError
from steelyard.reach import reached
from steelyard.yaml_file import EACH, Location, Model, YamlFile, collecting, did_you_mean

Identifier = Annotated[str, pydantic.Field(pattern=r"^[a-z][a-z0-9_]*$")]
Text = Annotated[str, pydantic.Field(min_length=1)]
Probability = Annotated[float, pydantic.Field(gt=0, lt=1)]

_MOST_OBSERVATIONS = 5
_RELATIONS = ("rivals", "compatible", "part_of")
# The languages that ingest can tell apart, as its model names them: loading the model takes too long for every start.
LANGUAGES = frozenset(
    """
    ace af am an ar ary arz as az ba bcl be bg bn br bs ca crh cs cy da de dz el en eo es et eu ext fa fi fo fr
    fuv fy ga gcf gcr gd gl gom grc gu gug guw ha hbo he hi hr ht hu hy id ig is it ja jv ka kab kik kk km kn ko
    ku ky la lb lg lij ln lo lt ltg lv mg mk ml mn mr ms mt my ne nl nn no nso oc om or pa pcm pl ps pt qu ro ru
    rw sa sdh se si sk sl sn so sq sr st sv sw ta te tg th tk tl tr tt ug uk ur uz uzs vec vi vo wa wuu xh yo yue
    zh zu zxx
    """.split()  # noqa: SIM905
)


class Cues(Model):
    """What points to a hypothesis in the statements of one language."""

    phrases: list[Text] = pydantic.Field([], description="Words matched whole, upper or lower case; `*` ends a stem.")
    patterns: list[Text] = pydantic.Field([], description="RE2 regular expressions, upper or lower case.")


class Subject(Model):
    """What the question is about: evidence that does not name it may be about something else."""

    name: Text = pydantic.Field(description="As it reads after the words: statements that name …")
    cues: dict[str, Cues] = pydantic.Field(description="Words that name it, by language code, such as en.")


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
    rivals: list[Identifier] = pydantic.Field(
        [], description="Explanations that compete with it: the more the one explains, the less is left for the other."
    )
    compatible: list[Identifier] = pydantic.Field(
        [], description="Hypotheses that may well hold together with it, for the same case."
    )
    part_of: list[Identifier] = pydantic.Field(
        [], description="Wider hypotheses that it is a part or a form of: where this one holds, so do they."
    )
    cues: dict[str, Cues] = pydantic.Field({}, description="By language code, such as en.")
    exemplars: list[Text] = []
    observations: list[Observation] = pydantic.Field([], description="Two to five, each rated for a rival too.")

    @property
    def version(self) -> str:
        """Short digest of the definition that a reader codes by: claim, what counts also, what does not."""
        return _digest([self.claim, self.count_also, self.do_not_count])


class Codebook(Model):
    """The rival hypotheses of a study."""

    question: Text
    subject: Subject | None = pydantic.Field(
        None, description="What the question is about; the ranking is made again of the statements that name it."
    )
    hypotheses: list[Hypothesis] = pydantic.Field(min_length=1)

    @property
    def ids(self) -> list[str]:
        """Ids of the hypotheses, in the codebook's order."""
        return [hypothesis.id for hypothesis in self.hypotheses]

    @property
    def version(self) -> str:
        """Short digest of all definitions together, in whatever order they stand."""
        return _digest(sorted([hypothesis.id, hypothesis.version] for hypothesis in self.hypotheses))

    @property
    def versions(self) -> dict[str, str]:
        """Short digest of each hypothesis' definition by id; of what none of them names, that of all together."""
        versions = {hypothesis.id: hypothesis.version for hypothesis in self.hypotheses}
        return versions | {vocabulary.OTHER_MOTIVE: self.version}

    @property
    def every_version(self) -> str:
        """The digest of all definitions together and that of each, as a coding sheet's rows name them."""
        return " ".join([self.version, *(hypothesis.version for hypothesis in self.hypotheses)])

    @property
    def relations(self) -> dict[tuple[str, str], vocabulary.Relation]:
        """What each hypothesis is to another, in both directions; a part of a part is a part of the whole."""
        found: dict[tuple[str, str], vocabulary.Relation] = {}
        wider = {hypothesis.id: hypothesis.part_of for hypothesis in self.hypotheses}
        for one in self.hypotheses:
            for other in one.compatible:
                found[one.id, other] = found[other, one.id] = "compatible"
            for other in one.rivals:
                found[one.id, other] = found[other, one.id] = "rival"
        for part in wider:
            for whole in _whole(wider, part) - {part}:
                found[part, whole], found[whole, part] = "part_of", "has_part"
        return found

    @property
    def observations(self) -> list[tuple[Hypothesis, Observation]]:
        """Every expected observation with the hypothesis that names it, in the codebook's order."""
        return [(hypothesis, observation) for hypothesis in self.hypotheses for observation in hypothesis.observations]


def _digest(definition: list) -> str:
    """The first 8 hexadecimal digits of the SHA-256 of a definition."""
    return hashlib.sha256(json.dumps(definition, ensure_ascii=False).encode()).hexdigest()[:8]


def load(path: Path) -> Codebook:
    """Read and check a codebook.

    Raises:
        SteelyardError: with every mistake, each with file and line.
    """
    file = YamlFile(path)
    problems: list[Problem] = []
    with collecting(problems):
        codebook = file.parse(Codebook)
    # The plain values are looked at, not the models: a mistake of another kind elsewhere hides nothing.
    problems += [
        *_twice(file),
        *_unknown(file),
        *_related_twice(file),
        *_circles(file),
        *_languages(file),
        *_invalid(file),
        *_unowned(file),
        *_too_many(file),
    ]
    if problems:
        raise SteelyardError(problems)
    return codebook


def _twice(file: YamlFile) -> list[Problem]:
    ids = file.texts("hypotheses", EACH, "id")
    built_in = [
        Problem(f"hypothesis id '{name}' is built in", file.where(place), "Rename it.")
        for place, name in ids
        if name == vocabulary.OTHER_MOTIVE
    ]
    return [
        *built_in,
        *file.twice("hypothesis id", ids),
        *file.twice("hypothesis name", file.texts("hypotheses", EACH, "name")),
        *file.twice("observation id", file.texts("hypotheses", EACH, "observations", EACH, "id")),
    ]


def _unknown(file: YamlFile) -> list[Problem]:
    ids = {name for _, name in file.texts("hypotheses", EACH, "id")}
    if len(file.texts("hypotheses", EACH, "id")) < len(file.find("hypotheses", EACH)):
        return []  # an id is missing, which is told; what refers to it is right
    rated = file.find("hypotheses", EACH, "observations", EACH, "bears_on", EACH)
    related = [pair for relation in _RELATIONS for pair in file.texts("hypotheses", EACH, relation, EACH)]
    named = [*related, *((place, str(place[-1])) for place, _ in rated)]
    return [
        Problem(f"unknown hypothesis '{name}'", file.where(place), did_you_mean(name, ids))
        for place, name in sorted(named, key=lambda one: one[0][1])
        if name not in ids
    ]


def _related_twice(file: YamlFile) -> list[Problem]:
    """Find hypotheses that are related to themselves, or to another in two ways."""
    problems = []
    first: dict[frozenset[str], str] = {}
    for relation, owner, place, other in _related(file):
        earlier = first.setdefault(frozenset([owner, other]), relation)
        if owner == other:
            problems.append(Problem(f"'{owner}' is named in its own `{relation}`", file.where(place), "Leave it out."))
        elif earlier != relation:
            said = f"'{owner}' and '{other}' are related twice: `{earlier}` and `{relation}`"
            hint = "Two hypotheses are rivals, or compatible, or one is part of the other; or nothing is said of them."
            problems.append(Problem(said, file.where(place), hint))
    return problems


def _circles(file: YamlFile) -> list[Problem]:
    """Find hypotheses that are parts of themselves, or of what they are told to be rivals of, by way of others."""
    wider: dict[str, set[str]] = {}
    problems = []
    for relation, owner, place, other in _related(file):
        if relation == "part_of" and owner != other:
            if owner in _whole(wider, other):
                hint = "Of two hypotheses one at most is the wider."
                problems.append(
                    Problem(f"'{owner}' is part of '{other}', which is part of it", file.where(place), hint)
                )
            wider.setdefault(owner, set()).add(other)
    far = {(part, whole) for part in wider for whole in _whole(wider, part) - wider[part] - {part}}
    for relation, owner, place, other in _related(file):
        for part, whole in sorted({(owner, other), (other, owner)} & far) if relation != "part_of" else ():
            said = f"'{owner}' names '{other}' in `{relation}`, and '{part}' is part of '{whole}' by way of others"
            problems.append(Problem(said, file.where(place), "Of a part and its whole nothing else can be said."))
    return problems


def _related(file: YamlFile) -> Iterator[tuple[str, str, Location, str]]:
    """Give each declared relation: which, whose, where it stands, to what."""
    owners = {place[:2]: name for place, name in file.texts("hypotheses", EACH, "id")}
    for relation in _RELATIONS:
        for place, other in file.texts("hypotheses", EACH, relation, EACH):
            if place[:2] in owners:
                yield relation, owners[place[:2]], place, other


def _whole(wider: Mapping[str, Iterable[str]], part: str) -> set[str]:
    """Give a hypothesis and all that it is a part of, by way of others too."""
    return reached(part, lambda name: wider.get(name, ()))


def _languages(file: YamlFile) -> list[Problem]:
    return [
        unknown_language(str(place[-1]), file.where(place))
        for path in (("hypotheses", EACH, "cues", EACH), ("subject", "cues", EACH))
        for place, _ in file.find(*path)
        if place[-1] not in LANGUAGES
    ]


def unknown_language(code: str, where: str) -> Problem:
    """Say that a language's code is not known."""
    nearest = did_you_mean(code, LANGUAGES)
    hint = "Languages are given by their ISO 639 codes, such as en, zh or fr."
    return Problem(f"unknown language '{code}'", where, f"{nearest} {hint}" if nearest.startswith("Did") else hint)


def _invalid(file: YamlFile) -> list[Problem]:
    hint = "Patterns are RE2 regular expressions: no look-around, no back-references."
    return [
        Problem(f"cue {pattern!r} is no valid pattern ({fault})", file.where(place), hint)
        for path in (("hypotheses", EACH, "cues", EACH), ("subject", "cues", EACH))
        for place, pattern in file.texts(*path, "patterns", EACH)
        if (fault := pattern_fault(pattern))
    ]


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


def _unowned(file: YamlFile) -> list[Problem]:
    owners = {place[:2]: name for place, name in file.texts("hypotheses", EACH, "id")}
    problems = []
    for place, name in file.texts("hypotheses", EACH, "observations", EACH, "id"):
        where, owner = file.where(place), owners.get(place[:2])
        rated = next((value for _, value in file.find(*place[:-1], "bears_on")), None)
        if owner is None or not isinstance(rated, dict):
            continue  # something is missing, which is told
        if owner not in rated:
            problems.append(Problem(f"observation '{name}' is not rated for {owner}, which names it", where))
        elif len(rated) == 1:
            hint = "Rate it for at least one rival: it is there to tell them apart."
            problems.append(Problem(f"observation '{name}' is rated for no rival", where, hint))
    return problems


def _too_many(file: YamlFile) -> list[Problem]:
    hint = "Keep the two to five that tell it best from its rivals."
    return [
        Problem(f"a hypothesis has {len(observations)} observations", file.where(place), hint)
        for place, observations in file.find("hypotheses", EACH, "observations")
        if isinstance(observations, list) and len(observations) > _MOST_OBSERVATIONS
    ]
