"""A config's mistakes are told all at once, in words, with file and line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from steelyard import session
from steelyard.codebook import LANGUAGES
from steelyard.errors import Problem, SteelyardError
from steelyard.loaded_study import LoadedStudy
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


@pytest.mark.parametrize(
    ("relations", "message"),
    [
        ("rivals: [one]", "codebook.yaml:3: 'one' is named in its own `rivals`"),
        ("compatible: [tow]", "codebook.yaml:3: unknown hypothesis 'tow'"),
        ("part_of: [two], compatible: [two]", "'one' and 'two' are related twice: `compatible` and `part_of`"),
        ("part_of: [three]", "codebook.yaml:6: 'three' is part of 'one', which is part of it"),
        (
            "part_of: [two], rivals: [four]",
            "'one' names 'four' in `rivals`, and 'one' is part of 'four' by way of others",
        ),
        ("compatible: [three]", "'three' and 'one' are related twice: `compatible` and `part_of`"),
    ],
)
def test_relations_that_contradict_one_another_are_told(tmp_path, relations, message):
    codebook = CODEBOOK.replace("claim: ", f"{relations}, claim: ", 1)
    codebook += "  - {id: two, name: Two, role: motive, claim: Two., part_of: [four]}\n"
    codebook += "  - {id: four, name: Four, role: motive, claim: Four.}\n"
    codebook += "  - {id: three, name: Three, role: motive, claim: Three., part_of: [one]}\n"
    found = problems(tmp_path, codebook=codebook)
    assert any(message in problem for problem in found), found


def test_no_mistake_hides_another(tmp_path):
    """Faults of form and of sense, in config and codebook, and a missing file: all in one go."""
    study = STUDY.replace("report: {title: T}", "report: {titel: T}\ningest: {languages: [eng]}").replace(
        "a.txt", "b.txt"
    )
    codebook = CODEBOOK.replace("role: motive", "role: motiv")
    codebook += "  - {id: one, name: One, role: motive, claim: C., rivals: [thre], cues: {en: {patterns: ['(']}}}\n"
    messages = [problem.split("\n")[0] for problem in problems(tmp_path, study, codebook)]
    assert messages == [
        "config.yaml:8: key 'report.title' is missing",
        "config.yaml:8: unknown key 'report.titel'",
        "config.yaml:9: unknown language 'eng'",
        "config.yaml:5: there is no file b.txt",
        "codebook.yaml:3: hypotheses.0.role is 'motiv', which is none of: motive, condition, about_the_set",
        "codebook.yaml:4: hypothesis id 'one' stands twice (first at codebook.yaml:3)",
        "codebook.yaml:4: hypothesis name 'One' stands twice (first at codebook.yaml:3)",
        "codebook.yaml:4: unknown hypothesis 'thre'",
        "codebook.yaml:4: cue '(' is no valid pattern (missing ): ()",
    ]


@pytest.mark.parametrize(
    "codebook",
    ["question: Why?\nhypotheses: 3\n", "hypotheses: [3, {id: [x], cues: 4, observations: {a: b}}, null]\n", "a: 1\n"],
)
def test_values_of_another_shape_are_told_not_tripped_over(tmp_path, codebook):
    assert problems(tmp_path, codebook=codebook)
    assert problems(tmp_path, "sources: {a: b}\ncoders: [1]\ncodebook: [x]\ningest: []\n")


def test_a_source_or_coder_that_stands_twice_is_told(tmp_path):
    study = STUDY.replace(
        "coders:\n", "  - {path: b.txt, id: a, source_type: talk}\ncoders:\n  - {name: cues, type: cues}\n"
    )
    found = problems(tmp_path, study)
    assert any("config.yaml:6: source 'a' stands twice (first at config.yaml:5)" in problem for problem in found)
    assert any("config.yaml:9: coder 'cues' stands twice (first at config.yaml:8)" in problem for problem in found)


@pytest.mark.parametrize(
    ("value", "what", "hint"),
    [
        ("2025-02-30", "'2025-02-30' is no valid date (day is out of range for month)", "Write a date as 2025-01-31."),
        ("!foo x", "unknown tag '!foo'", "Leave the tag out"),
        ("!foo [x]", "unknown tag '!foo'", "Leave the tag out"),
        ('!!int "x"', "'x' is no valid int", "quotation marks"),
        ("!!bool maybe", "'maybe' is no valid bool", "quotation marks"),
        ("!!timestamp x", "'x' is no valid date", "Write a date as"),
        ("&a [*a]", "an alias stands inside the value that it names", "in place of the alias"),
        ("&a {b: [*a]}", "an alias stands inside the value that it names", "in place of the alias"),
    ],
)
def test_values_that_yaml_cannot_read_are_told_all_at_once(tmp_path, value, what, hint):
    study = STUDY.replace("source_type: talk", "source_type: talk, date: 2025-13-01").replace("{title: T}", value)
    date, found = problems(tmp_path, study)
    assert date.startswith("config.yaml:5: '2025-13-01' is no valid date")
    assert found.startswith(f"config.yaml:8: {what}") and hint in found


def test_an_alias_of_a_value_elsewhere_is_right(tmp_path):
    path = tmp_path / "x.yaml"
    path.write_text("a: &a [1, x]\nb: {c: *a, d: [*a]}\n")
    assert YamlFile(path).values == {"a": [1, "x"], "b": {"c": [1, "x"], "d": [[1, "x"]]}}


@pytest.mark.parametrize("value", [".inf", ".nan"])
def test_numbers_are_finite(tmp_path, value):
    study = f"{STUDY}method: {{balance: {{prior: {value}}}, observations: {{weak_inconsistency: {value}}}}}\n"
    found = problems(tmp_path, study)
    assert len(found) == 2 and all("finite number" in problem for problem in found)


def test_a_mistyped_language_is_told_and_any_known_one_is_right(tmp_path):
    codebook = CODEBOOK.replace("It is one.}", "It is one., cues: {eng: {phrases: [x]}, fr: {phrases: [y]}}}")
    [found] = problems(tmp_path, codebook=codebook)
    assert found.startswith("codebook.yaml:3: unknown language 'eng'\n    Hint: Did you mean 'en'?")
    [found] = problems(tmp_path, f"{STUDY}ingest:\n  languages: [en,\n    klingon]\n")
    assert found.startswith("config.yaml:11: unknown language 'klingon'") and len(found) < 200


def test_a_language_without_lexicon_is_told_where_the_cues_coder_needs_one(tmp_path):
    study = f"{STUDY}ingest: {{languages: [en, it]}}\n"
    [found] = problems(tmp_path, study)
    assert found.startswith("config.yaml:9: the cues coder has no lexicon for language 'it'\n    Hint: There are")
    assert "ar, de, en, es, fr, zh" in found
    (tmp_path / "codes.csv").touch()
    assert problems(tmp_path, study.replace("type: cues", "type: recorded, path: codes.csv")) == []


def test_the_known_languages_are_those_that_ingest_tells_apart():
    langid = pytest.importorskip("py3langid").langid
    assert set(langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE).labels) == LANGUAGES


def test_no_study_needs_slow_libraries_to_be_loaded():
    """Every start of the command line and of each job loads the study."""
    code = (
        "import steelyard.study, sys; sys.exit(any(name in sys.modules for name in ('pandas', 'numpy', 'py3langid')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_more_than_five_observations_are_refused(tmp_path):
    bearing = "{rating: C, seen_if_true: 0.6, seen_if_false: 0.3}"

    def with_observations(count: int) -> str:
        two = "  - {id: two, name: Two, role: motive, claim: It is two.}\n"
        lines = [
            f"      - {{id: o{n}, see: S., where: W., effort: 1, bears_on: {{one: {bearing}, two: {bearing}}}}}\n"
            for n in range(count)
        ]
        one = "  - id: one\n    name: One\n    role: motive\n    claim: It is one.\n    observations:\n"
        return "question: Why?\nhypotheses:\n" + two + one + "".join(lines)

    assert problems(tmp_path, codebook=with_observations(5)) == []
    [found] = problems(tmp_path, codebook=with_observations(6))
    assert found.startswith("codebook.yaml:8: a hypothesis has 6 observations\n    Hint: Keep the two to five")


def test_an_observation_must_be_rated_for_its_owner_and_a_rival(tmp_path):
    bearing = "{rating: C, seen_if_true: 0.6, seen_if_false: 0.3}"
    codebook = CODEBOOK.replace(
        "It is one.}",
        f"It is one., observations: [{{id: o, see: S., where: W., effort: 1, bears_on: {{one: {bearing}}}}}]}}",
    )
    [found] = problems(tmp_path, codebook=codebook)
    assert "is rated for no rival" in found and found.startswith("codebook.yaml:3")
    [found] = problems(tmp_path, codebook=codebook.replace(f"{{one: {bearing}}}", "{}"))
    assert "is not rated for one, which names it" in found


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


def test_every_folder_that_is_none_is_told(tmp_path):
    for name in ("results/x", "logs/x", ".snakemake"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "results" / "y").mkdir()
    assert [problem.where for problem in session.unwritable(tmp_path, "x")] == [
        str(tmp_path / name) for name in ("results/x", "logs/x", ".snakemake")
    ]
    assert [problem.where for problem in session.unwritable(tmp_path, "y")] == [str(tmp_path / ".snakemake")]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write to any folder")
def test_every_folder_that_is_read_only_is_told(tmp_path):
    for name in ("results/x", "logs/x"):
        (tmp_path / name).mkdir(parents=True, mode=0o555)
    (tmp_path / "logs").chmod(0o444)
    told = [problem.where for problem in session.unwritable(tmp_path, "x")]
    (tmp_path / "logs").chmod(0o755)
    assert told == [str(tmp_path / "results/x"), str(tmp_path / "logs")]


@pytest.mark.parametrize(
    ("date", "message"),
    [
        ("2025-06-01", None),
        ('"2025-06-01"', None),
        ('"2025-02-30"', "config.yaml:5: sources.0.date: day is out of range for month"),
    ],
)
def test_a_date_may_stand_in_quotation_marks(tmp_path, date, message):
    found = problems(tmp_path, STUDY.replace("source_type: talk", f"source_type: talk, date: {date}"))
    assert [message in problem for problem in found] == ([True] if message else [])
