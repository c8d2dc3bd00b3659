from __future__ import annotations

import krippendorff
import numpy as np
import pandas as pd
import pytest
from annotate_corpus import corpus, documents, readings
from hypothesis import given
from hypothesis import strategies as st

from steelyard import tables
from steelyard.annotate import quality
from steelyard.annotate.readings import Readings, combine
from steelyard.study import CODERS, Agreement, Coder

HYPOTHESES = ["a", "b", "other_motive"]
MADE = corpus(["One.", "Two."], ["Three."], ["Four.", "Five."])


def coders(*recorded: str, **settles: list[str]) -> list[Coder]:
    """Recorded coders by name, and the cues after them."""
    readers = [
        {"name": n, "type": "recorded", "path": "x", "sample": "all were read", "settles": settles.get(n, [])}
        for n in recorded
    ]
    return CODERS.validate_python([*readers, {"name": "cues", "type": "cues", "accept": 0.5}])


def both(
    *parts: Readings, known: list[Coder] | None = None, statements: pd.DataFrame | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    known = coders("reader") if known is None else known
    given = MADE["statements"] if statements is None else statements
    return quality.measure(combine(parts), known, given, documents(), HYPOTHESES, Agreement())


def measure(*parts: Readings, known: list[Coder] | None = None, statements: pd.DataFrame | None = None) -> pd.DataFrame:
    return both(*parts, known=known, statements=statements)[0]


def row(table: pd.DataFrame, axis: str, label: str, coder: str = "cues") -> pd.Series:
    found = table[(table["axis"] == axis) & (table["label"] == label) & (table["coder"] == coder)]
    assert len(found) == 1
    return found.iloc[0]


READER = readings(
    "reader",
    {
        "s0000": {"a": "supports", "b": "opposes"},
        "s0001": {"a": "raises"},
        "s0002": {},
        "s0003": {"b": "supports", "other_motive": "supports"},
        "s0004": {},
    },
    {
        "s0000": ("reasoning", True, False),
        "s0001": ("assertion", True, False),
        "s0002": ("none", False, False),
        "s0003": ("assertion", False, False),
        "s0004": ("statistic", False, False),
    },
)
# Reads four of the five.
CUES = readings(
    "cues",
    {
        "s0000": {"a": "supports"},
        "s0001": {"a": "supports", "b": "supports"},
        "s0002": {"a": "opposes"},
        "s0003": {"b": "opposes"},
    },
    {
        "s0000": ("reasoning", True, False),
        "s0001": ("assertion", False, False),
        "s0002": ("assertion", False, False),
        "s0003": ("assertion", True, False),
    },
    origin="program",
    confidence=0.6,
)  # fmt: skip
TABLE = measure(READER, CUES)


@pytest.mark.parametrize(
    ("axis", "label", "n", "precision", "recall"),
    [
        ("hypothesis", "a", 4, 2 / 3, 1),  # s0 s1 s2 against s0 s1
        ("hypothesis", "b", 4, 1 / 2, 1 / 2),  # s1 s3 against s0 s3
        ("hypothesis", "other_motive", 4, None, 0),  # never given by the program
        ("hypothesis", "all", 12, 3 / 5, 3 / 5),
        ("stance", "supports", 3, 1 / 2, 1 / 2),  # pairs s0-a, s1-a, s3-b: supports, supports, opposes
        ("stance", "opposes", 3, 0, None),  # against supports, raises, supports
        ("stance", "raises", 3, None, 0),
        ("stance", "all", 3, 1 / 3, 1 / 3),
        ("kind", "assertion", 4, 2 / 3, 1),
        ("kind", "reasoning", 4, 1, 1),
        ("kind", "none", 4, None, 0),
        ("kind", "cited", 4, None, None),
        ("kind", "all", 4, 3 / 4, 3 / 4),
        ("hedged", "true", 4, 1 / 2, 1 / 2),
        ("gap", "true", 4, None, None),
    ],
)
def test_precision_and_recall_by_hand(
    axis: str, label: str, n: int, precision: float | None, recall: float | None
) -> None:
    found = row(TABLE, axis, label)
    assert found["n"] == n
    for name, value in (("precision", precision), ("recall", recall)):
        if value is None:
            assert pd.isna(found[name])
        else:
            assert found[name] == pytest.approx(value)


def test_alpha_by_hand() -> None:
    # hedged: reference 1 1 0 0, coder 1 0 0 1: coincidences 2 2 / 2 2, so alpha = 1 - 7 * 4 / (64 - 32).
    assert row(TABLE, "hedged", "true")["alpha"] == pytest.approx(1 - 7 * 4 / 32)
    # kind: assertion 5, reasoning 2, none 1 of 8 values, two of them unequal: 1 - 7 * 2 / (64 - 25 - 4 - 1).
    assert row(TABLE, "kind", "all")["alpha"] == pytest.approx(1 - 7 * 2 / 34)
    assert row(TABLE, "kind", "reasoning")["alpha"] == 1


def test_alpha_is_undefined_without_variation_and_so_is_its_interval() -> None:
    assert row(TABLE, "gap", "true")[["alpha", "low", "high"]].isna().all()


def many() -> pd.DataFrame:
    """Sixteen utterances of one statement, which two coders read alike but for every fourth."""
    made = corpus(*([f"Statement {number}."] for number in range(16)))["statements"]
    names = made["statement_id"].tolist()
    first = {name: {"ab"[number % 2]: "supports"} for number, name in enumerate(names)}
    second = {name: {"ab"[(number % 2) ^ (number % 4 == 0)]: "supports"} for number, name in enumerate(names)}
    given = readings("cues", second, origin="program", confidence=0.6)
    return measure(readings("reader", first), given, statements=made)


def test_intervals_lie_around_what_they_are_of_and_the_same_input_gives_the_same_table() -> None:
    table = many()
    known = table[(table["axis"] == "hypothesis") & table["label"].isin(["all", "a", "b"])]
    assert len(known) == 3
    for name, prefix in (("alpha", ""), ("precision", "precision_"), ("recall", "recall_")):
        low, high = known[f"{prefix}low"], known[f"{prefix}high"]
        assert ((low <= known[name]) & (known[name] <= high)).all()
        assert (low < high).any()
    pd.testing.assert_frame_equal(TABLE, measure(CUES, READER))


def test_of_few_utterances_no_interval_is_drawn() -> None:
    assert TABLE[["low", "high", "precision_low", "recall_high"]].isna().all(axis=None)  # there are three


def test_statements_of_one_utterance_are_drawn_together_so_one_utterance_gives_no_interval() -> None:
    one = corpus(["One.", "Two.", "Three.", "Four.", "Five."])["statements"]
    found = row(measure(READER, CUES, statements=one), "hedged", "true")
    assert not pd.isna(found["alpha"])
    assert pd.isna(found["low"])


def test_ids_of_statements_utterances_and_documents_do_not_matter() -> None:
    swapped = {f"s000{place}": f"s000{4 - place}" for place in range(5)}
    renamed = MADE["statements"].assign(
        statement_id=MADE["statements"]["statement_id"].map(swapped),
        utterance_id=MADE["statements"]["utterance_id"].map({"u0000": "z", "u0001": "y", "u0002": "x"}),
    )

    def rename(part: Readings) -> Readings:
        frames = (part.readings, part.traits, part.sightings)
        return Readings(*(frame.assign(statement_id=frame["statement_id"].map(swapped)) for frame in frames))

    pd.testing.assert_frame_equal(TABLE, measure(rename(READER), rename(CUES), statements=renamed))


def test_the_table_names_sample_and_reference_and_has_every_label() -> None:
    assert set(TABLE["sample"]) == {"all were read"}
    assert set(TABLE["reference"]) == {"reader"}
    assert set(TABLE["coder"]) == {"cues"}
    assert len(TABLE) == (1 + 3) + (1 + 3) + (1 + 8) + 1 + 1


def test_a_second_reader_is_compared_with_the_first_and_both_are_the_reference_for_programs() -> None:
    second = readings("second", {"s0000": {"a": "supports"}, "s0004": {"b": "supports"}})
    table = measure(READER, second, CUES, known=coders("reader", "second"))
    assert set(table["coder"]) == {"cues", "second"}
    assert row(table, "hypothesis", "a", coder="second")["reference"] == "reader"
    assert row(table, "hypothesis", "a", coder="second")["n"] == 2
    assert row(table, "hypothesis", "b", coder="second")["precision"] == 0
    assert row(table, "hypothesis", "a")["reference"] == "reader, second"


def test_models_and_programs_are_compared_with_people_where_people_have_read() -> None:
    person = readings("person", {"s0000": {"a": "supports"}, "s0001": {}})
    model = readings("reader", {"s0000": {"a": "supports"}, "s0001": {"a": "raises"}}, origin="language_model")
    table = measure(model, person, CUES, known=coders("reader", "person"))
    found = table.drop_duplicates("coder").set_index("coder")
    assert dict(found["reference"]) == {"reader": "person", "cues": "person"}
    assert set(found["reference_origin"]) == {"human"}
    assert row(table, "hypothesis", "a", coder="reader")["precision"] == 0.5
    assert row(table, "hypothesis", "a", coder="reader")["n"] == 2


def test_a_coder_that_settles_two_readings_is_as_good_as_they_agree_and_they_stand_for_nothing_else() -> None:
    first = readings("first", {"s0000": {"a": "supports"}, "s0001": {"a": "raises"}}, origin="language_model")
    second = readings("second", {"s0000": {"a": "supports"}, "s0001": {"b": "raises"}}, origin="language_model")
    settled = readings("settled", {"s0000": {"a": "supports"}, "s0001": {"b": "raises"}}, origin="language_model")
    known = coders("settled", "first", "second", settled=["first", "second"])
    table = measure(first, second, settled, CUES, known=known)
    assert set(table["coder"]) == {"settled", "cues"}
    pooled = row(table, "hypothesis", "all", coder="settled")
    assert (pooled["reading"], pooled["reference"]) == ("second", "first")
    assert pooled["precision"] == pooled["recall"] == 0.5
    assert row(table, "hypothesis", "all")["reference"] == "settled"


def test_of_a_coding_sheet_only_the_random_part_is_compared() -> None:
    person = readings("reader", {"s0000": {"a": "supports"}, "s0001": {}, "s0002": {"a": "opposes"}})
    parts = person.traits.assign(drawn=["random", "least_sure", "random"])
    sheet = Readings(person.readings, tables.TRAIT_READINGS.frame(parts), person.sightings)
    pooled = row(measure(sheet, CUES), "kind", "all")
    assert pooled["n"] == 2
    assert pooled["sample"] == "the random part of a coding sheet, as far as it was coded"


def test_confusion_counts_what_was_said_against_what_the_reference_says() -> None:
    table = both(READER, CUES)[1].set_index(["axis", "given", "expected"])["n"]
    assert table["kind"].to_dict() == {
        ("reasoning", "reasoning"): 1,
        ("assertion", "assertion"): 2,
        ("assertion", "none"): 1,
    }
    assert table["stance"].to_dict() == {
        ("supports", "supports"): 1,
        ("supports", "raises"): 1,
        ("opposes", "supports"): 1,
    }
    # s0: a both, b missed; s1: a both, b too many; s2: a too many; s3: b both, another motive missed.
    assert table["hypothesis"].to_dict() == {
        ("a", "a"): 2,
        ("b", "b"): 1,
        ("none", "b"): 1,
        ("b", "none"): 1,
        ("a", "none"): 1,
        ("none", "other_motive"): 1,
    }


def test_without_a_reference_or_without_shared_statements_there_is_nothing_to_measure() -> None:
    assert measure(CUES, known=coders()).empty
    assert measure(CUES, known=coders("reader")).empty
    elsewhere = readings("reader", {"s0004": {"a": "supports"}})
    assert measure(elsewhere, CUES).empty


def test_hand_picked_statements_do_not_count_beside_random_ones() -> None:
    ann = readings("reader", {"s0000": {"a": "supports"}, "s0001": {}})
    ann = Readings(ann.readings, tables.TRAIT_READINGS.frame(ann.traits.assign(drawn="random")), ann.sightings)
    bob = readings("second", {"s0002": {"a": "opposes"}, "s0003": {}})
    assert row(measure(ann, bob, CUES, known=coders("reader", "second")), "kind", "all")["n"] == 2


def test_a_person_who_settles_two_models_is_no_model() -> None:
    first = readings("first", {"s0000": {"a": "supports"}, "s0001": {"a": "raises"}}, origin="language_model")
    second = readings("second", {"s0000": {"a": "supports"}, "s0001": {"b": "raises"}}, origin="language_model")
    person = readings("person", {"s0000": {"a": "supports"}, "s0001": {"b": "raises"}})
    table = measure(first, second, person, known=coders("person", "first", "second", person=["first", "second"]))
    found = table.drop_duplicates("coder").set_index("coder")
    assert set(found.index) == {"first", "second"}
    assert set(found["reference"]) == {"person"}
    assert row(table, "hypothesis", "all", coder="second")["precision"] == 1


def test_of_a_file_of_people_and_models_only_peoples_readings_are_a_reference() -> None:
    mixed = readings("reader", {"s0000": {"a": "supports"}, "s0001": {}, "s0002": {}})
    traits = mixed.traits.assign(origin=["human", "language_model", "language_model"])
    found = row(measure(Readings(mixed.readings, traits, mixed.sightings), CUES), "kind", "all")
    assert (found["n"], found["reference_origin"]) == (1, "human")


def test_the_library_gives_the_published_alpha_of_the_canonical_example() -> None:
    # Three coders, four values, missing data; nominal alpha .691 (Krippendorff; also in Hayes & Krippendorff 2007).
    nan = np.nan
    data = [
        [nan, nan, nan, nan, nan, 3, 4, 1, 2, 1, 1, 3, 3, nan, 3],
        [1, nan, 2, 1, 3, 3, 4, 3, nan, nan, nan, nan, nan, nan, nan],
        [nan, nan, 2, 1, 3, 4, 4, nan, 2, 1, 1, 3, 3, nan, 4],
    ]
    assert krippendorff.alpha(data, level_of_measurement="nominal") == pytest.approx(0.691, abs=5e-4)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=30))
def test_alpha_from_a_table_equals_the_library(pairs: list[tuple[int, int]]) -> None:
    table = np.zeros((4, 4))
    np.add.at(table, tuple(np.array(pairs).T), 1)
    alpha = quality.nominal_alpha(table + np.swapaxes(table, -1, -2))
    if len({value for pair in pairs for value in pair}) < 2:
        assert np.isnan(alpha)
    else:
        assert alpha == pytest.approx(krippendorff.alpha(np.array(pairs).T, level_of_measurement="nominal"))


def test_figures_of_what_was_worked_on_with_the_corpus_at_hand_say_so() -> None:
    known = CODERS.validate_python(
        [one.model_dump() | ({"development": True} if one.name == "cues" else {}) for one in coders("reader")]
    )
    drawn = Readings(READER.readings, READER.traits.assign(drawn="random"), READER.sightings)
    for reader, sample in (
        (READER, "all were read"),
        (drawn, "the random part of a coding sheet, as far as it was coded"),
    ):
        assert set(measure(reader, CUES, known=known)["sample"]) == {f"{sample}, development"}
