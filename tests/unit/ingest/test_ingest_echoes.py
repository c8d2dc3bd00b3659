import itertools
from random import Random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Indel

from steelyard.ingest.echoes import Rule, echo_pairs, originals, same_words, sign
from steelyard.ingest.words import words

ORIGINAL = "they do not have many secrets and they cannot serve the demand"  # 12 words


def clusters(*texts: str, within: bool = True, similarity: float = 0.9, run: int = 8) -> list[int]:
    pairs = echo_pairs([words(text) for text in texts], Rule(run, similarity, within))
    return originals(len(texts), pairs, in_order).tolist()


def in_order(places: np.ndarray) -> list[tuple]:
    return [(place,) for place in places]


def test_words_are_folded_and_bare() -> None:
    assert words("“Don’t,” she SAID: open-source 5.2!") == ("don't", "she", "said", "open", "source", "5", "2")
    assert words("开源AI好。") == ("开", "源", "ai", "好")


def test_equal_but_for_case_and_punctuation_is_an_echo() -> None:
    assert clusters(
        ORIGINAL, "Something else that has as many words as the first one has.", f"“{ORIGINAL.upper()}!”"
    ) == [
        0,
        1,
        0,
    ]


def test_short_agreement_is_no_echo() -> None:
    assert clusters("Altruism", "Altruism", "Yes, I agree with all of that.", "Yes, I agree with all of that.") == [
        0,
        1,
        2,
        3,
    ]


def test_near_duplicate_is_an_echo_from_the_stated_similarity_on() -> None:
    changed = ORIGINAL.replace("demand", "need")  # 11 of 12 words: similarity .917
    assert clusters(ORIGINAL, changed, within=False) == [0, 0]
    assert clusters(ORIGINAL, changed, within=False, similarity=0.92) == [0, 1]


def test_the_longer_echoes_what_it_holds() -> None:
    quoting = f"Somebody said that {ORIGINAL} and I find this a very good explanation of the whole affair"
    assert clusters(ORIGINAL, quoting) == [0, 0]
    assert clusters(ORIGINAL, quoting, within=False) == [0, 1]


def test_a_shared_run_that_is_a_small_part_of_both_is_no_echo() -> None:
    run = "the weights of the models of the labs"  # 8 words
    one = f"I think that {run} are open because nobody would pay"
    other = f"Nobody can say when {run} will be closed again by the state"
    assert clusters(one, other) == [0, 1]


def test_two_texts_are_no_echoes_because_a_third_quotes_both() -> None:
    another = "the state rewards whoever gives away the very best model of the year"
    assert clusters(ORIGINAL, another, f"{ORIGINAL} and {another}") == [0, 1, 1]


def test_chinese_echoes_are_found_by_character() -> None:
    assert clusters("没有特殊的,就是闭源比不过美国", "没有特殊的就是闭源比不过美国。", "就是闭源") == [0, 0, 2]


def test_same_words_joins_short_texts_of_one_group_only() -> None:
    digests = sign([("why", "not"), ("why", "not"), ("why", "not"), ("no",)], Rule(8, 0.9, within=True)).digests
    assert same_words(digests, np.array([1, 1, 2, 1])).tolist() == [[0, 1]]


def test_representative_has_the_least_rank() -> None:
    ranks = [(5,), (4,), (0,), (2,)]
    found = originals(4, np.array([(0, 1), (1, 3)]), lambda places: [ranks[place] for place in places])
    assert found.tolist() == [3, 3, 2, 3]
    assert originals(0, np.empty((0, 2), dtype=int), in_order).tolist() == []


TEXTS = st.lists(st.lists(st.sampled_from("abcde"), max_size=16).map(" ".join), max_size=7)


@given(TEXTS, st.sampled_from([0.5, 0.75, 0.9, 1.0]))
def test_index_finds_what_comparing_all_with_all_finds(texts: list[str], similarity: float) -> None:
    run = 4
    distinct = [words(text) for text in dict.fromkeys(texts)]
    found = pairs_of(distinct, Rule(run, similarity, within=False))
    expected = {
        (one, other)
        for one, other in itertools.permutations(range(len(distinct)), 2)
        if (len(distinct[one]), one) < (len(distinct[other]), other)
        and shared_run(distinct[one], distinct[other]) >= run
        and Indel.normalized_similarity(distinct[one], distinct[other]) >= similarity
    }
    assert found == expected
    holding = pairs_of(distinct, Rule(run, similarity, within=True)) - expected
    for one, other in holding:
        assert shared_run(distinct[one], distinct[other]) >= max(run, similarity * len(distinct[one]))
    for one, other in itertools.permutations(range(len(distinct)), 2):
        shorter, longer = distinct[one], distinct[other]
        if len(shorter) < len(longer) and shared_run(shorter, longer) >= max(run, similarity * len(shorter)):
            assert other in {place for pair in found for place in pair} | {place for _, place in holding}


def pairs_of(texts: list[tuple[str, ...]], rule: Rule) -> set[tuple[int, int]]:
    """Give the echoes, the shorter's position first, of two of one length the lesser."""
    found = echo_pairs(texts, rule).tolist()
    return {
        (one, other) if len(texts[one]) < len(texts[other]) else (min(one, other), max(one, other))
        for one, other in found
    }


def shared_run(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    """Length of the longest run of words in both, by trying all."""
    runs = {one[start:end] for start in range(len(one)) for end in range(start + 1, len(one) + 1)}
    return max((len(run) for run in runs if any(other[i : i + len(run)] == run for i in range(len(other)))), default=0)


@given(TEXTS, st.randoms(use_true_random=False))
def test_order_changes_no_cluster(texts: list[str], random: Random) -> None:
    order = list(range(len(texts)))
    random.shuffle(order)
    made = clusters(*texts, run=4)
    shuffled = clusters(*[texts[place] for place in order], run=4)
    for one, other in itertools.combinations(range(len(texts)), 2):
        assert (made[order[one]] == made[order[other]]) == (shuffled[one] == shuffled[other])
