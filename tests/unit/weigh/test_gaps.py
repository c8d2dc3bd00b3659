from dataclasses import replace

import pandas as pd
from small_corpus import CODEBOOK, Said, corpus

from steelyard.codebook import Bearing
from steelyard.vocabulary import GAP_KINDS


def found(said: list[Said], hypothesis: str = "greed", **options: object) -> dict[str, str]:
    rows = corpus(said, **options).gaps  # type: ignore[arg-type]
    return dict(rows[rows.hypothesis_id == hypothesis][["gap_kind", "detail"]].itertuples(index=False))


OPINION = Said("Ann", {"greed": "supports"})
UNLIKE = {"honour": Bearing(rating="I", seen_if_true=0.2, seen_if_false=0.4)}


def test_no_voice_is_the_only_gap_of_voices() -> None:
    assert found([Said("Ann", {"greed": "raises"})]).keys() == {"no voice", "not looked for"}
    assert "no voice" not in found([OPINION])


def test_one_sided() -> None:
    assert found([OPINION])["one-sided"] == "1 voice supports it, and none opposes it."
    assert found([OPINION, replace(OPINION, voice="Bob")])["one-sided"] == "2 voices support it, and none opposes it."
    against = [Said("Ann", {"greed": "opposes"}), Said("Bob", {"greed": "opposes"})]
    assert found(against[:1])["one-sided"] == "1 voice opposes it, and none supports it."
    assert found(against)["one-sided"] == "2 voices oppose it, and none supports it."
    assert "one-sided" not in found([OPINION, against[1]])
    assert "one-sided" not in found([OPINION, against[0]])  # one voice on both sides


def test_single_document_looks_through_echoes() -> None:
    echo = Said("Bob", {"greed": "supports"}, document="blog", echoes=0)
    assert (
        found([OPINION, echo])["single document"]
        == "All that is said for or against it stands in 1 document (1 statement)."
    )
    # an echo that was coded otherwise is still the statement that it repeats, and stands where that stands
    echo = Said("Bob", {"greed": "opposes"}, "reasoning", document="blog", echoes=0)
    assert found([OPINION, echo, OPINION])["single document"].endswith("in 1 document (2 statements).")
    assert "single document" not in found([OPINION, Said("Bob", {"greed": "supports"}, document="blog")])


def test_opinion_only() -> None:
    both = [OPINION, Said("Bob", {"greed": "opposes"}, "reasoning")]
    for said, statements in ((both[:1], "1 statement"), (both, "2 statements")):
        detail = f"What is offered for or against it ({statements}) is assertion or reasoning at most."
        assert found(said)["opinion only"] == detail
    assert "opinion only" in found([replace(OPINION, kind="none")])
    assert "opinion only" not in found([*both, Said("Cy", {"greed": "opposes"}, "observation", hedged=True)])


def test_no_first_hand_speaker() -> None:
    assert found([OPINION])["no first-hand speaker"] == (
        "1 voice takes it up without first-hand testimony, and it is not known to speak for those who decide."
    )
    assert found([OPINION, Said("Bob", {"greed": "opposes"})])["no first-hand speaker"] == (
        "2 voices take it up without first-hand testimony, and none is known to speak for those who decide."
    )
    assert "no first-hand speaker" not in found([OPINION, Said("Bob", {"greed": "opposes"}, "testimony")])
    for decider in ("lab", "official"):
        assert "no first-hand speaker" not in found([OPINION], interests={"Ann": decider})
    assert "no first-hand speaker" in found([OPINION], interests={"Ann": "investor"})


def test_not_diagnostic() -> None:
    assert (
        found([OPINION], "habit")["not diagnostic"]
        == "The codebook names no observation that would tell it from a rival."
    )
    told = Said("Ann", sightings={"price_list": "reported"})
    assert found([told])["not diagnostic"] == (
        "1 expected observation that bears on it is told of, and tells it from no rival."
    )
    alike = {name: Bearing(rating="C", seen_if_true=0.6, seen_if_false=0.4) for name in ("greed", "honour")}
    greed, *others = CODEBOOK.hypotheses
    two = [o.model_copy(update={"bears_on": alike}) for o in greed.observations]
    third = two[0].model_copy(update={"id": "third", "bears_on": {"greed": alike["greed"]} | UNLIKE})
    book = CODEBOOK.model_copy(
        update={"hypotheses": [greed.model_copy(update={"observations": [*two, third]}), *others]}
    )
    told_twice = Said("Ann", sightings={"price_list": "reported", "ledger_book": "reported"})
    assert found([told_twice], codebook=book)["not diagnostic"] == (
        "2 expected observations that bear on it are told of, and tell it from no rival."
    )
    assert "not diagnostic" not in found([told, Said("Bob", sightings={"ledger_book": "reported"})])
    assert "not diagnostic" not in found([OPINION])


def test_not_looked_for_and_looked_for_in_vain_are_told_by_observation() -> None:
    rows = corpus([Said("Ann", sightings={"price_list": "sought_not_found"})]).gaps
    rows = rows[rows.observation_id.notna()].set_index("observation_id")
    assert rows.gap_kind.to_dict() == {
        "ledger_book": "not looked for",
        "price_list": "looked for and not found",
        "medal": "not looked for",
    }
    assert rows.detail["price_list"] == "1 statement says that this was sought and not found: One sees price_list."
    assert rows.detail["medal"] == "No statement says whether this was seen: One sees medal."
    twice = corpus([Said(voice, sightings={"price_list": "sought_not_found"}) for voice in ("Ann", "Bob")]).gaps
    details = twice.set_index("gap_id").detail
    assert details["greed/looked-for-and-not-found/price_list"] == (
        "2 statements say that this was sought and not found: One sees price_list."
    )
    told = corpus([Said("Ann", sightings={"price_list": "sought_not_found", "medal": "seen", "ledger_book": "seen"})])
    assert set(told.gaps.gap_kind) >= {"looked for and not found"}
    assert "not looked for" not in set(told.gaps.gap_kind)


def test_all_eight_kinds_can_be_found_and_ids_say_what_they_name() -> None:
    said = [OPINION, Said("Ann", {"honour": "opposes"}, sightings={"price_list": "sought_not_found"})]
    rows = corpus(said).gaps
    assert set(rows.gap_kind) == set(GAP_KINDS)
    assert "greed/looked-for-and-not-found/price_list" in set(rows.gap_id)
    assert rows.gap_id.is_unique
    assert pd.Series(rows.gap_id).is_monotonic_increasing


def test_a_codebook_without_observations_tells_no_hypothesis_from_another() -> None:
    bare = [hypothesis.model_copy(update={"observations": []}) for hypothesis in CODEBOOK.hypotheses]
    c = corpus([OPINION, Said("Bob", {"greed": "opposes"})], codebook=CODEBOOK.model_copy(update={"hypotheses": bare}))
    assert c.weights.observations.empty
    assert c.weights.matrix.empty
    assert c.weights.inconsistency[["inconsistency", "observed", "rated"]].eq(0).all(axis=None)
    assert c.weights.inconsistency.dtypes.astype(str).to_dict() == {
        "hypothesis_id": "str",
        "inconsistency": "float64",
        "observed": "int64",
        "rated": "int64",
    }
    assert set(c.gaps.hypothesis_id[c.gaps.gap_kind == "not diagnostic"]) == {"greed", "honour", "habit", "need"}
    assert c.gaps.observation_id.isna().all()
    assert (c.summary["leader"], c.summary["parting_observation"]) == (None, None)
