"""Servers that fill up, measured: how long one waits, how much is still answered in time, and what fills first.

Each function measures now and returns a run; nothing is written here. Every point has a server of its own, so that
none inherits another's queue, and a load generator of its own, whose use of the processor and lateness are kept.
"""

import itertools
import math
import statistics
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpcore

from lab.chapters.when_full.impatience_model import ATTEMPTS, Outcome, impatient
from lab.instruments.progress import progress
from lab.instruments.runs import Run
from lab.models.percentiles import percentiles
from lab.models.traces import MICRO, arrivals_at_random, service_times
from lab.service.running import ADDRESS, JOBS, Service, service
from lab.service.server import DRAWS, RETRY_AFTER_S
from mysite.load import Load, Result, put_on
from mysite.topology import one_server

SERVERS, MEAN_MS = 4, 20
CAPACITY = SERVERS * 1000 / MEAN_MS  # requests a second
LOADS = (0.3, 0.5, 0.7, 0.8, 0.9)
SECONDS, REQUESTS = 30, 2000
MOST_MEASURED = 0.8  # the load up to which some seconds say something of the mean
MOST_TOLD = 0.75  # the load up to which the cover tells how quickly the site answers
SEED = 3

PLACES, PATIENCE_S = 8, 0.2
OVERLOADS = (0.5, 0.8, 1.0, 1.2, 1.5, 2.0)
OVERLOAD_SECONDS = 10
TRACED = 1.5  # the load whose trace is kept
# what the three kinds of overload are called in a run
BOUNDED, UNBOUNDED, PATIENT = f"{PLACES} places to wait", "all may wait", "all may wait, nobody leaves"

RATES = (100, 200, 300, 400, 500, 600, 700, 800)
RATE_SECONDS = 6
USERS = (1, 2, 4, 8, 16, 32, 64)
USER_SECONDS = 3
SECONDS_BETWEEN_LOOKS = 0.05


def waiting(loads: Sequence[float] = LOADS, seconds: float = SECONDS, requests: int = REQUESTS) -> Run:
    """Let requests come at random to a server of four, more and more of them, and see how long they take.

    Each load lasts at least so many seconds and requests. Series, seconds, a value for each load: the mean and the
    99th percentile of what the clients waited. `detail["points"]` has what is needed to replay each: see `point`.
    """
    points = [point(load, max(requests, round(load * CAPACITY * seconds))) for load in progress(loads, "loading")]
    return Run(
        name="03-waiting",
        what=f"requests at random to {SERVERS} servers with exponential service times of {MEAN_MS} ms on average",
        units={"mean": "s", "99th percentile": "s"},
        series={
            "mean": [each.pop("mean_s") for each in points],
            "99th percentile": [each.pop("p99_s") for each in points],
        },
        detail={"servers": SERVERS, "mean_us": MEAN_MS * 1000, "points": points},
    )


def point(load: float, count: int) -> dict[str, Any]:
    """One load: what the clients waited, and what the server wrote down.

    gaps_us   between the arrivals at the server, the first one 0; held_us  how long each then held one of its servers
    inside    the mean number of requests inside, sampled; response_s, rate  the server's own mean response time, and
              its answers a second, over the same time
    generator, server  the CPU seconds a second of both; late_us  how late the generator was, see mysite.load.Result
    """
    with service(SERVERS, mean_ms=MEAN_MS, seed=SEED) as running:
        before, begun = running.cpu_seconds(), time.monotonic()
        done = put_on(Load(running.port, JOBS, schedule_us=arrivals_at_random(load * CAPACITY, count, SEED)))
        server = (running.cpu_seconds() - before) / (time.monotonic() - begun)
        records = running.records()
    latencies = [each.latency_us for each in done.answered()]
    if len(latencies) < count:
        raise ValueError(f"{count - len(latencies)} of {count} requests were not answered, so nothing is measured.")
    _, came, _, left = zip(*records.work, strict=True)
    first, last = min(came), max(left)
    inside = [number for moment, number in records.samples if first <= moment <= last]
    return {
        "load": load,
        "mean_s": statistics.fmean(latencies) / MICRO,
        "p99_s": percentiles(latencies, [99])[0] / MICRO,
        "gaps_us": [0, *(after - before for before, after in itertools.pairwise(came))],
        "held_us": [done - begun for _, _, begun, done in records.work],
        "inside": statistics.fmean(inside),
        "response_s": statistics.fmean(done - arrived for _, arrived, _, done in records.work) / MICRO,
        "rate": count / (last - first) * MICRO,
        "generator": done.cpu_share,
        "server": server,
        "late_us": done.late_us,
        "was_bottleneck": done.was_bottleneck,
    }


