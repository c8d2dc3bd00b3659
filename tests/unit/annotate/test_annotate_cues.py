from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import pytest
from annotate_corpus import codebook, corpus
from hypothesis import given, settings
from hypothesis import strategies as st

from steelyard.annotate import cues
from steelyard.annotate.readings import Readings


def read(*utterances: str | Sequence[str], role: str = "post", language: str = "en") -> Readings:
    made = corpus(*utterances, role=role, language=language)
    return cues.code(made["statements"], made["utterances"], codebook(), "cues")


def stances(*sentences: str, language: str = "en") -> list[dict[str, str]]:
    """Give the accepted codes (confidence .5 and more) of sentences of one utterance."""
    coded = read(list(sentences), language=language).readings
    coded = coded[coded["confidence"] >= 0.5]
    found: list[dict[str, str]] = [{} for _ in sentences]
    for row in coded.itertuples(index=False):
        found[int(row.statement_id[1:])][row.hypothesis_id] = row.stance
    return found


def traits(sentence: str, language: str = "en") -> pd.Series:
    return read(sentence, language=language).traits.iloc[0]


@pytest.mark.parametrize(
    ("sentence", "codes"),
    [
        ("They release weights for soft power.", {"goodwill": "supports"}),
        ("It's a race to  the bottom.", {"undercut": "supports"}),
        ("The goal isn't to win goodwill, but to undercut rivals.", {"goodwill": "opposes", "undercut": "supports"}),
        ("Not because of altruism but because of export controls.", {"culture": "opposes", "chips": "supports"}),
        ("They don't do so because of altruism but lack of chips.", {"culture": "opposes", "chips": "supports"}),
        ("Not only goodwill but also dumping.", {"goodwill": "supports", "undercut": "supports"}),
        ("They are after goodwill, not dumping.", {"goodwill": "supports", "undercut": "opposes"}),
        ("They want goodwill rather than dumping.", {"goodwill": "supports", "undercut": "opposes"}),
        ("They don't have enough GPUs.", {"chips": "supports"}),
        ("There is no evidence that it is altruism.", {"culture": "opposes"}),
        ("I doubt that soft power matters.", {"goodwill": "opposes"}),
        ("No doubt it's soft power.", {"goodwill": "supports"}),
        ("It has nothing to do with soft power.", {"goodwill": "opposes"}),
        ("Sure, it is altruism, but I don't buy that argument much.", {"culture": "opposes"}),
        ("The idea that it is altruism makes no sense.", {"culture": "opposes"}),
        ("Some people say that it is dumping.", {"undercut": "raises"}),
        ("Some say that it isn't dumping.", {"undercut": "raises"}),
        ("I don't believe those who argue that it's dumping.", {"undercut": "opposes"}),
        ("Critics argue that it's dumping, but in fact it is altruism.", {"undercut": "raises", "culture": "supports"}),
        ("Whether it is altruism is another matter.", {"culture": "raises"}),
        ("Is it dumping?", {"undercut": "raises"}),
        ("Isn't it simply dumping?", {"undercut": "supports"}),
        ("It's dumping, isn't it?", {"undercut": "supports"}),
        ("Couldn't it be as simple as altruism?", {"culture": "supports"}),
        ("Weights are files.", {}),
    ],
)  # fmt: skip
def test_stance_in_one_sentence(sentence: str, codes: dict[str, str]) -> None:
    assert stances(sentence) == [codes]


@pytest.mark.parametrize(
    "denial", ["I don't buy that.", "That makes no sense.", "No.", "I disagree.", "I don’t really believe this either."]
)
def test_a_denial_in_the_next_sentence_denies_what_was_said(denial: str) -> None:
    assert stances("They say it's altruism.", denial) == [{"culture": "opposes"}, {}]


def test_a_denial_by_somebody_else_or_after_other_cues_denies_nothing_before() -> None:
    assert stances("It is altruism.", "Dumping makes no sense.") == [{"culture": "supports"}, {"undercut": "opposes"}]
    coded = read("It is altruism.", "I don't buy that.").readings
    assert list(coded["stance"]) == ["supports"]


