"""A study's config as typed models; every mistake is reported at once, in words.

A study's config stands alone: nothing of another study leaks in, and its paths are resolved from its own folder.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import pydantic

from steelyard import codebook as codebooks
from steelyard import vocabulary
from steelyard.codebook import LANGUAGES, Codebook, Text, unknown_language
from steelyard.errors import Problem, SteelyardError
from steelyard.yaml_file import EACH, Location, Model, YamlFile, collecting, did_you_mean

Share = Annotated[float, pydantic.Field(ge=0, le=1)]
Slug = Annotated[str, pydantic.Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
_LEXICONS = Path(__file__).parent / "annotate" / "lexicon"
# Tables of an earlier result that a report compares itself with, as files below the result's folder.
COMPARED_FILES = tuple(
    f"{table}.parquet"
    for table in ("ingest/documents", "aggregate/evidence", "weigh/hypotheses", "weigh/robustness", "weigh/summary")
)
Format = Literal["auto", "social_thread", "transcript", "comment_page", "article"]


class Turn(Model):
    """Who speaks from which words on, where the page itself does not say."""

    words: Text = pydantic.Field(alias="from", description="The first words of the turn, exactly as in the document.")
    speaker: Text = pydantic.Field(description="A label; turns with the same label are one voice.")
    name: str | None = pydantic.Field(None, description="The speaker's name, where it is known.")


class Source(Model):
    """One document of the corpus."""

    path: Text = pydantic.Field(description="From the folder of this config.")
    id: Slug | None = pydantic.Field(None, description="Short name in tables and links; the file's stem if not given.")
    format: Format = pydantic.Field("auto", description="How the page is laid out; `auto` recognises it.")
    source_type: Text = pydantic.Field(description="What kind of source it is, such as social media, talk or op-ed.")
    title: str | None = pydantic.Field(None, description="Title in the report; the file's stem if not given.")
    date: datetime.date | None = pydantic.Field(None, description="When it was published, where that is known.")
    url: str | None = pydantic.Field(None, description="Where it was published, where that is known.")
    author: str | None = pydantic.Field(None, description="Who wrote or spoke it, where the text itself does not say.")
    interest: vocabulary.Interest = pydantic.Field(
        "unknown", description="What its voices stand for, where that is known; descriptive only."
    )
    turns: list[Turn] = pydantic.Field([], description="Who speaks from which words on.")

    @property
    def document_id(self) -> str:
        """The source's id, or its file's stem."""
        return self.id or Path(self.path).stem


class Ingest(Model):
    """How documents become statements."""

    languages: list[Text] = pydantic.Field(["en"], min_length=1, description="Languages that the corpus may hold.")
    echo_words: int = pydantic.Field(8, ge=4, description="Shortest run of words that can be an echo.")
    echo_similarity: Share = pydantic.Field(0.9, description="Least similarity of two texts that are one echo.")


_DEVELOPMENT = pydantic.Field(
    False,
    description="Whether the program, or its cues, was worked on with this corpus at hand; its figures then say so.",
)


class RecordedCoder(Model):
    """Codes that somebody recorded after reading: people or a language model."""

    name: Slug
    type: Literal["recorded"]
    path: Text = pydantic.Field(description="CSV, workbook (.xlsx) or Label Studio export (.json).")
    sample: Text = pydantic.Field(
        "sample not described", description="How the statements that were read were drawn, in words for the report."
    )
    settles: list[Slug] = pydantic.Field(
        [],
        description="Two recorded coders whose disagreements it settles; they are compared with one another.",
    )

    @pydantic.field_validator("settles")
    @classmethod
    def _two(cls, names: list[str]) -> list[str]:
        if names and len(set(names)) != 2:
            raise ValueError("name the two recorded coders whose disagreements it settles, or none")
        return names


class CuesCoder(Model):
    """A program that goes by the codebook's cues."""

    name: Slug
    type: Literal["cues"]
    accept: Share = pydantic.Field(0.5, description="Least confidence of a code that is accepted.")
    development: bool = _DEVELOPMENT


class SemanticCoder(Model):
    """A program that goes by how alike a statement is to a hypothesis' claim and exemplars."""

    name: Slug
    type: Literal["semantic"]
    accept: Share = pydantic.Field(0.5, description="Least confidence of a code that is accepted.")
    development: bool = _DEVELOPMENT


class LearnedCoder(Model):
    """A program that learns from the study's recorded codes, and is measured on what it did not learn from."""

    name: Slug
    type: Literal["learned"]
    accept: Share = pydantic.Field(0.5, description="Least confidence of a code that is accepted.")
    fewest: int = pydantic.Field(40, ge=10, description="Fewest read statements that it learns from.")
    development: bool = _DEVELOPMENT