def measured_response(load: float, servers: int, variability: float, seconds: float = 3) -> float:
    """The mean response time that clients measure at such a setting now, in service times that were really held.

    The first third is not counted, since the queue begins empty. ValueError above a load of 0.8, where some seconds
    are too short for a mean, and where the load generator was the bottleneck.
    """
    if load > MOST_MEASURED:
        raise ValueError(f"Above {MOST_MEASURED * 100:g} % the queue needs minutes to show its mean: choose less load.")
    rate = load * servers * 1000 / MEAN_MS
    with service(servers, mean_ms=MEAN_MS, variability=variability, seed=SEED) as running:
        schedule = arrivals_at_random(rate, max(30, round(rate * seconds)), SEED)
        done = put_on(Load(running.port, JOBS, schedule_us=schedule))
        held = [over - begun for _, _, begun, over in running.records().work]
    if done.was_bottleneck:
        raise ValueError("The load generator was too busy or too late: the server is not what was measured. Try again.")
    counted = done.answered()[len(held) // 3 :]
    return statistics.fmean(each.latency_us for each in counted) / statistics.fmean(held)


def overload(
    loads: Sequence[float] = OVERLOADS, seconds: float = OVERLOAD_SECONDS, traced: bool = True
) -> Run:
    """Load a server of four up to twice of what it can do, with clients that give up, and without.

    Series, a second: answers while requests came that were within the clients' patience, for a server that lets all
    wait and for one with 8 places; and what patient clients got from the first. `detail["median_s"]` is how long the
    answered ones waited, in the same order. With `traced`, `detail["traces"]` has how long each request held a server
    at a load of 1.5, for a replay, and `detail["in_time"]` how many clients were answered in time.
    """
    kinds = {UNBOUNDED: (None, PATIENCE_S), BOUNDED: (PLACES, PATIENCE_S), PATIENT: (None, None)}
    series: dict[str, list[float]] = {kind: [] for kind in kinds}
    medians: dict[str, list[float]] = {kind: [] for kind in kinds}
    traces: dict[str, list[int]] = {}
    answered: dict[str, int] = {}
    bottlenecks = []
    for load, (kind, told) in progress([(load, each) for load in loads for each in kinds.items()], "overloading"):
        keeps_trace = traced and load == TRACED and kind != PATIENT
        done, held = overloaded(load, seconds, *told, finish=keeps_trace)
        series[kind].append(len(done.answered_within(seconds)) / seconds)
        medians[kind].append(percentiles([each.latency_us for each in done.answered()], [50])[0] / MICRO)
        bottlenecks += [f"{kind} at {load}"] if done.was_bottleneck else []
        if keeps_trace:
            traces[kind], answered[kind] = held, len(done.answered())
    return Run(
        name="03-overload",
        what=f"requests at random to {SERVERS} servers of {MEAN_MS} ms, {seconds:g} s each; clients leave after"
        f" {PATIENCE_S * 1000:g} ms and ask once more",
        units=dict.fromkeys(series, "/s"),
        series=series,
        detail={
            "loads": list(loads), "capacity": CAPACITY, "servers": SERVERS, "mean_us": MEAN_MS * 1000, "seed": SEED,
            "draws": DRAWS, "seconds": seconds, "patience_s": PATIENCE_S, "places": PLACES,
            "retry_after_s": RETRY_AFTER_S, "median_s": medians, "traces": traces, "in_time": answered,
            "bottlenecks": bottlenecks,
        },
    )  # fmt: skip


def overloaded(
    load: float, seconds: float, places: int | None, patience_s: float | None, finish: bool
) -> tuple[Result, list[int]]:
    """What clients got at one load, and how long each request held a server, by its number; as drawn if it did not.

    To `finish`, the server is waited for until it has answered all, also those who have left.
    """
    schedule = arrivals_at_random(load * CAPACITY, round(load * CAPACITY * seconds), SEED)
    with service(SERVERS, places, MEAN_MS, seed=SEED) as running:
        attempts = 1 if patience_s is None else ATTEMPTS
        told = {"patience_s": patience_s, "attempts": attempts, "retry_after_s": RETRY_AFTER_S}
        done = put_on(Load(running.port, JOBS, schedule_us=schedule, **told))  # type: ignore[arg-type]
        while finish and running.ask("/inside")["inside"]:
            time.sleep(SECONDS_BETWEEN_LOOKS)
        worked = running.records().work
    held = service_times(MEAN_MS * 1000, 1, DRAWS, SEED)[: ATTEMPTS * len(schedule)]
    for number, _, begun, over in worked:
        held[number] = over - begun
    return done, held


def outcome(run: Run, kind: str) -> Outcome:
    """The overload of a recorded run at a load of 1.5, replayed with the service times that were held: exact."""
    told, held = run.detail, run.detail["traces"][kind]
    count = len(held) // ATTEMPTS
    arrivals = arrivals_at_random(TRACED * told["capacity"], count, told["seed"])
    places = told["places"] if kind == BOUNDED else math.inf
    rows = [held[attempt * count : (attempt + 1) * count] for attempt in range(ATTEMPTS)]
    patience_us, later_us = (round(told[name] * MICRO) for name in ("patience_s", "retry_after_s"))
    return impatient(arrivals, rows, told["servers"], patience_us, places, later_us)


def site_with_users(users: Sequence[int] = USERS, seconds: float = USER_SECONDS) -> Run:
    """Let more and more users ask the site for its home page, each again as soon as it has the answer.

    The page cache is off. Series: answers a second for each number of users. `detail["users"]` are the numbers.
    """
    answered, bottlenecks = [], []
    for count in progress(users, "asking the site"):
        with one_server(cache_seconds=0) as site:
            put_on(Load(site.port, "/", users=1, seconds=0.2))  # to warm up
            done = put_on(Load(site.port, "/", users=count, seconds=seconds))
        answered.append(len(done.answered_within(seconds)) / seconds)
        bottlenecks += [count] if done.was_bottleneck else []
    return Run(
        name="03-users",
        what=f"the home page of the site, asked by users who do nothing else, {seconds:g} s each, page cache off",
        units={"answered": "/s"},
        series={"answered": answered},
        detail={"users": list(users), "bottlenecks": bottlenecks},
    )


def held_open(services: Sequence[Service], requests: int) -> Counter[int]:
    """Send so many requests that are held open, to the servers in turns, then release them: how often which status.

    Each is inside, or refused, before the next one is sent, so the counts are the same on every run.
    """
    with ThreadPoolExecutor(requests) as clients:
        statuses = []
        for number in range(requests):
            running = services[number % len(services)]
            before = running.ask("/inside")["inside"]
            statuses.append(clients.submit(_status_of_hold, running))
            while not statuses[-1].done() and running.ask("/inside")["inside"] == before:
                time.sleep(0.001)
        for running in services:
            running.ask("/release", "POST")
    return Counter(each.result() for each in statuses)


def _status_of_hold(running: Service) -> int:
    return httpcore.request("GET", f"http://{ADDRESS}:{running.port}/hold").status
