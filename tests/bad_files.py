"""Bad input as a list of cases: each makes a study that holds it, and what comes out is a row of docs/bad-input.md.

`python tests/bad_files.py` writes the page's tables anew; look at what changed in them before you commit it.
"""

from __future__ import annotations

import contextlib
import io
import itertools
import json
import os
import re
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import yaml

from steelyard.annotate.recorded_file import COLUMNS, passages
from steelyard.errors import SteelyardError
from steelyard.ingest.corpus import ingest
from steelyard.ingest.documents import read_documents
from steelyard.loaded_study import LoadedStudy

PAGE = Path(__file__).resolve().parents[1] / "docs" / "bad-input.md"
SHOWN = 60  # characters of a statement

Make = Callable[[Path], object]  # makes the study in a folder
CASES: dict[str, dict[str, Make]] = {}  # by heading of the page, and by what is tried

HYPOTHESIS = {"id": "fares", "name": "Dearer fares", "role": "motive", "claim": "The fares rose."}
CODEBOOK: dict[str, Any] = {"question": "Why?", "hypotheses": [HYPOTHESIS]}
CONFIG: dict[str, Any] = {
    "study": "bad",
    "question": "Why?",
    "codebook": "codebook.yaml",
    "coders": [{"name": "cues", "type": "cues"}],
    "report": {"title": "Why?"},
}
SAID = "The fares rose, and we stopped riding."


def outcome(folder: Path) -> str:
    """Say what comes of a study: its first statements, or every problem; paths are those below the folder."""
    with contextlib.chdir(folder):
        try:
            study = LoadedStudy(Path("config.yaml"))
            options = study.config.ingest
            documents = read_documents(study.config.sources, study.folder, options.largest_megabytes)
            corpus = ingest(documents, options)
            for name in study.recorded_names:
                texts = {document.document_id: document.text for document in documents}
                passages(Path(study.recorded_path(name)), texts, study.codebook)
        except SteelyardError as failure:
            return "\n".join(line.strip() for problem in failure.problems for line in str(problem).splitlines())
    rows = corpus.statements.sort_values(["document_id", "start"]).text
    shown = [" ".join(text.split()) for text in rows[:2]]
    shown = [f"“{text if len(text) <= SHOWN else text[: SHOWN - 1] + '…'}”" for text in shown]
    counts = f"{_count(len(corpus.documents), 'document')}, {_count(len(rows), 'statement')}"
    copies = corpus.dropped.reason[corpus.dropped.reason.str.startswith("duplicate")]
    return "\n".join([f"{counts}: {' '.join(shown)}{' …' if len(rows) > 2 else ''}", *copies])


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def study(
    folder: Path,
    files: Mapping[str, bytes | str],
    config: Mapping[str, Any] | None = None,
    codebook: object = CODEBOOK,
    **source: Any,
) -> None:
    """Write a study whose sources are the given files."""
    sources = [{"path": name, "source_type": "post", **source} for name in files]
    written = {
        "config.yaml": yaml.safe_dump({**CONFIG, "sources": sources, **(config or {})}, allow_unicode=True),
        "codebook.yaml": codebook if isinstance(codebook, str) else yaml.safe_dump(codebook),
        **files,
    }
    for name, content in written.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


def add(heading: str, tried: str, name: str, content: bytes | str | Callable[[], bytes | str], **given: Any) -> None:
    """Add a case of one file."""

    def make(folder: Path) -> None:
        study(folder, {name: content() if callable(content) else content}, **given)

    CASES.setdefault(heading, {})[tried] = make


def case(heading: str, tried: str) -> Callable[[Make], Make]:
    """Add a case that a function makes."""

    def keep(make: Make) -> Make:
        CASES.setdefault(heading, {})[tried] = make
        return make

    return keep


def written(folder: Path, name: str, text: str) -> None:
    """Write a study whose config or codebook is this text, with one good document."""
    study(folder, {"a.txt": SAID})
    (folder / name).write_text(text)


# Encodings and line ends.

