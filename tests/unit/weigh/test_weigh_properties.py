"""What must hold of every corpus, on small ones made at random."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_corpus import METHOD, Corpus, Said, corpus

from steelyard.study import Robustness
from steelyard.vocabulary import CERTAINTIES

FAST = METHOD.model_copy(update={"robustness": Robustness(draws=20)})
WEIGHTS = ["rank", "said", "voices_for", "voices_against", "balance", "balance_low", "balance_high", "shown", "voices"]
WEIGHTS += ["certainty", "reasons"]
KINDS = ["none", "assertion", "reasoning", "testimony", "statistic", "cited"]

codes = st.dictionaries(
    st.sampled_from(["greed", "honour", "habit", "need"]), st.sampled_from(["supports", "opposes", "raises"])
)
sightings = st.dictionaries(
    st.sampled_from(["medal", "ledger_book"]), st.sampled_from(["seen", "sought_not_found"]), max_size=1
)
statements = st.builds(
    Said,
    voice=st.sampled_from(["Ann", "Bob", "Cy", "Di"]),
    codes=codes,
    kind=st.sampled_from(KINDS),
    hedged=st.booleans(),
    document=st.sampled_from(["paper", "blog", "talk"]),
    coder=st.sampled_from(["reader", "second"]),
    sightings=sightings,
)
corpora = st.lists(statements, min_size=3, max_size=10)
few = settings(  # a corpus is weighed whole for each example
    max_examples=settings.default.max_examples // 16,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)


def made(said: Sequence[Said], **options: object) -> Corpus:
    return corpus(said, method=FAST, **options)  # type: ignore[arg-type]


def weights(c: Corpus) -> pd.DataFrame:
    return c.weights.hypotheses.set_index("hypothesis_id")[WEIGHTS]


def same(one: pd.DataFrame, other: pd.DataFrame) -> None:
    """Hold that two tables are equal to the last bit: the same inputs give the same bytes."""
    pd.testing.assert_frame_equal(one, other, check_exact=True)


def same_all(one: Corpus, other: Corpus) -> None:
    """Hold that two corpora agree in everything but mentions and speakers, which count what is printed."""
    same(weights(one), weights(other))
    same(one.weights.observations, other.weights.observations)
    same(one.weights.inconsistency, other.weights.inconsistency)
    same(one.robustness(), other.robustness())
    same(one.gaps, other.gaps)


@few
@given(corpora, st.integers(0, 7))
def test_a_document_printed_twice_changes_nothing(said: list[Said], chosen: int) -> None:
    document = said[chosen % len(said)].document
    copies = [
        replace(s, document="copy", voice=f"copy of {s.voice}", echoes=n)
        for n, s in enumerate(said)
        if s.document == document
    ]
    same_all(made(said), made([*said, *copies], copies={"copy": document}))


@few
@given(corpora, st.integers(0, 99))
def test_the_order_of_rows_and_files_changes_nothing(said: list[Said], seed: int) -> None:
    same_all(made(said), made(said).shuffled(seed))


@few
@given(corpora, st.integers(0, 99))
def test_other_ids_change_nothing(said: list[Said], seed: int) -> None:
    names: dict[str, str] = {}

    def name(plain: str) -> str:
        return names.setdefault(plain, f"x{(len(names) * 7919 + seed * 104729) % 99991:05}")

    same_all(made(said), made(said, name=name))


@few
@given(corpora)
def test_a_voice_adds_at_most_one(said: list[Said]) -> None:
    ledger = made(said).ledger
    assert ((ledger.best_for - ledger.best_against).abs() <= 1).all()
    with_, without = made(said), made([s for s in said if s.voice != "Ann"] or [Said("Bob")])
    shown = [
        c.ledger.groupby("hypothesis_id")[["best_for", "best_against"]].sum().diff(axis=1).best_against
        for c in (with_, without)
    ]
    assert (shown[0].sub(shown[1], fill_value=0).abs() <= 1 + 1e-12).all()


@few
@given(corpora, st.integers(0, 7))
def test_a_sentence_cut_in_two_changes_no_weight(said: list[Said], chosen: int) -> None:
    cut = said[chosen % len(said)]
    same(weights(made(said)), weights(made([*said, cut])))


@few
@given(corpora, statements)
def test_a_supporting_statement_never_lowers_what_is_shown(said: list[Said], more: Said) -> None:
    more = replace(more, codes={"greed": "supports"})
    before, after = (
        made(
            s,
        ).weights.hypotheses.set_index("hypothesis_id")
        for s in ([*said, *READ], [*said, *READ, more])
    )
    assert after.shown["greed"] >= before.shown["greed"] - 1e-12
    assert after.shown["honour"] == pytest.approx(before.shown["honour"])


@few
@given(corpora)
def test_bare_assertion_never_grades_above_low(said: list[Said]) -> None:
    asserted = [replace(s, kind="assertion", voice=f"{s.voice} {n}") for n, s in enumerate(said * 4)]
    grades = weights(made([*asserted, *READ])).certainty
    assert {CERTAINTIES.index(grade) for grade in grades} <= {CERTAINTIES.index("low"), CERTAINTIES.index("very low")}


@few
@given(corpora)
def test_without_read_codes_there_is_no_ranking(said: list[Said]) -> None:
    unread = made([replace(s, origin="program") for s in said])
    assert unread.weights.hypotheses[["rank", "shown", "balance", "certainty"]].isna().all(axis=None)
    assert unread.robustness().empty
    assert unread.summary["form"] == "map"


@few
@given(corpora, st.lists(statements, max_size=4))
def test_irrelevant_statements_leave_balance_and_shown_as_they_were(said: list[Said], others: list[Said]) -> None:
    irrelevant = [replace(s, codes={}, sightings={}, voice=f"another {s.voice}") for s in others]
    kept = [name for name in WEIGHTS if name != "said"]
    one, other = made([*said, *READ]), made([*said, *READ, *irrelevant])
    same(weights(one)[kept], weights(other)[kept])
    same(one.robustness(), other.robustness())


# With these a corpus may rank.
READ = [Said("Yan", {"need": "supports"}), Said("Zed", {"need": "opposes"})]
