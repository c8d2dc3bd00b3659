from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from small_corpus import CODEBOOK, Corpus, Said, corpus

from steelyard import tables
from steelyard.aggregate.evidence import posts
from steelyard.annotate.adjudicate import accept
from steelyard.annotate.readings import Readings
from steelyard.engine import engine, view
from steelyard.study import Correction
from steelyard.weigh.correction import prediction_powered_mean, shares

# Printed by ppi-python 0.2.3 (ppi_mean_pointestimate and ppi_mean_ci with lam=1); benchmarks/ppi.py compares many more.
REFERENCE = [
    ([1, 1, 0, 0, 0], [1, 0, 0, 0, 0], [1] * 3 + [0] * 7, 0.9, (0.5, 0.12132625775338363, 0.8786737422466164)),
    (
        *([0] * 20 + [1] * 10, [0] * 18 + [1] * 5 + [0] * 2 + [1] * 5, [0] * 250 + [1] * 68, 0.9),
        (0.2138364779874214, 0.09784112938514225, 0.32983182658970056),
    ),
    (
        *([1] * 3 + [0] * 37, [1] + [0] * 39, [1] * 40 + [0] * 4920, 0.95),
        (0.05806451612903226, -0.009521931091832435, 0.12565096334989695),
    ),
    ([0.5, 0.25, 1.0], [0.25, 0.25, 0.5], [0.1, 0.9], 0.8, (0.75, 0.35731601894404325, 1.1426839810559568)),
]
FLAGS = arrays.arrays(bool, st.integers(1, 30))
SETTINGS = Correction(fewest_read=3, fewest_differences=1)
# Eight statements, a copy of the first, and a headline, which is not weighed.
SAID = [*(Said(f"Voice {n}") for n in range(8)), Said("Copier", echoes=0), Said(role="headline")]


@pytest.mark.parametrize(("labels", "predictions", "unlabelled", "probability", "expected"), REFERENCE)
def test_the_mean_and_its_interval_are_those_of_the_authors_library(
    labels, predictions, unlabelled, probability, expected
) -> None:
    found = prediction_powered_mean(labels, predictions, unlabelled, probability)
    assert found == pytest.approx(expected, abs=1e-12)


@given(FLAGS, FLAGS)
def test_predictions_that_are_always_right_give_their_own_mean(labels, unlabelled) -> None:
    mean, low, high = prediction_powered_mean(labels, labels, unlabelled, 0.9)
    assert mean == pytest.approx(unlabelled.mean())
    assert low <= mean <= high


@given(FLAGS, FLAGS)
def test_predictions_that_say_nothing_leave_the_mean_of_the_labels(labels, unlabelled) -> None:
    none = np.zeros_like(labels)
    assert prediction_powered_mean(labels, none, np.zeros_like(unlabelled), 0.9)[0] == pytest.approx(labels.mean())


@pytest.mark.parametrize("samples", [([], [], [1]), ([1], [1], []), ([1, 0], [1], [1])])
def test_there_is_no_mean_of_nothing(samples) -> None:
    with pytest.raises(ValueError, match="at least one"):
        prediction_powered_mean(*samples, 0.9)


def reads(coder: str, origin: str, drawn: str | None, codes: dict[int, str | None], prefix: str = "") -> Readings:
    """What a coder said of statements, by number: a stance toward greed, or nothing."""
    by = {"confidence": 0.9, "coder": coder, "origin": origin}
    traits = [
        by | {"statement_id": f"{prefix}s{n}", "kind": "none", "hedged": False, "gap": False, "drawn": drawn}
        for n in codes
    ]
    readings = [
        by | {"statement_id": f"{prefix}s{n}", "hypothesis_id": "greed", "stance": stance, "label": None}
        for n, stance in codes.items()
        if stance
    ]
    return Readings(
        tables.READINGS.frame(readings), tables.TRAIT_READINGS.frame(traits), tables.SIGHTING_READINGS.empty()
    )


SUPPORTS, OPPOSES, RAISES = "supports", "opposes", "raises"
PROGRAM = reads(
    "cues",
    "program",
    None,
    {0: SUPPORTS, 1: SUPPORTS, 2: SUPPORTS, 3: RAISES, 4: None, 5: None, 8: SUPPORTS, 9: SUPPORTS},
)
ANN = reads("ann", "human", "random", {0: SUPPORTS, 1: SUPPORTS, 4: OPPOSES, 5: None})
BOB = reads("bob", "human", "least_sure", {6: SUPPORTS, 7: None})


