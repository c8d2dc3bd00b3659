"""What each reader makes of a small file of its format: who says what, where, to whom, and what is left out."""

from __future__ import annotations

import datetime
import json
import subprocess
from typing import Any

import pypandoc
import pytest
import typst
from ingest_corpus import corpus, reasons

from steelyard.errors import SteelyardError
from steelyard.ingest.documents import Document, documents_of
from steelyard.ingest.readers.article import byline
from steelyard.ingest.readers.file import File
from steelyard.ingest.readers.registry import READERS, recognise
from steelyard.study import Source


def read(name: str, content: str | bytes, **source: Any) -> list[Document]:
    data = content.encode() if isinstance(content, str) else content
    return documents_of(File(name, data, Source.model_validate({"path": name, "source_type": "post", **source})))


def said(*documents: Document) -> list[tuple[str, str | None, str]]:
    """Voice, place and text of each statement, in the order of the texts; headlines by the voice `editor`."""
    rows = corpus(*documents).statements.sort_values(["document_id", "start"])
    places = rows.place.astype(object).where(rows.place.notna(), None)
    return list(zip(rows.voice_id.str.split(":").str[-1], places, rows.text, strict=True))


def known(document: Document) -> tuple[str | None, str | None, str | None, str | None]:
    about = document.source
    return about.title, about.author, about.date and about.date.isoformat(), about.url


MARKDOWN = """\
---
title: A **plain** memo
author: Ann Bee
date: 2025-02-01
url: https://example.org/memo
---

# The first point

It *is* "one" [paragraph](https://x.example) that
goes on.[^1]

> Others say so.

- An item here
- Another item

```
code()
```

| a | b |
|---|---|
| 1 | 2 |

<!-- not for print -->

[^1]: A note below.
"""


def test_markdown() -> None:
    [memo] = read("memo.md", MARKDOWN)
    assert (memo.format, memo.extracted) == ("markdown", True)
    assert known(memo) == ("A plain memo", "Ann Bee", "2025-02-01", "https://example.org/memo")
    assert said(memo) == [
        ("editor", "line 8", "The first point"),
        ("ann bee", "line 10", 'It is "one" paragraph that goes on.'),
        ("ann bee", "line 10", "A note below."),
        ("ann bee", "line 13", "Others say so."),
        ("ann bee", "line 15", "An item here"),
        ("ann bee", "line 16", "Another item"),
    ]
    assert [reason for _, reason in reasons(corpus(memo), memo)] == ["code", "table", "markup"]


def test_the_config_knows_better_than_the_document() -> None:
    [memo] = read("memo.md", MARKDOWN, title="Mine", date=datetime.date(2024, 1, 2))
    assert known(memo) == ("Mine", "Ann Bee", "2024-01-02", "https://example.org/memo")


PAGE = """\
<!doctype html><html><head><title>Why bikes fail | Daily</title><meta name="author" content="Jane Doe">
<meta property="article:published_time" content="2025-03-04T10:00:00Z"></head>
<body><nav><a href="/">Home</a> <a href="/news">News</a></nav><div class="cookie">We use cookies. Accept</div>
<article><h1>Why bikes fail</h1><p>By Jane Doe</p>
<p>The <b>first</b> paragraph says a lot about the bikes, and <a href="x">goes on</a> for long enough.</p>
<h2>What riders say</h2>
<p>Another paragraph tells what riders say about the broken bikes in the city.</p></article>
<section id="comments"><div class="comment"><p>I think that they are all wrong about this one.</p></div></section>
<footer>Imprint Terms</footer></body></html>
"""


def test_html_is_its_article_and_the_comments_are_one_voice() -> None:
    [page] = read("page.html", PAGE)
    assert page.format == "html"
    assert known(page)[:3] == ("Why bikes fail", "Jane Doe", "2025-03-04")
    assert [(voice, text) for voice, _, text in said(page)] == [
        ("editor", "Why bikes fail"),
        (
            "jane doe",
            "The first paragraph says a lot about the bikes, and goes on for long enough.",
        ),
        ("editor", "What riders say"),
        ("jane doe", "Another paragraph tells what riders say about the broken bikes in the city."),
        ("comments below", "I think that they are all wrong about this one."),
    ]
    assert reasons(corpus(page), page) == [("By Jane Doe", "author line")]


PDF = """
#set document(title: "A report", author: "A. Author", date: datetime(year: 2025, month: 3, day: 4))
#set page(width: 10cm, height: 6cm, header: [The council], footer: context [Page #counter(page).display() of 2])
#set text(lang: "en", hyphenate: true)
#set par(justify: true)
= What we found
The committee found that internationalization of telecommunication characteristics goes on and on without any end.

It closed. #pagebreak() The next page says one thing more.
"""


