from __future__ import annotations

import itertools

import pandas as pd
import pytest
from annotate_corpus import readings
from hypothesis import given, settings
from hypothesis import strategies as st

from steelyard import tables
from steelyard.annotate.adjudicate import accept, left
from steelyard.annotate.readings import Readings

READER = readings("reader", {"s1": {"a": "supports"}, "s2": {}})
CUES = readings(
    "cues",
    {"s1": {"a": "opposes", "b": "supports"}, "s2": {"b": "raises"}, "s3": {"b": "supports"}},
    origin="program",
    confidence=0.6,
)


def sighted(part: Readings, coder: str, *statements: str) -> Readings:
    rows = [
        {"statement_id": name, "observation_id": "o", "finding": "seen", "coder": coder, "origin": "human"}
        for name in statements
    ]
    return Readings(part.readings, part.traits, tables.SIGHTING_READINGS.frame(rows))


def keys(codes: pd.DataFrame) -> list[tuple[str, str, str, str]]:
    columns = ["statement_id", "hypothesis_id", "stance", "coder"]
    return list(codes[columns].itertuples(index=False, name=None))


def test_the_first_coder_that_read_a_statement_decides_all_of_it_even_that_it_has_no_hypothesis() -> None:
    codes, traits, _ = accept([CUES, READER], ["reader", "cues"], {"cues": 0.5})
    assert keys(codes) == [("s1", "a", "supports", "reader"), ("s3", "b", "supports", "cues")]
    assert list(traits["coder"]) == ["reader", "reader", "cues"]
    assert list(traits["origin"]) == ["human", "human", "program"]


def test_of_one_origin_the_order_of_precedence_decides() -> None:
    other = readings("other", {"s1": {"b": "raises"}}, origin="program", confidence=0.6)
    for first, second in (("cues", "other"), ("other", "cues")):
        _, traits, _ = accept([CUES, other], [first, second], {"cues": 0.5})
        assert dict(zip(traits["statement_id"], traits["coder"], strict=True))["s1"] == first


@pytest.mark.parametrize("order", list(itertools.permutations(["reader", "model", "cues"])))
def test_no_order_lets_a_program_or_a_model_outrank_a_person(order: tuple[str, ...]) -> None:
    model = readings("model", {"s1": {"c": "supports"}, "s2": {"c": "opposes"}, "s3": {}}, origin="language_model")
    codes, traits, _ = accept([CUES, model, READER], order, {"cues": 0.5})
    assert keys(codes) == [("s1", "a", "supports", "reader")], "nor does a program outrank a model that found nothing"
    assert list(traits["origin"]) == ["human", "human", "language_model"]


def test_codes_of_too_little_confidence_are_not_accepted_and_the_next_coder_is_not_asked() -> None:
    unsure = Readings(CUES.readings.assign(confidence=[0.4, 0.6, 0.4, 0.4]), CUES.traits, CUES.sightings)
    other = readings("other", {"s1": {"a": "raises"}}, origin="program")
    codes, traits, _ = accept([unsure, other], ["cues", "other"], {"cues": 0.5})
    assert keys(codes) == [("s1", "b", "supports", "cues")]
    assert set(traits["coder"]) == {"cues"}


def test_a_coder_without_confident_traits_has_not_read_the_statement() -> None:
    codes, traits, _ = accept([CUES, READER], ["cues", "reader"], {"cues": 0.7})
    assert keys(codes) == [("s1", "a", "supports", "reader")]
    assert list(traits["statement_id"]) == ["s1", "s2"]


def test_confidence_at_the_threshold_is_enough() -> None:
    assert len(accept([CUES], ["cues"], {"cues": 0.6})[0]) == 4


def test_sightings_are_those_of_the_coder_that_decides() -> None:
    parts = [sighted(READER, "reader", "s1"), sighted(CUES, "cues", "s1", "s2", "s3")]
    sightings = accept(parts, ["reader", "cues"], {})[2]
    assert list(zip(sightings["statement_id"], sightings["coder"], strict=True)) == [("s1", "reader"), ("s3", "cues")]


def test_coders_out_of_precedence_do_not_count_and_nothing_gives_nothing() -> None:
    assert accept([CUES], ["reader"], {})[1].empty
    assert all(frame.empty for frame in accept([], ["reader"], {}))


_CODES = st.dictionaries(
    st.sampled_from(["s1", "s2", "s3"]),
    st.dictionaries(st.sampled_from("ab"), st.sampled_from(["supports", "opposes"])),
    min_size=1,
)


@settings(max_examples=settings.default.max_examples // 6)
@given(_CODES, _CODES)
def test_every_statement_is_decided_once_by_the_first_that_read_it(one: dict, other: dict) -> None:
    codes, traits, _ = accept([readings("second", other), readings("first", one)], ["first", "second"], {})
    expected = {statement: "first" if statement in one else "second" for statement in {*one, *other}}
    assert dict(zip(traits["statement_id"], traits["coder"], strict=True)) == expected
    said = {statement: (one if coder == "first" else other)[statement] for statement, coder in expected.items()}
    assert len(codes) == sum(len(found) for found in said.values())
    assert all(said[row.statement_id][row.hypothesis_id] == row.stance for row in codes.itertuples())


def test_what_a_program_is_unsure_of_is_listed_with_who_decided_it() -> None:
    parts, least = [CUES, READER], {"cues": 0.7}
    found = left(parts, accept(parts, ["reader", "cues"], least)[1], least)
    assert list(found[["coder", "statement_id"]].itertuples(index=False, name=None)) == [
        ("cues", "s1"),
        ("cues", "s2"),
        ("cues", "s3"),
    ]
    assert found["decided_by"].fillna("nobody").tolist() == ["reader", "reader", "nobody"]
    assert left(parts, accept(parts, ["reader", "cues"], {})[1], {}).empty
