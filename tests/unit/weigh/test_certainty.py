from dataclasses import replace

import pytest
from small_corpus import Said, checked, corpus

from steelyard.study import Certainty
from steelyard.weigh.certainty import Facts, grade

BEST = Facts(voices=10, balance=0.75, opinion_share=0.5, documents=2, independent_source=True)


@pytest.mark.parametrize(
    ("change", "expected", "reasons"),
    [
        ({}, "high", []),
        (
            {"opinion_share": 0.6},
            "moderate",
            ["Method: 60 % of the strength offered is assertion or reasoning, more than 50 %."],
        ),
        ({"balance": 0.5}, "moderate", ["Coherence: its balance (share of support) is 50 %, less than 75 %."]),
        ({"voices": 9}, "moderate", ["Adequacy: 9 independent voices take it up, fewer than 10."]),
        ({"balance": 0.7451}, "moderate", ["Coherence: its balance (share of support) is 74.5 %, less than 75 %."]),
        (
            {"voices": 1},
            "low",
            [
                "Adequacy: 1 independent voice takes it up, fewer than 10.",
                "Adequacy, a second step: 1 independent voice takes it up, fewer than 3.",
            ],
        ),
        ({"documents": 1}, "moderate", ["Relevance: it is taken up in 1 document, fewer than 2."]),
        ({"documents": 1, "voices": 4}, "low", None),
        ({"balance": 0.2}, "low", None),
        ({"voices": 1, "documents": 1}, "very low", None),
        ({"voices": 1, "documents": 1, "balance": 0, "opinion_share": 1}, "very low", None),
        (
            {"independent_source": False},
            "low",
            ["Not above low: no checked source that is no party to the question supports it."],
        ),
        ({"independent_source": False, "documents": 1, "voices": 1}, "very low", None),
        ({"voices": 0}, "very low", ["Adequacy: no voice takes it up."]),
    ],
)
def test_each_failing_steps_down_once_and_says_so(change: dict, expected: str, reasons: list[str] | None) -> None:
    found, why = grade(replace(BEST, **change), Certainty())
    assert found == expected
    if reasons is not None:
        assert why == reasons


def test_two_steps_have_two_reasons() -> None:
    assert [r.split(":")[0] for r in grade(replace(BEST, voices=2, balance=0.1), Certainty())[1]] == [
        "Coherence",
        "Coherence, a second step",
        "Adequacy",
        "Adequacy, a second step",
    ]


@pytest.mark.parametrize(
    ("kind", "verdict", "party", "stance", "expected"),
    [
        ("cited", "documented", False, "supports", None),
        ("statistic", "documented", False, "supports", None),
        ("cited", "documented", True, "supports", "low"),  # its own source is a party
        ("statistic", "unchecked", False, "supports", "low"),
        ("testimony", "documented", False, "supports", "low"),
        ("cited", "documented", False, "opposes", "low"),  # documents the contrary
    ],
)
def test_above_low_needs_a_checked_item_in_favour_from_a_source_that_is_no_party(
    kind: str, verdict: str, party: bool, stance: str, expected: str | None
) -> None:
    voices = [Said(f"v{n}", {"greed": "supports"}, "observation", document=f"d{n % 2}") for n in range(12)]
    item = Said("w", {"greed": stance}, kind, text="Look at x.com/a there.")
    dissent = Said("w", {"habit": "opposes"})
    sources = checked(("x.com/a", verdict, party))
    greed = corpus([*voices, item, dissent], checked_sources=sources).hypothesis("greed")
    assert greed.certainty == (expected or "high")


def test_documents_are_counted_where_the_original_of_an_echo_stands() -> None:
    said = [Said("Ann", {"greed": "supports"}), Said("Bob", {"habit": "opposes"}, document="blog")]
    said.append(Said("Cy", {"greed": "supports"}, document="blog", echoes=0))
    assert (
        "Relevance: it is taken up in 1 document, fewer than 2."
        in corpus(said).hypothesis("greed").reasons.splitlines()
    )
