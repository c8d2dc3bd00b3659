"""Texts that repeat one another, joined to clusters without comparing all with all.

Two echoes share a run of words. So an index of runs finds every pair that may be one: of two that are alike as wholes
any run, of two of which one holds the other a run from the middle of the shorter. A run that few texts share gives few
pairs. One that many share (a slogan, a signature) would give pairs by the square: of its texts those are taken that
agree in a band of their MinHash signatures (Broder 1997; bands after Leskovec, Rajaraman & Ullman, Mining of Massive
Datasets, 3rd ed. 2020, ch. 3.4), and each with the shortest, which it may hold. Only pairs whose signatures agree as
those of echoes do are compared word by word.
"""

from __future__ import annotations

import functools
import hashlib
import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Indel
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

Words = tuple[str, ...]
Pair = tuple[int, int]
Keys = npt.NDArray[np.uint64]
Places = npt.NDArray[np.int64]
Pairs = npt.NDArray[np.int64]  # pairs x 2
Slice = tuple[Keys, Places, npt.NDArray[np.bool_]]

_CROWD = 16  # texts of one key that are all paired with one another; of more, each with so many
_SHORTEST = 4  # texts of a crowd that each of it may hold
# Of two texts with the similarity s at least s / (2 - s) of the words are common to both. At .9 the chance that no band
# agrees is below one in 10,000.
_BANDS, _ROWS = 16, 4
_DEVIATIONS = 5  # by which signatures may agree less than the words do: less than one pair in a million does
_AT_ONCE = 1 << 11  # words whose hashes are permuted at a time: what fits into a processor's own memory
_PAIRS_AT_ONCE = 1 << 13  # whose signatures are compared at a time: the same
_WORDS_AT_ONCE = 32_000_000  # of pairs that are compared word by word; for as many the parts are read again
_LONG = 256  # words from which on a look at the words in common is quicker than at their order
_ROUNDING = 1e-6
_WIDTH = 8  # bytes of a word's hash
_ODD = np.uint64(0x9E3779B97F4A7C15)
_MIXES = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))


@dataclass(frozen=True)
class Signatures:
    """What is known of texts without their words.

    Args:
        digests: of each text's words; equal texts have equal ones.
        lengths: number of words of each.
        keys: of the runs of words, below 2^63, each once for its text; equal runs have equal keys.
        owners: position of the text that each key is of.
        central: whether whatever holds the text must have this run.
        minima: MinHash signature of each text, texts x 16: in each number the 4 minima of a band, 16 bits of each.
    """

    digests: Keys
    lengths: Places
    keys: Keys
    owners: Places
    central: npt.NDArray[np.bool_]
    minima: Keys


class Texts(Protocol):
    """Texts, wherever they are kept."""

    @property
    def digests(self) -> Keys:
        """Of all texts, as `sign` gives them."""

    @property
    def lengths(self) -> Places:
        """Of all texts, as `sign` gives them."""

    def slices(self, run: int) -> Iterable[Slice]:
        """Give keys of runs, their owners and whether they are central, some at a time, equal keys in one slice."""

    def minima(self, places: Places) -> Keys:
        """Give the MinHash signatures of the texts at these places, which ascend."""

    def spelled(self, places: Places) -> Iterable[bytes]:
        """Give the texts at these places, which ascend, as `spelled` does."""


@dataclass(frozen=True)
class Rule:
    """When a text echoes another.

    Echoes share a run of words, and either are alike as wholes (twice their longest common subsequence / their words),
    or (`within`) the longer one holds the shorter: a run of words in both makes up the shorter.

    Args:
        run: number of words in a row that echoes share at least.
        similarity: least share (0 to 1) of both texts, or of the shorter, that is repeated.
        within: whether a text echoes another that holds it.
    """

    run: int
    similarity: float
    within: bool

    def part(self, words: int) -> int:
        """Give how long a run of a text of so many words makes it up."""
        return max(self.run, math.ceil(round(self.similarity * words, 6)))


