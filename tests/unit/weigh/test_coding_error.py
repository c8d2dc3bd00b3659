from collections import Counter

import numpy as np
import pandas as pd
import pytest
from scipy.stats import beta
from small_corpus import METHOD, Corpus, Said, corpus, items, quality

from steelyard.study import Ranking, Robustness
from steelyard.vocabulary import STRENGTH_KINDS
from steelyard.weigh.coding_error import ErrorRates, miscoded, mistaken_kinds, undone


def test_error_rates_are_counts_with_the_prior_added() -> None:
    measured = quality(
        ("cues", "hypothesis", 20, 0.75, 0.5, "program", "ann"), ("cues", "stance", 10, 0.9, 0.9, "program", "ann")
    )
    rates = ErrorRates.of(measured, ["ann", "cues"], 0.5)
    assert rates.presence[1] == pytest.approx([5.5, 15.5])
    assert rates.stance[1] == pytest.approx([1.5, 9.5])
    assert rates.measured.tolist() == [
        [False, False, False],
        [True, True, False],
    ]  # a program's error says nothing of Ann's
    assert (rates.draw(np.random.default_rng(1), 10, 0)[:, 0] == 0).all()
    drawn = rates.draw(np.random.default_rng(1), 4000, 0)[:, 1]
    assert drawn.mean() == pytest.approx(5.5 / 21, abs=0.01)


def test_a_second_reader_measures_the_first_from_below() -> None:
    # Bob gave 20 codes, 15 of them Ann's; they are 60 % of hers: so Bob did not find 10 of her 25.
    measured = quality(("bob", "hypothesis", 20, 0.75, 0.6, "human", "ann"))
    assert ErrorRates.of(measured, ["ann", "bob"], 0.5).presence[0] == pytest.approx([10.5, 15.5])


def test_what_only_one_of_two_settled_readings_found_counts_as_the_settlers_error() -> None:
    measured = quality(("settled", "hypothesis", 20, 0.75, 0.6, "language_model", "ann"))
    measured = measured.assign(reading="bob", reference_origin="language_model")
    rates = ErrorRates.of(measured, ["ann", "settled"], 0.5)
    assert rates.measured.tolist() == [[False, False, False], [True, False, False]]
    # of 20 and 25 codes 15 are the same: 5 and 10 stand alone, and the 15 count once
    assert rates.presence[1] == pytest.approx([5 + 10 + 0.5, 15 + 0.5])


def test_people_measure_better_than_models_do() -> None:
    by_people = quality(("cues", "hypothesis", 20, 0.5, 0.5, "program", "ann"))
    by_model = quality(("cues", "hypothesis", 20, 0.9, 0.9, "program", "bot")).assign(reference_origin="language_model")
    rates = ErrorRates.of(pd.concat([by_model, by_people]), ["cues"], 0.5)
    assert rates.presence[0] == pytest.approx([10.5, 10.5])


def test_wrong_codes_go_and_wrong_stances_turn_or_fade() -> None:
    i = items([(v, 0, 1, "assertion", False) for v in range(2000)])
    rates = ErrorRates(*np.array([[[200.0, 800.0]], [[400.0, 600.0]], [[0.5, 0.5]]]), np.array([[True, True, False]]))
    sign = miscoded(np.random.default_rng(3), 20, i, rates, 0.5)
    assert (sign == -1).mean() == pytest.approx(0.8 * 0.2, abs=0.02)
    assert (sign == 1).mean() == pytest.approx(0.8 * 0.6, abs=0.03)
    assert (sign == 0).mean() == pytest.approx(0.2 + 0.8 * 0.2, abs=0.03)


MANY = METHOD.model_copy(update={"robustness": Robustness(draws=4000)})
SAID = [Said(f"for {n}", {"greed": "supports", "need": "supports"}) for n in range(6)]
SAID += [Said(f"against {n}", {"greed": "opposes"}) for n in range(3)]


def with_error(c: Corpus, measured: pd.DataFrame) -> pd.DataFrame:
    return c.balances(measured).set_index("hypothesis_id")


def test_a_coder_that_hardly_errs_leaves_the_interval_as_it_was() -> None:
    c = corpus(SAID, method=MANY)
    right = quality(
        ("reader", "hypothesis", 10**6, 1.0, 1.0, "human", "x"), ("reader", "stance", 10**6, 1.0, 1.0, "human", "x")
    )
    rows = with_error(c, right)
    assert list(rows.index) == ["greed", "need"]  # nobody takes the others up
    assert tuple(rows.loc["greed"]) == pytest.approx(tuple(beta.ppf([0.05, 0.95], 6.5, 3.5)), abs=0.02)
    assert rows.balance_high["need"] == 1.0  # no voice was coded against it
    assert rows.balance_low["need"] == pytest.approx(c.hypothesis("need").balance_low, abs=0.02)


def test_a_motive_that_the_codebook_does_not_name_has_no_balance() -> None:
    measured = quality(("reader", "stance", 100, 0.9, 0.9, "human", "x"))
    said = [Said("Ann", {"greed": "supports"}), Said("Bob", {"other_motive": "supports", "need": "opposes"})]
    assert list(with_error(corpus(said), measured).index) == ["greed", "need"]


