import pandas as pd
import pytest
from aggregated import evidence

from steelyard import tables
from steelyard.errors import SteelyardError
from steelyard.study import Strength

DOCUMENTS = pd.DataFrame({"document_id": ["d1", "d2"], "source_type": ["op-ed", "talk"]})


def utterance(name: str, voice: str, role: str = "post", echo: str | None = None) -> dict:
    return {"utterance_id": name, "voice_id": voice, "role": role, "echo_id": echo or name}


def statement(name: str, utterance: str, voice: str, echo: str | None = None, text: str = "So.") -> dict:
    place = {"statement_id": name, "utterance_id": utterance, "voice_id": voice, "document_id": "d1", "start": 0}
    return place | {"language": "en", "text": text, "echo_id": echo or name}


def code(statement: str, stance: str = "supports", confidence: float = 1.0) -> dict:
    about = {"statement_id": statement, "hypothesis_id": "greed", "stance": stance, "confidence": confidence}
    return about | {"coder": "ann", "origin": "human"}


def trait(statement: str, kind: str = "assertion", *, hedged: bool = False, origin: str = "human") -> dict:
    return {"statement_id": statement, "kind": kind, "hedged": hedged, "origin": origin}


def run(
    utterances: list[dict],
    statements: list[dict],
    traits: list[dict],
    codes: list[dict] | None = None,
    sources: pd.DataFrame | None = None,
) -> pd.DataFrame:
    codes = [code(s["statement_id"]) for s in statements] if codes is None else codes
    columns = {"statement_id": "str", "hypothesis_id": "str", "stance": "str", "coder": "str", "origin": "str"}
    frames = [pd.DataFrame(codes, columns=list(columns)).astype(columns)]
    frames += [pd.DataFrame(rows) for rows in (traits, statements, utterances)]
    return evidence(*frames, DOCUMENTS, sources, Strength()).set_index("statement_id")


@pytest.mark.parametrize(
    ("kind", "hedged", "strength"),
    [
        ("none", False, 0.0),
        ("assertion", False, 0.10),
        ("reasoning", True, 0.10),
        ("testimony", True, 0.25),
        ("statistic", False, 0.60),
        ("cited", False, 0.45),
    ],
)
def test_strength_is_base_times_hedge_factor(kind: str, hedged: bool, strength: float) -> None:
    rows = run([utterance("u", "ann")], [statement("s", "u", "ann")], [trait("s", kind, hedged=hedged)])
    assert rows.strength["s"] == pytest.approx(strength)


def test_a_coders_confidence_has_no_part_in_strength() -> None:
    args = ([utterance("u", "ann")], [statement("s", "u", "ann")], [trait("s", "statistic")])
    assert run(*args, codes=[code("s", confidence=0.1)]).equals(run(*args, codes=[code("s", confidence=1.0)]))


def test_only_posts_are_evidence() -> None:
    utterances = [utterance("u1", "ann"), utterance("u2", "editor", "headline"), utterance("u3", "editor", "summary")]
    statements = [statement(f"s{n}", f"u{n}", "ann") for n in (1, 2, 3)]
    assert list(run(utterances, statements, [trait(f"s{n}") for n in (1, 2, 3)]).index) == ["s1"]


def test_an_echo_has_the_voice_of_what_it_repeats_and_keeps_who_printed_it() -> None:
    # s2 repeats s1, in an utterance that is no echo as a whole; s1 stands in an utterance that repeats u0 of Ann's.
    utterances = [utterance("u0", "ann"), utterance("u1", "unknown", echo="u0"), utterance("u2", "bob")]
    statements = [
        statement("s0", "u0", "ann"),
        statement("s1", "u1", "unknown"),
        statement("s2", "u2", "bob", echo="s1"),
    ]
    rows = run(utterances, statements, [trait("s0"), trait("s1"), trait("s2")])
    assert list(rows.voice_id) == ["ann", "ann", "ann"]
    assert list(rows.speaker_id) == ["ann", "unknown", "bob"]
    assert list(rows.echo_id) == ["s0", "s1", "s1"]


@pytest.mark.parametrize(
    ("verdicts", "kind", "becomes"),
    [
        ({"x.com/a": "documented"}, "cited", "documented"),
        ({"x.com/a": "opinion"}, "cited", "attributed"),
        ({"x.com/a": "self"}, "cited", "attributed"),
        ({"x.com/a": "unreachable"}, "cited", "cited"),
        ({"x.com/a": "unchecked"}, "cited", "cited"),
        ({"x.com/other": "documented"}, "cited", "cited"),
        ({"x.com/a": "opinion", "y.org": "documented"}, "cited", "documented"),
        ({"x.com/a": "documented"}, "statistic", "statistic"),
    ],
)
def test_a_citation_rises_only_by_a_checked_source_in_its_own_text(
    verdicts: dict[str, str], kind: str, becomes: str
) -> None:
    checked = pd.DataFrame({"reference": list(verdicts), "verdict": list(verdicts.values()), "party": False})
    statements = [statement("s", "u", "ann", text="See https://x.com/a and y.org.")]
    rows = run([utterance("u", "ann")], statements, [trait("s", kind)], sources=checked)
    assert rows.kind["s"] == becomes
    assert rows.strength["s"] == getattr(Strength(), becomes)


def test_a_code_without_a_kind_of_evidence_is_a_mistake_that_names_the_statement() -> None:
    utterances, statements = [utterance("u", "ann")], [statement(f"s{n}", "u", "ann") for n in (1, 2, 3)]
    with pytest.raises(SteelyardError) as failure:
        run(utterances, statements, [trait("s2")])
    assert [problem.where for problem in failure.value.problems] == ["s1", "s3"]


def test_nothing_coded_is_no_evidence() -> None:
    rows = run([utterance("u", "ann")], [statement("s", "u", "ann")], [trait("s")], codes=[])
    assert rows.reset_index().columns.tolist() == list(tables.EVIDENCE.columns)
    assert rows.empty


def test_a_models_code_of_an_echo_of_what_a_person_read_counts_for_nothing() -> None:
    said = [statement("s", "u", "ann"), statement("copy", "v", "bob", echo="s"), statement("other", "w", "cay")]
    read = [trait("s"), trait("copy", origin="language_model"), trait("other", origin="language_model")]
    codes = [code(name) | {"origin": "language_model"} for name in ("copy", "other")]  # a person found nothing in s
    utterances = [utterance("u", "ann"), utterance("v", "bob"), utterance("w", "cay")]
    assert list(run(utterances, said, read, codes).index) == ["other"]
