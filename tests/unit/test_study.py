"""A config's mistakes are told all at once, in words, with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from steelyard.errors import Problem, SteelyardError
from steelyard.study import LoadedStudy
from steelyard.yaml_file import YamlFile

STUDY = """study: x
question: Why?
codebook: codebook.yaml
sources:
  - {path: a.txt, source_type: talk}
coders:
  - {name: cues, type: cues}
report: {title: T}
"""
CODEBOOK = """question: Why?
hypotheses:
  - {id: one, name: One, role: motive, claim: It is one.}
"""


def problems(tmp_path: Path, study: str = STUDY, codebook: str = CODEBOOK) -> list[str]:
    (tmp_path / "config.yaml").write_text(study)
    (tmp_path / "codebook.yaml").write_text(codebook)
    (tmp_path / "a.txt").write_text("A text.")
    try:
        LoadedStudy(tmp_path / "config.yaml")
    except SteelyardError as failure:
        return [str(problem).replace(f"{tmp_path}/", "") for problem in failure.problems]
    return []


def test_a_right_study_has_none(tmp_path):
    assert problems(tmp_path) == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("question:", "qestion:", "config.yaml:2: unknown key 'qestion'\n    Hint: Did you mean 'question'?"),
        ("source_type: talk", "source_tpe: talk", "Hint: Did you mean 'source_type'?"),
        ("type: cues", "type: cue", "config.yaml:7: "),
        ("a.txt", "b.txt", "config.yaml:5: there is no file b.txt\n    Hint: Did you mean 'a.txt'?"),
        ("study: x", "study: 'X y'", "config.yaml:1: study"),
        ("codebook: codebook.yaml", "codebook: no.yaml", "no.yaml: there is no such file"),
        ("report:", "method: {strength: {asertion: 1}}\nreport:", "Did you mean 'assertion'?"),
        ("report:", "method: {strength: {assertion: 2}}\nreport:", "less than or equal to 1"),
        ("report:", "study: y\nreport:", "config.yaml:8: key 'study' stands twice (first in line 1)"),
    ],
)
def test_each_mistake_has_file_line_and_hint(tmp_path, old, new, message):
    assert old in STUDY
    found = problems(tmp_path, STUDY.replace(old, new, 1))
    assert any(message in problem for problem in found), found


def test_mistakes_of_config_and_codebook_come_together(tmp_path):
    codebook = CODEBOOK + "  - {id: one, name: Two, role: motive, claim: Two., rivals: [thre]}\n"
    found = problems(tmp_path, STUDY.replace("a.txt", "b.txt"), codebook)
    assert [problem.split(":")[0] for problem in found] == ["config.yaml", "codebook.yaml", "codebook.yaml"]


def test_an_observation_must_be_rated_for_its_owner_and_a_rival(tmp_path):
    bearing = "{rating: C, seen_if_true: 0.6, seen_if_false: 0.3}"
    codebook = CODEBOOK.replace(
        "It is one.}",
        f"It is one., observations: [{{id: o, see: S., where: W., effort: 1, bears_on: {{one: {bearing}}}}}]}}",
    )
    [found] = problems(tmp_path, codebook=codebook)
    assert "is rated for no rival" in found and found.startswith("codebook.yaml:3")


def test_other_motive_is_built_in(tmp_path):
    [found] = problems(tmp_path, codebook=CODEBOOK.replace("id: one", "id: other_motive"))
    assert "other_motive" in found and "built in" in found


def test_keys_of_another_study_do_not_leak(tmp_path):
    """A study that names few keys gets the models' defaults, whatever config.yaml of the project says."""
    assert problems(tmp_path) == []
    study = LoadedStudy(tmp_path / "config.yaml")
    assert study.config.checked_sources is None and study.config.ingest.languages == ["en"]


def test_message_has_what_where_and_hint():
    error = SteelyardError([Problem("is wrong", "f:1", "Mend it."), Problem("is missing")])
    assert str(error) == "2 errors:\n  f:1: is wrong\n    Hint: Mend it.\n  is missing"


def test_dates_and_numbers_keep_their_types(tmp_path):
    path = tmp_path / "x.yaml"
    path.write_text("a: 2024-01-02\nb: 1.5\nc: [x, 2]\n")
    values = YamlFile(path).values
    assert str(values["a"]) == "2024-01-02" and values["b"] == 1.5 and values["c"] == ["x", 2]
