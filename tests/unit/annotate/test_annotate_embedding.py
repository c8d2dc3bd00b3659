from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from steelyard.annotate import embedding
from steelyard.errors import SteelyardError

TEXTS = ["Labs want goodwill.", "They lack chips.", "他们缺芯片。"]


def test_vectors_are_of_unit_length_and_depend_on_nothing_but_the_text() -> None:
    together = embedding.look_up(embedding.embed(TEXTS, {}), TEXTS)
    alone = embedding.look_up(embedding.embed(TEXTS[1:2], {}), TEXTS[1:2])
    assert together.shape == (3, embedding.DIMENSIONS)
    assert np.linalg.norm(together, axis=1) == pytest.approx(1, abs=2e-3)
    assert (together[1] == alone[0]).all()


def test_known_texts_are_not_embedded_again_and_others_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    known = embedding.embed(TEXTS[:2], {})
    asked: list[str] = []

    def encode(text: str) -> np.ndarray:
        asked.append(text)
        return np.zeros(embedding.DIMENSIONS, np.float16)

    monkeypatch.setattr(embedding, "_encoder", lambda: encode)
    now = embedding.embed(["They lack chips.", "new", "new"], known)
    assert asked == ["new"]
    assert sorted(now) == sorted([embedding.digest("They lack chips."), embedding.digest("new")])


def test_no_model_is_loaded_where_all_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    known = embedding.embed(TEXTS, {})
    monkeypatch.setattr(embedding, "_encoder", lambda: pytest.fail("the model was loaded"))
    assert list(embedding.embed(TEXTS, known)) == sorted(known)


def test_kept_vectors_come_back_with_the_same_bytes(tmp_path: Path) -> None:
    vectors = embedding.embed(TEXTS, {})
    for name in ("one.npz", "two.npz"):
        embedding.write(tmp_path / name, vectors)
    back = embedding.read(tmp_path / "one.npz")
    assert list(back) == list(vectors)
    assert all((back[key] == vectors[key]).all() for key in vectors)
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()
    assert embedding.read(tmp_path / "none.npz") == {}


def test_vectors_of_another_model_are_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    embedding.write(tmp_path / "kept.npz", embedding.embed(TEXTS, {}))
    monkeypatch.setattr(embedding, "_DIGESTS", {"weights.npz": "0" * 64})
    assert embedding.read(tmp_path / "kept.npz") == {}


@pytest.mark.parametrize(
    ("attribute", "value", "said"),
    [
        ("_DIGESTS", {"sp.model": "0" * 64}, "not what it was"),
        ("_DIGESTS", {"other.npz": "0" * 64}, "missing"),
        ("_PACKAGE", "no_such_package_of_vectors", "not installed"),
    ],
)
def test_an_altered_or_missing_model_is_told_and_never_used(
    attribute: str, value: object, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert embedding.fault() is None
    embedding._encoder.cache_clear()
    monkeypatch.setattr(embedding, attribute, value)
    problem = embedding.fault()
    assert problem is not None and said in problem.what
    with pytest.raises(SteelyardError, match=said):
        embedding.embed(["new"], {})
