from __future__ import annotations

import pytest

from steelyard.annotate import lexicon
from steelyard.errors import SteelyardError


@pytest.mark.parametrize("language", ["ar", "de", "en", "es", "fr", "zh"])
def test_every_lexicon_keeps_the_model_and_marks_everything(language: str) -> None:
    words = lexicon.read(language)
    empty = [
        name
        for name in type(words).model_fields
        if isinstance(marker := getattr(words, name), lexicon.Marker) and not (marker.phrases or marker.patterns)
    ]
    assert empty == []
    assert lexicon.compiled(language).spaced is words.spaced


def test_there_is_a_lexicon_for_each_data_file() -> None:
    assert lexicon.languages() == ["ar", "de", "en", "es", "fr", "zh"]


def test_a_region_does_not_matter() -> None:
    assert lexicon.read("zh-Hant") == lexicon.read("zh")


def test_an_unknown_language_is_named_with_those_known() -> None:
    with pytest.raises(SteelyardError, match=r"no lexicon for language 'it'(?s:.*)Known here: ar, de, en, es, fr, zh"):
        lexicon.read("it")


def test_an_invalid_pattern_is_refused() -> None:
    with pytest.raises(ValueError, match="no valid RE2 pattern"):
        lexicon.Marker(patterns=["(?=x)"])
