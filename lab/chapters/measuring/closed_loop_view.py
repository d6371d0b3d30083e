"""What a closed loop sees of a server that has more and more users."""

from collections.abc import Sequence

from lab.chapters.measuring.closed_loop import ClosedLoop, mean_responses_ms
from lab.drawing import plot
from lab.drawing.book_figure import BookFigure
from lab.drawing.plot import Axis, Line, Marks, Plot, left_out, users_of
from lab.drawing.recorded_and_own import WHO
from lab.drawing.scales import ticks_up_to
from lab.instruments.runs import Run


def figure(runs: Sequence[Run[ClosedLoop]], name: str, measured_on: str) -> BookFigure:
    """Draw the mean response time over the number of users: never more than they themselves make it."""
    setting = runs[0].payload
    users, servers, service_ms = setting.users, setting.servers, setting.mean_s * 1000
    marks = [
        Marks(who, mean_responses_ms(run), "dot", filled, colour)
        for run, (who, filled, colour) in zip(runs, WHO, strict=False)
    ]
    recorded = marks[0].points
    top = ticks_up_to(max(ms for _, ms in recorded) * 1.1, 6)
    bound = [(count, max(service_ms, count * service_ms / servers)) for count in range(1, users[-1] + 1)]
    content = Plot(
        Axis("users who ask again and again", {count: f"{count}" for count in (0, *users[2:])}),
        Axis("mean response (ms)", {tick: f"{tick:g}" for tick in top}),
        [Line("all servers busy, nobody else inside", bound)], marks,
    )  # fmt: skip
    words = "; ".join(f"{users_of(count)}, {ms:.0f} ms" for count, ms in recorded)
    bottlenecks = (users_of(count) for run in runs for count in run.payload.bottlenecks)
    alt = (
        f"Mean response time against the number of users who ask again at once. {words}. A line shows the least that is"
        f" possible: {service_ms:g} milliseconds up to {servers} users, and then in proportion to their number."
    )
    caption = (
        "However slow the server is, only its users are inside. Recorded on"
        f" {measured_on}.{left_out(bottlenecks)}"
    )
    return plot.figure(content, name, alt, caption)
