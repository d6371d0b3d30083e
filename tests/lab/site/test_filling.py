"""The site that fills up, measured in small, and what is told of a recorded run. No time is asserted."""

import threading
from dataclasses import replace

import pytest

from lab.instruments.runs import Run, load
from lab.site import filling
from lab.site.filling import ANSWERED, CPU, MEDIAN, P99, RATES, SiteFilling, how_quick, points, site_filling
from mysite.topology import one_server

RUN = Run(
    what="by hand",
    units={ANSWERED: "/s", CPU: "s", MEDIAN: "s", P99: "s"},
    series={ANSWERED: [99.0, 198.0], CPU: [0.31, 0.42], MEDIAN: [0.003, 0.004], P99: [0.03, 0.04]},
    payload=SiteFilling(
        rates=(100, 200), memory=(70_000_000, 71_000_000), connections=(4, 9), unanswered=(0, 7),
        was_bottleneck=(False, False),
    ),
)  # fmt: skip


def test_the_site_is_asked_at_each_rate():
    run = site_filling((50, 100), seconds=0.4)
    payload = run.payload
    assert run.units == RUN.units
    assert {name: len(values) for name, values in run.series.items()} == dict.fromkeys(run.units, 2)
    assert payload.rates == (50, 100)
    assert all(20e6 < memory < 1e9 for memory in payload.memory)
    assert min(payload.connections) >= 1
    assert payload.unanswered == (0, 0)
    assert all(median <= p99 for median, p99 in zip(run.series[MEDIAN], run.series[P99], strict=True))


def test_the_recorded_run_is_of_what_would_be_measured_today():
    assert load(SiteFilling).payload.rates == RATES


def test_points_are_the_columns_rate_by_rate():
    first, second = points(RUN)
    assert first == filling.RatePoint(100, 99.0, 0.31, 0.003, 0.03, 70_000_000, 4, 0, False)
    spoilt = replace(RUN, payload=replace(RUN.payload, was_bottleneck=(True, False)))
    assert points(spoilt) == [second], "what says nothing about the site is left out"


@pytest.mark.parametrize("cpu_s, rate, predicted", [(0.002, 200, 40), (0.00375, 200, 75), (0.004, 100, 40)])
def test_the_cover_tells_of_a_rate_that_leaves_room(cpu_s, rate, predicted):
    used, median = {100: (31, "3.00"), 200: (42, "4.00")}[rate]
    assert how_quick(RUN, cpu_s) == (
        f" By the one server's CPU time {rate} requests a second use {predicted} % of its core; in the run of"
        f" chapter 3 they used {used} %, and half of them were answered within ⟨{median} ms⟩."
    )


def test_the_cover_tells_nothing_where_no_rate_leaves_room():
    with pytest.raises(ValueError, match=r"With 0\.008 s a request the site is full at every rate of the run site/fil"):
        how_quick(RUN, 0.008)


def test_what_watches_the_connections_ends():
    threads = set(threading.enumerate())
    with one_server(cache_seconds=0) as site:
        with filling.watched_connections(site.web) as numbers:
            (watching,) = set(threading.enumerate()) - threads
            while len(numbers) < 2:
                watching.join(0.01)
        assert not watching.is_alive()
