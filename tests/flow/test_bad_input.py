"""What a user can get wrong, through the real command: one clear message, exit code 1, no traceback, nothing lost."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from project import copy_study, snakemake, steelyard


def edit(name: str, old: str, new: str) -> Callable[[Path], object]:
    """Replace a text that must stand in a file of the study."""

    def make(study: Path) -> None:
        path = study / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return make


def put(name: str, content: bytes) -> Callable[[Path], object]:
    return lambda study: (study / name).write_bytes(content)


MISTAKES: dict[str, tuple[Callable[[Path], object], list[str]]] = {
    "missing corpus file": (
        lambda study: (study / "thread.txt").rename(study / "threat.txt"),
        ["ferry/config.yaml:7: there is no file ferry/thread.txt", "Did you mean 'threat.txt'?"],
    ),
    "codebook with an id twice": (
        edit("codebook.yaml", "  - id: timetable", "  - id: fares"),
        ["ferry/codebook.yaml:", "hypothesis id 'fares' stands twice (first at ferry/codebook.yaml:3)"],
    ),
    "cue that is no valid pattern": (
        edit("codebook.yaml", "'too (expensive|dear)'", "'too (expensive|dear'"),
        ["ferry/codebook.yaml:9: cue 'too (expensive|dear' is no valid pattern", "RE2"],
    ),
    "typo in the config": (
        edit("config.yaml", "checked_sources:", "cheked_sources:"),
        ["ferry/config.yaml:5: unknown key 'cheked_sources'", "Did you mean 'checked_sources'?"],
    ),
    "date that is none": (
        edit("config.yaml", "2025-06-01", "2025-02-30"),
        ["ferry/config.yaml:8: '2025-02-30' is no valid date", "Write a date as"],
    ),
    "mistyped language of cues": (
        edit("codebook.yaml", "      en: {phrases: [fares", "      eng: {phrases: [fares"),
        ["ferry/codebook.yaml:9: unknown language 'eng'", "Did you mean 'en'?"],
    ),
    "several mistakes at once": (
        lambda study: (
            edit("config.yaml", "question:", "qestion:")(study),
            edit("config.yaml", "draws: 200", "draws: none")(study),
            edit("codebook.yaml", "name: Thinner timetable", "name: Dearer fares")(study),
        ),
        [
            "4 errors",
            "hypothesis name 'Dearer fares' stands twice",
            "unknown key 'qestion'",
            "Did you mean 'question'?",
            "method.robustness.draws",
        ],
    ),
    "broken YAML": (edit("config.yaml", "study: ferry", "study: [ferry"), ["ferry/config.yaml:", "is no valid YAML"]),
    "a folder as config": (
        lambda study: ((study / "config.yaml").unlink(), (study / "config.yaml").mkdir()),
        ["ferry/config.yaml"],
    ),
}


BLANK_AND_BINARY = """\
  - {path: blank.txt, source_type: news, title: Blank}
  - {path: binary.txt, source_type: news, title: Binary}
