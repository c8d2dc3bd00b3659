"""Every package of the lock is listed with a licence that goes with steelyard's own, and hashes are asked of each."""

from __future__ import annotations

import re
import sys
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from project import PROJECT

sys.path.insert(0, str(PROJECT / "docs" / "site"))
import licences

PAGE = (PROJECT / "docs" / "licences.md").read_text(encoding="utf-8")
LISTED = {
    name: (versions, licence, mark)
    for name, versions, licence, mark in re.findall(
        r"^\| (\S+) \| (\d[^|]*) \| ([^|]+) \| (.*) ?\|$", PAGE, re.MULTILINE
    )
}


def test_every_package_of_the_lock_is_listed_with_its_versions_and_its_licence():
    locked = licences.locked()
    assert len(locked) > 100
    expected = {name: (", ".join(versions), licences.licence(name)) for name, versions in locked.items()}
    assert {name: row[:2] for name, row in LISTED.items()} == expected, "write it anew: make docs"


def test_every_licence_goes_with_mit_or_is_spoken_of():
    beyond = {name for name, (_, licence, _) in LISTED.items() if licences.copyleft(licence)}
    assert beyond == set(licences.COPYLEFT)
    known = {"GPL-2.0-only", "GPL-2.0-or-later", "GPL-3.0-or-later", "LGPL-2.1-or-later", "MPL-1.1", "MPL-2.0"}
    for name, (_, licence, _) in LISTED.items():
        parts = set(re.findall(r"[\w.-]+", licence)) - {"AND", "OR"}
        assert parts <= licences.PERMISSIVE | known, name
    assert all(f"| {name} | {LISTED[name][1]} | {why} |" in PAGE for name, why in licences.COPYLEFT.items())


def test_what_was_read_by_hand_is_in_the_lock():
    assert set(licences.READ) | set(licences.COPYLEFT) <= set(licences.locked())


def test_what_pyproject_asks_for_is_needed_to_run_and_what_developers_ask_for_is_not():
    needed = {name for name, (*_, mark) in LISTED.items() if not mark.strip()}
    assert {"numpy", "snakemake", "courlan"} <= needed  # the last one by way of trafilatura
    assert not {"ruff", "pytest", "mkdocs"} & needed


@pytest.mark.parametrize(
    ("licence", "asks"),
    [
        ("MIT", False),
        ("(Apache-2.0 OR BSD-2-Clause) AND MIT", False),
        ("MIT AND GPL-2.0-or-later", True),
        ("unknown", True),
    ],
)
def test_whatever_is_not_known_as_permissive_asks_for_more(licence, asks):
    assert licences.copyleft(licence) is asks


def test_the_lock_fits_what_pyproject_asks_for():
    table = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    locked = licences.locked()
    for asked in map(Requirement, table["dependencies"] + table["optional-dependencies"]["dev"]):
        versions = locked[canonicalize_name(asked.name)]
        assert all(asked.specifier.contains(version, prereleases=True) for version in versions), asked


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-uv.lock"])
def test_every_pin_of_either_lock_has_a_hash(name):
    text = (PROJECT / name).read_text()
    pins = re.split(r"^(?=[A-Za-z0-9_.-]+==)", text, flags=re.MULTILINE)[1:]
    assert pins
    assert [pin.splitlines()[0] for pin in pins if not re.search(r"--hash=sha256:[0-9a-f]{64}\b", pin)] == []
    others = [line for line in text.splitlines() if line and not re.match(r"[\w.-]+==|    --hash=|\s*#", line)]
    assert others == [], "nothing without a version, a hash, or from elsewhere"
