"""What splitting the tiers brings and what it costs: answers over users, time over distance, work over connections."""

import statistics
from collections.abc import Mapping, Sequence

from lab.drawing import plot
from lab.drawing.book_figure import BookFigure
from lab.drawing.plot import Axis, Line, Marks, Plot, left_out, users_of
from lab.drawing.recorded_and_own import WHO, Run
from lab.drawing.scales import ticks_up_to
from lab.drawing.table import Table
from lab.models.tiers import bend, bound, capacity, placed, steady

# one box, a box for each tier, one more of the one, one more of the other: colour, shape of the marks, and dashes. The
# last line lies on the second, which shows between its dots.
KINDS = (("ink", "square", None), ("ink", "dot", (7, 4)), ("web", "square", None), ("data", "dot", (2, 4)))
# ways to ask, and kinds of updates
LOOKS = (("ink", "square", None), ("data", "dot", None), ("web", "dot", (7, 4)))
KNEE_DASHES = (2, 3)
TOO_NEAR = (2,)  # connections whose number has no room on the axis beside its neighbours'


def boxes(runs: Sequence[Run], boxes_of: Mapping[str, tuple[int, int]], name: str, measured_on: str) -> BookFigure:
    """Answers a second over users: mean value analysis for each way to place the boxes, and what was measured.

    `boxes_of` has for each series how many boxes the web tier and the data tier have; none: one box does both.
    """
    recorded = runs[0]
    users = recorded.detail["users"]
    looks = dict(zip(recorded.series, KINDS, strict=True))
    counts = range(1, users[-1] + 1)
    lines = [
        Line(kind, [(count, modelled(recorded, kind, boxes_of, count)) for count in counts], colour, 1.6, dashes)
        for kind, (colour, _, dashes) in looks.items()
    ]
    apart = list(looks)[1]
    tiers = placed(*boxes_of[apart], *demands(recorded, apart))
    limit = sum(tier.demand_s for tier in tiers), capacity(tiers)
    lines.append(Line(f"no more than: {apart}", bounded(users[-1], *limit), "soft", 1.2, (2, 3)))
    marks = [
        Marks("", points_of(run, kind), shape, filled, colour)
        for run, (_, filled, _) in zip(runs, WHO, strict=False)
        for kind, (colour, shape, _) in looks.items()
    ]
    top = ticks_up_to(max(rate for rates in recorded.series.values() for rate in rates) * 1.1, 6)
    drawn = Plot(
        Axis("users who ask again and again", {count: f"{count}" for count in users if count != 2}),
        Axis("answers a second", {tick: f"{tick:g}" for tick in top}), lines, [*marks, *kinds_of_marks(runs)],
    )  # fmt: skip
    said = "; ".join(
        f"{kind}: {', '.join(f'{users_of(count)} {rate:.0f}' for count, rate in points_of(recorded, kind))}"
        for kind in looks
    )
    alt = (
        f"Answers a second against the number of users, for four ways to place the boxes. {said}. Lines show mean value"
        " analysis, which the recorded points follow."
    )
    late = (f"{kind} with {users_of(count)}" for run in runs for kind, count in spoilt(run))
    caption = (
        "The second data box lies on the line without it. Lines: mean value analysis, with the times that were really"
        f" held. It is off by at most {100 * largest_error(recorded, boxes_of):.1f} % of what was measured. Recorded on"
        f" {measured_on}.{left_out(late)}"
    )
    return plot.figure(drawn, name, alt, caption)


def demands(run: Run, kind: str) -> tuple[float, float]:
    """What a request really held of each tier, in seconds: the mean over all numbers of users."""
    points = run.detail["points"][kind]
    web_s, data_s = (statistics.fmean(each[name] for each in points) for name in ("web_s", "data_s"))
    return web_s, data_s


