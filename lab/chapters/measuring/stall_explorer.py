"""One stall, and what a percentile says of it: sent on a schedule, or one after the other."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from lab.chapters.measuring.stall_model import Stall, on_schedule, one_after_the_other
from lab.drawing.plot import Axis, MovingCurve, MovingPoint, Plot, explorer_drawings
from lab.models.percentiles import percentiles
from lab.models.traces import even_arrivals
from lab.widgets.explorer import Control, Explorer, Output

STALLS_MS = (0, 10, 20, 50, 100, 150, 200, 300, 400, 500, 600, 700, 800, 900, 1000, 1200, 1500, 2000)
RATES = (10, 50, 100, 200)
PERCENTS = (50, 90, 99, 99.9)
SERVICE_US, SECONDS, STALL_AT_S = 3000, 60, 20
SENTENCES = (
    "Both say the same: so few requests meet the stall that this percentile does not see it.",
    "The schedule sees the stall. The client who waits has met it once, and that one request is lost among the others.",
    "Both see it: so few requests were sent in all that the one that met the stall counts.",
)


@dataclass(frozen=True)
class Measurements:
    """What is measured of one stall: percentiles in microseconds, and how many by schedule the stall delayed."""

    by_schedule: dict[float, int]
    by_waiting: dict[float, int]
    late: int


@cache
def measurements(stall_ms: int, rate: int) -> Measurements:
    """Return what a schedule and the client who waits measure in the same minute."""
    stall = Stall(STALL_AT_S * 1_000_000, STALL_AT_S * 1_000_000 + stall_ms * 1000)
    by_schedule = on_schedule(even_arrivals(rate, rate * SECONDS), SERVICE_US, stall)
    think_us = 1_000_000 // rate - SERVICE_US
    by_waiting = [response for _, response in one_after_the_other(think_us, SERVICE_US, stall, SECONDS * 1_000_000)]
    return Measurements(
        dict(zip(PERCENTS, percentiles(by_schedule, PERCENTS), strict=True)),
        dict(zip(PERCENTS, percentiles(by_waiting, PERCENTS), strict=True)),
        late=sum(response > SERVICE_US for response in by_schedule),
    )


def model(stall_ms: int, rate: int, percent: float) -> dict[str, Any]:
    """Return the outputs at one setting, in milliseconds. The sentence: how many of the two see the stall."""
    stall = measurements(stall_ms, rate)
    schedule, waiting = stall.by_schedule[percent], stall.by_waiting[percent]
    return {
        "schedule": schedule / 1000,
        "waiting": waiting / 1000,
        "late": stall.late,
        "sentence": (schedule > SERVICE_US) + (waiting > SERVICE_US),
    }


def stall_explorer() -> Explorer:
    """Return the explorer: the length of the stall, the rate and the percentile can be set."""
    times = {1: "1", 10: "10", 100: "100", 1000: "1,000", 10_000: "10,000"}
    plot = Plot(
        Axis("stall (ms)", {0: "0", 500: "500", 1000: "1,000", 1500: "1,500", 2000: "2,000"}),
        Axis("percentile (ms)", times, logarithmic=True), key=False,
        moving=[
            MovingCurve("waiting", "stall_ms", "full"),
            MovingCurve("schedule", "stall_ms", "ink"),
            MovingPoint("waiting", "stall_ms", "full"),
            MovingPoint("schedule", "stall_ms", "web"),
        ],
    )  # fmt: skip
    return Explorer(
        name="stall",
        title="What a percentile sees of one stall",
        model=model,
        controls=[
            Control("stall_ms", "Stall", STALLS_MS, 1000, unit="ms"),
            Control("rate", "Requests a second", RATES, 100),
            Control("percent", "Percentile", PERCENTS, 99, words=("median", "90th", "99th", "99.9th")),
        ],
        outputs=[
            Output("schedule", "on a schedule", "ms"),
            Output("waiting", "one after the other", "ms"),
            Output("late", "requests that the stall delayed"),
        ],
        drawings=explorer_drawings(plot, "stall"),
        sentences=SENTENCES,
        note=(
            "An exact model: one server that needs 3 ms for each request, asked for a minute, stalls once. Line in the"
            " colour of the text: requests on a schedule. Red line: one client who waits for each answer, and means to"
            " keep the same rate."
        ),
    )
