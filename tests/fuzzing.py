"""Properties that hold whatever a file or a quote holds, each as a strategy and a check: what is fuzzed.

`make test` runs some examples of each, `make fuzz` (benchmarks/fuzz.py) as many as there is time for.
"""

from __future__ import annotations

import csv
import functools
import io
import json
import re
import tempfile
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import lxml.html
import openpyxl
from hypothesis import strategies as st

import bad_files
from project import HOSTILE
from steelyard.annotate.recorded_file import passages
from steelyard.codebook import Codebook
from steelyard.errors import SteelyardError
from steelyard.ingest.corpus import Corpus, ingest
from steelyard.ingest.documents import Document, documents_of
from steelyard.ingest.readers.file import File
from steelyard.ingest.readers.plain import LAYOUTS
from steelyard.loaded_study import LoadedStudy
from steelyard.render import markdown
from steelyard.render.embedded import render
from steelyard.render.escape import attribute, link_target, visible
from steelyard.study import Format, Ingest, Source

FORMATS = list(get_args(Format))
SAID = bad_files.SAID

# A small valid file of each format, to be spoiled.
FILES: dict[str, bytes] = {
    "a.txt": f"A title\nBy Jane Doe\n\n{SAID} It is late.\n\nShare\n".encode(),
    "thread.txt": b"Head\nMost Activity\n@a @b It is dear.\n\n@c No, it is late.\n",
    "talk.txt": b"**Ann** (0:00):\nIt is dear.\n**Bob** (0:10):\nNo.\n0:20\n",
    "page.txt": b"Comment by foo\n2 days ago\nIt is dear.\nComment by bar\nNo.\n3 replies\n",
    "utf16.txt": "Die Fähre ist zu teuer.".encode("utf-16"),
    "a.md": f"---\ntitle: A memo\nauthor: Ann\ndate: 2025-01-31\n---\n# Head\n\n{SAID}[^1]\n\n> x\n\n- y\n\n"
    "| a |\n|---|\n| b |\n\n```\nc\n```\n\n[^1]: Note.\n".encode(),
    "a.html": bad_files.page(
        f"<h1>Head</h1>{bad_files.PARAGRAPH}<ul><li>One</li></ul><table><tr><td>x</table>"
    ).encode(),
    "a.csv": b'id,author,text,date,replies_to\n1,Ann,"It is dear, ""too"" dear.",2025-01-31,\n2,Bob,No.,1738368000,1\n',
    "a.jsonl": b'{"id": "1", "author": "Ann", "text": "It is dear."}\n{"id": "2", "text": "No.", "replies_to": "1"}\n',
    "a.srt": b"1\n00:00:01,000 --> 00:00:02,000\nANN: It is dear.\n\n2\n00:00:03,000 --> 00:00:04,000\n[noise]\nNo.\n",
    "a.vtt": b"WEBVTT\n\nNOTE x\n\n00:01.000 --> 00:02.000\n<v Ann>It <b>is</b>.</v>\n\n00:03.000 --> 00:04.000\nNo.\n",
    "hn.json": json.dumps(
        {
            **{"id": 1, "author": "ann", "title": "Why?", "created_at": "2025-01-31T10:00:00Z", "text": None},
            "children": [{"id": 2, "parent_id": 1, "author": "bob", "text": "It is<p>dear.", "children": []}],
        }
    ).encode(),
    "reddit.json": json.dumps(
        [
            {"kind": "Listing", "data": {"children": [{"kind": "t3", "data": {"name": "t3_a", "title": "Why?"}}]}},
            {
                "kind": "Listing",
                "data": {"children": [{"kind": "t1", "data": {"name": "t1_b", "body": "> So.\n\nNo."}}]},
            },
        ]
    ).encode(),
    "a.pdf": bad_files.pdf(b"<< /Title (A report) /Author (Ann) >>", trailer=b"/Info 6 0 R"),
    "a.docx": bad_files.docx(),
}
SLOW = {"a.md", "a.pdf", "a.docx"}  # read by programs of their own

