"""The ruler of times."""

import math

import pytest

from lab.chapters.measuring.latencies import Famous, Latencies
from lab.chapters.measuring.latencies_view import figure, spoken_time
from lab.instruments.runs import Run
from tests.lab.drawing.picture import assert_well_made, shapes

SERIES = {"lock": [4e-8, 5e-8, 9e-8], "ask": [2e-4], "page": [3.1e-3]}
RUN = Run("by hand", dict.fromkeys(SERIES, "s"), SERIES, Latencies())
FAMOUS = {"lock": Famous("mutex", 25), "ask": Famous("round trip", 500_000), "page": None}


@pytest.mark.parametrize("runs", [[RUN], [RUN, RUN]])
def test_well_made(runs):
    assert_well_made(figure(runs, FAMOUS, "a", "a machine"))


@pytest.mark.parametrize("layout, left, right", [("wide", 250, 696), ("tall", 20, 336)])
def test_marks_stand_at_their_times(layout, left, right):
    outlines = shapes(figure([RUN], FAMOUS, "a", "a machine").drawings[layout])

    def at(seconds):
        return left + (math.log10(seconds) + 8) / 6 * (right - left)

    def middle(shape):
        xs = [x for x, _ in shape.points]
        return (min(xs) + max(xs)) / 2

    hollow = [shape for shape in outlines if shape.fill == "panel" and shape.line == "soft"]
    assert [middle(shape) for shape in hollow[:3]] == pytest.approx([at(5e-8), at(2e-4), at(3.1e-3)], abs=0.05)
    famous = [shape for shape in outlines if shape.fill == "cache"]
    assert [middle(shape) for shape in famous[:2]] == pytest.approx([at(25e-9), at(5e-4)], abs=0.05)
    assert (len(hollow), len(famous)) == (4, 3), "and one of each in the key"


def test_in_words():
    alt = figure([RUN], FAMOUS, "a", "a machine").alt
    assert "lock, 50 nanoseconds, the famous table 25 nanoseconds; ask, 200 microseconds" in alt
    assert "page, 3.1 milliseconds." in alt
    assert [spoken_time(seconds) for seconds in (2, 0.0115, 1e-6, 3e-10)] == [
        "2 seconds", "12 milliseconds", "1 microseconds", "0.3 nanoseconds",
    ]  # fmt: skip