def modelled(run: Run, kind: str, boxes_of: Mapping[str, tuple[int, int]], users: int) -> float:
    """Answers a second by mean value analysis, for what a request really held of each tier."""
    return steady(placed(*boxes_of[kind], *demands(run, kind)), users).throughput


def bounded(most_users: int, alone_s: float, most: float) -> list[tuple[float, float]]:
    """The line below which all points lie, from one user on: it is straight on both sides of its corner."""
    corner = {users for users in (bend(alone_s, most),) if 1 < users < most_users}
    return [(users, bound(users, alone_s, most)) for users in sorted({1, most_users} | corner)]


def points_of(run: Run, kind: str) -> list[tuple[float, float]]:
    """Users and answers a second, without what the load generator has spoilt."""
    measured = zip(run.detail["users"], run.series[kind], run.detail["points"][kind], strict=True)
    return [(count, rate) for count, rate, point in measured if not point["was_bottleneck"]]


def spoilt(run: Run) -> list[tuple[str, float]]:
    """The points at which the load generator was the bottleneck."""
    return [
        (kind, count)
        for kind, points in run.detail["points"].items()
        for count, point in zip(run.detail["users"], points, strict=True)
        if point["was_bottleneck"]
    ]


def largest_error(run: Run, boxes_of: Mapping[str, tuple[int, int]]) -> float:
    """Of all points the largest difference of line and measurement, as a share of what was measured."""
    return max(
        abs(modelled(run, kind, boxes_of, round(users)) / rate - 1)
        for kind in boxes_of
        for users, rate in points_of(run, kind)
    )


def gains(run: Run, boxes_of: Mapping[str, tuple[int, int]]) -> Table:
    """What each way to place the boxes answers with the fewest and with the most users, as multiples of one box.

    The last column has for the most users what mean value analysis says.
    """
    one_box, fewest, most = next(iter(run.series)), run.detail["users"][0], run.detail["users"][-1]
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


def trips(runs: Sequence[Run], name: str, measured_on: str) -> BookFigure:
    """Seconds of a page over the measured round trip, for each way to ask; lines whose slope is the counted trips."""
    recorded = runs[0]
    ways = {way: count for way, (_, count) in recorded.detail["ways"].items()}
    looks = dict(zip(ways, LOOKS, strict=True))
    lines = [
        Line(f"{way}: {count} round trip{'s' * (count > 1)}", line_of(recorded, way, count), colour, 1.6, dashes)
        for (way, count), (colour, _, dashes) in zip(ways.items(), looks.values(), strict=True)
    ]
    marks = [
        Marks("", over_distance(run, way), shape, filled, colour)
        for run, (_, filled, _) in zip(runs, WHO, strict=False)
        for way, (colour, shape, _) in looks.items()
    ]
    top = ticks_up_to(1.02 * max(longest for _, longest in over_distance(recorded, next(iter(ways)))), 6)
    longest_ms = 1000 * recorded.detail["rtts_s"][-1]
    drawn = Plot(
        Axis("measured round trip (ms)", {tick: f"{tick:g}" for tick in ticks_up_to(longest_ms * 1.02, 6)}),
        Axis("time of the page (ms)", {tick: f"{tick:,g}" for tick in top}),
        lines, [*marks, *kinds_of_marks(runs)],
    )  # fmt: skip
    far = "; ".join(f"{way}, {over_distance(recorded, way)[-1][1]:.0f} ms" for way in ways)
    alt = (
        f"Time of the page against the round trip, for three ways to ask. At {longest_ms:.1f} milliseconds: {far}."
        " Each line is drawn with its counted round trips as slope."
    )
    steepness = ", ".join(f"{measured_slope(recorded, way):.1f}" for way in ways)
    caption = (
        "Each line is drawn with its counted round trips as slope, from what the nearest point takes without them. The"
        f" recorded points rise by {steepness} round trips: a statement takes a little longer than the echo with which"
        f" a round trip was measured. Recorded on {measured_on}."
    )
    return plot.figure(drawn, name, alt, caption)