def test_pdf_keeps_pages_and_leaves_running_heads_out() -> None:
    [report] = read("report.pdf", typst.compile(PDF.encode(), ignore_system_fonts=True))
    assert report.format == "pdf"
    assert known(report)[:3] == ("A report", "A. Author", "2025-03-04")
    assert said(report) == [
        ("editor", "page 1", "What we found"),
        (
            "a. author",
            "page 1",
            "The committee found that internationalization of telecommunication characteristics goes on and on "
            "without any end.",
        ),
        ("a. author", "page 1", "It closed."),
        ("a. author", "page 2", "The next page says one thing more."),
    ]
    dropped = [text for text, _ in reasons(corpus(report), report)]
    assert dropped == ["The council", "Page 1 of 2", "The council", "Page 2 of 2"]


def test_docx_keeps_footnotes_and_takes_tracked_changes_as_accepted() -> None:
    memo = (
        "---\ntitle: Memo\nauthor: Ann Bee\n---\n# Head\n\nOne is [new]{.insertion author=x date=x} here.^[A note.]\n"
    )
    pandoc = [pypandoc.get_pandoc_path(), "--from", "markdown", "--to", "docx"]
    content = subprocess.run(pandoc, input=memo.encode(), capture_output=True, check=True).stdout
    [made] = read("memo.docx", content)
    assert made.format == "docx"
    assert known(made)[:2] == ("Memo", "Ann Bee")
    assert said(made) == [
        ("editor", "paragraph 1", "Head"),
        ("ann bee", "paragraph 2", "One is new here."),
        ("ann bee", "paragraph 3", "A note."),
    ]


SRT = """\
1
00:00:01,000 --> 00:00:04,000
<i>MAYOR: The boats</i>
are late.

2
00:00:04,500 --> 00:00:06,000
are late.
They were full.

3
00:01:05,000 --> 00:01:06,000
[applause]

4
00:01:07,000 --> 00:01:09,000
Ms Brandt: Not mine &amp; not yours.
"""
VTT = """\
WEBVTT

NOTE not shown

00:01.000 --> 00:04.000
<v Jane Doe>Hello there, this is
one line.</v>

00:05.000 --> 00:06.000 align:start
<v Bob>Is it?
"""


def test_srt_has_labels_times_and_lines_that_roll() -> None:
    [made] = read("hearing.srt", SRT)
    assert made.format == "srt"
    assert said(made) == [
        ("mayor", "00:00:01", "The boats are late."),
        ("mayor", "00:00:04", "They were full."),
        ("ms brandt", "00:01:07", "Not mine & not yours."),
    ]
    assert reasons(corpus(made), made) == [("[applause]", "sound")]


def test_vtt_has_voices() -> None:
    [made] = read("talk.vtt", VTT)
    assert said(made) == [
        ("jane doe", "00:00:01", "Hello there, this is one line."),
        ("bob", "00:00:05", "Is it?"),
    ]


ANSWERS = """\
no;who;answer;day;to
1;Ann;"It is dear; too dear.";2025-01-31;
2;;"It is late.
It is full.";1738368000;1
;;;;
3;Ann;;;
"""
COLUMNS = {"id": "no", "author": "who", "text": "answer", "date": "day", "replies_to": "to"}


def test_csv_as_posts_of_one_document() -> None:
    [made] = read("answers.csv", ANSWERS, columns=COLUMNS)
    assert said(made) == [
        ("ann", "record 1", "It is dear; too dear."),
        ("record-2", "record 2", "It is late."),
        ("record-2", "record 2", "It is full."),
    ]
    utterances = corpus(made).utterances.sort_values("start")
    assert utterances.date.tolist() == ["2025-01-31", "2025-02-01"]
    assert utterances.parent_id.tolist()[1] == utterances.utterance_id.tolist()[0]
    assert utterances.replies_to.tolist()[1] == "Ann"


def test_csv_as_documents_of_their_own() -> None:
    documents = read("answers.csv", ANSWERS, columns=COLUMNS, record="document")
    assert [(one.document_id, one.record, known(one)[1]) for one in documents] == [
        ("answers-1", 1, "Ann"),
        ("answers-2", 2, None),
    ]
    assert [place for _, place, _ in said(*documents)] == ["record 1", "record 2", "record 2"]
    assert corpus(*documents).documents.title.tolist() == ["answers, record 1", "answers, record 2"]


