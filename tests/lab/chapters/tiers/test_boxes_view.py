"""The picture of answers over users, from runs that are written down by hand."""

from dataclasses import replace

import pytest

from lab.chapters.tiers import boxes_view
from lab.chapters.tiers.emulated_boxes import Boxes, Point
from lab.instruments.runs import Run
from lab.models.tiers import site_tiers, steady_state
from tests.lab.drawing.picture import assert_well_made

BOXES_OF = {"one": (0, 0), "two": (1, 1), "more web": (2, 1), "more data": (1, 2)}
USERS = [1, 2, 4, 8]


def point(kind, users, error=1.0, spoilt=False):
    """A point that is off by that factor from mean value analysis for 30 and 10 ms."""
    model = steady_state(site_tiers(*BOXES_OF[kind], 0.03, 0.01), users).throughput
    return Point(model * error, users / model, 0.03, 0.01, model, spoilt, generator=0.01, late_us=2)


def boxes_run(error=1.0, spoilt=()):
    points = {kind: [point(kind, users, error, (kind, users) in spoilt) for users in USERS] for kind in BOXES_OF}
    series = {kind: [point.answered for point in points[kind]] for kind in BOXES_OF}
    return Run("made up", dict.fromkeys(series, "/s"), series, Boxes(USERS, 30, 10, points))


@pytest.mark.parametrize("count", [1, 2])
def test_the_figure(count):
    figure = boxes_view.boxes([boxes_run(0.95), boxes_run()][:count], BOXES_OF, "a", "a machine")
    assert_well_made(figure)
    assert "one: 1 user 24, 2 users 24, 4 users 24, 8 users 24" in figure.alt
    assert "off by at most 5.3 % of what was measured" in figure.caption
    assert "Left out" not in figure.caption


def test_what_the_generator_spoilt_is_left_out():
    run = boxes_run(spoilt={("two", 4)})
    assert [users for users, _ in boxes_view.points_of(run, "two")] == [1, 2, 8]
    figure = boxes_view.boxes([run], BOXES_OF, "a", "a machine")
    assert "Left out, since the load generator was too busy or too late: two with 4 users." in figure.caption


def gains_of(run, kind):
    """The numbers that the table of gains has for a kind."""
    lines = repr(boxes_view.gains(run, BOXES_OF)).splitlines()
    return next(line for line in lines if line.startswith(kind)).removeprefix(kind).split()


def test_gains_by_the_lines_stand_beside_those_that_were_measured():
    run = boxes_run()
    assert gains_of(run, "two") == ["1.00", "1.33", "1.33"]
    run.series["two"][-1] /= 2
    assert gains_of(run, "two") == ["1.00", "0.67", "1.33"]
    assert gains_of(run, "one") == ["1.00", "1.00", "1.00"]


def test_the_error_is_that_of_the_line_that_is_drawn():
    """Not of each point's own times: those of one point are 10 % longer, and the line has the mean of all."""
    run = boxes_run()
    points = run.payload.points["one"]
    points[2] = replace(points[2], web_s=1.1 * points[2].web_s)
    mean = 0.04 + 0.03 * 0.1 / len(USERS)
    assert boxes_view.largest_error(run, BOXES_OF) == pytest.approx(1 - 0.04 / mean)
