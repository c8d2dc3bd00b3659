"""Texts that repeat one another, joined to clusters without comparing all with all.

Two echoes share a run of words. So an index of runs finds every pair that may be one, and a run that few texts share
gives few pairs. A run that many share (a slogan, a signature) would give pairs by the square: of its texts those are
compared that agree in a band of their MinHash signatures (Broder 1997; bands after Leskovec, Rajaraman & Ullman, Mining
of Massive Datasets, 3rd ed. 2020, ch. 3.4), and each with the shortest, which it may quote.
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

_CROWD = 16  # texts of one key that are all compared with one another; of more, each with so many
# Bands of a MinHash signature. Of two texts with the similarity s at least s / (2 - s) of the words are common to both:
# at .9 the chance that no band agrees is below one in 10,000.
_BANDS, _ROWS = 16, 4
_AT_ONCE = 1 << 16  # words whose hashes are permuted at a time
_PAIRS_AT_ONCE = 100_000  # whose texts are held at a time
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
    """

    digests: Keys
    lengths: Places
    keys: Keys
    owners: Places


def sign(texts: Sequence[Words], run: int) -> Signatures:
    """Sign texts.

    Args:
        texts: the words of each.
        run: number of words in a row that echoes share at least.
    """
    hashes, lengths = _hashes(texts)
    ends = np.cumsum(lengths)
    starts = ends - lengths
    owner = np.repeat(np.arange(len(texts)), lengths)
    placed = _mixed(hashes * (2 * (np.arange(len(hashes)) - starts[owner]).astype(np.uint64) + np.uint64(1)))
    digests = _mixed(_sums(placed, starts, ends) + lengths.astype(np.uint64) * _ODD)
    begins = np.flatnonzero(np.arange(len(hashes)) + run <= ends[owner])
    keys = np.zeros(len(begins), dtype=np.uint64)
    for step in range(run):
        keys = keys * _ODD + hashes[begins + step]
    keys, owner = _mixed(keys) >> np.uint64(1), owner[begins]
    order = np.lexsort((keys, owner))
    keys, owner = keys[order], owner[order]
    again = np.r_[False, (keys[1:] == keys[:-1]) & (owner[1:] == owner[:-1])][: len(keys)]
    return Signatures(digests, lengths, keys[~again], owner[~again])


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


def echo_pairs(texts: Sequence[Words], rule: Rule) -> Pairs:
    """Give pairs of texts that repeat one another (`repeated`), of texts that are all at hand."""
    signed = sign(texts, rule.run)
    slices = [(signed.keys, signed.owners)]
    return repeated(signed.digests, signed.lengths, slices, lambda places: [texts[place] for place in places], rule)


def repeated(
    digests: Keys,
    lengths: Places,
    slices: Iterable[tuple[Keys, Places]],
    words_of: Callable[[Places], Sequence[Words]],
    rule: Rule,
) -> Pairs:
    """Give pairs of texts that repeat one another, enough to join each text to its cluster.

    A text that holds several others is joined to the longest of them only, so that two texts are no echoes because a
    third quotes both. Time grows with the number of words; held at a time are one slice and the words of some texts.

    Args:
        digests, lengths: of all texts, as `sign` gives them.
        slices: keys and their owners, some at a time; equal keys stand in one slice.
        words_of: gives the words of texts by their positions.
        rule: when a text echoes another.

    Returns:
        Pairs of positions, pairs x 2; where two are echoes by more than equality the shorter's first.
    """
    equal, first = _equal(digests, lengths >= rule.run)
    different = ((keys[first[owners]], owners[first[owners]]) for keys, owners in slices)
    found, crowd = _sharing(different, digests, lengths)
    if len(crowd):
        found.append(_alike(crowd, words_of, digests, lengths))
    pairs = _each_once(found, len(digests))
    if not rule.within:  # those of too different lengths are left out before their words are asked for
        shared, whole = 2 * lengths[pairs].min(axis=1), lengths[pairs].sum(axis=1)
        pairs = pairs[shared >= rule.similarity * whole - 0.001]
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
        one, other = pair
        if (len(words[one]), words[one]) > (len(words[other]), words[other]):
            one, other = other, one
        shorter, longer = words[one], words[other]
        if Indel.normalized_similarity(shorter, longer, score_cutoff=rule.similarity) >= rule.similarity:
            if not _runs(shorter, rule.run).isdisjoint(_runs(longer, rule.run)):
                near.append((one, other))
        elif rule.within:
            length = max(rule.run, math.ceil(round(rule.similarity * len(shorter), 6)))
            middle = shorter[len(shorter) - length : length]  # is in each such run
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


