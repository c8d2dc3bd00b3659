"""The wheel, installed where no checkout is: it begins a study, checks it, and builds the same bytes."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import tarfile
from pathlib import Path

import pytest

from project import PROJECT, copy_study
from steelyard.digest import code_digest
from steelyard.place import project_folder

sys.path.insert(0, str(PROJECT / "benchmarks"))
from faults import differences, digests
from package import built, distributions, environment, tracked

pytestmark = [pytest.mark.xdist_group("ferry"), pytest.mark.slow]  # one worker, so that the small study is built once


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return distributions(tmp_path_factory.mktemp("distributions"))


@pytest.fixture(scope="module")
def programs(made: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel; what it needs is that of this environment, without the checkout."""
    bin_ = environment(tmp_path_factory.mktemp("installed") / "environment", "--offline", "--no-deps", str(made[1]))
    [packages] = bin_.parent.glob("lib/python*/site-packages")
    # A .pth file in a folder that a .pth file names is not read: the editable installation is not found.
    (packages / "locked.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return bin_


def test_the_source_distribution_holds_what_git_has(made):
    with tarfile.open(made[0]) as archive:
        found = {member.name.partition("/")[2] for member in archive if member.isfile()}
    added = {name for name in found if name in ("PKG-INFO", "setup.cfg") or ".egg-info/" in name}
    assert found - added == set(tracked())


def test_the_installed_package_builds_the_same_bytes_outside_the_checkout(programs, ferry, tmp_path):
    copy_study("ferry", tmp_path)
    found = built(programs, tmp_path, "ferry")
    assert {"report.html", "report.pdf", "evidence.csv"} <= set(found)
    assert differences(found, digests(ferry / "results" / "ferry")) == []


def test_a_new_study_is_begun_checked_and_planned(programs, tmp_path):
    def run(*arguments: str) -> str:
        command = [str(programs / "steelyard"), *arguments]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout

    run("new", "mine")
    assert "No mistakes" in run("check", "mine")
    assert "render" in run("report", "mine", "--dry-run")


@pytest.mark.parametrize("command", ["report", "check", "estimate"])
def test_without_a_checkout_a_study_must_be_named(programs, tmp_path, command):
    done = subprocess.run(
        [str(programs / "steelyard"), command], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "no study is named" in done.stderr
    assert "Hint: Name a study's folder" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_code_has_the_same_digests_as_in_the_checkout(programs):
    code = (
        "import sys; from steelyard import digest, place; print(place.project_folder(), digest.code_digest('render'))"
    )
    command = [str(programs / "python"), "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=programs)
    folder, digest = done.stdout.split()
    assert Path(folder).is_relative_to(programs.parent)
    assert project_folder() == PROJECT
    assert digest == code_digest("render")
