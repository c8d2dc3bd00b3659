import importlib
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from small_corpus import CODEBOOK, Said, corpus, items, quality

from steelyard.codebook import Codebook, Cues, Subject
from steelyard.study import Strength
from steelyard.vocabulary import STRENGTH_KINDS
from steelyard.weigh.items import ranking
from steelyard.weigh.robustness import left_out, moves_most, random_strengths

DISSENT = Said("Zed", {"need": "opposes"})  # a ranking needs both stances


ROWS = [
    (0, 0, 1, "statistic", False),
    (0, 0, 1, "assertion", False),
    (0, 0, -1, "reasoning", False),
    (1, 0, 1, "testimony", True),
    (1, 1, 1, "testimony", False),
]


def test_shown_of_one_draw_is_the_formula() -> None:
    i = items(ROWS)
    assert i.shown(i.strength[None], i.sign[None], np.ones((1, 2)))[0] == pytest.approx([0.6 - 0.2 + 0.25, 0.5])


def test_weights_of_voices_multiply_what_they_offer() -> None:
    i = items(ROWS)
    shown = i.shown(i.strength[None], i.sign[None], np.array([[2.0, 0.0], [0.0, 1.0]]))
    assert shown == pytest.approx(np.array([[0.8, 0.0], [0.25, 0.5]]))


def test_leaving_one_out_equals_weighing_again_without_it() -> None:
    random = np.random.default_rng(7)
    kinds = ["none", "assertion", "reasoning", "testimony", "statistic"]
    rows = [
        (v, int(random.integers(2)), int(random.choice([-1, 1])), str(random.choice(kinds)), bool(random.integers(2)))
        for v in range(6)
        for _ in range(4)
    ]
    i = items(rows)
    group = random.integers(4, size=len(rows))
    again = [i.shown(np.where(group == g, 0.0, i.strength)[None], i.sign[None], np.ones((1, 6)))[0] for g in range(4)]
    assert left_out(i, group) == pytest.approx(np.array(again))


def test_where_one_group_holds_everything_nothing_can_be_left_out() -> None:
    assert left_out(items(ROWS), np.zeros(5, dtype=int)).shape == (0, 2)


def test_random_strengths_keep_the_order_of_kinds_and_the_ties() -> None:
    order = sorted(STRENGTH_KINDS, key=lambda kind: getattr(Strength(), kind))
    i = items([(0, 0, 1, kind, False) for kind in order] + [(0, 0, 1, "documented", True)])
    drawn = i.strengths(*random_strengths(np.random.default_rng(1), 500, Strength()), i.kind[None])
    assert (drawn[:, 0] == 0).all()  # what has no strength gets none
    assert (np.diff(drawn[:, :9], axis=1) >= 0).all()
    assert (drawn[:, 4] == drawn[:, 5]).all()  # attributed and cited are equal
    assert (drawn[:, 9] <= drawn[:, 8]).all()  # a hedge takes away
    assert drawn.min() >= 0
    assert drawn.max() <= 1
    # seven different strengths: the k-th of seven sorted uniform numbers is k/8 in the mean
    assert drawn[:, [1, 8]].mean(axis=0) == pytest.approx([1 / 8, 7 / 8], abs=0.03)


def test_ranks_share_the_better_place_and_see_through_rounding() -> None:
    assert ranking(np.array([[0.3, 0.1 + 0.2, 0.5], [0.0, -1.0, 0.0]])).tolist() == [[2, 2, 1], [1, 3, 1]]


SAID = [
    Said("Ann", {"greed": "supports"}, "statistic"),
    Said("Bob", {"greed": "supports", "honour": "opposes"}, "reasoning", document="blog"),
    Said("Cy", {"honour": "supports"}, "testimony", document="blog", coder="second"),
    Said("Di", {"habit": "supports"}, "assertion"),
    DISSENT,
]


def test_first_places_sum_to_one_under_every_doubt() -> None:
    rows = corpus(SAID).robustness()
    assert set(rows.doubt) == {"voices", "strengths", "document", "voice", "kind", "coder", "all"}
    assert rows.groupby("doubt").p_first.sum().tolist() == pytest.approx([1.0] * 7)
    assert set(rows.hypothesis_id) == {"greed", "honour", "habit"}  # motives only
    assert (rows.rank_low <= rows.rank_high).all()


def test_leaving_out_by_hand() -> None:
    rows = corpus(SAID).robustness().set_index(["hypothesis_id", "doubt"])
    # greed .8, honour .3, habit .1. Without Ann greed has .2, honour .3; without "paper" greed .2, honour .3.
    assert tuple(rows.loc[("greed", "voice")]) == (1, 2, 0.75)
    assert tuple(rows.loc[("greed", "document")]) == (1, 2, 0.5)
    # without the second coder honour is -.2; without the first it alone has .5 and the two others 0
    assert tuple(rows.loc[("habit", "coder")]) == (2, 2, 0.0)
    assert tuple(rows.loc[("honour", "coder")]) == (1, 3, 0.5)


