import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ingest_corpus import corpus, document, reasons, speakers

from steelyard.ingest.readers.file import File
from steelyard.ingest.readers.plain import LAYOUTS
from steelyard.ingest.readers.registry import recognise as recognised
from steelyard.ingest.segmentation import without
from steelyard.study import Source

FORMATS = sorted(LAYOUTS)


def recognise(text: str) -> str:
    return recognised(File("a.txt", text.encode(), Source(path="a.txt")))


def utterances(name: str, text: str) -> list[tuple[str, str, str]]:
    layout = LAYOUTS[name].layout(text)
    return [(said.role, said.speaker, text[said.start : said.end]) for said in layout.utterances]


THREAD = """\
A headline about labs
A summary of it.
Positive users like it, while negative users do not.
No Digg Deeper questions have been answered for this story yet.
Most Activity

@asker One voice.
Its second line.

A post without a head.

@one @two.three, An answer to two
@four

@asker https://example.org/a
"""


def test_thread_has_editor_furniture_and_a_voice_for_each_post() -> None:
    page = document("t", THREAD)
    made = corpus(page)
    assert speakers(made) == [
        ("editor", "A headline about labs"),
        ("editor", "A summary of it."),
        ("editor", "Positive users like it, while negative users do not."),
        ("post-1", "One voice."),
        ("post-1", "Its second line."),
        ("post-2", "A post without a head."),
        ("post-3", "An answer to two"),
    ]
    assert reasons(made, page) == [
        ("No Digg Deeper questions have been answered for this story yet.", "page furniture"),
        ("Most Activity", "page furniture"),
        ("@asker", "addressee"),
        ("@one @two.three,", "addressee"),
        ("@four", "mention"),
        ("@asker", "addressee"),
        ("https://example.org/a", "link"),
    ]
    assert made.utterances["role"].value_counts().to_dict() == {"post": 4, "headline": 1, "summary": 1}
    replies = made.utterances.sort_values("start")["replies_to"].tolist()[2:]
    assert replies[0] == "@asker"
    assert replies[1] != replies[1]  # missing
    assert replies[2:] == ["@one @two.three,", "@asker"]


def test_thread_without_a_head_is_posts_only() -> None:
    assert utterances("social_thread", "First post\n\n@a second") == [
        ("post", "post-1", "First post"),
        ("post", "post-2", "second"),
    ]


@pytest.mark.parametrize(
    ("block", "posts"),
    [
        ("@a one\ntwo\nthree", ["one\ntwo\nthree"]),
        ("one\n@a two\nthree", ["one", "two\nthree"]),
        ("@a one\ntwo\n@b three", ["one", "two", "three"]),
        ("What do they want from us?\nAn answer\nanother", ["What do they want from us?\nAn answer\nanother"]),
        (
            "the same line again here\nAn answer\nthe same line again here",
            ["the same line again here", "An answer", "the same line again here"],
        ),
        ("yes\nno\nyes", ["yes\nno\nyes"]),
        ("@name's piece is good\nand so is this", ["@name's piece is good\nand so is this"]),
        ("thanks to\n@a\n@b", ["thanks to\n@a\n@b"]),
    ],
)
def test_posts_of_a_block(block: str, posts: list[str]) -> None:
    assert [text for _, _, text in utterances("social_thread", block)] == posts


def test_line_that_repeats_the_headline_is_a_post_of_its_own() -> None:
    page = "\nWhy do labs release models?\nMost Activity\nWhy do labs release models?\nA good question\n"
    assert [text for role, _, text in utterances("social_thread", page) if role == "post"] == [
        "Why do labs release models?",
        "A good question",
    ]


@pytest.mark.parametrize(
    "page",
    [
        "**A** (0:00):\nHello. I am A.\n\nStill me.\n**B** (0:12):\nYes.\n**A** (1:00:00):\nBye.",
        "**A:** Hello. I am A.\nStill me.\n**B:** Yes.\n**A:** Bye.",
        "[00:00] A: Hello. I am A.\nStill me.\n[00:12] B: Yes.\n[00:20] A: Bye.",
        "A  0:00\nHello. I am A.\nStill me.\nB  0:12\nYes.\nA  0:20\nBye.",
        "A: Hello. I am A.\nStill me.\nB: Yes.\nA: Bye.",
        "A：Hello. I am A.\nStill me.\nB：Yes.\nA：Bye.".replace("：", "： "),
        "**A** (0:00):\nHello. I am A.\n**A** (0:05):\nStill me.\n0:10\n**B**: Yes.\n**A**: Bye.",
    ],
)
def test_transcript_labels(page: str) -> None:
    made = corpus(document("t", page))
    assert made.documents["format"].tolist() == ["transcript"]
    assert speakers(made) == [("A", "Hello."), ("A", "I am A."), ("A", "Still me."), ("B", "Yes."), ("A", "Bye.")]
    assert len(made.utterances) == 3
    assert set(made.dropped["reason"]) <= {"speaker label", "time line"}
    assert made.voices["name"].isna().all()


def test_transcript_lines_that_only_look_like_labels_are_speech() -> None:
    page = "**A** (0:00):\nHere is my point: it is free.\nNote: this too.\nWe start at 9:30."
    assert [text for _, _, text in utterances("transcript", page)] == [page.partition("\n")[2]]


def test_transcript_title_is_a_headline_and_a_name_is_a_voice() -> None:
    made = corpus(document("t", "A talk on models\n**Jane Doe** (0:00):\nHello.", format="transcript"))
    assert made.statements.sort_values("start")["voice_id"].tolist() == ["t:editor", "name:jane doe"]
    assert made.utterances["role"].tolist() == ["headline", "post"]


