"""The figure of the stall, from a run written by hand."""

from dataclasses import replace

import pytest

from lab.chapters.measuring import stall_view as view
from lab.chapters.measuring.stall import SCHEDULE, WAITING, Stalls
from lab.chapters.measuring.stall_model import Stall, on_schedule
from lab.instruments.runs import Run
from tests.lab.drawing.picture import assert_well_made

SENT_US = tuple(10_000 * place for place in range(300))
SERIES = {
    SCHEDULE: [response / 1e6 for response in on_schedule(SENT_US, 3000, Stall(1_000_000, 1_500_000))],
    WAITING: [0.004] * 99 + [0.505] + [0.004] * 150,
}
RUN = Run(
    what="by hand",
    units=dict.fromkeys(SERIES, "s"),
    series=SERIES,
    payload=Stalls(
        sent_us={SCHEDULE: SENT_US, WAITING: (*SENT_US[:100], *(500_000 + moment for moment in SENT_US[100:250]))},
        stalls_us={SCHEDULE: (1_000_000, 1_500_000), WAITING: (1_000_000, 1_500_000)},
        rate=100,
        held_us={SCHEDULE: 3000, WAITING: 3000},
        bottlenecks=(),
    ),
)


@pytest.mark.parametrize("runs", [[RUN], [RUN, RUN]])
def test_stall(runs):
    figure = view.figure(runs, "a", "a machine")
    assert_well_made(figure)
    slow = sum(seconds > 0.05 for seconds in SERIES[SCHEDULE])
    assert f"{slow} of them take more than 50 milliseconds. Of those sent one after the other 1 does." in figure.alt
    assert "The squares have a gap" in figure.caption


def test_what_the_generator_spoilt_is_not_drawn():
    spoilt = replace(RUN, payload=replace(RUN.payload, bottlenecks=(SCHEDULE,)))
    assert view.some_of(spoilt, SCHEDULE) == []
    assert view.some_of(spoilt, WAITING)
    assert f"too late: {SCHEDULE}." in view.figure([RUN, spoilt], "a", "a machine").caption


def test_the_one_that_met_the_stall_is_drawn():
    points = view.some_of(RUN, WAITING)
    assert max(ms for _, ms in points) == 505
    assert len(points) < 50
