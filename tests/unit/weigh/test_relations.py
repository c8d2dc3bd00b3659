from small_corpus import CODEBOOK, Said, corpus

from steelyard.codebook import Codebook
from steelyard.weigh.relations import hold_together, relations


def related(**changes: dict[str, list[str]]) -> Codebook:
    """The small codebook with relations declared, by hypothesis."""
    hypotheses = [h.model_copy(update=changes.get(h.id, {})) for h in CODEBOOK.hypotheses]
    return CODEBOOK.model_copy(update={"hypotheses": hypotheses})


DECLARED = related(greed={"compatible": ["honour"]}, honour={"rivals": ["habit"]}, habit={"part_of": ["greed"]})


def test_a_relation_declared_once_holds_in_both_directions() -> None:
    rows = relations(DECLARED)
    assert list(rows.itertuples(index=False, name=None)) == [
        ("greed", "habit", "has_part"),
        ("greed", "honour", "compatible"),
        ("habit", "greed", "part_of"),
        ("habit", "honour", "rival"),
        ("honour", "greed", "compatible"),
        ("honour", "habit", "rival"),
    ]


def test_a_part_of_a_part_is_a_part_of_the_whole() -> None:
    chain = related(greed={"part_of": ["honour"]}, honour={"part_of": ["habit"]})
    assert chain.relations["greed", "habit"] == "part_of"
    assert chain.relations["habit", "greed"] == "has_part"


def test_motives_hold_together_where_no_two_of_them_compete_or_are_undeclared() -> None:
    rows = relations(DECLARED)
    assert hold_together(rows, ["greed", "honour", "habit"]) == ["greed", "honour"]  # honour and habit are rivals
    assert hold_together(rows, ["habit", "greed", "honour"]) == ["habit", "greed"]
    assert hold_together(rows, ["honour", "need", "greed"]) == ["honour", "greed"]  # of need nothing is said


def test_relations_change_no_weight_and_force_no_sum() -> None:
    said = [
        Said("Ann", {"greed": "supports", "honour": "supports", "habit": "supports"}),
        Said("Zed", {"need": "opposes"}),
    ]
    plain, with_relations = corpus(said), corpus(said, codebook=DECLARED)
    assert plain.weights.hypotheses.equals(with_relations.weights.hypotheses)
    assert plain.robustness().equals(with_relations.robustness())
    motives = plain.weights.hypotheses.query("role == 'motive'")
    assert motives.balance.tolist() == [1.0, 1.0, 1.0]
    assert motives.said.sum() == 1.5  # each of the three is said by one of two voices


def test_what_leader_and_runner_up_are_to_one_another_is_told() -> None:
    said = [Said("Ann", {"greed": "supports"}, "statistic"), Said("Bob", {"honour": "supports"}, "testimony")]
    said.append(Said("Zed", {"need": "opposes"}))
    facts = corpus(said, codebook=DECLARED).summary
    assert (facts["leader_and_runner_up"], facts["hold_together"]) == ("compatible", "greed honour")
    assert corpus(said).summary["leader_and_runner_up"] is None