PIECES = [
    *("\n", "\r\n", "\r", "\n\n", " ", "\t", "\u3000", "\u2028", "\u00a0", "\u200b", "\u0301", "\x85", "\x1c", "\x00"),
    *(
        "\ufeff",
        "\u202e",
        "\u2066",
        "\u200f",
        "\x1b",
        "\x07",
        "\ufffe",
        "\U000e0001",
        "\U0001f469\u200d\U0001f4bb",
        "ﷺ",
    ),
    *(
        "A",
        "a b",
        "No. ",
        "It is dear. ",
        "船票太贵。",
        "الأجرة ",
        "9" * 20,
        "0000-01-01",
        "é",
        "ß",
        "İ",
        "ǆ",
        "½",
        "²",
    ),
    *(
        '"',
        "'",
        "`",
        "```",
        "~~~",
        "$",
        "$$",
        "{",
        "}",
        "{{<",
        ">}}",
        "[",
        "](",
        ")",
        "<",
        ">",
        "</",
        "<!--",
        "-->",
        "|",
    ),
    *(
        "---\n",
        "...",
        "- ",
        "1. ",
        "# ",
        "> ",
        "[^1]",
        "[^2]: ",
        "@a ",
        "@fig-x",
        "#x",
        "\\",
        "*",
        "_",
        "~",
        "^",
        "=",
        "+",
    ),
    *(
        "&",
        "&amp;",
        "&#0;",
        "&#xD800;",
        "&lt;",
        "%",
        "{{< var x >}}",
        "{=html}",
        "{=typst}",
        "::: {.x}",
        ":::",
        "\\textbf{",
    ),
    *(
        "<b>",
        "<script>",
        "<img src=x onerror=y>",
        "<p>",
        "<table>",
        "<div>",
        "</div>",
        "<v Ann>",
        "<![CDATA[",
        "<?x ?>",
    ),
    *("javascript:x", "https://x.example/a b", "**A** (0:00):", "Ann: ", "Comment by x", "2 days ago", "Reply", "0:00"),
    *("text,", ",", ";", "null", "1e999", "NaN", "-1", "true", "::", "00:00:01,000 --> 00:00:02,000", "WEBVTT", "1\n"),
    HOSTILE,
]
TEXT = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=12).map("".join),
    st.text(max_size=60),
)
CLEAN = TEXT.map(lambda text: text.encode(errors="replace").decode())  # without halves of characters


@st.composite
def spoiled(draw: st.DrawFn, content: bytes) -> bytes:
    """Change, add, take out, repeat and cut bytes."""
    data = bytearray(content)
    for _ in range(draw(st.integers(0, 5))):
        at = draw(st.integers(0, len(data)))
        end = min(len(data), at + draw(st.integers(0, 40)))
        piece = draw(st.one_of(st.binary(max_size=4), TEXT.map(lambda text: text.encode(errors="surrogatepass"))))
        match draw(st.sampled_from(["replace", "insert", "double", "cut", "move"])):
            case "replace":
                data[at : at + len(piece)] = piece
            case "insert":
                data[at:at] = piece
            case "double":
                data[at:at] = data[at:end] * draw(st.integers(1, 20))
            case "cut":
                del data[at:end]
            case "move":
                part = data[at:end]
                del data[at:end]
                place = draw(st.integers(0, len(data)))
                data[place:place] = part
    return bytes(data)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "text", "b.c"]) | TEXT, inner, max_size=3)
    ),
    max_leaves=6,
)
KEYS = ["id", "author", "title", "text", "children", "parent_id", "created_at"]
COMMENT = st.recursive(
    st.dictionaries(st.sampled_from(KEYS), JSON, max_size=5),
    lambda inner: st.tuples(st.dictionaries(st.sampled_from(KEYS), TEXT, max_size=5), st.lists(inner, max_size=3)).map(
        lambda pair: {**pair[0], "children": pair[1]}
    ),
    max_leaves=6,
)
LISTED = ["name", "parent_id", "author", "title", "body", "selftext", "created_utc", "permalink"]
THING = st.recursive(
    st.fixed_dictionaries(
        {"kind": st.sampled_from(["t1", "t3", "more"]), "data": st.dictionaries(st.sampled_from(LISTED), TEXT | JSON)}
    ),
    lambda inner: st.lists(inner, max_size=3).map(lambda things: {"kind": "Listing", "data": {"children": things}}),
    max_leaves=6,
)
RECORD = st.dictionaries(st.sampled_from(["id", "author", "title", "text", "date", "replies_to", "interest"]), JSON)


def _csv(rows: list[list[str]]) -> str:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows([["text", "author", "date"], *rows])
    return buffer.getvalue()


