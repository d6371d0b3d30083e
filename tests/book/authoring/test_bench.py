"""book/authoring/bench.py: what is dropped, and when nothing is recorded. The speeds themselves are not asserted."""

from dataclasses import replace

import pytest

from book.authoring import bench
from lab.chapters.tiers import emulated_boxes
from lab.chapters.when_full import full_server
from lab.instruments import runs


def measured(spoilt):
    """The recorded load of chapter 03, of which the generator has spoilt so many points."""
    recorded = runs.load("03-waiting")
    points = [
        {**point, "was_bottleneck": place < spoilt} for place, point in enumerate(recorded.detail["points"])
    ]
    return replace(recorded, detail={**recorded.detail, "points": points})


def test_five_runs_with_the_error_at_each_load(monkeypatch):
    monkeypatch.setattr(full_server, "waiting", lambda: measured(0))
    run = bench.waiting_overlay()
    assert list(run.series) == [f"load {load}" for load in full_server.LOADS]
    assert all(len(values) == 5 and 0 <= min(values) <= max(values) < 20 for values in run.series.values())
    assert (run.name, run.made_by, run.detail) == ("bench-waiting-overlay", "make bench", {"dropped": []})


def test_one_in_five_may_be_dropped_and_is_listed(monkeypatch):
    monkeypatch.setattr(full_server, "waiting", lambda: measured(1))
    run = bench.waiting_overlay()
    assert [len(values) for values in run.series.values()] == [0, 5, 5, 5, 5]
    assert len(run.detail["dropped"]) == 5
    assert run.detail["dropped"][0].startswith("run 1, load 0.3: the generator used 0.0")


def test_with_more_than_one_in_five_nothing_is_recorded(monkeypatch):
    monkeypatch.setattr(full_server, "waiting", lambda: measured(2))
    with pytest.raises(SystemExit, match="More than one in five was dropped"):
        bench.waiting_overlay()


def a_point(spoilt):
    """What emulated_boxes.point gives, 5 % off; the generator has spoilt the points of these numbers of users."""

    def point(kind, users, seconds, web_ms, data_ms, seed):
        return {"answered": 20.0, "model": 21.0, "late_us": 7, "was_bottleneck": users in spoilt}

    return point


def test_five_runs_with_the_error_of_each_way_to_place_the_boxes(monkeypatch):
    monkeypatch.setattr(boxes, "point", a_point(spoilt=()))
    run = bench.tiers_overlay()
    assert run.name == "bench-tiers-overlay"
    assert len(run.series) == len(emulated_boxes.BOXES) + 2  # all ways for the first pair of demands, one for two more
    for errors in run.series.values():
        assert errors == pytest.approx([5] * 5 * len(bench.OVERLAY_USERS))


def test_a_third_of_the_points_spoilt_is_too_much(monkeypatch):
    monkeypatch.setattr(boxes, "point", a_point(spoilt=bench.OVERLAY_USERS[:1]))
    with pytest.raises(SystemExit, match="run 1, web 30, data 10 ms, one box for both, 1 users: 7 µs late"):
        bench.tiers_overlay()


def test_the_replay_s_speed_is_measured(monkeypatch):
    monkeypatch.setattr(bench, "CUSTOMERS", 1000)
    run = bench.queue_replay()
    assert len(run.series["customers"]) == 5 and min(run.series["customers"]) > 0


def test_the_recorded_overlay_keeps_its_promise():
    """The limit of the design: up to a load of 0.8 the replay is within 12 % of the measured mean, in every run."""
    recorded = runs.load("bench-waiting-overlay")
    for load in (0.3, 0.5, 0.7, 0.8):
        assert len(recorded.series[f"load {load}"]) >= 4
        assert max(recorded.series[f"load {load}"]) < 12


def test_the_recorded_overlay_of_the_tiers_keeps_its_promise():
    """Mean value analysis is within 10 % of the measured answers, at every point of every run."""
    recorded = runs.load("bench-tiers-overlay")
    measured = sum(len(errors) for errors in recorded.series.values())
    points = bench.OVERLAYS * len(recorded.series) * len(bench.OVERLAY_USERS)
    assert measured + len(recorded.detail["dropped"]) == points == 90
    assert max(max(errors) for errors in recorded.series.values()) <= 10
