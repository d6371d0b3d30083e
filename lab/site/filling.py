"""The site of this book, asked for its home page more and more often: what fills first, and how quick it still is."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psutil

from lab.instruments.progress import progress
from lab.instruments.runs import Run
from lab.instruments.timing import time_text
from lab.models.percentiles import percentiles
from lab.models.traces import MICRO, arrivals_at_random
from mysite.load import Load, put_on
from mysite.processes import OwnedProcess
from mysite.topology import one_server

RATES = (100, 200, 300, 400, 500, 600, 700, 800)
RATE_SECONDS = 6
MOST_TOLD = 0.75  # the load up to which the cover tells how quickly the site answers
SEED = 3
SECONDS_BETWEEN_LOOKS = 0.05


def site_filling(rates: Sequence[int] = RATES, seconds: float = RATE_SECONDS) -> Run:
    """Ask the site of this book for its home page, at random and more and more often.

    Its page cache is off. Series, a value for each rate: answers a second, the CPU seconds a second of the web
    process, and the median and 99th percentile of what was answered. `detail` has the rates, and for each the memory
    of the web process (bytes), its most connections at once, and the requests that were not answered.
    """
    rows = [site_at(rate, seconds) for rate in progress(rates, "asking the site")]
    units = {"answered": "/s", "CPU": "s", "median": "s", "99th percentile": "s"}
    return Run(
        name="03-site",
        what=f"the home page of the site, asked at random, {seconds:g} s at each rate, page cache off",
        units=units,
        series={name: [row[name] for row in rows] for name in units},
        detail={
            "rates": list(rates),
            **{name: [row[name] for row in rows] for name in ("memory", "connections", "unanswered", "was_bottleneck")},
        },
    )


def how_quick(run: Run, cpu_s: float) -> str:
    """A sentence on how long the site took in a run 03-site, beside what `cpu_s` a request says of its core.

    It tells of the highest rate at which `cpu_s` leaves room, so that it never tells of answers from a server that is
    full by the same CPU time. ValueError where there is no such rate.
    """
    quiet = [place for place, rate in enumerate(run.detail["rates"]) if rate * cpu_s <= MOST_TOLD]
    if not quiet:
        raise ValueError(f"With {cpu_s:g} s a request the site is full at every rate of the run {run.name}.")
    place = quiet[-1]
    rate, used, median_s = run.detail["rates"][place], run.series["CPU"][place], run.series["median"][place]
    return (
        f" By the one server's CPU time {rate} requests a second use {rate * cpu_s * 100:.0f} % of its core; in the run"
        f" of chapter 3 they used {used * 100:.0f} %, and half of them were answered within {time_text(median_s)}."
    )


def site_at(rate: int, seconds: float) -> dict[str, Any]:
    """What the site does at one rate."""
    schedule = arrivals_at_random(rate, round(rate * seconds), SEED)
    with one_server(cache_seconds=0) as site, watched(site.web) as seen:
        process = psutil.Process(site.web.pid)
        put_on(Load(site.port, "/", users=1, seconds=0.2))  # to warm up
        before, begun = process.cpu_times(), time.monotonic()
        done = put_on(Load(site.port, "/", schedule_us=schedule))
        lasted, after = time.monotonic() - begun, process.cpu_times()
        memory = process.memory_info().rss
    answered = done.answered()
    median, p99 = percentiles([each.latency_us for each in answered], [50, 99])
    busy = (max(each.over_us for each in answered) - min(each.due_us for each in answered)) / MICRO
    return {
        "answered": len(answered) / busy,
        "CPU": (after.user - before.user + after.system - before.system) / min(lasted, busy),
        "median": median / MICRO,
        "99th percentile": p99 / MICRO,
        "memory": memory,
        "connections": max(seen),
        "unanswered": len(done.requests) - len(answered),
        "was_bottleneck": done.was_bottleneck,
    }


@contextmanager
def watched(server: OwnedProcess) -> Iterator[list[int]]:
    """Within this context the numbers of connections that the server holds are put down, twenty times a second."""
    seen, ended, process = [0], threading.Event(), psutil.Process(server.pid)

    def watch() -> None:
        while not ended.wait(SECONDS_BETWEEN_LOOKS):
            held = process.net_connections("tcp")
            seen.append(sum(each.status == psutil.CONN_ESTABLISHED for each in held))

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        yield seen
    finally:
        ended.set()
        watching.join()
