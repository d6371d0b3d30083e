"""Open loop and closed loop on the same server, measured: what each of them sees of an overload and of a stall."""

import statistics
from collections.abc import Sequence

from lab.instruments.progress import progress
from lab.instruments.runs import Run
from lab.models.percentiles import percentile
from lab.models.traces import MICRO, even_arrivals
from lab.service.running import JOBS, service
from mysite.load import Load, put_on

SERVERS, MEAN_MS, SEED = 4, 20, 5
USERS, SECONDS = (1, 2, 4, 8, 16), 4
RATE, SERVICE_MS = 100, 3
STALL_AFTER_S, STALL_S, STALL_SECONDS = 2.5, 1.0, 8.0
SCHEDULE, WAITING = "on a schedule", "one after the other"


def closed_loop(users: Sequence[int] = USERS, seconds: float = SECONDS) -> Run:
    """Let users ask a server of four, each again as soon as it has its answer.

    Series, a value for each number of users: answers a second, and their mean response time in seconds.
    `detail["most_inside"]` is the largest number that was ever seen inside, sampled at random moments.
    """
    answered, responses, inside, bottlenecks = [], [], [], []
    for count in progress(users, "asking"):
        with service(SERVERS, mean_ms=MEAN_MS, seed=SEED) as running:
            done = put_on(Load(running.port, JOBS, users=count, seconds=seconds))
            samples = running.records().samples
        requests = done.answered_within(seconds)
        answered.append(len(requests) / seconds)
        responses.append(statistics.fmean(each.latency_us for each in requests) / MICRO)
        inside.append(max(number for _, number in samples))
        bottlenecks += [count] if done.was_bottleneck else []
    return Run(
        name="04-closed-loop",
        what=f"users who ask {SERVERS} servers of {MEAN_MS} ms again and again, {seconds:g} s each",
        units={"answered": "/s", "mean response": "s"},
        series={"answered": answered, "mean response": responses},
        detail={"users": list(users), "servers": SERVERS, "mean_s": MEAN_MS / 1000, "most_inside": inside,
                "bottlenecks": bottlenecks},
    )  # fmt: skip


def stall(after_s: float = STALL_AFTER_S, for_s: float = STALL_S, seconds: float = STALL_SECONDS) -> Run:
    """Stop a server once for `for_s` seconds, and measure it by a schedule and by one client who waits.

    Both mean to send a hundred requests a second; the server needs 3 ms for each. Series: every response time in
    seconds, in the order of sending. `detail` has when each was sent and when the stall began and ended, in
    microseconds after the first request, and for how long the server was usually held.
    """
    loads = {
        SCHEDULE: {"schedule_us": even_arrivals(RATE, round(RATE * seconds))},
        WAITING: {"users": 1, "seconds": seconds, "think_s": 1 / RATE - SERVICE_MS / 1000},
    }
    series, sent, stalls, held, bottlenecks = {}, {}, {}, {}, []
    for name, told in progress(loads.items(), "stalling", total=len(loads)):
        with service(1, mean_ms=SERVICE_MS, variability=0) as running, running.stalled(after_s, for_s) as moments:
            done = put_on(Load(running.port, JOBS, **told))  # type: ignore[arg-type]
            held[name] = percentile([over - begun for _, _, begun, over in running.records().work], 50)
        requests = done.answered()
        first = requests[0].due_us
        series[name] = [each.latency_us / MICRO for each in requests]
        sent[name] = [each.due_us - first for each in requests]
        stalls[name] = [moment - first for moment in moments]
        bottlenecks += [name] if done.was_bottleneck else []
    return Run(
        name="04-stall",
        what=f"a server of {SERVICE_MS} ms that stands still for {for_s:g} s, asked {RATE} times a second",
        units=dict.fromkeys(series, "s"),
        series=series,
        detail={
            "sent_us": sent, "stalls_us": stalls, "rate": RATE, "held_us": held, "bottlenecks": bottlenecks,
        },
    )  # fmt: skip
