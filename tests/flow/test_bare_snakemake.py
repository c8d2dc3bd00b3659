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


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project whose default study is a small one."""
    folder = tmp_path_factory.mktemp("project")
    for name in ("workflow", "report", "profiles"):
        shutil.copytree(PROJECT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    for name in ("Snakefile", "environment.yml"):
        shutil.copy(PROJECT / name, folder)
    for path in (STUDIES / "ferry").iterdir():
        shutil.copy(path, folder)
    return folder


def snakemake(*arguments: str, project: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(project / "workflow")}
    command = [str(Path(sys.executable).with_name("snakemake")), *arguments]
    return subprocess.run(
        command, cwd=project, env=environment, capture_output=True, text=True, check=False, timeout=300
    )


def test_it_just_runs(project):
    done = snakemake(project=project)
    assert done.returncode == 0, done.stderr
    assert (project / "results" / "ferry" / "report.pdf").stat().st_size > 10_000
    assert "made by the embedded renderer" in done.stderr


def test_a_change_in_the_library_reruns_what_depends_on_it_and_nothing_else(project):
    assert snakemake(project=project).returncode == 0
    with (project / "workflow" / "steelyard" / "weigh" / "balance.py").open("a") as file:
        file.write("\n# a change\n")
    plan = snakemake("--dry-run", project=project)
    assert plan.returncode == 0, plan.stderr
    jobs = set(re.findall(r"^(?:local)?rule (\w+):", plan.stdout + plan.stderr, re.MULTILINE))
    assert "weigh" in jobs
    assert not jobs & {"ingest", "cues", "recorded", "quality", "aggregate"}


def test_another_study_lies_in_its_own_folder_and_nothing_leaks_in(project):
    other = project / "other"
    shutil.copytree(STUDIES / "ferry", other)
    text = (other / "config.yaml").read_text().replace("study: ferry", "study: other")
    # No checked sources here: were the default study's key to leak in, a citation would be documented.
    (other / "config.yaml").write_text(text.replace("checked_sources: sources.csv\n", ""))
    done = snakemake("--configfile", "other/config.yaml", project=project)
    assert done.returncode == 0, done.stderr
    kinds = set(pd.read_parquet(project / "results" / "other" / "aggregate" / "evidence.parquet").kind)
    assert "cited" in kinds
    assert "documented" not in kinds
    assert not (project / "other" / "results").exists()
