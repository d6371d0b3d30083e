"""What `make record` measures: the visit that chapter 01 draws, and what a request costs the web process.

Each function measures now and returns a run; nothing is written here.
"""

import statistics
from collections.abc import Callable
from contextlib import ExitStack

import httpcore
import psutil

from lab.progress import progress
from lab.runs import Run
from lab.visit import Visit, visit
from mysite.topology import OneServer, one_server

VISITS = 21
REQUESTS = 2000
REPEATS = 7
CACHE_SECONDS = {"page cache off": 0, "page cache on": 3600}  # how long a page is kept


def page_visit(visits: int = VISITS) -> Run:
    """Visit the home page again and again, each time with a new resolver and a new connection.

    The page cache is off, so that each visit asks the database. One visit to warm up is dropped. Series "total"
    and one for each step, seconds. `detail["visit"]` is the visit with the median total.
    """
    with one_server(cache_seconds=CACHE_SECONDS["page cache off"]) as site:
        done = [visit(site) for _ in progress(range(1 + visits), "visiting the page")][1:]
    series = {"total": [each.seconds for each in done]}
    for position, step in enumerate(done[0].steps):
        series[step.label] = [each.steps[position].end_s - each.steps[position].start_s for each in done]
    return Run(
        name="01-page-visit",
        what=f"{visits} visits of the home page, each with a new resolver and a new connection, page cache off",
        units=dict.fromkeys(series, "s"),
        series=series,
        detail={"visit": median_visit(done).to_json()},
    )


def median_visit(visits: list[Visit]) -> Visit:
    """Return the visit whose total time is the median of all; of an even number the one below it."""
    middle = statistics.median_low([each.seconds for each in visits])
    return next(each for each in visits if each.seconds == middle)


def cpu_per_request(requests: int = REQUESTS, repeats: int = REPEATS) -> Run:
    """Measure the CPU seconds, user and system, that one request for the home page costs the web process.

    The requests of a repeat follow one another over one connection; the page cache is off or on, in turns, each
    in a server of its own. One turn to warm up is dropped; with the cache on, all others are hits. The operating
    system counts CPU time in hundredths of a second, so fewer than some 1,000 requests say little.
    """
    series: dict[str, list[float]] = {name: [] for name in CACHE_SECONDS}
    with ExitStack() as running:
        sites = {
            name: running.enter_context(one_server(cache_seconds=seconds)) for name, seconds in CACHE_SECONDS.items()
        }
        for turn in progress(range(1 + repeats), "measuring CPU time"):
            for name, site in sites.items():
                each = cpu_seconds(site, requests) / requests
                if turn > 0:
                    series[name].append(each)
    return Run(
        name="cpu-per-request",
        what=f"CPU time of the web process for one request of the home page, in runs of {requests:,} requests",
        units=dict.fromkeys(series, "s"),
        series=series,
        detail={"requests": requests},
    )


def cpu_seconds(site: OneServer, requests: int) -> float:
    """Return the CPU seconds that the web process spends on so many requests. ValueError if one is not answered 200."""
    process = psutil.Process(site.web.pid)
    with httpcore.ConnectionPool(max_connections=1) as pool:
        before = process.cpu_times()
        for _ in range(requests):
            response = pool.request("GET", site.url(host=site.address))
            if response.status != 200:
                raise ValueError(f"The home page is answered with {response.status}, so nothing is measured.")
        after = process.cpu_times()
    return (after.user - before.user) + (after.system - before.system)


MEASUREMENTS: dict[str, Callable[[], Run]] = {"01-page-visit": page_visit, "cpu-per-request": cpu_per_request}
