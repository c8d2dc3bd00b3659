"""The documentation's site is built, its examples are accepted, and the commands and formats that it names exist."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import get_args

import pytest
import yaml

from project import PROJECT
from steelyard import cli
from steelyard.codebook import Codebook
from steelyard.configuration_page import complete
from steelyard.ingest.corpus import ingest
from steelyard.ingest.documents import documents_of
from steelyard.ingest.readers import registry
from steelyard.ingest.readers.file import File
from steelyard.study import About, Format, Ingest, Source, Study

DOCS = PROJECT / "docs"
PAGES = {path: path.read_text(encoding="utf-8") for path in [*PROJECT.glob("*.md"), *DOCS.rglob("*.md")]}
FENCED = re.compile(
    r'^( *)```(?P<kind>\w+)(?: title="(?P<title>[^"]+)")?\n(?P<text>.*?)^\1```$', re.DOTALL | re.MULTILINE
)


def fenced(kind: str, *pages: str) -> list[tuple[str | None, str]]:
    texts = [PAGES[PROJECT / page] for page in pages] or [
        text for path, text in PAGES.items() if path.parent.name != "decisions"
    ]
    return [
        (found["title"], found["text"]) for text in texts for found in FENCED.finditer(text) if found["kind"] == kind
    ]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    pytest.importorskip("material")  # a dependency of developers
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return folder


def test_the_site_is_built_without_a_warning_and_asks_nothing_of_the_network(site):
    pages = {path.relative_to(site).as_posix(): path.read_text(encoding="utf-8") for path in site.rglob("*.html")}
    assert {"index.html", "tutorial.html", "how-to/documents.html", "contributing.html"} <= set(pages)
    decisions = {path.stem for path in (DOCS / "decisions").glob("*.md")}
    assert all(f"decisions/{name}.html" in pages["index.html"] for name in decisions)
    for name, page in pages.items():
        loaded = re.findall(r"<(?:script|link|img|iframe)\b[^>]*?\b(?:src|href)=[\"']?([^\"' >]+)", page)
        assert loaded
        assert [one for one in loaded if re.match(r"(\w+:)?//", one)] == [], name
    # Markdown that only one of its readers understands: a list or a table without a blank line before it.
    for name, page in pages.items():
        assert not re.findall(r"<p>[^<]*\n(?:- |\| |\d+\. )", page), name


def test_examples_of_configs_and_codebooks_are_accepted():
    studies = codebooks = 0
    for title, text in fenced("yaml"):
        given = yaml.safe_load(text)
        if title and title.endswith(".meta.yaml"):
            About.model_validate(given)
        elif set(given) <= {"question", "subject", "hypotheses"}:
            Codebook.model_validate({"question": "Why?", **given})
            codebooks += 1
        else:
            Study.model_validate(complete(given))
            studies += 1
    assert studies > 10
    assert codebooks > 2


def test_commands_that_documents_name_exist():
    usage = next(action for action in cli._parser()._actions if action.choices)
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    written = [text for kind in ("sh", "bash") for _, text in fenced(kind)]
    named = set(re.findall(r"^(steelyard|make) ([a-z]+)\b", "\n".join(written), re.MULTILINE))
    for text in PAGES.values():
        named |= set(re.findall(r"(?:`|^ {4})(steelyard|make) ([a-z]+)\b", text, re.MULTILINE))
    for command, word in named:
        known = usage.choices if command == "steelyard" else re.findall(r"^(\w+):", makefile, re.MULTILINE)
        assert word in known, f"{command} {word}"
    assert {("steelyard", one) for one in usage.choices} <= named
    reference = PAGES[DOCS / "command-line.md"]
    assert all(f"`steelyard {one} " in reference for one in usage.choices)


def test_every_format_stands_on_the_page_of_formats():
    page = PAGES[DOCS / "formats.md"]
    for name in set(get_args(Format)) - {"auto"}:
        assert f"| `{name}` |" in page, name
        assert f"### {name}\n" in page, name
    assert f"in the order {', '.join(registry.READERS)}." in " ".join(page.split())


def test_the_reader_that_contributing_shows_reads_a_chat(monkeypatch):
    (_, module), (_, test) = fenced("python", "CONTRIBUTING.md")
    names: dict = {"__name__": "chat", "Source": Source}
    exec(compile(module + test, "CONTRIBUTING.md", "exec", flags=0, dont_inherit=True), names)
    names["test_a_chat_gives_messages_with_voices_and_times"]()
    monkeypatch.setattr(registry, "READERS", {"chat": names["Chat"](), **registry.READERS})
    content = b"[12:01] <Ann> It is the roofs. I saw it.\n* Bob joined\n[12:03] <Bob> No.\n[12:04] <A> Why not?\n"
    (document,) = documents_of(File("chat.txt", content, Source(path="chat.txt", source_type="chat")))
    corpus = ingest([document], Ingest())
    assert document.format == "chat"
    assert corpus.statements[["voice_id", "place", "text"]].to_numpy().tolist() == [
        ["name:ann", "12:01", "It is the roofs."],
        ["name:ann", "12:01", "I saw it."],
        ["name:bob", "12:03", "No."],
        ["chat:A", "12:04", "Why not?"],
    ]
    assert list(corpus.dropped.reason) == ["notice"]