STRUCTURED: dict[str, st.SearchStrategy[tuple[str, bytes]]] = {
    name: strategy.map(lambda text, name=name: (name, text.encode(errors="replace")))  # type: ignore[misc]
    for name, strategy in {
        "a.csv": st.lists(st.lists(CLEAN, min_size=2, max_size=4), max_size=4).map(_csv),
        "a.jsonl": st.lists(RECORD.map(json.dumps), min_size=1, max_size=4).map("\n".join),
        "hn.json": st.tuples(COMMENT, TEXT).map(
            lambda pair: json.dumps({"author": pair[1], "children": [], **pair[0]})
        ),
        "reddit.json": st.lists(THING, max_size=3).map(
            lambda things: json.dumps([{"kind": "Listing", "data": {"children": things}}])
        ),
        "a.srt": st.lists(CLEAN, max_size=4).map(
            lambda texts: "".join(f"{n}\n00:00:0{n},000 --> 00:00:0{n},500\n{text}\n\n" for n, text in enumerate(texts))
        ),
        "a.vtt": st.lists(CLEAN, max_size=4).map(
            lambda texts: (
                "WEBVTT\n\n" + "".join(f"00:0{n}.000 --> 00:0{n}.500\n{text}\n\n" for n, text in enumerate(texts))
            )
        ),
        "a.html": st.lists(CLEAN, max_size=6).map(
            lambda texts: bad_files.page(bad_files.PARAGRAPH + "".join(f"<p>{text}</p>" for text in texts))
        ),
        "a.txt": CLEAN,
    }.items()
}


def read(name: str, content: bytes, **given: Any) -> list[Document]:
    source = Source.model_validate({"path": name, "source_type": "post", **given})
    return documents_of(File(name, content, source))


def check_file(case: tuple[str, bytes], **given: Any) -> None:
    """Hold that a file is read, the same each time, and each span is right; or that it is said what is wrong."""
    name, content = case
    try:
        documents = read(name, content, **given)
    except SteelyardError as failure:
        str(failure).encode()
        return
    assert documents == read(name, content, **given)
    made = ingest(
        documents, Ingest(languages=["en", "zh"])
    )  # its own check holds that nothing is lost or counted twice
    check_corpus(documents, made)


