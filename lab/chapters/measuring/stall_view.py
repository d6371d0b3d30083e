"""What a schedule and a client who waits see of the same stall."""

from collections.abc import Sequence

from lab.chapters.measuring.stall import SCHEDULE, WAITING, Stalls, responses_ms
from lab.chapters.measuring.stall_model import Stall, on_schedule
from lab.drawing import plot
from lab.drawing.book_figure import BookFigure
from lab.drawing.plot import Axis, Line, Marks, Plot, left_out
from lab.drawing.recorded_and_own import WHO
from lab.drawing.scales import ticks_up_to
from lab.instruments.runs import Run
from lab.models.traces import MICRO

DRAWN_OF = 16  # of so many requests one is drawn, and of those that waited one of half as many
SLOW_MS = 50


def figure(runs: Sequence[Run[Stalls]], name: str, measured_on: str) -> BookFigure:
    """Draw response times over the moment of sending, by a schedule and by a client who waits; the model over them.

    Of requests that did not wait only some are drawn.
    """
    recorded = runs[0]
    sent_us = recorded.payload.sent_us[SCHEDULE]
    stall = Stall(*recorded.payload.stalls_us[SCHEDULE])
    responses_us = on_schedule(sent_us, recorded.payload.held_us[SCHEDULE], stall)
    curve = [(moment / MICRO, response / 1000) for moment, response in zip(sent_us, responses_us, strict=True)]
    marks = []
    for run, (who, filled, colour) in zip(runs, WHO, strict=False):
        marks.append(Marks(f"{who}: {SCHEDULE}", some_of(run, SCHEDULE), "dot", filled, colour))
        marks.append(Marks(f"{who}: {WAITING}", some_of(run, WAITING), "square", filled, "full"))
    across = {tick: f"{tick:g}" for tick in ticks_up_to(sent_us[-1] / MICRO, 8)}
    top = ticks_up_to(max(ms for _, ms in responses_ms(recorded, SCHEDULE)) * 1.05, 6)
    content = Plot(
        Axis("moment of sending (s)", across), Axis("response (ms)", {tick: f"{tick:,g}" for tick in top}),
        [Line("model", curve, width=1.4)], marks,
    )  # fmt: skip
    slow = {kind: [ms for _, ms in responses_ms(recorded, kind) if ms > SLOW_MS] for kind in (SCHEDULE, WAITING)}
    alt = (
        f"Response times over the moment of sending. Those sent on a schedule jump to {max(slow[SCHEDULE]):.0f}"
        f" milliseconds when the server stalls, and come down in a straight line: {len(slow[SCHEDULE])} of them take"
        f" more than {SLOW_MS} milliseconds. Of those sent one after the other {len(slow[WAITING])} does."
    )
    caption = (
        "The squares have a gap: that client waits for its one answer, and asks nothing meanwhile. Recorded on"
        f" {measured_on}.{left_out(kind for run in runs for kind in run.payload.bottlenecks)}"
    )
    return plot.figure(content, name, alt, caption)


def some_of(run: Run[Stalls], kind: str) -> list[tuple[float, float]]:
    """Return the requests that are drawn: one in some of all, and more of those that waited.

    There are none where the load generator was the bottleneck.
    """
    if kind in run.payload.bottlenecks:
        return []
    points = responses_ms(run, kind)
    return points[::DRAWN_OF] + [point for point in points if point[1] > SLOW_MS][:: DRAWN_OF // 2]
