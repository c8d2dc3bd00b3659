"""What must hold of every corpus, on small ones made at random."""

import hashlib
import itertools
from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_corpus import METHOD, Corpus, Said, corpus, quality

from steelyard.study import Certainty, Ranking, Robustness
from steelyard.vocabulary import CERTAINTIES
from steelyard.weigh.balance import shown

FAST = METHOD.model_copy(update={"robustness": Robustness(draws=50)})
# Certainty with its count of documents left out of it.
UNCOUNTED = FAST.model_copy(update={"certainty": Certainty(documents=1)})
WITHHELD = ["rank", "balance", "balance_low", "balance_high", "shown", "better_shown", "certainty", "reasons"]
WEIGHTS = ["said", "voices_for", "voices_against", "voices", *WITHHELD]
KINDS = ["none", "assertion", "reasoning", "testimony", "statistic", "cited"]

# With these a corpus may rank.
READ = [Said("Yan", {"need": "supports"}), Said("Zed", {"need": "opposes"})]
# Both coders are wrong at times, about what is meant and about its side.
MEASURED = quality(
    ("reader", "hypothesis", 20, 0.7, 0.8, "human", "x"),
    ("reader", "stance", 10, 0.8, 0.9, "human", "x"),
    ("second", "hypothesis", 30, 0.6, 0.7, "human", "reader"),
    ("second", "stance", 20, 0.7, 0.9, "human", "reader"),
)

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
corpora = st.lists(statements, min_size=3, max_size=8)
places = st.integers(0, 9)
few = settings(  # a corpus is weighed whole for each example
    max_examples=settings.default.max_examples // 10,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)


def made(said: Sequence[Said], **options: object) -> Corpus:
    return corpus(said, method=FAST, **options)  # type: ignore[arg-type]


def weights(c: Corpus) -> pd.DataFrame:
    return c.weights.hypotheses.set_index("hypothesis_id")[WEIGHTS]


def check_same(one: pd.DataFrame, other: pd.DataFrame) -> None:
    """Hold that two tables are equal to the last bit: the same inputs give the same bytes."""
    pd.testing.assert_frame_equal(one, other, check_exact=True)


def check_same_all(one: Corpus, other: Corpus) -> None:
    """Hold that two corpora agree in everything but mentions and speakers, which count what is printed."""
    check_same(weights(one), weights(other))
    check_same(one.weights.observations, other.weights.observations)
    check_same(one.weights.inconsistency, other.weights.inconsistency)
    check_same(one.robustness(MEASURED), other.robustness(MEASURED))
    check_same(one.gaps, other.gaps)


def without(frame: pd.DataFrame, column: str, value: str) -> pd.DataFrame:
    return frame[frame[column] != value].reset_index(drop=True)


def next_in_order(document: str, documents: set[str]) -> str:
    """Name a file that comes right after a document in the order of random draws."""
    digest = {name: hashlib.sha256(name.encode()).hexdigest() for name in documents}
    after = min((other for other in digest.values() if other > digest[document]), default="g")
    names = (f"{document} {number}" for number in itertools.count(2))
    return next(name for name in names if digest[document] < hashlib.sha256(name.encode()).hexdigest() < after)


@few
@given(corpora, st.integers(0, 7))
def test_a_document_printed_twice_changes_nothing(said: list[Said], chosen: int) -> None:
    document = said[chosen % len(said)].document
    said = [*said, *READ]
    copies = [
        replace(s, document="copy", voice=f"copy of {s.voice}", echoes=n)
        for n, s in enumerate(said)
        if s.document == document
    ]
    check_same_all(made(said), made([*said, *copies], copies={"copy": document}))


@few
@given(corpora, st.integers(0, 99))
def test_other_ids_and_another_order_of_rows_and_files_change_nothing(said: list[Said], seed: int) -> None:
    names: dict[str, str] = {}

    def name(plain: str) -> str:
        return names.setdefault(plain, f"x{(len(names) * 7919 + seed * 104729) % 99991:05}")

    said = [*said, *READ]
    check_same_all(made(said), made(said, name=name).shuffled(seed))


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
    check_same(weights(made(said)), weights(made([*said, cut])))


@few
@given(corpora, statements)
def test_a_supporting_statement_never_lowers_what_is_shown(said: list[Said], more: Said) -> None:
    more = replace(more, codes={"greed": "supports"})
    before, after = made(said).ledger, made([*said, more]).ledger
    assert shown(after[after.hypothesis_id == "greed"]) >= shown(before[before.hypothesis_id == "greed"])
    check_same(*(ledger[ledger.hypothesis_id != "greed"].reset_index(drop=True) for ledger in (before, after)))


@few
@given(corpora)
def test_bare_assertion_never_grades_above_low(said: list[Said]) -> None:
    asserted = [replace(s, kind="assertion", voice=f"{s.voice} {n}") for n, s in enumerate(said * 4)]
    grades = weights(made([*asserted, *READ])).certainty
    assert {CERTAINTIES.index(grade) for grade in grades} <= {CERTAINTIES.index("low"), CERTAINTIES.index("very low")}


@few
@given(corpora, st.sampled_from(["nothing read", "too little read", "one side read"]))
def test_a_map_gives_no_rank_no_balance_and_no_verdict(said: list[Said], why: str) -> None:
    said, method = [*said, *READ], FAST
    if why == "nothing read":
        said = [replace(s, origin="program") for s in said]
    elif why == "too little read":  # each statement is read, and still they are one too few
        method = FAST.model_copy(update={"ranking": Ranking(read_statements=len(said) + 1)})
    else:
        said = [replace(s, codes=dict.fromkeys(s.codes, "supports")) for s in said]
    mapped = corpus(said, method=method)
    assert mapped.weights.hypotheses[WITHHELD].isna().all(axis=None)
    assert mapped.weights.shown_by_kind[["shown_for", "shown_against"]].isna().all(axis=None)
    assert mapped.robustness(MEASURED).empty
    assert (mapped.summary["form"], mapped.summary["leader"]) == ("map", None)


@few
@given(corpora, st.lists(statements, min_size=1, max_size=4))
def test_statements_that_raise_at_most_leave_balance_and_shown_as_they_were(said: list[Said], more: list[Said]) -> None:
    raised = [replace(s, codes=dict.fromkeys(s.codes, "raises"), sightings={}) for s in more]
    one, other = made([*said, *READ]), made([*said, *READ, *raised])
    kept = [name for name in WEIGHTS if name != "said"]  # a new voice takes part in the share of voices
    check_same(weights(one)[kept], weights(other)[kept])
    check_same(one.robustness(), other.robustness())


@few
@given(corpora, st.lists(st.tuples(statements, places), max_size=2), places)
def test_a_file_split_in_two_changes_only_what_is_counted_in_documents(
    said: list[Said], repeated: list[tuple[Said, int]], cut: int
) -> None:
    said = [*said, *READ]
    said += [replace(s, echoes=n % len(said)) for s, n in repeated]
    paper = [n for n, s in enumerate(said) if s.document == "paper"]
    second = next_in_order("paper", {s.document for s in said})
    later = paper[1 + cut % (len(paper) - 1) :]
    parts = [replace(s, document=second) if n in later else s for n, s in enumerate(said)]
    one, other = corpus(said, method=UNCOUNTED), corpus(parts, method=UNCOUNTED)
    for name in ("hypotheses", "shown_by_kind", "observations", "inconsistency"):
        check_same(getattr(one.weights, name), getattr(other.weights, name))
    check_same(*(without(c.robustness(MEASURED), "doubt", "document") for c in (one, other)))
    check_same(*(without(c.gaps, "gap_kind", "single document") for c in (one, other)))


@few
@given(corpora, st.lists(st.tuples(statements, places), min_size=1, max_size=3), places)
def test_what_is_beside_the_point_changes_nothing_but_the_share_of_voices(
    said: list[Said], more: list[tuple[Said, int]], at: int
) -> None:
    known = [s.voice for s in [*said, *READ]]
    voices = [known[n] if n < len(known) else f"new {n}" for _, n in more]
    beside = [replace(s, voice=v, codes={}, sightings={}) for (s, _), v in zip(more, voices, strict=True)]
    one, other = made([*said, *READ]), made([*said[:at], *beside, *said[at:], *READ])
    before = one.weights.hypotheses
    # A share of more voices where new ones speak; where none does, the very figure that it was.
    check_same(before.assign(said=before.voices / len({*known, *voices})), other.weights.hypotheses)
    check_same(one.weights.shown_by_kind, other.weights.shown_by_kind)
    check_same(one.weights.observations, other.weights.observations)
    check_same(one.robustness(MEASURED), other.robustness(MEASURED))
    check_same(one.gaps, other.gaps)
