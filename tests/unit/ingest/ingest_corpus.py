"""Documents made in memory."""

from __future__ import annotations

from typing import Any

from steelyard.ingest.corpus import Corpus, ingest
from steelyard.ingest.documents import Document, documents_of
from steelyard.ingest.readers.file import File
from steelyard.study import Ingest, Source


def document(name: str, text: str, **source: Any) -> Document:
    told = Source.model_validate({"id": name, "path": f"{name}.txt", "source_type": "post", **source})
    [made] = documents_of(File(f"{name}.txt", text.encode(), told))
    return made


def corpus(*documents: Document, **options: Any) -> Corpus:
    return ingest(documents, Ingest.model_validate({"languages": ["en", "zh"], **options}))


def texts(made: Corpus) -> list[str]:
    return made.statements.sort_values(["document_id", "start"])["text"].tolist()


def reasons(made: Corpus, *documents: Document) -> list[tuple[str, str]]:
    text = {one.document_id: one.text for one in documents}
    rows = made.dropped.sort_values(["document_id", "start"]).itertuples()
    return [(text[row.document_id][row.start : row.end], row.reason) for row in rows]


def speakers(made: Corpus) -> list[tuple[str, str]]:
    """Voice and text of each statement, in the order of the page."""
    rows = made.statements.sort_values(["document_id", "start"]).itertuples()
    return [(row.voice_id.partition(":")[2], row.text) for row in rows]
