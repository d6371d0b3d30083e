"""The picture of statements over distance, from a run that is written down by hand."""

import pytest

from lab.chapters.between_tiers import trips_view
from lab.chapters.between_tiers.n_plus_one import TripCount, Trips, name_over_distance
from lab.instruments.runs import Run
from tests.lab.drawing.picture import assert_well_made


@pytest.fixture
def run():
    """Medians at three distances; a second value of each time is far off."""
    medians_s = {"one by one": (0.03, 0.25, 1.05), "in two": (0.002, 0.006, 0.022), "joined": (0.0012, 0.003, 0.012)}
    rtts_ms = [0, 2, 10]
    series = {
        name_over_distance(way, ms): [seconds, seconds, 9]
        for way, times_s in medians_s.items()
        for ms, seconds in zip(rtts_ms, times_s, strict=True)
    }
    ways = {"one by one": TripCount(101, 101), "in two": TripCount(2, 2), "joined": TripCount(1, 1)}
    return Run("made up", dict.fromkeys(series, "s"), series, Trips(rtts_ms, [0.0001, 0.0022, 0.0102], ways))


@pytest.mark.parametrize("count", [1, 2])
def test_the_figure(run, count):
    figure = trips_view.trips([run] * count, "a", "a machine")
    assert_well_made(figure)
    assert "At 10.2 milliseconds: one by one, 1050 ms; in two, 22 ms; joined, 12 ms." in figure.alt
    assert "The recorded points rise by 101.0, 2.0, 1.1 round trips" in figure.caption


def test_a_line_rises_by_its_round_trips(run):
    first, last = trips_view.line_of(run, "one by one")
    assert first == (pytest.approx(0.1), pytest.approx(30))
    assert last == (pytest.approx(10.2), pytest.approx(30 + 101 * 10.1))


def test_the_measured_slope_is_that_of_the_points(run):
    assert trips_view.measured_slope(run, "one by one") == pytest.approx((1050 - 30) / 10.1)
