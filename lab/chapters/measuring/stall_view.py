"""What open and closed loop see of the same server: of an overload, and of a stall."""

from collections.abc import Sequence

from lab.chapters.measuring.stall_model import Stall, on_schedule
from lab.drawing import plot
from lab.drawing.book_figure import BookFigure
from lab.drawing.plot import Axis, Line, Marks, Plot, left_out, users_of
from lab.drawing.recorded_and_own import WHO, Run
from lab.drawing.scales import ticks_up_to

MICRO = 1_000_000
SHOWN_EVERY = 16  # of so many requests one is drawn, and of those that waited one of half as many


def closed_loop(runs: Sequence[Run], name: str, measured_on: str) -> BookFigure:
    """Mean response time over the number of users: never more than they themselves make it."""
    recorded = runs[0]
    users, servers, service_ms = recorded.detail["users"], recorded.detail["servers"], recorded.detail["mean_s"] * 1000
    marks = [
        Marks(who, points_of(run), "dot", filled, colour) for run, (who, filled, colour) in zip(runs, WHO, strict=False)
    ]
    highest = max(ms for _, ms in marks[0].points)
    top = ticks_up_to(highest * 1.1, 6)
    bound = [(count, max(service_ms, count * service_ms / servers)) for count in range(1, users[-1] + 1)]
    drawn = Plot(
        Axis("users who ask again and again", {count: f"{count}" for count in (0, *users[2:])}),
        Axis("mean response (ms)", {tick: f"{tick:g}" for tick in top}),
        [Line("all servers busy, nobody else inside", bound)], marks,
    )  # fmt: skip
    pairs = "; ".join(f"{users_of(count)}, {ms:.0f} ms" for count, ms in marks[0].points)
    late = (users_of(count) for run in runs for count in run.detail["bottlenecks"])
    alt = (
        f"Mean response time against the number of users who ask again at once. {pairs}. A line shows the least that is"
        f" possible: {service_ms:g} milliseconds up to {servers} users, and then in proportion to their number."
    )
    caption = f"However slow the server is, only its users are inside. Recorded on {measured_on}.{left_out(late)}"
    return plot.figure(drawn, name, alt, caption)


def points_of(run: Run) -> list[tuple[float, float]]:
    """Users, and their mean response time in milliseconds, without what the load generator has spoilt."""
    measured = zip(run.detail["users"], run.series["mean response"], strict=True)
    return [(count, seconds * 1000) for count, seconds in measured if count not in run.detail["bottlenecks"]]


def stall(runs: Sequence[Run], name: str, measured_on: str) -> BookFigure:
    """Response times over the moment of sending, by a schedule and by one client who waits; the model over them.

    Of requests that did not wait only some are drawn.
    """
    recorded = runs[0]
    by_schedule, by_waiting = recorded.series
    stalled = Stall(*recorded.detail["stalls_us"][by_schedule])
    sent = recorded.detail["sent_us"][by_schedule]
    responses = on_schedule(sent, recorded.detail["held_us"][by_schedule], stalled)
    curve = [(moment / MICRO, response / 1000) for moment, response in zip(sent, responses, strict=True)]
    marks = []
    for run, (who, filled, colour) in zip(runs, WHO, strict=False):
        marks.append(Marks(f"{who}: {by_schedule}", thinned(run, by_schedule), "dot", filled, colour))
        marks.append(Marks(f"{who}: {by_waiting}", thinned(run, by_waiting), "square", filled, "full"))
    last = sent[-1] / MICRO
    across = {tick: f"{tick:g}" for tick in ticks_up_to(last, 8)}
    top = ticks_up_to(max(ms for _, ms in every(recorded, by_schedule)) * 1.05, 6)
    drawn = Plot(
        Axis("moment of sending (s)", across), Axis("response (ms)", {tick: f"{tick:,g}" for tick in top}),
        [Line("model", curve, width=1.4)], marks,
    )  # fmt: skip
    slow = {kind: [ms for _, ms in points if ms > 50] for kind, points in (
        (by_schedule, every(recorded, by_schedule)), (by_waiting, every(recorded, by_waiting)))}  # fmt: skip
    alt = (
        f"Response times over the moment of sending. Those sent on a schedule jump to {max(slow[by_schedule]):.0f}"
        f" milliseconds when the server stalls, and come down in a straight line: {len(slow[by_schedule])} of them take"
        f" more than 50 milliseconds. Of those sent one after the other {len(slow[by_waiting])} does."
    )
    late = (kind for run in runs for kind in run.detail["bottlenecks"])
    caption = (
        "The squares have a gap: that client waits for its one answer, and asks nothing meanwhile. Recorded on"
        f" {measured_on}.{left_out(late)}"
    )
    return plot.figure(drawn, name, alt, caption)


def every(run: Run, kind: str) -> list[tuple[float, float]]:
    """(Moment in seconds, response in milliseconds) of every request."""
    sent = run.detail["sent_us"][kind]
    return [(moment / MICRO, seconds * 1000) for moment, seconds in zip(sent, run.series[kind], strict=True)]


def thinned(run: Run, kind: str) -> list[tuple[float, float]]:
    """Of those that did not wait, and of those that did in a row, one in some; none that the generator has spoilt."""
    if kind in run.detail["bottlenecks"]:
        return []
    points = every(run, kind)
    return points[::SHOWN_EVERY] + [point for point in points if point[1] > 50][:: SHOWN_EVERY // 2]