def test_error_of_coding_widens_the_interval_and_never_draws_it_in() -> None:
    said = [*SAID, *[Said(f"denies {n}", {"honour": "opposes"}) for n in range(5)], Said("one", {"honour": "supports"})]
    c = corpus(said, method=MANY)
    rows = with_error(c, quality(("reader", "stance", 1000, 0.7, 0.7, "human", "x")))
    plain = c.weights.hypotheses.set_index("hypothesis_id").loc[rows.index]
    assert (rows.balance_low <= plain.balance_low).all()
    assert (rows.balance_high >= plain.balance_high).all()
    # what stands against most of its voices may stand against nearly all: 3 of 10 right stances are wrong
    assert rows.balance_high["greed"] > plain.balance_high["greed"] + 0.04
    assert rows.balance_low["honour"] < plain.balance_low["honour"] - 0.02


def test_wrong_codes_support_a_hypothesis_as_often_as_all_codes_do() -> None:
    # of what is seen 3 in 10 are wrong, and support it as 12 of all 15 voices support what they take up
    measured = quality(("reader", "hypothesis", 10**6, 0.7, 0.7, "human", "x"))
    row = with_error(corpus(SAID, method=MANY), measured).loc["greed"]
    assert tuple(row) == pytest.approx(tuple((beta.ppf([0.05, 0.95], 6.5, 3.5) - 0.3 * 12 / 15) / 0.7), abs=0.02)


@pytest.mark.parametrize(
    ("truth", "wrong", "turned", "common"), [(0.9, 0.2, 0.1, 0.5), (0.2, 0.1, 0.0, 0.8), (0.2, 0.0, 0.3, 0.5)]
)
def test_what_errors_draw_to_the_middle_is_undone(truth: float, wrong: float, turned: float, common: float) -> None:
    for part in (0.0, 0.5, 1.0):  # of the mistaken stances, that turned; the others are seen no more
        kept, other = 1 - turned, turned * part
        right = (truth * kept + (1 - truth) * other) / (kept + other)
        seen = np.array(wrong * common + (1 - wrong) * right)
        assert undone(seen, np.array(wrong), np.array(turned), common, part) == pytest.approx(truth)
    assert undone(np.array(1.0), np.array(0.3), np.array(0.2), 0.5, 0.5) == 1.0


def test_each_hypothesis_has_the_error_of_the_coders_that_coded_it() -> None:
    said = [Said(f"v{n}", {"greed": "supports" if n < 6 else "opposes"}, coder="second") for n in range(9)]
    said += [Said(f"w{n}", {"honour": "supports" if n < 6 else "opposes"}) for n in range(9)]
    c = corpus(said, method=MANY)
    rows = with_error(c, quality(("second", "stance", 1000, 0.7, 0.7, "human", "x")))
    plain = c.hypothesis("honour")
    assert tuple(rows.loc["honour"]) == pytest.approx((plain.balance_low, plain.balance_high), abs=0.02)
    assert rows.balance_high["greed"] > plain.balance_high + 0.04


def test_where_no_error_was_measured_or_no_balance_is_told_there_is_no_interval() -> None:
    assert with_error(corpus(SAID), quality()).empty
    mapped = corpus(SAID, method=METHOD.model_copy(update={"ranking": Ranking(read_statements=99)}))
    assert with_error(mapped, quality(("reader", "stance", 10, 0.9, 0.9, "human", "x"))).empty


def test_voices_are_counted_after_the_flips_and_one_on_both_sides_counts_half() -> None:
    i = items([(0, 0, 1, "statistic", False), (0, 0, -1, "assertion", False), (1, 0, 1, "none", False)])
    for_, against = i.voices(np.array([[1, -1, 1], [1, 1, 0], [0, 0, -1]]))
    assert for_[:, 0].tolist() == [1.5, 1.0, 0.0]
    assert against[:, 0].tolist() == [0.5, 0.0, 1.0]


def test_a_wrong_kind_is_a_neighbour_and_what_is_documented_stays() -> None:
    kinds = ["none", "assertion", "reasoning", "statistic", "documented"]
    i = items([(0, 0, 1, kind, False) for kind in kinds])
    rates = ErrorRates(*np.array([[[0.5, 0.5]], [[0.5, 0.5]], [[400.0, 600.0]]]), np.array([[False, False, True]]))
    drawn = mistaken_kinds(np.random.default_rng(3), 4000, i, rates)
    names = [dict(Counter(STRENGTH_KINDS[kind] for kind in column)) for column in drawn.T]
    assert [set(found) for found in names] == [
        {"none"},
        {"assertion", "reasoning"},
        {"assertion", "reasoning", "observation"},
        {"testimony", "statistic"},
        {"documented"},
    ]
    assert names[1]["reasoning"] / 4000 == pytest.approx(0.4, abs=0.04)
    assert names[2]["assertion"] / 4000 == pytest.approx(0.2, abs=0.04)


def test_error_of_kind_alone_is_put_as_a_doubt() -> None:
    said = [Said("Ann", {"greed": "supports"}, "observation"), Said("Bob", {"honour": "supports"}, "reasoning")]
    c = corpus([*said, Said("Zed", {"need": "opposes"})])
    rows = c.robustness(quality(("reader", "kind", 20, 0.6, 0.6, "human", "x"))).set_index(["hypothesis_id", "doubt"])
    assert 0.5 < rows.p_first["greed", "coding"] < 1
    assert with_error(c, quality(("reader", "kind", 20, 0.6, 0.6, "human", "x"))).empty  # balance counts no kinds