def test_json_lines_with_keys_in_one_another_and_interests() -> None:
    lines = [
        {"user": {"name": "ann"}, "body": "It is dear.", "stake": "competitor"},
        {"user": {"name": "bob"}, "body": "A lone \ud800 half.", "stake": None},
    ]
    content = "\n".join(json.dumps(line) for line in lines)
    columns = {"author": "user.name", "text": "body", "interest": "stake"}
    [made] = read("reviews.txt", content, columns=columns, interest="public")
    assert made.format == "jsonl"
    assert said(made) == [("ann", "record 1", "It is dear."), ("bob", "record 2", "A lone \ufffd half.")]
    assert corpus(made).voices.interest.tolist() == ["competitor", "public"]


def test_faults_of_records_come_at_once_with_their_lines() -> None:
    with pytest.raises(SteelyardError) as caught:
        read("a.csv", "text,date,interest\nOne.,31/01/2025,\nTwo.,,labs\n")
    assert [(problem.where, problem.what) for problem in caught.value.problems] == [
        ("a.csv:2", "'31/01/2025' is no date"),
        ("a.csv:3", "unknown interest 'labs'"),
    ]
    with pytest.raises(SteelyardError, match=r"no column or key 'text'(?s:.)*Known here: body"):
        read("a.csv", "body,x\nOne.,1\n")


ITEM: dict = {
    "id": 1,
    "author": "ann",
    "title": "Ask: why?",
    "text": None,
    "created_at": "2025-01-31T10:00:00.000Z",
    "children": [
        {
            "id": 2,
            "parent_id": 1,
            "author": "bob",
            "created_at": "2025-02-01T10:00:00.000Z",
            "text": "It is <i>dear</i>.<p>And late &amp; full.<pre><code>x = 1</code></pre>",
            "children": [
                {
                    "id": 3,
                    "parent_id": 2,
                    "author": "cat",
                    "text": "&gt; It is dear.<p>No.",
                    "children": [{"id": 4, "parent_id": 3, "author": None, "text": None, "children": []}],
                },
                {"id": 5, "parent_id": 2, "author": "bob", "text": "Well.", "children": []},
            ],
        }
    ],
}


def test_hacker_news_keeps_who_answers_whom() -> None:
    [made] = read("thread.json", json.dumps(ITEM))
    assert made.format == "hackernews"
    assert known(made) == ("Ask: why?", "ann", "2025-01-31", "https://news.ycombinator.com/item?id=1")
    assert said(made) == [
        ("editor", None, "Ask: why?"),
        ("bob", "post 2", "It is dear."),
        ("bob", "post 2", "And late & full."),
        ("cat", "post 3", "No."),
        ("bob", "post 5", "Well."),
    ]
    assert reasons(corpus(made), made) == [("x = 1", "code"), ("> It is dear.", "quoted from another")]
    table = corpus(made).utterances.sort_values("start")
    bob, cat, again = table.utterance_id.tolist()[1:]
    assert table.parent_id.tolist()[2:] == [bob, bob]
    assert table.replies_to.tolist()[2:] == ["bob", "bob"]
    assert cat != again
    assert table.date.tolist()[1] == "2025-02-01"


def thing(kind: str, **data: Any) -> dict:
    return {"kind": kind, "data": data}


def listing(*children: dict) -> dict:
    return thing("Listing", children=list(children))


THREAD = [
    listing(
        thing(
            *("t3",),
            name="t3_a",
            title="Why &amp; how?",
            selftext="I **gave** up.",
            author="ann",
            created_utc=1738368000,
            permalink="/r/x/comments/a/",
        )
    ),
    listing(
        thing(
            *("t1",),
            name="t1_b",
            parent_id="t3_a",
            author="bob",
            body="&gt; I gave up.\n\nMe too.",
            replies=listing(
                thing("t1", name="t1_c", parent_id="t1_b", author="[deleted]", body="[deleted]", replies=""),
                thing("more", children=["d"]),
            ),
        ),
    ),
]


def test_reddit_keeps_who_answers_whom() -> None:
    [made] = read("thread.json", json.dumps(THREAD))
    assert made.format == "reddit"
    assert known(made) == ("Why & how?", "ann", "2025-02-01", "https://www.reddit.com/r/x/comments/a/")
    assert said(made) == [
        ("editor", None, "Why & how?"),
        ("ann", "post 1", "I gave up."),
        ("bob", "post 2", "Me too."),
    ]
    assert reasons(corpus(made), made) == [("I gave up.", "quoted from another"), ("[deleted]", "deleted")]
    table = corpus(made).utterances.sort_values("start")
    assert table.parent_id.tolist()[2] == table.utterance_id.tolist()[1]


@pytest.mark.parametrize(
    ("encoding", "named"), [("utf-16", None), ("utf-16-le", "utf-16-le"), ("utf-32", None), ("windows-1252", "cp1252")]
)
def test_text_in_another_encoding_is_kept_in_utf_8(encoding: str, named: str | None) -> None:
    [made] = read("a.txt", "Größe zählt.\r\nJa.".encode(encoding), encoding=named)
    assert made.text.removeprefix("\ufeff") == "Größe zählt.\r\nJa."
    assert corpus(made).texts == {"a": made.text}
    assert corpus(made).statements.text.tolist() == ["Größe zählt.", "Ja."]


