"""A job's log, the words at the end, and what is made of user errors and bugs."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from steelyard import session
from steelyard.errors import Problem, SteelyardError


def test_a_users_mistake_ends_the_job_with_code_1_and_stands_in_the_log(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv(session.ERROR_FILE, str(tmp_path / "errors.txt"))
    with pytest.raises(SystemExit) as ended, session.job(str(tmp_path / "job.log")):
        raise SteelyardError(Problem("is wrong", "f:1", "Mend it."))
    assert ended.value.code == 1
    for text in (capsys.readouterr().err, (tmp_path / "job.log").read_text(), (tmp_path / "errors.txt").read_text()):
        assert "f:1: is wrong\n    Hint: Mend it." in text
        assert "Traceback" not in text


def test_a_bug_keeps_its_traceback_and_leaves_it_in_the_log(tmp_path):
    with pytest.raises(ZeroDivisionError), session.job(str(tmp_path / "job.log")):
        1 / 0  # noqa: B018
    assert "ZeroDivisionError" in (tmp_path / "job.log").read_text()


@pytest.mark.parametrize(
    "failure", [OSError(28, "No space left on device", "results/x"), OSError(30, "Read-only", "y")]
)
def test_what_the_system_refuses_is_told_without_a_traceback(failure, tmp_path, capsys):
    with pytest.raises(SystemExit), session.job(str(tmp_path / "job.log")):
        raise failure
    for said in (capsys.readouterr().err, (tmp_path / "job.log").read_text()):
        assert f"{failure.filename}: " in said and "Hint:" in said and "Traceback" not in said


def test_a_log_that_cannot_be_begun_is_told(tmp_path, capsys):
    with pytest.raises(SystemExit), session.job("/sys/job.log"):
        pass
    assert "/sys/job.log: no permission" in capsys.readouterr().err


def test_a_job_ends_with_its_log_and_leaves_nothing_to_be_killed(tmp_path):
    script = (
        "snakemake = None\nimport steelyard.session as s\nwith s.job('log'):\n    print('said', end='')\nprint('after')"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == "said"
    assert re.fullmatch(r"done in \d+\.\d\d s\n", (tmp_path / "log").read_text())


def test_a_missing_right_to_write_is_a_users_mistake(tmp_path, capsys):
    with pytest.raises(SystemExit), session.job(str(tmp_path / "job.log")):
        raise PermissionError(13, "Permission denied", "results/x")
    assert "results/x: no permission (Permission denied)" in capsys.readouterr().err


def test_the_end_says_nothing_of_a_report_that_is_not_there(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "results" / "x").mkdir(parents=True)
    session.finish("x", Path("x/config.yaml"))
    assert capsys.readouterr().err == ""
    assert json.loads((tmp_path / "results" / "x" / "run.json").read_text()) == {
        "config": "x/config.yaml",
        "renderer": None,
        "seconds": {},
    }


def test_the_end_says_where_a_coding_sheet_is(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    sheet = tmp_path / "results" / "x" / "coding_sheet" / "sheet.xlsx"
    sheet.parent.mkdir(parents=True)
    sheet.touch()
    session.announce("x")
    assert capsys.readouterr().err == "results/x/coding_sheet/sheet.xlsx (statements for people to code)\n"
