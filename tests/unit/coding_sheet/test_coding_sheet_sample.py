"""Which statements people are asked to code."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steelyard.coding_sheet.sample import draw
from steelyard.study import CodingSheet

ROLES = {"u0": "headline", "u1": "post", "u2": "post", "u3": "post"}
# Statements of two documents, whose digests sort against their ids: place -> utterance and what it repeats.
PLACES = {("b", 0): "u0", ("b", 10): "u1", ("b", 20): "u1", ("b", 30): "u2", ("a", 0): "u3", ("a", 10): "u3"}
DOCUMENTS = pd.DataFrame({"document_id": ["a", "b"], "sha256": ["9f", "1c"]})
NONE = pd.DataFrame(
    columns=["statement_id", "hypothesis_id", "coder", "origin", "confidence", "stance", "voice_id", "strength"]
)
LEDGER = pd.DataFrame(columns=["voice_id", "hypothesis_id", "best_for", "best_against"])


def corpus(**echoes: str) -> dict[str, pd.DataFrame]:
    statements = pd.DataFrame(
        [
            {"statement_id": f"{document}{start}", "utterance_id": utterance, "document_id": document, "start": start}
            for (document, start), utterance in PLACES.items()
        ]
    )
    statements["echo_id"] = statements["statement_id"].map(lambda name: echoes.get(name, name))
    utterances = pd.DataFrame({"utterance_id": list(ROLES), "role": list(ROLES.values())})
    return {"statements": statements, "utterances": utterances, "documents": DOCUMENTS}


def reading(statement: str, hypothesis: str, coder: str = "cues", **given: Any) -> dict[str, Any]:
    row = {"statement_id": statement, "hypothesis_id": hypothesis, "coder": coder, "stance": "supports"}
    return row | {"confidence": 0.6, "origin": "program"} | given


def sample(sizes: tuple[int, int, int] = (0, 0, 0), seed: int = 1, **given: Any) -> list[tuple[str, str]]:
    readings = pd.DataFrame(given.pop("readings", []), columns=NONE.columns)
    read = readings[["statement_id", "coder", "origin"]].drop_duplicates().assign(confidence=1.0)
    frames = corpus() | {"readings": readings, "traits": read, "evidence": NONE, "ledger": LEDGER} | given
    random, least_sure, most_weighty = sizes
    parts = CodingSheet(random=random, least_sure=least_sure, most_weighty=most_weighty, seed=seed)
    drawn = draw(**frames, least_confidence={"cues": 0.5}, settings=parts)
    return list(zip(drawn["statement_id"], drawn["sample"], strict=True))


def test_the_random_part_comes_first_and_as_drawn_so_that_its_beginning_is_random_too():
    orders = {tuple(name for name, _ in sample((99, 0, 0), seed)) for seed in range(20)}
    assert len(orders) > 10
    assert {frozenset(order) for order in orders} == {frozenset({"b10", "b20", "b30", "a0", "a10"})}
    assert {order[:2] for order in orders} == {tuple(name for name, _ in sample((2, 0, 0), seed)) for seed in range(20)}


def test_of_statements_that_repeat_one_another_the_first_post_is_drawn_once():
    # b10 repeats a headline, a0 repeats b30.
    assert [name for name, _ in sample((99, 0, 0), **corpus(b10="b0", a10="b0", a0="b30"))] == ["b10", "b20", "b30"]


def test_what_a_person_coded_is_not_drawn_nor_what_repeats_it():
    coded = pd.DataFrame(
        [("a0", "ann", "human"), ("b20", "model", "language_model")], columns=["statement_id", "coder", "origin"]
    ).assign(confidence=1.0)
    drawn = sample((99, 0, 0), traits=coded, **corpus(b10="a0"))
    assert [name for name, _ in drawn] == ["b20", "b30", "a10"]


def test_least_sure_are_the_disputed_then_those_nearest_to_the_threshold():
    readings = [
        *(reading(name, "h", confidence=c) for name, c in {"b10": 0.52, "b20": 0.9, "b30": 0.45, "a0": 0.6}.items()),
        reading("a10", "h", "model", origin="language_model", confidence=1.0),
        reading("a10", "h", stance="opposes"),
        reading("a10", "k"),
    ]
    # a10: h (stances) and k (one of two readers) are disputed; .52, .45, .6 and .9 lie .02, .05, .1 and .4 from .5.
    order = ["a10", "b10", "b30", "a0", "b20"]
    for most in range(1, 6):
        assert {name for name, _ in sample((0, most, 0), readings=readings)} == set(order[:most])


def test_what_a_program_leaves_to_people_comes_before_what_it_is_undecided_about():
    readings = [reading("b10", "h", confidence=0.51), reading("b20", "h", confidence=0.9)]
    unsure = {"b10": 0.85, "b20": 0.4, "b30": 0.2, "a0": 0.85, "a10": 0.85}
    read = pd.DataFrame({"statement_id": list(unsure), "confidence": list(unsure.values())})
    read = read.assign(coder="cues", origin="program")
    assert sample((0, 2, 0), readings=readings, traits=read) == [("b20", "least_sure"), ("b30", "least_sure")]
    assert sample((0, 9, 0), readings=readings, traits=read)[0] == ("b10", "least_sure")


def test_a_statement_that_no_coder_doubts_is_not_among_the_least_sure():
    surest = [reading("b10", "h", confidence=1.0), reading("b20", "h", confidence=0.0)]
    assert sample((0, 9, 0), readings=surest) == []


def evidence(*rows: tuple[str, str, str, float, str]) -> dict[str, pd.DataFrame]:
    frame = pd.DataFrame(rows, columns=["statement_id", "hypothesis_id", "stance", "strength", "origin"])
    frame["voice_id"] = "v"
    best = frame.pivot_table(index=["voice_id", "hypothesis_id"], columns="stance", values="strength", aggfunc="max")
    best = best.reindex(columns=["supports", "opposes"]).fillna(0.0)
    return {"evidence": frame, "ledger": best.set_axis(["best_for", "best_against"], axis=1).reset_index()}


def test_most_weighty_are_the_best_of_their_voice_summed_over_hypotheses():
    frames = evidence(
        ("b10", "h", "supports", 0.5, "program"),  # best for h
        ("b10", "k", "opposes", 0.2, "program"),  # best against k: .7 together
        ("b20", "h", "supports", 0.4, "program"),  # not the voice's best
        ("b30", "k", "supports", 0.6, "language_model"),
        ("a0", "m", "supports", 0.9, "human"),
        ("a10", "n", "raises", 0.9, "program"),
    )
    assert sample((0, 0, 9), **frames) == [("b10", "most_weighty"), ("b30", "most_weighty")]
    assert sample((0, 0, 1), **frames) == [("b10", "most_weighty")]


def test_each_statement_is_in_one_part_random_first():
    readings = [reading(name, "h", confidence=0.5) for name in ("b10", "b20", "b30", "a0", "a10")]
    drawn = sample(
        (2, 2, 9),
        readings=readings,
        **evidence(*((r["statement_id"], "h", "supports", 0.5, "program") for r in readings)),
    )
    assert len(drawn) == len(dict(drawn)) == 5
    assert sorted(part for _, part in drawn) == ["least_sure"] * 2 + ["most_weighty"] + ["random"] * 2


def test_the_random_part_does_not_depend_on_what_coders_said_and_does_on_the_seed():
    doubted = [reading("b10", "h", confidence=0.5), reading("a0", "k", confidence=0.5)]
    assert sample((3, 0, 0), readings=doubted) == sample((3, 0, 0))
    assert len({tuple(sample((3, 0, 0), seed=seed)) for seed in range(20)}) > 5


@settings(max_examples=settings.default.max_examples // 8)
@given(st.permutations(range(6)), st.integers(0, 9))
def test_ids_and_the_order_of_rows_do_not_matter(order, seed):
    readings = [reading("b10", "h", confidence=0.5), reading("b30", "h", confidence=0.7), reading("a0", "k")]
    frames = corpus(a10="b20")
    names = dict(zip(frames["statements"]["statement_id"], (f"s{n}" for n in order), strict=True))
    statements = frames["statements"].assign(
        statement_id=lambda f: f["statement_id"].map(names),
        echo_id=lambda f: f["echo_id"].map(names),
        document_id=lambda f: f["document_id"].map({"a": "z", "b": "y"}),
    )
    renamed = frames | {
        "statements": statements.iloc[order],
        "documents": DOCUMENTS.assign(document_id=["z", "y"])[::-1],
    }
    others = [row | {"statement_id": names[row["statement_id"]]} for row in readings]
    plain = sample((2, 1, 0), seed, readings=readings, **frames)
    assert sample((2, 1, 0), seed, readings=others[::-1], **renamed) == [(names[n], part) for n, part in plain]


@pytest.mark.parametrize("sizes", [(0, 0, 0), (5, 5, 5)])
def test_nothing_to_draw_gives_an_empty_sample(sizes):
    coded = pd.DataFrame(
        {"statement_id": ["b10", "b20", "b30", "a0", "a10"], "coder": "ann", "origin": "human"}
    ).assign(confidence=1.0)
    assert sample(sizes, traits=coded) == []
