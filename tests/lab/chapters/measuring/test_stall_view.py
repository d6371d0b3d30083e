"""The figures of open and closed loop, from runs written by hand."""

from types import SimpleNamespace

import pytest

from lab.chapters.measuring import loops_view as view
from lab.chapters.measuring.stall_model import Stall, on_schedule
from tests.lab.drawing.picture import assert_well_made, shapes

CLOSED = SimpleNamespace(
    series={"answered": [49.0, 99.0, 190.0, 195.0, 198.0], "mean response": [0.0205, 0.021, 0.0215, 0.041, 0.082]},
    detail={"users": [1, 2, 4, 8, 16], "servers": 4, "mean_s": 0.02, "most_inside": [1, 2, 4, 8, 16],
            "bottlenecks": []},
)  # fmt: skip
SENT = [10_000 * place for place in range(300)]
STALLED = Stall(1_000_000, 1_500_000)
STALL = SimpleNamespace(
    series={
        "on a schedule": [took / 1e6 for took in on_schedule(SENT, 3000, STALLED)],
        "one after the other": [0.004] * 99 + [0.505] + [0.004] * 150,
    },
    detail={
        "sent_us": {"on a schedule": SENT, "one after the other": [*SENT[:100], *(500_000 + t for t in SENT[100:250])]},
        "stalls_us": {"on a schedule": [1_000_000, 1_500_000], "one after the other": [1_000_000, 1_500_000]},
        "rate": 100, "held_us": {"on a schedule": 3000, "one after the other": 3000}, "bottlenecks": [],
    },
)  # fmt: skip


@pytest.mark.parametrize("runs", [[CLOSED], [CLOSED, CLOSED]])
def test_closed_loop(runs):
    figure = view.closed_loop(runs, "a", "a machine")
    assert_well_made(figure)
    assert "1 user, 20 ms; 2 users, 21 ms" in figure.alt
    assert "16 users, 82 ms" in figure.alt
    filled = [shape for shape in shapes(figure.drawings["wide"]) if shape.fill == shape.line == "web"]
    assert len(filled) == (6 if len(runs) == 2 else 0)


@pytest.mark.parametrize("runs", [[STALL], [STALL, STALL]])
def test_stall(runs):
    figure = view.stall(runs, "a", "a machine")
    assert_well_made(figure)
    slow = sum(seconds > 0.05 for seconds in STALL.series["on a schedule"])
    assert f"{slow} of them take more than 50 milliseconds. Of those sent one after the other 1 does." in figure.alt
    assert "The squares have a gap" in figure.caption


def test_what_the_generator_spoilt_is_not_drawn():
    late = SimpleNamespace(series=CLOSED.series, detail={**CLOSED.detail, "bottlenecks": [8]})
    assert [count for count, _ in view.points_of(late)] == [1, 2, 4, 16]
    spoilt = SimpleNamespace(series=STALL.series, detail={**STALL.detail, "bottlenecks": ["on a schedule"]})
    assert view.thinned(spoilt, "on a schedule") == []
    assert view.thinned(spoilt, "one after the other")


def test_the_one_that_met_the_stall_is_drawn():
    points = view.thinned(STALL, "one after the other")
    assert max(ms for _, ms in points) == 505
    assert len(points) < 50
