"""What the semantic coder learns from: texts of a corpus, a bounded number whatever its size.

They are chosen from the whole corpus: where its parts are coded by jobs of their own, each has the same sample, and so
a text the same confidences.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from steelyard.annotate import embedding
from steelyard.annotate.likeness.letters import Wording

Array = npt.NDArray[np.float64]
Part = tuple[Sequence[str], embedding.Vectors | None]  # texts and their vectors; None where there is no model

ABOUT = 0.7  # nearness to the question from which a text is about it
_LEARNED_FROM = 20_000  # texts at most, so that memory has a bound
_ROWS = 4_096  # texts that are computed at once


@dataclass(frozen=True)
class Sample:
    """What is learned from.

    Args:
        texts: distinct, in an order that says nothing about them.
        vectors: of these, and of claims, exemplars and question; None where there is no model.
        usual: the cosine with question and claims that is usual for the texts nearest to them.
    """

    texts: list[str]
    vectors: embedding.Vectors | None
    usual: float = 1.0


def choose(
    parts: Callable[[], Iterable[Part]],
    wordings: Sequence[Wording],
    question: str,
    vectors: embedding.Vectors | None,
) -> Sample:
    """Choose what is learned from: the texts about the question, by digest so many as memory has room for.

    Args:
        parts: gives the corpus, part by part; it is called twice. What is held of a text besides is its digest and a
            number.
        wordings: the hypotheses.
        question: what they answer.
        vectors: of claims, exemplars and question; None where there is no model, and all texts will do.

    Raises:
        KeyError: a text was not embedded.
    """
    towards = None if vectors is None else direction(wordings, question, vectors)
    digests, cosines = [np.array([], dtype="S64")], [np.array([])]
    for texts, known in parts():
        distinct = list(dict.fromkeys(texts))
        digests.append(np.array([embedding.digest(text) for text in distinct], dtype="S64"))
        near = np.ones(len(distinct)) if towards is None or known is None else nearness(distinct, known, towards)
        cosines.append(near)
    names, first = np.unique(np.concatenate(digests), return_index=True)
    cosine = np.concatenate(cosines)[first]
    usual = 1.0 if vectors is None else _usual(cosine)
    chosen = dict.fromkeys(names[cosine / usual >= ABOUT][:_LEARNED_FROM].astype(str).tolist(), "")
    own = dict(vectors or {})
    for texts, known in parts():
        for text in texts:
            name = embedding.digest(text)
            if name in chosen:
                chosen[name] = text
                own |= {} if known is None else {name: known[name]}
    said = [question, *(text for wording in wordings for text in (wording.claim, *wording.exemplars))]
    kept = {*chosen, *map(embedding.digest, said)}
    return Sample(list(chosen.values()), None if vectors is None else {name: own[name] for name in sorted(kept)}, usual)


def direction(wordings: Sequence[Wording], question: str, vectors: embedding.Vectors) -> Array:
    """Give the direction of question and claims."""
    claims = embedding.look_up(vectors, [wording.claim for wording in wordings])
    return unit(unit(claims.mean(axis=0, dtype=float)) + embedding.look_up(vectors, [question])[0])


def nearness(texts: Sequence[str], vectors: embedding.Vectors, towards: Array) -> Array:
    """Give the cosines of texts with a direction, by the untouched vectors; each the same whatever others there are."""
    blocks = [texts[start : start + _ROWS] for start in range(0, len(texts), _ROWS)]
    found = [(embedding.look_up(vectors, block) * towards).sum(axis=1) for block in blocks]
    return np.concatenate([np.array([]), *found])


def unit(rows: npt.NDArray) -> Array:
    """Scale vectors to length 1; one of length 0 stays as it is."""
    rows = np.asarray(rows, dtype=float)
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-9))


def write(path: Path, sample: Sample) -> None:
    """Keep a sample."""
    model = {} if sample.vectors is None else embedding.arrays(sample.vectors)
    texts = np.frombuffer(json.dumps(sample.texts).encode(), dtype=np.uint8)
    embedding.save(path, {"texts": texts, "usual": np.array(sample.usual), **model})


def read(path: Path) -> Sample:
    """Read a sample that was kept."""
    with np.load(path, allow_pickle=False) as kept:
        vectors = embedding.vectors_of(kept) if "vectors" in kept else None
        return Sample(json.loads(kept["texts"].tobytes()), vectors, float(kept["usual"]))


def _usual(cosines: Array) -> float:
    """Give the cosine that is usual for the texts that are nearest to question and claims.

    Texts of some registers are farther from any claim than those of others, so that no cosine says by itself what is
    about the question. The mean is weighed by the cosine's fourth power, so that other texts hardly count.
    """
    near = np.maximum(cosines, 0)
    return max(float((near**5).sum() / max(float((near**4).sum()), 1e-9)), 1e-9)
