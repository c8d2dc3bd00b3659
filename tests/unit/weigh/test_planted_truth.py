"""What is planted in a corpus, the weighing finds: balances within their intervals, and the first motive first."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from planted import (
    CHANCES,
    RACES,
    TIMES,
    Coder,
    Planted,
    World,
    brier,
    conventional,
    corpora,
    draw,
    echoes_unknown,
    found_balances,
    found_first,
    measured,
    misread,
    statements_as_voices,
    tables_of,
    unknown,
    world,
)
from small_corpus import Corpus

from steelyard.study import Strength
from steelyard.vocabulary import KINDS

BATCH = 50  # corpora that are weighed side by side


@functools.cache
def few() -> list[Planted]:
    return corpora(range(BATCH))


@functools.cache
def misread_few() -> tuple[Corpus, Corpus, pd.DataFrame]:
    """Corpora with codes known, as a coder reads them, and that coder measured."""
    known, read = tables_of(few()[:20]), tables_of(misread(few()[:20], Coder()))
    return known, read, measured(known, read, np.random.default_rng(1))


def coverage(planted: list[Planted], change: Callable[[Planted], Planted] = lambda one: one) -> pd.DataFrame:
    changed = [change(one) for one in planted]
    hypotheses = tables_of(changed).weights.hypotheses
    return found_balances(changed, hypotheses, hypotheses)


@pytest.mark.slow
def test_the_interval_of_a_balance_holds_what_was_planted_in_nine_of_ten() -> None:
    found = pd.concat([coverage(corpora(range(begin, begin + 250), motives=(3, 3))) for begin in range(0, 1000, 250)])
    assert len(found) > 2900  # of 1,000 corpora of 3 motives; the others no voice takes up
    assert 0.88 <= found.held.mean() <= 0.92
    # Where all voices are of one mind the interval reaches the end, which adds the tail that it would leave out.
    one_sided = (found.low == 0) | (found.high == 1)
    assert found.held.mean() == pytest.approx(0.9 + 0.05 * one_sided.mean(), abs=0.015)


def test_echoes_taken_for_voices_would_make_it_fail() -> None:
    assert coverage(few(), echoes_unknown).held.mean() < 0.82


def test_statements_taken_for_voices_would_make_it_fail() -> None:
    assert coverage(few(), statements_as_voices).held.mean() < 0.75


def test_with_codes_known_each_voice_is_counted_once_on_its_side() -> None:
    planted = few()
    hypotheses = tables_of(planted).weights.hypotheses.set_index("hypothesis_id")
    for one in planted:
        assert hypotheses.voices_for[one.ids].tolist() == one.voices_for.tolist()
        assert hypotheses.voices_against[one.ids].tolist() == one.voices_against.tolist()


def test_corpora_side_by_side_are_weighed_as_each_alone() -> None:
    planted = few()[:3]
    columns = ["voices", "voices_for", "balance", "balance_low", "balance_high", "shown"]
    alone = pd.concat([tables_of([one]).weights.hypotheses for one in planted])
    both = tables_of(planted).weights.hypotheses
    alone, both = (frame.set_index("hypothesis_id").sort_index()[columns] for frame in (alone, both))
    pd.testing.assert_frame_equal(alone, both)


def test_an_echo_has_the_voice_of_what_it_repeats_and_another_speaker() -> None:
    [one] = corpora([7])
    evidence = tables_of([one]).evidence
    echoes = evidence[evidence.echo_id != evidence.statement_id]
    assert len(echoes) > 10
    original = evidence.set_index("statement_id").loc[echoes.echo_id]
    assert (echoes.voice_id.to_numpy() == original.voice_id.to_numpy()).all()
    assert (echoes.speaker_id != echoes.voice_id).all()
    assert (echoes.stance.to_numpy() == original.stance.to_numpy()).all()


def test_what_is_planted_and_found_does_not_depend_on_names() -> None:
    one, other = (
        draw(world(g), g, name) for g, name in ((np.random.default_rng(3), "b_"), (np.random.default_rng(3), "a_"))
    )
    assert one.world.worth().tolist() == other.world.worth().tolist()
    assert one.voices_for.tolist() == other.voices_for.tolist()
    weighed = [tables_of([each]).weights.hypotheses.drop(columns="hypothesis_id") for each in (one, other)]
    pd.testing.assert_frame_equal(*weighed)


def test_few_voices_talk_most() -> None:
    talk = pd.Series([s.voice for one in few() for s in one.said if s.codes and s.echoes is None]).value_counts()
    assert talk.nlargest(len(talk) // 10).sum() > 0.3 * talk.sum()


def test_a_voice_holds_one_position_on_a_motive() -> None:
    [one] = corpora([7])
    ledger = tables_of([one]).ledger
    assert not (ledger.supports & ledger.opposes).any()
    assert (ledger.statements > 1).any()


def test_the_worth_of_a_motive_is_what_a_large_population_shows_a_voice() -> None:
    of = replace(world(np.random.default_rng(5)), voices=4000)
    ledger = tables_of([draw(of, np.random.default_rng(6))]).ledger
    net = (ledger.best_for - ledger.best_against).groupby(ledger.hypothesis_id)
    mean, spread = net.sum() / of.voices, net.apply(lambda each: (each**2).sum() ** 0.5) / of.voices
    assert ((mean - of.worth()).abs() < 4 * spread).all()
    assert (spread < 0.01).all()


def test_the_worth_of_one_motive_by_hand() -> None:
    motive = replace(world(np.random.default_rng(5)).motives[0], prominence=0.5, balance=0.8, hedged=0.0)
    motive = replace(motive, kinds=np.array([kind in ("assertion", "statistic") for kind in KINDS]) / 2)
    # The best of t statements is an assertion, .1, with the chance 1/2^t, and else a statistic, .6.
    best = sum(chance * (0.1 * 0.5**t + 0.6 * (1 - 0.5**t)) for t, chance in zip(TIMES, CHANCES, strict=True))
    assert World(9, (motive,), conventional()).worth() == pytest.approx([0.5 * 0.6 * best])


def test_unknown_strengths_keep_the_order_of_kinds() -> None:
    plain, hedged = unknown(np.random.default_rng(1))
    order = np.argsort([getattr(Strength(), kind) for kind in KINDS], kind="stable")
    assert (np.diff(plain[order]) >= 0).all()
    assert (hedged <= plain).all()
    assert plain.tolist() != conventional()[0].tolist()


def test_a_coder_errs_at_its_rates_and_the_sample_measures_them() -> None:
    known, read, quality = misread_few()
    codes = known.codes.merge(read.codes, on=["statement_id", "hypothesis_id"], how="outer", suffixes=("", "_read"))
    missed = codes.stance_read.isna()[codes.stance.notna()].mean()
    both = codes.dropna(subset=["stance", "stance_read"])
    assert missed == pytest.approx(0.2, abs=0.03)
    assert (both.stance != both.stance_read).mean() == pytest.approx(0.1, abs=0.03)
    pooled = quality[quality.label == "all"].groupby("axis")[["precision", "recall"]].mean()
    assert pooled.recall["hypothesis"] == pytest.approx(0.8, abs=0.05)
    assert pooled.precision["hypothesis"] == pytest.approx(1 - codes.stance.isna().sum() / len(read.codes), abs=0.05)
    assert pooled.precision["stance"] == pytest.approx(0.9, abs=0.05)


def test_coding_error_in_the_interval_makes_it_hold_more_often() -> None:
    _, read, quality = misread_few()
    hypotheses = read.weights.hypotheses
    intervals = read.balances(quality)
    plain, modelled = (found_balances(few()[:20], hypotheses, each).held.mean() for each in (hypotheses, intervals))
    assert plain < 0.75
    assert 0.85 < modelled < 0.95


def test_p_first_foretells_which_motive_is_first_better_than_one_in_so_many() -> None:
    planted = [one for number in range(20) for one in corpora([number], **RACES)]
    found = pd.concat([found_first(one, tables_of([one]).robustness(), "voices") for one in planted])
    stated, equal = brier(found)
    assert stated < 0.9 * equal
    assert found["first"].groupby(found.index.str.rsplit("_motive", n=1).str[0]).sum().max() == 1
