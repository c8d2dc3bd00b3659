"""Small corpora written by hand: what somebody says, where, and how it was coded."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from plain_aggregation import counts, evidence, ledger, prints
from steelyard import tables
from steelyard.aggregate.counts import Counts
from steelyard.codebook import Bearing, Codebook, Hypothesis, Observation
from steelyard.study import Method, Ranking, Robustness, Strength
from steelyard.vocabulary import STRENGTH_KINDS
from steelyard.weigh import Weights, gaps, robustness, summary, weigh
from steelyard.weigh.coding_error import balances
from steelyard.weigh.items import Items

METHOD = Method(ranking=Ranking(read_statements=2), robustness=Robustness(draws=200))


def _observation(name: str, effort: int, **ratings: tuple[str, float, float]) -> Observation:
    bearings = {
        h: Bearing(rating=rating, seen_if_true=true, seen_if_false=false)
        for h, (rating, true, false) in ratings.items()
    }
    return Observation(id=name, see=f"One sees {name}.", where="In the archive.", effort=effort, bears_on=bearings)


CODEBOOK = Codebook(
    question="Why?",
    hypotheses=[
        Hypothesis(
            id="greed",
            name="Greed",
            role="motive",
            claim="It pays.",
            observations=[
                _observation("ledger_book", 1, greed=("CC", 0.8, 0.2), honour=("II", 0.1, 0.4)),
                _observation("price_list", 3, greed=("C", 0.6, 0.4), honour=("C", 0.6, 0.5)),
            ],
        ),
        Hypothesis(
            id="honour",
            name="Honour",
            role="motive",
            claim="It brings honour.",
            observations=[_observation("medal", 2, honour=("C", 0.7, 0.3), greed=("I", 0.3, 0.5))],
        ),
        Hypothesis(id="habit", name="Habit", role="motive", claim="It was always so."),
        Hypothesis(id="need", name="Need", role="condition", claim="There is need."),
    ],
)


@dataclass(frozen=True)
class Said:
    """One statement, an utterance of its own; `echoes` is the place in the list of the one it repeats."""

    voice: str = "Ann"
    codes: dict[str, str] = field(default_factory=dict)
    kind: str = "assertion"
    hedged: bool = False
    document: str = "paper"
    text: str = "So it is."
    role: str = "post"
    origin: str = "human"
    coder: str = "reader"
    echoes: int | None = None
    sightings: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Corpus:
    """All the tables that the two rooms read, and short ways through the rooms."""

    documents: pd.DataFrame
    voices: pd.DataFrame
    utterances: pd.DataFrame
    statements: pd.DataFrame
    codes: pd.DataFrame
    traits: pd.DataFrame
    sightings: pd.DataFrame
    checked_sources: pd.DataFrame | None = None
    method: Method = METHOD
    codebook: Codebook = CODEBOOK
    multiverse: pd.DataFrame = field(default_factory=tables.MULTIVERSE.empty)

    @functools.cached_property
    def evidence(self) -> pd.DataFrame:
        frames = (self.codes, self.traits, self.statements, self.utterances, self.documents)
        return evidence(*frames, self.checked_sources, self.method.strength)

    @functools.cached_property
    def ledger(self) -> pd.DataFrame:
        return ledger(self.evidence)

    @functools.cached_property
    def prints(self) -> pd.DataFrame:
        frames = (self.codes, self.sightings, self.statements, self.utterances)
        return prints(*frames, self.checked_sources, self.codebook.subject)

    @functools.cached_property
    def counts(self) -> Counts:
        return counts(self.codes, self.traits, self.statements, self.utterances)

    @functools.cached_property
    def weights(self) -> Weights:
        return weigh(
            evidence=self.evidence,
            ledger=self.ledger,
            sightings=self.sightings,
            prints=self.prints,
            counts=self.counts,
            codebook=self.codebook,
            method=self.method,
        )

    def hypothesis(self, name: str) -> pd.Series:
        return self.weights.hypotheses.set_index("hypothesis_id").loc[name]

    def robustness(self, quality: pd.DataFrame | None = None) -> pd.DataFrame:
        return robustness(
            hypotheses=self.weights.hypotheses,
            evidence=self.evidence,
            quality=tables.QUALITY.empty() if quality is None else quality,
            prints=self.prints,
            documents=self.documents,
            multiverse=self.multiverse,
            codebook=self.codebook,
            method=self.method,
        )

    def balances(self, quality: pd.DataFrame) -> pd.DataFrame:
        """The intervals of the balance with measured error of coding."""
        return balances(
            hypotheses=self.weights.hypotheses,
            evidence=self.evidence,
            quality=quality,
            prints=self.prints,
            documents=self.documents,
            codebook=self.codebook,
            method=self.method,
        )

    @functools.cached_property
    def doubts(self) -> pd.DataFrame:
        """The robustness where no error of coding was measured."""
        return self.robustness()

    @functools.cached_property
    def gaps(self) -> pd.DataFrame:
        return gaps(
            evidence=self.evidence,
            prints=self.prints,
            voices=self.voices,
            hypotheses=self.weights.hypotheses,
            observations=self.weights.observations,
            matrix=self.weights.matrix,
            codebook=self.codebook,
        )

    @functools.cached_property
    def summary(self) -> dict[str, str | None]:
        rows = summary(
            counts=self.counts,
            prints=self.prints,
            evidence=self.evidence,
            ledger=self.ledger,
            hypotheses=self.weights.hypotheses,
            shown_by_kind=self.weights.shown_by_kind,
            observations=self.weights.observations,
            matrix=self.weights.matrix,
            relations=self.weights.relations,
            multiverse=self.multiverse,
            robustness=self.doubts,
            codebook=self.codebook,
            method=self.method,
        )
        return {r.name: None if pd.isna(r.value) else r.value for r in rows.itertuples(index=False, name="Row")}

    def shuffled(self, seed: int) -> Corpus:
        """The same rows in another order."""
        names = ("documents", "voices", "utterances", "statements", "codes", "traits", "sightings")
        return replace(
            self, **{n: getattr(self, n).sample(frac=1, random_state=seed, ignore_index=True) for n in names}
        )


def corpus(
    said: Sequence[Said],
    *,
    name: Callable[[str], str] = str,
    interests: dict[str, str] | None = None,
    copies: dict[str, str] | None = None,
    checked_sources: pd.DataFrame | None = None,
    method: Method = METHOD,
    codebook: Codebook = CODEBOOK,
) -> Corpus:
    """Make tables of what was said.

    Args:
        said: statements, in the order in which they stand in their documents.
        name: makes an id of a document's, voice's, utterance's or statement's plain name.
        interests: what a voice stands for.
        copies: documents that have the bytes of another, by name.
        checked_sources: as `sources.read` gives them.
        method: the constants.
        codebook: hypotheses and expected observations.
    """
    documents, voices, utterances, statements, codes, traits, sightings = ([] for _ in range(7))
    for document in dict.fromkeys(s.document for s in said):
        original = (copies or {}).get(document, document)
        documents.append(
            {
                "document_id": name(document),
                "path": f"{document}.txt",
                "sha256": hashlib.sha256(original.encode()).hexdigest(),
                "title": document,
                "format": "article",
                "source_type": "op-ed",
                "characters": 1000,
                "language": "en",
                "date": None,
                "url": None,
            }
        )
    for voice in dict.fromkeys(s.voice for s in said):
        voices.append({"voice_id": name(voice), "name": voice, "interest": (interests or {}).get(voice, "unknown")})
    for number, s in enumerate(said):
        original = number if s.echoes is None else s.echoes
        place = {
            "document_id": name(s.document),
            "voice_id": name(s.voice),
            "start": 10 * number,
            "end": 10 * number + 9,
        }
        utterance = {
            "utterance_id": name(f"u{number}"),
            "role": s.role,
            "replies_to": None,
            "echo_id": name(f"u{original}"),
        }
        statement = {"statement_id": name(f"s{number}"), "utterance_id": name(f"u{number}"), "text": s.text}
        coder = {"confidence": 0.9, "coder": s.coder, "origin": s.origin}
        utterances.append(place | utterance)
        statements.append(place | statement | {"language": "en", "echo_id": name(f"s{original}")})
        about = {"statement_id": name(f"s{number}")} | coder
        codes += [about | {"hypothesis_id": h, "stance": stance, "label": None} for h, stance in s.codes.items()]
        traits.append(about | {"kind": s.kind, "hedged": s.hedged, "gap": False})
        sightings += [about | {"observation_id": o, "finding": finding} for o, finding in s.sightings.items()]
    return Corpus(
        *(
            _frame(table, rows)
            for table, rows in (
                (tables.DOCUMENTS, documents),
                (tables.VOICES, voices),
                (tables.UTTERANCES, utterances),
                (tables.STATEMENTS, statements),
                (tables.CODES, codes),
                (tables.TRAITS, traits),
                (tables.SIGHTINGS, sightings),
            )
        ),
        checked_sources,
        method,
        codebook,
    )


@functools.cache
def _types(name: str) -> dict[str, object]:
    return tables.TABLES[name].empty().dtypes.to_dict()


def _frame(table: tables.Table, rows: list[dict]) -> pd.DataFrame:
    """Rows as a table, not checked: it is the tests' own, and checking takes half their time."""
    return pd.DataFrame(rows, columns=list(table.columns)).astype(_types(table.name))


