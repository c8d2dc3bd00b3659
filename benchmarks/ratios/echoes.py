"""Finding texts that repeat one another, beside datasketch's index of MinHash signatures."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path

import apart
import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from ratios import Ratio, in_turns, made
from steelyard.ingest.echoes import Pair, Rule, Words, echo_pairs
from steelyard.ingest.words import words
from steelyard.study import Ingest

STATEMENTS = 20_000
PEER = "datasketch==2.0.0"


def ratios() -> list[Ratio]:
    """Measure on the statements of a made corpus."""
    texts = [words(text) for text in made.corpus(STATEMENTS).statements["text"]]
    rule = Rule(Ingest().echo_words, Ingest().echo_similarity, within=False)
    # Texts of the similarity s have at least this share of all their words in common.
    given = {"texts": texts, "threshold": round(rule.similarity / (2 - rule.similarity), 2)}
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "given.json").write_text(json.dumps(given), encoding="utf-8")
        with apart.asked(str(Path(__file__).with_name("echo_peers.py")), [PEER], Path(folder)) as ask:
            equal = alike(texts, rule, json.loads(ask("pairs")))
            alone = in_turns(partial(echo_pairs, texts, rule), partial(ask, "time"), rounds=3)
            within = in_turns(partial(echo_pairs, texts, replace(rule, within=True)), partial(ask, "time"), rounds=3)
    measured_on = f"{len(texts):,} statements, {sum(map(len, texts)):,} words, from words to pairs"
    against = f"MinHashLSH, 128 permutations, threshold {given['threshold']} ({PEER}); its pairs are not verified"
    return [
        Ratio("verified pairs of texts that are alike as wholes", against, 1.0, *alone, measured_on, equal),
        Ratio(
            "the same, and texts that another one quotes, as ingest asks of statements",
            against,
            1.0,
            *within,
            measured_on,
            "less is asked of it: it does not find quotations",
        ),
    ]


def alike(texts: list[Words], rule: Rule, candidates: list[Pair]) -> str:
    """Say how far both find the same, after the other's pairs are verified by our rule; ours are, already."""
    ours = echo_pairs(texts, rule).tolist()
    theirs = [pair for pair in candidates if len(echo_pairs([texts[place] for place in pair], rule))]
    in_ours, in_theirs = (joined(len(texts), pairs) for pairs in (ours, theirs))
    found, missed = (
        f"{sum(label[one] == label[other] for one, other in pairs):,} of {len(pairs):,}"
        for label, pairs in ((in_ours, theirs), (in_theirs, ours))
    )
    return f"it joins {missed} pairs of ours; we join {found} of its verified pairs ({len(candidates):,} before that)"


def joined(count: int, pairs: Iterable[Pair]) -> np.ndarray:
    """Give the number of each text's cluster: whatever is joined by pairs."""
    ends = np.array(list(pairs), dtype=np.int64).reshape(-1, 2)
    return connected_components(coo_array((np.ones(len(ends)), ends.T), shape=(count, count)), directed=False)[1]
