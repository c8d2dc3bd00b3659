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
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

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
_AT_ONCE = 1 << 16  # words whose hashes are permuted at a time
_PAIRS_AT_ONCE = 100_000  # whose texts are held at a time; each time the parts are read again
_ROUNDING = 1e-6
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
    """

    digests: Keys
    lengths: Places
    keys: Keys
    owners: Places
    central: npt.NDArray[np.bool_]


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
    return Signatures(digests, lengths, keys[~again], owner[~again], central[~again])


def echo_pairs(texts: Sequence[Words], rule: Rule) -> Pairs:
    """Give pairs of texts that repeat one another (`repeated`), of texts that are all at hand."""
    signed = sign(texts, rule)
    slices = [(signed.keys, signed.owners, signed.central)]
    return repeated(signed.digests, signed.lengths, slices, lambda places: [texts[place] for place in places], rule)


def repeated(
    digests: Keys, lengths: Places, slices: Iterable[Slice], words_of: Callable[[Places], Sequence[Words]], rule: Rule
) -> Pairs:
    """Give pairs of texts that repeat one another, enough to join each text to its cluster.

    A text that holds several others is joined to the longest of them only, so that two texts are no echoes because a
    third quotes both. Time grows with the number of words; held at a time are one slice and the words of some texts.

    Args:
        digests, lengths: of all texts, as `sign` gives them.
        slices: keys, their owners and whether they are central, some at a time; equal keys stand in one slice.
        words_of: gives the words of texts by their positions.
        rule: when a text echoes another.

    Returns:
        Pairs of positions, pairs x 2; where two are echoes by more than equality the shorter's first.
    """
    equal, first = _equal(digests, lengths >= rule.run)
    different = (tuple(part[first[one[1]]] for part in one) for one in slices)
    alike, holding, crowd = _sharing(different, digests, lengths, rule)
    pairs = _unique([_like_echoes(alike, crowd, digests, words_of, rule), holding])
    held: dict[int, tuple[int, Words, int]] = {}
    near = []
    for begin in range(0, len(pairs), _PAIRS_AT_ONCE):
        block = pairs[begin : begin + _PAIRS_AT_ONCE]
        places = np.unique(block)
        words = dict(zip(places.tolist(), words_of(places), strict=True))
        near += _checked(block.tolist(), words, rule, held)
    within = [(one, other) for other, (_, _, one) in held.items()]
    return np.concatenate([equal, np.array([*near, *within], dtype=np.int64).reshape(-1, 2)])


def _checked(
    pairs: Sequence[Sequence[int]],
    words: Mapping[int, Words],
    rule: Rule,
    held: dict[int, tuple[int, Words, int]],
) -> list[Pair]:
    """Give the pairs that are alike as wholes; note in `held` the longest text that each one holds."""
    near = []
    for pair in pairs:
        one, other = sorted(pair, key=lambda place: (len(words[place]), words[place]))
        shorter, longer = words[one], words[other]
        if Indel.normalized_similarity(shorter, longer, score_cutoff=rule.similarity) >= rule.similarity:
            if not _runs(shorter, rule.run).isdisjoint(_runs(longer, rule.run)):
                near.append((one, other))
        elif rule.within:
            length = rule.part(len(shorter))
            middle = shorter[len(shorter) - length : length]  # is in every such run
            if set(longer).issuperset(middle) and not _runs(shorter, length).isdisjoint(_runs(longer, length)):
                held[other] = max(held.get(other, (0, (), 0)), (len(shorter), shorter, one))
    return near


def _runs(text: Words, length: int) -> set[Words]:
    return {text[start : start + length] for start in range(len(text) - length + 1)}


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
    both = np.unique(low << 32 | high)
    return np.column_stack([both >> 32, both & 0xFFFFFFFF])


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
        crowds.append(np.unique(owners[crowd]))
        if rule.within:  # the shortest that may be held come first
            for number in range(_SHORTEST):
                later = crowd[place[crowd] > number]
                one = later - place[later] + number
                chosen = central[one] & (lengths[owners[one]] <= lengths[owners[later]])
                holding.append(np.column_stack([owners[one], owners[later]])[chosen])
    return _unique(alike), _unique(holding), np.unique(np.concatenate(crowds))


def _like_echoes(
    alike: Pairs, crowd: Places, digests: Keys, words_of: Callable[[Places], Sequence[Words]], rule: Rule
) -> Pairs:
    """Give the pairs whose MinHash signatures agree as those of echoes do; of a crowd those that agree in a band too.

    Args:
        alike: pairs that may be alike.
        crowd: positions of texts of which any two may be.
        digests: of all texts; they order a crowd of a band.
        words_of: gives the words of texts by their positions.
        rule: when a text echoes another.
    """
    places = np.unique(np.concatenate([alike.ravel(), crowd]))
    blocks = [places[begin : begin + _PAIRS_AT_ONCE] for begin in range(0, len(places), _PAIRS_AT_ONCE)]
    signatures = np.concatenate([_minima([]), *(_minima(words_of(block)) for block in blocks)])
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
    rows = np.searchsorted(places, crowd)
    for number in range(_BANDS):
        band = signatures[rows, number * _ROWS : (number + 1) * _ROWS].copy().view(np.uint64).ravel()
        order = np.lexsort((digests[crowd], band))
        steps = []
        for step in range(1, _CROWD):
            one, other = order[:-step], order[step:]
            same = band[one] == band[other]
            steps.append(np.column_stack([crowd[one[same]], crowd[other[same]]]))
        found.append(sifted(_unique(steps)))
    return _unique(found)


def _minima(texts: Sequence[Words]) -> npt.NDArray[np.uint16]:
    """Give the MinHash signature of each text, texts x 64: of each of 64 hashes the least over its words.

    A word's second and third occurrence are words of their own, so that what is common to two texts is at least their
    longest common subsequence. Kept are 16 bits of each: different minima agree in them once in 65,536 times.
    """
    hashes, lengths = _hashes([_numbered(text) for text in texts])
    random = np.random.default_rng(0).integers(1 << 63, size=(2, _BANDS * _ROWS), dtype=np.uint64)
    ends = np.cumsum(lengths)
    found = [np.empty((0, _BANDS * _ROWS), dtype=np.uint16)]
    first = 0
    while first < len(texts):  # whole texts, some thousands of words at a time
        begin = ends[first] - lengths[first]
        last = max(first + 1, int(np.searchsorted(ends, begin + _AT_ONCE, side="right")))
        permuted = hashes[begin : ends[last - 1], None] * (2 * random[0] + np.uint64(1)) + random[1]
        least = np.minimum.reduceat(permuted, ends[first:last] - lengths[first:last] - begin, axis=0)
        found.append((_mixed(least) >> np.uint64(48)).astype(np.uint16))
        first = last
    return np.concatenate(found)


def _numbered(text: Words) -> list[str]:
    seen: dict[str, int] = {}
    numbered = []
    for word in text:
        seen[word] = number = seen.get(word, 0) + 1
        numbered.append(word if number == 1 else f"{word} {number}")
    return numbered


def _hashes(texts: Sequence[Sequence[str]]) -> tuple[Keys, Places]:
    """Give a hash of each word of all texts, one after the other, and the number of each text's words."""
    hash_of = functools.cache(_hash)
    lengths = np.fromiter((len(text) for text in texts), dtype=np.int64, count=len(texts))
    every = (hash_of(word) for text in texts for word in text)
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