def of(*parts: Readings, c: Corpus | None = None, settings: Correction = SETTINGS) -> pd.DataFrame:
    c = c or corpus(SAID)
    frames = [
        pd.concat([getattr(part, name) for part in parts], ignore_index=True)
        for name in ("readings", "traits", "sightings")
    ]
    codes, traits, _ = accept(parts, ["bob", "ann", "model", "cues"], {})
    coded = replace(c, codes=codes, traits=traits)
    with engine() as connection:
        for table, frame in (
            (tables.READINGS, frames[0]),
            (tables.TRAIT_READINGS, frames[1]),
            (tables.STATEMENTS, c.statements),
            (tables.UTTERANCES, c.utterances),
        ):
            view(connection, table, frame)
        posts(connection)
        precedence = ["bob", "ann", "model", "cues"]
        rows = shares(connection, precedence, {}, coded.evidence, coded.counts, c.documents, CODEBOOK.ids, settings)
    return rows.set_index("hypothesis_id", drop=False)


def test_shares_are_those_worked_out_by_hand() -> None:
    found = of(PROGRAM, ANN, BOB)
    tables.SHARES.schema.validate(found.reset_index(drop=True))
    assert list(found.index) == sorted(CODEBOOK.ids)
    row = found.loc["greed"]
    # Coded: 0, 1, 4 by Ann, 6 by Bob, 2 by the program; a copy and a headline add none, and to raise is not to take up.
    assert (row.statements, row.coded, row["read"], row.differences) == (8, 5 / 8, 4, 1)
    # Of the four that Ann did not read the program gives one, and of the four that she did it missed one; the interval
    # of .5 +- 1.645 root(.1875 / 4 + .1875 / 4) is clipped.
    assert (row.corrected, row.low, row.high, row.enough) == (0.5, 0, 1, True)
    assert pd.isna(row.reason)


@pytest.mark.parametrize("drawn", ["least_sure", "most_weighty", None])
def test_what_was_read_without_being_drawn_at_random_keeps_its_prediction(drawn: str | None) -> None:
    names = ["corrected", "low", "high", "read", "differences"]
    bob = reads("bob", "human", drawn, {6: SUPPORTS, 7: None})
    with_bob, without = (of(*parts).loc["greed", names] for parts in ((PROGRAM, ANN, bob), (PROGRAM, ANN)))
    assert with_bob.equals(without)


def test_a_model_is_believed_before_a_program_where_no_person_read() -> None:
    model = reads("model", "language_model", None, {2: None, 1: None})
    row = of(PROGRAM, model, ANN).loc["greed"]
    # It takes away the program's code on 2, so that 0 is predicted of the others, and on 1, so that two were missed.
    assert (row.corrected, row.differences) == (0.5, 2)


def test_a_label_on_a_copy_is_one_on_what_it_repeats() -> None:
    ann = reads("ann", "human", "random", {8: SUPPORTS, 1: SUPPORTS, 4: OPPOSES, 5: None})
    names = ["statements", "read", "differences", "corrected", "coded"]
    assert of(PROGRAM, ann).loc["greed", names].equals(of(PROGRAM, ANN).loc["greed", names])


def test_neither_ids_nor_the_order_of_rows_matter() -> None:
    renamed = corpus(SAID, name=lambda plain: f"x-{plain}").shuffled(1)
    parts = [
        reads(
            "cues",
            "program",
            None,
            {9: SUPPORTS, 8: SUPPORTS, 5: None, 4: None, 3: RAISES, 2: SUPPORTS, 1: SUPPORTS, 0: SUPPORTS},
            "x-",
        ),
        reads("ann", "human", "random", {5: None, 4: OPPOSES, 1: SUPPORTS, 0: SUPPORTS}, "x-"),
    ]
    pd.testing.assert_frame_equal(of(*parts, c=renamed), of(PROGRAM, ANN))


EVERYTHING = reads("ann", "human", "random", dict.fromkeys(range(8), SUPPORTS))


@pytest.mark.parametrize(
    ("parts", "settings", "reason"),
    [
        ([PROGRAM], SETTINGS, "no random sample was read by people"),
        ([PROGRAM, BOB], SETTINGS, "no random sample was read by people"),
        ([ANN], SETTINGS, "nothing but people read the statements, so that there is nothing to correct"),
        ([PROGRAM, EVERYTHING], SETTINGS, "people read every statement, so that there is nothing to correct"),
        (
            [PROGRAM, ANN],
            Correction(),
            "too small: 4 statements drawn at random were read by people, and it takes at least 30",
        ),
        (
            [PROGRAM, ANN],
            Correction(fewest_read=4),
            "too small: people and predictions differ on 1 of 4 statements, and it takes at least 2",
        ),
    ],
    ids=["nobody", "not at random", "people only", "all read", "few read", "few differences"],
)
def test_where_nothing_can_be_corrected_the_reason_stands_there(parts, settings, reason) -> None:
    row = of(*parts, settings=settings).loc["greed"]
    assert row.reason == reason
    assert not row.enough
    assert row[["corrected", "low", "high"]].isna().all()
    assert 0 <= row.coded <= 1


def test_a_corpus_without_posts_has_no_shares() -> None:
    found = of(PROGRAM, c=corpus([Said(role="headline")]))
    assert found.coded.isna().all()
    assert not found.enough.any()
