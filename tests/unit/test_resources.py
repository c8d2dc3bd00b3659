"""What jobs ask a cluster for."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from project import PROJECT
from steelyard.resources import NEEDS, megabytes, minutes, needs

sizes, rules = st.integers(0, 10**10), st.sampled_from(sorted(NEEDS))


def test_each_rule_asks_for_what_its_own_jobs_need():
    asked = {}
    for path in (PROJECT / "workflow" / "rules").glob("*.smk"):
        for body in re.split(r"^(?=rule )", path.read_text(), flags=re.MULTILINE)[1:]:
            asked[re.match(r"rule (\w+):", body)[1]] = re.findall(r"\*\*needs\(\"(\w+)\"\)", body)
    assert asked == {rule: [rule] for rule in NEEDS}


@given(rules, sizes, sizes)
def test_more_input_never_asks_for_less(rule, one, other):
    for asked in (megabytes, minutes):
        assert 0 < asked(rule, min(one, other)) <= asked(rule, max(one, other))


@given(rules, sizes)
def test_each_further_attempt_asks_for_twice_as_much(rule, size):
    for asked in (megabytes, minutes):
        assert [asked(rule, size, attempt) for attempt in (2, 3)] == [asked(rule, size) * 2, asked(rule, size) * 4]


def test_a_job_asks_by_its_input_and_attempt():
    asked = needs("ingest")
    job = (None, SimpleNamespace(size=50_000_000), 2)
    assert (asked["mem_mb"](*job), asked["runtime"](*job)) == (
        megabytes("ingest", 50_000_000, 2),
        minutes("ingest", 50_000_000, 2),
    )
    assert megabytes("ingest", 50_000_000) > megabytes("ingest", 0)


def test_a_rule_that_has_no_figures_is_found_at_the_start():
    with pytest.raises(KeyError):
        needs("wiegh")
