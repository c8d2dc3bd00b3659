"""Cutting texts into sentences, beside the library that it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import version
from itertools import accumulate
from pathlib import Path
from tempfile import TemporaryDirectory

import million
import sentencex

from ratios import Ratio, in_turns
from steelyard.ingest import segmentation
from steelyard.ingest.documents import Document, read_documents
from steelyard.ingest.language import Languages
from steelyard.study import Source

STATEMENTS = 20_000
Span = tuple[str, int, int, str]  # text of a document, first code point, first one after, language


def ratios() -> list[Ratio]:
    """Cut the utterances of a made corpus, and its paragraphs with sentencex alone."""
    with TemporaryDirectory() as folder:
        million.make(STATEMENTS, Path(folder))
        files = sorted(path.relative_to(folder).as_posix() for path in Path(folder).glob("corpus/*/*.*"))
        documents = read_documents([Source(path=path, source_type="generated") for path in files], Path(folder))
    spans = list(_spans(documents))
    paragraphs = [
        (language, text[first:last])
        for text, start, end, language in spans
        for first, last in segmentation.paragraphs(text, start, end)
    ]

    def ours() -> list[list[tuple[int, int]]]:
        return [segmentation.sentences(*span) for span in spans]

    def boundaries() -> list[list[int]]:
        found = (sentencex.get_sentence_boundaries(*paragraph) for paragraph in paragraphs)
        return [[sentence["start_index"] for sentence in each] for each in found]

    def segments() -> list[list[int]]:
        return [list(accumulate(map(len, sentencex.segment(*paragraph)))) for paragraph in paragraphs]

    cut, alone = sum(map(len, ours())), sum(map(len, boundaries()))
    what = "sentences as exact spans, without what sentencex cuts wrongly"
    measured_on = f"{len(documents)} plain-text documents with {cut} sentences in {len(paragraphs)} paragraphs"
    equal = f"no equal results: sentencex alone gives {alone} sentences, with white space around them"
    name = f"sentencex {version('sentencex')} alone, same paragraphs"
    return [
        Ratio(what, f"{name}: places of sentences", 1.5, *in_turns(ours, boundaries), measured_on, equal),
        Ratio(what, f"{name}: texts of sentences", 1.5, *in_turns(ours, segments), measured_on, equal),
    ]


def _spans(documents: list[Document]) -> Iterator[Span]:
    """Give what is cut: utterances without what is dropped in them, each with its language."""
    languages = Languages(["en", "zh"])
    for document in documents:
        layout, text = document.layout, document.text
        for utterance in layout.utterances:
            for start, end in segmentation.without(utterance.start, utterance.end, layout.dropped):
                yield text, start, end, languages.guess(text[start:end]) or "en"
