"""Worlds with known motives and corpora drawn from them: what is planted, the weighing has to find.

A world is a population of voices. A voice takes up each motive with the chance that is the motive's prominence, and is
then for it with the chance that is its balance. It holds that one position however often it says it, and a few voices
say it very often. Each time the kind of evidence and the hedging are drawn anew. Some statements are printed again by
other speakers. A coder then reads the corpus, and may miss codes, add wrong ones and mistake stances.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from small_corpus import METHOD, Corpus, Said, corpus

from steelyard import tables
from steelyard.annotate import quality
from steelyard.annotate.readings import Readings
from steelyard.codebook import Codebook, Hypothesis
from steelyard.study import Agreement, Method, RecordedCoder, Strength
from steelyard.vocabulary import KINDS, STRENGTH_KINDS
from steelyard.weigh.items import Floats
from steelyard.weigh.robustness import random_strengths

# How often a voice says a position, and how often a statement is printed again if it is: 1 to 12 times, with chances
# that fall with the square.
TIMES = np.arange(1, 13)
CHANCES = TIMES**-2.0 / (TIMES**-2.0).sum()
PRINTED_AGAIN = 0.15
SEED = 20240601
SAMPLE = 40  # statements that people code to measure a coder, as a coding sheet draws by default
RACES = {"motives": (3, 6), "likeness": (0.0, 1.0)}  # worlds to rank in, with gaps of every size
# Worlds of the shape of the default study: many motives, that few voices take up and hardly any opposes.
SPARSE = {"voices": (45, 45), "motives": (13, 13), "prominence": (0.02, 0.25), "balance": (8.0, 1.0)}


@dataclass(frozen=True)
class Motive:
    """What voices of a world think of one motive.

    Args:
        prominence: chance that a voice takes it up.
        balance: chance that a voice that takes it up supports it.
        kinds: chances of `vocabulary.KINDS` for a statement on it.
        hedged: chance that a statement on it is hedged.
    """

    prominence: float
    balance: float
    kinds: Floats
    hedged: float


@dataclass(frozen=True)
class World:
    """A population of voices.

    Args:
        voices: how many of them a corpus holds.
        motives: what they think.
        strength: true strengths of statements, (plain, hedged) x `vocabulary.KINDS`.
        likeness: how far the motives were moved towards the first, from 0 (not at all) to 1 (they are all alike).
    """

    voices: int
    motives: tuple[Motive, ...]
    strength: Floats
    likeness: float = 0.0

    def worth(self) -> Floats:
        """Give the net strength, best for minus best against, that one more voice would offer for each motive.

        It is prominence x (2 balance - 1) x the expected best of a voice's statements. Of t statements the best is at
        most x with the chance F(x)^t, where F is that of one.
        """
        order = np.argsort(self.strength, axis=None)
        values = self.strength.ravel()[order]
        net = []
        for motive in self.motives:
            share = np.concatenate([(1 - motive.hedged) * motive.kinds, motive.hedged * motive.kinds])[order]
            at_most = np.concatenate([[0.0], share.cumsum()])
            best = np.diff(at_most[None, :] ** TIMES[:, None], axis=1) @ values
            net.append(motive.prominence * (2 * motive.balance - 1) * float(CHANCES @ best))
        return np.array(net)


@dataclass(frozen=True)
class Planted:
    """A corpus drawn from a world, and what was planted in it.

    Args:
        number: its number.
        world: where it comes from.
        ids: the motives.
        said: the statements, coded without error.
        voices_for: how many independent voices of the corpus support each motive.
        voices_against: how many oppose it.
    """

    number: int
    world: World
    ids: list[str]
    said: list[Said]
    voices_for: npt.NDArray[np.intp]
    voices_against: npt.NDArray[np.intp]


def conventional(strength: Strength = METHOD.strength) -> Floats:
    """Give the strengths of the method: (plain, hedged) x kinds."""
    base = np.array([getattr(strength, kind) for kind in KINDS])
    return np.stack([base, base * strength.hedged])


def unknown(generator: np.random.Generator) -> Floats:
    """Draw strengths that keep the method's order of kinds, as the doubt `strengths` does: (plain, hedged) x kinds."""
    of_kind, hedge = random_strengths(generator, 1, METHOD.strength)
    plain = of_kind[0, [STRENGTH_KINDS.index(kind) for kind in KINDS]]
    return np.stack([plain, plain * hedge[0, 0]])


