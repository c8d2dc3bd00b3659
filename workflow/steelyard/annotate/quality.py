"""How far each coder agrees with those who read.

Two readings by one kind of reader measure repeatability, not truth. Where a quotient is undefined (nothing found,
nothing to find, no variation) the table is empty there, never zero.
"""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import krippendorff
import numpy as np
import pandas as pd

from steelyard import tables, vocabulary
from steelyard.annotate.adjudicate import accept
from steelyard.annotate.readings import Readings
from steelyard.engine import Engine
from steelyard.study import Agreement, Coder, RecordedCoder, least_confidence
from steelyard.vocabulary import KINDS, STANCES

_RANDOM_PART = "the random part of a coding sheet, as far as it was coded"
_DEVELOPMENT = ", development"
_FEWEST_UTTERANCES = 5  # with the label; of fewer no interval is drawn
_NONE = "none"


_COMPARED = "semi join (select statement_id from trait_readings where origin <> 'program') using (statement_id)"
# A query over ingest/statements and annotate/trait_readings.
COMPARED_STATEMENTS = f"select statement_id, utterance_id, document_id, start from statements {_COMPARED}"


@dataclass(frozen=True)
class _Units:
    """What two coders said of the same units, as numbers of categories.

    Args:
        given: the measured coder's category of each unit.
        reference: the reference's category of each unit.
        utterance: number of the utterance that each unit belongs to.
        categories: how many categories there are; of two, 1 is the one to be found.
    """

    given: np.ndarray
    reference: np.ndarray
    utterance: np.ndarray
    categories: int = 2


@dataclass(frozen=True)
class Comparison:
    """What is compared with what, to say how good a coder is.

    Args:
        coder: whose quality it is.
        reading: whose reading is compared: the coder's own, or, for one that settles two readings, the second of them.
        reference: the coders whose accepted reading it is compared with.
        reference_origin: who they are.
        sample: in words, how the statements that they read were drawn.
        development: whether the coder was worked on with this corpus at hand.
    """

    coder: str
    reading: str
    reference: tuple[str, ...]
    reference_origin: str
    sample: str
    development: bool


def comparisons(coders: Sequence[Coder], origins: Mapping[str, str]) -> list[Comparison]:
    """Say what each coder is compared with.

    A model or a program is compared with people, where any have read; a program otherwise with the models that read. A
    coder that settles two readings of its own kind is judged by how far the two agree: they are compared with one
    another, and stand for nothing else. Of other readers of one kind each is compared with the first before it.

    Args:
        coders: of the study, in order of precedence.
        origins: origin of each coder that read anything, by its name.
    """
    recorded = {coder.name: coder for coder in coders if isinstance(coder, RecordedCoder) and coder.name in origins}
    settled = {
        name for coder in recorded.values() for name in coder.settles if origins.get(name) == origins[coder.name]
    }
    readers = [name for name in recorded if name not in settled]
    found = []
    for coder in coders:
        name = coder.name
        if name not in origins or name in settled:
            continue
        before = [other for other in readers if _outranks(other, name, readers, origins)]
        pairs = [(origin, (name, [r for r in before if origins[r] == origin])) for origin in vocabulary.ORIGINS]
        chosen = [(one, names[:1] if origin == origins[name] else names) for origin, (one, names) in pairs if names][:1]
        settles = coder.settles if isinstance(coder, RecordedCoder) else []
        if settles and set(settles) <= settled:
            chosen.append((settles[1], settles[:1]))
        found += [_comparison(coder, reading, names, recorded, origins) for reading, names in chosen]
    return found


def _outranks(other: str, name: str, readers: Sequence[str], origins: Mapping[str, str]) -> bool:
    ranks = [
        (vocabulary.ORIGINS.index(origins[one]), list(readers).index(one) if one in readers else len(readers))
        for one in (other, name)
    ]
    return ranks[0] < ranks[1]


def _comparison(
    coder: Coder, reading: str, names: Sequence[str], recorded: Mapping[str, RecordedCoder], origins: Mapping[str, str]
) -> Comparison:
    sample = "; ".join(dict.fromkeys(recorded[name].sample for name in names))
    development = getattr(coder, "development", False)
    return Comparison(coder.name, reading, tuple(names), origins[names[0]], sample, development)