H = "Encodings and line ends"
GERMAN = "Die Fähre ist zu teuer."
add(H, "UTF-8 with a byte order mark", "a.txt", GERMAN.encode("utf-8-sig"))
add(H, "UTF-16 with a byte order mark, little-endian", "a.txt", b"\xff\xfe" + GERMAN.encode("utf-16-le"))
add(H, "UTF-16 with a byte order mark, big-endian", "a.txt", b"\xfe\xff" + GERMAN.encode("utf-16-be"))
add(H, "UTF-32 with a byte order mark", "a.txt", GERMAN.encode("utf-32"))
add(H, "UTF-16 without a byte order mark", "a.txt", GERMAN.encode("utf-16-le"))
add(H, "the same, named `utf-16-le` in the config", "a.txt", GERMAN.encode("utf-16-le"), encoding="utf-16-le")
add(H, "Latin-1", "a.txt", GERMAN.encode("latin-1"))
add(H, "windows-1252, named in the config", "a.txt", "Fähre – „teuer“".encode("cp1252"), encoding="windows-1252")
add(H, "an encoding that is not known", "a.txt", GERMAN, encoding="windows-9999")
add(H, "an encoding that is none of text", "a.txt", GERMAN, encoding="base64")
add(H, "an encoding that writes half a character", "a.txt", rb"The \ud800 fares.", encoding="unicode_escape")
add(H, "UTF-8 cut within a character", "a.txt", GERMAN.encode()[:6])
add(H, "UTF-8 in overlong form", "a.txt", b"The \xc0\xaf fares.")
add(
    H,
    "CR, LF, CRLF, NEL and U+2028 as line ends in one file",
    "a.txt",
    "So one.\rSo two.\nSo three.\r\nSo four.\x85So five.\u2028So six.",
)
add(H, "NUL within a text", "a.txt", "The\0 fares rose.")
add(H, "a few control characters within a long text", "a.txt", "The fares\x07 rose. " + SAID * 5)
add(H, "half a character (a lone surrogate) in JSON", "a.jsonl", '{"text": "The \\ud800 fares.", "author": "\\udfff"}')

# Size and kind.

H = "Size"
add(H, "an empty file", "a.txt", "")
add(H, "a file of blanks", "a.txt", " \n\t\n \u3000")
add(H, "a byte order mark and nothing else", "a.txt", b"\xef\xbb\xbf")


@case(H, "one line of 200 MB")
def _(folder: Path) -> None:
    study(folder, {"a.txt": b"x"})
    os.truncate(folder / "a.txt", 200_000_000)


add(H, "one line of 60,000 characters, all sentences", "a.txt", "It is dear. " * 5_000)
add(H, "one word of 200,000 characters", "a.txt", "x" * 200_000)
add(
    H,
    "one line of 30,000 Chinese characters",
    "a.txt",
    "船票太贵。" * 6_000,
    config={"ingest": {"languages": ["zh"]}},
)
add(H, "one line of CSV with a cell of 200,000 characters", "a.csv", lambda: f'text\n"{"dear fares " * 18_200}"\n')

H = "Files of another kind"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
add(H, "a program (ELF) under .txt", "a.txt", b"\x7fELF\x02\x01\x01" + b"\0" * 400)
add(H, "a picture (PNG) under .txt", "a.txt", PNG)
add(H, "a picture (PNG) under .pdf", "a.pdf", PNG)
add(H, "a compressed file (gzip) under .txt", "a.txt", b"\x1f\x8b\x08\0\0\0\0\0\0\x03")
add(H, "a ZIP archive under .txt", "a.txt", lambda: archive({"a.txt": SAID}))
add(H, "an old Word file (.doc) under .txt", "a.txt", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500)
add(H, "an RTF file under .txt", "a.txt", r"{\rtf1\ansi The fares rose.}")
add(H, "a database (SQLite) under .txt", "a.txt", b"SQLite format 3\0" + b"\x01\x02" * 50)
add(H, "a PDF file under .txt", "a.txt", lambda: pdf())
add(H, "a web page under .txt", "a.txt", lambda: page(f"<p>{SAID} {SAID}</p>"))
add(H, "plain text, said to be `format: pdf`", "a.txt", SAID, format="pdf")
add(H, "plain text, said to be `format: docx`", "a.txt", SAID, format="docx")
add(H, "plain text, said to be `format: hackernews`", "a.txt", SAID, format="hackernews")
add(H, "a compressed web page, said to be `format: html`", "a.txt", zlib.compress(b"<html>"), format="html")

# Office files, PDF.

