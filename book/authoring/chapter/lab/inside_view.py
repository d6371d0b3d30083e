"""The number inside over the rate: the line of the model, and what was counted."""

from collections.abc import Sequence

from lab.chapters.TOPIC.inside_model import inside
from lab.drawing import plot
from lab.drawing.book_figure import BookFigure
from lab.drawing.plot import Axis, Line, Marks, Plot

RATES = {0: "0", 50: "50", 100: "100", 150: "150", 200: "200"}  # ticks, requests a second
NUMBERS = {0: "0", 5: "5", 10: "10", 15: "15", 20: "20"}  # ticks, requests


def figure(seconds: float, counts: Sequence[tuple[float, float]], name: str) -> BookFigure:
    """The model's line for that time inside, and pairs of a rate and a number that was counted."""
    first, last = min(RATES), max(RATES)
    line = Line("by the model", [(rate, inside(rate, seconds)) for rate in (first, last)])
    axes = Axis("requests a second", RATES), Axis("requests inside", NUMBERS)
    alt = (
        f"The number of requests inside against their rate: a straight line from 0 to {inside(last, seconds):g} at"
        f" {last} a second, and {len(counts)} counted points on it."
    )
    return plot.figure(Plot(*axes, [line], [Marks("counted", counts)]), name, alt)