def world(
    generator: np.random.Generator,
    *,
    voices: tuple[int, int] = (5, 60),
    motives: tuple[int, int] = (4, 4),
    prominence: tuple[float, float] = (0.2, 0.95),
    balance: tuple[float, float] = (METHOD.balance.prior, METHOD.balance.prior),
    likeness: tuple[float, float] = (0.0, 0.0),
    strengths_known: bool = True,
) -> World:
    """Draw a world, the balance of each motive from the prior Beta(1/2, 1/2) if nothing else is asked for.

    Args:
        generator: of random numbers.
        voices: least and most voices of a corpus.
        motives: least and most motives.
        prominence: least and most chance that a voice takes a motive up.
        balance: the two parameters of the Beta that balances are drawn from.
        likeness: least and most of it. Balances that are moved no longer follow the prior.
        strengths_known: whether the true strengths are those of the method, or drawn anew in its order.
    """
    own = [
        (
            generator.uniform(*prominence),
            generator.beta(*balance),
            generator.dirichlet(np.full(len(KINDS), 0.7)),
            generator.uniform(0, 0.6),
        )
        for _ in range(generator.integers(*motives, endpoint=True))
    ]
    alike = float(generator.uniform(*likeness))
    moved = [
        Motive(*((1 - alike) * mine + alike * first for mine, first in zip(one, own[0], strict=True))) for one in own
    ]
    number = int(generator.integers(*voices, endpoint=True))
    return World(number, tuple(moved), conventional() if strengths_known else unknown(generator), alike)