def sign(texts: Sequence[Words], rule: Rule) -> Signatures:
    """Sign texts.

    Args:
        texts: the words of each.
        rule: when a text echoes another.
    """
    hashes, lengths = _hashes(texts)
    ends = np.cumsum(lengths)
    starts = ends - lengths
    owner = np.repeat(np.arange(len(texts)), lengths)
    placed = _mixed(hashes * (2 * (np.arange(len(hashes)) - starts[owner]).astype(np.uint64) + np.uint64(1)))
    digests = _mixed(_sums(placed, starts, ends) + lengths.astype(np.uint64) * _ODD)
    begins = np.flatnonzero(np.arange(len(hashes)) + rule.run <= ends[owner])
    keys = np.zeros(len(begins), dtype=np.uint64)
    for step in range(rule.run):
        keys = keys * _ODD + hashes[begins + step]
    keys, owner = _mixed(keys) >> np.uint64(1), owner[begins]
    # A run that makes up a text holds its middle; where that is shorter than a run, any run may be the common one.
    spared = lengths - np.array([rule.part(length) for length in range(int(lengths.max(initial=0)) + 1)])[lengths]
    short = lengths - 2 * spared < rule.run
    central = short[owner] | (begins - starts[owner] == spared[owner])
    order = np.lexsort((~central, keys, owner))
    keys, owner, central = keys[order], owner[order], central[order]
    again = np.r_[False, (keys[1:] == keys[:-1]) & (owner[1:] == owner[:-1])][: len(keys)]
    minima = _minima(_numbered(hashes, lengths), lengths)
    return Signatures(digests, lengths, keys[~again], owner[~again], central[~again], minima)


@dataclass(frozen=True)
class _AtHand:
    """Texts that are all at hand."""

    texts: Sequence[Words]
    signed: Signatures

    @property
    def digests(self) -> Keys:
        return self.signed.digests

    @property
    def lengths(self) -> Places:
        return self.signed.lengths

    def slices(self, run: int) -> Iterable[Slice]:
        return [(self.signed.keys, self.signed.owners, self.signed.central)]

    def minima(self, places: Places) -> Keys:
        return self.signed.minima[places]

    def spelled(self, places: Places) -> Iterable[bytes]:
        return spelled([self.texts[place] for place in places])


def echo_pairs(texts: Sequence[Words], rule: Rule) -> Pairs:
    """Give pairs of texts that repeat one another (`repeated`), of texts that are all at hand."""
    return repeated(_AtHand(texts, sign(texts, rule)), rule)


def repeated(texts: Texts, rule: Rule) -> Pairs:
    """Give pairs of texts that repeat one another, enough to join each text to its cluster.

    A text that holds several others is joined to the longest of them only, so that two texts are no echoes because a
    third quotes both. Held at a time are one slice and the words of some texts.

    Args:
        texts: of the corpus.
        rule: when a text echoes another.

    Returns:
        Pairs of positions, pairs x 2; where two are echoes by more than equality the shorter's first.
    """
    equal, first = _equal(texts.digests, texts.lengths >= rule.run)
    different = (tuple(part[first[one[1]]] for part in one) for one in texts.slices(rule.run))
    alike, holding, crowd = _sharing(different, texts.digests, texts.lengths, rule)
    pairs = _unique([_like_echoes(alike, crowd, texts, rule), holding])
    held: dict[int, tuple[int, bytes, int]] = {}
    near = []
    blocks = np.cumsum(texts.lengths[pairs].sum(axis=1)) // _WORDS_AT_ONCE
    for begin, end in itertools.pairwise([*np.flatnonzero(np.diff(blocks, prepend=-1)), len(pairs)]):
        block = pairs[begin:end]
        places = _distinct(block.ravel())
        near += _checked(block.tolist(), dict(zip(places.tolist(), texts.spelled(places), strict=True)), rule, held)
    within = [(one, other) for other, (_, _, one) in held.items()]
    return np.concatenate([equal, np.array([*near, *within], dtype=np.int64).reshape(-1, 2)])


def spelled(texts: Sequence[Words]) -> Iterator[bytes]:
    """Give each text with words of equal length, 8 bytes of each word's hash, so that a run of words is quickly found.

    Args:
        texts: the words of each.
    """
    hashes, lengths = _hashes(texts)
    ends = np.cumsum(lengths)
    for start, end in zip((ends - lengths).tolist(), ends.tolist(), strict=True):
        yield hashes[start:end].tobytes()


