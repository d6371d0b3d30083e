"""What splitting the tiers brings: answers a second over users, for each way to place the boxes."""

import statistics
from collections.abc import Mapping, Sequence

from lab.chapters.tiers.emulated_boxes import Boxes
from lab.drawing import plot
from lab.drawing.book_figure import BookFigure
from lab.drawing.marks_by_kind import Look, marks_by_kind
from lab.drawing.plot import Axis, Line, Plot, left_out, users_of
from lab.drawing.scales import ticks_up_to
from lab.drawing.table import Table
from lab.instruments.runs import Run
from lab.models.tiers import bound_corners, capacity, site_tiers, steady_state

# one box, a box for each tier, one more of the one, one more of the other; the last line lies on the second, which
# shows between its dots
LOOKS = (Look("ink", "square"), Look("ink", "dot", (7, 4)), Look("web", "square"), Look("data", "dot", (2, 4)))


def boxes(
    runs: Sequence[Run[Boxes]], boxes_of: Mapping[str, tuple[int, int]], name: str, measured_on: str
) -> BookFigure:
    """Answers a second over users: mean value analysis for each way to place the boxes, and what was measured.

    runs      the recorded run, and the reader's own if there is one
    boxes_of  by series how many boxes the web tier and the data tier have; none: one box does both
    """
    recorded = runs[0]
    users = recorded.payload.users
    looks = dict(zip(recorded.series, LOOKS, strict=True))
    counts = range(1, users[-1] + 1)
    lines = [
        Line(kind, [(count, modelled(recorded, kind, boxes_of, count)) for count in counts], look.colour, 1.6,
             look.dashes)
        for kind, look in looks.items()
    ]  # fmt: skip
    apart = list(looks)[1]
    tiers = site_tiers(*boxes_of[apart], *demands(recorded, apart))
    bounds = bound_corners(users[-1], sum(tier.demand_s for tier in tiers), capacity(tiers))
    lines.append(Line(f"no more than: {apart}", bounds, "soft", 1.2, (2, 3)))
    top = ticks_up_to(max(rate for rates in recorded.series.values() for rate in rates) * 1.1, 6)
    picture = Plot(
        Axis("users who ask again and again", {count: f"{count}" for count in users if count != 2}),
        Axis("answers a second", {tick: f"{tick:g}" for tick in top}), lines, marks_by_kind(runs, looks, points_of),
    )  # fmt: skip
    points = "; ".join(
        f"{kind}: {', '.join(f'{users_of(count)} {rate:.0f}' for count, rate in points_of(recorded, kind))}"
        for kind in looks
    )
    alt = (
        f"Answers a second against the number of users, for four ways to place the boxes. {points}. Lines show mean"
        " value analysis, which the recorded points follow."
    )
    late = (f"{kind} with {users_of(count)}" for run in runs for kind, count in spoilt(run))
    caption = (
        "The second data box lies on the line without it. Lines: mean value analysis, with the times that were really"
        f" held. It is off by at most {100 * largest_error(recorded, boxes_of):.1f} % of what was measured. Recorded on"
        f" {measured_on}.{left_out(late)}"
    )
    return plot.figure(picture, name, alt, caption)


def demands(run: Run[Boxes], kind: str) -> tuple[float, float]:
    """The seconds for which a request really held the web tier and the data tier: means over all numbers of users."""
    points = run.payload.points[kind]
    return statistics.fmean(point.web_s for point in points), statistics.fmean(point.data_s for point in points)


def modelled(run: Run[Boxes], kind: str, boxes_of: Mapping[str, tuple[int, int]], users: int) -> float:
    """Answers a second by mean value analysis, for the `demands` that were really held."""
    return steady_state(site_tiers(*boxes_of[kind], *demands(run, kind)), users).throughput


def points_of(run: Run[Boxes], kind: str) -> list[tuple[float, float]]:
    """Users and answers a second, without the points that the load generator has spoilt."""
    points = zip(run.payload.users, run.series[kind], run.payload.points[kind], strict=True)
    return [(count, rate) for count, rate, point in points if not point.was_bottleneck]


def spoilt(run: Run[Boxes]) -> list[tuple[str, int]]:
    """The way to place the boxes and the users of each point at which the load generator was the bottleneck."""
    return [
        (kind, count)
        for kind, points in run.payload.points.items()
        for count, point in zip(run.payload.users, points, strict=True)
        if point.was_bottleneck
    ]


def largest_error(run: Run[Boxes], boxes_of: Mapping[str, tuple[int, int]]) -> float:
    """Of all points the largest difference of line and measurement, as a share of what was measured."""
    return max(
        abs(modelled(run, kind, boxes_of, round(users)) / rate - 1)
        for kind in boxes_of
        for users, rate in points_of(run, kind)
    )


def gains(run: Run[Boxes], boxes_of: Mapping[str, tuple[int, int]]) -> Table:
    """What each way to place the boxes answers with the fewest and with the most users, as multiples of one box.

    The last column has for the most users what mean value analysis says.
    """
    one_box, fewest, most = next(iter(run.series)), run.payload.users[0], run.payload.users[-1]
    first, model_of_one = run.series[one_box], modelled(run, one_box, boxes_of, most)
    rows = [
        [kind, f"{rates[0] / first[0]:.2f}", f"{rates[-1] / first[-1]:.2f}",
         f"{modelled(run, kind, boxes_of, most) / model_of_one:.2f}"]
        for kind, rates in run.series.items()
    ]  # fmt: skip
    return Table(
        ["boxes", f"× with {users_of(fewest)}", f"× with {users_of(most)}", "by the lines"], rows,
        caption="Answers a second, as multiples of what one box for both gives. Recorded.",
    )  # fmt: skip
