"""book/authoring/bench.py: what is dropped, and when nothing is recorded. The speeds themselves are not asserted."""

from dataclasses import replace

import pytest

from book.authoring import bench
from book.authoring.bench import TiersOverlay, WaitingOverlay, load_series
from lab.chapters.tiers import emulated_boxes
from lab.chapters.when_full import waiting
from lab.chapters.when_full.waiting import Waiting
from lab.instruments import runs


def waiting_run(spoilt):
    """The recorded waiting, of which the generator has spoilt so many points."""
    recorded = runs.load(Waiting)
    points = (
        replace(point, was_bottleneck=place < spoilt) for place, point in enumerate(recorded.payload.points)
    )
    return replace(recorded, payload=replace(recorded.payload, points=tuple(points)))


def test_five_runs_with_the_error_at_each_load(monkeypatch):
    monkeypatch.setattr(waiting, "waiting", lambda: waiting_run(0))
    run = bench.waiting_overlay()
    assert list(run.series) == [load_series(load) for load in waiting.LOADS]
    assert all(len(errors) == 5 and 0 <= min(errors) <= max(errors) < 20 for errors in run.series.values())
    assert (run.made_by, run.payload) == ("make bench", WaitingOverlay(()))


def test_one_in_five_may_be_dropped_and_is_listed(monkeypatch):
    monkeypatch.setattr(waiting, "waiting", lambda: waiting_run(1))
    run = bench.waiting_overlay()
    assert [len(errors) for errors in run.series.values()] == [0, 5, 5, 5, 5]
    assert len(run.payload.dropped) == 5
    assert run.payload.dropped[0].startswith("run 1, load 0.3: the generator used 0.0")


def test_with_more_than_one_in_five_nothing_is_recorded(monkeypatch):
    monkeypatch.setattr(waiting, "waiting", lambda: waiting_run(2))
    with pytest.raises(SystemExit, match="More than one in five was dropped"):
        bench.waiting_overlay()


def boxes_point(spoilt):
    """Emulated boxes whose model is 5 % off; the generator has spoilt the points of these numbers of users."""

    def point(kind, users, seconds, web_ms, data_ms, seed):
        return emulated_boxes.Point(
            answered=20.0, response_s=0.1, web_s=0.03, data_s=0.01, model=21.0, was_bottleneck=users in spoilt,
            generator=0.1, late_us=7,
        )  # fmt: skip

    return point


def test_five_runs_with_the_error_of_each_way_to_place_the_boxes(monkeypatch):
    monkeypatch.setattr(emulated_boxes, "point", boxes_point(spoilt=()))
    run = bench.tiers_overlay()
    assert len(run.series) == len(emulated_boxes.BOXES) + 2  # all ways for the first pair of demands, one for two more
    for errors in run.series.values():
        assert errors == pytest.approx([5] * 5 * len(bench.OVERLAY_USERS))


def test_a_third_of_the_points_spoilt_is_too_much(monkeypatch):
    monkeypatch.setattr(emulated_boxes, "point", boxes_point(spoilt=bench.OVERLAY_USERS[:1]))
    with pytest.raises(SystemExit, match="run 1, web 30, data 10 ms, one box for both, 1 users: 7 µs late"):
        bench.tiers_overlay()


def test_the_replay_s_speed_is_measured(monkeypatch):
    monkeypatch.setattr(bench, "CUSTOMERS", 1000)
    (speeds,) = bench.queue_replay().series.values()
    assert len(speeds) == 5 and min(speeds) > 0


@pytest.mark.parametrize("payload", [bench.ExplorerHandler, bench.OneServer, bench.QueueReplay])
def test_the_recorded_speeds_are_there(payload):
    recorded = runs.load(payload)
    assert recorded.series and all(recorded.series.values())


def test_the_recorded_overlay_keeps_its_promise():
    """The limit of the design: up to a load of 0.8 the replay is within 12 % of the measured mean, in every run."""
    recorded = runs.load(WaitingOverlay)
    for load in (0.3, 0.5, 0.7, 0.8):
        errors = recorded.series[load_series(load)]
        assert len(errors) >= 4
        assert max(errors) < 12


def test_the_recorded_overlay_of_the_tiers_keeps_its_promise():
    """Mean value analysis is within 10 % of the measured answers, at every point of every run."""
    recorded = runs.load(TiersOverlay)
    measured = sum(len(errors) for errors in recorded.series.values())
    points = bench.OVERLAYS * len(recorded.series) * len(bench.OVERLAY_USERS)
    assert measured + len(recorded.payload.dropped) == points == 90
    assert max(max(errors) for errors in recorded.series.values()) <= 10
