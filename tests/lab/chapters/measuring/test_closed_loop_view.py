"""The figure of the closed loop, from a run written by hand."""

import pytest

from lab.chapters.measuring import closed_loop_view as view
from lab.chapters.measuring.closed_loop import ANSWERED, MEAN_RESPONSE, ClosedLoop
from lab.instruments.runs import Run
from tests.lab.drawing.picture import assert_well_made, shapes

RUN = Run(
    what="by hand",
    units={ANSWERED: "/s", MEAN_RESPONSE: "s"},
    series={ANSWERED: [49.0, 99.0, 190.0, 195.0, 198.0], MEAN_RESPONSE: [0.0205, 0.021, 0.0215, 0.041, 0.082]},
    payload=ClosedLoop(
        users=(1, 2, 4, 8, 16), servers=4, mean_s=0.02, most_inside=(1, 2, 4, 8, 16), bottlenecks=()
    ),
)


@pytest.mark.parametrize("runs, filled", [([RUN], 0), ([RUN, RUN], 6)])
def test_closed_loop(runs, filled):
    figure = view.figure(runs, "a", "a machine")
    assert_well_made(figure)
    assert "1 user, 20 ms; 2 users, 21 ms" in figure.alt
    assert "16 users, 82 ms" in figure.alt
    outlines = shapes(figure.drawings["wide"])
    assert sum(shape.fill == shape.line == "web" for shape in outlines) == filled, "own points, and one in the key"
