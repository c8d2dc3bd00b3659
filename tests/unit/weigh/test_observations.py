import numpy as np
import pandas as pd
import pytest
from small_corpus import CODEBOOK, METHOD, Said, checked, corpus

from steelyard.codebook import Bearing, Observation
from steelyard.study import ExpectedObservations
from steelyard.weigh.observations import inconsistency, information, matrix, parting, status, tiers


@pytest.mark.parametrize(
    ("prior", "true", "false", "bits"),
    [
        (0.5, 0.5, 0.5, 0.0),  # as likely either way: it tells nothing
        (0.5, 0.75, 0.25, 1 - 0.811278),  # 1 - H(1/4), and H(1/4) = 2 - .75 log2 3
        (0.5, 0.5, 0.25, 0.954434 - 0.5 * 1 - 0.5 * 0.811278),  # H(3/8) = 3 - (3 log2 3 + 5 log2 5) / 8
    ],
)
def test_mutual_information_by_hand(prior: float, true: float, false: float, bits: float) -> None:
    assert information(prior, true, false) == pytest.approx(bits, abs=1e-6)


def test_information_is_the_expected_fall_of_entropy_computed_the_long_way() -> None:
    p, true, false = 0.3, 0.8, 0.1
    joint = np.array([[p * true, p * (1 - true)], [(1 - p) * false, (1 - p) * (1 - false)]])
    independent = np.outer(joint.sum(axis=1), joint.sum(axis=0))
    assert information(p, true, false) == pytest.approx((joint * np.log2(joint / independent)).sum())


def test_decibans_are_ten_times_the_logarithm_of_the_likelihood_ratio() -> None:
    cells = matrix(CODEBOOK).set_index(["observation_id", "hypothesis_id"]).decibans
    assert cells["ledger_book", "greed"] == pytest.approx(6.0206, abs=1e-4)  # 10 log10 4
    assert cells["ledger_book", "honour"] == pytest.approx(-6.0206, abs=1e-4)


@pytest.mark.parametrize(
    ("findings", "documented", "expected"),
    [
        (set(), False, "absent"),
        ({"seen"}, False, "claimed"),
        ({"reported"}, False, "claimed"),
        ({"seen"}, True, "documented"),
        ({"sought_not_found"}, False, "sought_not_found"),
        ({"seen", "sought_not_found"}, True, "contested"),
    ],
)
def test_status_comes_from_what_linked_statements_say(findings: set[str], documented: bool, expected: str) -> None:
    assert status(findings, documented=documented) == expected


def test_a_sighting_is_documented_by_a_checked_source_and_counts_in_posts_only_echoes_once() -> None:
    seen = {"ledger_book": "seen"}
    said = [
        Said("Ann", sightings=seen, text="So it is, see x.com/a"),
        Said("Bob", sightings=seen, text="So it is, see x.com/a", echoes=0),
        Said("Page", sightings={"medal": "seen"}, role="headline"),
        Said("Cy", sightings={"price_list": "sought_not_found"}, text="Not at x.com/a"),
    ]
    rows = corpus(said, checked_sources=checked(("x.com/a", "documented", True))).weights.observations
    rows = rows.set_index("observation_id")
    assert rows.status.to_dict() == {"ledger_book": "documented", "medal": "absent", "price_list": "sought_not_found"}
    assert rows.statements.to_dict() == {"ledger_book": 1, "medal": 0, "price_list": 1}
    assert pd.isna(rows.tier["ledger_book"])  # it is settled
    assert corpus(said).weights.observations.set_index("observation_id").status["ledger_book"] == "claimed"


def test_information_is_the_largest_over_linked_hypotheses_and_varied_over_priors() -> None:
    row = corpus([Said()]).weights.observations.set_index("observation_id").loc["ledger_book"]
    assert row.information == pytest.approx(float(information(0.5, 0.8, 0.2)))  # greed's; honour's is .08
    ends = [max(float(information(p, 0.8, 0.2)), float(information(p, 0.1, 0.4))) for p in (0.1, 0.9)]
    assert row.information_low == pytest.approx(min(ends))
    assert row.information_low <= row.information <= row.information_high
    assert row.diagnosticity == 4  # CC against II


def test_tiers_are_thirds_of_the_unsettled_by_information_per_effort() -> None:
    worth = pd.Series([0.9 / 3, 0.3, 0.3, 0.2, 0.1, 0.1 / 2, None])
    assert tiers(worth).tolist() == [1, 1, 1, 2, 3, 3, pd.NA]
    assert tiers(worth.iloc[:1]).tolist() == [1]


def test_worth_is_information_per_effort_of_the_unsettled() -> None:
    said = [Said("Ann", sightings={"medal": "seen"}, text="See x.com/a")]
    rows = corpus(said, checked_sources=checked(("x.com/a", "documented", False))).weights.observations
    rows = rows.set_index("observation_id")
    assert rows.worth["price_list"] == pytest.approx(rows.information["price_list"] / 3)
    assert rows.worth["ledger_book"] == rows.information["ledger_book"]
    assert pd.isna(rows.worth["medal"])  # it is settled