"""
# What only a job finds; an earlier report is there.
MISTAKES_IN_CONTENT: dict[str, tuple[Callable[[Path], object], list[str]]] = {
    "corpus files that are no text": (
        lambda study: (
            put("thread.txt", "Größe".encode("latin-1"))(study),
            put("article.txt", b"")(study),
            put("blank.txt", b" \n\n \n")(study),
            put("binary.txt", b"\x7fELF\x02\x01\x01" + b"\0" * 400)(study),
            edit("config.yaml", "ingest:", BLANK_AND_BINARY + "ingest:")(study),
        ),
        [
            "4 errors",
            "ferry/thread.txt: is not UTF-8 (byte 2)",
            "Save it as",
            "ferry/article.txt: is empty",
            "ferry/blank.txt: ",
            "ferry/binary.txt: is no text (it holds control characters)",
        ],
    ),
    "turn whose words are not in the document": (
        edit("config.yaml", "title: A thread}", "title: A thread, turns: [{from: Nobody said this, speaker: x}]}"),
        ["Error:", "thread.txt: turn 'x': the words 'Nobody said this' do not stand in the document"],
    ),
    "unknown hypothesis and a quote that is not in the corpus, in recorded codes": (
        lambda study: (
            edit("codes.csv", 'bridge instead.",fares,', 'bridge instead.",fairs,')(study),
            edit("codes.csv", "I took the boat for ten years", "I took a boat for ten years")(study),
        ),
        ["2 errors", "ferry/codes.csv:2: ", "fairs", "Did you mean 'fares'?", "ferry/codes.csv:6: ", "I took a boat"],
    ),
    "checked source without a verdict, and a cell that never ends": (
        lambda study: (
            edit("sources.csv", ",documented,", ",proven,")(study),
            (study / "sources.csv").open("a").write('https://x.example,"a book' + "x" * 140_000),
        ),
        [
            "2 errors",
            "ferry/sources.csv:2: verdict",
            "ferry/sources.csv:3: is no valid CSV",
            "Is a quotation mark missing",
        ],
    ),
}


def check(done: subprocess.CompletedProcess[str], expected: list[str]) -> str:
    """Hold that a run failed with this message as its last words, and give the message."""
    assert done.returncode == 1
    message = re.split(r"^(?=Error:|\d+ errors:)", done.stderr, flags=re.MULTILINE)[-1]
    for part in expected:
        assert part in message, f"{part!r} is not in:\n{message}"
    assert "Traceback" not in done.stderr
    return message


@pytest.mark.parametrize("name", MISTAKES)
def test_one_clear_message(name, tmp_path):
    make, expected = MISTAKES[name]
    config = copy_study("ferry", tmp_path)
    kept = tmp_path / "results" / "ferry" / "report.html"
    kept.parent.mkdir(parents=True)
    kept.write_text("an earlier report")
    make(tmp_path / "ferry")
    check(steelyard("--configfile", str(config), folder=tmp_path), expected)
    assert kept.read_text() == "an earlier report"


@pytest.mark.xdist_group("ferry")  # one worker, so that the small study is built once
@pytest.mark.parametrize("name", MISTAKES_IN_CONTENT)
def test_one_clear_message_from_a_job_and_in_its_log(name, ferry, tmp_path):
    make, expected = MISTAKES_IN_CONTENT[name]
    folder = shutil.copytree(ferry, tmp_path / "copy", copy_function=shutil.copy2)
    before = {path: path.read_bytes() for path in (folder / "results").rglob("*.*") if path.is_file()}
    make(folder / "ferry")
    message = check(steelyard("--configfile", "ferry/config.yaml", folder=folder), expected)
    assert any(message.strip() in log.read_text(encoding="utf-8") for log in (folder / "logs").rglob("*.log"))
    # Rooms before the mistake may have been gone through again; the report is the earlier one.
    for name in ("report.html", "report.pdf"):
        path = folder / "results" / "ferry" / name
        assert path.read_bytes() == before[path]


def test_plain_snakemake_says_the_same(tmp_path):
    config = copy_study("ferry", tmp_path)
    edit("config.yaml", "checked_sources:", "cheked_sources:")(tmp_path / "ferry")
    done = snakemake("--configfile", str(config), folder=tmp_path)
    assert done.returncode == 1
    assert "ferry/config.yaml:5: unknown key 'cheked_sources'" in done.stderr
    assert "Traceback" not in done.stderr


def test_settings_on_the_command_line_are_refused(tmp_path):
    done = snakemake("--configfile", str(copy_study("ferry", tmp_path)), "--config", "study=other", folder=tmp_path)
    assert done.returncode == 1
    assert "one config file that stands alone" in done.stderr


def test_no_write_permission(tmp_path):
    config = copy_study("ferry", tmp_path)
    results = tmp_path / "results"
    if os.geteuid() == 0:
        results.write_text("a file where the folder should be")  # root may write anywhere, but not into a file
    else:
        results.mkdir(mode=0o555)
    done = steelyard("--configfile", str(config), folder=tmp_path)
    assert done.returncode == 1
    assert "results: " in done.stderr and "Hint:" in done.stderr
    assert "Traceback" not in done.stderr
