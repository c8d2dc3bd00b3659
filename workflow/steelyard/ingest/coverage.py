"""The promise of the ingest room: nothing that a document says is lost, and nothing is counted twice."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np


def check(text: str, spans: Iterable[tuple[int, int]], name: str) -> None:
    """Hold that spans cover every code point that is no white space exactly once, and begin and end with none.

    Args:
        text: the document.
        spans: first code point, and first one after, of each statement and dropped span; in any order.
        name: of the document, for the message.

    Raises:
        AssertionError: they do not, which is a bug.
    """
    steps = np.zeros(len(text) + 1, dtype=np.int64)
    for start, end in spans:
        assert 0 <= start < end <= len(text), f"{name}: no span: {start}-{end}"
        assert not text[start].isspace(), f"{name}: white space at the edge of {start}-{end}"
        assert not text[end - 1].isspace(), f"{name}: white space at the edge of {start}-{end}"
        steps[start] += 1
        steps[end] -= 1
    cover = steps.cumsum()[:-1]
    blank = np.fromiter((character.isspace() for character in text), dtype=bool, count=len(text))
    assert (cover <= 1).all(), f"{name}: spans overlap at {np.flatnonzero(cover > 1)[0]}"
    assert (cover[~blank] == 1).all(), f"{name}: nothing covers {np.flatnonzero(~blank & (cover == 0))[0]}"
