"""Annotations: what the Web Annotation Data Model asks for, and positions that are right in any script."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest

from steelyard import tables
from steelyard.engine import engine, view
from steelyard.errors import SteelyardError
from steelyard.ingest.corpus import ingest
from steelyard.ingest.documents import read_documents
from steelyard.ingest.gathered import write as write_corpus
from steelyard.provenance import annotations
from steelyard.study import Ingest, Source

# A byte order mark, a ship of three code points beyond the first plane, a flag, letters with combining marks, Chinese
# with characters of the second plane, and the line ends of Windows.
ODD = (
    "\ufeffThe ferry 🛥️🚢 was late again 😆 and nobody said why.\r\n"
    "A cafe\u0301 closed 🇨🇳 because of it, nai\u0308ve as it sounds.\r\n\r\n"
    "票价太贵了。𠮷野家也这么说👩‍👩‍👧。\r\n"
    "Nobody came back.\r\n"
)
CODE = {"confidence": 1.0, "coder": "reader", "origin": "human", "label": None}


@pytest.fixture
def exported(tmp_path):
    """The study of one odd document, its first statement coded twice; and the file of its annotations."""
    (tmp_path / "odd.txt").write_bytes(ODD.encode())
    source = Source(id="odd", path="odd.txt", format="article", source_type="news", url="https://news.example/odd")
    write_corpus(ingest(read_documents([source], tmp_path), Ingest(languages=["en", "zh"])), tmp_path / "ingest")
    statements = tables.read(tables.STATEMENTS, tmp_path / "ingest/statements.parquet")
    first, second = statements.sort_values("start").statement_id[:2]
    codes = [
        CODE | {"statement_id": first, "hypothesis_id": "fares", "stance": "supports"},
        CODE | {"statement_id": first, "hypothesis_id": "other_motive", "stance": "raises", "label": "the weather"},
    ]
    kinds = {"kind": "testimony", "hedged": True, "gap": False, "confidence": 0.6, "drawn": None}
    traits = [kinds | {"statement_id": first, "coder": "reader", "origin": "human"}]
    traits += [kinds | {"statement_id": second, "coder": "cues", "origin": "program"}]
    write(tmp_path, codes, traits)
    return tmp_path


def write(folder, codes, traits):
    tables.write(tables.CODES, codes, folder / "codes.parquet")
    tables.write(tables.TRAITS, traits, folder / "traits.parquet")
    documents = tables.read(tables.DOCUMENTS, folder / "ingest/documents.parquet")
    with engine() as connection:
        view(connection, tables.STATEMENTS, [folder / "ingest/statements.parquet"])
        view(connection, tables.CODES, [folder / "codes.parquet"])
        view(connection, tables.TRAITS, [folder / "traits.parquet"])
        extracted = folder / "ingest/texts"
        annotations.write(connection, "x", documents, folder, extracted, folder / "annotations.jsonld")


def read(folder):
    return json.loads((folder / "annotations.jsonld").read_text(encoding="utf-8"))


def only(value, kind):
    """Exactly one value of a kind, as the Recommendation has it."""
    assert isinstance(value, kind) and value != "", value
    return value


def structure(collection):
    """Hold a collection against what the Recommendation requires (3.1, 3.2, 4, 4.2.4, 4.2.5, 5)."""
    assert collection["@context"] == "http://www.w3.org/ns/anno.jsonld"
    assert only(collection["type"], str) == "AnnotationCollection" and only(collection["id"], str)
    page = collection["first"]
    assert page["type"] == "AnnotationPage" and page["partOf"] == collection["id"] and page["startIndex"] == 0
    assert collection["last"] == page["id"], "the first page is the last"
    assert collection["total"] == len(page["items"])
    names = [item["id"] for item in page["items"]]
    assert len(set(names)) == len(names)
    motivations = {"classifying", "highlighting", "tagging", "describing", "assessing"}
    for item in page["items"]:
        assert "@context" not in item and item["type"] == "Annotation" and item["id"].startswith("urn:uuid:")
        assert only(item["motivation"], str) in motivations
        for body in item.get("body", []):
            assert body["type"] == "TextualBody" and only(body["value"], str) and body["purpose"] in motivations
        target = only(item["target"], dict)
        assert target["type"] == "SpecificResource" and only(target["source"], dict)["id"]
        position, quote = target["selector"]
        assert position["type"] == "TextPositionSelector" and quote["type"] == "TextQuoteSelector"
        assert 0 <= only(position["start"], int) < only(position["end"], int)
        assert only(quote["exact"], str) and isinstance(quote["prefix"], str) and isinstance(quote["suffix"], str)
    return page["items"]


def test_it_is_a_collection_of_one_page_as_the_recommendation_has_it(exported):
    items = structure(read(exported))
    statements = tables.read(tables.STATEMENTS, exported / "ingest/statements.parquet")
    assert {item["label"] for item in items} == set(statements.statement_id)
    assert len(items) == len(statements) + 1, "a statement of two codes has two"


def test_positions_count_the_code_points_of_the_file_as_it_is(exported):
    text = (exported / "odd.txt").read_bytes().decode("utf-8")
    assert text == ODD
    quotes = set()
    for item in structure(read(exported)):
        position, quote = item["target"]["selector"]
        start, end = position["start"], position["end"]
        assert text[start:end] == quote["exact"]
        assert text[:start].endswith(quote["prefix"]) and text[end:].startswith(quote["suffix"])
        assert len(quote["prefix"]) == min(32, start) and len(quote["suffix"]) == min(32, len(text) - end)
        # What is counted differs from UTF-16 code units and from bytes wherever something stands before it.
        quotes.add(quote["exact"])
    assert any("🛥️🚢" in one for one in quotes) and any("𠮷野家" in one for one in quotes)
    last = max(structure(read(exported)), key=lambda item: item["target"]["selector"][0]["start"])
    start = last["target"]["selector"][0]["start"]
    assert len(text[:start].encode("utf-16-le")) // 2 > start, "the units of UTF-16 are more"
    assert text.index("Nobody came back.") == start
    assert len(unicodedata.normalize("NFC", text[:start])) < start, "nothing is composed"


def test_codes_are_bodies_and_coders_creators(exported):
    items = {
        (item["label"], tuple(b["value"] for b in item.get("body", []))): item for item in structure(read(exported))
    }
    values = [values for _, values in items]
    assert ("fares", "stance: supports", "kind: testimony", "hedged") in values
    assert ("other_motive", "stance: raises", "the weather", "kind: testimony", "hedged") in values
    creators = {values: item.get("creator") for (_, values), item in items.items()}
    assert creators["fares", "stance: supports", "kind: testimony", "hedged"] == {"type": "Person", "name": "reader"}
    assert creators["kind: testimony", "hedged"] == {"type": "Software", "name": "cues"}
    assert creators[()] is None


def test_the_source_is_the_text_by_its_digest(exported):
    [source] = {json.dumps(item["target"]["source"], sort_keys=True) for item in structure(read(exported))}
    document = tables.read(tables.DOCUMENTS, exported / "ingest/documents.parquet").iloc[0]
    from steelyard.provenance.digests import named

    digest = document.sha256 if not isinstance(document.text_sha256, str) else document.text_sha256
    assert json.loads(source)["id"] == named(digest)
    assert json.loads(source)["via"] == "https://news.example/odd"


def test_an_annotation_stands_on_a_line_of_its_own_and_the_same_again_is_the_same(exported):
    path = Path(exported / "annotations.jsonld")
    before = path.read_bytes()
    lines = before.decode().split("\n")
    assert [json.loads(line.rstrip(","))["type"] for line in lines[1:-2]] == ["Annotation"] * read(exported)["total"]
    codes, traits = (
        tables.read(t, exported / f"{n}.parquet") for t, n in ((tables.CODES, "codes"), (tables.TRAITS, "traits"))
    )
    write(exported, codes[::-1], traits[::-1])
    assert path.read_bytes() == before


def test_a_document_that_was_changed_is_told_and_nothing_is_written(exported):
    (exported / "annotations.jsonld").unlink()
    (exported / "odd.txt").write_bytes(ODD.encode().replace(b"late", b"soon"))
    codes, traits = (
        tables.read(t, exported / f"{n}.parquet") for t, n in ((tables.CODES, "codes"), (tables.TRAITS, "traits"))
    )
    with pytest.raises(SteelyardError, match="is not the text of document odd"):
        write(exported, codes, traits)
    assert not (exported / "annotations.jsonld").exists()
