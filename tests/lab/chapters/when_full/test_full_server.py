"""What chapter 03 measures, measured in small: counts, and what is kept of each point. No time is asserted."""

import math
import time
from itertools import accumulate

import pytest

from lab.chapters.when_full import full_server
from lab.chapters.when_full.impatience_model import Outcome
from lab.chapters.when_full.queue_replay_model import replay
from lab.instruments.runs import Run, load
from lab.service.running import service


@pytest.fixture(scope="module")
def waited():
    return full_server.waiting((0.5,), seconds=0.5, requests=80)


def test_waiting_keeps_what_a_replay_needs(waited):
    assert (waited.name, waited.units) == ("03-waiting", {"mean": "s", "99th percentile": "s"})
    (point,) = waited.detail["points"]
    assert len(point["gaps_us"]) == len(point["held_us"]) == 80, "as many as were asked for, which is more than 50"
    assert point["gaps_us"][0] == 0 and min(point["gaps_us"]) >= 0 and min(point["held_us"]) > 0
    done = replay(list(accumulate(point["gaps_us"])), point["held_us"], waited.detail["servers"])
    (mean_s,) = waited.series["mean"]
    # clients cannot have their answers sooner than the server could give them
    assert mean_s > 0.9 * sum(done.responses) / 80 / 1e6
    assert point["response_s"] < mean_s <= waited.series["99th percentile"][0]
    assert 0 < point["inside"] < 80
    assert point["generator"] > 0 and point["server"] > 0


def test_littles_law_holds_for_what_was_sampled(waited):
    """Sampled at random and therefore not exact: three standard errors of a hundred samples are about a third."""
    point = waited.detail["points"][0]
    assert point["inside"] == pytest.approx(point["rate"] * point["response_s"], rel=0.5)


def test_overload_counts_and_replays():
    run = full_server.overload((1.5,), seconds=0.4)
    assert list(run.series) == [full_server.UNBOUNDED, full_server.BOUNDED, full_server.PATIENT]
    assert set(run.units.values()) == {"/s"}
    customers = round(1.5 * 200 * 0.4)
    for kind in (full_server.UNBOUNDED, full_server.BOUNDED):
        assert len(run.detail["traces"][kind]) == 2 * customers
        done = full_server.outcome(run, kind)
        assert done.customers == customers
        assert done.attempts == done.refused + done.in_time + done.wasted
        assert 0 < run.series[kind][0] <= customers / 0.4
    assert full_server.outcome(run, full_server.UNBOUNDED).refused == 0
    assert list(run.detail["median_s"]) == list(run.series)


def test_the_outcome_is_that_of_the_recorded_trace():
    recorded = load("03-overload")
    bounded, unbounded = (full_server.outcome(recorded, kind) for kind in (full_server.BOUNDED, full_server.UNBOUNDED))
    count = round(1.5 * 200 * recorded.detail["seconds"])
    assert bounded.customers == unbounded.customers == count
    assert unbounded.in_time < count / 4 < count / 2 < bounded.in_time
    held = recorded.detail["traces"][full_server.BOUNDED]
    changed = {**recorded.detail["traces"], full_server.BOUNDED: [1000] * len(held)}
    quick = Run("x", "", recorded.units, recorded.series, detail={**recorded.detail, "traces": changed})
    assert full_server.outcome(quick, full_server.BOUNDED) == Outcome(count, count, 0, count, 0, quick_end(quick))


def quick_end(run):
    """When the last of a trace is answered in which everybody needs a millisecond."""
    count = len(run.detail["traces"][full_server.BOUNDED]) // 2
    arrivals = full_server.arrivals_at_random(1.5 * run.detail["capacity"], count, run.detail["seed"])
    return arrivals[-1] + 1000


def test_the_site_is_asked_at_each_rate():
    run = full_server.site_filling((50, 100), seconds=0.4)
    assert {name: len(values) for name, values in run.series.items()} == dict.fromkeys(run.units, 2)
    assert run.detail["rates"] == [50, 100]
    assert all(20e6 < memory < 1e9 for memory in run.detail["memory"])
    assert min(run.detail["connections"]) >= 1
    assert run.detail["unanswered"] == [0, 0]
    assert all(median <= p99 for median, p99 in zip(run.series["median"], run.series["99th percentile"], strict=True))


@pytest.mark.parametrize("cpu_s, told, predicted", [(0.002, 200, 40), (0.00375, 200, 75), (0.004, 100, 40)])
def test_the_cover_tells_of_a_rate_that_leaves_room(cpu_s, told, predicted):
    series = {"answered": [99.0, 198.0], "CPU": [0.31, 0.42], "median": [0.003, 0.004]}
    run = Run("03-site", "", dict.fromkeys(series, "s"), series, detail={"rates": [100, 200]})
    used, median = {100: (31, "3.00"), 200: (42, "4.00")}[told]
    assert full_server.how_quick(run, cpu_s) == (
        f" By the one server's CPU time {told} requests a second use {predicted} % of its core; in the run of"
        f" chapter 3 they used {used} %, and half of them were answered within ⟨{median} ms⟩."
    )
    with pytest.raises(ValueError, match=r"With 0\.008 s a request the site is full at every rate of the run 03-site"):
        full_server.how_quick(run, 0.008)


def test_users_ask_again_and_again():
    run = full_server.site_with_users((1, 2), seconds=0.3)
    assert run.detail["users"] == [1, 2]
    assert min(run.series["answered"]) > 1


def test_held_open_counts():
    with service(1, 0) as one:
        assert full_server.held_open([one], 2) == {200: 1, 503: 1}
    with service(1, 1) as one, service(1) as two:
        assert full_server.held_open([one, two], 7) == {200: 5, 503: 2}


def test_a_response_is_measured_in_service_times():
    # on a busy machine it is refused, as it should be: the next moment may be a quieter one
    for _ in range(20):
        try:
            measured = full_server.measured_response(0.3, 2, 0, seconds=0.4)
        except ValueError as refused:
            assert "too busy or too late" in str(refused)
        else:
            break
    assert 0.9 < measured < math.inf


def test_what_watches_ends():
    with full_server.one_server(cache_seconds=0) as site:
        with full_server.watched(site.web) as seen:
            time.sleep(0.3)
        assert len(seen) >= 2
        length = len(seen)
        time.sleep(0.2)
        assert len(seen) == length
