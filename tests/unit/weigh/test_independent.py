from dataclasses import replace

import pandas as pd
from small_corpus import Said, corpus, quality

from steelyard.weigh.independent import fewest_documents, taken_up

SAID = [
    Said("Ann", {"greed": "supports"}, "reasoning"),
    Said("Bob", {"greed": "supports"}, "testimony", document="blog", coder="second", echoes=0),
    Said("Cy", {"greed": "opposes", "honour": "supports", "habit": "raises"}, "observation"),
]


def test_an_echo_is_one_item_with_its_original_and_of_two_codes_the_strongest_stays() -> None:
    c = corpus(SAID)
    rows = taken_up(c.evidence, c.prints)
    assert sorted(zip(rows.voice_id, rows.hypothesis_id, rows.kind, rows.document_id, rows.start, strict=True)) == [
        ("Ann", "greed", "testimony", "paper", 0),  # Bob's words, in Ann's place
        ("Cy", "greed", "observation", "paper", 20),
        ("Cy", "honour", "observation", "paper", 20),
    ]


def test_what_is_printed_again_gets_no_second_chance_to_be_miscoded() -> None:
    measured = quality(("reader", "hypothesis", 20, 0.5, 0.5, "human", "x"))
    said = [*SAID[::2], Said("Di", {"honour": "supports"}, "testimony")]
    printed_again = [replace(said[0], document="blog", voice=f"copy {n}", echoes=0) for n in range(5)]
    once, again = corpus(said).robustness(measured), corpus([*said, *printed_again]).robustness(measured)
    assert once.equals(again[again.doubt != "document"].reset_index(drop=True))
    assert 0 < once.set_index(["hypothesis_id", "doubt"]).p_first["honour", "coding"] < 1


def test_documents_are_the_fewest_that_hold_all_statements() -> None:
    assert fewest_documents(pd.Series([frozenset("ab"), frozenset("b"), frozenset("bc")])) == 1  # b holds them all
    assert fewest_documents(pd.Series([frozenset("ab"), frozenset("c"), frozenset("c")])) == 2
    assert fewest_documents(pd.Series([], dtype=object)) == 0


PRINTED_TWICE = [
    Said("Ann", {"greed": "supports"}, "statistic"),
    Said("", {"greed": "supports"}, "statistic", document="blog", echoes=0),
    Said("Bob", {"honour": "supports"}, "testimony"),
    Said("Cy", {"habit": "supports", "need": "opposes"}, document="blog"),
]


def test_what_is_printed_in_two_documents_stays_when_one_is_left_out() -> None:
    rows = corpus(PRINTED_TWICE).robustness().set_index(["hypothesis_id", "doubt"])
    assert tuple(rows.loc[("greed", "document")]) == (1, 1, 1.0)
    assert tuple(rows.loc[("honour", "document")]) == (2, 3, 0.0)  # without "paper" habit's assertion is more


def test_what_is_printed_in_two_documents_is_held_by_either() -> None:
    c = corpus(PRINTED_TWICE)
    assert "Relevance: it is taken up in 1 document" in c.hypothesis("greed").reasons
    assert set(c.gaps.hypothesis_id[c.gaps.gap_kind == "single document"]) == {"greed", "honour", "habit", "need"}