def test_transcript_of_labels_only_says_nothing() -> None:
    assert utterances("transcript", "0:10\n**A** (0:00):\n0:12\n") == []


def test_transcript_without_labels_is_one_voice() -> None:
    assert utterances("transcript", "just talk\nand more") == [("post", "author", "just talk\nand more")]


def test_comment_page() -> None:
    page = document(
        "c", "A title\nComment by foo\n2 days ago\nOne.\n\nTwo.\n3 replies →\nComment by bar\nan hour ago\nThree.\n"
    )
    made = corpus(page)
    assert made.documents["format"].tolist() == ["comment_page"]
    assert speakers(made) == [("editor", "A title"), ("foo", "One."), ("foo", "Two."), ("bar", "Three.")]
    assert reasons(made, page) == [
        ("Comment by foo", "author line"),
        ("2 days ago", "age line"),
        ("3 replies →", "page furniture"),
        ("Comment by bar", "author line"),
        ("an hour ago", "age line"),
    ]
    assert set(made.voices["name"].dropna()) == {"foo", "bar"}


def test_comment_page_with_name_and_age_in_one_line() -> None:
    page = (
        "jane 2 hours ago | parent | next [–]\nOne.\n[deleted] 1 day ago\nTwo.\nposted 2 days ago\nabout 2 days ago\n"
    )
    assert utterances("comment_page", page) == [("post", "jane", "One."), ("post", "comment-2", "Two.")]


def test_age_of_an_article_makes_no_comment_page() -> None:
    assert recognise("A title here\nPublished 3 hours ago\nThe text is here.") == "article"
    assert recognise("A title here\nWarsaw 3 hours ago\nThe text is here.") == "article"
    assert recognise("jane 3 hours ago\nOne.\njoan 2 hours ago\nTwo.") == "comment_page"


def test_prose_about_comments_is_no_author_line() -> None:
    assert (
        utterances("comment_page", "Reply by mail if you want to know more.\nIt was posted by them.")[0][1] == "author"
    )


def test_article_with_title_and_byline() -> None:
    page = "Why labs give models away\nBy Jane Doe\n\nThey want users. They need them.\nShare\nThat is all."
    made = corpus(document("a", page))
    assert made.documents["format"].tolist() == ["article"]
    assert speakers(made) == [
        ("editor", "Why labs give models away"),
        ("jane doe", "They want users."),
        ("jane doe", "They need them."),
        ("jane doe", "That is all."),
    ]
    assert set(made.dropped["reason"]) == {"author line", "page furniture"}


def test_article_without_title_is_one_utterance() -> None:
    page = "They want users. They need them.\n\nThat is all, and no more."
    assert utterances("article", page) == [("post", "author", page)]


@pytest.mark.parametrize("text", ["", " \n ", "x", "\ufeff"])
def test_every_text_has_a_layout(text: str) -> None:
    assert [name for name, reader in LAYOUTS.items() if reader.has_layout(text)] == ["article"]


BLANKS = ["\n", "\r\n", "\r", "\n\n", " ", "\t", "\u3000", "\u2028", "\u00a0", "\u200b", "\u0301", "\x85", "\x1c"]
HEADS = ["@kanjun ", "@a @b.c, ", "@kevinsxu's ", "Most Activity", "Reply", "2 replies →", "A title", "By Jane Doe"]
LABELS = ["**A** (0:00):", "**B**: ", "Speaker 1: ", "Jane Doe: ", "[00:10] ", "0:00"]
LABELS += ["Comment by foo", "jane 3 hours ago | parent", "2 days ago"]
SPEECH = ["U.S. ", "e.g. ", "Why not? ", "It is so. ", "and .... no", "1. ", "“quoted. ", "”", "to me. China", "..."]
SPEECH += ["https://x.com/?q=1.2 ", "😆", "没有特殊的。", "闭源"]
PIECES = st.sampled_from(BLANKS + HEADS + LABELS + SPEECH)
MESS = st.lists(PIECES, min_size=1, max_size=25).map("".join)


@pytest.mark.parametrize("name", FORMATS)
@given(text=MESS)
def test_layout_covers_all_but_white_space_once(name: str, text: str) -> None:
    layout = LAYOUTS[name].layout(text)
    speech = [span for said in layout.utterances for span in without(said.start, said.end, layout.dropped)]
    covered = [place for start, end in speech for place in range(start, end)]
    covered += [place for hole in layout.dropped for place in range(hole.start, hole.end)]
    assert len(covered) == len(set(covered))
    assert {place for place, character in enumerate(text) if not character.isspace()} <= set(covered)
    assert all(text[said.start : said.end].strip() == text[said.start : said.end] != "" for said in layout.utterances)


@pytest.mark.parametrize("name", [*FORMATS, "auto"])
@settings(max_examples=settings.default.max_examples // 25)
@given(pages=st.lists(MESS.filter(str.strip), min_size=15, max_size=30))
def test_statements_are_exact_and_nothing_is_lost(name: str, pages: list[str]) -> None:
    documents = [document(f"d{number}", text, format=name) for number, text in enumerate(pages)]
    made = corpus(*documents)  # its own check holds that spans do not overlap
    left = {one.document_id: one.text for one in documents}
    for row in made.statements.itertuples():
        assert pages[int(row.document_id[1:])][row.start : row.end] == row.text == row.text.strip()
    for frame in (made.statements, made.dropped):
        for row in frame.itertuples():
            text = left[row.document_id]
            left[row.document_id] = text[: row.start] + " " * (row.end - row.start) + text[row.end :]
    assert not any(text.strip() for text in left.values())