def _checked(
    pairs: Sequence[Sequence[int]],
    texts: Mapping[int, bytes],
    rule: Rule,
    held: dict[int, tuple[int, bytes, int]],
) -> list[Pair]:
    """Give the pairs that are alike as wholes; note in `held` the longest text that each one holds.

    Args:
        pairs: positions of two texts each.
        texts: spelled, by position.
        rule: when a text echoes another.
        held: by position of the longer text, words, spelling and position of the one that it holds.
    """
    numbered = functools.cache(lambda place: np.sort(_numbered(*_one(texts[place]))))
    near = []
    for pair in pairs:
        one, other = sorted(pair, key=lambda place: (len(texts[place]), texts[place]))
        shorter, longer = texts[one], texts[other]
        words, more = len(shorter) // _WIDTH, len(longer) // _WIDTH
        least = rule.similarity * (words + more) / 2 - _ROUNDING  # words that are common to both in this order
        if words >= least and (
            words < _LONG or len(np.intersect1d(numbered(one), numbered(other), assume_unique=True)) >= least
        ):
            both = (np.frombuffer(text, dtype=np.uint64).tolist() for text in (shorter, longer))
            if Indel.normalized_similarity(*both, score_cutoff=rule.similarity) >= rule.similarity:
                if _share_run(shorter, longer, rule.run):
                    near.append((one, other))
                continue
        if rule.within and _share_run(shorter, longer, rule.part(words)):
            held[other] = max(held.get(other, (0, b"", 0)), (words, shorter, one))
    return near


def _one(text: bytes) -> tuple[Keys, Places]:
    hashes = np.frombuffer(text, dtype=np.uint64)
    return hashes, np.array([len(hashes)])


def _share_run(shorter: bytes, longer: bytes, length: int) -> bool:
    """Say whether so many words in a row of one text stand in the other."""
    size, spared = length * _WIDTH, len(shorter) - length * _WIDTH
    if spared < size and shorter[spared:size] not in longer:  # the middle is in every such run
        return False
    return any(shorter[start : start + size] in longer for start in range(0, spared + 1, _WIDTH))


def _equal(digests: Keys, long: npt.NDArray[np.bool_]) -> tuple[Pairs, npt.NDArray[np.bool_]]:
    """Pair each long text with the first that is equal to it, and say which texts are such a first."""
    places = np.flatnonzero(long)
    _, begin, inverse = np.unique(digests[places], return_index=True, return_inverse=True)
    originals = places[begin][inverse]
    again = originals != places
    first = np.zeros(len(digests), dtype=bool)
    first[places[~again]] = True
    return np.column_stack([originals[again], places[again]]), first


def _unique(parts: Sequence[Pairs]) -> Pairs:
    """Give different pairs, each with the lesser position first, sorted."""
    pairs = np.concatenate([np.empty((0, 2), dtype=np.int64), *parts])
    low, high = pairs.min(axis=1), pairs.max(axis=1)
    both = _distinct(low << 32 | high)
    return np.column_stack([both >> 32, both & 0xFFFFFFFF])


def _distinct(values: Places) -> Places:
    """Give different numbers, sorted: quicker by far than `np.unique`, which hashes them first."""
    ordered = np.sort(values)
    return np.asarray(ordered[np.r_[True, ordered[1:] != ordered[:-1]][: len(ordered)]])


