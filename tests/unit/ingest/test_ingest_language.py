import pytest

from steelyard.errors import SteelyardError
from steelyard.ingest.language import Languages


@pytest.fixture(scope="module")
def languages() -> Languages:
    return Languages(["en", "zh"])


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Altruism", "en"),
        ("(game theory)", "en"),
        ("Read Bunnie Huang on Gongkai 公开", "en"),
        ("OpenAI和DeepSeek都开源", "zh"),
        ("闭源", "zh"),
        ("100%", "en"),
    ],
)
def test_statement(languages: Languages, text: str, language: str) -> None:
    assert languages.of_statement(text, document="en") == language


def test_text_without_letters_takes_the_language_of_its_document(languages: Languages) -> None:
    assert languages.of_statement("100%", document="zh") == "zh"
    assert languages.guess("😆 1.5 !") is None


def test_document_takes_the_language_of_most_characters(languages: Languages) -> None:
    assert languages.of_document(["没有特殊的", "Labs release weights."]) == "en"
    assert languages.of_document(["就是闭源比不过美国那就开源", "Yes."]) == "zh"
    assert languages.of_document([]) == "en"


def test_short_statement_follows_its_document_in_the_same_script() -> None:
    both = Languages(["en", "de"])
    assert both.guess("Die Labore geben ihre Gewichte frei, weil niemand sonst sie nutzt.") == "de"
    assert both.of_statement("Also gut", document="de") == "de"
    assert both.of_statement("Also gut", document="en") == "en"


def test_kana_are_japanese() -> None:
    assert Languages(["en", "zh", "ja"]).guess("公開するのが良いと思います") == "ja"


def test_one_language_is_never_doubted() -> None:
    assert Languages(["zh"]).guess("Altruism") == "zh"


def test_unknown_languages_are_told() -> None:
    with pytest.raises(SteelyardError, match="unknown language 'klingon'") as caught:
        Languages(["en", "klingon", "xx"])
    assert len(caught.value.problems) == 2