def kinds_of_marks(runs: Sequence[Run]) -> list[Marks]:
    """Entries of the key, without a point: what hollow marks are, and filled ones."""
    return [Marks(who, [], "dot", filled, colour) for _, (who, filled, colour) in zip(runs, WHO, strict=False)]


def over_distance(run: Run, way: str) -> list[tuple[float, float]]:
    """The measured round trip and the median time of one way to ask, both in milliseconds."""
    times = [statistics.median(run.series[f"{way} at {ms:g} ms"]) for ms in run.detail["rtts_ms"]]
    return [(1000 * rtt, 1000 * seconds) for rtt, seconds in zip(run.detail["rtts_s"], times, strict=True)]


def line_of(run: Run, way: str, trips: int) -> list[tuple[float, float]]:
    """The line of one way: from what the nearest point takes without its round trips, one round trip a trip."""
    nearest, furthest = over_distance(run, way)[0], over_distance(run, way)[-1]
    begin = nearest[1] - trips * nearest[0]
    return [(rtt, begin + trips * rtt) for rtt in (nearest[0], furthest[0])]


def measured_slope(run: Run, way: str) -> float:
    """By how many round trips the measured times rise from the nearest point to the furthest, for each round trip."""
    (near, first), (far, last) = over_distance(run, way)[0], over_distance(run, way)[-1]
    return (last - first) / (far - near)


def pool(runs: Sequence[Run], name: str, measured_on: str) -> BookFigure:
    """Updates a second over connections, below the two bounds, for rows spread out and for one row that all want."""
    recorded = runs[0]
    connections = recorded.detail["connections"]
    looks = dict(zip(recorded.series, LOOKS[:2], strict=True))
    lines = [
        Line(f"no more than: {kind}", bounded(connections[-1], *alone_and_most(recorded, kind)), colour, 1.6)
        for kind, (colour, *_) in looks.items()
    ]
    lines += [knee(f"knee: {kind}", *alone_and_most(recorded, kind), looks[kind][0]) for kind in looks]
    marks = [
        Marks("", over_connections(run, kind), shape, filled, colour)
        for run, (_, filled, _) in zip(runs, WHO, strict=False)
        for kind, (colour, shape, _) in looks.items()
    ]
    top = ticks_up_to(max(rate for rates in recorded.series.values() for rate in rates) * 1.05, 6)
    shown = {count: f"{count}" if count not in TOO_NEAR else "" for count in connections}
    drawn = Plot(
        Axis("connections", shown),
        Axis("updates a second", {tick: f"{tick:,g}" for tick in top}), lines, [*marks, *kinds_of_marks(runs)],
    )  # fmt: skip
    said = "; ".join(
        f"{kind}: {', '.join(f'{rate:.0f} with {count}' for count, rate in over_connections(recorded, kind))}, the knee"
        f" at {bend(*alone_and_most(recorded, kind)):.1f}"
        for kind in looks
    )
    alt = f"Durable updates a second against the number of connections. {said}."
    caption = (
        "Lines: as many as one connection alone, times the connections, and never more than the most that was measured."
        f" They bound the points, and do not predict them. Recorded on {measured_on}."
    )
    return plot.figure(drawn, name, alt, caption)


def knee(words: str, alone_s: float, most: float, colour: str) -> Line:
    """An upright line where the two bounds meet."""
    where = bend(alone_s, most)
    return Line(words, [(where, 0), (where, most)], colour, 1.2, KNEE_DASHES)


def over_connections(run: Run, kind: str) -> list[tuple[float, float]]:
    """Connections and updates a second."""
    return list(zip(run.detail["connections"], run.series[kind], strict=True))


def alone_and_most(run: Run, kind: str) -> tuple[float, float]:
    """Seconds of an update with the fewest connections, which is one, and the highest rate that was measured."""
    return run.detail["latency_s"][kind][0], max(run.series[kind])
