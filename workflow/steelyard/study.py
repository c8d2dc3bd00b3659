"""A study's config as typed models; `loaded_study` reads and checks one."""

from __future__ import annotations

import codecs
import datetime
import hashlib
import re
import unicodedata
from collections.abc import Sequence
from pathlib import PurePath
from typing import Annotated, Literal

import pydantic

from steelyard import vocabulary
from steelyard.codebook import Text
from steelyard.yaml_file import Model

Share = Annotated[float, pydantic.Field(ge=0, le=1)]
Slug = Annotated[str, pydantic.Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
# Tables of an earlier result that a report compares itself with, as files below the result's folder.
COMPARED_FILES = tuple(
    f"{table}.parquet"
    for table in ("ingest/documents", "aggregate/evidence", "weigh/hypotheses", "weigh/robustness", "weigh/summary")
)


def _known_encoding(name: str) -> str:
    try:
        codec = codecs.lookup(name)
    except LookupError:
        codec = None
    if codec is None or not codec._is_text_encoding:
        raise ValueError(f"there is no encoding '{name}'; common ones are utf-8, windows-1252, utf-16 and gb18030")
    return name


def _written_date(value: object) -> object:
    """Take a date in quotation marks for one; whatever else stands there is told by the model."""
    return datetime.date.fromisoformat(value) if isinstance(value, str) and _DATE.fullmatch(value) else value


_DATE = re.compile(r"\d{4}-\d\d-\d\d")
Date = Annotated[datetime.date, pydantic.BeforeValidator(_written_date)]
Encoding = Annotated[str, pydantic.AfterValidator(_known_encoding)]
Format = Literal[
    "auto",
    "social_thread",
    "transcript",
    "comment_page",
    "article",
    "markdown",
    "html",
    "pdf",
    "docx",
    "srt",
    "vtt",
    "jsonl",
    "csv",
    "hackernews",
    "reddit",
]


class Turn(Model):
    """Who speaks from which words on, where the page itself does not say."""

    words: Text = pydantic.Field(alias="from", description="The first words of the turn, exactly as in the document.")
    speaker: Text = pydantic.Field(description="A label; turns with the same label are one voice.")
    name: str | None = pydantic.Field(None, description="The speaker's name, where it is known.")


class About(Model):
    """What is known of a document, in the config or in a file beside it: `<its name>.meta.yaml`.

    The config overrules the file beside the document, and that overrules the document itself.
    """

    id: Slug | None = pydantic.Field(
        None, description="Short name in tables and links; made of the file's name if not given."
    )
    format: Format = pydantic.Field(
        "auto", description="What kind of file it is, or how a text is laid out; `auto` recognises it."
    )
    encoding: Encoding | None = pydantic.Field(
        None, description="Of a text file, such as windows-1252; UTF-8 or what its byte order mark says if not given."
    )
    source_type: Text | None = pydantic.Field(
        None, description="What kind of source it is, such as social media, talk or op-ed. Every document needs one."
    )
    title: Text | None = pydantic.Field(None, description="Title in the report; the file's stem if nothing tells it.")
    date: Date | None = pydantic.Field(None, description="When it was published, where that is known.")
    url: str | None = pydantic.Field(None, description="Where it was published, where that is known.")
    author: str | None = pydantic.Field(None, description="Who wrote or spoke it, where the text itself does not say.")
    interest: vocabulary.Interest = pydantic.Field(
        "unknown", description="What its voices stand for, where that is known; descriptive only."
    )
    turns: list[Turn] = pydantic.Field([], description="Who speaks from which words on.")


class Columns(Model):
    """Names of the columns of a CSV file or the keys of JSON Lines (`user.name` for one inside another).

    Only the text must be there.
    """

    text: Text = "text"
    id: Text = "id"
    author: Text = "author"
    title: Text = "title"
    date: Text = "date"
    url: Text = "url"
    replies_to: Text = pydantic.Field("replies_to", description="Holds the id of the record that this one answers.")
    interest: Text = "interest"


class Source(About):
    """One document of the corpus, or several: the files that a pattern finds, the records of a file."""

    path: Text = pydantic.Field(
        description="From the folder of this config. `letters/*.md` stands for all files that fit, `**` for folders."
    )
    columns: Columns = Columns()
    record: Literal["post", "document"] = pydantic.Field(
        "post",
        description="What a record of a CSV or JSON Lines file is: a post of one document, or a document of its own.",
    )

    @property
    def document_id(self) -> str:
        """The source's id, or one that is made of its file's name."""
        return self.id or slug(PurePath(self.path).stem)


def slug(name: str) -> str:
    """Give a name as small letters, digits and hyphens; where nothing else is left, a digest of it."""
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    return "-".join(re.findall("[a-z0-9]+", plain)) or f"document-{short_digest(name)}"


def short_digest(name: str) -> str:
    """Give the first 6 hexadecimal digits of a name's SHA-256."""
    return hashlib.sha256(name.encode(errors="surrogateescape")).hexdigest()[:6]


class Ingest(Model):
    """How documents become statements."""

    languages: list[Text] = pydantic.Field(["en"], min_length=1, description="Languages that the corpus may hold.")
    largest_megabytes: int = pydantic.Field(
        64, ge=1, description="Most megabytes that a file of the corpus may have, or unpack to."
    )
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
    date: Date | None = pydantic.Field(
        None, description="Date on the report; the newest document's where none is given."
    )
    renderer: Literal["auto", "quarto", "embedded"] = pydantic.Field(
        "auto", description="`auto` takes the Quarto CLI where it is installed, else the embedded renderer."
    )
    quotes: int = pydantic.Field(3, ge=1, description="Quotes for and against each hypothesis, at most.")
    evidence_rows: int = pydantic.Field(
        10_000, ge=1, description="Rows of the evidence table in the report, at most; evidence.csv holds all of them."
    )
    shown_whole: int = pydantic.Field(
        5_000,
        ge=1,
        description="Statements of a corpus that the report shows word for word, at most; of a larger one it shows a "
        "selection and says so, and counts the whole.",
    )
    selected: int = pydantic.Field(
        700,
        ge=1,
        description="Statements of that selection, each with those beside it: the strongest, of different voices.",
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
