"""What a statement's own words say by the lexicon of its language and the codebook's cues, and who stands beside it.

Shared by the coders that are programs: `cues.py` finds hypotheses by cues, `semantic.py` by likeness.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import NamedTuple

import pandas as pd

from steelyard import tables
from steelyard.annotate import lexicon as lexicons
from steelyard.annotate.matching import Span, fold, matcher_of
from steelyard.annotate.readings import Readings
from steelyard.annotate.stance import as_a_whole, scopes, stance
from steelyard.annotate.traits import kind
from steelyard.codebook import Codebook
from steelyard.vocabulary import Kind, Stance

ROLES_READ = ("post", "headline", "summary")
_TRAITS = ["statement_id", "kind", "hedged", "gap"]
CONFIDENCE_OF_TRAITS = 0.85  # no threshold accepts a statement's codes and refuses its traits


class Sentence(NamedTuple):
    """What one statement's own words say.

    Args:
        statement_id: the statement.
        stances: toward each hypothesis that its cues point to.
        cues: how many distinct cues point to each.
        whole: stance of the statement as a whole, toward what no cue points to.
        takes_up: it takes up the sentence before.
        denies: it denies what was said before it.
        asks: it is a question that waits for an answer.
        kind: of evidence.
        hedged: it marks doubt.
        gap: it says that evidence is missing.
    """

    statement_id: str
    stances: Mapping[str, Stance]
    cues: Mapping[str, int]
    whole: Stance
    takes_up: bool
    denies: bool
    asks: bool
    kind: Kind
    hedged: bool
    gap: bool


class InContext(NamedTuple):
    """A sentence between its neighbours in the same utterance; none at an end."""

    before: Sentence | None
    sentence: Sentence
    after: Sentence | None

    @property
    def is_denied(self) -> bool:
        """Whether what it says is denied next: "Some say it is X. I don't buy that." opposes X."""
        return self.after is not None and self.after.denies


# Columns of the tables ingest/statements and ingest/utterances that programs read.
READ_OF_STATEMENTS = ("statement_id", "utterance_id", "document_id", "start", "text", "language")
READ_OF_UTTERANCES = ("utterance_id", "role")

Read = Callable[[str, str, bool], Sentence]
Code = tuple[str, str, Stance, float]  # statement, hypothesis, stance, confidence


def statements_read(statements: pd.DataFrame, utterances: pd.DataFrame) -> pd.DataFrame:
    """Give the statements that programs read, in the corpus' order: those of posts, headlines and summaries."""
    read = utterances.loc[utterances["role"].isin(ROLES_READ), "utterance_id"]
    return statements[statements["utterance_id"].isin(read)].sort_values(["document_id", "utterance_id", "start"])


def in_context(
    rows: pd.DataFrame, codebook: Codebook, *, bearing: Container[str] = (), any_language: bool = False
) -> Iterator[InContext]:
    """Read statements.

    Args:
        rows: what `statements_read` gives.
        codebook: hypotheses with cues by language.
        bearing: statements of which it is known that they bear on a hypothesis, and so claim something.
        any_language: whether a statement in a language without a lexicon is read all the same; nothing is read in
            its words then: it is an assertion that raises what it bears on.

    Raises:
        SteelyardError: there is no lexicon for a statement's language, and not `any_language`.
    """
    programs: dict[str, Read] = {}
    for language in sorted(rows["language"].unique()):
        known = not any_language or language.split("-")[0] in lexicons.languages()
        programs[language] = Program(codebook, language).read if known else unread
    columns = zip(*(rows[name] for name in ("utterance_id", "language", "statement_id", "text")), strict=True)
    for _, utterance in groupby(columns, key=itemgetter(0)):
        sentences = [programs[language](name, text, name in bearing) for _, language, name, text in utterance]
        around = zip([None, *sentences[:-1]], sentences, [*sentences[1:], None], strict=True)
        yield from (InContext(*neighbours) for neighbours in around)


def readings_of(sentences: Sequence[Sentence], codes: Sequence[Code], coder: str) -> Readings:
    """Give a program's tables: a trait reading of every sentence, and no sightings.

    Args:
        sentences: all that were read.
        codes: what they bear on.
        coder: name of the coder in the tables.
    """
    signature = {"coder": coder, "origin": "program"}
    read = pd.DataFrame(codes, columns=["statement_id", "hypothesis_id", "stance", "confidence"])
    traits = pd.DataFrame(map(attrgetter(*_TRAITS), sentences), columns=_TRAITS)
    return Readings(
        tables.READINGS.frame(read.assign(label=None, **signature)),
        tables.TRAIT_READINGS.frame(traits.assign(confidence=CONFIDENCE_OF_TRAITS, **signature)),
        tables.SIGHTING_READINGS.empty(),
    )


class Program:
    """The cues of a codebook in one language, ready to be looked up.

    Args:
        codebook: hypotheses with cues by language; without cues in this one a hypothesis is never found.
        language: code of the language.

    Raises:
        SteelyardError: there is no lexicon for it.
    """

    def __init__(self, codebook: Codebook, language: str) -> None:
        """Compile the cues."""
        self.lexicon = lexicons.compiled(language)
        self.cues = matcher_of({hypothesis.id: hypothesis.cues for hypothesis in codebook.hypotheses}, language)

    def read(self, statement_id: str, text: str, bears: bool = False) -> Sentence:
        """Read a statement.

        Args:
            statement_id: the statement.
            text: its text.
            bears: whether it is known to bear on a hypothesis, cues or not.
        """
        folded = fold(text)
        spans, marks = self.cues.spans(folded), self.lexicon.marks(folded)
        governing = scopes(len(folded), marks)
        first = min((start for found in spans.values() for start, _ in found), default=len(folded))
        return Sentence(
            statement_id,
            {hypothesis: stance(found, governing) for hypothesis, found in spans.items()},
            {hypothesis: _distinct(folded, found) for hypothesis, found in spans.items()},
            as_a_whole(len(folded), governing),
            takes_up="continuations" in marks,
            denies=any(start < first for start, _ in marks.get("denials", ())),
            asks=lexicons.asks(marks),
            kind=kind(folded, marks, self.lexicon, has_cue=bool(spans) or bears),
            hedged="hedges" in marks,
            gap="gaps" in marks,
        )


def unread(statement_id: str, text: str, bears: bool = False) -> Sentence:
    """Give the sentence of a language without a lexicon: nothing is read in its words."""
    return Sentence(
        statement_id,
        {},
        {},
        "raises",
        takes_up=False,
        denies=False,
        asks=False,
        kind="assertion",
        hedged=False,
        gap=False,
    )


def _distinct(text: bytes, spans: list[Span]) -> int:
    return len({text[start:end].decode().casefold() for start, end in spans})
