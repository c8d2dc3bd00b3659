"""What all tests share: hypothesis' profiles, and two studies built once: the default one and a small one."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from project import copy_study, steelyard

# `make prove` asks for the long profile; the tests' machine may be slow, so no example has a deadline.
settings.register_profile("default", deadline=None)
settings.register_profile("prove", max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
settings.load_profile("default")


@pytest.fixture(scope="session")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results of the default study, built in an empty folder; tests that ask for it are of the group `default`."""
    folder = tmp_path_factory.mktemp("default")
    done = steelyard(folder=folder)
    assert done.returncode == 0, done.stderr
    return folder / "results" / "open-weights"


@pytest.fixture(scope="session")
def ferry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the study `ferry` was built, by `steelyard report`; the group is `ferry`."""
    folder = tmp_path_factory.mktemp("ferry")
    done = steelyard("--configfile", str(copy_study("ferry", folder)), folder=folder)
    assert done.returncode == 0, done.stderr
    return folder
