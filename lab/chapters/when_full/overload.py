"""A server that is asked for more than it can do, measured: how much is still answered in time.

Every load has a server and a load generator of its own, as in `waiting`.
"""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass

from lab.chapters.when_full.impatience_model import ATTEMPTS, Outcome, impatient
from lab.chapters.when_full.loaded_server import CAPACITY, MEAN_MS, SEED, SERVERS
from lab.instruments.progress import progress
from lab.instruments.runs import Payload, Run, recorded_as
from lab.models.percentiles import percentiles
from lab.models.traces import MICRO, arrivals_at_random, service_times
from lab.service.running import JOBS, service
from lab.service.server import DRAWS, RETRY_AFTER_S
from mysite.load import Load, Result, put_on

PLACES, PATIENCE_S = 8, 0.2
LOADS = (0.5, 0.8, 1.0, 1.2, 1.5, 2.0)
SECONDS = 10
TRACED = 1.5  # the load whose trace is recorded
SECONDS_BETWEEN_LOOKS = 0.05


@dataclass(frozen=True)
class Kind:
    """A kind of overload: `places` to wait, None for room for all, and the patience of clients, None for no end."""

    places: int | None
    patience_s: float | None


BOUNDED, UNBOUNDED, PATIENT = f"{PLACES} places to wait", "all may wait", "all may wait, nobody leaves"
KINDS = {UNBOUNDED: Kind(None, PATIENCE_S), BOUNDED: Kind(PLACES, PATIENCE_S), PATIENT: Kind(None, None)}


@dataclass(frozen=True)
class Overload(Payload, run="when_full/overload"):
    """How the overload was made, and what is needed to replay it.

    loads               that were asked for, as shares of `capacity`, which is in requests a second
    mean_us, draws      mean service time, and how many of them the server draws from `seed`
    seconds             each load lasted
    patience_s, retry_after_s  of the clients
    places              to wait, of the bounded kind
    median_s            for each kind and load how long the answered ones waited
    traces              for UNBOUNDED and BOUNDED, at a load of 1.5: for how long each request held a server, in
                        microseconds, the first attempts of all clients, then the second ones
    in_time             for the same how many clients were answered in time
    bottlenecks         "KIND at LOAD" where the load generator was too busy or too late to say anything
    """

    loads: tuple[float, ...]
    capacity: float
    servers: int
    mean_us: int
    seed: int
    draws: int
    seconds: float
    patience_s: float
    places: int
    retry_after_s: int
    median_s: dict[str, tuple[float, ...]]
    traces: dict[str, tuple[int, ...]]
    in_time: dict[str, int]
    bottlenecks: tuple[str, ...]


@recorded_as(Overload)
def overload(loads: Sequence[float] = LOADS, seconds: float = SECONDS, traced: bool = True) -> Run[Overload]:
    """Load a server of four up to twice of what it can do, with clients that give up, and without.

    Series, a second, a value for each load: answers while requests came that were within the clients' patience, for a
    server that lets all wait and for one with 8 places; and what patient clients got from the first. With `traced` the
    load of 1.5 can be replayed, see `outcome`.
    """
    series: dict[str, list[float]] = {kind: [] for kind in KINDS}
    medians_s: dict[str, list[float]] = {kind: [] for kind in KINDS}
    traces: dict[str, tuple[int, ...]] = {}
    in_time: dict[str, int] = {}
    bottlenecks = []
    for load, kind in progress([(load, kind) for load in loads for kind in KINDS], "overloading"):
        has_trace = traced and load == TRACED and kind != PATIENT
        result, services_us = measure(load, seconds, KINDS[kind], until_empty=has_trace)
        series[kind].append(len(result.answered_within(seconds)) / seconds)
        latencies_us = [request.latency_us for request in result.answered()]
        medians_s[kind].append(percentiles(latencies_us, [50])[0] / MICRO)
        bottlenecks += [point_name(kind, load)] if result.was_bottleneck else []
        if has_trace:
            traces[kind], in_time[kind] = tuple(services_us), len(latencies_us)
    return Run(
        what=f"requests at random to {SERVERS} servers of {MEAN_MS} ms, {seconds:g} s each; clients leave after"
        f" {PATIENCE_S * 1000:g} ms and ask once more",
        units=dict.fromkeys(series, "/s"),
        series=series,
        payload=Overload(
            loads=tuple(loads), capacity=CAPACITY, servers=SERVERS, mean_us=MEAN_MS * 1000, seed=SEED, draws=DRAWS,
            seconds=seconds, patience_s=PATIENCE_S, places=PLACES, retry_after_s=RETRY_AFTER_S,
            median_s={kind: tuple(values) for kind, values in medians_s.items()}, traces=traces, in_time=in_time,
            bottlenecks=tuple(bottlenecks),
        ),
    )  # fmt: skip


def measure(load: float, seconds: float, kind: Kind, until_empty: bool) -> tuple[Result, list[int]]:
    """Return what clients got at one load, and for how long each request held a server, in microseconds.

    The times are in the order of the requests' numbers; of a request that was not served, the time that was drawn.
    With `until_empty` the server is waited for until it has answered all, also those who have left.
    """
    schedule_us = arrivals_at_random(load * CAPACITY, round(load * CAPACITY * seconds), SEED)
    with service(SERVERS, kind.places, MEAN_MS, seed=SEED) as server:
        clients = Load(
            server.port, JOBS, schedule_us=schedule_us, patience_s=kind.patience_s,
            attempts=1 if kind.patience_s is None else ATTEMPTS, retry_after_s=RETRY_AFTER_S,
        )  # fmt: skip
        result = put_on(clients)
        while until_empty and server.ask("/inside")["inside"]:
            time.sleep(SECONDS_BETWEEN_LOOKS)
        records = server.records()
    services_us = service_times(MEAN_MS * 1000, 1, DRAWS, SEED)[: ATTEMPTS * len(schedule_us)]
    for number, _, start, end in records.work:
        services_us[number] = end - start
    return result, services_us


def point_name(kind: str, load: float) -> str:
    """Return what a point is called where it is left out."""
    return f"{kind} at {load}"


def goodput(run: Run[Overload], kind: str) -> list[tuple[float, float]]:
    """Return (load, answers in time a second), without the points at which the load generator was the bottleneck."""
    points = zip(run.payload.loads, run.series[kind], strict=True)
    return [(load, rate) for load, rate in points if point_name(kind, load) not in run.payload.bottlenecks]


def outcome(run: Run[Overload], kind: str) -> Outcome:
    """Replay the overload of a traced run at a load of 1.5, with the service times that were held: exact."""
    setting, services_us = run.payload, run.payload.traces[kind]
    count = len(services_us) // ATTEMPTS
    return impatient(
        arrivals_at_random(TRACED * setting.capacity, count, setting.seed),
        [services_us[attempt * count : (attempt + 1) * count] for attempt in range(ATTEMPTS)],
        setting.servers,
        patience=round(setting.patience_s * MICRO),
        places=setting.places if kind == BOUNDED else math.inf,
        retry_after=round(setting.retry_after_s * MICRO),
    )
