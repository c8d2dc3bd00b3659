"""A job's log, the words at the end, and what is made of user errors and bugs."""

from __future__ import annotations

import json

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


def test_a_missing_right_to_write_is_a_users_mistake(tmp_path, capsys):
    with pytest.raises(SystemExit), session.job(str(tmp_path / "job.log")):
        raise PermissionError(13, "Permission denied", "results/x")
    assert "results/x: no permission (Permission denied)" in capsys.readouterr().err


def test_the_end_says_nothing_of_a_report_that_is_not_there(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "results" / "x").mkdir(parents=True)
    session.finish("x")
    assert capsys.readouterr().err == ""
    assert json.loads((tmp_path / "results" / "x" / "run.json").read_text()) == {"renderer": None, "seconds": {}}


def test_the_end_says_where_a_coding_sheet_is(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    sheet = tmp_path / "results" / "x" / "coding_sheet" / "sheet.xlsx"
    sheet.parent.mkdir(parents=True)
    sheet.touch()
    session.announce("x")
    assert capsys.readouterr().err == "results/x/coding_sheet/sheet.xlsx (statements for people to code)\n"
