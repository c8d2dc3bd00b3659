from small_corpus import METHOD, Said, checked, corpus

from steelyard.study import Ranking, Robustness

SAID = [
    Said("Ann", {"greed": "supports", "need": "supports"}, "statistic"),
    Said("Bob", {"greed": "opposes", "need": "supports"}),
    Said("Cy", {"honour": "supports"}, "reasoning", document="blog"),
    Said("Di", {"need": "supports"}, document="blog"),
    Said("Di", role="headline"),
]


def test_facts_for_prose_by_hand() -> None:
    facts = corpus(SAID).summary
    assert (
        facts
        | {
            "form": "ranking",
            "statements": "5",
            "post_statements": "4",
            "voices": "4",
            "documents": "2",
            "leader": "greed",  # .6 - .1
            "runner_up": "honour",  # .2
            "most_said": "need",  # three voices
            "most_contested": "greed",  # one voice against one
            "parting_observation": "ledger_book",
            "equal_grades": None,  # need is low, the others very low
            "leader_main_kind": "statistic",
            "documented_motives": None,
            "doubts_tried": "voices strengths document voice kind all",
            "first_by_mentions": "need",
            "first_by_speakers": "need",
            "first_by_voices": "need",
            "places_differ": "0",
            "places_differ_most": None,
            "may_be_first": "greed honour",
            "hold_together": "greed",  # nothing is declared
            "widest_voice": "Ann",  # two hypotheses, and more strength than Bob offers
            "widest_voice_hypotheses": "2",
            "widest_voice_share": f"{1.2 / 1.7:.4f}",
        }
        == facts
    )


def test_the_main_kind_of_the_leader_is_by_each_voices_best_and_of_equals_the_weaker() -> None:
    said = [
        Said("Ann", {"greed": "supports"}, "testimony"),
        Said("Ann", {"greed": "supports"}, "observation"),  # not her best
        Said("Bob", {"greed": "supports"}, "observation"),
        Said("Cy", {"greed": "opposes"}, "statistic"),
    ]
    assert corpus(said).summary["leader_main_kind"] == "testimony"  # .5 against .35
    said[0] = Said("Ann", {"greed": "supports"}, "statistic", hedged=True)  # .3, while each assertion has .1
    said[1:3] = [Said(f"v{n}", {"greed": "supports"}) for n in range(3)]
    said[-1] = Said("Cy", {"greed": "opposes"})
    assert corpus(said).summary["leader_main_kind"] == "assertion"


def test_documented_motives_have_a_documented_item_that_supports_them() -> None:
    said = [
        Said("Ann", {"habit": "supports", "greed": "opposes", "need": "supports"}, "cited", text="See x.com/a"),
        Said("Bob", {"honour": "supports"}, "cited", text="See y.org"),
        Said("Cy", {"greed": "supports"}, "statistic"),
    ]
    sources = checked(("x.com/a", "documented", True), ("y.org", "opinion", False))
    assert corpus(said, checked_sources=sources).summary["documented_motives"] == "habit"
    # a figure that cites a documented source is backed by it too
    figure = [*said, Said("Di", {"honour": "supports"}, "statistic", text="9 of 10, see x.com/a")]
    assert corpus(figure, checked_sources=sources).summary["documented_motives"] == "honour habit"


def test_contested_is_what_a_quarter_of_several_voices_stands_against() -> None:
    said = [Said(f"for {n}", {"greed": "supports", "honour": "supports"}) for n in range(3)]
    said += [
        Said("against", {"greed": "opposes"}),
        Said("twice", {"habit": "supports"}),
        Said("twice", {"habit": "opposes"}),
    ]
    facts = corpus([*said, Said("more", {"need": "opposes"})]).summary
    assert (facts["contested"], facts["most_contested"]) == (None, "greed")  # 3 of 4 are not below three quarters
    assert corpus([*said, Said("against too", {"greed": "opposes"})]).summary["contested"] == "greed"


def test_a_ranking_without_evidence_on_any_motive_has_its_facts_and_no_leader() -> None:
    c = corpus([Said("Ann", {"need": "supports"}, "statistic"), Said("Bob", {"need": "opposes"})])
    assert c.robustness().empty
    facts = c.summary
    assert (facts["form"], facts["most_said"]) == ("ranking", "need")
    nothing = ("leader", "runner_up", "leader_main_kind", "close_race", "documented_motives", "doubts_tried")
    assert [facts[name] for name in nothing] == [None] * len(nothing)
    assert facts["moved_most_by.greed"] is None