def _sharing(
    slices: Iterable[tuple[npt.NDArray, ...]], digests: Keys, lengths: Places, rule: Rule
) -> tuple[Pairs, Pairs, Places]:
    """Give the pairs that share a run and may be alike, those of which one may hold the other, and all of a crowd."""
    alike: list[Pairs] = []
    holding: list[Pairs] = []
    crowds = [np.empty(0, dtype=np.int64)]

    def sort(one: Places, other: Places, central: npt.NDArray[np.bool_]) -> None:
        shorter, longer = np.minimum(lengths[one], lengths[other]), np.maximum(lengths[one], lengths[other])
        pairs, near = np.column_stack([one, other]), 2 * shorter >= rule.similarity * (shorter + longer) - _ROUNDING
        alike.append(pairs[near])
        holding.append(pairs[~near & central & rule.within])

    for keys, owners, central in slices:
        alike, holding = [_unique(alike)], [_unique(holding)]
        order = np.argsort(keys)
        again = keys[order[1:]] == keys[order[:-1]]
        order = order[(np.r_[again, False] | np.r_[False, again])[: len(order)]]  # most runs are in one text only
        keys, owners, central = keys[order], owners[order], central[order]
        order = np.lexsort((digests[owners], lengths[owners], ~central, keys))
        keys, owners, central = keys[order], owners[order], central[order]
        begins = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]][: len(keys)])
        sizes = np.diff(begins, append=len(keys))
        small = np.repeat(sizes <= _CROWD, sizes)
        place = np.arange(len(keys)) - np.repeat(begins, sizes)
        for step in range(1, _CROWD):
            later = np.flatnonzero(small & (place >= step))
            one, other = owners[later - step], owners[later]
            shorter_is_central = np.where(lengths[one] <= lengths[other], central[later - step], central[later])
            sort(one, other, shorter_is_central)
        crowd = np.flatnonzero(~small)
        crowds.append(_distinct(owners[crowd]))
        if rule.within:  # the shortest that may be held come first
            for number in range(_SHORTEST):
                later = crowd[place[crowd] > number]
                one = later - place[later] + number
                chosen = central[one] & (lengths[owners[one]] <= lengths[owners[later]])
                holding.append(np.column_stack([owners[one], owners[later]])[chosen])
    return _unique(alike), _unique(holding), _distinct(np.concatenate(crowds))


def _like_echoes(alike: Pairs, crowd: Places, texts: Texts, rule: Rule) -> Pairs:
    """Give the pairs whose MinHash signatures agree as those of echoes do; of a crowd those that agree in a band too.

    Args:
        alike: pairs that may be alike.
        crowd: positions of texts of which any two may be.
        texts: of the corpus; their digests order a crowd of a band.
        rule: when a text echoes another.
    """
    places = _distinct(np.concatenate([alike.ravel(), crowd]))
    bands = texts.minima(places)
    signatures = bands.view(np.uint16)  # texts x 64
    common = rule.similarity / (2 - rule.similarity)
    count = _BANDS * _ROWS
    least = count * common - _DEVIATIONS * math.sqrt(count * common * (1 - common))

    def sifted(pairs: Pairs) -> Pairs:
        chosen = [np.empty(0, dtype=bool)]
        for begin in range(0, len(pairs), _PAIRS_AT_ONCE):
            one, other = np.searchsorted(places, pairs[begin : begin + _PAIRS_AT_ONCE]).T
            chosen.append((signatures[one] == signatures[other]).sum(axis=1) >= least)
        return np.asarray(pairs[np.concatenate(chosen)])

    found = [sifted(alike)]
    rows, digests = np.searchsorted(places, crowd), texts.digests[crowd]
    for number in range(_BANDS):
        band = bands[rows, number]
        order = np.lexsort((digests, band))
        steps = []
        for step in range(1, _CROWD):
            one, other = order[:-step], order[step:]
            same = band[one] == band[other]
            steps.append(np.column_stack([crowd[one[same]], crowd[other[same]]]))
        found.append(sifted(_unique(steps)))
    return _unique(found)


def _minima(hashes: Keys, lengths: Places) -> Keys:
    """Give the MinHash signature of each text, texts x 16: of each of 64 hashes the least over its words.

    Kept are 16 bits of each: different minima agree in them once in 65,536 times.

    Args:
        hashes: of the words of all texts, one after the other, different within a text.
        lengths: number of words of each text.
    """
    random = np.random.default_rng(0).integers(1 << 63, size=(2, _BANDS * _ROWS), dtype=np.uint64)
    found = np.zeros((len(lengths), _BANDS * _ROWS), dtype=np.uint16)
    full = np.flatnonzero(lengths)
    ends = np.cumsum(lengths[full])
    first = 0
    while first < len(full):  # whole texts, some thousands of words at a time
        begin = ends[first] - lengths[full[first]]
        last = max(first + 1, int(np.searchsorted(ends, begin + _AT_ONCE, side="right")))
        permuted = hashes[begin : ends[last - 1], None] * (2 * random[0] + np.uint64(1)) + random[1]
        starts = ends[first:last] - lengths[full[first:last]] - begin
        least = np.minimum.reduceat(permuted, starts, axis=0)
        found[full[first:last]] = _mixed(least) >> np.uint64(48)
        first = last
    return found.view(np.uint64)


