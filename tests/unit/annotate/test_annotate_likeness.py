from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from steelyard.annotate import embedding, likeness
from steelyard.annotate.likeness.letters import Letters, Wording
from steelyard.annotate.likeness.sample import Sample

QUESTION = "Should the town close its centre to cars?"
WORDINGS = [
    Wording("Closing the centre to cars makes the air cleaner", ("My lungs would thank us for fewer exhaust fumes.",)),
    Wording("Shops in the centre lose customers when cars cannot come"),
    Wording("Streets without cars are safer for children"),
]
TEXTS = [
    "Everybody would breathe better if the air held less pollution.",
    "Small stores there will go bankrupt because nobody can park.",
    "Kids could walk to school without being run over.",
    "Retailers depend on people who drive in to buy things.",
    "Exhaust makes the air in the centre of town unhealthy.",
    "I had pasta for lunch.",
]
ELSEWHERE = [f"The {team} won the match by {goals} goals." for team in ("reds", "blues") for goals in range(20)]


def found(texts: Sequence[str], wordings: Sequence[Wording] = WORDINGS, *, model: bool = True) -> np.ndarray:
    said = [text for wording in wordings for text in (wording.claim, *wording.exemplars)]
    vectors = embedding.embed([*texts, *said, QUESTION], {}) if model else None
    return np.vstack(list(likeness.confidences(texts, wordings, QUESTION, vectors)))


def test_statements_find_the_claim_that_they_put_in_other_words() -> None:
    confidence = found(TEXTS)
    assert confidence.shape == (6, 3)
    assert confidence[:5].argmax(axis=1).tolist() == [0, 1, 2, 1, 0]
    assert confidence[5].max() < 0.2  # beside the question
    assert ((confidence >= 0) & (confidence <= 1)).all()
    assert (confidence == confidence.round(4)).all()


def test_order_and_repetition_change_nothing() -> None:
    plain = found(TEXTS)
    again = found([*TEXTS[::-1], *TEXTS, *TEXTS])
    assert (again[:6][::-1] == plain).all()
    assert (again[6:12] == plain).all()


def test_text_about_other_things_changes_little() -> None:
    plain, among = found(TEXTS), found([*TEXTS, *ELSEWHERE])
    assert among[:6] == pytest.approx(plain, abs=0.1)
    assert (among[:5].argmax(axis=1) == plain[:5].argmax(axis=1)).all()
    assert among[6:].max() < 0.2


def test_one_statement_and_one_hypothesis_are_enough() -> None:
    near, far = found(TEXTS[4:5], WORDINGS[:1]), found(TEXTS[5:], WORDINGS[:1])
    assert near.shape == (1, 1)
    assert 0 <= far[0, 0] < near[0, 0] <= 1
    assert found(["", QUESTION, WORDINGS[0].claim], WORDINGS[:1]).shape == (3, 1)


def test_nothing_to_code_gives_no_rows() -> None:
    assert list(likeness.confidences([], WORDINGS, QUESTION, None)) == []


def test_a_hypothesis_that_says_the_question_breaks_nothing() -> None:
    assert np.isfinite(found(TEXTS, [Wording(QUESTION), *WORDINGS])).all()


def test_blocks_give_what_one_piece_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = found(TEXTS)
    monkeypatch.setattr(likeness, "_BLOCK", 6)
    assert (found(TEXTS) == whole).all()


def test_letters_are_weighed_as_by_the_library() -> None:
    texts = ["A bus, a  bus and\u00a0the\tBUS stop", "公交车 drivers", "", "İstanbul a"]
    library = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, dtype=np.float32)
    known = library.fit([*texts, *(wording.claim for wording in WORDINGS)])
    expected = (known.transform(TEXTS + texts) @ known.transform([wording.claim for wording in WORDINGS]).T).toarray()
    expected[:, 0] += (known.transform(TEXTS + texts) @ known.transform(WORDINGS[0].exemplars).T).toarray()[:, 0]
    assert (Letters(texts, WORDINGS).features(TEXTS + texts)["letters"] == expected).all()


def test_an_exemplar_draws_statements_like_it() -> None:
    text = "The bus company would have to hire many more drivers."
    wordings = [Wording(wording.claim) for wording in WORDINGS]
    told = [*wordings[:2], Wording(wordings[2].claim, ("Bus firms would need to take on a lot of drivers.",))]
    plain, better = found([*TEXTS, text], wordings)[-1], found([*TEXTS, text], told)[-1]
    assert better.argmax() == 2
    assert better[2] > plain[2]


def test_being_off_the_question_settles_nothing_by_itself() -> None:
    weights = likeness.constants().first
    near, far = (likeness.score({"off_question": np.array([[off]])}, weights)[0, 0] for off in (0.0, 0.4))
    assert near - far == pytest.approx(likeness.MOST_OFF)


def test_a_statement_does_not_lend_to_its_own_score() -> None:
    wordings = [Wording(wording.claim) for wording in WORDINGS]
    vectors = embedding.embed([*TEXTS, *(wording.claim for wording in wordings), QUESTION], {})
    learned = likeness.constants()
    all_lend = learned.first.model_copy(update={"constant": 5.0})
    space = likeness.Space(Sample(TEXTS[4:5], vectors), wordings, QUESTION, vectors, learned.damped)
    before = space.features(TEXTS)["likeness"]
    space.lend(all_lend)
    after = space.features(TEXTS)["likeness"]
    assert after[4] == pytest.approx(before[4], abs=1e-4)  # the lender
    assert after[0, 0] > before[0, 0] + 0.02  # one that is like it


def test_without_the_model_letters_alone_still_find_the_claim() -> None:
    confidence = found(["The air gets cleaner when the centre is closed to cars.", "好的"], model=False)
    assert confidence[0].argmax() == 0
    assert confidence[0, 0] > confidence[1].max()
    assert len(set(confidence[1].tolist())) <= 2  # nothing in common with any: only exemplars tell them apart


def test_letters_tell_chinese_claims_apart() -> None:
    wordings = [Wording("关闭市中心可以让空气更干净"), Wording("没有汽车商店就会失去顾客")]
    confidence = found(["空气会更干净", "商店的顾客少了"], wordings, model=False)
    assert confidence.argmax(axis=1).tolist() == [0, 1]


def test_what_was_learned_is_whole() -> None:
    learned = likeness.constants()
    damped = learned.damped.astype(float)
    assert damped.shape == (16, embedding.DIMENSIONS)
    assert damped @ damped.T == pytest.approx(np.eye(16), abs=2e-3)
    assert learned.second.likeness > 0 and learned.second.letters > 0 and learned.second.off_question < 0
