"""A result's crate: what it must have to be one, what it names, and that it says nothing of where and when."""

from __future__ import annotations

import datetime
import json
import re

from steelyard.provenance.crate import CRATE, WORKFLOW, WORKFLOW_RUN, Facts, crate
from steelyard.provenance.digests import named, sha256
from steelyard.provenance.facts import facts
from steelyard.study import Study

FACTS = Facts(
    study="x",
    title="Why?",
    question="Why is it so?",
    author="Ruth Amsel",
    licence=None,
    date=datetime.date(2025, 6, 1),
    settings={"coder reader": '{"name": "reader"}', "method": "{}"},
    renderer="the embedded renderer (pandoc 3.9, typst 0.15.2)",
)


def make(folder, facts=FACTS):
    """A result of two files, from three inputs of which two hold the same."""
    results, study = folder / "results" / "x", folder / "study"
    for path, text in (
        (results / WORKFLOW, "rule all:"),
        (results / "report.html", "<html>"),
        (results / "quarto" / "figures" / "kinds [1].svg", "<svg/>"),
        (results / "quarto" / ".snakemake_timestamp", ""),
        (study / "config.yaml", "study: x"),
        (study / "a.txt", "the same"),
        (study / "b.txt", "the same"),
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    made = [results / "report.html", results / "quarto", results / "workflow"]
    return crate(facts, results, made, study, sorted(study.iterdir()))


def graph(content):
    entities = {one["@id"]: one for one in json.loads(content)["@graph"]}
    assert len(entities) == len(json.loads(content)["@graph"]), "each is described once"
    return entities


def of_type(entities, kind):
    return [
        one for one in entities.values() if kind in ([one["@type"]] if isinstance(one["@type"], str) else one["@type"])
    ]


def ids(values):
    return [one["@id"] for one in values]


def test_it_has_what_the_profile_asks_for(tmp_path):
    entities = graph(make(tmp_path))
    root = entities["./"]
    assert entities[CRATE]["about"] == {"@id": "./"}
    assert {"@id": "https://w3id.org/ro/crate/1.1"} in entities[CRATE]["conformsTo"]
    assert WORKFLOW_RUN in ids(root["conformsTo"])
    assert root["mainEntity"] == {"@id": WORKFLOW}
    assert set(entities[WORKFLOW]["@type"]) == {"File", "SoftwareSourceCode", "ComputationalWorkflow"}
    assert entities[entities[WORKFLOW]["programmingLanguage"]["@id"]]["name"] == "Snakemake"
    [action] = of_type(entities, "CreateAction")
    assert root["mentions"] == {"@id": action["@id"]} and action["instrument"] == {"@id": WORKFLOW}
    assert all(root[key] for key in ("name", "description", "datePublished", "license", "author"))


def test_all_that_is_named_is_described_and_every_file_is_a_part(tmp_path):
    content = make(tmp_path)
    entities = graph(content)
    outside = "https://doi.org", "https://snakemake", "https://spdx.org"
    named_ = {
        name for name in re.findall(r'\{\s*"@id": "([^"]*)"\s*\}', content.decode()) if not name.startswith(outside)
    }
    assert named_ - {"https://w3id.org/ro/crate/1.1"} <= set(entities)
    assert set(ids(entities["./"]["hasPart"])) == {one["@id"] for one in of_type(entities, "File")}


def test_files_are_named_with_digest_and_size_and_snakemakes_marks_are_not(tmp_path):
    entities = graph(make(tmp_path))
    results = tmp_path / "results" / "x"
    for name in ("report.html", "quarto/figures/kinds%20%5B1%5D.svg"):
        path = results / name.replace("%20", " ").replace("%5B", "[").replace("%5D", "]")
        assert entities[name]["sha256"] == sha256(path)
        assert entities[name]["contentSize"] == str(path.stat().st_size)
    assert "timestamp" not in json.dumps(entities)


def test_inputs_are_named_by_what_they_hold_and_two_that_hold_the_same_are_one(tmp_path):
    entities = graph(make(tmp_path))
    [action] = of_type(entities, "CreateAction")
    twice = entities[named(sha256(tmp_path / "study" / "a.txt"))]
    assert (twice["name"], twice["alternateName"]) == ("a.txt", ["b.txt"])
    went_in = [entities[one].get("name") for one in ids(action["object"])]
    assert went_in == ["a.txt", "config.yaml", "coder reader", "method"]
    assert ids(action["result"]) == ["quarto/figures/kinds%20%5B1%5D.svg", "report.html"]


def test_a_name_by_digest_is_that_of_the_standard():
    # The example of RFC 6920, section 8.1: the SHA-256 of "Hello World!".
    digest = "7f83b1657ff1fc53b92dc18148a1d65dfc2d4b1fa3d677284addd200126d9069"
    assert named(digest) == "ni:///sha-256;f4OxZX_x_FO5LcGBSKHWXfwtSx-j1ncoSt3SABJtkGk"


def test_programs_have_their_versions(tmp_path):
    programs = {one["name"]: one["softwareVersion"] for one in of_type(graph(make(tmp_path)), "SoftwareApplication")}
    assert {"Python", "steelyard", "snakemake", "pandas", "duckdb", "pydantic"} <= set(programs)
    assert programs["pandoc"] == "3.9"
    assert "pytest" not in programs, "what an extra asks for takes no part"


def test_it_is_the_same_wherever_it_is_made_and_another_where_anything_differs(tmp_path):
    one = make(tmp_path / "a folder 有空格")
    assert make(tmp_path / "b") == one
    (tmp_path / "b" / "study" / "b.txt").write_text("another")
    again = crate(FACTS, tmp_path / "b/results/x", [], tmp_path / "b/study", [tmp_path / "b/study/b.txt"])
    [run], [other] = (of_type(graph(text), "CreateAction") for text in (one, again))
    assert run["@id"] != other["@id"]
    assert str(tmp_path) not in one.decode()


def test_the_date_is_the_reports_else_the_newest_documents_else_that_of_the_environment(monkeypatch, tmp_path):
    config = {"study": "x", "question": "?", "codebook": "c", "sources": [{"path": "a.txt"}], "report": {"title": "T"}}
    study = Study.model_validate(config)
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    assert facts(study, tmp_path, "", None).date == datetime.date(1970, 1, 1)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    assert facts(study, tmp_path, "", None).date == datetime.date(1970, 1, 2)
    assert facts(study, tmp_path, "", "2025-06-01").date == datetime.date(2025, 6, 1)
    dated = Study.model_validate(config | {"report": {"title": "T", "date": "2024-01-01"}})
    assert facts(dated, tmp_path, "", "2025-06-01").date == datetime.date(2024, 1, 1)


def test_coders_are_named_with_settings_and_a_models_with_its_prompts(tmp_path):
    coders = [
        {"name": "cues", "type": "cues"},
        {"name": "model", "type": "llm", "url": "http://localhost", "model": "m", "answers": "a.jsonl"},
    ]
    config = {"study": "x", "question": "?", "codebook": "c", "sources": [{"path": "a.txt"}], "report": {"title": "T"}}
    settings = facts(Study.model_validate(config | {"coders": coders}), tmp_path, "", None).settings
    assert json.loads(settings["coder cues"])["accept"] == 0.5
    assert re.fullmatch("[0-9a-f]{16}", settings["prompts of model"])
    assert json.loads(settings["method"])["robustness"]["draws"] == 2000