class LlmCoder(Model):
    """A language model behind any endpoint that speaks OpenAI's chat protocol, asked yes/no criteria."""

    name: Slug
    type: Literal["llm"]
    url: Annotated[str, pydantic.Field(pattern=r"^https?://\S+$")] = pydantic.Field(
        description="Base address, such as http://127.0.0.1:11434/v1."
    )
    model: Text = pydantic.Field(description="The model's name, as the endpoint knows it.")
    answers: Text = pydantic.Field(
        description="File that keeps its answers, such as codes/model.jsonl; made if missing, and worth keeping."
    )
    key_variable: str | None = pydantic.Field(
        None, description="Name of the environment variable that holds the API key, where one is needed."
    )
    prompts: str | None = pydantic.Field(None, description="Folder with prompt files of one's own.")
    context: int = pydantic.Field(300, ge=0, description="Characters of the document shown before and after.")
    parallel: int = pydantic.Field(4, ge=1, description="Requests at the same time, at most.")
    retries: int = pydantic.Field(3, ge=0, description="How often a request that fails is made again.")
    seconds: float = pydantic.Field(60, gt=0, description="Longest time that an answer may take.")
    price_in: float | None = pydantic.Field(None, ge=0, description="Price of a million tokens sent, to estimate cost.")
    price_out: float | None = pydantic.Field(None, ge=0, description="Price of a million tokens answered.")


Coder = Annotated[
    RecordedCoder | CuesCoder | SemanticCoder | LearnedCoder | LlmCoder, pydantic.Field(discriminator="type")
]


class Strength(Model):
    """Strength of evidence by its kind (method.md, 2). The order is a convention, and the robustness varies it."""

    none: Share = pydantic.Field(0.0, description="No claim.")
    assertion: Share = pydantic.Field(0.10, description="A bare opinion.")
    reasoning: Share = pydantic.Field(0.20, description="A mechanism, theory, analogy or historical parallel.")
    observation: Share = pydantic.Field(0.35, description="An event or behaviour told as fact, without a source.")
    attributed: Share = pydantic.Field(0.45, description="What a named person, firm or document says or does.")
    cited: Share = pydantic.Field(0.45, description="A link or reference to a source that nobody has checked yet.")
    testimony: Share = pydantic.Field(0.50, description="The speaker's own first-hand experience.")
    statistic: Share = pydantic.Field(0.60, description="A figure or measured comparison.")
    documented: Share = pydantic.Field(0.80, description="A cited source that was checked and shows what is claimed.")
    hedged: Share = pydantic.Field(0.5, description="Factor for a hedged statement.")


class Balance(Model):
    """Interval of the balance (method.md, 4)."""

    prior: float = pydantic.Field(0.5, gt=0, description="Beta prior's two parameters; .5 is Jeffreys' prior.")
    interval: float = pydantic.Field(0.9, gt=0, lt=1, description="Probability that the interval holds.")


class Ranking(Model):
    """When a study may rank (method.md, 4)."""

    read_statements: int = pydantic.Field(
        40, ge=1, description="Fewest statements that people or a language model have read; else the report is a map."
    )


class Certainty(Model):
    """Thresholds of the grades of certainty (method.md, 4)."""

    opinion_share: Share = pydantic.Field(
        0.5, description="Method: step down above this share of the strength offered from reasoning or bare assertion."
    )
    contested_high: Share = pydantic.Field(
        0.75, description="Coherence: step down where a smaller share of the voices supports it."
    )
    contested_low: Share = pydantic.Field(
        0.25, description="Coherence: a second step down where a smaller share than this supports it."
    )
    few_voices: int = pydantic.Field(10, ge=1, description="Adequacy: step down below this many independent voices.")
    very_few_voices: int = pydantic.Field(3, ge=0, description="Adequacy: a second step down below this many.")
    documents: int = pydantic.Field(2, ge=1, description="Relevance: step down below this many documents.")

    @pydantic.model_validator(mode="after")
    def _ordered(self) -> Certainty:
        if self.contested_low > self.contested_high or self.very_few_voices > self.few_voices:
            raise ValueError("a second step down must not come before the first")
        return self


