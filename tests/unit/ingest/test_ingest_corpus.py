import datetime

import pandas as pd
import pytest
from ingest_corpus import corpus, document, reasons, texts

from steelyard.ingest import coverage

REPLY = "They do not have many secrets, and they cannot serve all the expected demand. Why not?"


def test_no_document_gives_empty_tables() -> None:
    made = corpus()
    assert [len(part) for part in vars(made).values()] == [0] * 6


def test_documents_row() -> None:
    source = {
        "date": datetime.date(2024, 5, 1),
        "url": "https://example.org",
        "path": "folder/name.v2.txt",
    }
    row = corpus(document("a", "开源好。\r\n", **source)).documents.iloc[0]
    assert (row["title"], row["date"], row["url"], row["characters"], row["language"], row["format"]) == (
        "name.v2",
        "2024-05-01",
        "https://example.org",
        6,
        "zh",
        "article",
    )


def test_byte_order_mark_is_dropped_and_spans_count_it() -> None:
    page = document("a", "\ufeff@a One is here.\n\n@b Two is here.")
    made = corpus(page)
    assert made.documents["format"].tolist() == ["social_thread"]
    assert texts(made) == ["One is here.", "Two is here."]
    assert reasons(made, page)[0] == ("\ufeff", "byte order mark")
    assert sorted(made.statements["start"]) == [4, 21]


def test_duplicate_document_adds_no_statement() -> None:
    page = "They want users. They need them."
    one, other = document("b", page), document("a", f"{page}")
    made = corpus(one, other)
    assert texts(made) == ["They want users.", "They need them."]
    assert reasons(made, one, other) == [(page, "duplicate of a")]
    assert made.documents["document_id"].tolist() == ["a", "b"]
    assert set(made.utterances["document_id"]) == {"a"}


def test_of_two_copies_the_one_with_turns_is_kept() -> None:
    page = "They want users. They need them."
    made = corpus(document("a", page), document("b", page, turns=[{"from": "They need", "speaker": "x"}]))
    assert set(made.statements["document_id"]) == {"b"}


def test_copies_that_differ_in_line_ends_or_blanks_are_duplicates() -> None:
    page = "They want users.\n\nThey need them.\n"
    copies = [document("b", page.replace("\n", "\r\n")), document("c", f"{page} \n"), document("d", f"\ufeff{page}")]
    made = corpus(document("a", page), *copies)
    assert len(made.statements) == 2
    (kept,) = set(made.statements["document_id"])
    dropped = made.dropped.query("reason.str.startswith('duplicate')")
    assert set(dropped["document_id"]) == {"a", "b", "c", "d"} - {kept}
    assert set(dropped["reason"]) == {f"duplicate of {kept}"}


def test_ids_have_no_part_in_which_copy_is_kept() -> None:
    page = "They want users. They need them."
    told = [{"interest": "lab"}, {"interest": "official"}, {"interest": "lab", "date": datetime.date(2024, 5, 1)}]
    for names in ("abc", "cab", "bca"):
        made = corpus(*[document(name, page, **source) for name, source in zip(names, told, strict=True)])
        assert set(made.statements["document_id"]) == {names[2]}, "the one that most is told of"
        assert made.voices["interest"].tolist() == ["lab"]


def test_echoed_utterance_takes_its_short_sentences_along() -> None:
    made = corpus(document("t", f"@x {REPLY}\n\n@x {REPLY}\n\n@y Why not?\n", format="social_thread"))
    statements = made.statements.sort_values("start")
    first = statements["statement_id"].tolist()
    assert statements["echo_id"].tolist() == [first[0], first[1], first[0], first[1], first[4]]
    assert made.utterances["echo_id"].nunique() == 2


def test_named_voice_stands_for_an_echo_before_an_unknown_one() -> None:
    made = corpus(
        document("a", f"@x {REPLY}\n\n@y Something else entirely", format="social_thread"),
        document("z", f"Comment by foo\n{REPLY}"),
    )
    assert set(made.utterances.loc[made.utterances["document_id"] == "a", "echo_id"].tolist()) >= {"z:u15"}


def test_post_stands_for_an_echo_before_a_headline() -> None:
    title = "Why are the labs of the East releasing their very strong models?"
    made = corpus(document("t", f"{title}\nMost Activity\n{title}\nWho knows\n", format="social_thread"))
    headline, post = made.utterances.sort_values("start").head(2).itertuples()
    assert (headline.role, headline.echo_id) == ("headline", post.utterance_id)


@pytest.mark.parametrize(
    ("ann", "bob", "original"),
    [
        ({}, {}, "name:ann"),  # of equals the alphabet decides, whatever else stands on the pages
        ({"date": datetime.date(2025, 2, 1)}, {"date": datetime.date(2025, 1, 31)}, "name:bob"),  # the earlier
        ({}, {"date": datetime.date(2025, 1, 31)}, "name:bob"),  # what has a date before what has none
    ],
)
@pytest.mark.parametrize("beside", ["Good morning.", "Good evening.", "Good night."])
def test_of_two_names_the_earlier_then_the_first_stands_for_an_echo(ann, bob, original, beside) -> None:
    made = corpus(
        document("a", f"Comment by Bob\n{REPLY}", **bob), document("b", f"Comment by Ann\n{REPLY}\n{beside}", **ann)
    )
    rows = made.statements.set_index("statement_id")
    originals = rows.echo_id[rows.echo_id.duplicated()]
    assert len(originals) == 2  # the reply's two sentences
    assert set(rows.voice_id[originals]) == {original}


def test_ids_have_no_part_in_who_is_repeated() -> None:
    pages = [f"@x {REPLY}\n\n@y Something else", f"@x {REPLY}\n\n@y Another thing"]
    kept = set()
    for names in (["a", "b"], ["b", "a"]):
        documents = [document(name, page, format="social_thread") for name, page in zip(names, pages, strict=True)]
        utterances = corpus(*documents).utterances.set_index("utterance_id")
        (first,) = utterances["echo_id"][utterances["echo_id"].duplicated()]
        kept.add(pages[names.index(utterances.loc[first, "document_id"])])
    assert len(kept) == 1


def test_order_of_sources_changes_nothing() -> None:
    documents = [
        document("a", f"@x {REPLY}\n\n@y Something else entirely", format="social_thread"),
        document("b", f"@x {REPLY}\n\n@z Another thing", format="social_thread"),
        document("c", f"Comment by Foo\n{REPLY}", interest="lab"),
        document("d", "Comment by foo\nMore."),
        document("e", "Comment by foo\nMore."),
    ]
    expected = corpus(*documents)
    for order in (documents[::-1], documents[2:] + documents[:2], documents[1::2] + documents[::2]):
        made = corpus(*order)
        assert made.texts == expected.texts
        for name in ("documents", "voices", "utterances", "statements", "dropped"):
            pd.testing.assert_frame_equal(getattr(made, name), getattr(expected, name))


@pytest.mark.parametrize(
    ("spans", "fault"),
    [
        ([(0, 2), (1, 2), (3, 5)], "overlap"),
        ([(0, 2)], "nothing covers 3"),
        ([(0, 3), (3, 5)], "white space"),
        ([(0, 2), (3, 6)], "no span"),
    ],
)
def test_cover_is_checked(spans: list[tuple[int, int]], fault: str) -> None:
    coverage.check("ab cd", [(0, 2), (3, 5)], "d")
    with pytest.raises(AssertionError, match=fault):
        coverage.check("ab cd", spans, "d")
