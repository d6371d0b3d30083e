"""What a request costs each tier: which tiers a run has, and what it says of them. No time is asserted."""

import pytest

from lab.instruments.cpu import BOTH, DATA, WEB
from lab.instruments.runs import Run, load
from lab.site import cpu_demands
from lab.site.cpu_demands import REQUESTS, CpuDemands
from mysite.topology import one_server
from tests.mysite.open_to_all import temporary  # noqa: F401 (a place that PostgreSQL's user can enter)


def run_of(both, web, data):
    series = {BOTH: both, WEB: web, DATA: data}
    return Run("by hand", dict.fromkeys(series, "s"), series, CpuDemands(1000, "PostgreSQL 18"))


def test_a_run():
    run = cpu_demands.demands(requests=20, repeats=1)
    assert run.units == dict.fromkeys((BOTH, WEB, DATA), "s")
    assert all(len(values) == 1 and values[0] >= 0 for values in run.series.values())
    assert run.payload.requests == 20
    assert run.payload.product.startswith("PostgreSQL ")


def test_the_recorded_run_is_of_what_would_be_measured_today():
    assert load(CpuDemands).payload.requests == REQUESTS


def test_a_page_that_is_not_answered_is_no_measurement(monkeypatch):
    monkeypatch.setattr(cpu_demands, "PATH", "/nothing")
    with one_server() as site, pytest.raises(ValueError, match="/nothing is answered with 404"):
        cpu_demands.cpu_a_request(site, 1)


def test_the_gain_is_that_of_the_slower_tier():
    assert cpu_demands.gains(run_of([4.0, 3.0], [2.0, 1.0], [1.0, 3.0])) == [2.0, 1.0]


def test_medians():
    run = run_of([3.0, 1.0, 2.0], [1.0, 1.0, 9.0], [0.0, 5.0, 4.0])
    assert cpu_demands.medians(run) == {BOTH: 2.0, WEB: 1.0, DATA: 4.0}
