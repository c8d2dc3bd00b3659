"""Finding cues: beside a bare automaton, beside spaCy's and Python's own ways, and as a part of the whole coder."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

import apart

from ratios import Ratio, in_turns, made
from steelyard import codebook
from steelyard.annotate import cues
from steelyard.annotate.matching import Matcher, fold, matcher_of
from steelyard.codebook import Codebook, Cues

STATEMENTS = 10_000
PEERS = {"spacy": "spacy==3.8.18", "ahocorasick-rs": "ahocorasick-rs==1.0.3"}
CODEBOOK = made.PROJECT / "seeds" / "codebook.yaml"
ALIKE = re.compile(r"[a-z]+( [a-z]+)*")  # a phrase that means the same to spaCy


def ratios() -> Iterator[Ratio]:
    """Measure; last beside what may not be installed."""
    book, corpus = codebook.load(CODEBOOK), made.corpus(STATEMENTS)
    english = corpus.statements[corpus.statements["language"] == "en"]
    texts = [fold(text) for text in english["text"]]
    size = sum(map(len, texts)) / 1e6
    measured_on = f"{len(texts):,} English statements, {size:.1f} MB, {len(book.hypotheses)} hypotheses' cues"
    whole = Matcher(in_english(book), spaced=True)
    yield beside_plain_re(book, whole, texts, measured_on)
    yield of_the_coder(book, corpus, whole, texts)
    yield from beside_phrases(book, texts, measured_on)


def in_english(book: Codebook) -> dict[str, Cues]:
    """Give the English cues by hypothesis."""
    return {hypothesis.id: hypothesis.cues["en"] for hypothesis in book.hypotheses if "en" in hypothesis.cues}


def find(matcher: Matcher, texts: Iterable[bytes]) -> None:
    """Find all spans of all hypotheses' cues."""
    for text in texts:
        matcher.spans(text)


def held(matcher: Matcher, texts: Iterable[bytes]) -> set[tuple[int, str]]:
    """Give which text holds a cue of which hypothesis."""
    return {(row, name) for row, text in enumerate(texts) for name in matcher.spans(text)}


def beside_plain_re(book: Codebook, whole: Matcher, texts: list[bytes], measured_on: str) -> Ratio:
    """Compare with one compiled alternation for each hypothesis."""
    compiled = {
        name: re.compile(
            "|".join([_alternation(own.phrases, r"[^\w]", r"[\w']*"), *(f"(?:{pattern})" for pattern in own.patterns)]),
            re.IGNORECASE | re.ASCII,
        )
        for name, own in in_english(book).items()
    }
    said = [text.decode() for text in texts]

    def search() -> None:
        for text in said:
            for pattern in compiled.values():
                [match.span() for match in pattern.finditer(text)]

    found = {(row, name) for row, text in enumerate(said) for name, pattern in compiled.items() if pattern.search(text)}
    assert found == held(whole, texts), found ^ held(whole, texts)
    return Ratio(
        "all spans of all cues",
        "re: one compiled alternation per hypothesis",
        1.0,
        *in_turns(partial(find, whole, texts), search, rounds=3),
        measured_on,
        "the same hypotheses in the same statements; where cues overlap, re gives fewer spans",
    )


def beside_phrases(book: Codebook, texts: list[bytes], measured_on: str) -> list[Ratio]:
    """Compare, on phrases alone, with a bare automaton and with spaCy."""
    lists = {name: [phrase.rstrip("*").lower() for phrase in own.phrases] for name, own in in_english(book).items()}
    plain = {name: [phrase for phrase in phrases if ALIKE.fullmatch(phrase)] for name, phrases in lists.items()}
    given = {
        "texts": [text.decode() for text in texts],
        "texts_in_lower_case": [text.decode().lower() for text in texts],
        "stems": sorted({phrase for phrases in lists.values() for phrase in phrases}),
        "phrases": plain,
    }
    every = Matcher({name: Cues(phrases=own.phrases) for name, own in in_english(book).items()}, spaced=True)
    common = Matcher({name: Cues(phrases=phrases) for name, phrases in plain.items()}, spaced=True)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "given.json").write_text(json.dumps(given), encoding="utf-8")
        with apart.asked(str(Path(__file__).with_name("cue_peers.py")), list(PEERS.values()), Path(folder)) as ask:
            theirs, ours = {(row, name) for row, name in json.loads(ask("hits"))}, held(common, texts)
            share = len(theirs & ours) / max(1, len(theirs | ours))
            alike = (
                f"{len(theirs & ours):,} hypotheses in statements found by both, {len(theirs ^ ours)} by one of the two"
            )
            assert share > 0.99, theirs ^ ours
            scan = in_turns(partial(find, every, texts), partial(ask, "scan"))
            spacy = in_turns(partial(find, common, texts), partial(ask, "phrase_matcher"), rounds=3)
            alone = in_turns(partial(find, common, texts), partial(ask, "phrase_matcher_alone"), rounds=3)
    counted = f"{measured_on}: phrases alone, {sum(map(len, lists.values()))}"
    words = f"{measured_on}: phrases of plain letters alone, {sum(map(len, plain.values()))}"
    automaton = "a bare scan of the same bytes for the same phrases by an Aho-Corasick automaton ({})"
    bare = "the automaton finds letters, not whole words, and tells no hypothesis: less is asked of it"
    return [
        Ratio("all spans of phrases", automaton.format(PEERS["ahocorasick-rs"]), 1.5, *scan, counted, bare),
        Ratio(
            "all spans of phrases", f"PhraseMatcher with its tokenizer ({PEERS['spacy']})", 1.0, *spacy, words, alike
        ),
        Ratio(
            "all spans of phrases",
            f"PhraseMatcher on texts that are cut into tokens already ({PEERS['spacy']})",
            None,
            *alone,
            words,
            f"{alike}; a part of its work beside the whole of ours, so no goal",
        ),
    ]


def of_the_coder(book: Codebook, corpus: made.Corpus, whole: Matcher, texts: list[bytes]) -> Ratio:
    """Compare the whole coder with the part of it that finds hypotheses' cues."""
    chinese = matcher_of({hypothesis.id: hypothesis.cues for hypothesis in book.hypotheses}, "zh")
    others = [fold(text) for text in corpus.statements.loc[corpus.statements["language"] != "en", "text"]]

    def match() -> None:
        find(whole, texts)
        find(chinese, others)

    return Ratio(
        "the coder cues, from tables of statements to tables of readings",
        "its part that finds hypotheses' cues",
        None,
        *in_turns(lambda: cues.code(corpus.statements, corpus.utterances, book, "cues"), match, rounds=3),
        f"{len(corpus.statements):,} statements, English and Chinese",
        "not the same work: tells how much of the coder is matching",
    )


def _alternation(phrases: list[str], outside: str, ending: str) -> str:
    """Give a pattern of phrases as whole words, a `*` standing for any ending."""
    gap = r"[\s-]+"
    words = (gap.join(map(re.escape, re.split(r"[\s-]+", phrase.rstrip("*")))) for phrase in phrases)
    ended = (word + (ending if phrase.endswith("*") else "") for word, phrase in zip(words, phrases, strict=True))
    return rf"(?:^|{outside})(?:{'|'.join(ended)})(?:{outside}|$)"