def test_a_sentence_that_takes_up_the_one_before_inherits_its_hypotheses_below_the_threshold() -> None:
    coded = read(["It is altruism.", "This follows from their books.", "Weights are files."]).readings
    assert list(zip(coded["statement_id"], coded["stance"], coded["confidence"], strict=True)) == [
        ("s0000", "supports", 0.60),
        ("s0001", "supports", 0.40),
    ]


def test_what_is_inherited_is_denied_or_asked_by_the_sentence_that_takes_it_up() -> None:
    assert list(read(["It is altruism.", "That's nonsense."]).readings["stance"]) == ["opposes", "opposes"]
    assert list(read(["It is altruism.", "So would they stop?"]).readings["stance"]) == ["supports", "raises"]


def test_nothing_is_inherited_from_another_utterance() -> None:
    assert len(read("It is altruism.", "This follows from their books.").readings) == 1


@pytest.mark.parametrize(
    ("sentence", "confidence"),
    [
        ("A price war.", 0.60),
        ("A price war is a price war, Price War!", 0.60),
        ("A price war is dumping.", 0.75),
        ("A price war is dumping in a race to the bottom.", 0.85),
        ("A price war, undercutting, dumping, in a race to the bottom.", 0.85),
    ],
)
def test_confidence_counts_distinct_cues(sentence: str, confidence: float) -> None:
    assert list(read(sentence).readings["confidence"]) == [confidence]


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("Prices fell by 90% within weeks.", "statistic"),
        ("Training cost $5.6 million.", "statistic"),
        ("It is 20 times cheaper than theirs.", "statistic"),
        ("GPT-4o and Qwen2.5 are alike.", "assertion"),
        ("1. They care for users.", "assertion"),
        ("It is like DeepSeek-V3.1 in spirit.", "assertion"),
        ("See https://example.org/paper for the details.", "cited"),
        ("Openness pays (Smith and Jones, 2018).", "cited"),
        ("Smith et al. 2023 find openness pays.", "cited"),
        ("The preprint is arXiv:2401.02954.", "cited"),
        ("In my experience nobody reads licences.", "testimony"),
        ("I've spent years in that field.", "testimony"),
        ("When I was there, secrecy ruled.", "testimony"),
        ("Liang Wenfeng said that openness is a culture.", "attributed"),
        ("According to Alibaba, openness sells its cloud.", "attributed"),
        ("They said that openness sells.", "assertion"),
        ("Meta released Llama before everyone else.", "observation"),
        ("Labs have stopped publishing their data.", "observation"),
        ("If Meta released less, rivals would cheer.", "assertion"),
        ("They open it because users come.", "reasoning"),
        ("It's game theory.", "reasoning"),
        ("It is the same playbook.", "reasoning"),
        ("They simply want the attention.", "assertion"),
        ("Altruism", "assertion"),
        ("Thanks for sharing!", "none"),
        ("Good question.", "none"),
        ("Lol", "none"),
        ("Why would they?", "none"),
        ("Did prices fall by 90%?", "statistic"),
    ],
)
def test_kind_is_the_strongest_that_the_statement_offers(sentence: str, kind: str) -> None:
    assert traits(sentence)["kind"] == kind


@pytest.mark.parametrize(
    ("sentence", "hedged"),
    [
        ("They could want users.", True),
        ("Maybe they want users.", True),
        ("I think they want users.", True),
        ("They may want users.", True),
        ("IMO they want users.", True),
        ("If they want users, openness helps.", True),
        ("They want users in May.", False),
        ("They want users, even if nobody pays.", False),
        ("They want users.", False),
    ],
)
def test_hedges(sentence: str, *, hedged: bool) -> None:
    assert bool(traits(sentence)["hedged"]) is hedged


@pytest.mark.parametrize(
    ("sentence", "gap"),
    [
        ("There is no evidence for any of this.", True),
        ("I haven't seen a single paper on it.", True),
        ("Nobody knows what they plan.", True),
        ("Would be curious if anyone has numbers.", True),
        ("More research is needed.", True),
        ("All of that is hard to verify.", True),
        ("This is speculation.", True),
        ("Here is the evidence.", False),
        ("They read the paper.", False),
    ],
)
def test_gaps(sentence: str, *, gap: bool) -> None:
    assert bool(traits(sentence)["gap"]) is gap


