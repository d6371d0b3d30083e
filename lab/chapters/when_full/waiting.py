"""How long requests wait before a server that is busy, measured.

Every load has a server of its own, so that none inherits another's queue, and a load generator of its own, whose use
of the processor and lateness are recorded.
"""

import itertools
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass

from lab.chapters.when_full.loaded_server import CAPACITY, MEAN_MS, SEED, SERVERS, service_times_of
from lab.chapters.when_full.queue_replay_model import Replay, replay
from lab.chapters.when_full.replayed_model import ReplayedLoad, replayed_load
from lab.instruments.progress import progress
from lab.instruments.runs import Payload, Run, recorded_as
from lab.models.percentiles import percentiles
from lab.models.traces import MICRO, arrivals_at_random
from lab.service.running import JOBS, service
from lab.service.server import Records
from mysite.load import Load, Result, put_on

LOADS = (0.3, 0.5, 0.7, 0.8, 0.9)
SECONDS, REQUESTS = 30, 2000
MOST_MEASURED = 0.8  # the load up to which some seconds say something of the mean
MEAN, P99 = "mean", "99th percentile"


@dataclass(frozen=True)
class LoadPoint:
    """One load: what the server wrote down, and how busy the load generator was.

    load            that was asked for, as a share of what the servers can do
    gaps_us         between the arrivals at the server, in microseconds, the first one 0
    held_us         for how long each request then held one of the servers, in microseconds, in order of arrival
    inside          the mean number of requests inside, sampled at random moments
    response_s      the mean response time within the server, in seconds
    rate            its answers a second, over the same time
    generator       CPU seconds a second of the load generator
    server          CPU seconds a second of the server
    late_us         by how much the generator was late, in microseconds, see mysite.load.Result
    was_bottleneck  whether the generator was too busy or too late to say anything about the server
    """

    load: float
    gaps_us: tuple[int, ...]
    held_us: tuple[int, ...]
    inside: float
    response_s: float
    rate: float
    generator: float
    server: float
    late_us: int
    was_bottleneck: bool

    def replay(self, servers: int) -> Replay:
        """Replay the queue before so many servers, with the recorded arrivals and the times that were really held."""
        return replay(list(itertools.accumulate(self.gaps_us)), self.held_us, servers)


@dataclass(frozen=True)
class Waiting(Payload, run="when_full/waiting"):
    """The server, its mean service time in microseconds, and what is needed to replay each load."""

    servers: int
    mean_us: int
    points: tuple[LoadPoint, ...]


@recorded_as(Waiting)
def waiting(
    loads: Sequence[float] = LOADS, seconds: float = SECONDS, requests: int = REQUESTS
) -> Run[Waiting]:
    """Let requests come at random to a server of four, more and more of them, and see how long they take.

    Each load lasts at least so many seconds and requests. Series, seconds, a value for each load: MEAN and P99 of what
    the clients waited. ValueError where a request was not answered.
    """
    points = []
    series: dict[str, list[float]] = {MEAN: [], P99: []}
    for load in progress(loads, "loading"):
        point, latencies_us = measure(load, max(requests, round(load * CAPACITY * seconds)))
        points.append(point)
        series[MEAN].append(statistics.fmean(latencies_us) / MICRO)
        series[P99].append(percentiles(latencies_us, [99])[0] / MICRO)
    return Run(
        what=f"requests at random to {SERVERS} servers with exponential service times of {MEAN_MS} ms on average",
        units=dict.fromkeys(series, "s"),
        series=series,
        payload=Waiting(SERVERS, MEAN_MS * 1000, tuple(points)),
    )


def measure(load: float, count: int) -> tuple[LoadPoint, list[int]]:
    """Let so many requests come at one load to a new server.

    Return what server and generator wrote down, and the latency of each request in microseconds. ValueError where one
    was not answered.
    """
    with service(SERVERS, mean_ms=MEAN_MS, seed=SEED) as server:
        cpu_before_s, start_s = server.cpu_seconds(), time.monotonic()
        result = put_on(Load(server.port, JOBS, schedule_us=arrivals_at_random(load * CAPACITY, count, SEED)))
        server_share = (server.cpu_seconds() - cpu_before_s) / (time.monotonic() - start_s)
        records = server.records()
    latencies_us = [request.latency_us for request in result.answered()]
    if len(latencies_us) < count:
        raise ValueError(f"{count - len(latencies_us)} of {count} requests were not answered, so nothing is measured.")
    _, arrivals, _, departures = zip(*records.work, strict=True)
    first, last = min(arrivals), max(departures)
    point = LoadPoint(
        load=load,
        gaps_us=(0, *(after - before for before, after in itertools.pairwise(arrivals))),
        held_us=tuple(service_times_of(records)),
        inside=statistics.fmean(number for moment, number in records.samples if first <= moment <= last),
        response_s=statistics.fmean(
            departure - arrival for arrival, departure in zip(arrivals, departures, strict=True)
        ) / MICRO,
        rate=count / (last - first) * MICRO,
        generator=result.cpu_share,
        server=server_share,
        late_us=result.late_us,
        was_bottleneck=result.was_bottleneck,
    )  # fmt: skip
    return point, latencies_us


def replays(run: Run[Waiting]) -> list[ReplayedLoad]:
    """Replay each load of a run; a load at which the generator was the bottleneck is left out."""
    servers, service_ms = run.payload.servers, run.payload.mean_us / 1000
    return [
        replayed_load(point.load, point.replay(servers), servers, service_ms, mean_s * 1000, p99_s * 1000)
        for point, mean_s, p99_s in zip(run.payload.points, run.series[MEAN], run.series[P99], strict=True)
        if not point.was_bottleneck
    ]


def measured_response(load: float, servers: int, variability: float, seconds: float = 3) -> float:
    """Measure now the mean response time that clients see at such a setting, in service times that were really held.

    ValueError above a load of 0.8, where some seconds are too short for a mean, and where the load generator was the
    bottleneck.
    """
    if load > MOST_MEASURED:
        raise ValueError(f"Above {MOST_MEASURED * 100:g} % the queue needs minutes to show its mean: choose less load.")
    rate = load * servers * 1000 / MEAN_MS
    with service(servers, mean_ms=MEAN_MS, variability=variability, seed=SEED) as server:
        schedule_us = arrivals_at_random(rate, max(30, round(rate * seconds)), SEED)
        result = put_on(Load(server.port, JOBS, schedule_us=schedule_us))
        return in_service_times(result, server.records())


def in_service_times(result: Result, records: Records) -> float:
    """Return the mean latency in mean service times. The first third is left out, since the queue begins empty.

    ValueError where the load generator was the bottleneck.
    """
    if result.was_bottleneck:
        raise ValueError("The load generator was too busy or too late: the server is not what was measured. Try again.")
    services_us = service_times_of(records)
    later = result.answered()[len(services_us) // 3 :]
    return statistics.fmean(request.latency_us for request in later) / statistics.fmean(services_us)