class Robustness(Model):
    """Monte Carlo of the ranking (method.md, 5)."""

    draws: int = pydantic.Field(2000, ge=1, description="How often the ranking is drawn under each random doubt.")
    seed: int = pydantic.Field(20240601, ge=0, description="Seed of the random draws.")
    interval: float = pydantic.Field(0.9, gt=0, lt=1, description="Share of the draws that a rank interval holds.")
    close_race: Share = pydantic.Field(
        0.2,
        description="A race is close where other motives than the leader are first in this share of draws, or more.",
    )
    error_prior: float = pydantic.Field(
        0.5, gt=0, description="Beta prior's two parameters for a coder's rate of error; .5 is Jeffreys' prior."
    )
    turned_stances: Share = pydantic.Field(
        0.5,
        description="Of a coder's wrong stances, the part that turned to the other side; the others are mere mentions.",
    )
    other_strengths: dict[Text, dict[vocabulary.StrengthName, Share]] = pydantic.Field(
        {
            "every kind alike": {
                "assertion": 1.0,
                "reasoning": 1.0,
                "observation": 1.0,
                "attributed": 1.0,
                "cited": 1.0,
                "testimony": 1.0,
                "statistic": 1.0,
                "documented": 1.0,
                "hedged": 1.0,
            },
            "opinion counts nothing": {"assertion": 0.0, "reasoning": 0.0},
            "hedges count in full": {"hedged": 1.0},
            "far apart": {
                "assertion": 0.01,
                "reasoning": 0.04,
                "observation": 0.12,
                "attributed": 0.20,
                "cited": 0.20,
                "testimony": 0.25,
                "statistic": 0.36,
                "documented": 0.64,
            },
        },
        description="Other strengths that somebody might defend, by name, for the multiverse; what is not named stays.",
    )


class Correction(Model):
    """Shares of statements, corrected by a random sample that people read (method.md, 5)."""

    fewest_read: int = pydantic.Field(
        30, ge=1, description="Fewest statements drawn at random that people have read; else the sample is too small."
    )
    fewest_differences: int = pydantic.Field(
        2,
        ge=1,
        description="Fewest of these on which people and predictions differ about a hypothesis; else it is too small.",
    )
    interval: float = pydantic.Field(0.9, gt=0, lt=1, description="Probability that the interval holds.")


class ExpectedObservations(Model):
    """What to find out next (method.md, 6)."""

    prior: float = pydantic.Field(
        0.5, gt=0, lt=1, description="Prior probability of each hypothesis; never from the corpus."
    )
    prior_low: float = pydantic.Field(0.1, gt=0, lt=1, description="Lowest prior that it is varied to.")
    prior_high: float = pydantic.Field(0.9, gt=0, lt=1, description="Highest prior that it is varied to.")
    weak_inconsistency: float = pydantic.Field(1.0, ge=0, description="Weight of an I in the matrix.")
    strong_inconsistency: float = pydantic.Field(2.0, ge=0, description="Weight of an II in the matrix.")

    @pydantic.model_validator(mode="after")
    def _ordered(self) -> ExpectedObservations:
        if not self.prior_low <= self.prior <= self.prior_high:
            raise ValueError("prior must lie between prior_low and prior_high")
        return self


class Agreement(Model):
    """Bootstrap of the agreement between coders."""

    draws: int = pydantic.Field(200, ge=1, description="How often whole utterances are drawn, with replacement.")
    seed: int = pydantic.Field(20240601, ge=0, description="Seed of the random draws.")
    interval: float = pydantic.Field(0.9, gt=0, lt=1, description="Share of the draws that the interval holds.")


class Method(Model):
    """Every constant of the method: a default, an assumption, and shown in the report as one."""

    agreement: Agreement = Agreement()
    strength: Strength = Strength()
    balance: Balance = Balance()
    ranking: Ranking = Ranking()
    certainty: Certainty = Certainty()
    robustness: Robustness = Robustness()
    correction: Correction = Correction()
    observations: ExpectedObservations = ExpectedObservations()


class CodingSheet(Model):
    """What `snakemake coding_sheet` draws for people to code; each statement is in one part only."""

    random: int = pydantic.Field(40, ge=0, description="Statements of a simple random sample: what rates rest on.")
    least_sure: int = pydantic.Field(20, ge=0, description="Statements that programs and models are least sure of.")
    most_weighty: int = pydantic.Field(20, ge=0, description="Statements whose computed codes carry the most.")
    seed: int = pydantic.Field(20240601, ge=0, description="Seed of the random draw.")


