"""A bare `snakemake`, without arguments, in a project's root just runs, and so does another config by its name."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from project import PROJECT, STUDIES

pytestmark = pytest.mark.xdist_group("ferry")  # one worker, so that the small study is built once


@pytest.fixture(scope="session")  # the group's tests don't come module by module
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project whose default study is a small one, built by a bare `snakemake`."""
    folder = tmp_path_factory.mktemp("project")
    for name in ("workflow", "report", "profiles"):
        shutil.copytree(PROJECT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    for name in ("Snakefile", "environment.yml"):
        shutil.copy(PROJECT / name, folder)
    for path in (STUDIES / "ferry").iterdir():
        shutil.copy(path, folder)
    done = snakemake(project=folder)
    assert done.returncode == 0, done.stderr
    assert "made by the embedded renderer" in done.stderr
    return folder


def snakemake(*arguments: str, project: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(project / "workflow")}
    command = [str(Path(sys.executable).with_name("snakemake")), *arguments]
    return subprocess.run(
        command, cwd=project, env=environment, capture_output=True, text=True, check=False, timeout=300
    )


def test_it_just_runs(project):
    assert (project / "results" / "ferry" / "report.pdf").stat().st_size > 10_000


def test_same_bytes_from_another_folder(project, ferry):
    one, other = ferry / "results" / "ferry", project / "results" / "ferry"
    files = sorted(p.relative_to(one) for p in one.rglob("*") if p.is_file() and p.name != "run.json")
    assert files == sorted(p.relative_to(other) for p in other.rglob("*") if p.is_file() and p.name != "run.json")
    different = [str(path) for path in files if (one / path).read_bytes() != (other / path).read_bytes()]
    assert different == []


def test_a_change_in_the_library_reruns_what_depends_on_it_and_nothing_else(project):
    with (project / "workflow" / "steelyard" / "weigh" / "balance.py").open("a") as file:
        file.write("\n# a change\n")
    plan = snakemake("--dry-run", project=project)
    assert plan.returncode == 0, plan.stderr
    jobs = set(re.findall(r"^(?:local)?rule (\w+):", plan.stdout + plan.stderr, re.MULTILINE))
    assert "weigh" in jobs
    assert not jobs & {"ingest", "cues", "recorded", "quality", "aggregate"}


@pytest.mark.slow
def test_another_study_stands_alone_and_without_read_codes_it_is_a_map(project):
    other = project / "other"
    shutil.copytree(STUDIES / "ferry", other)
    text = (other / "config.yaml").read_text().replace("study: ferry", "study: other")
    # No checked sources here: were the default study's key to leak in, a citation would be documented.
    text = text.replace("checked_sources: sources.csv\n", "")
    # No coders are named either: the semantic one codes.
    (other / "config.yaml").write_text(re.sub(r"coders:\n(  - .*\n)+", "", text))
    done = snakemake("results/other/quarto", "--configfile", "other/config.yaml", project=project)
    assert done.returncode == 0, done.stderr
    results = project / "results" / "other"
    assert not list(results.glob("report.*")), "what was asked for was made, and no more"
    evidence = pd.read_parquet(results / "aggregate" / "evidence.parquet")
    assert set(evidence.coder) == {"semantic"}
    assert "cited" in set(evidence.kind)
    assert "documented" not in set(evidence.kind)
    assert not (other / "results").exists()
    weights = pd.read_parquet(results / "weigh" / "hypotheses.parquet")
    assert weights[["rank", "balance", "shown", "certainty"]].isna().all(axis=None)
    words = "".join(path.read_text() for path in (results / "quarto").rglob("*.*md"))
    assert "A map, not a ranking" in words
    assert "Most evidence is offered" not in words
    assert "Rank 1" not in words


@pytest.mark.slow
def test_a_changed_hypothesis_embeds_no_statement_again(project):
    codebook = project / "other" / "codebook.yaml"
    codebook.write_text(codebook.read_text().replace("claim: ", "claim: In truth, ", 1))
    plan = snakemake("--configfile", "other/config.yaml", "--dry-run", project=project)
    jobs = set(re.findall(r"^(?:local)?rule (\w+):", plan.stdout + plan.stderr, re.MULTILINE))
    assert "semantic" in jobs
    assert not jobs & {"ingest", "embed"}
