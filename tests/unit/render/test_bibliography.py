"""The corpus as CSL-JSON: what is known of a document and no more, and keys that can be cited."""

import json

import pandas as pd
import pytest

from steelyard.render.bibliography import as_json, bibliography, citation_keys

DOCUMENT = {"document_id": "a", "title": "Fewer riders", "format": "article", "source_type": "op-ed", "language": "en"}


def item(**changed: object) -> dict[str, object]:
    [made] = bibliography(pd.DataFrame([DOCUMENT | changed]))
    return made


def test_a_document_is_an_item_of_what_is_known_of_it() -> None:
    told = item(author="Ada Okoro", date="2025-03-01", url="https://x.org/a b", record=None, text_sha256=None)
    assert told == {
        "id": "a",
        "type": "article-newspaper",
        "title": "Fewer riders",
        "author": [{"literal": "Ada Okoro"}],
        "issued": {"date-parts": [[2025, 3, 1]]},
        "URL": "https://x.org/a%20b",
        "genre": "op-ed",
        "language": "en",
    }
    # tables made before lack columns, and nulls are no values
    assert item() == item(author=None, date=float("nan"), url=None)
    assert set(item()) == {"id", "type", "title", "genre", "language"}


def test_the_file_says_what_it_holds_in_its_own_letters() -> None:
    content = as_json(pd.DataFrame([DOCUMENT | {"title": "رسالة"}]))
    assert "رسالة" in content.decode()
    assert json.loads(content) == [item(title="رسالة")]


@pytest.mark.parametrize(
    ("source_type", "form", "url", "expected"),
    [
        ("Newspaper articles", "pdf", None, "article-newspaper"),
        ("blog post", "html", None, "post-weblog"),
        ("social media", "article", None, "post"),
        ("annual report", "pdf", None, "report"),
        ("talk", "srt", None, "speech"),
        ("reporting", "article", None, "document"),  # whole words only
        ("notes", "html", None, "webpage"),  # else the format says it
        ("notes", "reddit", None, "post"),
        # citeproc's own style does not list what was not published
        ("interview", "article", None, "document"),
        ("interview", "article", "https://x.org", "interview"),
        ("letters", "article", "javascript:x", "document"),
    ],
)
def test_the_type_comes_of_the_source_type_or_the_format(
    source_type: str, form: str, url: str | None, expected: str
) -> None:
    assert item(source_type=source_type, format=form, url=url)["type"] == expected


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ("Okoro, Ada", [{"family": "Okoro", "given": "Ada"}]),
        ("Okoro, Ada; River Council", [{"family": "Okoro", "given": "Ada"}, {"literal": "River Council"}]),
        *((name, [{"literal": name}]) for name in ("Ada Okoro", "梁文锋", "محمد علي", "A, B, C")),
    ],
)
def test_a_name_is_taken_apart_only_where_it_is_written_in_parts(author: str, expected: list[dict[str, str]]) -> None:
    assert item(author=author)["author"] == expected


def test_what_would_be_markup_stays_text() -> None:
    told = item(title="<i>x</i>  a<b\u202e", url="javascript:alert(1)")
    assert told["title"] == "<\u2060i>x<\u2060/i> a<\u2060b[U+202E]"
    assert "URL" not in told


def test_every_document_has_a_key_that_can_be_cited_and_is_no_reference() -> None:
    ids = ["talk", "tip-of-the-day", "a b", "a;b", "document-a-b", "sec-1-2", "开源", "foo--bar"]
    keys = citation_keys(ids)
    assert keys == {
        "talk": "talk",
        "tip-of-the-day": "document-tip-of-the-day",
        "a b": "document-a-b-1",
        "a;b": "document-a-b-2",
        "document-a-b": "document-a-b",
        "sec-1-2": "document-sec-1-2",
        "开源": "document",
        "foo--bar": "document-foo-bar",
    }
