import hashlib
import unicodedata
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steelyard.errors import SteelyardError
from steelyard.ingest.texts import Texts, fingerprint, originals, same_place

TEXTS = st.text(st.sampled_from("ab é각が\u0301\n\r\u3000好😆"), max_size=12)
BLANKS = st.lists(st.sampled_from(["", " ", "\n", "\r\n", "\u3000 "]), min_size=13, max_size=13)


def test_copies_share_a_fingerprint_and_other_texts_do_not() -> None:
    text = "Café, they said.\n\nWhy?\n"
    copies = [text.replace("\n", "\r\n"), f"\ufeff{text}", text.strip(), unicodedata.normalize("NFD", text)]
    assert {fingerprint(copy) for copy in copies} == {fingerprint(text)}
    assert fingerprint(text.replace("?", ".")) != fingerprint(text) != fingerprint(text.lower())


def test_a_copy_has_the_kept_document_as_its_original() -> None:
    documents = {"a": "One. ", "b": "One.", "c": "Two.", "d": "Three."}
    assert originals(documents, {"b", "c"}) == {"a": "b", "b": "b", "c": "c", "d": "d"}


@given(TEXTS, BLANKS, st.booleans(), st.booleans())
def test_a_span_holds_the_same_characters_in_copy_and_original(
    text: str, blanks: list[str], mark: bool, composed: bool
) -> None:
    original = unicodedata.normalize("NFC" if composed else "NFD", text)
    pieces = [blank + one for blank, one in zip(blanks, unicodedata.normalize("NFC", text), strict=False)]
    copy = "\ufeff" * mark + "".join(pieces)
    assert fingerprint(copy) == fingerprint(original)
    spans = [
        (start, end)
        for start in range(mark, len(copy) + 1)
        for end in range(start + 1, len(copy) + 1)
        if not (copy[start].isspace() or copy[end - 1].isspace())
        and not any(unicodedata.combining(one) for one in copy[start] + copy[end : end + 1])
    ]
    for (start, end), (first, last) in same_place(copy, original, spans).items():
        assert fingerprint(copy[start:end]) == fingerprint(original[first:last])
        assert original[first:last] == original[first:last].strip()


def test_texts_are_read_when_they_are_asked_for_and_as_they_were_ingested(tmp_path: Path) -> None:
    files = {"a.txt": "One.\r\n", "b.jsonl": '{"text": "Two."}', "texts/b.txt": "Two.", "c.txt": "Three."}
    (tmp_path / "texts").mkdir()
    for name, text in files.items():
        (tmp_path / name).write_bytes(text.encode())
    digests = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in files.items()}
    rows = [("a", "a.txt", None), ("b", "b.jsonl", digests["texts/b.txt"]), ("c", "c.txt", None)]
    documents = pd.DataFrame(
        [(name, path, digests[path], of_text) for name, path, of_text in rows],
        columns=["document_id", "path", "sha256", "text_sha256"],
    )
    (tmp_path / "c.txt").write_text("Other.")
    texts = Texts(documents, tmp_path, tmp_path / "texts")
    assert (list(texts), len(texts), "d" in texts, texts.get("d")) == (["a", "b", "c"], 3, False, None)
    assert (texts["a"], texts["b"]) == ("One.\r\n", "Two.")
    with pytest.raises(SteelyardError, match=r"c\.txt: was changed while the report was made"):
        texts["c"]