H = "Word files"
DOCUMENT = (
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>'
    f"{SAID}</w:t></w:r></w:p></w:body></w:document>"
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r" Type='
    f'"{OFFICE}" Target="word/document.xml"/></Relationships>'
)
CORE = "docProps/core.xml"
BOMB = "".join(f'<!ENTITY b{n} "{f"&b{n - 1};" * 10 if n else "x" * 10}">' for n in range(10))


def archive(entries: Mapping[str, bytes | str]) -> bytes:
    """Pack a ZIP archive."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, entry in entries.items():
            packed.writestr(zipfile.ZipInfo(name), entry, zipfile.ZIP_DEFLATED)
    return content.getvalue()


def docx(**entries: bytes | str) -> bytes:
    """Pack a Word file; entries are given with dots and slashes as in the archive."""
    return archive({"_rels/.rels": RELATIONS, "word/document.xml": DOCUMENT, **entries})


def declared(content: bytes, name: str, size: int) -> bytes:
    """Give an archive that tells another size of an entry, here and in its directory, and the checksum to match."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        entry = packed.getinfo(name)
        true, begun = (entry.CRC, entry.file_size), packed.read(name)[:size]
    told = zlib.crc32(begun) if size <= true[1] else true[0]
    old = struct.pack("<III", true[0], entry.compress_size, true[1])
    assert content.count(old) == 2
    return content.replace(old, struct.pack("<III", told, entry.compress_size, size))


def endless() -> bytes:
    """Give a Word file whose text goes on for 50 MB after what its directory tells: a bomb for who believes it."""
    return declared(docx(**{"word/document.xml": DOCUMENT + " " * 50_000_000}), "word/document.xml", len(DOCUMENT))


add(H, "a Word file", "a.docx", docx)
add(H, "a Word file under .txt", "a.txt", docx)
add(H, "a Word file that is cut off", "a.docx", lambda: docx()[:-100])
add(H, "a workbook under .docx", "a.docx", lambda: archive({"xl/workbook.xml": "<workbook/>"}))
add(H, "an OpenDocument text under .docx", "a.docx", lambda: archive({"mimetype": "x", "content.xml": "<x/>"}))
add(H, "an e-book (EPUB) under .docx", "a.docx", lambda: archive({"META-INF/container.xml": "<x/>"}))
add(H, "a workbook, said to be `format: docx`", "a.x", lambda: archive({"xl/workbook.xml": "<x/>"}), format="docx")
add(
    *(H, "an entry that says it unpacks to 4 GB", "a.docx"),
    lambda: declared(docx(**{"word/b.xml": "0" * 5000}), "word/b.xml", 4_000_000_000),
)
add(H, "an entry that unpacks to 70 MB and says so", "a.docx", lambda: docx(**{"word/b.xml": " " * 70_000_000}))
add(H, "an entry that unpacks to 50 MB and says 300 bytes", "a.docx", endless)
add(
    H, "a bomb in an archive inside (nested ZIP)", "a.docx", lambda: docx(**{"word/b.zip": archive({"b": "0" * 10**7})})
)
add(H, "XML entities that unfold to 10 GB, in the text", "a.docx", lambda: entities("word/document.xml", BOMB, "&b9;"))
add(H, "the same in the properties", "a.docx", lambda: entities(CORE, BOMB, "&b9;"))
add(
    *(H, "an XML entity that stands for a file of the machine", "a.docx"),
    lambda: entities("word/document.xml", '<!ENTITY b0 SYSTEM "file:///etc/passwd">', "&b0;"),
)
add(H, "an entry called ../../x", "a.docx", lambda: docx(**{"../../x.xml": "<x/>"}))
add(H, "properties that are no XML", "a.docx", lambda: docx(**{CORE: "<x"}))


def entities(name: str, declarations: str, text: str) -> bytes:
    """Pack a Word file, one of whose entries declares XML entities."""
    return docx(**{name: f"<!DOCTYPE x [{declarations}]>" + DOCUMENT.replace(SAID, text)})


H = "PDF"
PAGE_OF = (
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> %s >> >>"
)


def stream(words: bytes, content: bytes) -> bytes:
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (words, len(content), content)