@pytest.mark.parametrize(
    ("sentence", "codes", "kind"),
    [
        ("他们开源是为了软实力。", {"goodwill": "supports"}, "assertion"),
        ("这不是利他，而是倾销。", {"culture": "opposes", "undercut": "supports"}, "assertion"),
        ("并非出于利他，而是因为缺芯片。", {"culture": "opposes", "chips": "supports"}, "reasoning"),
        ("有人说这是倾销。", {"undercut": "raises"}, "assertion"),
        ("这是倾销吗？", {"undercut": "raises"}, "none"),
        ("难道这不是倾销吗？", {"undercut": "supports"}, "assertion"),
        ("说是利他，我不信。", {"culture": "opposes"}, "assertion"),
        ("价格下降了90%。", {}, "statistic"),
        ("谢谢分享！", {}, "none"),
        ("梁文锋表示开源是一种文化。", {}, "attributed"),
        ("他们说开源是一种文化。", {}, "assertion"),
        ("阿里巴巴发布了新的模型权重。", {}, "observation"),
    ],
)
def test_chinese(sentence: str, codes: dict[str, str], kind: str) -> None:
    assert stances(sentence, language="zh") == [codes]
    assert traits(sentence, language="zh")["kind"] == kind


def test_chinese_hedges_gaps_and_continuations() -> None:
    assert traits("他们可能想要用户。", "zh")["hedged"]
    assert traits("这一点目前没有证据。", "zh")["gap"]
    assert not traits("他们想要用户。", "zh")[["hedged", "gap"]].any()
    coded = read(["这是利他。", "因此他们公开一切。"], language="zh").readings
    assert list(coded["confidence"]) == [0.60, 0.40]


def test_furniture_is_not_read_and_headlines_are() -> None:
    assert read("It is altruism.", role="furniture").traits.empty
    assert len(read("It is altruism.", role="headline").traits) == 1


def test_every_statement_read_has_traits_and_every_row_says_that_a_program_made_it() -> None:
    made = read(["It is altruism.", "Weights are files."], "Thanks!")
    assert list(made.traits["statement_id"]) == ["s0000", "s0001", "s0002"]
    assert set(made.traits["origin"]) == set(made.readings["origin"]) == {"program"}
    assert set(made.traits["coder"]) == {"cues"}
    assert made.sightings.empty
    assert made.readings["label"].isna().all()


_WORDS = [
    "altruism",
    "dumping",
    "isn't",
    "not",
    "but",
    "because",
    "some say",
    "I don't buy that",
    ",",
    ".",
    "?",
    "软实力",
    "’",
    "—",
    "\u00a0",
]


@settings(max_examples=settings.default.max_examples // 2)
@given(st.lists(st.lists(st.sampled_from(_WORDS), min_size=1, max_size=8).map(" ".join), min_size=1, max_size=4))
def test_any_text_is_read_once_and_only_cues_or_a_neighbour_with_cues_give_codes(sentences: list[str]) -> None:
    made = read(sentences)
    assert len(made.traits) == len(sentences)
    held = [
        {name for name, cue in (("culture", "altruism"), ("undercut", "dumping")) if cue in text} for text in sentences
    ]
    for row in made.readings.itertuples(index=False):
        place = int(row.statement_id[1:])
        own = row.hypothesis_id in held[place]
        assert own if row.confidence > 0.5 else not held[place] and place > 0 and row.hypothesis_id in held[place - 1]


def test_the_order_of_rows_does_not_matter() -> None:
    made = corpus(["It is altruism.", "I don't buy that.", "It's dumping."], "Is it soft power?")
    forward = cues.code(made["statements"], made["utterances"], codebook(), "cues")
    backward = cues.code(made["statements"][::-1], made["utterances"][::-1], codebook(), "cues")
    pd.testing.assert_frame_equal(forward.readings, backward.readings)
    pd.testing.assert_frame_equal(forward.traits, backward.traits)