def test_a_text_file_is_its_own_text() -> None:
    [made] = read("a.txt", "It is so.\r\n")
    assert not made.extracted
    assert corpus(made).texts == {}
    assert corpus(made).documents.text_sha256.isna().all()


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.txt", b"%PDF-1.7\n...", "pdf"),
        ("a.txt", PAGE.encode(), "html"),
        ("a.txt", MARKDOWN.encode(), "markdown"),
        ("a.txt", SRT.encode(), "srt"),
        ("a.txt", b"\xef\xbb\xbf" + VTT.encode(), "vtt"),
        ("a.txt", json.dumps(THREAD).encode(), "reddit"),
        ("a.txt", json.dumps(ITEM).encode(), "hackernews"),
        ("a.txt", b'{"text": "a"}\n{"text": "b"}\n', "jsonl"),
        ("a.txt", b"Plain text.", "article"),
    ],
)
def test_formats_are_recognised_by_content(name: str, content: bytes, expected: str) -> None:
    assert recognise(File(name, content, Source(path=name))) == expected


@pytest.mark.parametrize("name", sorted(READERS))
def test_a_file_without_text_is_told(name: str) -> None:
    with pytest.raises(SteelyardError) as caught:
        read("a", b"\n", format=name)
    assert caught.value.problems[0].where == "a"


@pytest.mark.parametrize(
    ("line", "name"),
    [
        *(
            ("By Jane Doe", "Jane Doe"),
            ("Von Jörg Ötzi", "Jörg Ötzi"),
            ("بقلم ليلى حداد", "ليلى حداد"),
            ("文/李明", "李明"),
        ),
        *(("By the way", None), ("Byron Smith", None), ("Por eso no", None)),
    ],
)
def test_author_lines_of_several_languages(line: str, name: str | None) -> None:
    assert byline(line) == name


def test_headings_are_utterances_of_their_own() -> None:
    [memo] = read("memo.md", "# One\n\n## Two\n\nIt is so.\n")
    assert corpus(memo).utterances.role.value_counts().to_dict() == {"headline": 2, "post": 1}


def test_a_column_that_the_config_names_must_be_there() -> None:
    with pytest.raises(SteelyardError) as caught:
        read("a.csv", "text,who\nOne.,Ann\n", columns={"author": "nick", "date": "day"})
    assert [problem.what for problem in caught.value.problems] == [
        "has no column or key 'nick'",
        "has no column or key 'day'",
    ]
    with pytest.raises(SteelyardError, match=r"no column or key 'user\.nam'"):
        read("a.jsonl", '{"text": "One.", "author": {"name": "Ann"}}', columns={"author": "user.nam"})


def test_captions_that_roll_with_times_of_words_count_once() -> None:
    content = (
        "WEBVTT\n\n00:00.000 --> 00:02.000\n \nso<00:00:00.500><c> the fares</c>\n\n"
        "00:02.000 --> 00:02.010\nso the fares\n \n\n"
        "00:02.010 --> 00:04.000\nso the fares\nwent<00:00:03.000><c> up.</c>\n\n"
        "00:04.000 --> 00:04.010\n{\\an8}went up.\n \n"
    )
    [made] = read("a.vtt", content)
    assert [text for _, _, text in said(made)] == ["so the fares went up."]


def test_json_of_another_kind_is_told_and_not_read_as_text() -> None:
    with pytest.raises(SteelyardError, match="JSON of a kind that cannot be read"):
        read("a.json", '[\n{"text": "One."},\n{"text": "Two."}\n]')


def test_a_question_may_be_the_title_above_an_author_line() -> None:
    [made] = read("a.txt", "Why fewer riders?\n\nBy Jane Doe\n\nThey left. They bought cars.")
    assert known(made)[:2] == ("Why fewer riders?", "Jane Doe")
    assert [voice for voice, _, _ in said(made)] == ["editor", "jane doe", "jane doe"]


def test_several_authors_of_front_matter_are_parted() -> None:
    [made] = read("a.md", "---\nauthor: [Ann Lee, Bob Ray]\n---\n\nOne.\n")
    assert known(made)[1] == "Ann Lee; Bob Ray"


def test_a_label_may_stand_alone_on_its_line() -> None:
    [made] = read("a.srt", "1\n00:00:01,000 --> 00:00:02,000\nMAYOR:\nIt is so.\n")
    assert [(voice, text) for voice, _, text in said(made)] == [("mayor", "It is so.")]
