import pytest
from hypothesis import given
from hypothesis import strategies as st

from steelyard.ingest.readers.layout import Dropped
from steelyard.ingest.segmentation import no_statement, sentences, without


def cut(text: str, language: str = "en") -> list[str]:
    return [text[start:end] for start, end in sentences(text, 0, len(text), language)]


@pytest.mark.parametrize(
    "expected",
    [
        ["AI in the U.S. is slow.", "As U.S. firms wait, others act."],
        ["See e.g. Dr. Smith, Fig. 3 and p. 5.", "Then stop."],
        ["It is worth 5.2 billion, approx. 3 times more.", "Fine."],
        ["Models such as Qwen 2.5-Coder win.", "GPT-4o does not.", "v2.5 is out."],
        ["Chips, models, etc. are scarce.", "And so on."],
        ["See https://x.com/search?q=GML-5.2 and www.example.org/a.b?c=d!e for more.", "Next."],
        ["and .... the reason isn’t to “prevent government control,” but to grow.", "Today it is."],
        ["n-no... you can't just release it!", "i wanted more!"],
        ["The Chinese are saying “you want good model? I can make it”.", "So."],
        ["“we spend half of our hours on [diversity in Gemini].”", "Next."],
        ["yeh why.", "why not release weak models?", "😆"],
        ["😆 Yes.", "😆😆 No!", "Maybe 😆."],
        ["1. First of all, it is cheap.", "2. Then it spreads."],
        ["Maybe someone can explain it to me.", "There's a process called porting."],
        ["It may.", "China wins.", "No.", "Labs lose.", "It is No. 5 of ten.", "Say no.", "Thanks."],
        ["Which one was released while I was asleep ?", "Tell me"],
    ],
)
def test_sentences(expected: list[str]) -> None:
    assert cut(" ".join(expected)) == expected


@pytest.mark.parametrize("language", ["zh", "en"])
def test_chinese_sentences(language: str) -> None:
    assert cut("没有特殊的。就是闭源比不过美国!那就开源?好", language) == [
        "没有特殊的。",
        "就是闭源比不过美国!",
        "那就开源?",
        "好",
    ]
    assert cut("😆😆开源好。闭源不好。", language) == ["😆😆开源好。", "闭源不好。"]


def test_a_sentence_ends_with_its_line_or_paragraph() -> None:
    assert cut("So if you are small\nRelease closed = no usage\r\n\r\nRelease open = usage\rthe end") == [
        "So if you are small",
        "Release closed = no usage",
        "Release open = usage",
        "the end",
    ]


def test_lines_broken_to_a_width_are_joined() -> None:
    wrapped = (
        "The labs release their models because they would otherwise find\n"
        "no users abroad at all. They also hope that the models spread\n"
        "quickly.\n\nA new paragraph."
    )
    assert [" ".join(sentence.split()) for sentence in cut(wrapped)] == [
        "The labs release their models because they would otherwise find no users abroad at all.",
        "They also hope that the models spread quickly.",
        "A new paragraph.",
    ]


def test_a_long_spoken_sentence_stays_whole() -> None:
    spoken = "and so, you know, " * 300 + "that is it"
    assert cut(spoken) == [spoken]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("https://x.com/search?q=GML-5.2", "link"),
        ("(see: www.example.org)", None),
        ("@one https://a.org", "link"),
        ("@one @two.three", "mention"),
        ("😆", "no words"),
        ("...", "no words"),
        ("100%", None),
        ("好", None),
    ],
)
def test_what_is_no_statement(text: str, reason: str | None) -> None:
    assert no_statement(text) == reason


def test_without_takes_holes_out() -> None:
    holes = [Dropped(0, 2, "a"), Dropped(4, 5, "b"), Dropped(8, 12, "c")]
    assert list(without(2, 10, holes)) == [(2, 4), (5, 8)]
    assert list(without(5, 8, holes)) == [(5, 8)]
    assert list(without(4, 5, holes)) == []


@given(st.text(alphabet=st.sampled_from("aB.?!。 \n\r😆\"'’”(1@我\u3000\u0301…"), max_size=60))
def test_sentences_hold_all_but_white_space_once(text: str) -> None:
    spans = sentences(text, 0, len(text), "en")
    covered = [place for start, end in spans for place in range(start, end)]
    assert len(covered) == len(set(covered))
    assert {place for place, character in enumerate(text) if not character.isspace()} <= set(covered)
    assert all(text[start:end] == text[start:end].strip() != "" for start, end in spans)


def test_lines_that_are_mostly_sentences_of_their_own_stay_apart() -> None:
    block = [
        "Release closed model means no usage, no good reputation",
        "Release open weights means usage over many providers",
        "and this line goes on with small letters only, as it may",
        "Release nothing means that nobody knows the lab at all",
        "Something else",
    ]
    assert cut("\n".join(block)) == block