class Report(Model):
    """How the report is rendered."""

    title: Text
    subtitle: str | None = None
    author: str | None = None
    date: datetime.date | None = pydantic.Field(
        None, description="Date on the report; the newest document's where none is given."
    )
    renderer: Literal["auto", "quarto", "embedded"] = pydantic.Field(
        "auto", description="`auto` takes the Quarto CLI where it is installed, else the embedded renderer."
    )
    quotes: int = pydantic.Field(3, ge=1, description="Quotes for and against each hypothesis, at most.")
    evidence_rows: int = pydantic.Field(
        10_000, ge=1, description="Rows of the evidence table in the report, at most; evidence.csv holds all of them."
    )
    compare_with: Text | None = pydantic.Field(
        None,
        description="Folder of an earlier result (`results/<study>` of another run, or a copy of it), from the folder "
        "of this config; the report then says what changed.",
    )

    @property
    def compared_files(self) -> list[str]:
        """Tables of the earlier result, none where none is named."""
        return [f"{self.compare_with.rstrip('/')}/{name}" for name in COMPARED_FILES] if self.compare_with else []


class Study(Model):
    """A study: a question, a corpus, a codebook, coders, constants and a report."""

    study: Slug = pydantic.Field(description="Names the folder below results/.")
    question: Text
    codebook: Text = pydantic.Field(description="From the folder of this config.")
    checked_sources: str | None = pydantic.Field(None, description="CSV of cited sources that somebody checked.")
    sources: list[Source] = pydantic.Field(min_length=1)
    ingest: Ingest = Ingest()
    coders: list[Coder] = pydantic.Field(
        [SemanticCoder(name="semantic", type="semantic")],
        min_length=1,
        description="In order of precedence among coders of one origin; people outrank models, and models programs.",
    )
    method: Method = Method()
    coding_sheet: CodingSheet = CodingSheet()
    report: Report

    @property
    def other_files(self) -> list[str]:
        """Files beside the documents that the report rests on: codebook, codes, checked sources, an earlier result."""
        recorded = [coder.path for coder in self.coders if isinstance(coder, RecordedCoder)]
        checked = [self.checked_sources] if self.checked_sources else []
        return [self.codebook, *recorded, *checked, *self.report.compared_files]


# What jobs are given as JSON (see LoadedStudy.section) and read back.
SOURCES = pydantic.TypeAdapter(list[Source])
CODERS = pydantic.TypeAdapter(list[Coder])


def least_confidence(coders: Sequence[Coder]) -> dict[str, float]:
    """Give the least confidence of a code that is accepted, by name of the coder; those who read have none."""
    return {coder.name: coder.accept for coder in coders if not isinstance(coder, RecordedCoder | LlmCoder)}


