"""What distance makes of a page's statements: its time over the round trip, for each way to ask."""

import statistics
from collections.abc import Sequence

from lab.chapters.between_tiers.n_plus_one import Trips, name_over_distance
from lab.drawing import plot
from lab.drawing.book_figure import BookFigure
from lab.drawing.marks_by_kind import Look, marks_by_kind
from lab.drawing.plot import Axis, Line, Plot
from lab.drawing.scales import ticks_up_to
from lab.instruments.runs import Run

LOOKS = (Look("ink", "square"), Look("data", "dot"), Look("web", "dot", (7, 4)))  # of the ways to ask, in their order


def trips(runs: Sequence[Run[Trips]], name: str, measured_on: str) -> BookFigure:
    """The page's time over the measured round trip, both in ms, for each way to ask.

    runs  the recorded run, and the reader's own if there is one; a line's slope is the way's counted round trips
    """
    recorded = runs[0]
    counts = {way: count.round_trips for way, count in recorded.payload.ways.items()}
    looks = dict(zip(counts, LOOKS, strict=True))
    lines = [
        Line(f"{way}: {count} round trip{'s' * (count > 1)}", line_of(recorded, way), looks[way].colour, 1.6,
             looks[way].dashes)
        for way, count in counts.items()
    ]  # fmt: skip
    top = ticks_up_to(1.02 * max(longest for _, longest in over_distance(recorded, next(iter(counts)))), 6)
    longest_ms = 1000 * recorded.payload.rtts_s[-1]
    picture = Plot(
        Axis("measured round trip (ms)", {tick: f"{tick:g}" for tick in ticks_up_to(longest_ms * 1.02, 6)}),
        Axis("time of the page (ms)", {tick: f"{tick:,g}" for tick in top}),
        lines, marks_by_kind(runs, looks, over_distance),
    )  # fmt: skip
    far = "; ".join(f"{way}, {over_distance(recorded, way)[-1][1]:.0f} ms" for way in counts)
    alt = (
        f"Time of the page against the round trip, for three ways to ask. At {longest_ms:.1f} milliseconds: {far}."
        " Each line is drawn with its counted round trips as slope."
    )
    steepness = ", ".join(f"{measured_slope(recorded, way):.1f}" for way in counts)
    caption = (
        "Each line is drawn with its counted round trips as slope, from what the nearest point takes without them. The"
        f" recorded points rise by {steepness} round trips: a statement takes a little longer than the echo with which"
        f" a round trip was measured. Recorded on {measured_on}."
    )
    return plot.figure(picture, name, alt, caption)


def over_distance(run: Run[Trips], way: str) -> list[tuple[float, float]]:
    """The measured round trip and the median time of one way to ask, both in ms, from the nearest to the furthest."""
    times_s = [statistics.median(run.series[name_over_distance(way, ms)]) for ms in run.payload.rtts_ms]
    return [(1000 * rtt_s, 1000 * time_s) for rtt_s, time_s in zip(run.payload.rtts_s, times_s, strict=True)]


def line_of(run: Run[Trips], way: str) -> list[tuple[float, float]]:
    """The two ends of a way's line, in ms: from what the nearest point takes without its trips, a round trip a trip."""
    (nearest, first), (furthest, _) = over_distance(run, way)[0], over_distance(run, way)[-1]
    count = run.payload.ways[way].round_trips
    without_trips = first - count * nearest
    return [(rtt, without_trips + count * rtt) for rtt in (nearest, furthest)]


def measured_slope(run: Run[Trips], way: str) -> float:
    """By how many ms the measured times rise for each ms of the round trip, from the nearest point to the furthest."""
    (nearest, first), (furthest, last) = over_distance(run, way)[0], over_distance(run, way)[-1]
    return (last - first) / (furthest - nearest)
