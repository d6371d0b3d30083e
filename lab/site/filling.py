"""The site of this book, asked for its home page more and more often: what fills first, and how quick it still is."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import starmap

import psutil

from lab.instruments.progress import progress
from lab.instruments.runs import Payload, Run, recorded_as
from lab.instruments.timing import time_text
from lab.models.percentiles import percentiles
from lab.models.traces import MICRO, arrivals_at_random
from mysite.load import Load, put_on
from mysite.processes import OwnedProcess
from mysite.topology import one_server

RATES = (100, 200, 300, 400, 500, 600, 700, 800)
RATE_SECONDS = 6
FULLEST_QUOTED = 0.75  # the load up to which the cover tells how quickly the site answers
SEED = 3
SECONDS_BETWEEN_LOOKS = 0.05
ANSWERED, CPU, MEDIAN, P99 = "answered", "CPU", "median", "99th percentile"


@dataclass(frozen=True)
class SiteFilling(Payload, run="site/filling"):
    """What was seen of the site beside its times, a value for each rate.

    rates           requests a second that were asked for
    memory          of the web process at the end, in bytes
    connections     that the web process held at once, at the most
    unanswered      requests that got no 200
    was_bottleneck  whether the load generator was too busy or too late to say anything about the site
    """

    rates: tuple[int, ...]
    memory: tuple[int, ...]
    connections: tuple[int, ...]
    unanswered: tuple[int, ...]
    was_bottleneck: tuple[bool, ...]


@dataclass(frozen=True)
class RatePoint:
    """The site at one rate of a run.

    answered     answers a second, over the time in which it answered
    cpu          CPU seconds a second of the web process
    median_s, p99_s  of the response times of what was answered
    The others stand in SiteFilling.
    """

    rate: int
    answered: float
    cpu: float
    median_s: float
    p99_s: float
    memory: int
    connections: int
    unanswered: int
    was_bottleneck: bool


@recorded_as(SiteFilling)
def site_filling(rates: Sequence[int] = RATES, seconds: float = RATE_SECONDS) -> Run[SiteFilling]:
    """Ask the site of this book for its home page, at random and more and more often. Its page cache is off.

    Series, a value for each rate: ANSWERED, answers a second; CPU, CPU seconds a second of the web process; MEDIAN and
    P99 of the response times of what was answered, seconds.
    """
    measured = [measure(rate, seconds) for rate in progress(rates, "asking the site")]
    return Run(
        what=f"the home page of the site, asked at random, {seconds:g} s at each rate, page cache off",
        units={ANSWERED: "/s", CPU: "s", MEDIAN: "s", P99: "s"},
        series={
            ANSWERED: [point.answered for point in measured],
            CPU: [point.cpu for point in measured],
            MEDIAN: [point.median_s for point in measured],
            P99: [point.p99_s for point in measured],
        },
        payload=SiteFilling(
            rates=tuple(rates),
            memory=tuple(point.memory for point in measured),
            connections=tuple(point.connections for point in measured),
            unanswered=tuple(point.unanswered for point in measured),
            was_bottleneck=tuple(point.was_bottleneck for point in measured),
        ),
    )


def points(run: Run[SiteFilling]) -> list[RatePoint]:
    """Return the run rate by rate, without those at which the load generator was the bottleneck."""
    series, payload = run.series, run.payload
    columns = zip(
        payload.rates, series[ANSWERED], series[CPU], series[MEDIAN], series[P99],
        payload.memory, payload.connections, payload.unanswered, payload.was_bottleneck, strict=True,
    )  # fmt: skip
    return [point for point in starmap(RatePoint, columns) if not point.was_bottleneck]


def how_quick(run: Run[SiteFilling], cpu_s: float) -> str:
    """Return a sentence on how long the site took in the run, beside what `cpu_s` a request says of its core.

    It tells of the highest rate at which `cpu_s` leaves room, so that it never tells of answers from a server that is
    full by the same CPU time. ValueError where there is no such rate.
    """
    quiet = [point for point in points(run) if point.rate * cpu_s <= FULLEST_QUOTED]
    if not quiet:
        raise ValueError(f"With {cpu_s:g} s a request the site is full at every rate of the run {run.name}.")
    point = quiet[-1]
    return (
        f" By the one server's CPU time {point.rate} requests a second use {point.rate * cpu_s * 100:.0f} % of its"
        f" core; in the run of chapter 3 they used {point.cpu * 100:.0f} %, and half of them were answered within"
        f" {time_text(point.median_s)}."
    )


def measure(rate: int, seconds: float) -> RatePoint:
    """Ask a new site for its home page so often, and return what it did."""
    schedule_us = arrivals_at_random(rate, round(rate * seconds), SEED)
    with one_server(cache_seconds=0) as site, watched_connections(site.web) as connections:
        process = psutil.Process(site.web.pid)
        put_on(Load(site.port, "/", users=1, seconds=0.2))  # to warm up
        before, start_s = process.cpu_times(), time.monotonic()
        result = put_on(Load(site.port, "/", schedule_us=schedule_us))
        duration_s, after = time.monotonic() - start_s, process.cpu_times()
        memory = process.memory_info().rss
    answered = result.answered()
    median_us, p99_us = percentiles([request.latency_us for request in answered], [50, 99])
    busy_s = (max(request.over_us for request in answered) - min(request.due_us for request in answered)) / MICRO
    return RatePoint(
        rate=rate,
        answered=len(answered) / busy_s,
        cpu=(after.user - before.user + after.system - before.system) / min(duration_s, busy_s),
        median_s=median_us / MICRO,
        p99_s=p99_us / MICRO,
        memory=memory,
        connections=max(connections),
        unanswered=len(result.requests) - len(answered),
        was_bottleneck=result.was_bottleneck,
    )


@contextmanager
def watched_connections(server: OwnedProcess) -> Iterator[list[int]]:
    """Within this context the list grows twenty times a second by how many connections the server holds."""
    numbers, end, process = [0], threading.Event(), psutil.Process(server.pid)

    def watch() -> None:
        while not end.wait(SECONDS_BETWEEN_LOOKS):
            connections = process.net_connections("tcp")
            numbers.append(sum(connection.status == psutil.CONN_ESTABLISHED for connection in connections))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield numbers
    finally:
        end.set()
        thread.join()
