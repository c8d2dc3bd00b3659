"""What all tests share: hypothesis' profiles, and a small study built once."""

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
def ferry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the study `ferry` was built, by `steelyard report`."""
    folder = tmp_path_factory.mktemp("ferry")
    done = steelyard("--configfile", str(copy_study("ferry", folder)), folder=folder)
    assert done.returncode == 0, done.stderr
    return folder