def pdf(
    *more: bytes,
    text: bytes = f"({SAID}) Tj".encode(),
    kids: bytes = b"3 0 R",
    count: int = 1,
    resources: bytes = b"",
    trailer: bytes = b"",
) -> bytes:
    """Write a PDF file of one page; `more` are its objects from 6 on."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count),
        PAGE_OF % resources,
        stream(b"", b"BT /F 12 Tf 72 700 Td %s ET" % text),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        *more,
    ]
    content, places = b"%PDF-1.7\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, trailer, len(content))
    return content + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + end


def forms(depth: int) -> bytes:
    """Write a PDF file whose page shows a form ten times, which shows one ten times, and so on."""
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 600 600] /Resources << /XObject << /X %d 0 R >> >>"
    last = b"/Type /XObject /Subtype /Form /BBox [0 0 600 600] /Resources << /Font << /F 5 0 R >> >>"
    inner = [stream(form % (7 + number), b"/X Do " * 10) for number in range(depth)]
    shown = stream(last, b"BT /F 12 Tf (bomb) Tj ET")
    return pdf(*inner, shown, text=b"ET /X Do BT", resources=b"/XObject << /X 6 0 R >>")


DATES = b"<< /CreationDate (D:20250230120000+99'99') /Title (\xfe\xff\xd8\x00\x00A) >>"
add(H, "a PDF file", "a.pdf", pdf)
add(H, "a PDF file that is cut off", "a.pdf", lambda: pdf()[:300])
add(H, "nothing but the first line of a PDF file", "a.pdf", "%PDF-1.7\n")
add(
    *(H, "a PDF file locked by a password", "a.pdf"),
    lambda: pdf(
        b"<< /Filter /Standard /V 1 /R 2 /O <%s> /U <%s> /P -4 >>" % (b"00" * 32, b"11" * 32),
        trailer=b"/Encrypt 6 0 R /ID [<00><00>]",
    ),
)
add(H, "a PDF file with no text (a scan)", "a.pdf", lambda: pdf(text=b""))
add(H, "properties with a date that is none and half a character", "a.pdf", lambda: pdf(DATES, trailer=b"/Info 6 0 R"))
add(
    *(H, "10,000 objects, each inside the one before", "a.pdf"),
    lambda: pdf(*(b"[%d 0 R]" % (number + 7) for number in range(10_000)), b"null"),
)
add(H, "10,000 brackets in one another", "a.pdf", lambda: pdf(b"[" * 10_000 + b"]" * 10_000))
add(H, "one page that says it is 100,000,000", "a.pdf", lambda: pdf(count=100_000_000))
add(H, "forms in forms, 10,000,000,000 in all (takes 2 s)", "a.pdf", lambda: forms(9))

# Web pages and Markdown.

H = "Web pages"


def page(body: str, head: str = "") -> str:
    """Write a web page with an article."""
    return f"<!doctype html><html><head><title>A page</title>{head}</head><body><article>{body}</article></body></html>"


PARAGRAPH = f"<p>{SAID} Nobody was asked, and that made it worse for all of us here.</p>"
LATIN = PARAGRAPH.replace("fares", "Fähren")
add(H, "tags that are never closed", "a.html", page(PARAGRAPH).replace("</", "<").replace("<p>N", "N"))
add(H, "100,000 elements in one another", "a.html", lambda: page(PARAGRAPH + "<div>" * 100_000 + "x"))
add(H, "UTF-8 that says it is Latin-1", "a.html", page(LATIN, '<meta charset="iso-8859-1">'))
add(H, "windows-1252 that says so", "a.html", page(LATIN, '<meta charset="windows-1252">').encode("cp1252"))
add(H, "windows-1252 that says it is UTF-8", "a.html", page(LATIN, '<meta charset="utf-8">').encode("cp1252"))
add(H, "windows-1252 that says it is `klingon`", "a.html", page(LATIN, '<meta charset="klingon">').encode("cp1252"))
add(H, "windows-1252 that says nothing", "a.html", page(LATIN).encode("cp1252"))
add(H, "a page with no article", "a.html", "<!doctype html><html><body><nav>Home</nav></body></html>")
add(H, "a page of scripts", "a.html", page("<script>document.write('x')</script>"))

H = "Markdown"
add(H, "front matter that is no YAML", "a.md", f"---\ntitle: [\n---\n{SAID}")
add(H, "front matter that never ends", "a.md", f"---\ntitle: x\n{SAID}")
add(H, "a date in the front matter that is none", "a.md", f"---\ntitle: x\ndate: 2025-02-30\n---\n{SAID}")
add(H, "1,000 quotes in one another", "a.md", "> " * 1_000 + SAID)
add(H, "lists 200 deep", "a.md", "".join("  " * depth + "- a\n" for depth in range(200)) + SAID)
add(H, "1,000 brackets in one another", "a.md", "[" * 1_000 + SAID + "]" * 1_000)
add(H, "nothing but markup", "a.md", "```\ncode\n```\n")

# Records and subtitles.

H = "CSV, JSON Lines, JSON"
add(H, "CSV with a row that is too long", "a.csv", f'text,author\n"{SAID}",Ann\nIt is dear, too dear,Bob\n')
add(H, "CSV with a row that is too short", "a.csv", f'text,author\n"{SAID}"\n')
add(H, "CSV with a quotation mark that is never closed", "a.csv", f'text,author\nA.,B\n"{SAID},Ann\n')
add(H, "CSV with NUL", "a.csv", "text\nThe\0 fares.\n")
add(H, "CSV with a column twice", "a.csv", "text,text\nA.,B.\n")
add(H, "CSV without a header", "a.csv", f"Ann,{SAID.replace(',', '')}\n")
add(H, "CSV with nothing but a header", "a.csv", "text,author\n")
add(H, "CSV that is blank but for commas", "a.csv", ",,,\n,,,\n")
add(H, "CSV with dates that are none", "a.csv", "text,date\nA.,2025-02-30\nB.,0000-01-01\nC.,99999999999999999999\n")
add(H, "CSV with dates with a time and a zone", "a.csv", "text,date\nA b.,2025-01-31T23:00:00-05:00\nC d.,1738368000\n")
add(H, "JSON Lines with one broken line", "a.jsonl", f'{{"text": "{SAID}"}}\n{{"text": "It \n{{"text": "So."}}\n')
add(H, "JSON Lines with a line that is no object", "a.jsonl", '{"text": "So."}\n[1]\n')
add(H, "JSON Lines whose text is no text", "a.jsonl", '{"text": {"a": 1}}\n{"text": "So."}\n')
add(H, "JSON Lines with a number of 5,000 digits", "a.jsonl", '{"text": %s}\n' % ("9" * 5_000))
add(H, "JSON 100,000 brackets deep", "a.jsonl", '{"text": %s}\n' % ("[" * 100_000))
add(H, "the same, said to be `format: hackernews`", "a.json", "[" * 100_000, format="hackernews")
add(H, "the same under .txt, which is read as a text", "a.txt", "[" * 1_000 + "\n" + SAID)
add(
    *(H, "a discussion whose comments lie 400 deep", "a.json"),
    lambda: (
        '{"author": "a", "title": "A title", "text": null, "children": ['
        + '{"author": "b", "text": "So.", "children": [' * 400
        + "]}" * 400
        + "]}"
    ),
)


@case(H, "records that are called as another document is")
def _(folder: Path) -> None:
    study(folder, {"a.csv": "text\nA b.\n", "a-1.txt": SAID}, record="document")


H = "Subtitles"
CAPTION = "00:00:01,000 --> 00:00:02,000\n"
add(H, "times that overlap and run backward", "a.srt", f"1\n{CAPTION}One.\n\n2\n00:00:01,500 --> 00:00:00,100\nTwo.\n")
add(H, "a time that is none", "a.srt", f"1\n{CAPTION}One.\n\n2\n99:99 --> x\nTwo.\n")
add(H, "subtitles without captions", "a.vtt", "WEBVTT\n\nNOTE nothing\n")
add(H, "a tag that never ends", "a.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ann Hello there all.\n")

# Names and places of files.

H = "Names and places of files"
NAMES = [
    "with space.txt",
    'quote\'s "both".txt',
    "emoji 😆.txt",
    "100%.txt",
    "$HOME `id`.txt",
    "back\\slash.txt",
    "-leading dash.txt",
    " blanks around ",
    "semi;colon&and|bar.txt",
    "*star[ab]?.txt",
    "~tilde@#!.txt",
    "票价.txt",
    "tab\there.txt",
    "line\nend.txt",
    "escape\x1b[31m.txt",
    "turn\u202etxt.txt",
    "{}.txt",
    "x" * 251 + ".txt",
]


@case(H, "names with blanks, quotation marks, emoji, `%`, `$`, backslash, dash, line end, controls, and of 255 bytes")
def _(folder: Path) -> None:
    study(folder, {name: f"The fares rose in the year {number}." for number, name in enumerate(NAMES)})
    config = yaml.safe_load((folder / "config.yaml").read_text())
    for number, one in enumerate(config["sources"]):
        one["id"] = f"n{number:02}"
    (folder / "config.yaml").write_text(yaml.safe_dump(config))


add(H, "a name with a word in braces", "the {x} of it.txt", SAID)
add(H, "a name with a word in angle brackets", "the <results> of it.txt", SAID)


@case(H, "a name that is not UTF-8, found by a pattern")
def _(folder: Path) -> None:
    study(folder, {"letters/a.txt": SAID})
    (folder / os.fsdecode(b"letters/b\xff.txt")).write_text(SAID)
    sources(folder, "letters/*.txt")


def sources(folder: Path, *paths: str, **given: Any) -> None:
    """Name other sources in the config."""
    config = yaml.safe_load((folder / "config.yaml").read_text())
    config["sources"] = [{"path": path, "source_type": "post", **given} for path in paths]
    (folder / "config.yaml").write_text(yaml.safe_dump(config, allow_unicode=True))


def placed(tried: str, *paths: str, link: tuple[str, str] | None = None, **given: Any) -> None:
    """Add a case of one good document, perhaps a link (its name, and where it leads), and these sources."""

    def make(folder: Path) -> None:
        study(folder / "study", {"letters/a.txt": SAID})
        (folder / "outside.txt").write_text("What stands outside says another thing.")
        for path in (folder / "study").iterdir():
            path.rename(folder / path.name)
        if link:
            (folder / link[0]).symlink_to(link[1])
        sources(folder, *paths, **given)

    CASES[H][tried] = make


placed("a file that is not there", "letters/b.txt")
placed("a folder that is not there", "letter/a.txt")
placed("a name of 300 bytes", "x" * 300)
placed("a name with a zero byte", "a\0b.txt")
placed("the same path twice", "letters/a.txt", "letters/a.txt")
placed("a folder as a source", "letters")
placed("a device as a source", "/dev/zero")
placed("a path that leads up and back", "letters/../letters/a.txt")
placed("a pattern that leads back up", "letters/*/../../*.txt")
placed("a pattern that cannot be", "letters/**.txt")
placed("a pattern that no file fits", "letters/*.md")
placed("an id that leads up", "letters/a.txt", id="../x")
placed("a link to a file beside it", "b.txt", link=("b.txt", "letters/a.txt"))
placed("a broken link", "b.txt", link=("b.txt", "nowhere"))
placed("a link in a circle", "b.txt", link=("b.txt", "b.txt"))
placed("a link in a circle of folders, found by a pattern", "letters/**/*.txt", link=("letters/loop", "."))
placed("a link that leads out of a pattern's folder", "letters/*.txt", link=("letters/b.txt", "../outside.txt"))
placed("a broken link beside others, found by a pattern", "letters/*.txt", link=("letters/b.txt", "nowhere"))


@case(H, "a pipe (FIFO) as a source")
def _(folder: Path) -> None:
    study(folder, {"a.txt": SAID})
    os.mkfifo(folder / "pipe")
    sources(folder, "pipe")


@case(H, "a pipe (FIFO) as codebook")
def _(folder: Path) -> None:
    study(folder, {"a.txt": SAID})
    (folder / "codebook.yaml").unlink()
    os.mkfifo(folder / "codebook.yaml")


@case(H, "a folder as config")
def _(folder: Path) -> None:
    (folder / "config.yaml").mkdir()


@case(H, "the same bytes under two names")
def _(folder: Path) -> None:
    study(folder, {"a.txt": SAID, "b.txt": SAID})


@case(H, "the same text in two formats")
def _(folder: Path) -> None:
    study(folder, {"a.txt": SAID, "b.md": f"**{SAID}**\n", "c.docx": docx()})


# Config and codebook.

H = "Config and codebook"


def config(tried: str, key: str, value: str) -> None:
    """Add a case of a config in which a key has this value, as YAML."""

    def make(folder: Path) -> None:
        study(folder, {"a.txt": SAID})
        kept = {name: one for name, one in yaml.safe_load((folder / "config.yaml").read_text()).items() if name != key}
        (folder / "config.yaml").write_text(f"{key}: {value}\n{yaml.safe_dump(kept)}")

    CASES.setdefault(H, {})[tried] = make


def one_source(tried: str, more: str) -> None:
    """Add a case of a config whose only source says this."""
    config(tried, "sources", f"[{{path: a.txt, source_type: post, {more}}}]")


config("a study whose name leads up", "study", "../x")
config("a study called `2025`", "study", "2025")
config("a study called `no`", "study", "no")
config("a tag that would make a Python object", "question", "!!python/object/apply:os.system [id]")
config("a tag that is not known", "question", "!x why")
config("a number of 5,000 digits", "question", "9" * 5_000)
config("a number that is too large", "method", "{robustness: {draws: 99999999999999999999}}")
config("a zero byte in a name", "codebook", '"a\\0b"')
config("a key that is no text", "question", "why\n? [a, b]\n: c")
config("an alias of what is around it", "method", "&m {strength: *m}")
config("brackets 100,000 deep", "question", "[" * 100_000)
one_source("a date in year 0", "date: 0000-01-01")
one_source("a date in year 10000", "date: 10000-01-01")
one_source("a day that is none", "date: 2025-02-30")
one_source("a number as a date", "date: 20250131")
one_source("a date with a time and a zone", "date: 2025-01-31T23:00:00-05:00")
one_source("a date as a text", "date: '2025-01-31'")
one_source("`yes` as a title", "title: yes")
one_source("an octal number as a title", "title: 0123")
one_source("a date as a title", "title: 2025-01-31")


def aliases(first: str) -> str:
    """Write YAML of nine aliases of nine aliases of … : a hundred million values."""
    rows = [f"b0: &b0 [{', '.join([first] * 9)}]"]
    rows += [f"b{number}: &b{number} [{', '.join([f'*b{number - 1}'] * 9)}]" for number in range(1, 9)]
    return "\n".join(rows)


@case(H, "aliases of aliases that stand for a hundred million values, in the config")
def _(folder: Path) -> None:
    written(folder, "config.yaml", aliases("x"))


@case(H, "the same in the codebook")
def _(folder: Path) -> None:
    written(folder, "codebook.yaml", aliases("x"))


@case(H, "the same in a sidecar")
def _(folder: Path) -> None:
    written(folder, "a.txt.meta.yaml", aliases("x"))


@case(H, "a control character in the config")
def _(folder: Path) -> None:
    written(folder, "config.yaml", "study: x\nquestion: why\x07\n")


@case(H, "a codebook that is not UTF-8")
def _(folder: Path) -> None:
    study(folder, {"a.txt": SAID})
    (folder / "codebook.yaml").write_bytes("question: Fähre\n".encode("latin-1"))


@case(H, "a codebook of 20 MB")
def _(folder: Path) -> None:
    study(folder, {"a.txt": SAID})
    os.truncate(folder / "codebook.yaml", 20_000_000)


def codebook(tried: str, **given: Any) -> None:
    """Add a case of a codebook whose only hypothesis has these keys besides."""
    CASES[H][tried] = lambda folder: study(
        folder, {"a.txt": "a" * 50_000}, codebook={**CODEBOOK, "hypotheses": [{**HYPOTHESIS, **given}]}
    )


CASES[H]["a codebook of no hypotheses"] = lambda folder: study(
    folder, {"a.txt": SAID}, codebook={**CODEBOOK, "hypotheses": []}
)
codebook(
    "a pattern that backtracking engines explode on, on a long text", cues={"en": {"patterns": ["(a+)+$", "(a|aa)+b"]}}
)
codebook("a pattern that repeats a billion times", cues={"en": {"patterns": ["((a{1000}){1000}){1000}"]}})
codebook("a pattern that looks ahead", cues={"en": {"patterns": ["a(?=b)"]}})
codebook("an id with a blank and an accent", id="dear färes")

# Recorded codes.

H = "Recorded codes"


def codes(tried: str, name: str, content: bytes | str | Callable[[], bytes | str]) -> None:
    """Add a case of a file of recorded codes."""

    def make(folder: Path) -> None:
        coders = [{"name": "reader", "type": "recorded", "path": name}]
        study(folder, {"a.txt": SAID}, {"coders": coders})
        found = content() if callable(content) else content
        (folder / name).write_bytes(found if isinstance(found, bytes) else found.encode())

    CASES.setdefault(H, {})[tried] = make


def row(**given: str) -> str:
    """Write the header and one row."""
    cells = dict.fromkeys(COLUMNS, "") | {
        **{"document_id": "a", "start": "0", "quote": f'"{SAID}"', "hypothesis_id": "fares", "stance": "supports"},
        **{"kind": "observation", "hedged": "false", "gap": "false", "coder": "Ann", "origin": "human"},
        **{"date": "2025-01-31"},
        **given,
    }
    return ",".join(cells) + "\n" + ",".join(cells.values()) + "\n"


def workbook(sheet: bytes | str) -> bytes:
    """Write a workbook whose only sheet is this."""
    content = io.BytesIO()
    openpyxl.Workbook().save(content)
    with zipfile.ZipFile(content) as packed:
        entries = {name: packed.read(name) for name in packed.namelist()}
    return archive({**entries, "xl/worksheets/sheet1.xml": sheet})


SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
)
FAR = SHEET % '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row><row r="2000000000"/>'
codes("a good file", "codes.csv", row())
codes("an empty file", "codes.csv", "")
codes("Latin-1", "codes.csv", row(note="Fähre").encode("latin-1"))
codes("UTF-16", "codes.csv", row().encode("utf-16"))
codes("a quotation mark that is never closed", "codes.csv", row() + '"x')
codes("NUL", "codes.csv", row(note="a\0b"))
codes("a row that is too long", "codes.csv", row() + "," * 40 + "x\n")
codes("a column twice, another missing", "codes.csv", row().replace("note", "coder", 1))
codes("a start of 5,000 digits", "codes.csv", row(start="9" * 5_000))
codes("a start in Arabic digits", "codes.csv", row(start="\u0660"))
codes("a picture under .csv", "codes.csv", PNG)
codes("a text under .xlsx", "codes.xlsx", row())
codes("a workbook that is cut off", "codes.xlsx", lambda: workbook(SHEET % "")[:-200])
codes("a workbook without a sheet", "codes.xlsx", lambda: archive({"xl/workbook.xml": "<workbook/>"}))
codes("a workbook with a row far below", "codes.xlsx", lambda: workbook(FAR))
codes(
    "a workbook that says it unpacks to 300 MB",
    "codes.xlsx",
    lambda: declared(workbook(" "), "xl/worksheets/sheet1.xml", 300_000_000),
)
codes("XML entities that unfold to 10 GB", "codes.xlsx", lambda: workbook(f"<!DOCTYPE x [{BOMB}]><x>&b9;</x>"))
codes("Label Studio: no JSON", "codes.json", "[{")
codes("Label Studio: brackets 100,000 deep", "codes.json", "[" * 100_000)
codes("Label Studio: a number of 5,000 digits", "codes.json", '[{"id": %s}]' % ("9" * 5_000))
codes("Label Studio: an object where a list belongs", "codes.json", '{"annotations": []}')
codes(
    *("Label Studio: answers of odd kinds", "codes.json"),
    json.dumps([{"data": {"document_id": "a"}, "annotations": [{"result": [{"from_name": ["x"], "value": [[]]}]}]}]),
)
codes("a file of another kind", "codes.txt", row())


def cases() -> Iterator[tuple[str, str, Make]]:
    """Give every case: heading, what is tried, and what makes it."""
    for heading, tried in CASES.items():
        for one, make in tried.items():
            yield heading, one, make


def cell(text: str) -> str:
    """Write lines as a cell of a Markdown table, each as code."""
    return "<br>".join(_code(line) for line in text.split("\n"))


def _code(line: str) -> str:
    ticks = "`" * (max(map(len, re.findall("`+", line)), default=0) + 1)
    blank = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{ticks}{blank}{line}{blank}{ticks}".replace("|", "\\|")


def table_row(tried: str, came: str) -> str:
    """Write a row of the page."""
    return f"| {tried} | {cell(came)} |"


def main() -> None:
    """Write the tables of the page anew; what stands before the first of them stays."""
    text = PAGE.read_text(encoding="utf-8")
    lines = [text.partition("\n## ")[0].rstrip("\n")]
    for heading, group in itertools.groupby(cases(), key=lambda one: one[0]):
        lines += ["", f"## {heading}", "", "| tried | what comes out |", "|---|---|"]
        for _, tried, make in group:
            with tempfile.TemporaryDirectory() as folder:
                make(Path(folder))
                lines.append(table_row(tried, outcome(Path(folder))))
    PAGE.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