def draw(of: World, generator: np.random.Generator, name: str = "", number: int = 0) -> Planted:
    """Draw a corpus.

    Args:
        of: the world.
        generator: of random numbers; the same gives the same corpus.
        name: put before the names of voices, documents and motives, so that corpora can lie side by side.
        number: its number.
    """
    motives, voices = of.motives, of.voices
    ids = [f"{name}motive_{place}" for place in range(len(motives))]
    takes = generator.random((voices, len(motives))) < [motive.prominence for motive in motives]
    supports = generator.random((voices, len(motives))) < [motive.balance for motive in motives]
    talk = generator.choice(TIMES, voices, p=CHANCES)
    voice, motive = (np.repeat(place, talk[takes.nonzero()[0]]) for place in takes.nonzero())
    size = len(voice)
    upper = np.cumsum([m.kinds for m in motives], axis=1)[:, :-1]
    kind = (generator.random(size)[:, None] > upper[motive]).sum(axis=1)
    hedged = generator.random(size) < np.array([m.hedged for m in motives])[motive]
    printed = generator.choice(TIMES, size, p=CHANCES) * (generator.random(size) < PRINTED_AGAIN)
    documents = max(2, voices // 5)
    home = generator.integers(documents, size=voices)
    said = [
        Said(
            f"{name}voice {v}",
            {ids[m]: "supports" if supports[v, m] else "opposes"},
            KINDS[k],
            bool(h),
            f"{name}document {home[v]}",
        )
        for v, m, k, h in zip(voice, motive, kind, hedged, strict=True)
    ]
    silent = np.flatnonzero(~takes.any(axis=1))
    said += [Said(f"{name}voice {v}", kind="none", document=f"{name}document {home[v]}") for v in silent]
    # Half of those who print it again say things of their own too, half do nothing else.
    original = np.repeat(np.arange(size), printed)
    speaker = generator.integers(2 * voices, size=len(original))
    speaker = np.where(speaker == voice[original], voices + speaker, speaker)
    places = generator.integers(documents, size=len(original))
    said += [
        replace(said[o], voice=f"{name}voice {s}", document=f"{name}document {d}", echoes=int(o))
        for o, s, d in zip(original, speaker, places, strict=True)
    ]
    return Planted(number, of, ids, said, (takes & supports).sum(axis=0), (takes & ~supports).sum(axis=0))


@dataclass(frozen=True)
class Coder:
    """A language model that errs, equally on every motive, and alike on a statement and its copies.

    Args:
        missed: chance that it misses a code.
        added: chance that it gives a statement a wrong code beside, of another motive and either stance.
        mistaken: chance that it mistakes the stance of a code that it does not miss.
        faded: share of mistaken stances that become a mere mention; the others turn to the other side.
    """

    missed: float = 0.2
    added: float = 0.1
    mistaken: float = 0.1
    faded: float = 0.5

    def reads(self, planted: Planted, generator: np.random.Generator, name: str = "model") -> Planted:
        """Give the corpus as this coder codes it."""
        originals = sum(s.echoes is None for s in planted.said)
        chance = generator.random((originals, 4))
        other = generator.integers(len(planted.ids), size=originals)
        read: list[Said] = []
        for s, u, o in zip(planted.said, chance, other, strict=False):
            codes = {h: self._stance(stance, *u[1:3]) for h, stance in s.codes.items() if u[0] >= self.missed}
            if u[3] < self.added and planted.ids[o] not in s.codes:
                codes[planted.ids[o]] = "supports" if u[3] < self.added / 2 else "opposes"
            read.append(replace(s, codes=codes, origin="language_model", coder=name))
        for s in planted.said[originals:]:
            assert s.echoes is not None
            read.append(replace(s, codes=read[s.echoes].codes, origin="language_model", coder=name))
        return replace(planted, said=read)

    def _stance(self, stance: str, mistaken: float, faded: float) -> str:
        if mistaken >= self.mistaken:
            return stance
        return "raises" if faded < self.faded else {"supports": "opposes", "opposes": "supports"}[stance]


def corpora(numbers: Iterable[int], **options: Any) -> list[Planted]:
    """Draw corpora, each of a world of its own; one of a number is the same whatever others are drawn with it.

    Args:
        numbers: which.
        options: of `world`.
    """
    drawn = []
    for number in numbers:
        generator = np.random.default_rng([SEED, number])
        drawn.append(draw(world(generator, **options), generator, f"corpus_{number}_", number))
    return drawn


def misread(planted: Sequence[Planted], coder: Coder) -> list[Planted]:
    """Give corpora as a coder reads them; it has another name in each, since it is measured in each anew."""
    return [coder.reads(one, np.random.default_rng([SEED, one.number, 1]), f"coder of {one.ids[0]}") for one in planted]


def tables_of(planted: Sequence[Planted], method: Method = METHOD) -> Corpus:
    """Make the tables of corpora that lie side by side, each with voices, documents and motives of its own."""
    hypotheses = [Hypothesis(id=id_, name=id_, role="motive", claim=id_) for one in planted for id_ in one.ids]
    said: list[Said] = []
    for one in planted:
        begin = len(said)
        said += [s if s.echoes is None else replace(s, echoes=s.echoes + begin) for s in one.said]
    return corpus(said, method=method, codebook=Codebook(question="Why?", hypotheses=hypotheses))


def echoes_unknown(planted: Planted) -> Planted:
    """The corpus as it would be weighed if nobody saw that statements are printed again."""
    return replace(planted, said=[replace(s, echoes=None) for s in planted.said])


def statements_as_voices(planted: Planted) -> Planted:
    """The corpus as it would be weighed if every statement counted, and not every voice."""
    return replace(planted, said=[replace(s, voice=f"{s.voice}, {n}") for n, s in enumerate(planted.said)])


def measured(known: Corpus, read: Corpus, generator: np.random.Generator) -> pd.DataFrame:
    """Measure each coder of `read` against people who code a random sample of its statements without error.

    Args:
        known: corpora as they are.
        read: the same, as coders read them, each by a coder of its own.
        generator: of random numbers; draws `SAMPLE` statements a coder (all, where there are fewer), echoes left out.

    Returns:
        The table annotate/quality.
    """
    found = []
    # One row of traits a statement, in one order.
    for coder, traits in read.traits[read.statements.statement_id == read.statements.echo_id].groupby("coder"):
        sample = traits.statement_id.iloc[np.sort(generator.permutation(len(traits))[:SAMPLE])]
        readings = Readings(
            pd.concat([_sampled(known.codes, sample, "people"), _sampled(read.codes, sample, "model")]),
            pd.concat([_sampled(known.traits, sample, "people"), _sampled(read.traits, sample, "model")]),
            tables.SIGHTING_READINGS.empty(),
        )
        readings.traits["drawn"] = readings.traits.coder.map({"people": "random"})
        coders = [RecordedCoder(name=name, type="recorded", path="codes.csv") for name in ("people", "model")]
        statements = read.statements[read.statements.statement_id.isin(sample)]
        hypotheses = sorted(set(readings.readings.hypothesis_id))
        rows, _ = quality.measure(readings, coders, statements, read.documents, hypotheses, Agreement(draws=1))
        found.append(rows.assign(coder=coder, reading=coder))
    return pd.concat(found, ignore_index=True)


def _sampled(frame: pd.DataFrame, sample: pd.Series, coder: str) -> pd.DataFrame:
    return frame[frame.statement_id.isin(sample)].assign(coder=coder)


def found_balances(planted: Sequence[Planted], hypotheses: pd.DataFrame, intervals: pd.DataFrame) -> pd.DataFrame:
    """Lay the interval of each motive's balance beside the balance that was planted.

    Args:
        planted: corpora.
        hypotheses: their table weigh/hypotheses.
        intervals: rows with `hypothesis_id`, `balance_low`, `balance_high`; that table itself, or one like it.

    Returns:
        One row for each motive that a voice takes up as coded: `balance` as planted, `voices`, `low`, `high`, `held`.
    """
    frame = pd.DataFrame(
        {"balance": [motive.balance for one in planted for motive in one.world.motives]},
        index=[id_ for one in planted for id_ in one.ids],
    )
    frame["voices"] = hypotheses.set_index("hypothesis_id").voices
    frame[["low", "high"]] = intervals.set_index("hypothesis_id")[["balance_low", "balance_high"]]
    return frame[frame.voices > 0].assign(held=(frame.low <= frame.balance) & (frame.balance <= frame.high))


def found_first(planted: Planted, robustness: pd.DataFrame, doubt: str) -> pd.DataFrame:
    """Lay P(first) of each motive beside whether it is first in its world.

    Returns:
        One row a motive: `p_first`, `first`, `motives` (how many). None where the corpus gives a map only.
    """
    p_first = robustness[robustness.doubt == doubt].set_index("hypothesis_id").p_first
    worth = planted.world.worth()
    first = (worth == worth.max()) & (worth > 0)
    rows = {"p_first": p_first.reindex(planted.ids), "first": first, "motives": len(planted.ids)}
    return pd.DataFrame(rows, index=planted.ids).dropna()


def brier(found: pd.DataFrame) -> tuple[float, float]:
    """Give the Brier score of rows of `found_first`, a mean over motives, and that of always saying one in so many."""
    return (
        float(((found.p_first - found["first"]) ** 2).mean()),
        float(((1 / found.motives - found["first"]) ** 2).mean()),
    )
