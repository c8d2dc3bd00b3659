"""What is skipped for speed changes nothing: the same is found as by the plain way."""

from __future__ import annotations

import re
import unicodedata
from itertools import accumulate

import pytest
import sentencex
from hypothesis import example, given
from hypothesis import strategies as st

from steelyard.ingest import segmentation
from steelyard.ingest.language import Languages
from steelyard.ingest.readers.layout import Line, lines
from steelyard.ingest.words import UNSPACED, words

# Pieces at which texts are cut, or nearly; no-break spaces stand where sentencex does not fail on them.
PIECES = [". ", ".", "! ", "? ", "\n", "\r\n", "\r", "\u2028", "\x85", "\t", " " * 40, '" ', "” ", "(a) ", "1. ", "12"]
PIECES += [
    "No. ",
    "may. ",
    "etc. ",
    "e.g. ",
    "Mr. ",
    "mag. ",
    "bien. ",
    "inf.) ",
    "Dipl.-",
    "3.5",
    "J.-C. ",
    "M. ",
    "é",
]
PIECES += [
    "。",
    "！",
    "？",
    "“好。”",
    "他说，",
    "公开",
    "かな",
    "هل",
    "قال ",
    "؟ ",
    "don’t ",
    "İ",
    "ß",
    "The ",
    "the ",
    "@x ",
    "www.x",
]
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=25).map("".join)
WORDS_AT_END = {
    "de": "Art|id|mag|mich|ok|OK|Ok",
    "en": "art|fed|hr|id|ill|may|me|miss|no|ok|HR|ID|No|OK|Ok|SEC",
    "es": "[Bb]ien|[Cc]ontra|da|di|en|id|kg|km|mar|mín|min|[Nn]o|nos|ok|para|un",
    "fr": "art|ex|id|inf|mm|sup",
}
NEXT = r"[.][\"'”’»“)]*\s+(?=[(\"'“‘«„»¿¡—]*[A-ZÀ-ÖØ-Þ])"
NEXT_IN_ENGLISH = r"[.][\"'”’)]*\s+(?=[(\"'“‘]?[A-Z])"


@given(
    TEXTS.filter(lambda text: not re.search(r"[^\S\x00- ]\.", text)),
    st.sampled_from(["en", "zh", "de", "fr", "es", "ar"]),
)
def test_cuts_are_those_of_sentencex_and_of_words_that_it_takes_for_abbreviations(text: str, language: str) -> None:
    found = {int(sentence["start_index"]) for sentence in sentencex.get_sentence_boundaries(language, text)}
    if language in WORDS_AT_END:
        then = NEXT_IN_ENGLISH if language == "en" else NEXT
        found |= {match.end() for match in re.finditer(rf"\b(?:{WORDS_AT_END[language]}){then}", text)}
    segments = segmentation._segments(text, language)
    assert "".join(segments) == text
    assert {0, *accumulate(map(len, segments)), len(text)} == {0, *found, len(text)}


@pytest.mark.parametrize("space", ["\u00a0", "\u3000", "\u2028", "\x85"])
def test_a_space_that_is_no_ascii_before_a_stop_is_no_fault(space: str) -> None:
    text = f"Take vitamin A{space}. Then sleep."
    cut = segmentation.sentences(text, 0, len(text), "en")
    assert "".join("".join(text[start:end] for start, end in cut).split()) == "".join(text.split())


@given(TEXTS)
@example("a\r\n\r\n b \u2028\n")
def test_lines_end_at_line_feeds_returns_and_separators_only(text: str) -> None:
    plain, position = [], 0
    while position <= len(text):
        match = re.compile(r"[^\r\n\u2028\u2029]*").match(text, position)
        assert match
        start = match.end() - len(match[0].lstrip())
        plain.append(Line(start, start + len(match[0].strip()), match[0].strip()))
        position = match.end() + (2 if text.startswith("\r\n", match.end()) else 1)
    assert lines(text) == plain


@given(TEXTS)
def test_words_are_the_same_in_texts_of_ascii(text: str) -> None:
    word = rf"[{UNSPACED}]|(?:(?![{UNSPACED}])\w)+(?:['’](?:(?![{UNSPACED}])\w)+)*"
    composed = re.sub("[\u0640\u064b-\u065f\u0670]+", "", unicodedata.normalize("NFC", text.casefold()))
    assert words(text) == tuple(re.findall(word, composed.replace("’", "'")))


@given(TEXTS, st.sampled_from([["en", "zh"], ["zh", "ja"], ["en", "ar"], ["de", "en", "zh", "ar"], ["zh"], ["ar"]]))
def test_a_text_fits_the_languages_that_counting_all_its_words_gives(text: str, codes: list[str]) -> None:
    tokens = words(text)
    kana = any("\u3040" <= character <= "\u30ff" for character in text)
    unspaced = sum(bool(re.match(f"[{UNSPACED}]", token)) for token in tokens)
    arabic = 2 * sum("\u0620" <= token[0] <= "\u06ff" for token in tokens) > len(tokens)
    others = [code for code in codes if code != "zh"]
    plain = [code for code in others if (code == "ar") == arabic] or others or codes
    chinese = 2 * unspaced > len(tokens) and "zh" in codes and not ("ja" in codes and kana)
    assert Languages(codes)._fitting(text) == (["zh"] if chinese else plain)
