"""The engine's queries give what plain pandas gives on whole tables, whatever is said, repeated and coded."""

import pandas as pd
import pytest
from aggregated import aggregated
from hypothesis import given, settings
from hypothesis import strategies as st

import plain_aggregation
from steelyard import tables
from steelyard.codebook import Subject
from steelyard.study import Strength
from steelyard.vocabulary import KINDS, ORIGINS, STANCES

FEW = st.integers(0, 5)
CHECKED = pd.DataFrame(
    {
        "reference": ["a.org/one", "b.org", "c.org"],
        "verdict": ["documented", "opinion", "documented"],
        "party": [False, False, True],
    }
)
SUBJECT = Subject(name="ferries", cues={"en": {"phrases": ["ferry"]}})
TEXTS = ["The ferry sails.", "See a.org/one.", "As b.org says, the ferry waits.", "See c.org and a.org/one.", "So."]


@st.composite
def corpora(draw: st.DrawFn) -> dict[tables.Table, pd.DataFrame]:
    """Statements in utterances, some of which repeat others, coded by whoever."""
    size = draw(st.integers(1, 8))
    utterances, statements, codes, traits, sightings = ([] for _ in range(5))
    for n in range(size):
        utterance = draw(st.integers(0, n))
        place = {"document_id": f"d{utterance % 3}", "voice_id": f"v{utterance % 4}", "start": n, "end": n + 1}
        if utterance == n:
            first = {u["utterance_id"] for u in utterances if u["utterance_id"] == u["echo_id"]}
            echo = draw(st.sampled_from(sorted(first) or [None]) | st.none())
            role = draw(st.sampled_from(["post", "post", "headline"]))
            utterances.append(
                place | {"utterance_id": f"u{n}", "role": role, "replies_to": None, "echo_id": echo or f"u{n}"}
            )
        own = draw(st.sampled_from(utterances))
        place |= {"document_id": own["document_id"], "voice_id": own["voice_id"], "utterance_id": own["utterance_id"]}
        first = [s["statement_id"] for s in statements if s["statement_id"] == s["echo_id"]]
        echo = draw(st.sampled_from(first or [None]) | st.none())
        text = {"text": draw(st.sampled_from(TEXTS)), "language": draw(st.sampled_from(["en", "zh"]))}
        statements.append(place | text | {"statement_id": f"s{n}", "echo_id": echo or f"s{n}"})
        by = {"statement_id": f"s{n}", "coder": "c", "origin": draw(st.sampled_from(ORIGINS)), "confidence": 1.0}
        read = {"kind": draw(st.sampled_from(KINDS)), "hedged": draw(st.booleans()), "gap": False, "drawn": None}
        if draw(st.booleans()):
            traits.append(by | read)
            coded = draw(st.dictionaries(st.sampled_from("hij"), st.sampled_from(STANCES), max_size=2))
            codes += [by | {"hypothesis_id": h, "stance": stance, "label": None} for h, stance in coded.items()]
            if draw(st.booleans()):
                sightings.append(by | {"observation_id": "o", "finding": "seen"})
    documents = [
        {"document_id": f"d{n}", "path": f"{n}.txt", "sha256": f"{n}", "title": "T", "format": "article"}
        | {"source_type": f"type {n}", "characters": 1, "language": "en", "date": None, "url": None}
        for n in range(3)
    ]
    rows = {
        tables.DOCUMENTS: documents,
        tables.UTTERANCES: utterances,
        tables.STATEMENTS: [one | {"place": None} for one in statements],
        tables.CODES: codes,
        tables.TRAITS: traits,
        tables.SIGHTINGS: sightings,
    }
    return {table: table.frame(one) for table, one in rows.items()}


@pytest.mark.parametrize("sources", [None, CHECKED])
@settings(max_examples=settings.default.max_examples // 8)
@given(given_=corpora())
def test_queries_give_what_plain_pandas_gives(
    sources: pd.DataFrame | None, given_: dict[tables.Table, pd.DataFrame]
) -> None:
    documents, utterances, statements, codes, traits, sightings = given_.values()
    evidence, ledger, prints, counts = aggregated(given_, sources, Strength(), SUBJECT)
    plain = plain_aggregation.evidence(codes, traits, statements, utterances, documents, sources, Strength())
    same(evidence, plain)
    same(ledger, plain_aggregation.ledger(plain))
    same(prints, plain_aggregation.prints(codes, sightings, statements, utterances, sources, SUBJECT))
    assert counts == plain_aggregation.counts(codes, traits, statements, utterances)


def same(one: pd.DataFrame, other: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(one, other, check_exact=True, check_dtype=False)