def test_inconsistency_counts_what_the_corpus_shows_and_what_was_sought_in_vain() -> None:
    statuses = {"ledger_book": "claimed", "price_list": "sought_not_found", "medal": "contested"}
    observations = pd.DataFrame({"observation_id": list(statuses), "status": list(statuses.values())})
    rows = inconsistency(matrix(CODEBOOK), observations, CODEBOOK.ids, ExpectedObservations())
    rows = rows.set_index("hypothesis_id")
    # honour: II in what is claimed (2), and a C sought in vain (1); greed: CC claimed (0), a C sought in vain (1).
    assert rows.inconsistency.to_dict() == {"greed": 1, "habit": 0, "honour": 3, "need": 0}
    assert rows.observed.to_dict() == {"greed": 2, "habit": 0, "honour": 2, "need": 0}
    assert rows.rated.to_dict() == {"greed": 3, "habit": 0, "honour": 3, "need": 0}


def test_absent_and_contested_observations_count_nothing_against() -> None:
    observations = pd.DataFrame({"observation_id": ["ledger_book", "price_list", "medal"], "status": "absent"})
    rows = inconsistency(matrix(CODEBOOK), observations, CODEBOOK.ids, ExpectedObservations())
    assert rows.inconsistency.sum() == 0


def test_the_parting_observation_has_the_largest_ratio_of_the_two_and_is_unsettled() -> None:
    rows = corpus([Said()]).weights.observations
    # ledger_book: |ln .8/.1| = 2.08; medal: |ln .3/.7| = .85; price_list: 0.
    assert parting(matrix(CODEBOOK), rows, "greed", "honour") == "ledger_book"
    assert parting(matrix(CODEBOOK), rows, "honour", "greed") == "ledger_book"
    settled = rows.assign(status=rows.status.mask(rows.observation_id == "ledger_book", "documented"))
    assert parting(matrix(CODEBOOK), settled, "greed", "honour") == "medal"
    only = rows[rows.observation_id == "price_list"]
    assert parting(matrix(CODEBOOK), only, "greed", "honour") is None
    assert parting(matrix(CODEBOOK), rows, "greed", "habit") is None


def test_of_observations_that_part_alike_the_one_of_least_effort_is_named_then_the_first_in_the_alphabet() -> None:
    efforts = {"archive": 3, "book": 1, "chest": 1, "diary": 2}
    cells = matrix(CODEBOOK).query("observation_id == 'ledger_book'")
    alike = pd.concat([cells.assign(observation_id=name) for name in efforts])
    rows = pd.DataFrame({"observation_id": list(efforts), "status": "absent", "effort": list(efforts.values())})
    assert parting(alike, rows, "greed", "honour") == "book"


def test_tiers_are_told_over_all_priors_and_not_at_the_middle_one_only() -> None:
    rows = corpus([Said("Ann")]).weights.observations.set_index("observation_id")
    assert (rows.tier_best <= rows.tier).all()
    assert (rows.tier <= rows.tier_worst).all()
    # at a prior of .5 alone nothing moves
    fixed = METHOD.model_copy(update={"observations": ExpectedObservations(prior_low=0.5, prior_high=0.5)})
    still = corpus([Said("Ann")], method=fixed).weights.observations
    assert still.tier_best.equals(still.tier)
    assert still.tier_worst.equals(still.tier)


def test_an_observation_whose_worth_depends_on_the_prior_moves_between_tiers() -> None:
    def moved(*observations: Observation) -> dict[str, tuple[int, int, int]]:
        greed = CODEBOOK.hypotheses[0].model_copy(update={"observations": list(observations)})
        others = [hypothesis.model_copy(update={"observations": []}) for hypothesis in CODEBOOK.hypotheses[1:]]
        codebook = CODEBOOK.model_copy(update={"hypotheses": [greed, *others]})
        rows = corpus([Said("Ann")], codebook=codebook).weights.observations.set_index("observation_id")
        return {name: tuple(row) for name, row in rows[["tier_best", "tier", "tier_worst"]].iterrows()}

    def tell(name: str, true: float, false: float) -> Observation:
        bears_on = {h: Bearing(rating="C", seen_if_true=true, seen_if_false=false) for h in ("greed", "honour")}
        return Observation(id=name, see="It is seen.", where="There.", effort=1, bears_on=bears_on)

    # The one tells most where the hypothesis is likely, the other where it is not.
    likely, neither = tell("likely", 0.99, 0.6), tell("neither", 0.5, 0.5)
    assert moved(likely, tell("unlikely", 0.4, 0.01), neither) == {
        "likely": (1, 1, 2),
        "neither": (3, 3, 3),
        "unlikely": (1, 1, 2),
    }
    # one that tells a little less is second in the middle, and still first where the hypothesis is not likely
    assert moved(likely, tell("unlikely", 0.4, 0.02), neither)["unlikely"] == (1, 2, 2)
