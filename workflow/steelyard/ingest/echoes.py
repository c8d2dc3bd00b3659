"""Texts that repeat one another, joined to clusters without comparing all with all."""

from __future__ import annotations

import itertools
import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from rapidfuzz.distance import Indel
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

Words = tuple[str, ...]
Pair = tuple[int, int]


def echo_pairs(texts: Sequence[Words], run: int, similarity: float, *, within: bool) -> list[Pair]:
    """Give pairs of texts that repeat one another.

    Echoes share a run of words, and either are alike as wholes (twice their longest common subsequence / their words),
    or (`within`) the longer one holds the shorter: a run of words in both makes up the shorter. A text that holds
    several others is joined to the longest of them only, so that two texts are no echoes because a third quotes both.

    Args:
        texts: the words of each.
        run: number of words in a row that echoes share at least.
        similarity: least share (0 to 1) of both texts, or of the shorter, that is repeated.
        within: whether a text echoes another that holds it.

    Returns:
        Pairs of positions, the shorter text's first, enough to join each text to its cluster.
    """
    first: dict[Words, int] = {}
    pairs = [
        (first[text], position)
        for position, text in enumerate(texts)
        if len(text) >= run and first.setdefault(text, position) != position
    ]
    held: dict[int, int] = {}
    for shorter, longer, shared in _candidates(list(first), run, similarity):
        one, other = first[shorter], first[longer]
        if Indel.normalized_similarity(shorter, longer, score_cutoff=similarity) >= similarity:
            pairs.append((one, other))
        elif within and _holds(longer, shorter, shared, max(run, _least(similarity, shorter))):
            held[other] = one  # candidates come from the shortest on, so that the longest stays
    return pairs + [(one, other) for other, one in held.items()]


def _candidates(texts: Sequence[Words], run: int, similarity: float) -> Iterator[tuple[Words, Words, set[Words]]]:
    """Give pairs of different texts that may be echoes, the shorter first, with the runs that they share.

    An echo lacks few of the shorter text's words. So it has one of the rarest of them, if one more are taken than it
    may lack; their index finds it, and few others, however many texts share a run.
    """
    count = Counter(shingle for text in texts for shingle in _runs(text, run))
    shared = {text: {shingle for shingle in _runs(text, run) if count[shingle] > 1} for text in texts}
    ordered = sorted((text for text in texts if shared[text]), key=lambda text: (len(text), text))
    runs = [shared[text] for text in ordered]
    holders: dict[str, list[int]] = defaultdict(list)
    for place, text in enumerate(ordered):
        for word in set(text):
            holders[word].append(place)
    for place, text in enumerate(ordered):
        lacking = len(text) - _least(similarity, text)
        rarest = sorted(text, key=lambda word: (len(holders[word]), word))[: lacking + 1]
        longer = {other for word in set(rarest) for other in holders[word] if other > place}
        for other in sorted(longer):
            if common := runs[place] & runs[other]:
                yield text, ordered[other], common


def _runs(text: Words, length: int) -> set[Words]:
    return {text[start : start + length] for start in range(len(text) - length + 1)}


def _least(share: float, text: Words) -> int:
    return math.ceil(round(share * len(text), 6))


def _holds(longer: Words, shorter: Words, shared: set[Words], length: int) -> bool:
    """Say whether a run of this length stands in both texts, which share these shorter runs."""
    run = len(next(iter(shared)))
    starts = (shorter[start : start + run] in shared for start in range(len(shorter) - run + 1))
    in_a_row = max(sum(1 for _ in row) for found, row in itertools.groupby(starts) if found)
    return in_a_row > length - run and not _runs(shorter, length).isdisjoint(_runs(longer, length))


def same_words(texts: Sequence[Words], groups: Sequence[int]) -> list[Pair]:
    """Give pairs of equal texts of one group, however short: sentences of utterances that are echoes."""
    alike: dict[tuple[int, Words], list[int]] = defaultdict(list)
    for position, (text, group) in enumerate(zip(texts, groups, strict=True)):
        alike[group, text].append(position)
    return [pair for positions in alike.values() for pair in itertools.pairwise(positions)]


def representatives(pairs: Sequence[Pair], ranks: Sequence[tuple]) -> list[int]:
    """Give each position the one of its cluster that has the least rank.

    Args:
        pairs: positions that belong together, directly; a cluster is whatever is joined by them.
        ranks: of each position; all different.
    """
    rows, columns = zip(*pairs, strict=True) if pairs else ((), ())
    graph = coo_array(([True] * len(pairs), (rows, columns)), shape=(len(ranks), len(ranks)))
    _, clusters = connected_components(graph, directed=False)
    best: dict[int, int] = {}
    for position in sorted(range(len(ranks)), key=ranks.__getitem__):
        best.setdefault(int(clusters[position]), position)
    return [best[int(cluster)] for cluster in clusters]
