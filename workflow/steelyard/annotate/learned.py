"""The coder that learns from what was read in this study, and is measured on what it did not learn from.

What it learns from is the accepted reading of people and language models. Of a statement that was read it gives the
reading of models that saw neither that statement nor anything else of its voice, or of its utterance where one voice
has most of what was read (cross-validation, repeated and averaged), so that `quality.py` measures it honestly. Of all
other statements it gives the reading of one model that learned from every read statement.

Confidence of a code: the probability that the statement bears on the hypothesis, times that of the stance. Confidence
of the traits: how sure it is of the statement as a whole, which is the lesser of two probabilities, that of the kind
and that of being right about every hypothesis (the product of its answers'). Where that is below the threshold of
acceptance the statement counts as not read, and is left to people (`adjudicate.left`). That is no matter of how many
hypotheses apply: it may be sure that none does.

It compares all statements with one another, and holds them all: it is for corpora of which people can read a part,
not for those that are read in shards.

`other_motive` is never given. Nor is a stance, a kind, a doubt or a gap with fewer than 5 examples among what a model
learned from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import scipy.sparse as sparse
from scipy.sparse.csgraph import connected_components
from threadpoolctl import threadpool_limits

from steelyard import tables
from steelyard.annotate import bearing, classifier
from steelyard.annotate.adjudicate import accept
from steelyard.annotate.classifier import STANCE, TRAIT, Ties
from steelyard.annotate.embedding import Vectors
from steelyard.annotate.readings import Readings
from steelyard.annotate.sentences import ROLES_READ
from steelyard.annotate.similarity import Floats, Integers, similarity
from steelyard.codebook import Codebook
from steelyard.errors import Problem
from steelyard.vocabulary import KINDS, STANCES

FEWEST = 40
_FOLDS = 5
_REPEATS = 3
_SEED = 20240601
_MOST_OF_A_GROUP = 0.5  # share of the read statements; where one voice has more, voices are no groups
_RUN = 10  # statements in a row that are a group where utterances are none either
_LEAST_NOTED = 0.1  # codes of less confidence are not worth a row
_OF_OTHERS = 0.5  # how much a stance toward another hypothesis tells of the stance toward this one


@dataclass(frozen=True)
class Labels:
    """What was read, as numbers.

    Args:
        read: which statements were read, in the order of the text.
        coded: 1 where a hypothesis was coded, read x hypotheses.
        stances: number of the stance where one was coded, else -1, read x hypotheses.
        traits: by name (kind, hedged, gap) the number of its value, of each statement read.
    """

    read: Integers
    coded: Floats
    stances: Integers
    traits: Mapping[str, Integers]

    def of(self, rows: Integers) -> Labels:
        """Give the labels of some of the statements read."""
        traits = {name: values[rows] for name, values in self.traits.items()}
        return Labels(self.read[rows], self.coded[rows], self.stances[rows], traits)


@dataclass(frozen=True)
class Reading:
    """What a model says of statements, as probabilities.

    Args:
        bears: statements x hypotheses.
        stances: statements x hypotheses x stances.
        traits: by name (kind, hedged, gap) statements x values.
    """

    bears: Floats
    stances: Floats
    traits: Mapping[str, Floats]


def code(
    statements: pd.DataFrame,
    utterances: pd.DataFrame,
    documents: pd.DataFrame,
    codebook: Codebook,
    vectors: Vectors,
    readings: Sequence[Readings],
    precedence: Sequence[str],
    coder: str,
    fewest: int = FEWEST,
) -> Readings:
    """Read statements as those who read some of them would.

    Args:
        statements: per `tables.STATEMENTS`.
        utterances: per `tables.UTTERANCES`; posts, headlines and summaries are read.
        documents: per `tables.DOCUMENTS`; their digests order the draws, so that ids don't matter.
        codebook: the hypotheses, with their definitions and cues.
        vectors: of the statements and of `texts(codebook)`; if there are none, it goes by words and letters alone.
        readings: of those who read; what programs read is left out.
        precedence: names of those who read, the one that counts most first.
        coder: name of this coder in the tables.
        fewest: fewest statements that must have been read.

    Returns:
        A trait reading for every statement, and a reading for every hypothesis that may apply. No sightings. Nothing
        at all where there is too little to learn from: `fault` says why.
    """
    rows = _in_order(statements, utterances, documents)
    labels = _labels(rows, codebook, readings, precedence)
    if _fault(labels, fewest):
        return Readings(tables.READINGS.empty(), tables.TRAIT_READINGS.empty(), tables.SIGHTING_READINGS.empty())
    with threadpool_limits(1):
        return _readings(rows, codebook, _read(rows, codebook, vectors, labels), coder)


def fault(
    statements: pd.DataFrame,
    utterances: pd.DataFrame,
    documents: pd.DataFrame,
    codebook: Codebook,
    readings: Sequence[Readings],
    precedence: Sequence[str],
    fewest: int = FEWEST,
) -> Problem | None:
    """Say why there is too little to learn from; None where there is enough. Arguments as of `code`."""
    return _fault(_labels(_in_order(statements, utterances, documents), codebook, readings, precedence), fewest)


def texts(codebook: Codebook) -> list[str]:
    """Give the texts of a codebook that statements are compared with: they need vectors too."""
    return [text for hypothesis in codebook.hypotheses for text in bearing.definition(hypothesis)]


def _in_order(statements: pd.DataFrame, utterances: pd.DataFrame, documents: pd.DataFrame) -> pd.DataFrame:
    """Give the statements to read in the order of the text; documents in that of their digests."""
    roles = utterances.set_index("utterance_id")["role"]
    rows = statements[statements["utterance_id"].map(roles).isin(ROLES_READ)]
    digests = documents.set_index("document_id")["sha256"]
    rows = rows.assign(digest=rows["document_id"].map(digests))
    return rows.sort_values(["digest", "start"], kind="stable", ignore_index=True)


def _labels(rows: pd.DataFrame, codebook: Codebook, readings: Sequence[Readings], precedence: Sequence[str]) -> Labels:
    codes, traits, _ = accept(readings, precedence, {})
    place = pd.Series(np.arange(len(rows)), index=rows["statement_id"])
    traits = traits[(traits["origin"] != "program") & traits["statement_id"].isin(place.index)]
    traits = traits.assign(place=traits["statement_id"].map(place)).sort_values("place")
    read = traits["place"].to_numpy(dtype=int)
    codes = codes[codes["statement_id"].isin(traits["statement_id"]) & codes["hypothesis_id"].isin(codebook.ids)]
    at = (
        np.searchsorted(read, codes["statement_id"].map(place).to_numpy(dtype=int)),
        codes["hypothesis_id"].map(codebook.ids.index).to_numpy(dtype=int),
    )
    stances = np.full((len(read), len(codebook.ids)), -1)
    stances[at] = codes["stance"].map(STANCES.index)
    values = {"kind": traits["kind"].map(KINDS.index), "hedged": traits["hedged"], "gap": traits["gap"]}
    return Labels(
        read, (stances >= 0).astype(float), stances, {name: one.to_numpy(dtype=int) for name, one in values.items()}
    )


def _fault(labels: Labels, fewest: int) -> Problem | None:
    hint = "More statements have to be read first: `snakemake coding_sheet` draws them."
    if len(labels.read) < fewest:
        return Problem(f"{len(labels.read)} statements have been read, {fewest} is the fewest to learn from", hint=hint)
    return None


def _read(rows: pd.DataFrame, codebook: Codebook, vectors: Vectors, labels: Labels) -> Reading:
    """Give the reading of all statements; of those that were read, by models that saw nothing of their group."""
    said, languages = rows["text"].tolist(), rows["language"].tolist()
    defined = [bearing.definition(hypothesis) for hypothesis in codebook.hypotheses]
    owners = np.repeat(np.arange(len(defined)), [len(one) for one in defined])
    spoken = [languages[0]] * len(owners)
    alike = similarity([*said, *(text for one in defined for text in one)], [*languages, *spoken], vectors)
    pointed = bearing.cues(said, languages, codebook)[:, :, None]
    own = np.concatenate([bearing.likeness(alike, len(rows), owners), pointed], axis=2)
    features = np.concatenate([own, bearing.around(own[:, :, [1, 4]], pd.factorize(rows["utterance_id"])[0])], axis=2)
    all_ties = classifier.ties(alike, labels.read)

    everything = np.arange(len(rows))
    groups = _groups(rows.iloc[labels.read])
    reading = _model(features, all_ties, labels, groups, np.arange(len(labels.read)), everything)
    for part in (reading.bears, reading.stances, *reading.traits.values()):
        part[labels.read] = 0
    for fold in _folds(groups):
        left_out, learned_from = np.flatnonzero(fold), np.flatnonzero(~fold)
        to = labels.read[left_out]
        found = _model(features, all_ties, labels, groups, learned_from, to)
        reading.bears[to] += found.bears / _REPEATS
        reading.stances[to] += found.stances / _REPEATS
        for name, values in found.traits.items():
            reading.traits[name][to] += values / _REPEATS
    return reading


def _model(
    features: Floats, all_ties: Ties, labels: Labels, groups: Integers, learned_from: Integers, to: Integers
) -> Reading:
    """Learn from some of the statements read (by their place among them), and read others (by their place)."""
    known, own = labels.of(learned_from), all_ties.of(to, learned_from)
    return Reading(
        bearing.probabilities(features[to], features[known.read], own, known.coded, groups[learned_from]),
        _stances(own, known),
        {
            name: classifier.probabilities(own, values, len(KINDS) if name == "kind" else 2, TRAIT)
            for name, values in known.traits.items()
        },
    )


def _stances(own: Ties, known: Labels) -> Floats:
    """Give the probability of each stance toward each hypothesis, as if it were coded.

    All codes teach, those of the hypothesis itself twice as much as those of others.
    """
    labelled, hypotheses = np.nonzero(known.coded)
    labels = known.stances[labelled, hypotheses]
    coded = own.of(np.arange(len(own.alike)), labelled)
    same = np.where(hypotheses[:, None] == hypotheses, 1.0, _OF_OTHERS)
    found = []
    for hypothesis in range(known.coded.shape[1]):
        to = np.broadcast_to(np.where(hypotheses == hypothesis, 1.0, _OF_OTHERS), coded.alike.shape)
        found.append(classifier.probabilities(coded.weighed(same, to), labels, len(STANCES), STANCE))
    return np.stack(found, axis=1)


def _groups(read: pd.DataFrame) -> Integers:
    """Number the groups that are never learned from and measured at once.

    Voices, or utterances where one voice has most of what was read, or runs of statements where one utterance has;
    statements that repeat one another are in one group always.
    """
    voices, utterances, echoes = (pd.factorize(read[name])[0] for name in ("voice_id", "utterance_id", "echo_id"))
    runs = pd.factorize(pd.Series(list(zip(utterances, np.arange(len(read)) // _RUN, strict=True))))[0]
    for said_by in (voices, utterances, runs):
        groups = _joined(said_by, echoes)
        if np.bincount(groups).max() <= _MOST_OF_A_GROUP * len(read):
            break
    return groups


def _joined(one: Integers, other: Integers) -> Integers:
    """Number the statements so that those which share a number of either have one."""
    size = one.max() + 1
    links = (np.ones(len(one)), (one, size + other))
    found = connected_components(sparse.coo_array(links, shape=(size + other.max() + 1,) * 2), directed=False)[1]
    numbers: Integers = pd.factorize(found[one])[0]
    return numbers


def _folds(groups: Integers) -> Iterator[np.ndarray]:
    """Give which statements are left out of each fold, of all repeats; a group is in one fold, and folds are alike."""
    sizes = np.bincount(groups)
    draws = np.random.default_rng(_SEED)
    for _ in range(_REPEATS):
        fold_of, filled = np.zeros(len(sizes), dtype=int), np.zeros(_FOLDS)
        for group in draws.permutation(len(sizes)):
            fold_of[group] = filled.argmin()
            filled[fold_of[group]] += sizes[group]
        yield from (left_out for fold in range(_FOLDS) if (left_out := fold_of[groups] == fold).any())


def _readings(rows: pd.DataFrame, codebook: Codebook, reading: Reading, coder: str) -> Readings:
    signature = {"coder": coder, "origin": "program"}
    stances = reading.stances.argmax(axis=2)
    confidence = np.round(reading.bears * reading.stances.max(axis=2), 4)
    statement, hypothesis = np.nonzero(confidence >= _LEAST_NOTED)
    ids = rows["statement_id"].to_numpy()
    codes = pd.DataFrame(
        {
            "statement_id": ids[statement],
            "hypothesis_id": np.array(codebook.ids, dtype=object)[hypothesis],
            "stance": np.array(STANCES, dtype=object)[stances[statement, hypothesis]],
            "confidence": confidence[statement, hypothesis],
            "label": None,
            **signature,
        }
    )
    kinds = reading.traits["kind"]
    all_right = np.maximum(reading.bears, 1 - reading.bears).prod(axis=1)
    traits = pd.DataFrame(
        {
            "statement_id": ids,
            "kind": np.array(KINDS, dtype=object)[kinds.argmax(axis=1)],
            "hedged": reading.traits["hedged"].argmax(axis=1) == 1,
            "gap": reading.traits["gap"].argmax(axis=1) == 1,
            "confidence": np.round(np.minimum(kinds.max(axis=1), all_right), 4),
            **signature,
        }
    )
    return Readings(tables.READINGS.frame(codes), tables.TRAIT_READINGS.frame(traits), tables.SIGHTING_READINGS.empty())
