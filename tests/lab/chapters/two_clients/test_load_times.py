"""Load times over round trips of some lengths, here few and short: the shape of the run, and what is counted."""

import pytest

from lab.chapters.two_clients import load_times
from lab.chapters.two_clients.load_times import (
    CONNECTION_EACH,
    ONE_CONNECTION,
    PHONE,
    LoadCounts,
    LoadTimes,
    counts_of,
    series_name,
    visits,
)
from lab.instruments import runs
from lab.instruments.counting import Traffic
from lab.instruments.visit import Visit

LOADS = (ONE_CONNECTION, CONNECTION_EACH, PHONE)


def test_load_times(monkeypatch):
    """Each length in its turn, a first turn without a delay dropped; times of the turn, counts of the first."""
    turns = []

    def recorded_visits(site):
        turns.append((site.nominal_rtt_s, visits(site)))
        return turns[-1][1]

    monkeypatch.setattr(load_times, "RTTS_MS", (0, 4))
    monkeypatch.setattr(load_times, "visits", recorded_visits)
    run = load_times.load_times(repeats=2)
    assert [rtt_s for rtt_s, _ in turns] == [0, 0, 0.004, 0, 0.004]
    assert list(run.series) == [f"{load} at {ms} ms" for load in ("round trip", *LOADS) for ms in (0, 4)]
    assert (run.name, run.units) == ("two_clients/load_time", dict.fromkeys(run.series, "s"))
    assert run.what == "2 loads of /users/4, each with a new resolver and new connections, page cache off"
    for load in LOADS:
        for rtt_ms, places in ((0, (1, 3)), (4, (2, 4))):
            assert run.series[series_name(load, rtt_ms)] == [turns[place][1][load].seconds for place in places]
    assert run.payload.rtts_ms == (0, 4)
    assert run.payload.rtts_s == tuple(sum(run.series[f"round trip at {ms} ms"]) / 2 for ms in (0, 4))
    assert all(seconds >= 0.003 for seconds in run.series["round trip at 4 ms"])
    assert [(load.name, load.questions, load.connections, load.requests, load.round_trips)
            for load in run.payload.loads] == [
        (ONE_CONNECTION, 1, 1, 4, 6), (CONNECTION_EACH, 1, 4, 4, 9), (PHONE, 1, 1, 1, 3),
    ]  # fmt: skip
    one_connection, connection_each, phone = ((load.bytes_sent, load.bytes_received) for load in run.payload.loads)
    assert one_connection == connection_each
    assert phone < one_connection


def test_a_load_that_differs_from_the_first_is_no_repeat(monkeypatch):
    """Here all loads count as one visit did, until the second turn's, which has a request more."""
    requests = iter([4] * len(LOADS) + [5])
    monkeypatch.setattr(load_times, "RTTS_MS", (0,))
    monkeypatch.setattr(load_times, "counts_of", lambda load, visit: LoadCounts(load, 1, 1, next(requests), 6, 1, 1))
    message = r"^page, one connection at 0 ms is no repeat: .* requests=5, .*, before .* requests=4, .*\.$"
    with pytest.raises(ValueError, match=message):
        load_times.load_times(repeats=1)


def test_what_is_counted_of_a_load():
    visit = Visit("api.mysite.com", "/", 200, 1, ("/a", "/b"), 1, Traffic(2, 30, 40), ())
    assert counts_of(PHONE, visit) == LoadCounts(
        name=PHONE, questions=1, connections=2, requests=3, round_trips=6, bytes_sent=30, bytes_received=40
    )


def test_a_page_that_fails_is_not_loaded(monkeypatch, uncached_site):
    monkeypatch.setattr(load_times, "PATH", "/nothing")
    with pytest.raises(ValueError, match="page, one connection: /nothing is answered with 404"):
        visits(uncached_site)


def test_the_recorded_run_is_of_what_is_measured_today():
    recorded = runs.load(LoadTimes)
    assert recorded.payload.rtts_ms == load_times.RTTS_MS
    assert tuple(load.name for load in recorded.payload.loads) == LOADS == tuple(load_times.LOADS)
    assert {len(seconds) for seconds in recorded.series.values()} == {load_times.REPEATS}