def test_one_variant_of_many_that_is_left_out_is_enough_to_widen_the_range() -> None:
    said = [Said("Ann", {"greed": "supports"}, "statistic")]
    said += [Said(f"for {n}", {"honour": "supports"}) for n in range(5)]
    said += [Said(f"against {n}", {"habit": "opposes"}) for n in range(30)]
    rows = corpus(said).robustness().set_index(["hypothesis_id", "doubt"])
    assert tuple(rows.loc[("greed", "voice")]) == (1, 2, pytest.approx(35 / 36))


def test_equals_share_the_first_place() -> None:
    rows = corpus([Said("Ann", {"greed": "supports", "honour": "supports"}), DISSENT]).robustness()
    rows = rows.set_index(["hypothesis_id", "doubt"])
    assert tuple(rows.loc[("greed", "all")]) == (1, 1, 0.5)
    assert rows.p_first["habit", "all"] == 0


def test_doubts_that_cannot_be_put_have_no_rows() -> None:
    rows = corpus([Said("Ann", {"greed": "supports"}), DISSENT]).robustness()
    assert set(rows.doubt) == {"voices", "strengths", "all"}


def test_a_ranking_without_evidence_on_any_motive_has_nothing_to_doubt() -> None:
    said = [Said("Ann", {"need": "supports", "greed": "raises"}, "statistic"), Said("Bob", {"need": "opposes"})]
    c = corpus(said)
    assert c.weights.hypotheses["rank"].dropna().tolist() == [1, 1, 1]
    assert c.robustness(quality(("reader", "stance", 20, 0.8, 0.8, "human", "x"))).empty


def test_measured_error_of_coding_widens_the_doubt() -> None:
    measured = quality(("reader", "stance", 20, 0.55, 0.55, "human", "x"))
    rows = corpus(SAID).robustness(measured).set_index(["hypothesis_id", "doubt"])
    assert 0 < rows.p_first["greed", "coding"] < 1
    assert (
        rows.p_first["greed", "all"]
        < corpus(SAID).robustness().set_index(["hypothesis_id", "doubt"]).p_first["greed", "all"]
    )


def test_the_doubt_that_moves_a_hypothesis_most() -> None:
    rows = pd.DataFrame(
        [
            ("greed", "all", 1, 5, 0.2),
            ("greed", "voices", 1, 2, 0.9),
            ("greed", "strengths", 1, 2, 0.6),
            ("greed", "kind", 1, 1, 1.0),
            ("honour", "voices", 2, 2, 0.0),
        ],
        columns=["hypothesis_id", "doubt", "rank_low", "rank_high", "p_first"],
    )
    assert moves_most(rows, pd.Series({"greed": 1, "honour": 2})) == {"greed": "strengths"}
    # a doubt that gives one place only moves what has another without it
    assert moves_most(rows, pd.Series({"greed": 1, "honour": 4})) == {"greed": "strengths", "honour": "voices"}
    # other coders and other strengths are no single doubt
    wider = pd.DataFrame([("greed", "multiverse", 1, 5, 0.5)], columns=rows.columns)
    assert moves_most(pd.concat([rows, wider]), pd.Series({"greed": 1, "honour": 2})) == {"greed": "strengths"}


def about(*phrases: str) -> Codebook:
    cues = {"en": Cues(phrases=list(phrases))}
    return CODEBOOK.model_copy(update={"subject": Subject(name="the ferry", cues=cues)})


def test_only_statements_that_name_the_subject_count_under_that_doubt() -> None:
    said = [
        Said("Ann", {"greed": "supports"}, "statistic", text="Steel was dear."),
        Said("Ann", {"greed": "supports"}, text="The ferry pays."),
        Said("Bob", {"honour": "supports"}, "reasoning", text="A FERRY is an honour."),
        replace(DISSENT, text="No ferry, no need."),
    ]
    c = corpus(said, codebook=about("ferry"))
    rows = c.robustness().set_index(["hypothesis_id", "doubt"])
    assert tuple(rows.loc[("greed", "subject")]) == (2, 2, 0.0)  # .1 is left of .6
    assert tuple(rows.loc[("honour", "subject")]) == (1, 1, 1.0)
    facts = c.summary
    assert (facts["leader"], facts["subject_leader"]) == ("greed", "honour")
    assert (facts["subject_statements"], facts["motive_statements"]) == ("2", "3")
    # without words for it, or where all or none has them, the doubt is not put
    for codebook in (CODEBOOK, about("submarine"), about("ferry", "steel")):
        other = corpus(said, codebook=codebook)
        assert "subject" not in set(other.robustness().doubt)
        assert other.summary["subject_leader"] is None


def test_adding_a_doubt_draws_no_other_random_numbers() -> None:
    said = [replace(s, text="The ferry pays.") if n % 2 else s for n, s in enumerate(SAID)]
    plain, more = corpus(said).robustness(), corpus(said, codebook=about("ferry")).robustness()
    assert set(more.doubt) - set(plain.doubt) == {"subject"}
    assert more[more.doubt != "subject"].reset_index(drop=True).equals(plain)


def test_a_corpus_drawn_in_blocks_gives_what_it_gives_in_one(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = corpus(SAID).robustness()
    monkeypatch.setattr(importlib.import_module("steelyard.weigh.items"), "_CELLS_AT_ONCE", 70)
    assert corpus(SAID).robustness().equals(whole)
