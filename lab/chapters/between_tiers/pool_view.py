"""What more connections bring: updates a second over connections, below the two bounds."""

from collections.abc import Sequence

from lab.chapters.between_tiers.connection_pool import Pool
from lab.drawing import plot
from lab.drawing.book_figure import BookFigure
from lab.drawing.marks_by_kind import Look, marks_by_kind
from lab.drawing.plot import Axis, Line, Plot
from lab.drawing.scales import ticks_up_to
from lab.instruments.runs import Run
from lab.models.tiers import bend, bound_corners

LOOKS = (Look("ink", "square"), Look("data", "dot"))  # of the kinds of updates, in the order of the series
KNEE_DASHES = (2, 3)
TOO_NEAR = (2,)  # connections whose number has no room on the axis beside its neighbours'


def pool(runs: Sequence[Run[Pool]], name: str, measured_on: str) -> BookFigure:
    """Updates a second over connections, for rows spread out and for one row that all want, with bounds and knees.

    runs  the recorded run, whose bounds and knees are drawn, and the reader's own if there is one
    """
    recorded = runs[0]
    connections = recorded.payload.connections
    looks = dict(zip(recorded.series, LOOKS, strict=True))
    lines = [
        Line(f"no more than: {kind}", bound_corners(connections[-1], *alone_and_most(recorded, kind)), look.colour, 1.6)
        for kind, look in looks.items()
    ]
    lines += [knee(f"knee: {kind}", *alone_and_most(recorded, kind), look.colour) for kind, look in looks.items()]
    top = ticks_up_to(max(rate for rates in recorded.series.values() for rate in rates) * 1.05, 6)
    picture = Plot(
        Axis("connections", {count: f"{count}" if count not in TOO_NEAR else "" for count in connections}),
        Axis("updates a second", {tick: f"{tick:,g}" for tick in top}),
        lines, marks_by_kind(runs, looks, over_connections),
    )  # fmt: skip
    points = "; ".join(
        f"{kind}: {', '.join(f'{rate:.0f} with {count:g}' for count, rate in over_connections(recorded, kind))}, the"
        f" knee at {bend(*alone_and_most(recorded, kind)):.1f}"
        for kind in looks
    )
    alt = f"Durable updates a second against the number of connections. {points}."
    caption = (
        "Lines: as many as one connection alone, times the connections, and never more than the most that was measured."
        f" They bound the points, and do not predict them. Recorded on {measured_on}."
    )
    return plot.figure(picture, name, alt, caption)


def knee(words: str, alone_s: float, most: float, colour: str) -> Line:
    """An upright line at the connections where the two bounds meet, up to the most updates a second."""
    connections = bend(alone_s, most)
    return Line(words, [(connections, 0), (connections, most)], colour, 1.2, KNEE_DASHES)


def over_connections(run: Run[Pool], kind: str) -> list[tuple[float, float]]:
    """Connections and updates a second of one kind."""
    return list(zip(run.payload.connections, run.series[kind], strict=True))


def alone_and_most(run: Run[Pool], kind: str) -> tuple[float, float]:
    """Seconds of an update with the fewest connections, which is one, and the highest rate that was measured."""
    return run.payload.latency_s[kind][0], max(run.series[kind])
