import pytest
from ingest_corpus import corpus, document, speakers

from steelyard.errors import SteelyardError

ARTICLE = "They want users. They need them.\n\nYes, I agree.\nSo do I.\n\nI do not think so."


def test_turns_say_who_speaks() -> None:
    turns = [{"from": "I do not", "speaker": "author"}, {"from": "Yes, I", "speaker": "reader"}]
    made = corpus(document("a", ARTICLE, turns=turns))
    assert speakers(made) == [
        ("author", "They want users."),
        ("author", "They need them."),
        ("reader", "Yes, I agree."),
        ("reader", "So do I."),
        ("author", "I do not think so."),
    ]
    assert len(made.utterances) == 3


def test_a_turn_may_name_its_speaker_or_take_up_a_name_of_the_page() -> None:
    page = "Comment by Foo\nOne is here.\nTwo is here.\nThree is here."
    turns = [{"from": "Two", "speaker": "replier", "name": "Jane  Doe"}, {"from": "Three", "speaker": "Foo"}]
    made = corpus(document("c", page, turns=turns))
    assert [voice for voice, _ in speakers(made)] == ["foo", "jane doe", "foo"]


def test_a_turn_ends_where_the_page_goes_on() -> None:
    page = document(
        "t",
        "@a one is here\n\n@b two is here\n\n@c three",
        format="social_thread",
        turns=[{"from": "@b two", "speaker": "x"}],
    )
    assert speakers(corpus(page)) == [("post-1", "one is here"), ("x", "two is here"), ("post-3", "three")]


def test_faulty_turns_are_told_with_source_and_words() -> None:
    turns = [
        {"from": "No such words", "speaker": "x"},
        {"from": "They", "speaker": "y"},
        {"from": "Yes,", "speaker": "z"},
        {"from": "Yes, I", "speaker": "z"},
    ]
    title = {"format": "article", "turns": [{"from": "A title", "speaker": "x"}]}
    with pytest.raises(SteelyardError) as caught:
        corpus(document("a", ARTICLE, turns=turns), document("b", "A title\n\nThe text is here.", **title))
    assert [(problem.where, problem.what) for problem in caught.value.problems] == [
        ("a.txt", "turn 'x': the words 'No such words' do not stand in the document"),
        ("a.txt", "turn 'y': the words 'They' stand in the document more than once"),
        ("a.txt", "turn 'z': the words 'Yes, I' begin where another turn begins"),
        ("b.txt", "turn 'x': the words 'A title' stand in no post"),
    ]


def test_one_name_is_one_voice_in_all_documents_and_labels_are_local() -> None:
    made = corpus(
        document("c", "Comment by Jane\nOne is here.", interest="lab"),
        document("d", "Comment by jane\nTwo is here."),
        document("e", "Three is here. It is.", author="JANE"),
        document("f", "**A** (0:00):\nFour is here."),
        document("g", "**A** (0:00):\nFive is here."),
    )
    voices = made.voices.set_index("voice_id")
    assert voices.index.tolist() == ["f:A", "g:A", "name:jane"]
    assert voices.loc["name:jane"].tolist() == ["Jane", "lab"]
    assert (made.statements["voice_id"] == "name:jane").sum() == 4


def test_author_names_the_speaker_who_talks_most() -> None:
    page = "**A** (0:00):\nWelcome.\n**B** (0:05):\nThank you, it is good to be here today."
    made = corpus(document("t", page, author="Jane Doe"))
    assert [voice for voice, _ in speakers(made)] == ["A", "jane doe"]


def test_the_author_that_the_text_names_comes_first() -> None:
    made = corpus(document("c", "Comment by foo\nOne is here.", author="Jane Doe"))
    assert made.voices["name"].tolist() == ["foo"]


def test_interest_is_the_documents_but_not_its_editors() -> None:
    page = document("t", "A headline\nMost Activity\n@a one\n\n@b two", interest="public")
    assert dict(corpus(page).voices[["voice_id", "interest"]].to_numpy().tolist()) == {
        "t:editor": "unknown",
        "t:post-1": "public",
        "t:post-2": "public",
    }


def test_interests_that_disagree_are_unknown() -> None:
    made = corpus(
        document("c", "Comment by foo\nOne is here.", interest="lab"),
        document("d", "Comment by foo\nTwo is here.", interest="public"),
    )
    assert made.voices["interest"].tolist() == ["unknown"]


def test_one_label_with_two_names_is_a_mistake() -> None:
    turns = [{"from": "Yes,", "speaker": "x", "name": "Jane"}, {"from": "I do", "speaker": "x", "name": "Joan"}]
    with pytest.raises(SteelyardError, match="speaker 'x' has two names: Jane, Joan"):
        corpus(document("a", ARTICLE, turns=turns))
