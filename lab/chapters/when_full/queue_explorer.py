"""How long one waits before a server that is busy: load, number of servers and variability of the work."""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy

from lab.chapters.when_full.queue_replay_model import response_times
from lab.drawing.plot import Axis, MovingCurve, MovingPoint, Plot, explorer_drawings
from lab.models import queue_formulas, traces
from lab.models.percentiles import rank
from lab.widgets.explorer import Control, Explorer, Output

LOADS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9)
SERVERS = (1, 2, 4, 8, 16)
VARIABILITIES = (0, 1, 4)
SERVICE_US = 1_000_000
# of the replay, up to a load of 0.75 and beyond it, where a queue takes longer to show all that it does
CUSTOMERS, MORE_CUSTOMERS, MUCH = 40_000, 200_000, 0.75
WARM_UP = 2_000  # customers who are left out, since the queue begins empty
SENTENCES = (
    "Most find a server free. The few who wait, wait for the end of one service, not for a queue.",
    "A queue stands now and then. The slowest of a hundred feel it far more than the average does.",
    "Each further step of load costs more than the one before, and the slowest pay most.",
)
CHANGES = (1.1, 1.5)  # mean response in service times at which the sentence changes


def model(load: float, servers: int, variability: float) -> dict[str, Any]:
    """Return the outputs at one setting, in service times: by formula where there is one, else by a long replay."""
    mean = 1 + queue_formulas.allen_cunneen_wait(servers, load, 1.0, 1.0, float(variability))
    return {
        "mean": mean,
        "p99": slowest(load, servers, variability),
        "inside": mean * load * servers,
        "waiting": (mean - 1) * load * servers,
        "sentence": sum(mean > limit for limit in CHANGES),
    }


def slowest(load: float, servers: int, variability: float) -> float:
    """Return the 99th percentile of the response time, in service times.

    It is the formula's for exponential work, else that of a replay.
    """
    if variability == 1:
        return queue_formulas.mmc_response_percentile(servers, load, 1, 99)
    customers = MORE_CUSTOMERS if load > MUCH else CUSTOMERS
    arrivals = traces.arrivals_at_random(load * servers, customers, seed=1)
    responses = response_times(arrivals, services(variability, customers), servers)[WARM_UP:]
    place = rank(len(responses), 99) - 1
    return int(numpy.partition(responses, place)[place]) / SERVICE_US


@cache
def services(variability: float, customers: int) -> list[int]:
    """Return the service times of that variability, in microseconds: the same for every load and number of servers."""
    return traces.service_times(SERVICE_US, variability, customers, seed=2)


def queue_explorer(measure: Callable[..., float] | None = None) -> Explorer:
    """Return the explorer. `measure(load, servers, variability)` measures a mean response time, in service times."""
    over = Axis("load of each server", {0.1: "10 %", 0.3: "30 %", 0.5: "50 %", 0.7: "70 %", 0.9: "90 %"})
    times = {1: "1", 2: "2", 5: "5", 10: "10", 20: "20", 50: "50", 100: "100"}
    moving: list[MovingCurve | MovingPoint] = [
        MovingCurve("p99", "load", "full"),
        MovingCurve("mean", "load", "ink"),
        MovingPoint("p99", "load", "full"),
        MovingPoint("mean", "load", "web"),
    ]  # fmt: skip
    return Explorer(
        name="queue",
        title="How long one waits before a busy server",
        model=model,
        controls=[
            Control("load", "Load", LOADS, 0.5, words=[f"{100 * load:g} %" for load in LOADS]),
            Control("servers", "Servers", SERVERS, 1),
            Control("variability", "Work", VARIABILITIES, 1, words=("all alike", "exponential", "very uneven")),
        ],
        outputs=[
            Output("mean", "mean response", "service times"),
            Output("p99", "slowest of 100", "service times"),
            Output("inside", "inside, on average"),
            Output("waiting", "of them waiting"),
        ],
        drawings=explorer_drawings(
            Plot(over, Axis("response (service times)", times, logarithmic=True), key=False, moving=moving), "queue"
        ),
        sentences=SENTENCES,
        note=(
            "Line in the colour of the text: the mean, by Erlang's formula where the work is exponential, and by Allen"
            " and Cunneen's approximation else. Red line: the 99th percentile, exact where the work is exponential;"
            " else of a replay of 40,000 customers, above 75 % of 200,000, which may be off by some per cent. Arrivals"
            " at random. “All alike”: variability 0; “exponential”: 1; “very uneven”: 4."
        ),
        measure=measure,
    )
