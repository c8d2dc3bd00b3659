"""The default study's quarto/ folder follows Quarto's own rules, so that it opens and previews in an editor."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import quarto
import yaml

from project import need
from quarto_facts import html_facts

pytestmark = pytest.mark.xdist_group("default")  # one worker, so that the report is built once

# What the page and the PDF of Quarto 1.9 and later know, of what the report asks for.
OPTIONS = {
    "project": {"type", "render"},
    "html": {"embed-resources", "html-math-method", "toc-depth", "format-links", "theme", "css", "include-after-body"},
    "typst": {
        *("toc", "toc-depth", "papersize", "section-numbering", "page-numbering", "margin", "fontsize", "mainfont"),
        *("font-paths", "include-in-header", "keywords", "description"),
    },
    "top": {
        *("project", "quarto-required", "lang", "date-format", "number-sections", "toc", "citeproc", "format"),
        *("bibliography", "csl", "keywords", "description"),
    },
}
# Ids with these beginnings Quarto numbers and refers to; the others are the report's own (rows, passages, evidence).
NUMBERED = {"fig": r"!\[|:::+ ", "tbl": r": |:::+ ", "sec": r"#+ "}
OWN_IDS = r"(ev-[\w-]+|row-[\w-]+|p\d+-\d+|refs)"
FOREIGN_IDS = "lst|eq|thm|lem|cor|prp|cnj|def|exm|exr|sol|rem|alg|nte|tip|wrn|imp|cau"


@pytest.fixture(scope="module")
def folder(results) -> Path:
    return results / "quarto"


@pytest.fixture(scope="module")
def sources(folder) -> dict[Path, str]:
    files = sorted([*folder.rglob("*.qmd"), *folder.rglob("*.md")])
    return {path: path.read_text(encoding="utf-8") for path in files}


def test_the_project_file_holds_known_options_only(folder):
    project = yaml.safe_load((folder / "_quarto.yml").read_text(encoding="utf-8"))
    assert project["quarto-required"] == ">=1.9.0"
    assert project["project"]["render"] == ["report.qmd"]
    parts = {"top": project, "project": project["project"], **project["format"]}
    assert {name: set(part) - OPTIONS[name] for name, part in parts.items() if set(part) - OPTIONS[name]} == {}
    named = [project["format"]["html"][key] for key in ("theme", "css", "include-after-body")]
    named += [project["format"]["typst"][key] for key in ("include-in-header", "font-paths")]
    files = {name for item in named for name in (item if isinstance(item, list) else [item])} - {"cosmo"}
    assert [name for name in files if not (folder / name).exists()] == []


def test_variables_are_texts_and_each_that_is_named_is_there(folder, sources):
    variables = yaml.safe_load((folder / "_variables.yml").read_text(encoding="utf-8"))
    assert all(isinstance(value, str) for value in variables.values())
    assert set(re.findall(r"\{\{< var ([\w.-]+) >\}\}", "".join(sources.values()))) <= set(variables)


def test_only_the_report_is_a_document_of_its_own(folder, sources):
    names = [path.relative_to(folder).as_posix() for path in sources]
    assert [name for name in names if not name.startswith("_")] == ["report.qmd"]
    for path, text in sources.items():
        assert text.startswith("---\n") == (path.name == "report.qmd"), f"{path.name}: front matter"


def test_no_path_leads_out_of_the_folder(folder, sources):
    assert [path for path in folder.rglob("*") if path.is_symlink()] == []
    for path, text in sources.items():
        includes = re.findall(r"\{\{< include (\S+) >\}\}", text)
        assert text.count("{{< include") == len(re.findall(r"(?m)^\{\{< include \S+ >\}\}$", text)) == len(includes)
        # Paths in a partial start at the main document's folder, in Quarto too.
        for name in includes + re.findall(r"!\[.*?\]\(([^)\s]+)", text):
            target = (folder / name).resolve()
            assert target.is_file() and target.is_relative_to(folder.resolve()), f"{path.name}: {name}"


def test_the_sources_hold_no_code_that_runs(sources):
    for path, text in sources.items():
        assert not re.search(r"(?m)^\s*```+\s*\{+\s*(?!=)\w", text), path.name
        assert not re.search(r"(?<!`)`(\{\w|r )", text), path.name


def test_ids_are_well_formed_and_given_once(sources):
    lines = [line for text in sources.values() for line in text.splitlines()]
    found = [(identifier, line) for line in lines for identifier in re.findall(r"\{#([^\s}]+)", line)]
    assert len(found) > 300
    assert len({identifier for identifier, _ in found}) == len(found)
    for identifier, line in found:
        kind = identifier.partition("-")[0]
        assert re.fullmatch(r"[A-Za-z][\w-]*", identifier), identifier
        assert not re.fullmatch(FOREIGN_IDS, kind), identifier
        if kind in NUMBERED:
            assert re.match(NUMBERED[kind], line), line[:80]
        else:
            assert re.fullmatch(OWN_IDS, identifier), identifier


def test_the_quarto_cli_makes_the_same_report(folder, results, tmp_path):
    """Headings, numbers of figures and tables, references, notes, cells and quotes are those of the built page."""
    command = quarto.path()
    need("quarto", command)
    copy = shutil.copytree(folder, tmp_path / "quarto")
    for name in ("html", "typst"):
        subprocess.run([str(command), "render", "report.qmd", "--to", name], cwd=copy, check=True, timeout=600)
    ours, theirs = html_facts(results / "report.html"), html_facts(copy / "report.html")
    assert (copy / "report.pdf").stat().st_size > 100_000
    for key in ("toc", "headings", "figures", "tables", "xrefs", "footnotes", "blocks"):
        assert ours.get(key) == theirs.get(key), key
