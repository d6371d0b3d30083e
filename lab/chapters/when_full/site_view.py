"""The site of this book as it fills up: a figure, and a table that says what fills first."""

from collections.abc import Sequence

from lab.drawing import plot
from lab.drawing.book_figure import BookFigure
from lab.drawing.plot import Axis, Line, Marks, Plot, left_out
from lab.drawing.recorded_and_own import WHO
from lab.drawing.scales import ticks_up_to
from lab.drawing.table import Table
from lab.instruments.runs import Run
from lab.site.filling import ANSWERED, CPU, SiteFilling, points


def figure(runs: Sequence[Run[SiteFilling]], name: str, measured_on: str) -> BookFigure:
    """Draw what the site answers over what it is asked for, and what one core can do, by what its web process used."""
    recorded = runs[0]
    rates = recorded.payload.rates
    most = ticks_up_to(rates[-1], 6)
    # of the fullest rate: a request costs less when many come together
    fullest = max(points(recorded), key=lambda point: (point.cpu, point.answered))
    cpu_a_request = fullest.cpu / fullest.answered
    lines = [
        Line("all that is asked for", [(0, 0), (most[-1], most[-1])], "soft", 1.2, (5, 4)),
        Line("one core full", [(0, 1 / cpu_a_request), (most[-1], 1 / cpu_a_request)], "full", 1.4),
    ]
    marks = [
        Marks(f"{who}: answered", [(point.rate, point.answered) for point in points(run)], "dot", filled, colour)
        for run, (who, filled, colour) in zip(runs, WHO, strict=False)
    ]
    ticks = {tick: f"{tick:g}" for tick in most}
    content = Plot(Axis("asked for, a second", ticks), Axis("answered, a second", ticks), lines, marks)
    words = "; ".join(
        f"{rate} asked, {answered:.0f} answered, {cpu * 100:.0f} per cent of a core"
        for rate, answered, cpu in zip(rates, recorded.series[ANSWERED], recorded.series[CPU], strict=True)
    )
    alt = f"Answers of the site a second against requests a second. {words}. A red line marks what one core can do."
    bottlenecks = (
        f"{rate} a second"
        for run in runs
        for rate, was_bottleneck in zip(run.payload.rates, run.payload.was_bottleneck, strict=True)
        if was_bottleneck
    )
    caption = (
        f"One core is full at {1 / cpu_a_request:.0f} requests a second. Recorded on {measured_on}."
        f"{left_out(bottlenecks)}"
    )
    return plot.figure(content, name, alt, caption)


def fullness(run: Run[SiteFilling]) -> Table:
    """Return what of the site was full at each rate, but for those at which the load generator was the bottleneck."""
    rows = [
        [
            point.rate, round(point.answered), round(100 * point.cpu), round(point.memory / 1e6), point.connections,
            point.unanswered,
        ]
        for point in points(run)
    ]  # fmt: skip
    columns = ["asked for", "answered", "of one core", "memory", "connections", "unanswered"]
    units = {"asked for": "/s", "answered": "/s", "of one core": "%", "memory": "MB"}
    return Table(columns, rows, units=units)
