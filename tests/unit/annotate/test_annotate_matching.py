from __future__ import annotations

import random
import unicodedata

import pytest
import re2
from hypothesis import given, settings
from hypothesis import strategies as st

from steelyard.annotate import matching
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


@given(st.text("aé’\t\r\n \u3000", max_size=9))
def test_plain_letters_fold_as_they_do_beside_others(text: str) -> None:
    assert fold(text) == fold(f"{text}不").removesuffix("不".encode())


@given(st.lists(st.sampled_from(["soft", "power", "dump", "é", "闭源"]), min_size=1, max_size=12))
def test_every_whole_word_is_found_wherever_it_stands(words: list[str]) -> None:
    assert found(" ".join(words), "dump") == ["dump"] * words.count("dump")


@pytest.mark.parametrize("phrase", ["-", "*", " - "])
def test_a_phrase_without_a_word_ends_and_gives_no_empty_match(phrase: str) -> None:
    assert "" not in found("- b", phrase)


def unsifted(lists: dict[str, Cues], unless: dict[str, Cues], *, spaced: bool) -> Matcher:
    """Give a matcher that looks for every pattern by itself."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(matching, "_Sieve", too_many)
        return Matcher(lists, spaced=spaced, unless=unless)


def too_many(searches: object) -> None:
    raise re2.error("too many")


# Letters of which RE2 knows more than two forms (k, s, the Greek sigma), and those that have none of one character.
_LETTERS = st.sampled_from("aksKS\u212a\u017fσςΣßẞİıéÉآ،不 -'’.?0９")
_TEXTS = st.text(_LETTERS, max_size=40)
_PATTERNS = st.sampled_from(
    [
        r"\bk\w*",
        "s.{0,9}k",
        r"a(s|k)+\b",
        r"^\W*sk?",
        r"\d",
        "(?-i:S)k",
        "[^k]s$",
        "x*",
        "σ+",
        "é|ß",
        "k{2,3}",
        r"\?$",
        "(?s).s",
    ]
)
_CUES = st.builds(
    lambda phrases, patterns: Cues.model_construct(phrases=phrases, patterns=patterns),
    st.lists(st.text(_LETTERS, min_size=1, max_size=6) | st.sampled_from(["k*", "ask", "s-k", "不a"]), max_size=4),
    st.lists(_PATTERNS, max_size=4),
)
_LISTS = st.dictionaries(st.sampled_from("abcd"), _CUES, max_size=4)


@settings(max_examples=settings.default.max_examples // 2)
@given(_LISTS, _LISTS, st.lists(_TEXTS, min_size=1, max_size=8), st.booleans())
def test_sifting_changes_nothing(
    lists: dict[str, Cues], unless: dict[str, Cues], texts: list[str], spaced: bool
) -> None:
    sifted, plain = Matcher(lists, spaced=spaced, unless=unless), unsifted(lists, unless, spaced=spaced)
    for text in map(fold, texts):
        assert sifted.spans(text) == plain.spans(text)


def test_lists_too_long_for_one_automaton_are_found_all_the_same() -> None:
    draw = random.Random(1)
    words = sorted({"".join(draw.choices("abcdefghijklmnopqrstuvwxyz", k=10)) for _ in range(12_000)})
    lists = {"many": Cues(phrases=words), "few": Cues(phrases=["price war"], patterns=[r"\d+"])}
    matcher = Matcher(lists, spaced=True)
    assert len(matcher._sieves) > 1
    assert matcher.spans(fold(f"a price war, {words[-1]} 7")) == {"many": [(13, 23)], "few": [(2, 11), (24, 25)]}
    assert matcher.spans(b"nothing") == {}


def test_a_hostile_pattern_takes_linear_time() -> None:
    assert found("a" * 50_000 + "!", patterns=("(a+)+$", "(a|a)*b")) == []