def checked(*sources: tuple[str, str, bool]) -> pd.DataFrame:
    """Checked sources of (reference, verdict, party)."""
    return pd.DataFrame(sources, columns=["reference", "verdict", "party"])


def quality(*rows: tuple[str, str, int, float, float | None, str, str]) -> pd.DataFrame:
    """Measured quality of (coder, axis, given, precision, recall, origin, reference), pooled over labels."""
    names = ["coder", "axis", "given", "precision", "recall", "origin", "reference"]
    measures = [f"{name}{end}" for name in ("precision_", "recall_", "") for end in ("low", "high")]
    rest = {"label": "all", "n": 100, "sample": "random", "reference_origin": "human"} | dict.fromkeys(
        ["alpha", *measures]
    )
    made = [dict(zip(names, row, strict=True)) | {"reading": row[0]} | rest for row in rows]
    for row in made:
        row["expected"] = round(row["given"] * row["precision"] / row["recall"]) if row["recall"] else 20
    return tables.QUALITY.frame(made)


def items(rows: list[tuple[int, int, int, str, bool]]) -> Items:
    """Items of (voice, hypothesis, sign, kind, hedged), of two hypotheses and one coder."""
    voice, hypothesis, sign, kind, hedged = (np.array(column) for column in zip(*rows, strict=True))
    strength = Strength().model_dump()
    base = np.array([strength[k] * (0.5 if h else 1) for k, h in zip(kind, hedged, strict=True)])
    kinds = np.array([STRENGTH_KINDS.index(k) for k in kind])
    return Items(voice, hypothesis, sign, base, kinds, hedged, np.zeros(len(rows), dtype=int), ["ann"], 2)
