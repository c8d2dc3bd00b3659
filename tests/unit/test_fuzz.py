"""Some examples of each property that is fuzzed, the same ones each time, and all that fuzzing has found."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

import fuzzing


@pytest.mark.slow
@pytest.mark.parametrize("name", fuzzing.TARGETS)
def test_property(name):
    strategy, check = fuzzing.TARGETS[name]
    few = settings(
        max_examples=fuzzing.few(name), derandomize=True, deadline=None, suppress_health_check=list(HealthCheck)
    )
    few(given(strategy)(lambda value: check(value)))()


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in fuzzing.FOUND.items() for value in values]
)
def test_what_was_found_stays_mended(name, value):
    _, check = fuzzing.TARGETS[name]  # its assertions are the target's own
    check(value)
