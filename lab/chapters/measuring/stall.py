"""A server that stands still once, measured on a schedule and by one client who waits for each answer."""

from dataclasses import dataclass, replace

from lab.instruments.progress import progress
from lab.instruments.runs import Payload, Run, recorded_as
from lab.models.percentiles import percentile
from lab.models.traces import MICRO, even_arrivals
from lab.service.running import JOBS, service
from mysite.load import Load, put_on

RATE, SERVICE_MS = 100, 3
STALL_AFTER_S, STALL_S, SECONDS = 2.5, 1.0, 8.0
SCHEDULE, WAITING = "on a schedule", "one after the other"


@dataclass(frozen=True)
class Stalls(Payload, run="measuring/stall"):
    """What happened when, for SCHEDULE and for WAITING; microseconds count from the first request.

    sent_us      when each request was to be sent, in the order of the series
    stalls_us    when the stall began and ended
    rate         requests a second that both mean to send
    held_us      for how long the server was usually held by a request, the median
    bottlenecks  which of the two the load generator has spoilt, being too busy or too late
    """

    sent_us: dict[str, tuple[int, ...]]
    stalls_us: dict[str, tuple[int, int]]
    rate: int
    held_us: dict[str, int]
    bottlenecks: tuple[str, ...]


@recorded_as(Stalls)
def stall(after_s: float = STALL_AFTER_S, for_s: float = STALL_S, seconds: float = SECONDS) -> Run[Stalls]:
    """Stop a server once for `for_s` seconds, and measure it by a schedule and by one client who waits.

    Both mean to send a hundred requests a second; the server needs 3 ms for each. Series SCHEDULE and WAITING: every
    response time in seconds, in the order of sending.
    """
    loads = {  # the port is that of the server that each gets
        SCHEDULE: Load(0, JOBS, schedule_us=even_arrivals(RATE, round(RATE * seconds))),
        WAITING: Load(0, JOBS, users=1, seconds=seconds, think_s=1 / RATE - SERVICE_MS / 1000),
    }
    series, sent_us, stalls_us, held_us, bottlenecks = {}, {}, {}, {}, []
    for kind, load in progress(loads.items(), "stalling", total=len(loads)):
        with service(1, mean_ms=SERVICE_MS, variability=0) as server, server.stalled(after_s, for_s) as moments:
            result = put_on(replace(load, port=server.port))
            held_us[kind] = percentile([end - start for _, _, start, end in server.records().work], 50)
        requests = result.answered()
        first = requests[0].due_us
        series[kind] = [request.latency_us / MICRO for request in requests]
        sent_us[kind] = tuple(request.due_us - first for request in requests)
        stop, end = moments
        stalls_us[kind] = (stop - first, end - first)
        bottlenecks += [kind] if result.was_bottleneck else []
    return Run(
        what=f"a server of {SERVICE_MS} ms that stands still for {for_s:g} s, asked {RATE} times a second",
        units=dict.fromkeys(series, "s"),
        series=series,
        payload=Stalls(sent_us, stalls_us, RATE, held_us, tuple(bottlenecks)),
    )


def responses_ms(run: Run[Stalls], kind: str) -> list[tuple[float, float]]:
    """Return (moment of sending in seconds, response in milliseconds) of every request."""
    sent_us = run.payload.sent_us[kind]
    return [(moment / MICRO, seconds * 1000) for moment, seconds in zip(sent_us, run.series[kind], strict=True)]
