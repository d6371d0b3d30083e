"""Throughput over the number of users who ask again and again, with the scalability law that was fitted to it."""

from lab.chapters.when_full.scalability_model import Scalability
from lab.chapters.when_full.user_load import UserLoad, throughput
from lab.drawing import plot
from lab.drawing.book_figure import BookFigure
from lab.drawing.plot import Axis, Line, Marks, Plot, users_of
from lab.drawing.scales import ticks_up_to
from lab.instruments.runs import Run


def figure(run: Run[UserLoad], law: Scalability, name: str, measured_on: str) -> BookFigure:
    """Draw answers a second over users, of the recorded run and by the law."""
    points = throughput(run)
    first, last = points[0][0], points[-1][0]
    top = ticks_up_to(max(rate for _, rate in points) * 1.1, 6)
    curve = [(count, law.throughput(count)) for count in range(first, last + 1)]
    content = Plot(
        Axis("users", {count: f"{count}" for count, _ in points}, logarithmic=True),
        Axis("answers a second", {tick: f"{tick:g}" for tick in top}),
        [Line("fitted law", curve)], [Marks("recorded", points)],
    )  # fmt: skip
    alt = (
        "Answers a second against the number of users who ask again at once. "
        + "; ".join(f"{users_of(count)}, {rate:.0f}" for count, rate in points)
        + f". The fitted law says {law.throughput(first):.0f} for the first and {law.throughput(last):.0f} for the"
        " last."
    )
    caption = (
        f"Fit: alone {law.alone:.0f} a second, contention {law.contention:.2f}, coherency {law.coherency:.4f}."
        f" Recorded on {measured_on}."
    )
    return plot.figure(content, name, alt, caption)