def _numbered(hashes: Keys, lengths: Places) -> Keys:
    """Make a word's second and third occurrence in a text words of their own.

    So what is common to two texts is at least their longest common subsequence.

    Args:
        hashes: of the words of all texts, one after the other.
        lengths: number of words of each text.
    """
    owners = np.repeat(np.arange(len(lengths), dtype=np.uint64), lengths)
    own = _mixed(hashes + owners * _ODD)
    order = np.argsort(own, kind="stable")
    begins = np.flatnonzero(np.r_[True, own[order[1:]] != own[order[:-1]]][: len(own)])
    numbers = np.empty(len(own), dtype=np.uint64)
    numbers[order] = np.arange(len(own)) - np.repeat(begins, np.diff(begins, append=len(own)))
    return _mixed(hashes + numbers * _ODD)


def _hashes(texts: Sequence[Sequence[str]]) -> tuple[Keys, Places]:
    """Give a hash of each word of all texts, one after the other, and the number of each text's words."""
    hash_of = functools.cache(_hash)
    lengths = np.fromiter((len(text) for text in texts), dtype=np.int64, count=len(texts))
    every = map(hash_of, itertools.chain.from_iterable(texts))
    return np.fromiter(every, dtype=np.uint64, count=int(lengths.sum())), lengths


def _hash(word: str) -> int:
    return int.from_bytes(hashlib.blake2b(word.encode(errors="surrogatepass"), digest_size=8).digest(), "little")


def _mixed(keys: Keys) -> Keys:
    """Mix the bits of keys (the finisher of splitmix64; Steele, Lea & Flood 2014)."""
    keys = (keys ^ (keys >> np.uint64(30))) * _MIXES[0]
    keys = (keys ^ (keys >> np.uint64(27))) * _MIXES[1]
    return np.asarray(keys ^ (keys >> np.uint64(31)))


def _sums(values: Keys, starts: Places, ends: Places) -> Keys:
    """Sum values over spans, modulo 2^64."""
    summed = np.concatenate([np.zeros(1, dtype=np.uint64), np.cumsum(values, dtype=np.uint64)])
    return np.asarray(summed[ends] - summed[starts])


def same_words(digests: Keys, groups: Places) -> Pairs:
    """Give pairs of equal texts of one group, however short: sentences of utterances that are echoes.

    Args:
        digests: of the texts' words.
        groups: of the texts.

    Returns:
        Pairs of positions, pairs x 2.
    """
    order = np.lexsort((np.arange(len(digests)), digests, groups))
    one, other = order[:-1], order[1:]
    same = (digests[one] == digests[other]) & (groups[one] == groups[other])
    return np.column_stack([one[same], other[same]])


def originals(count: int, pairs: Pairs, ranks_of: Callable[[Places], Sequence[tuple]]) -> Places:
    """Give each text the one of its cluster that has the least rank; itself where it is in none.

    Args:
        count: number of texts.
        pairs: positions that belong together, directly, pairs x 2; a cluster is whatever is joined by them.
        ranks_of: gives the ranks of texts by their positions; all different within a cluster.
    """
    found = np.arange(count)
    members, ends = np.unique(pairs, return_inverse=True)
    if len(members):
        ends = ends.reshape(-1, 2)
        joined = coo_array((np.ones(len(ends), dtype=bool), ends.T), shape=(len(members), len(members)))
        _, clusters = connected_components(joined, directed=False)
        ranks = ranks_of(members)
        order = np.array(sorted(range(len(members)), key=ranks.__getitem__))
        _, best = np.unique(clusters[order], return_index=True)
        found[members] = members[order[best]][clusters]
    return found
