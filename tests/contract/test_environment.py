"""The lists of dependencies are held to one another, and name no index."""

from __future__ import annotations

import re
import tomllib

import yaml

from project import PROJECT

PROJECT_TABLE = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
DEPENDENCIES = PROJECT_TABLE["dependencies"] + PROJECT_TABLE["optional-dependencies"]["dev"]


def test_environment_yml_lists_the_dependencies_of_pyproject():
    listed = yaml.safe_load((PROJECT / "environment.yml").read_text())["dependencies"]
    [pip] = [entry["pip"] for entry in listed if isinstance(entry, dict)]
    assert "--editable ." in pip
    names = [entry for entry in [*listed, *pip] if isinstance(entry, str)]
    # python, pip and the Quarto CLI come from conda only; the project itself is installed in place
    assert sorted(set(names) - {"pip", "quarto", "--editable .", "python>=3.11"}) == sorted(DEPENDENCIES)
    assert f"python{PROJECT_TABLE['requires-python']}" in names


def test_every_dependency_is_locked_with_hashes():
    lock = (PROJECT / "requirements.lock").read_text()
    locked = {name.replace("_", "-").lower() for name in re.findall(r"^([A-Za-z0-9_.-]+)==", lock, re.MULTILINE)}
    wanted = {re.split(r"[<>=!~]", dependency)[0].replace("_", "-").lower() for dependency in DEPENDENCIES}
    assert wanted <= locked
    blocks = re.split(r"^(?=[A-Za-z0-9_.-]+==)", lock, flags=re.MULTILINE)[1:]
    assert all("--hash=sha256:" in block for block in blocks)


def test_the_locks_name_no_address():
    for name in ("requirements.lock", "requirements-uv.lock"):
        text = (PROJECT / name).read_text()
        assert "://" not in text and "--index" not in text and "--find-links" not in text


def test_the_version_is_the_same_everywhere():
    import steelyard

    citation = yaml.safe_load((PROJECT / "CITATION.cff").read_text())
    assert PROJECT_TABLE["version"] == steelyard.__version__ == citation["version"]
