from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pytest
from annotate_corpus import codebook, corpus

from steelyard import codebook as codebooks
from steelyard import tables
from steelyard.annotate import cues, embedding, semantic
from steelyard.annotate.likeness import sample
from steelyard.annotate.readings import Readings, combine
from steelyard.codebook import Codebook

DEFAULT = Path(__file__).parents[3] / "seeds" / "codebook.yaml"


def said(claims: dict[str, str]) -> Codebook:
    plain = codebook()
    hypotheses = [
        h.model_copy(update={"claim": claims[h.id], "exemplars": []}) for h in plain.hypotheses if h.id in claims
    ]
    return plain.model_copy(update={"hypotheses": hypotheses})


CLAIMS = said(
    {
        "undercut": "Free models drive down the prices that western companies can ask.",
        "culture": "Researchers there like to share what they make with everybody.",
        "chips": "The labs have too few graphics processors to serve users themselves.",
    }
)


def read(*utterances: str | Sequence[str], model: bool = True, book: Codebook = CLAIMS, **given: str) -> Readings:
    made = corpus(*utterances, **given)
    texts = [*made["statements"]["text"], *semantic.texts_of(book)]
    vectors = embedding.embed(texts, {}) if model else None
    return semantic.code(made["statements"], made["utterances"], book, vectors, "semantic")


def best(readings: Readings) -> list[tuple[str, str]]:
    ordered = readings.readings.sort_values("confidence", ascending=False).drop_duplicates("statement_id")
    return list(ordered.sort_values("statement_id")[["hypothesis_id", "stance"]].itertuples(index=False, name=None))


@pytest.mark.parametrize("model", [True, False])
def test_every_statement_has_a_best_match_and_traits(model: bool) -> None:
    coded = read(["They give models away so that American firms cannot charge much.", "Hello!"], "Ok.", model=model)
    assert set(coded.readings["statement_id"]) == set(coded.traits["statement_id"]) == {"s0000", "s0001", "s0002"}
    assert best(coded)[0] == ("undercut", "supports")
    assert set(coded.readings["origin"]) == {"program"} and set(coded.traits["confidence"]) == {0.85}
    tables.READINGS.check(coded.readings, "here")
    assert coded.sightings.empty


def test_further_hypotheses_are_those_that_are_not_out_of_the_question() -> None:
    readings = read(
        "They share models freely with everybody, and that drives prices of western companies down.", "Ok."
    ).readings
    firsts = readings.sort_values("confidence").groupby("statement_id").tail(1).index
    assert (readings.drop(firsts)["confidence"] >= 0.1).all()


@pytest.mark.parametrize(
    ("sentences", "stance"),
    [
        (["It isn't true that labs have too few graphics processors."], "opposes"),
        (["Labs lack chips because of export controls."], "supports"),
        (["Is it that labs lack graphics processors?"], "raises"),
        (["Some people say that labs have too few graphics processors."], "raises"),
        (["Labs have too few graphics processors.", "I don't buy that."], "opposes"),
        (["They don't have enough GPUs to serve users."], "supports"),  # here a cue does
    ],
)
def test_stance_is_read_at_the_cue_or_in_the_statement_as_a_whole(sentences: list[str], stance: str) -> None:
    assert best(read(sentences))[0] == ("chips", stance)


def test_kind_hedges_and_gaps_are_the_cues_coders() -> None:
    sentences = ["Perhaps 40 % of labs lack processors.", "Is there any evidence for that?", "Thanks!"]
    made = corpus(sentences)
    by_cues = cues.code(made["statements"], made["utterances"], codebook(), "semantic").traits
    assert read(sentences).traits.to_dict("records") == by_cues.to_dict("records")


def test_only_what_is_not_furniture_is_read() -> None:
    assert read("Labs lack processors.", role="furniture").readings.empty
    assert len(read("Labs lack processors.", role="headline").traits) == 1


