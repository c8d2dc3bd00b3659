"""The coder that learns: it learns a rule that is there, and nothing of what it is measured on."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from annotate_corpus import codebook, corpus, documents, readings
from hypothesis import given, settings
from hypothesis import strategies as st

from steelyard.annotate import bearing, classifier, embedding, learned
from steelyard.annotate.adjudicate import accept, left
from steelyard.annotate.readings import Readings
from steelyard.vocabulary import STANCES

_ABOUT = {
    "undercut": ["cheap prices", "dumping tokens", "margins of rivals", "a price war"],
    "goodwill": ["friends abroad", "soft power", "standards for the south", "warm feelings"],
    "chips": ["scarce accelerators", "export controls", "too few chips", "lack of chips"],
}
_STANCES = {"supports": "plainly it comes from", "opposes": "nobody should believe in"}
_MARKS = ["honestly", "again", "today", "here", "really", "perhaps so", "in short", "of course"]


def _study(size: int = 72, seed: int = 0, same_voice: float = 0.0) -> tuple[dict, dict, dict]:
    """Give a corpus, codes and traits by one rule: words tell hypothesis, stance and kind."""
    draws = np.random.default_rng(seed)
    said, codes, traits = [], {}, {}
    for number in range(size):
        name, mark = f"s{number:04}", _MARKS[draws.integers(len(_MARKS))]
        if number % 4 == 3:
            said.append(f"I saw the weather of town {number} {mark}")
            codes[name], traits[name] = {}, ("testimony", False, False)
            continue
        hypothesis = list(_ABOUT)[number % 4]
        stance = list(_STANCES)[int(draws.integers(2))]
        about = _ABOUT[hypothesis][draws.integers(4)]
        said.append(f"{_STANCES[stance]} {about} {mark}")
        codes[name], traits[name] = {hypothesis: stance}, ("assertion", False, False)
    made = corpus(*said)
    first = int(size * same_voice)
    made["statements"].loc[: first - 1, "voice_id"] = "v0000"
    made["utterances"].loc[: first - 1, "voice_id"] = "v0000"
    return made, codes, traits


def _code(made: dict, read: Readings, **given: object) -> Readings:
    arguments = {"vectors": {}, "documents": documents()} | given
    return learned.code(
        made["statements"],
        made["utterances"],
        arguments["documents"],
        codebook(),
        arguments["vectors"],
        [read],
        ["reader"],
        "learned",
    )


def _read(codes: dict, traits: dict, only: int | None = None) -> Readings:
    names = list(codes)[:only]
    return readings("reader", {name: codes[name] for name in names}, {name: traits[name] for name in names})


def _best(found: Readings) -> dict[str, tuple[str, str]]:
    """Give the surest code of each statement, where it is at least even."""
    codes = found.readings[found.readings["confidence"] >= 0.5].sort_values("confidence")
    return {row.statement_id: (row.hypothesis_id, row.stance) for row in codes.itertuples()}


def _right(found: Readings, codes: dict, names: list[str]) -> float:
    best = _best(found)
    return float(np.mean([best.get(name) == next(iter(codes[name].items()), None) for name in names]))


def test_a_rule_is_learned_out_of_sample():
    made, codes, traits = _study()
    found = _code(made, _read(codes, traits))
    kinds = found.traits.set_index("statement_id")["kind"]
    assert _right(found, codes, list(codes)) > 0.85
    assert np.mean([kinds[name] == traits[name][0] for name in codes]) > 0.95
    assert set(found.traits["origin"]) == {"program"} and found.sightings.empty


def test_what_nobody_read_is_read_too():
    made, codes, traits = _study(96)
    found = _code(made, _read(codes, traits, only=60))
    assert len(found.traits) == 96
    assert _right(found, codes, list(codes)[60:]) > 0.85


def test_labels_without_a_rule_give_chance():
    made, codes, traits = _study(96)
    order = np.random.default_rng(3).permutation(list(codes))
    shuffled = {name: codes[other] for name, other in zip(codes, order, strict=True)}
    kinds = {name: traits[other] for name, other in zip(codes, order, strict=True)}
    found = _code(made, _read(shuffled, kinds))
    stances = [
        (stance, next(iter(codes[name].values())))
        for name, (_, stance) in _best(found).items()
        if shuffled[name] and codes[name]
    ]
    given = found.traits.set_index("statement_id")["kind"]
    testimony = [name for name in shuffled if kinds[name][0] == "testimony"]
    assert _right(found, shuffled, [name for name in shuffled if shuffled[name]]) < 0.25
    assert np.mean([given[name] == "testimony" for name in testimony]) < 0.5
    assert len(stances) < 48


@settings(max_examples=4, deadline=None)
@given(st.integers(0, 71))
def test_a_statement_s_own_label_does_not_change_its_reading(number: int):
    made, codes, traits = _study()
    name = f"s{number:04}"
    flipped = {"goodwill": "opposes"} if codes[name] != {"goodwill": "opposes"} else {"undercut": "raises"}
    other = _code(made, _read(codes | {name: flipped}, traits | {name: ("reasoning", True, True)}))
    first = _code(made, _read(codes, traits))
    for frame in ("readings", "traits"):
        one, two = (rows[rows["statement_id"] == name] for rows in (getattr(first, frame), getattr(other, frame)))
        pd.testing.assert_frame_equal(one.reset_index(drop=True), two.reset_index(drop=True))
    assert not first.readings.equals(other.readings), "the label teaches something of other statements"


def test_nothing_of_a_voice_changes_the_reading_of_that_voice():
    made, codes, traits = _study(same_voice=0.2)
    voice = made["statements"].query("voice_id == 'v0000'")["statement_id"].tolist()
    other = codes | {name: {"chips": "raises"} for name in voice}
    first, second = (_code(made, _read(given, traits)) for given in (codes, other))
    one, two = (found.readings[found.readings["statement_id"].isin(voice)] for found in (first, second))
    pd.testing.assert_frame_equal(one.reset_index(drop=True), two.reset_index(drop=True))


def test_ids_and_the_order_of_rows_change_nothing():
    made, codes, traits = _study(48)
    first = _code(made, _read(codes, traits))
    draws = np.random.default_rng(1)
    renamed = {name: f"x{number:04}" for name, number in zip(codes, draws.permutation(1000)[:48], strict=True)}
    others = {
        old: f"w{number}" for old, number in zip(made["utterances"]["voice_id"], draws.permutation(48), strict=True)
    }
    statements = made["statements"].assign(
        statement_id=made["statements"]["statement_id"].map(renamed),
        echo_id=made["statements"]["echo_id"].map(renamed),
        voice_id=made["statements"]["voice_id"].map(others),
        utterance_id=made["statements"]["utterance_id"].map(lambda name: "y" + name[::-1]),
    )
    utterances = made["utterances"].assign(
        utterance_id=made["utterances"]["utterance_id"].map(lambda name: "y" + name[::-1])
    )
    again = _code(
        {"statements": statements.sample(frac=1, random_state=1), "utterances": utterances},
        _read({renamed[name]: code for name, code in codes.items()}, {renamed[n]: t for n, t in traits.items()}),
    )
    back = {new: old for old, new in renamed.items()}
    for frame, keys in (("readings", ["statement_id", "hypothesis_id"]), ("traits", ["statement_id"])):
        two = getattr(again, frame).assign(statement_id=lambda rows: rows["statement_id"].map(back))
        two = two.sort_values(keys, ignore_index=True)
        pd.testing.assert_frame_equal(getattr(first, frame), two, check_dtype=False)


@pytest.mark.parametrize("share", [0.6, 1.0])
def test_one_voice_with_most_of_the_corpus_is_no_hindrance(share: float):
    made, codes, traits = _study(same_voice=share)
    assert _right(_code(made, _read(codes, traits)), codes, list(codes)) > 0.8


def test_a_corpus_of_one_utterance_is_cut_into_runs():
    made, codes, traits = _study(60)
    one = made["statements"].assign(utterance_id="u0000", voice_id="v0000")
    groups = learned._groups(one)
    assert np.bincount(groups).max() == 10
    assert (np.diff(groups) >= 0).all(), "runs are statements in a row"
    assert len(_code(made | {"statements": one}, _read(codes, traits)).traits) == 60


def test_echoes_and_voices_are_never_apart():
    read = pd.DataFrame(
        {
            "voice_id": ["a", "a", "b", "c", "d"],
            "echo_id": ["1", "2", "2", "3", "4"],
            "utterance_id": list("vwxyz"),
        }
    )
    groups = learned._groups(pd.concat([read, read.iloc[3:].assign(voice_id=["e", "f"], echo_id=["5", "6"])]))
    assert groups[0] == groups[1] == groups[2]
    assert len(set(groups[2:])) == 5


def test_too_few_read_statements_teach_nothing():
    made, codes, traits = _study(60)
    read = _read(codes, traits, only=39)
    found = _code(made, read)
    problem = learned.fault(made["statements"], made["utterances"], documents(), codebook(), [read], ["reader"])
    assert found.readings.empty and found.traits.empty
    assert problem is not None and "39 statements have been read, 40 is the fewest" in str(problem)
    assert len(_code(made, _read(codes, traits, only=40)).traits) == 60


def test_where_one_stance_alone_was_read_the_rest_is_learned_all_the_same():
    made, codes, traits = _study(60)
    alone = {name: dict.fromkeys(found, "supports") for name, found in codes.items()}
    read = _read(alone, traits)
    assert learned.fault(made["statements"], made["utterances"], documents(), codebook(), [read], ["reader"]) is None
    found = _code(made, read)
    assert set(found.readings["stance"]) == {"supports"}
    assert found.traits["kind"].nunique() > 1


def test_programs_teach_nothing():
    made, codes, traits = _study(60)
    read = readings("reader", codes, traits)
    program = Readings(read.readings.assign(origin="program"), read.traits.assign(origin="program"), read.sightings)
    assert _code(made, program).traits.empty


def test_what_it_is_unsure_of_is_left_to_people():
    made, codes, traits = _study(96)
    strange = made["statements"].copy()
    strange.loc[95, "text"] = "I saw soft power over the weather, of which nobody should speak"
    found = _code(made | {"statements": strange}, _read(codes, traits, only=72))
    accepted = accept([found], ["learned"], {"learned": 0.75})[1]
    unsure = left([found], accepted, {"learned": 0.75})
    assert set(unsure["statement_id"]) | set(accepted["statement_id"]) == set(codes)
    assert not set(unsure["statement_id"]) & set(accepted["statement_id"])
    assert "s0095" in set(unsure["statement_id"])
    sure_of_none = set(accepted["statement_id"]) - set(found.readings.query("confidence >= .75")["statement_id"])
    assert sure_of_none, "to be sure that no hypothesis applies is no abstention"


def test_vectors_are_used_where_there_are_any():
    made, codes, traits = _study(60)
    texts = [*made["statements"]["text"], *learned.texts(codebook())]

    def vector(text: str) -> np.ndarray:
        row = np.random.default_rng(len(text)).normal(size=embedding.DIMENSIONS)
        return (row / np.linalg.norm(row)).astype(np.float16)

    found = _code(made, _read(codes, traits), vectors={embedding.digest(text): vector(text) for text in texts})
    assert not found.traits.equals(_code(made, _read(codes, traits)).traits)


def test_a_rare_class_is_never_predicted():
    labels = np.array([0] * 10 + [1] * 10 + [2] * 4)
    alike = np.equal.outer(labels, labels).astype(float)
    ties = classifier.Ties(alike, alike, alike, alike)
    found = classifier.probabilities(ties, labels, 3, classifier.STANCE)
    assert (found[:, 2] == 0).all() and np.allclose(found.sum(axis=1), 1)
    assert (found[:20].argmax(axis=1) == labels[:20]).all()


def test_ridge_without_a_group_is_as_if_it_had_not_been_there():
    draws = np.random.default_rng(5)
    points = draws.normal(size=(12, 3))
    alike = points @ points.T
    coded = draws.integers(0, 2, size=(12, 2)).astype(float)
    groups = np.repeat(np.arange(4), 3)
    without, _ = bearing._like_coded(classifier.Ties(alike, alike, alike, alike), coded, groups)
    kept = np.flatnonzero(groups != 2)
    penalised = alike[np.ix_(kept, kept)] + 1 + np.eye(len(kept))
    fitted = np.linalg.solve(penalised, coded[kept] - coded.mean(axis=0))
    assert without[groups == 2] == pytest.approx((alike[np.ix_(groups == 2, kept)] + 1) @ fitted)


def test_neighbours_are_of_the_same_utterance():
    features = np.array([[1.0], [2.0], [4.0], [8.0]])
    assert bearing.around(features, np.array([0, 0, 1, 1])).ravel().tolist() == [2, 1, 8, 4]


def test_stances_are_of_the_closed_list():
    made, codes, traits = _study(48)
    assert set(_code(made, _read(codes, traits)).readings["stance"]) <= set(STANCES)
