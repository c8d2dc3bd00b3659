"""A study looked through: every mistake at once, what may not be meant, what a run will do; nothing is written."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from project import PROJECT, STUDIES
from steelyard import check as checks
from steelyard import cli
from steelyard.check import check
from steelyard.errors import SteelyardError

TEMPLATE = PROJECT / "workflow" / "template"


@pytest.fixture
def study(tmp_path, monkeypatch) -> Path:
    """A copy of the template; the working folder is beside it, and empty."""
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return Path(shutil.copytree(TEMPLATE, tmp_path / "study"))


def edit(path: Path, *pairs: tuple[str, str]) -> None:
    text = path.read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")


def problems(study: Path) -> list[str]:
    with pytest.raises(SteelyardError) as failure:
        check(study / "config.yaml")
    return [f"{one.where}: {one.what}".replace(f"{study}/", "") for one in failure.value.problems]


def warnings(study: Path) -> list[str]:
    return [f"{one.where}: {one.what}".replace(f"{study}/", "") for one in check(study / "config.yaml").warnings]


def test_the_template_is_right_as_it_lies_and_ranks(study):
    found = check(study / "config.yaml")
    said = {heading: "\n".join(lines) for heading, lines in found.summary}
    assert found.warnings == []
    assert said["Study"] == f"library-evenings ({study}/config.yaml)"
    assert "formats: 1 csv, 1 markdown, 1 social_thread" in said["Documents"]
    # 10 in the thread, 8 and two headings in the newsletter, 9 answers; nine posters, nine who answer, author, editor.
    assert said["Statements"] == "29 statements of 20 voices\nleft out: 3 addressee"
    assert said["Hypotheses"] == "4 (3 motives, 1 condition), with 8 expected observations"
    assert said["Coders"].startswith(
        "example (recorded): codes.csv, 22 codes; 29 statements read, 100 % of the corpus\n"
    )
    assert said["Form"].startswith("ranking: 27 statements were read")  # headings are not weighed
    assert "ranks 3 motives" in said["Stages"] and "results/library-evenings/" in said["Results"]


@pytest.mark.parametrize("config", [PROJECT / "config.yaml", STUDIES / "ferry" / "config.yaml"])
def test_studies_that_run_have_no_mistakes(config, monkeypatch):
    monkeypatch.chdir(PROJECT)
    assert dict(check(config).summary)["Form"][0].startswith("ranking: ")


def test_no_mistake_hides_another(study, monkeypatch):
    monkeypatch.setattr(checks.quarto, "path", lambda: None)
    edit(
        study / "config.yaml",
        ("question:", "qestion:"),
        ("# checked_sources:", "checked_sources:"),
        ("  # - {name: model,", "  - {prompts: prompts, name: model,"),
        ("  # renderer: embedded", "  renderer: quarto"),
        ("interest: public # what", "turns: [{from: Nobody said this, speaker: x}] # what"),
    )
    edit(study / "codebook.yaml", ("role: condition", "role: conditon"))
    edit(study / "codes.csv", ("online_loans,supports", "online_loan,supports"), ("People simply", "People merely"))
    (study / "sources.csv").write_text("reference\n")
    (study / "answers.jsonl").write_text("no answer\n")
    (study / "prompts").mkdir()
    (study / "prompts" / "system.txt").write_text("Say yes.")
    (study / "corpus" / "newsletter.md").write_bytes(b"\xff\x00\xff")
    found = problems(study)
    for expected in (
        "config.yaml:6: unknown key 'qestion'",
        "codebook.yaml:127: hypotheses.3.role is 'conditon'",
        "corpus/newsletter.md: is ",
        "corpus/neighbours.txt: turn 'x': the words 'Nobody said this'",
        "codes.csv:5: unknown hypothesis_id 'online_loan'",
        "codes.csv:9: quote 'People merely read less",
        "sources.csv:1: column 'what' is missing",
        "answers.jsonl:1: is no kept answer",
        "prompts/statement.txt: the prompt cannot be read",
        "prompts/system.txt: the prompt must name $form and $hypotheses and $question",
        "config.yaml:67: report.renderer is quarto",
    ):
        assert any(expected in one for one in found), (expected, found)
    # Codes of the newsletter, which cannot be read, are not called codes of an unknown document.
    assert not [one for one in found if "document_id" in one]
    assert len(found) == len(set(found))


def test_codes_are_not_held_against_a_codebook_whose_ids_are_missing(study):
    edit(study / "codebook.yaml", ("- id: dark_way", "- di: dark_way"))
    assert {one.split(":")[0] for one in problems(study)} == {"codebook.yaml"}


def test_a_study_without_documents_is_told_once(study):
    shutil.rmtree(study / "corpus")
    assert all(one.startswith("config.yaml:") for one in problems(study))


def test_what_may_not_be_meant_is_a_warning(study, monkeypatch):
    monkeypatch.delenv("NO_SUCH_KEY", raising=False)
    edit(
        study / "config.yaml",
        ("question: Why", "question: How"),
        ("source_type: newsletter", "source_type: survey"),
        ("source_type: social media", "source_type: survey"),
        ("languages: [en]", "languages: [en, it]"),
        ("  # - {name: learned, type: learned}", "  - {name: learned, type: learned}"),
        ("  # - {name: model,", "  - {key_variable: NO_SUCH_KEY, name: model,"),
    )
    edit(study / "codebook.yaml", ("The last bus leaves before", "The last bus goes before"))
    codes = (study / "codes.csv").read_text().splitlines(keepends=True)
    (study / "codes.csv").write_text("".join(line for line in codes if ",dark_way," not in line))
    (study / "corpus" / "copy.md").write_bytes((study / "corpus" / "newsletter.md").read_bytes())
    (study / "corpus" / "late.md").write_text(
        "È troppo tardi per me, perché la sera chiudono prima che io torni a casa.\n"
    )
    # Of another definition: 3 codes of it, 2 of other motives, and 7 statements that were read and bear on nothing.
    assert warnings(study) == [
        "config.yaml:6: the question is not the codebook's",
        "config.yaml:10: all sources are of one type, survey",
        "config.yaml:10: no date is known of: late",
        "config.yaml:10: document 'newsletter' counts for nothing, as it is a duplicate of copy",
        "config.yaml:34: no lexicon for the language of: 1 it",
        "codebook.yaml: 4 hypotheses have no cues in 'it': shorter_hours, online_loans, dark_way, no_late_bus",
        "codebook.yaml: 1 hypothesis has no codes of those who read: dark_way",
        "codes.csv: 12 codes to look at again, as the codebook has changed since",
        "config.yaml:47: learned: 25 statements have been read, 40 is the fewest to learn from",
        "config.yaml:48: the environment variable NO_SUCH_KEY holds no API key",
    ]


def test_it_says_when_the_report_will_be_a_map_and_what_models_would_be_asked(study):
    edit(
        study / "config.yaml",
        ("read_statements: 25", "read_statements: 40"),
        ("  # - {name: model,", "  - {name: model,"),
    )
    said = dict(check(study / "config.yaml").summary)
    assert (
        said["Form"][0].startswith("map: 27 statements were read")
        and said["Form"][1] == "Answers to come may change it."
    )
    assert any("29 requests for 29 statements" in line for line in said["Coders"])
    assert any("draws a map" in line for line in said["Stages"])


def test_nothing_is_written(study, capsys):
    before = sorted(path for path in study.parent.rglob("*"))
    assert cli.main(["check", str(study)]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("Study       library-evenings") and "No mistakes, 0 warnings." in said.out
    edit(study / "codes.csv", ("online_loans,supports", "online_loan,supports"))
    with pytest.raises(SystemExit) as ended:
        cli.main(["check", str(study / "config.yaml")])
    said = capsys.readouterr()
    assert ended.value.code == 1 and said.out == "" and "Did you mean 'online_loans'?" in said.err
    assert sorted(path for path in study.parent.rglob("*")) == before


@pytest.mark.parametrize(
    ("arguments", "config", "others"),
    [
        (["report"], None, []),
        (["report", "{}"], "{}/config.yaml", []),
        (["report", "{}/codebook.yaml"], "{}/codebook.yaml", []),
        (["report", "--configfile", "x.yaml", "-c", "4"], "x.yaml", ["-c", "4"]),
        (["report", "-c", "4", "coding_sheet"], None, ["-c", "4", "coding_sheet"]),
        (["report", "{}", "coding_sheet", "-c", "4"], "{}/config.yaml", ["coding_sheet", "-c", "4"]),
        (["estimate", "{}", "--dry-run", "--config", "a=b"], "{}/config.yaml", ["--dry-run", "--config", "a=b"]),
    ],
)
def test_the_word_after_the_command_is_the_study_and_the_rest_is_snakemakes(
    study, monkeypatch, arguments, config, others
):
    asked: list = []
    for name in ("build", "estimates"):
        monkeypatch.setattr(cli, name, lambda *given: asked.append(given) or 0)
    assert cli.main([argument.format(study) for argument in arguments]) == 0
    assert asked == [(Path(config.format(study)) if config else None, others)]


@pytest.mark.parametrize(
    ("arguments", "what", "hint"),
    [
        (["report", "coding_sheet"], "there is no such study", "a target of snakemake's comes after it"),
        (["check", "{}", "--configfile", "x.yaml"], "two studies are named", "Name one"),
        (["estimate", "{}/corpus"], "the folder holds no config.yaml", "steelyard new"),
        (["check", "{}/.."], "the folder holds no config.yaml", "one of: other.yaml"),
    ],
)
def test_a_study_that_is_none_is_told(study, capsys, arguments, what, hint):
    (study.parent / "other.yaml").touch()
    with pytest.raises(SystemExit) as ended:
        cli.main([argument.format(study) for argument in arguments])
    said = capsys.readouterr().err
    assert ended.value.code == 1 and what in said and hint in said
