"""What a user can get wrong, through the real command: one clear message, exit code 1, no traceback, nothing lost."""

from __future__ import annotations

import os
import re
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
    "empty corpus file": (put("thread.txt", b""), ["ferry/thread.txt: ", "empty"]),
    "corpus file of blanks": (put("thread.txt", b" \n\n \n"), ["ferry/thread.txt: "]),
    "not UTF-8": (
        put("thread.txt", "Größe".encode("latin-1")),
        ["ferry/thread.txt: is not UTF-8 (byte 2)", "Save it as"],
    ),
    "binary": (
        put("thread.txt", b"\x7fELF\x02\x01\x01" + b"\0" * 400),
        ["ferry/thread.txt: is no text (it holds control characters)"],
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
    "unknown hypothesis in recorded codes": (
        edit("codes.csv", 'bridge instead.",fares,', 'bridge instead.",fairs,'),
        ["ferry/codes.csv:2: ", "fairs", "Did you mean 'fares'?"],
    ),
    "quote that is not in the corpus": (
        edit("codes.csv", "I took the boat for ten years", "I took a boat for ten years"),
        ["ferry/codes.csv:6: ", "I took a boat"],
    ),
    "turn whose words are not in the document": (
        edit("config.yaml", "title: A thread}", "title: A thread, turns: [{from: Nobody said this, speaker: x}]}"),
        ["thread.txt: turn 'x': the words 'Nobody said this' do not stand in the document"],
    ),
    "checked source without a verdict": (
        edit("sources.csv", ",documented,", ",proven,"),
        ["ferry/sources.csv:2: verdict"],
    ),
    "date that is none": (
        edit("config.yaml", "2025-06-01", "2025-02-30"),
        ["ferry/config.yaml:8: '2025-02-30' is no valid date", "Write a date as"],
    ),
    "mistyped language of cues": (
        edit("codebook.yaml", "      en: {phrases: [fares", "      eng: {phrases: [fares"),
        ["ferry/codebook.yaml:9: unknown language 'eng'", "Did you mean 'en'?"],
    ),
    "cell that never ends": (
        edit("sources.csv", ",documented,", ',"documented,' + "x" * 140_000),
        ["ferry/sources.csv:2: is no valid CSV", "Is a quotation mark missing"],
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


@pytest.mark.parametrize("name", MISTAKES)
def test_one_clear_message(name, tmp_path):
    make, expected = MISTAKES[name]
    config = copy_study("ferry", tmp_path)
    kept = tmp_path / "results" / "ferry" / "report.html"
    kept.parent.mkdir(parents=True)
    kept.write_text("an earlier report")
    make(tmp_path / "ferry")

    done = steelyard("--configfile", str(config), folder=tmp_path)

    assert done.returncode == 1
    message = re.split(r"^(?=Error:|\d+ errors:)", done.stderr, flags=re.MULTILINE)[-1]  # the last words of the run
    for part in expected:
        assert part in message, f"{part!r} is not in:\n{message}"
    assert "Traceback" not in done.stderr
    assert kept.read_text() == "an earlier report"


def test_plain_snakemake_says_the_same(tmp_path):
    config = copy_study("ferry", tmp_path)
    edit("config.yaml", "checked_sources:", "cheked_sources:")(tmp_path / "ferry")
    done = snakemake("--configfile", str(config), folder=tmp_path)
    assert done.returncode == 1
    assert "ferry/config.yaml:5: unknown key 'cheked_sources'" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_jobs_message_is_in_its_log_too(tmp_path):
    config = copy_study("ferry", tmp_path)
    put("thread.txt", b"")(tmp_path / "ferry")
    assert steelyard("--configfile", str(config), folder=tmp_path).returncode == 1
    assert "ferry/thread.txt" in (tmp_path / "logs" / "ferry" / "ingest" / "ingest.log").read_text()


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
