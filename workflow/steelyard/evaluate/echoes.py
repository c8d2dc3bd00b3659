"""Whether repetition is found: texts are planted that repeat others, and those found are counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from steelyard.ingest.echoes import Rule, echo_pairs, originals
from steelyard.ingest.words import words
from steelyard.study import Ingest

_FEWEST_WORDS = 16  # an excerpt of half of them is as long as an echo must be
_WORDS_AN_EDIT = 12  # one word in so many is changed by a light edit
_STRANGE = "zyzzyva"

Change = Callable[[list[str], np.random.Generator], list[str]]


def planted_echoes(texts: Sequence[str], options: Ingest, seed: int) -> pd.DataFrame:
    """Plant a repeat, an excerpt and a lightly edited copy of each text, and count what is found.

    Found is a copy that comes into the cluster of its original. A false pair is two texts of one cluster of which
    neither is a copy of the other or of a third one, and which were not in one cluster before anything was planted.

    Args:
        texts: statements; those of fewer than 16 words, and echoes among them, are left as they are.
        options: what counts as an echo.
        seed: of the choice of excerpts and edits.

    Returns:
        A row each for repeats, excerpts and light edits (share found), and one for false pairs (their number), with
        columns `measure`, `value`, `n`.
    """
    generator = np.random.default_rng(seed)
    split = [text.split() for text in texts]
    before = np.array(_clusters(texts, options))
    originals = sorted(set(before.tolist()))  # two excerpts of one text could as well be two texts that it quotes
    long = [place for place in originals if len(words(texts[place])) >= _FEWEST_WORDS]
    rows: list[dict] = []
    false: set[tuple[int, int]] = set()
    for name, change in _CHANGES.items():  # one kind at a time, as it would come
        copies = [" ".join(change(split[place], generator)) for place in long]
        after = np.array(_clusters([*texts, *copies], options))
        found = (after[len(texts) :] == after[long]).sum()
        rows.append({"measure": f"{name} found", "value": found / len(long) if long else None, "n": len(long)})
        false |= _pairs(after[: len(texts)]) - _pairs(before)
    return pd.DataFrame([*rows, {"measure": "false pairs", "value": float(len(false)), "n": len(texts)}])


def _pairs(clusters: np.ndarray) -> set[tuple[int, int]]:
    one, other = np.nonzero(np.triu(np.equal.outer(clusters, clusters), 1))
    return set(zip(one.tolist(), other.tolist(), strict=True))


def _clusters(texts: Sequence[str], options: Ingest) -> list[int]:
    rule = Rule(options.echo_words, options.echo_similarity, within=True)
    pairs = echo_pairs([words(text) for text in texts], rule)
    found: list[int] = originals(len(texts), pairs, lambda places: [(place,) for place in places]).tolist()
    return found


def _repeat(said: list[str], _: np.random.Generator) -> list[str]:
    """Repeat it in capitals and quotation marks."""
    return ["“" + said[0].upper(), *(word.upper() for word in said[1:]), "”"]


def _excerpt(said: list[str], generator: np.random.Generator) -> list[str]:
    """Take half of it, from anywhere in it."""
    length = -(-len(said) // 2)
    start = generator.integers(len(said) - length + 1)
    return said[start : start + length]


def _light_edit(said: list[str], generator: np.random.Generator) -> list[str]:
    """Put another word for one in twelve."""
    edited = list(said)
    for place in generator.choice(len(said), size=len(said) // _WORDS_AN_EDIT, replace=False):
        edited[place] = _STRANGE
    return edited


_CHANGES: dict[str, Change] = {"repeats": _repeat, "excerpts": _excerpt, "light edits": _light_edit}
