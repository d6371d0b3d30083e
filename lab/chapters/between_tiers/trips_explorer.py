"""What a statement costs when the database is elsewhere: work, statements and the round-trip time."""

from typing import Any

from lab.chapters.between_tiers.trips_model import page_time_s, rtt_at_which_waiting_equals_work, share_waiting
from lab.drawing.plot import Axis, MovingCurve, MovingPoint, Plot, explorer_drawings
from lab.widgets.explorer import Control, Explorer, Output

RTTS_MS = (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20)  # from the next rack to the next country
STATEMENTS = (1, 2, 3, 5, 11, 21, 51, 101)
WORKS_MS = (0.05, 0.2, 1)  # of one statement, in both tiers
REST_MS = 5  # assumed: what the page needs beside its statements
LIMITS = (0.1, 0.5, 0.9)  # shares at which the next sentence begins to hold
SENTENCES = (
    "Less than a tenth of it is waiting: at this distance the way hardly matters.",
    "Less than half of it is waiting: work is still the larger part.",
    "Half of it or more is waiting: a shorter way or fewer statements save at least as much as faster machines.",
    "Nine tenths of it or more are waiting: work hardly matters, only statements and distance do.",
)


def model(rtt_ms: float, statements: int, work_ms: float) -> dict[str, Any]:
    """Return the outputs at one setting, times in milliseconds; `work` and `twice` are flat lines of the drawing."""
    work_s, rtt_s = (REST_MS + statements * work_ms) / 1000, rtt_ms / 1000
    share = round(float(share_waiting(work_s, statements, rtt_s)), 9)  # a half is a half, whatever 0.005 is in binary
    return {
        "page": float(1000 * page_time_s(work_s, statements, rtt_s)),
        "waiting": float(1000 * page_time_s(0, statements, rtt_s)),
        "share": share,
        "equal": float(1000 * rtt_at_which_waiting_equals_work(work_s, statements)),
        "work": 1000 * work_s,
        "twice": 2000 * work_s,
        "sentence": sum(share >= limit for limit in LIMITS),
    }


def trips_explorer() -> Explorer:
    """Return the explorer of what a statement costs."""
    times = {2: "2", 10: "10", 50: "50", 200: "200", 1000: "1,000", 5000: "5,000"}
    plot = Plot(
        Axis("round-trip time (ms)", {0.05: "0.05", 0.2: "0.2", 1: "1", 5: "5", 20: "20"}, logarithmic=True),
        Axis("page time (ms)", times, logarithmic=True), key=False,
        moving=[
            MovingCurve("work", "rtt_ms", "soft"),
            MovingCurve("twice", "rtt_ms", "soft"),
            MovingCurve("page", "rtt_ms", "ink"),
            MovingPoint("page", "rtt_ms", "web"),
        ],
    )  # fmt: skip
    return Explorer(
        name="trips",
        title="What a statement costs when the database is elsewhere",
        model=model,
        controls=[
            Control("rtt_ms", "Round-trip time", RTTS_MS, 0.5, unit="ms"),
            Control("statements", "Statements", STATEMENTS, 51),
            Control("work_ms", "Work of a statement", WORKS_MS, 0.2, words=("0.05 ms", "0.2 ms", "1 ms")),
        ],
        outputs=[
            Output("page", "the page takes", "ms"),
            Output("waiting", "of it waiting", "ms"),
            Output("share", "share waiting", percent=True),
            Output("equal", "half of it waiting at a round trip of", "ms"),
        ],
        drawings=explorer_drawings(plot, "trips"),
        sentences=SENTENCES,
        note=(
            f"Curve: {REST_MS} ms for the page, and for each statement its work and one round trip. Lower flat line:"
            " without the round trips; upper flat line: twice as much, and where the curve crosses it, half of the"
            " page's time is waiting. Exact for statements that follow one another on a connection that is open, with"
            f" answers that come within their one round trip; assumed: the {REST_MS} ms, and work that is the same at"
            " every distance."
        ),
    )
