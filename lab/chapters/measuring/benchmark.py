"""A benchmark of two arms on the site of this book, with what each arm really did counted beside its time."""

import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass

import httpcore

from lab.drawing.table import Table
from lab.instruments.counting import CountingBackend
from lab.instruments.timing import spread, time_text
from lab.instruments.visit import server_account
from mysite.topology import one_server

PATH = "/people"
CACHE_SECONDS = 3600


@dataclass(frozen=True)
class Arm:
    """One side of a comparison: a representation, and the conditions under which it is asked for.

    accept      the media type
    keep_alive  whether one connection carries all requests, or each has a new one
    page_cache  whether the site keeps finished pages
    warm_up     requests that are sent before any is timed
    requests    requests that are timed
    """

    accept: str
    keep_alive: bool
    page_cache: bool
    warm_up: int
    requests: int = 40


@dataclass(frozen=True)
class Report:
    """What an arm did.

    requests     that were timed
    connections  that were opened for them
    from_cache   pages that came from the site's cache
    body_bytes   of all bodies together
    seconds      of each timed request
    """

    requests: int
    connections: int
    from_cache: int
    body_bytes: int
    seconds: tuple[float, ...]


def compared(arms: Mapping[str, Arm]) -> dict[str, Report]:
    """Run the arms, each on a site of its own, a request of each in turns. ValueError for an answer that is not 200."""
    with ExitStack() as resources:
        running = {name: RunningArm(arm, resources) for name, arm in arms.items()}
        for arm in running.values():  # when all run: a connection that idles while others start is closed by its site
            arm.warm_up()
        for number in range(max(arm.requests for arm in arms.values())):
            for name, arm in running.items():
                if number < arms[name].requests:
                    arm.ask()
        return {name: arm.report() for name, arm in running.items()}


class RunningArm:
    """An arm under way: its site, its connections, and its responses so far. `resources` ends what it starts."""

    def __init__(self, arm: Arm, resources: ExitStack) -> None:
        site = resources.enter_context(one_server(cache_seconds=CACHE_SECONDS if arm.page_cache else 0))
        self._backend = CountingBackend(site.resolver())
        self._pool = resources.enter_context(
            httpcore.ConnectionPool(
                network_backend=self._backend, max_connections=1, max_keepalive_connections=1 if arm.keep_alive else 0
            )
        )
        self._arm, self._url = arm, f"http://api.mysite.com:{site.port}{PATH}"
        self._warm_up_sockets = 0
        self._responses: list[tuple[httpcore.Response, float]] = []

    def warm_up(self) -> None:
        """Send the requests that do not count."""
        for _ in range(self._arm.warm_up):
            timed_request(self._pool, self._url, self._arm.accept)
        self._warm_up_sockets = self._backend.traffic.sockets_opened

    def ask(self) -> None:
        """Send one request that counts."""
        self._responses.append(timed_request(self._pool, self._url, self._arm.accept))

    def report(self) -> Report:
        """Return what was counted and timed so far."""
        return Report(
            requests=len(self._responses),
            connections=self._backend.traffic.sockets_opened - self._warm_up_sockets,
            from_cache=sum(server_account(response.headers) == "hit" for response, _ in self._responses),
            body_bytes=sum(len(response.content) for response, _ in self._responses),
            seconds=tuple(seconds for _, seconds in self._responses),
        )


def timed_request(pool: httpcore.ConnectionPool, url: str, accept: str) -> tuple[httpcore.Response, float]:
    """Return one response, and how long it took in seconds. ValueError if it is not 200."""
    start = time.perf_counter()
    response = pool.request("GET", url, headers={"Accept": accept})
    seconds = time.perf_counter() - start
    if response.status != 200:
        raise ValueError(f"{url} as {accept} is answered with {response.status}, so nothing is compared.")
    return response, seconds


def headline(reports: Mapping[str, Report]) -> Table:
    """Return what such a benchmark is usually reduced to: a name and a time."""
    rows = [[name, time_text(spread(report.seconds).median)] for name, report in reports.items()]
    return Table(["arm", "median of a request"], rows)


def counts(reports: Mapping[str, Report]) -> Table:
    """Return what the arms really did: the same on every run."""
    columns = ["arm", "requests", "connections opened", "from the page cache", "bytes of bodies"]
    rows = [
        [name, report.requests, report.connections, report.from_cache, report.body_bytes]
        for name, report in reports.items()
    ]
    return Table(columns, rows)
