"""The pictures of chapter 05, from runs that are written down by hand."""

from types import SimpleNamespace

import pytest

from lab.chapters.tiers import tiers_view as view
from lab.models.tiers import placed, steady
from tests.lab.drawing.picture import assert_well_made

BOXES_OF = {"one": (0, 0), "two": (1, 1), "more web": (2, 1), "more data": (1, 2)}
USERS = [1, 2, 4, 8]


def point(kind, users, error=1.0, spoilt=False):
    model = steady(placed(*BOXES_OF[kind], 0.03, 0.01), users).throughput
    return {"answered": model * error, "model": model, "web_s": 0.03, "data_s": 0.01, "was_bottleneck": spoilt}


def boxes_run(error=1.0, spoilt=()):
    points = {kind: [point(kind, users, error, (kind, users) in spoilt) for users in USERS] for kind in BOXES_OF}
    series = {kind: [each["answered"] for each in rows] for kind, rows in points.items()}
    return SimpleNamespace(series=series, detail={"users": USERS, "points": points})


@pytest.mark.parametrize("count", [1, 2])
def test_boxes(count):
    figure = view.boxes([boxes_run(0.95), boxes_run()][:count], BOXES_OF, "a", "a machine")
    assert_well_made(figure)
    assert "one: 1 user 24, 2 users 24, 4 users 24, 8 users 24" in figure.alt
    assert "off by at most 5.3 % of what was measured" in figure.caption
    assert "Left out" not in figure.caption


def test_what_the_generator_spoilt_is_left_out():
    run = boxes_run(spoilt={("two", 4)})
    assert [users for users, _ in view.points_of(run, "two")] == [1, 2, 8]
    figure = view.boxes([run], BOXES_OF, "a", "a machine")
    assert "Left out, since the load generator was too busy or too late: two with 4 users." in figure.caption


def test_the_bounds_are_drawn_with_their_corner():
    points = view.bounded(8, 0.04, 1 / 0.03)
    most = pytest.approx(1 / 0.03)
    assert points == [(1, pytest.approx(25)), (pytest.approx(4 / 3), most), (8, most)]
    assert len(view.bounded(2, 0.04, 25)) == len(view.bounded(2, 0.04, 100)) == 2  # no corner between


def test_gains():
    text = repr(view.gains(boxes_run(), BOXES_OF))
    assert "1.33" in text and "1.00" in text


def test_gains_by_the_lines_stand_beside_those_that_were_measured():
    run = boxes_run()
    run.series["two"][-1] /= 2
    row = next(line for line in repr(view.gains(run, BOXES_OF)).splitlines() if line.startswith("two"))
    assert row.split()[1:] == ["1.00", "0.67", "1.33"]


def test_the_error_is_that_of_the_line_that_is_drawn():
    """Not of each point's own times: those of one point are 10 % longer, and the line has the mean of all."""
    run = boxes_run()
    held = run.detail["points"]["one"][2]
    held["web_s"] *= 1.1
    mean = 0.04 + 0.03 * 0.1 / len(USERS)
    assert view.largest_error(run, BOXES_OF) == pytest.approx(1 - 0.04 / mean)


def trips_run():
    times = {"one by one": (0.03, 0.25, 1.05), "in two": (0.002, 0.006, 0.022), "joined": (0.0012, 0.003, 0.012)}
    series = {
        f"{way} at {ms} ms": [seconds, seconds, 9]
        for way, found in times.items()
        for ms, seconds in zip((0, 2, 10), found, strict=True)
    }
    ways = {"one by one": [101, 101], "in two": [2, 2], "joined": [1, 1]}
    return SimpleNamespace(
        series=series, detail={"rtts_ms": [0, 2, 10], "rtts_s": [0.0001, 0.0022, 0.0102], "ways": ways}
    )


@pytest.mark.parametrize("count", [1, 2])
def test_trips(count):
    figure = view.trips([trips_run()] * count, "a", "a machine")
    assert_well_made(figure)
    assert "At 10.2 milliseconds: one by one, 1050 ms; in two, 22 ms; joined, 12 ms." in figure.alt


def test_a_line_rises_by_its_round_trips():
    points = view.line_of(trips_run(), "one by one", 101)
    assert points[0] == (pytest.approx(0.1), pytest.approx(30))
    assert points[-1] == (pytest.approx(10.2), pytest.approx(30 + 101 * 10.1))


def pool_run():
    rates = {"rows spread out": [800, 1500, 2500], "one row": [900, 1200, 700]}
    latencies = {
        kind: [count / rate for count, rate in zip((1, 4, 16), each, strict=True)] for kind, each in rates.items()
    }
    return SimpleNamespace(series=rates, detail={"connections": [1, 4, 16], "latency_s": latencies})


@pytest.mark.parametrize("count", [1, 2])
def test_pool(count):
    figure = view.pool([pool_run()] * count, "a", "a machine")
    assert_well_made(figure)
    assert "one row: 900 with 1, 1200 with 4, 700 with 16, the knee at 1.3" in figure.alt


def test_the_knee_is_an_upright_line_up_to_the_most():
    drawn = view.knee("a knee", 0.5, 8, "ink")
    assert (drawn.words, drawn.points) == ("a knee", [(4.0, 0), (4.0, 8)])


def test_what_bounds_an_update():
    assert view.alone_and_most(pool_run(), "one row") == (1 / 900, 1200)
    assert view.alone_and_most(pool_run(), "rows spread out") == (1 / 800, 2500)


def test_the_measured_slope_is_said():
    assert view.measured_slope(trips_run(), "one by one") == pytest.approx((1050 - 30) / 10.1)
    assert "The recorded points rise by 101.0, 2.0, 1.1 round trips" in view.trips([trips_run()], "a", "b").caption