def test_what_is_often_said_and_hardly_shown_is_held_against_the_medians() -> None:
    said = [
        *[Said(f"v{n}", {"honour": "supports"}) for n in range(4)],
        Said("Ann", {"greed": "supports"}, "statistic"),
        Said("Bob", {"greed": "opposes"}),
        Said("Cy", {"need": "supports"}, "observation"),
    ]
    facts = corpus(said).summary
    # said: honour 4/7, greed 2/7, need 1/7, habit 0; better shown: greed .6, need .35, honour 0, habit 0
    assert facts["often_said_hardly_shown"] == "honour"
    assert (facts["said_median"], facts["better_shown_median"]) == ("0.2143", "0.1750")
    # where better evidence than reasoning is offered for nothing, what is said most is hardly shown
    assert corpus(said[:4] + said[5:6]).summary["often_said_hardly_shown"] == "greed honour"


def test_a_race_is_close_where_all_others_together_are_first_in_enough_draws() -> None:
    said = [Said("Ann", {"greed": "supports"}), Said("Bob", {"honour": "supports"}), Said("Cy", {"habit": "supports"})]
    said += [Said("Di", {"greed": "supports"}, hedged=True), Said("Ed", {"need": "opposes"})]
    facts = corpus(said).summary
    rows = corpus(said).robustness().query("doubt == 'all'").set_index("hypothesis_id").p_first
    first, second = rows[facts["leader"]], rows[facts["runner_up"]]
    assert second < 1 - first  # a third is first at times
    for threshold, close in ((1 - first - 0.01, "true"), (1 - first + 0.01, "false")):
        method = METHOD.model_copy(update={"robustness": Robustness(draws=200, close_race=threshold)})
        assert corpus(said, method=method).summary["close_race"] == close


def test_equals_are_a_close_race() -> None:
    equal = corpus(
        [Said("Ann", {"greed": "supports", "honour": "supports"}), Said("Bob", {"habit": "opposes"})]
    ).summary
    assert (equal["leader"], equal["runner_up"], equal["close_race"]) == ("greed", "honour", "true")


def test_without_anything_shown_for_a_motive_there_is_no_leader() -> None:
    facts = corpus([Said("Ann", {"greed": "opposes", "need": "supports"}), Said("Bob")]).summary
    assert (facts["form"], facts["leader"], facts["parting_observation"]) == ("ranking", None, None)


def test_a_map_names_the_same_facts_without_values() -> None:
    needed = METHOD.model_copy(update={"ranking": Ranking(read_statements=99)})
    ranked, mapped = corpus(SAID).summary, corpus(SAID, method=needed).summary
    assert mapped["form"] == "map"
    assert {name for name in ranked if not name.startswith("moved_most_by.")} == mapped.keys()
    assert mapped["most_said"] == "need"
    withheld = ("leader", "most_contested", "equal_grades", "documented_motives", "doubts_tried")
    assert [mapped[name] for name in withheld] == [None] * len(withheld)


def test_counts_that_give_other_orders_are_told() -> None:
    said = [Said("Ann", {"greed": "supports"}) for _ in range(4)]
    said += [Said(name, {"need": stance}) for name, stance in (("Bob", "supports"), ("Cy", "opposes"))]
    said += [Said(f"copy {n}", {"honour": "supports"}, echoes=6) for n in range(3)]
    facts = corpus(said).summary
    # mentions: greed 4, honour 3, need 2; voices as printed: honour 3, need 2, greed 1; independent: need 2, others 1
    assert (facts["first_by_mentions"], facts["first_by_speakers"], facts["first_by_voices"]) == (
        "greed",
        "honour",
        "need",
    )
    assert facts["places_differ"] == "3"  # habit has the last place by all three
    assert facts["places_differ_most"] == "need greed"  # third and first; first and second; honour is second by both


def test_of_equally_wide_voices_none_is_named() -> None:
    said = [Said("Ann", {"greed": "supports"}), Said("Bob", {"greed": "opposes"})]
    assert corpus(said).summary["widest_voice"] is None