def check_corpus(documents: list[Document], made: Corpus) -> None:
    """Hold that spans are exact, utterances in order, parents there, and everything can be written."""
    texts = {one.document_id: one.text for one in documents}
    for row in made.statements.itertuples():
        assert texts[row.document_id][row.start : row.end] == row.text == row.text.strip() != ""
    ids = set(made.utterances.utterance_id)
    assert set(made.utterances.parent_id.dropna()) <= ids
    for _, rows in made.utterances.sort_values("start").groupby("document_id"):
        assert (rows.start.iloc[1:].to_numpy() >= rows.end.iloc[:-1].to_numpy()).all()
    for one in documents:
        if one.extracted and one.format not in LAYOUTS:
            assert not [c for c in one.text if unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t"]
    for frame in (made.documents, made.voices, made.utterances, made.statements, made.dropped):
        for column in frame.select_dtypes(["object", "string"]):
            "".join(frame[column].dropna().astype(str)).encode()


def check_as(case: tuple[str, bytes, str, str | None, str]) -> None:
    """Hold the same for any bytes under any name, read as any format."""
    name, content, format_, encoding, record = case
    check_file((name, content), format=format_, encoding=encoding, record=record)


# Settings and codes.

CONFIG = """\
study: bad
question: Why?
codebook: codebook.yaml
sources:
  - {path: a.txt, source_type: post, date: 2025-01-31, turns: [{from: The fares, speaker: a}]}
  - {path: "*.md", source_type: post}
coders:
  - &c {name: reader, type: recorded, path: codes.csv}
  - {name: cues, type: cues}
report: {title: Why?}
"""
CODEBOOK = """\
question: Why?
hypotheses:
  - id: fares
    name: Dearer fares
    role: motive
    claim: The fares rose.
    rivals: [late]
    cues: {en: {phrases: [fare*], patterns: ['dear(er)?']}}
    observations:
      - {id: o, see: x, where: y, effort: 1, bears_on: {fares: {rating: C, seen_if_true: 0.6, seen_if_false: 0.1},
        late: {rating: I, seen_if_true: 0.1, seen_if_false: 0.5}}}
  - {id: late, name: Late boats, role: motive, claim: The boats were late.}
"""
SIDECAR = "title: A title\ndate: 2025-01-31\nauthor: Ann\n"


def check_study(case: tuple[bytes, bytes, bytes]) -> None:
    """Hold that a study is read, or that there are words for what is wrong with its settings."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = dict(zip(("config.yaml", "codebook.yaml", "a.txt.meta.yaml"), case, strict=True))
        others = {"a.txt": SAID.encode(), "b.md": b"So.", "codes.csv": b""}
        for path, content in {**settings, **others}.items():
            (folder / path).write_bytes(content)
        try:
            study = LoadedStudy(folder / "config.yaml")
            study.section("sources")
        except SteelyardError as failure:
            str(failure).encode()


def _workbook() -> bytes:
    book, buffer = openpyxl.Workbook(), io.BytesIO()
    for row in csv.reader(bad_files.row().splitlines()):
        book.active.append(row)
    book.save(buffer)
    return buffer.getvalue()


TASKS = [
    {
        "id": 1,
        "data": {"document_id": "a", "start": "0", "quote": SAID},
        "annotations": [
            {
                **{"completed_by": {"email": "a@x.example"}, "created_at": "2025-01-31T10:00:00Z"},
                "result": [
                    {"from_name": "supports", "value": {"choices": ["fares"]}},
                    {"from_name": "kind", "value": {"choices": ["assertion"]}},
                    {"from_name": "hedged", "value": {"choices": ["false"]}},
                    {"from_name": "gap", "value": {"choices": ["false"]}},
                ],
            }
        ],
    }
]
CODES = {
    "codes.csv": bad_files.row().encode(),
    "codes.xlsx": _workbook(),
    "codes.json": json.dumps(TASKS).encode(),
}
SHEET = bad_files.SHEET % "".join(
    f'<row r="{n}">' + "".join(f'<c r="{c}{n}" t="inlineStr"><is><t>x</t></is></c>' for c in "ABC") + "</row>"
    for n in (1, 2)
)
MEANT = Codebook.model_validate(bad_files.CODEBOOK)


def check_codes(case: tuple[str, bytes]) -> None:
    """Hold that recorded codes are read, or that there are words for what is wrong with them."""
    name, content = case
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        try:
            for passage in passages(path, {"a": SAID}, MEANT):
                assert SAID[passage.start : passage.end]
        except SteelyardError as failure:
            str(failure)


# Renderers.

ALLOWED = {"p", "span", "div", "td"}
PROJECT = "project: {type: default}\nlang: en\nformat:\n  html: {}\n  typst: {}\n"


def qmd(texts: list[str]) -> str:
    """Write a document of quotes: as a paragraph, in a row of a table, as a heading, as an attribute."""
    blocks = [
        f"::: {{#q{n}}}\n{markdown.spoken(text, 'zh')}\n:::\n\n::: {{#n{n}}}\n- {markdown.name(text)}\n:::\n\n"
        f'::: {{#a{n} title="{attribute(text)}"}}\nx\n:::\n'
        for n, text in enumerate(texts)
    ]
    rows = [[str(n), markdown.quoted(text)] for n, text in enumerate(texts)]
    return markdown.join(["---\ntitle: Quotes\n---", *blocks, markdown.table(["n", "quote"], rows, "Quotes", "tbl-q")])


def check_page(texts: list[str]) -> None:
    """Hold that quotes come out as their characters and make no element, no attribute and no row."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "_quarto.yml").write_text(PROJECT)
        (folder / "q.qmd").write_text(qmd(texts), encoding="utf-8")
        render(folder, "q.qmd", folder / "q.html", None)
        page = lxml.html.document_fromstring(
            (folder / "q.html").read_bytes(), lxml.html.HTMLParser(encoding="utf-8", huge_tree=True)
        )
    rows = page.xpath("//table//tbody/tr")
    assert len(rows) == len(texts)
    for number, text in enumerate(texts):
        line = visible(" ".join(text.splitlines()))
        for place, as_shown in (("q", f"“{line}”"), ("n", line)):
            [found] = page.xpath(f"//*[@id='{place}{number}']")
            assert found.text_content().split() == as_shown.split()
            assert {one.tag for one in found.iter()} <= ALLOWED | {"ul", "li"}
            assert {key for one in found.iterdescendants() for key in one.attrib} <= {"lang", "dir"}
        [found] = page.xpath(f"//*[@id='a{number}']")
        assert set(found.attrib) <= {"id", "title"}
        assert _without_joiners(found.get("title", "")) == _without_joiners(visible(" ".join(text.split())))
        cells = rows[number].xpath("./td")
        assert [cell.text_content().strip() for cell in cells][:1] == [str(number)] and len(cells) == 2
        assert {one.tag for one in cells[1].iter()} <= ALLOWED


def _without_joiners(text: str) -> list[str]:
    return text.replace("\u2060", "").split()


def check_pdf(texts: list[str]) -> None:
    """Hold that quotes can be set by Typst, and that none runs code."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "_quarto.yml").write_text(PROJECT)
        (folder / "q.qmd").write_text(qmd(texts), encoding="utf-8")
        render(folder, "q.qmd", None, folder / "q.pdf")
        assert (folder / "q.pdf").read_bytes().startswith(b"%PDF-")


def check_link(url: str) -> None:
    """Hold that a link leads to the web, and has nothing in it that could end it."""
    target = link_target(url)
    assert target is None or (re.fullmatch(r"https?://[-\w.~:/?#@!$&'+,;=%]*", target, re.ASCII | re.IGNORECASE)), (
        target
    )


Check = Callable[[Any], None]
ENCODINGS = [None, None, "utf-8", "windows-1252", "utf-16", "utf-7", "gb18030", "unicode_escape", "shift_jis", "idna"]
BYTES = st.one_of(
    st.binary(max_size=200),
    TEXT.map(lambda text: text.encode(errors="surrogatepass")),
    TEXT.map(lambda text: text.encode("utf-16", errors="replace")),
    st.sampled_from(sorted(FILES.values())).flatmap(spoiled),
)
TARGETS: dict[str, tuple[st.SearchStrategy[Any], Check]] = {
    **{f"spoiled {name}": (st.tuples(st.just(name), spoiled(content)), check_file) for name, content in FILES.items()},
    **{f"any {name}": (strategy, check_file) for name, strategy in STRUCTURED.items()},
    "spoiled XML of a.docx": (
        spoiled(bad_files.DOCUMENT.encode()).map(
            lambda part: ("a.docx", bad_files.docx(**{"word/document.xml": part}))
        ),
        check_file,
    ),
    "spoiled XML of codes.xlsx": (
        spoiled(SHEET.encode()).map(lambda part: ("codes.xlsx", bad_files.workbook(part))),
        lambda case: check_codes(case),
    ),
    "any a.md": (CLEAN.map(lambda text: ("a.md", text.encode())), check_file),
    "any bytes as any format": (
        st.tuples(
            st.sampled_from([*FILES, "a.x"]),
            BYTES,
            st.sampled_from([one for one in FORMATS if one not in ("pdf", "docx", "markdown")]),
            st.sampled_from(ENCODINGS),
            st.sampled_from(["post", "document"]),
        ),
        check_as,
    ),
    "settings": (
        st.tuples(spoiled(CONFIG.encode()), spoiled(CODEBOOK.encode()), spoiled(SIDECAR.encode())),
        check_study,
    ),
    **{f"codes {name}": (st.tuples(st.just(name), spoiled(content)), check_codes) for name, content in CODES.items()},
    "codes, any JSON": (
        st.lists(JSON | st.dictionaries(st.sampled_from(["data", "annotations", "id"]), JSON), max_size=2).map(
            lambda tasks: ("codes.json", json.dumps(tasks).encode())
        ),
        check_codes,
    ),
    "quotes in HTML": (st.lists(CLEAN, min_size=1, max_size=20), check_page),
    "quotes in PDF": (st.lists(CLEAN, min_size=1, max_size=20), check_pdf),
    "links": (st.one_of(CLEAN, CLEAN.map("https://x.example/{}".format)), check_link),
}

# What was found, by target: held for good.
FOUND: dict[str, list[Any]] = {
    "any hn.json": [
        ("hn.json", b'{"author": "\\ud800", "title": "\\udfff", "children": [{"text": "So.\\u0000 It is."}]}')
    ],
    "spoiled hn.json": [("hn.json", json.dumps({"author": "", "children": [], "text": "<?x ?>\ufffe"}).encode())],
    "any a.csv": [("a.csv", b",,,\n,,,\n"), ("a.csv", b"text\rIt is dear.\r")],
    "any a.html": [("a.html", b"<!doctype html><html><head><title>A<title><head><body><article><p>It is.")],
    "any bytes as any format": [
        ("a.txt", b"The \\ud800 fares.", "article", "unicode_escape", "post"),
        ("a.txt", b"[" * 100_000, "auto", None, "post"),
    ],
    "spoiled a.pdf": [("a.pdf", bad_files.pdf(bad_files.DATES, trailer=b"/Info 6 0 R"))],
    "any a.vtt": [("a.vtt", b"WEBVTT\n\n00:03.000 --> 00:03.500\n\x1b\n\n")],
    "quotes in HTML": [["0\r\t", "    x", "\x1f"]],
    "settings": [(b"a: " + b"[" * 100_000, b"? [a]\n: b", b"a: 0x" + b"f" * 5_000)],
    "codes codes.csv": [("codes.csv", bad_files.row(start="9" * 5_000).encode())],
    "codes, any JSON": [
        ("codes.json", b'[{"data": {}, "annotations": [{"result": [{"from_name": ["x"], "value": []}]}]}]')
    ],
}


@functools.cache
def few(name: str) -> int:
    """Give the number of examples that `make test` has time for."""
    if name.startswith("quotes"):
        return 2
    return 2 if any(slow in name for slow in SLOW) else 6
