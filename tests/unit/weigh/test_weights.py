import pandera.errors
import pytest
from small_corpus import Said, corpus

from steelyard import tables

RANKED = [
    Said("Ann", {"greed": "supports"}, "statistic", sightings={"medal": "seen"}),
    Said("Bob", {"greed": "opposes"}, "reasoning", hedged=True, document="blog"),
]


@pytest.mark.parametrize("said", [RANKED, RANKED[:1], [Said()]], ids=["ranking", "map", "nothing coded"])
def test_every_table_keeps_its_schema(said: list[Said]) -> None:
    c = corpus(said)
    made = [
        (tables.EVIDENCE, c.evidence),
        (tables.LEDGER, c.ledger),
        (tables.HYPOTHESES, c.weights.hypotheses),
        (tables.SHOWN_BY_KIND, c.weights.shown_by_kind),
        (tables.OBSERVATIONS, c.weights.observations),
        (tables.MATRIX, c.weights.matrix),
        (tables.INCONSISTENCY, c.weights.inconsistency),
        (tables.ROBUSTNESS, c.robustness()),
        (tables.GAPS, c.gaps),
    ]
    for table, frame in made:
        table.schema.validate(frame, lazy=True)
        assert list(frame.columns) == list(table.columns)


def test_these_schemas_can_fail() -> None:
    wrong = corpus(RANKED).evidence.assign(strength=2.0)
    with pytest.raises(pandera.errors.SchemaErrors):
        tables.EVIDENCE.schema.validate(wrong, lazy=True)
