"""Emulated boxes, on real servers: counts are asserted, times are not."""

import pytest

from lab.chapters.tiers import emulated_boxes
from lab.instruments.runs import load
from lab.models.tiers import site_tiers, steady_state


def test_each_job_is_done_in_both_tiers_and_in_one_box_one_after_the_other():
    with emulated_boxes.box_services(emulated_boxes.TWO, 5, 5, seed=1) as (web, data):
        assert web.process.pid != data.process.pid
        for number in range(5):
            web.ask(f"/jobs/{number}")
        first, second = web.records().work, data.records().work
        assert [row[0] for row in first] == [row[0] for row in second] == [0, 1, 2, 3, 4]
        assert all(end <= arrival for (*_, end), (_, arrival, *_) in zip(first, second, strict=True))
        assert web.records().then == []
    with emulated_boxes.box_services(emulated_boxes.ONE, 5, 5, seed=1) as (both, none):
        both.ask("/jobs/3")
        assert none is None
        records = both.records()
        assert [row[0] for row in records.work] == [row[0] for row in records.then] == [3]


def test_a_run():
    run = emulated_boxes.boxes(users=(3,), seconds=0.3)
    assert list(run.series) == list(emulated_boxes.BOXES)
    assert run.payload.users == [3]
    assert {kind: [point.answered for point in points] for kind, points in run.payload.points.items()} == run.series
    for (point,) in run.payload.points.values():
        assert point.answered > 0 and point.response_s > 0
        assert point.data_s > 0.001 and point.web_s > 0.003  # boxes were held: no sleep is shorter than asked for
    assert_models_are_those_of_the_users(run)


def assert_models_are_those_of_the_users(run):
    """Each number of users has its own point, in the run's order."""
    for kind, points in run.payload.points.items():
        for users, point in zip(run.payload.users, points, strict=True):
            tiers = site_tiers(*emulated_boxes.BOXES[kind], point.web_s, point.data_s)
            # a recorded run has four digits of each number
            assert point.model == pytest.approx(steady_state(tiers, users).throughput, rel=2e-3)


def test_the_recorded_run_has_a_point_for_each_number_of_users():
    run = load(emulated_boxes.Boxes)
    assert run.payload.users == list(emulated_boxes.USERS)
    assert_models_are_those_of_the_users(run)


def test_as_many_are_worked_on_as_there_are_places():
    """The chapter's own numbers of places are in its claim's test."""
    assert emulated_boxes.most_at_once(web=3, data=1) == (3, 1)


@pytest.mark.parametrize(
    ("work", "most"),
    [([], 0), ([(0, 0, 1, 5)], 1), ([(0, 0, 1, 5), (1, 0, 5, 9)], 1), ([(0, 0, 1, 6), (1, 0, 5, 9), (2, 0, 2, 6)], 3)],
)
def test_most_overlapping(work, most):
    assert emulated_boxes.most_overlapping(work) == most