class LoadedStudy:
    """A checked study, with its codebook and its paths as they are seen from the working folder.

    Args:
        config: path of the study's config.

    Raises:
        SteelyardError: with every mistake of the config, its codebook and the files they name.
    """

    def __init__(self, config: Path) -> None:
        """Read and check the config and its codebook."""
        file = YamlFile(config)
        self.config_path = config
        problems: list[Problem] = []
        with collecting(problems):
            self.config: Study = file.parse(Study)
        # What else may be wrong is looked for in the plain values, so that one mistake hides no other.
        problems += [*_twice(file), *_languages(file), *_unsettled(file), *self._missing(file), *self._earlier(file)]
        for _, name in file.texts("codebook"):
            with collecting(problems):
                self.codebook: Codebook = codebooks.load(self.path(name))
        if problems:
            raise SteelyardError(problems)

    @property
    def folder(self) -> Path:
        """The config's own folder, from which its paths are read."""
        return self.config_path.parent

    def path(self, name: str) -> Path:
        """Resolve a path of the config from the config's own folder."""
        return self.folder / name

    @property
    def source_paths(self) -> list[str]:
        """The corpus' files."""
        return [str(self.path(source.path)) for source in self.config.sources]

    @property
    def other_paths(self) -> list[str]:
        """The files beside the corpus that the report rests on."""
        return [str(self.path(name)) for name in self.config.other_files]

    @property
    def codebook_path(self) -> str:
        """The codebook's file."""
        return str(self.path(self.config.codebook))

    @property
    def checked_sources_path(self) -> list[str]:
        """The file of checked sources, or none."""
        return [str(self.path(self.config.checked_sources))] if self.config.checked_sources else []

    @property
    def recorded_names(self) -> list[str]:
        """Names of the recorded coders, in order of precedence."""
        return [coder.name for coder in self.config.coders if isinstance(coder, RecordedCoder)]

    def coder(self, name: str) -> Coder:
        """The coder of a name."""
        return next(coder for coder in self.config.coders if coder.name == name)

    @property
    def model_names(self) -> list[str]:
        """Names of the coders that ask a language model."""
        return [coder.name for coder in self.config.coders if isinstance(coder, LlmCoder)]

    @property
    def coder_folders(self) -> list[str]:
        """Where each coder's readings lie below annotate/, in order of precedence."""
        return [f"{coder.type}/{coder.name}" for coder in self.config.coders]

    def recorded_path(self, name: str) -> str:
        """The file of a coder's recorded codes."""
        coder = self.coder(name)
        assert isinstance(coder, RecordedCoder)
        return str(self.path(coder.path))

    def prompt_paths(self, name: str) -> list[str]:
        """A language model's prompt files that are the study's own; none where they are the package's."""
        coder = self.coder(name)
        assert isinstance(coder, LlmCoder)
        return [str(path) for path in sorted(self.path(coder.prompts).glob("*.txt"))] if coder.prompts else []

    def section(self, name: str) -> str:
        """Give a part of the config ("method.strength"), with its defaults, as JSON: what a job depends on."""
        value: Any = self.config
        for part in name.split("."):
            value = getattr(value, part)
        return pydantic.TypeAdapter(type(value)).dump_json(value, by_alias=True).decode()

    def _missing(self, file: YamlFile) -> list[Problem]:
        named = [
            *file.texts("sources", EACH, "path"),
            *file.texts("coders", EACH, "path"),
            *file.texts("checked_sources"),
        ]
        folders = file.texts("coders", EACH, "prompts")
        return [
            *(
                Problem(f"there is no file {self.path(name)}", file.where(location), self._nearest(name))
                for location, name in named
                if not self.path(name).is_file()
            ),
            *(
                Problem(f"there is no folder {self.path(name)}", file.where(location), self._nearest(name, Path.is_dir))
                for location, name in folders
                if not self.path(name).is_dir()
            ),
        ]

    def _earlier(self, file: YamlFile) -> list[Problem]:
        """Find out why an earlier result cannot be compared with: it is this very one, or not there, or not whole."""
        own = {(Path("results") / name).resolve() for _, name in file.texts("study")}
        problems = []
        for place, name in file.texts("report", "compare_with"):
            folder = self.path(name)
            missing = [table for table in COMPARED_FILES if not (folder / table).is_file()]
            if folder.resolve() in own:
                what = f"report.compare_with names {folder}, the very result that is built"
                hint = "Copy the folder before anything changes, and name the copy."
            elif not folder.is_dir():
                what, hint = f"there is no folder {folder}", self._nearest(name, Path.is_dir)
            elif missing:
                what = f"{folder} is no whole result: it holds no {', '.join(missing)}"
                hint = "Name the folder results/<study> of an earlier run, or a copy of it."
            else:
                continue
            problems.append(Problem(what, file.where(place), hint))
        return problems

    def _nearest(self, name: str, wanted: Callable[[Path], bool] = Path.is_file) -> str:
        path = self.path(name)
        if not path.parent.is_dir():
            return f"There is no folder {path.parent} either; paths are read from the config's own folder."
        hint = did_you_mean(path.name, [other.name for other in path.parent.iterdir() if wanted(other)])
        return hint if hint.startswith("Did") else "Paths are read from the config's own folder."


def _twice(file: YamlFile) -> list[Problem]:
    ids: dict[Location, str] = {place[:2]: Path(path).stem for place, path in file.texts("sources", EACH, "path")}
    ids |= {place[:2]: name for place, name in file.texts("sources", EACH, "id")}
    coders = [(place[:2], name) for place, name in file.texts("coders", EACH, "name")]
    answers = file.texts("coders", EACH, "answers")
    return [
        *file.twice("source", ids.items()),
        *file.twice("coder", coders),
        *file.twice("file of answers", answers),
    ]


def _unsettled(file: YamlFile) -> list[Problem]:
    kinds = {place[1]: kind for place, kind in file.texts("coders", EACH, "type")}
    recorded = [name for place, name in file.texts("coders", EACH, "name") if kinds.get(place[1]) == "recorded"]
    own = {place[1]: name for place, name in file.texts("coders", EACH, "name")}
    return [
        Problem(f"'{name}' is no other recorded coder", file.where(place), did_you_mean(name, recorded))
        for place, name in file.texts("coders", EACH, "settles", EACH)
        if name not in recorded or name == own.get(place[1])
    ]


def _languages(file: YamlFile) -> list[Problem]:
    cues = any(kind == "cues" for _, kind in file.texts("coders", EACH, "type"))
    lexicons = sorted(path.stem for path in _LEXICONS.glob("*.yaml"))
    problems = []
    for place, code in file.texts("ingest", "languages", EACH):
        if code not in LANGUAGES:
            problems.append(unknown_language(code, file.where(place)))
        elif cues and code not in lexicons:
            hint = f"There are lexicons for: {', '.join(lexicons)}. Another is one file beside them: {code}.yaml."
            problems.append(Problem(f"the cues coder has no lexicon for language '{code}'", file.where(place), hint))
    return problems
