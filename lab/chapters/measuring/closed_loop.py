"""A closed loop, measured: users who ask a server again as soon as it has answered."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from lab.instruments.progress import progress
from lab.instruments.runs import Payload, Run, recorded_as
from lab.models.traces import MICRO
from lab.service.running import JOBS, service
from mysite.load import Load, put_on

SERVERS, MEAN_MS, SEED = 4, 20, 5
USERS, SECONDS = (1, 2, 4, 8, 16), 4
ANSWERED, MEAN_RESPONSE = "answered", "mean response"


@dataclass(frozen=True)
class ClosedLoop(Payload, run="measuring/closed_loop"):
    """Who asked what.

    users        their numbers, a value for each point, as in most_inside
    servers      of the server that they ask
    mean_s       mean service time
    most_inside  the largest number of requests that was ever seen inside, sampled at random moments
    bottlenecks  the numbers of users at which the load generator was too busy or too late to say anything
    """

    users: tuple[int, ...]
    servers: int
    mean_s: float
    most_inside: tuple[int, ...]
    bottlenecks: tuple[int, ...]


@recorded_as(ClosedLoop)
def closed_loop(users: Sequence[int] = USERS, seconds: float = SECONDS) -> Run[ClosedLoop]:
    """Let users ask a server of four, each again as soon as it has its answer.

    Series, a value for each number of users: ANSWERED, answers a second, and MEAN_RESPONSE, seconds.
    """
    rates, responses_s, most_inside, bottlenecks = [], [], [], []
    for count in progress(users, "asking"):
        with service(SERVERS, mean_ms=MEAN_MS, seed=SEED) as server:
            result = put_on(Load(server.port, JOBS, users=count, seconds=seconds))
            samples = server.records().samples
        requests = result.answered_within(seconds)
        rates.append(len(requests) / seconds)
        responses_s.append(statistics.fmean(request.latency_us for request in requests) / MICRO)
        most_inside.append(max(number for _, number in samples))
        bottlenecks += [count] if result.was_bottleneck else []
    return Run(
        what=f"users who ask {SERVERS} servers of {MEAN_MS} ms again and again, {seconds:g} s each",
        units={ANSWERED: "/s", MEAN_RESPONSE: "s"},
        series={ANSWERED: rates, MEAN_RESPONSE: responses_s},
        payload=ClosedLoop(tuple(users), SERVERS, MEAN_MS / 1000, tuple(most_inside), tuple(bottlenecks)),
    )


def mean_responses_ms(run: Run[ClosedLoop]) -> list[tuple[int, float]]:
    """Return (users, mean response in milliseconds), but for what the load generator was the bottleneck of."""
    points = zip(run.payload.users, run.series[MEAN_RESPONSE], strict=True)
    return [(users, seconds * 1000) for users, seconds in points if users not in run.payload.bottlenecks]