def comparable(corpus: Engine) -> Readings:
    """Give what all coders read of the statements that a person or a language model read; all others compare nothing.

    Args:
        corpus: has views of annotate/readings and annotate/trait_readings.
    """
    codes, traits = (corpus.sql(f"from {name} {_COMPARED}").df() for name in ("readings", "trait_readings"))
    return Readings(codes, traits, tables.SIGHTING_READINGS.empty())


def measure(
    readings: Readings,
    coders: Sequence[Coder],
    statements: pd.DataFrame,
    documents: pd.DataFrame,
    hypotheses: Sequence[str],
    settings: Agreement,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Compare every coder with its reference (`comparisons`), on the statements that both read.

    If a coding sheet drew statements at random, only these are compared: others were chosen for being hard, or weighty,
    or nobody knows how. What shares no statement with its reference is left out. Axes and their labels: `hypothesis`
    (each, and `all`: pooled over statements x hypotheses), `stance` (each, and `all`; where both coded a hypothesis),
    `kind` (each, and `all`), `hedged` and `gap` (`true`).

    Precision is the share of what the coder found that the reference has too, recall the share of what the reference
    has that the coder found; for `all` of stance and kind both are the share of equal categories. Alpha is
    Krippendorff's, nominal (Content Analysis, 3rd ed. 2013, ch. 12). Each has a percentile interval from seeded draws
    of whole utterances with replacement; none where fewer than five utterances have the label.

    Args:
        readings: of all coders.
        coders: of the study, in order of precedence.
        statements: per `tables.STATEMENTS`.
        documents: per `tables.DOCUMENTS`; their digests order the draws, so that ids don't matter.
        hypotheses: ids that may be coded, `other_motive` among them.
        settings: number and seed of the draws, and what share of them the interval holds.

    Returns:
        Rows per `tables.QUALITY` (`n` counts the units compared, `given` and `expected` those that the coder and the
        reference gave the label; for `all`: any label) and per `tables.CONFUSION`.
    """
    utterances = _utterance_numbers(statements, documents)
    origins = {
        str(coder): str(min(set(found), key=vocabulary.ORIGINS.index))
        for coder, found in readings.traits.groupby("coder")["origin"]
    }
    quality: list[dict[str, Any]] = []
    confusion: list[dict[str, Any]] = []
    for one in comparisons(coders, origins):
        names = ([one.reading], list(one.reference))
        accepted = [accept([readings], chosen, least_confidence(coders)) for chosen in names]
        drawn, traits = _compared(accepted, one.reference_origin)
        if traits[0].empty:
            continue
        read = utterances[utterances.index.isin(traits[0].index)]
        numbers = pd.factorize(read)[0]
        weights = _weights(int(numbers.max(initial=-1)) + 1, settings)
        codes = [part[0] for part in accepted]
        traits = [part.loc[read.index] for part in traits]
        about = {"coder": one.coder, "reference": ", ".join(one.reference)}
        more = {
            "reading": one.reading,
            "origin": origins[one.reading],
            "reference_origin": one.reference_origin,
            "sample": (_RANDOM_PART if drawn else one.sample) + (_DEVELOPMENT if one.development else ""),
        }
        quality += [
            about | more | {"axis": axis, "label": label} | _numbers(units, weights, settings.interval)
            for axis, label, units in _units(codes, traits, numbers, hypotheses)
        ]
        confusion += [about | row for row in _confusion(codes, traits)]
    return tables.QUALITY.frame(quality), tables.CONFUSION.frame(confusion)


def _compared(accepted: Sequence[tuple[pd.DataFrame, ...]], reference_origin: str) -> tuple[bool, list[pd.DataFrame]]:
    """Give both coders' traits of the statements to compare, by statement, and whether they were drawn at random."""
    given, reference = (part[1].set_index("statement_id") for part in accepted)
    reference = reference[reference["origin"] == reference_origin]
    random = reference["drawn"] == "random"
    skewed = reference["drawn"].notna() & ~random
    chosen = reference.index[random if random.any() else ~skewed]
    both = given.index.intersection(chosen)
    return bool(random.any()), [part.loc[both] for part in (given, reference)]


def _confusion(codes: Sequence[pd.DataFrame], traits: Sequence[pd.DataFrame]) -> Iterator[dict[str, Any]]:
    """Count what one coder said where the other said something: of hypotheses, of their stances, of kinds.

    A hypothesis that only one of the two gave a statement is set against each that only the other gave it, or against
    `none`.
    """
    statements = traits[0].index
    kinds = zip(traits[0]["kind"], traits[1]["kind"], strict=True)
    given, expected = (
        {
            (row.statement_id, row.hypothesis_id): row.stance
            for row in tables.records(frame)
            if row.statement_id in statements
        }
        for frame in codes
    )
    stances = ((given[code], expected[code]) for code in given.keys() & expected.keys())
    counted = [
        ("kind", Counter(kinds)),
        ("stance", Counter(stances)),
        ("hypothesis", Counter(_hypotheses(given, expected))),
    ]
    for axis, counts in counted:
        for (one, other), n in counts.items():
            yield {"axis": axis, "given": one, "expected": other, "n": n}


def _hypotheses(given: Iterable[tuple[str, str]], expected: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    found: dict[str, tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    for side, codes in enumerate((given, expected)):
        for statement, hypothesis in codes:
            found[statement][side].add(hypothesis)
    for one, other in found.values():
        yield from ((hypothesis, hypothesis) for hypothesis in one & other)
        if one != other:
            yield from itertools.product((one - other) or {_NONE}, (other - one) or {_NONE})


def _utterance_numbers(statements: pd.DataFrame, documents: pd.DataFrame) -> pd.Series:
    """Number the utterances by document digest and place: statement_id -> number, in the order of the text."""
    digests = documents.set_index("document_id")["sha256"]
    ordered = statements.assign(digest=statements["document_id"].map(digests)).sort_values(["digest", "start"])
    return pd.Series(pd.factorize(ordered["utterance_id"])[0], index=ordered["statement_id"])


def _units(
    codes: Sequence[pd.DataFrame], traits: Sequence[pd.DataFrame], utterances: np.ndarray, hypotheses: Sequence[str]
) -> Iterator[tuple[str, str, _Units]]:
    stances = [_stances(frame, traits[0].index, hypotheses) for frame in codes]
    coded = [part >= 0 for part in stances]
    repeated = np.repeat(utterances[:, None], len(hypotheses), axis=1)
    yield "hypothesis", "all", _Units(coded[0].ravel(), coded[1].ravel(), repeated.ravel())
    for column, hypothesis in enumerate(hypotheses):
        yield "hypothesis", hypothesis, _Units(coded[0][:, column], coded[1][:, column], utterances)
    both = coded[0] & coded[1]
    yield from _categories("stance", STANCES, _Units(stances[0][both], stances[1][both], repeated[both]))
    kinds = [frame["kind"].map(KINDS.index).to_numpy(dtype=int) for frame in traits]
    yield from _categories("kind", KINDS, _Units(kinds[0], kinds[1], utterances))
    for flag in ("hedged", "gap"):
        marked = [frame[flag].to_numpy(dtype=bool) for frame in traits]
        yield flag, "true", _Units(marked[0], marked[1], utterances)


def _stances(codes: pd.DataFrame, statements: pd.Index, hypotheses: Sequence[str]) -> np.ndarray:
    """Give number of the stance, statements x hypotheses; -1 where the hypothesis is not coded."""
    stances = np.full((len(statements), len(hypotheses)), -1)
    known = codes[codes["statement_id"].isin(statements) & codes["hypothesis_id"].isin(hypotheses)]
    rows = statements.get_indexer(pd.Index(known["statement_id"]))
    columns = pd.Index(hypotheses).get_indexer(pd.Index(known["hypothesis_id"]))
    stances[rows, columns] = known["stance"].map(STANCES.index)
    return stances


def _categories(axis: str, names: Sequence[str], units: _Units) -> Iterator[tuple[str, str, _Units]]:
    yield axis, "all", _Units(units.given, units.reference, units.utterance, len(names))
    for number, name in enumerate(names):
        yield axis, name, _Units(units.given == number, units.reference == number, units.utterance)


def _numbers(units: _Units, weights: np.ndarray, interval: float) -> dict[str, Any]:
    by_utterance = np.zeros((weights.shape[1], units.categories, units.categories))
    np.add.at(by_utterance, (units.utterance, units.given.astype(int), units.reference.astype(int)), 1)
    table = by_utterance.sum(axis=0)
    precision, recall = _shares(table)
    labelled = by_utterance.sum(axis=(1, 2)) > (by_utterance[:, 0, 0] if units.categories == 2 else 0)
    enough = labelled.sum() >= _FEWEST_UTTERANCES
    drawn = np.tensordot(weights if enough else weights[:0], by_utterance, axes=1)
    alpha = _alpha(units)
    spread = {
        "precision_": _shares(drawn)[0],
        "recall_": _shares(drawn)[1],
        "": nominal_alpha(drawn + np.swapaxes(drawn, -1, -2)) if alpha is not None else np.empty(0),
    }
    bounds = {name: _interval(values, interval) for name, values in spread.items()}
    return {
        "n": len(units.given),
        "given": int(table[_sought(table)].sum()),
        "expected": int(table[:, _sought(table)].sum()),
        "precision": None if np.isnan(precision) else float(precision),
        "recall": None if np.isnan(recall) else float(recall),
        "alpha": alpha,
        **{f"{name}low": low for name, (low, _) in bounds.items()},
        **{f"{name}high": high for name, (_, high) in bounds.items()},
    }


def _sought(table: np.ndarray) -> slice:
    """Of two categories the second is the one to be found; of more all are."""
    return slice(1, None) if table.shape[-1] == 2 else slice(None)


def _shares(tables_of_two: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give precision and recall of many tables at once, … x given x reference; NaN where undefined."""
    sought = _sought(tables_of_two)
    found = np.trace(tables_of_two[..., sought, sought], axis1=-2, axis2=-1)
    given = tables_of_two[..., sought, :].sum(axis=(-2, -1))
    reference = tables_of_two[..., :, sought].sum(axis=(-2, -1))
    undefined = np.full(np.shape(found), np.nan)
    precision = np.divide(found, given, out=undefined.copy(), where=given > 0)
    return precision, np.divide(found, reference, out=undefined, where=reference > 0)


def _alpha(units: _Units) -> float | None:
    """Give Krippendorff's nominal alpha of two coders; None where both name one category only."""
    both = np.vstack([units.given, units.reference]).astype(int)
    if len(np.unique(both)) < 2:
        return None
    return float(krippendorff.alpha(both, level_of_measurement="nominal", value_domain=range(units.categories)))


def _weights(utterances: int, settings: Agreement) -> np.ndarray:
    """Give how often each utterance comes in each draw: draws x utterances."""
    if utterances < 2:
        return np.zeros((0, utterances))
    shares = np.full(utterances, 1 / utterances)
    return np.random.default_rng(settings.seed).multinomial(utterances, shares, size=settings.draws).astype(float)


def _interval(values: np.ndarray, interval: float) -> tuple[float | None, float | None]:
    """Give the percentile interval of a measure over the draws in which it is defined."""
    defined = values[~np.isnan(values)]
    if not len(defined):
        return None, None
    low, high = np.quantile(defined, [(1 - interval) / 2, (1 + interval) / 2])
    return float(low), float(high)


def nominal_alpha(coincidences: np.ndarray) -> np.ndarray:
    """Give Krippendorff's nominal alpha of many matrices of coincidences at once.

    alpha = 1 - (n - 1) (n - sum_c o_cc) / (n^2 - sum_c n_c^2), with coincidences o, their margins n_c and their sum n
    (Krippendorff, Content Analysis, 3rd ed. 2013, ch. 12). Of two coders who coded everything o = T + T', with T their
    cross table; in general a unit of m values adds 1 / (m - 1) for each ordered pair of them.

    Args:
        coincidences: … x categories x categories, symmetric.

    Returns:
        One alpha a matrix; NaN where only one category occurs.
    """
    margins = coincidences.sum(axis=-1)
    n = margins.sum(axis=-1)
    unequal = n - np.trace(coincidences, axis1=-2, axis2=-1)
    expected = n**2 - (margins**2).sum(axis=-1)
    disagreement: np.ndarray = np.divide((n - 1) * unequal, expected, out=np.full(n.shape, np.nan), where=expected > 0)
    return 1 - disagreement
