import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from steelyard.ingest.texts import fingerprint, originals, same_place

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