def _sharing(slices: Iterable[tuple[Keys, Places]], digests: Keys, lengths: Places) -> tuple[list[Pairs], Places]:
    """Give the pairs that share a key, of a crowd each text with the shortest; and all that are in a crowd."""
    pairs, crowds = [], []
    for keys, owners in slices:
        order = np.lexsort((digests[owners], lengths[owners], keys))
        keys, owners = keys[order], owners[order]
        begins = np.flatnonzero(np.diff(keys, prepend=~keys[:1])) if len(keys) else np.empty(0, dtype=np.int64)
        sizes = np.diff(begins, append=len(keys))
        for step in range(1, _CROWD):  # in a small group: with every one before; in a crowd: with the first ones
            few = np.flatnonzero((sizes > step) & (sizes <= _CROWD))
            for offset in range(_CROWD - step):
                chosen = begins[few[sizes[few] > offset + step]] + offset
                pairs.append(np.column_stack([owners[chosen], owners[chosen + step]]))
        crowded = sizes > _CROWD
        member = np.flatnonzero(np.repeat(crowded, sizes))
        begin = np.repeat(begins, sizes)[member]
        for offset in range(_CROWD):
            later = member > begin + offset
            pairs.append(np.column_stack([owners[begin[later] + offset], owners[member[later]]]))
        crowds.append(np.unique(owners[member]))
    return pairs, np.unique(np.concatenate([np.empty(0, dtype=np.int64), *crowds]))


def _alike(crowd: Places, words_of: Callable[[Places], Sequence[Words]], digests: Keys, lengths: Places) -> Pairs:
    """Give the pairs of a crowd that agree in a band of their MinHash signatures; in a crowd of these, neighbours."""
    blocks = [crowd[begin : begin + _PAIRS_AT_ONCE] for begin in range(0, len(crowd), _PAIRS_AT_ONCE)]
    bands = np.concatenate([_bands(words_of(block)) for block in blocks])
    pairs = []
    for keys in bands.T:
        order = np.lexsort((digests[crowd], lengths[crowd], keys))
        for step in range(1, _CROWD):
            one, other = order[:-step], order[step:]
            same = keys[one] == keys[other]
            pairs.append(np.column_stack([crowd[one[same]], crowd[other[same]]]))
    return _each_once(pairs, len(digests))


def _each_once(pairs: Sequence[Pairs], count: int) -> Pairs:
    """Sort pairs of so many texts, and drop those that stand there again."""
    numbers = [pair[:, 0] * count + pair[:, 1] for pair in pairs]
    return np.column_stack(np.divmod(np.unique(np.concatenate([np.empty(0, dtype=np.int64), *numbers])), max(1, count)))


def _bands(texts: Sequence[Words]) -> Keys:
    """Give a key for each band of the MinHash signature of each text, texts x bands.

    A word's second and third occurrence are words of their own, so that what is common to two texts is at least their
    longest common subsequence.
    """
    hashes, lengths = _hashes([_numbered(text) for text in texts])
    random = np.random.default_rng(0).integers(1 << 63, size=(2, _BANDS * _ROWS), dtype=np.uint64)
    ends = np.cumsum(lengths)
    found = []
    first = 0
    while first < len(texts):  # whole texts, some thousands of words at a time
        last = max(first + 1, int(np.searchsorted(ends, ends[first] - lengths[first] + _AT_ONCE, side="right")))
        begin = ends[first] - lengths[first]
        permuted = hashes[begin : ends[last - 1], None] * (2 * random[0] + np.uint64(1)) + random[1]
        found.append(np.minimum.reduceat(permuted, ends[first:last] - lengths[first:last] - begin, axis=0))
        first = last
    rows = np.concatenate(found).reshape(len(texts), _BANDS, _ROWS)
    keys = np.zeros((len(texts), _BANDS), dtype=np.uint64)
    for row in range(_ROWS):
        keys = _mixed(keys * _ODD + rows[:, :, row])
    return keys


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
