from small_corpus import Said, corpus

from steelyard.weigh.form import ReportForm, report_form

BOTH = [Said("Ann", {"greed": "supports"}), Said("Bob", {"greed": "opposes"})]


def form(said: list[Said], needed: int) -> ReportForm:
    c = corpus(said)
    return report_form(c.counts, needed)


def test_enough_read_statements_with_both_stances_rank() -> None:
    assert form(BOTH, 2).form == "ranking"
    assert form([Said(s.voice, s.codes, origin="language_model") for s in BOTH], 2).form == "ranking"


def test_too_few_or_one_sided_reading_makes_a_map_and_says_why() -> None:
    assert form(BOTH[:1], 2) == ReportForm(
        "map", "1 statement was read by a person or a language model; a ranking needs at least 2.", 1
    )
    one_sided = form([Said("Ann", {"greed": "supports"}), Said("Bob", {"greed": "raises"})], 2)
    assert one_sided.form == "map"
    assert one_sided.reason == (
        "2 statements were read by a person or a language model, but nothing read opposes a hypothesis; "
        "a ranking needs both sides."
    )
    assert form(BOTH, 2).reason == (
        "2 statements were read by a person or a language model (a ranking needs at least 2), "
        "with both sides in what was read."
    )
    both = form([Said("Ann", {"greed": "supports", "honour": "opposes"})], 1)
    assert both.reason == (
        "1 statement was read by a person or a language model (a ranking needs at least 1), "
        "with both sides in what was read."
    )


def test_programs_headlines_and_echoes_are_no_reading() -> None:
    assert form([*BOTH, Said(origin="program"), Said(role="headline"), Said(echoes=0)], 3).read_statements == 2
    by_program = [BOTH[0], Said("Bob", {"greed": "opposes"}, origin="program"), Said("Cy")]
    assert form(by_program, 2).form == "map"


def test_a_map_withholds_balance_rank_and_verdict_but_keeps_what_is_said() -> None:
    mapped = corpus([Said("Ann", {"greed": "supports"}, "statistic", origin="program"), Said("Bob")])
    rows = mapped.weights.hypotheses
    assert (
        rows[["rank", "balance", "balance_low", "balance_high", "shown", "better_shown", "certainty", "reasons"]]
        .isna()
        .all(axis=None)
    )
    assert mapped.hypothesis("greed").said == 0.5
    assert mapped.weights.shown_by_kind[["shown_for", "shown_against"]].isna().all(axis=None)
    assert mapped.weights.shown_by_kind.voices.sum() == 1
    assert mapped.robustness().empty
    assert not mapped.gaps.empty
    facts = mapped.summary
    assert (facts["form"], facts["most_said"], facts["leader"], facts["close_race"]) == ("map", "greed", None, None)