def test_a_language_without_a_lexicon_raises_what_it_bears_on() -> None:
    coded = read("I laboratori non hanno abbastanza processori per servire i loro utenti.", language="it")
    assert best(coded) == [("chips", "raises")]
    assert coded.traits.iloc[0][["kind", "hedged", "gap"]].tolist() == ["assertion", False, False]


def test_chinese_statements_find_claims_put_in_english() -> None:
    coded = read(
        "免费的模型让西方公司没法卖高价。",
        "那里的研究人员喜欢把成果分享给大家。",
        "这些实验室的显卡太少，自己服务不了用户。",
        language="zh",
    )
    assert [hypothesis for hypothesis, _ in best(coded)] == ["undercut", "culture", "chips"]


def test_chinese_statements_find_hypotheses_of_the_default_codebook() -> None:
    statements = {
        "他们缺少算力和芯片，所以让别人来部署模型。": "compute_scarcity",
        "外国客户不敢把数据发给中国的服务器。": "api_distrust",
        "国家在后面出钱补贴，要求企业把模型开源。": "state_industrial_policy",
        "开源可以吸引人才，让研究人员更愿意加入。": "talent_and_prestige",
        "这样做是为了摆脱英伟达，用华为自己的软硬件生态。": "non_us_stack",
        "等他们领先了，就不会再开放权重了。": "temporary_tactic",
    }
    coded = best(read(*statements, book=codebooks.load(DEFAULT), language="zh"))
    right = [hypothesis == wanted for (hypothesis, _), wanted in zip(coded, statements.values(), strict=True)]
    assert sum(right) >= 5, coded


def test_a_changed_hypothesis_needs_no_statement_again() -> None:
    made = corpus("Labs lack processors.", "They like to share.")
    texts = list(made["statements"]["text"])
    known = embedding.embed([*texts, *semantic.texts_of(CLAIMS)], {})
    other = said({"chips": "Export controls leave the labs without chips."})
    missing = [text for text in [*texts, *semantic.texts_of(other)] if embedding.digest(text) not in known]
    assert missing == ["Export controls leave the labs without chips."]


@pytest.mark.parametrize("model", [True, False])
def test_statements_are_read_alike_in_shards_and_in_one_piece(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, model: bool
) -> None:
    monkeypatch.setattr(sample, "_LEARNED_FROM", 2)  # not all of them, so that the choice counts
    utterances = [
        "Labs give models away so that American firms cannot charge much.",
        ["They lack graphics processors.", "I don't buy that.", "Prices fall when models are free."],
        "Researchers like to share.",
        ["Free models drive prices down, and western companies ask less.", "Ok."],
        "I had pasta for lunch.",
        "They lack graphics processors.",
    ]
    made = corpus(*utterances)
    statements, said_by = made["statements"], made["utterances"]
    books = semantic.texts_of(CLAIMS)
    vectors = embedding.embed([*statements["text"], *books], {}) if model else None
    whole = semantic.code(statements, said_by, CLAIMS, vectors, "semantic")

    names = said_by["utterance_id"].tolist()
    shards = [statements[statements["utterance_id"].isin(names[place::3])] for place in range(3)]
    own = [embedding.embed(shard["text"], vectors) if vectors else None for shard in shards]
    parts = [(shard["text"].tolist(), known) for shard, known in zip(shards, own, strict=True)]
    sample.write(
        tmp_path / "sample.npz", semantic.sampled(lambda: parts, CLAIMS, vectors and embedding.embed(books, vectors))
    )
    chosen = sample.read(tmp_path / "sample.npz")
    assert len(chosen.texts) == 2
    coded = [
        semantic.code(shard, said_by, CLAIMS, known and known | (chosen.vectors or {}), "semantic", chosen)
        for shard, known in zip(shards, own, strict=True)
    ]
    together = combine(coded)
    pd.testing.assert_frame_equal(together.readings, whole.readings)
    pd.testing.assert_frame_equal(together.traits, whole.traits)
    alone = combine([semantic.code(shard, said_by, CLAIMS, vectors, "semantic") for shard in shards]).readings
    assert not alone.equals(whole.readings)  # without the sample of all they are read otherwise
