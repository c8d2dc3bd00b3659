from dataclasses import replace

from small_corpus import Said, corpus, quality

from steelyard.weigh.independent import taken_up

SAID = [
    Said("Ann", {"greed": "supports"}, "reasoning"),
    Said("Bob", {"greed": "supports"}, "testimony", document="blog", coder="second", echoes=0),
    Said("Cy", {"greed": "opposes", "honour": "supports", "habit": "raises"}, "observation"),
]


def test_an_echo_is_one_item_with_its_original_and_of_two_codes_the_strongest_stays() -> None:
    c = corpus(SAID)
    rows = taken_up(c.evidence, c.statements)
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
    assert once.equals(again)
    assert 0 < once.set_index(["hypothesis_id", "doubt"]).p_first["honour", "coding"] < 1
