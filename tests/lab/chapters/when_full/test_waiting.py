"""How long requests wait, measured in small: counts, and what is recorded of each point. No time is asserted."""

from dataclasses import replace

import pytest

from lab.chapters.when_full import waiting
from lab.chapters.when_full.loaded_server import SERVERS
from lab.chapters.when_full.waiting import MEAN, P99, LoadPoint, Waiting, in_service_times, measured_response, replays
from lab.instruments.runs import Run, load
from lab.service.server import Records
from mysite.load import Request, Result

# two servers: the third customer waits 8 µs for the first; the last comes when all is quiet
POINT = LoadPoint(
    load=0.5, gaps_us=(0, 1, 1, 98), held_us=(10, 10, 5, 5), inside=0.4, response_s=0.00001, rate=40_000,
    generator=0.1, server=0.1, late_us=0, was_bottleneck=False,
)  # fmt: skip
RUN = Run(
    "by hand", {MEAN: "s", P99: "s"}, {MEAN: [0.000010], P99: [0.000020]},
    Waiting(servers=2, mean_us=8000, points=(POINT,)),
)  # fmt: skip


@pytest.fixture(scope="module")
def small_run():
    return waiting.waiting((0.5,), seconds=0.5, requests=80)


def test_a_run_has_what_a_replay_needs(small_run):
    assert small_run.units == RUN.units
    (point,), servers = small_run.payload.points, small_run.payload.servers
    assert len(point.gaps_us) == len(point.held_us) == 80, "as many as were asked for, which is more than 50"
    assert point.gaps_us[0] == 0 and min(point.gaps_us) >= 0 and min(point.held_us) > 0
    (mean_s,), (p99_s,) = small_run.series[MEAN], small_run.series[P99]
    # clients cannot have their answers sooner than the server could give them
    assert mean_s > 0.9 * sum(point.replay(servers).responses) / 80 / 1e6
    assert point.response_s < mean_s <= p99_s
    assert 0 < point.inside < 80
    assert point.generator > 0 and point.server > 0


def test_littles_law_holds_for_what_was_sampled(small_run):
    """Sampled at random and therefore not exact: three standard errors of a hundred samples are about a third."""
    (point,) = small_run.payload.points
    assert point.inside == pytest.approx(point.rate * point.response_s, rel=0.5)


def test_the_recorded_run_is_of_what_would_be_measured_today():
    recorded = load(Waiting).payload
    assert recorded.servers == SERVERS
    assert tuple(point.load for point in recorded.points) == waiting.LOADS


def test_the_replay_has_the_recorded_arrivals():
    assert POINT.replay(2).arrivals == [0, 1, 2, 100]
    assert POINT.replay(2).starts == [0, 1, 10, 100]
    assert POINT.replay(1).starts == [0, 10, 20, 100]


def test_replays_leave_out_where_the_generator_was_the_bottleneck():
    (replayed,) = replays(RUN)
    assert (replayed.load, replayed.mean_ms, replayed.p99_ms) == (0.5, pytest.approx(0.010), pytest.approx(0.020))
    assert replayed.replay_mean_ms == pytest.approx((10 + 10 + 13 + 5) / 4 / 1000)
    series = {MEAN: [0.000010, 1], P99: [0.000020, 1]}
    payload = replace(RUN.payload, points=(POINT, replace(POINT, was_bottleneck=True)))
    assert replays(replace(RUN, series=series, payload=payload)) == [replayed]


def test_series_of_another_length_are_refused():
    with pytest.raises(ValueError):
        replays(replace(RUN, series={MEAN: [1], P99: []}))


def test_a_response_is_measured_in_service_times():
    """Three requests, the first third left out: 30 and 50 µs of services that take 20 on average."""
    requests = [Request(number, 0, 100 * number, 100 * number, 100 * number + latency, 200)
                for number, latency in enumerate((999, 30, 50))]  # fmt: skip
    records = Records(work=[(0, 0, 0, 10), (1, 100, 100, 120), (2, 200, 200, 230)])
    assert in_service_times(Result(requests, cpu_share=0.1), records) == 2
    with pytest.raises(ValueError, match="too busy or too late"):
        in_service_times(Result(requests, cpu_share=0.9), records)


def test_a_response_is_measured_on_a_running_server():
    try:
        response = measured_response(0.3, 2, 0, seconds=0.4)
    except ValueError as refusal:  # on a busy machine, as it should be
        assert "too busy or too late" in str(refusal)
    else:
        assert response > 0.9
    with pytest.raises(ValueError, match="Above 80 % the queue needs minutes"):
        measured_response(0.85, 2, 0)
