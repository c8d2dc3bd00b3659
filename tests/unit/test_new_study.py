"""A new study: what it is called, what may be in its way, and that its template is a study as it lies."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
import yaml

from project import PROJECT
from steelyard import cli
from steelyard.errors import SteelyardError
from steelyard.loaded_study import LoadedStudy
from steelyard.new_study import create, study_name
from steelyard.study import Study

TEMPLATE = PROJECT / "workflow" / "template"


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("library", "library"),
        ("My Study, 2nd try!", "my-study-2nd-try"),
        ("Café Étude", "cafe-etude"),
        ("图书馆 evenings", "evenings"),
        ("图书馆", "study-266e6c"),  # the first digits of the name's SHA-256
        ("😀", "study-f0443a"),
    ],
)
def test_a_study_is_called_after_its_folder(folder, name):
    assert study_name(Path("somewhere") / folder) == name


@pytest.mark.parametrize("name", ["no", "2025", "2025-01-31", "null"])
def test_a_name_that_yaml_takes_for_something_else_stays_a_name(tmp_path, name):
    assert create(tmp_path / name) == name
    assert LoadedStudy(tmp_path / name / "config.yaml").config.study == name


def test_only_the_name_differs_from_the_template(tmp_path):
    create(tmp_path / "deep" / "er" / "mine")
    made = files(tmp_path / "deep" / "er" / "mine")
    config = made["config.yaml"].replace(b'study: "mine"', b"study: library-evenings", 1)
    assert made | {"config.yaml": config} == files(TEMPLATE)


def test_an_empty_folder_is_taken_and_one_that_is_not_is_left_alone(tmp_path):
    create(tmp_path)
    before = files(tmp_path)
    with pytest.raises(SteelyardError) as failure:
        create(tmp_path)
    [problem] = failure.value.problems
    assert "it holds README.md, codebook.yaml, codes.csv, config.yaml, corpus" in problem.what and problem.hint
    with pytest.raises(SteelyardError, match="a file is in the way"):
        create(tmp_path / "README.md")
    with pytest.raises(SteelyardError, match="cannot be written there"):
        create(tmp_path / "README.md" / "inside")
    assert files(tmp_path) == before


@pytest.mark.parametrize("failure", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_where_it_fails_nothing_is_left(tmp_path, monkeypatch, failure):
    (tmp_path / "empty").mkdir()
    write = Path.write_bytes

    def until_the_codes(path: Path, data: bytes) -> int:
        if path.name == "codes.csv":
            raise failure
        return write(path, data)

    monkeypatch.setattr(Path, "write_bytes", until_the_codes)
    for folder in ("empty", "not/there/yet"):
        with pytest.raises((SteelyardError, KeyboardInterrupt)):
            create(tmp_path / folder)
    assert [path.name for path in tmp_path.rglob("*")] == ["empty"]


def test_the_templates_config_names_every_key_and_stays_short():
    text = (TEMPLATE / "config.yaml").read_text(encoding="utf-8")
    for key in Study.model_fields:
        assert re.search(rf"^(# )?{key}:", text, re.MULTILINE), key
    assert len(text.splitlines()) <= 90


def test_what_the_templates_config_has_commented_out_is_right(tmp_path):
    """Rarer keys are there to be uncommented: with all of them the config must still parse."""
    text = (TEMPLATE / "config.yaml").read_text(encoding="utf-8")
    uncommented = re.sub(r"^( *)# (?=(- \{name|[a-z_]+:) ?)", r"\1", text, flags=re.MULTILINE)
    assert len(uncommented) < len(text)
    values = yaml.safe_load(uncommented)
    assert {"checked_sources", "coding_sheet"} <= set(values) and "turns" in values["sources"][0]
    Study.model_validate(values)


def test_the_command_says_what_to_do_next(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["new", "my study"]) == 0
    said = capsys.readouterr().out
    assert "The study 'my-study' lies in my study" in said
    for command in ("check 'my study'", "report 'my study'", "report 'my study' coding_sheet"):
        assert f"steelyard {command}\n" in said
    assert cli.main(["new", "--make", "图书馆"]) == 0
    said = capsys.readouterr().out
    assert "make report CONFIG='图书馆/config.yaml'\n" in said and "no letter a-z" in said
    with pytest.raises(SystemExit) as ended:
        cli.main(["new", "my study"])
    assert ended.value.code == 1 and "the folder is not empty" in capsys.readouterr().err


def test_make_study_begins_one_in_the_folder_that_is_named():
    def make(*arguments: str, name: str = "") -> subprocess.CompletedProcess[str]:
        command = ["make", "--dry-run", "study", *arguments]
        return subprocess.run(
            command, cwd=PROJECT, env={"PATH": "/usr/bin:/bin", "NAME": name}, capture_output=True, text=True
        )

    assert 'steelyard.cli new --make "$NAME"' in make("NAME=some where").stdout
    without = make(name="the-computers-name")
    assert without.returncode and "make study NAME=" in without.stderr
