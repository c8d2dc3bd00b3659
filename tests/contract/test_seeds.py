"""The default study's raw material is what it was given as, and its config and codebook keep to the method."""

from __future__ import annotations

import csv
import hashlib
from itertools import combinations
from pathlib import Path

import pytest

from project import PROJECT
from steelyard.loaded_study import LoadedStudy

DIGESTS = {
    "000_4834148a9f550164.txt": "9aab36147140c617be0c691791dea34b75978e670238b8fd170518ed61d540a8",
    "001_f7e804ee60541b2f.txt": "70be69e394e85f8fdf78f6b5430807ed27ae7fd15246c1528624bea982f12b9e",
    "002_98262f875ff92a8b.txt": "ecd25ede589d60278cf36b93173495e9a0ffea9782be4545f2559690afd8123e",
    "003_171ecbd115cf55e9.txt": "56a1b4193c63ba90d9a5c3848fa4374fad291215d40550b811776827c392fed9",
    "004_55081bbe82d78c06.txt": "72b5aa47005284c22e58356eeacd27717ffc8ce2b9ea71a31da67ca06f552277",
}
HYPOTHESES = [
    "evade_state_control",
    "state_industrial_policy",
    "undercut_western_labs",
    "commoditize_complement",
    "deny_us_monopoly",
    "challenger_adoption",
    "api_distrust",
    "compute_scarcity",
    "little_to_protect",
    "talent_and_prestige",
    "shared_rnd",
    "domestic_diffusion",
    "non_us_stack",
    "soft_power",
    "sharing_culture",
    "imitation_cascade",
    "temporary_tactic",
    "no_single_motive",
]


@pytest.fixture(scope="module")
def study() -> LoadedStudy:
    return LoadedStudy(PROJECT / "config.yaml")


@pytest.mark.parametrize("name", DIGESTS)
def test_documents_are_byte_for_byte_as_given(name):
    assert hashlib.sha256((PROJECT / "seeds" / name).read_bytes()).hexdigest() == DIGESTS[name]


def test_the_study_names_the_five_documents(study):
    assert {Path(path).name for path in study.source_paths} == set(DIGESTS)


def test_the_codebook_has_the_18_hypotheses_in_order(study):
    assert study.codebook.ids == HYPOTHESES
    roles = {h.id: h.role for h in study.codebook.hypotheses}
    assert {i for i in roles if roles[i] == "condition"} == {"api_distrust", "compute_scarcity", "little_to_protect"}
    assert {i for i in roles if roles[i] == "about_the_set"} == {"temporary_tactic", "no_single_motive"}


@pytest.mark.parametrize("identifier", HYPOTHESES)
def test_each_hypothesis_is_complete(study, identifier):
    [hypothesis] = [h for h in study.codebook.hypotheses if h.id == identifier]
    assert hypothesis.count_also and hypothesis.do_not_count
    assert hypothesis.cues["en"].phrases and hypothesis.cues["en"].patterns and hypothesis.cues["zh"].phrases
    assert len(hypothesis.exemplars) >= 3
    assert 2 <= len(hypothesis.observations) <= 5


def related(study, *kinds):
    """The related pairs as they are declared: the hypothesis that names the other, and the other."""
    return [(h.id, other) for h in study.codebook.hypotheses for kind in kinds for other in getattr(h, kind)]


def test_no_pair_is_related_twice_and_no_hypothesis_to_itself(study):
    pairs = [frozenset(pair) for pair in related(study, "rivals", "compatible", "part_of")]
    assert [sorted(pair) for pair in pairs if len(pair) < 2 or pairs.count(pair) > 1] == []


def test_a_relation_that_holds_both_ways_is_told_by_the_first_of_the_two(study):
    place = HYPOTHESES.index
    assert [(a, b) for a, b in related(study, "rivals", "compatible") if place(a) > place(b)] == []


def test_each_hypothesis_has_a_rival(study):
    assert {name for pair in related(study, "rivals") for name in pair} == set(HYPOTHESES)


def test_each_observation_is_rated_for_every_rival_of_its_owner(study):
    rivals = related(study, "rivals")
    unrated = [
        (observation.id, rival)
        for owner, observation in study.codebook.observations
        for pair in rivals
        if owner.id in pair
        for rival in pair
        if rival not in observation.bears_on
    ]
    assert unrated == []


def test_some_observation_parts_each_pair_of_motives(study):
    # whichever two lead, the report can name what would tell them apart
    seen = [{n: b.seen_if_true for n, b in o.bears_on.items()} for _, o in study.codebook.observations]
    motives = [hypothesis.id for hypothesis in study.codebook.hypotheses if hypothesis.role == "motive"]
    parted = {
        (a, b)
        for a, b in combinations(motives, 2)
        for row in seen
        if a in row and b in row and max(row[a], row[b]) >= 1.5 * min(row[a], row[b])
    }
    assert set(combinations(motives, 2)) - parted == set()


def test_each_observation_parts_its_owner_from_a_rival(study):
    for hypothesis, observation in study.codebook.observations:
        ratings = {name: bearing.rating for name, bearing in observation.bears_on.items()}
        assert any(ratings[name] != ratings[hypothesis.id] for name in ratings), observation.id


def test_ratings_agree_with_probabilities(study):
    # likelihood ratios: CC from 4, C from 1.5, N between, I below 1 to 1.5, II below 1 to 4
    for _, observation in study.codebook.observations:
        for name, bearing in observation.bears_on.items():
            ratio = bearing.seen_if_true / bearing.seen_if_false
            rating = (
                "CC" if ratio >= 4 else "C" if ratio >= 1.5 else "N" if ratio > 2 / 3 else "I" if ratio > 0.25 else "II"
            )
            assert bearing.rating == rating, (observation.id, name, ratio)


def test_the_reading_covers_the_corpus_and_says_who_read():
    with (PROJECT / "seeds" / "codes" / "reader-a.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["origin"] for row in rows} == {"language_model"}
    assert len({(row["document_id"], row["start"]) for row in rows}) == 348


def coded(name: str) -> dict[tuple[str, int], tuple[set, set, str]]:
    """What a file of codes says of each passage: codes and traits, and the notes."""
    said: dict[tuple[str, int], tuple[set, set, str]] = {}
    for row in csv.DictReader((PROJECT / "seeds" / "codes" / f"{name}.csv").read_text("utf-8").splitlines()):
        codes, traits, notes = said.get((row["document_id"], int(row["start"])), (set(), set(), ""))
        codes |= {(row["hypothesis_id"], row["stance"]), (row["observation_id"], row["finding"])} - {("", "")}
        traits |= {(row["kind"], row["hedged"], row["gap"])}
        said[row["document_id"], int(row["start"])] = (codes, traits, notes + row["note"])
    return said


def test_every_statement_was_read_twice_and_settled():
    assert coded("settled").keys() == coded("reader-a").keys() == coded("reader-b").keys()
    assert len(coded("settled")) == 348


def test_where_the_two_readings_differ_or_both_were_overruled_a_reason_is_written():
    first, second, settled = coded("reader-a"), coded("reader-b"), coded("settled")
    differing = [place for place in settled if first[place][:2] != second[place][:2]]
    overruled = [place for place in settled if settled[place][:2] not in (first[place][:2], second[place][:2])]
    assert len(differing) > 50
    assert [place for place in {*differing, *overruled} if "settled: " not in settled[place][2]] == []


def test_nobody_is_said_to_have_read_who_did_not():
    for path in (PROJECT / "seeds" / "codes").glob("*.csv"):
        assert {row["origin"] for row in csv.DictReader(path.read_text("utf-8").splitlines())} == {"language_model"}
