from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steelyard.annotate.matching import Matcher, fold
from steelyard.codebook import Cues


def found(text: str, *phrases: str, patterns: tuple[str, ...] = (), spaced: bool = True) -> list[str]:
    folded = fold(text)
    cues = Cues(phrases=list(phrases), patterns=list(patterns))
    return [
        folded[start:end].decode() for start, end in Matcher({"it": cues}, spaced=spaced).spans(folded).get("it", [])
    ]


@pytest.mark.parametrize(
    ("text", "phrase", "match"),
    [
        ("Soft  Power wins", "soft power", "Soft  Power"),
        ("open-source it", "open source", "open-source"),
        ("open source it", "open-source", "open source"),
        ("open\u2011source it", "open source", "open-source"),
        ("They don’t trust it", "don't trust", "don't trust"),
        ("incentives matter", "incentiv*", "incentives"),
        ("across\nlines", "across lines", "across lines"),
        ("naïveté", "naïv*", "naïveté"),
        ("C++ (fast)", "c++", "C++"),
    ],
)
def test_a_phrase_matches_whole_words_in_any_spelling_of_case_space_hyphen_and_apostrophe(
    text: str, phrase: str, match: str
) -> None:
    assert found(text, phrase) == [match]


@pytest.mark.parametrize(
    ("text", "phrase"), [("dumplings", "dump"), ("cafés", "café"), ("unsoft power", "soft power"), ("a.b", "a*b")]
)
def test_a_phrase_does_not_match_inside_a_word_and_no_character_of_it_is_magic(text: str, phrase: str) -> None:
    assert found(text, phrase) == []


@pytest.mark.parametrize(
    ("text", "phrases", "matches"),
    [
        ("أَسْعَارٌ", ["أسعار"], ["اسعار"]),  # vowel signs, and forms of alef
        ("الأســـعار", ["أسعار"], ["اسعار"]),
        ("مدرسه على شارع", ["مدرسة", "علي"], ["مدرسه", "علي"]),
        ("وبالأسعار للسعر، كسعره", ["أسعار", "سعر*"], ["اسعار", "سعر", "سعره"]),
        ("ولا كلا فلم بلا", ["لا", "لم"], ["لا", "لم"]),  # a particle takes "and" only: كلا is another word
        ("ولكن هم", ["لكن"], ["لكن"]),
        ("السعر", ["سعر", "مال"], ["سعر"]),
    ],
)
def test_arabic_matches_in_any_spelling_and_behind_what_is_joined_to_a_word(
    text: str, phrases: list[str], matches: list[str]
) -> None:
    assert found(text, *phrases) == matches


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_accents_match_composed_or_not(form: str) -> None:
    text = unicodedata.normalize("NFD", "Le café préféré")
    phrase, pattern = (unicodedata.normalize(form, written) for written in ("café", "pré[fé]+r"))
    assert found(text, phrase, patterns=(pattern,)) == ["café", "préfér"]


def test_patterns_are_folded_as_texts_are_and_stay_valid() -> None:
    assert found("بنسبة ٤٥٪", patterns=(r"\d+%", "بِنِسبةٍ")) == ["بنسبه", "45%"]
    assert found("abc", patterns=("[ة-ج]|b", "[\u064b\u064c]?c")) == ["b", "c"]


def test_neighbouring_phrases_are_both_found_and_of_nested_ones_the_longest() -> None:
    assert found("free free models", "free", "free models") == ["free", "free models"]


def test_without_spaces_a_phrase_matches_anywhere() -> None:
    assert found("他们在倾销模型", "倾销", spaced=False) == ["倾销"]
    assert found("他们在倾销模型", "倾销", spaced=True) == []


def test_patterns_ignore_case_unless_they_say_otherwise_and_may_share_names_of_groups() -> None:
    assert found("RACE to it", patterns=(r"(?P<a>race)\s(?P<b>to)", r"(?P<a>zzz)")) == ["RACE to"]
    assert found("race Race", patterns=(r"(?-i:Race)",)) == ["Race"]


def test_a_match_that_touches_an_exception_is_void() -> None:
    matcher = Matcher({"no": Cues(phrases=["not"])}, spaced=True, unless={"no": Cues(phrases=["not only"])})
    assert matcher.spans(fold("not only this, but not that")) == {"no": [(19, 22)]}


def test_empty_matches_and_empty_cues_find_nothing() -> None:
    assert found("abc", patterns=("x*",)) == []
    assert found("a - b", "-") == []
    assert found("abc") == []


@given(st.lists(st.sampled_from(["soft", "power", "dump", "é", "闭源"]), min_size=1, max_size=12))
def test_every_whole_word_is_found_wherever_it_stands(words: list[str]) -> None:
    assert found(" ".join(words), "dump") == ["dump"] * words.count("dump")


def test_a_hostile_pattern_takes_linear_time() -> None:
    assert found("a" * 50_000 + "!", patterns=("(a+)+$", "(a|a)*b")) == []
