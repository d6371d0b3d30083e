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
    """One side of a comparison: what is asked for, and under which conditions.

    accept      the media type that is asked for
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
    """What an arm did: timed requests, connections opened for them, pages that came from the cache, bytes of bodies.

    seconds  of each timed request
    """

    requests: int
    connections: int
    from_cache: int
    body_bytes: int
    seconds: tuple[float, ...]


def compared(arms: Mapping[str, Arm]) -> dict[str, Report]:
    """Run the arms, each on a site of its own, a request of each in turns. ValueError for an answer that is not 200."""
    with ExitStack() as opened:
        running = {name: Running(arm, opened) for name, arm in arms.items()}
        for number in range(max(arm.requests for arm in arms.values())):
            for name, arm in arms.items():
                if number < arm.requests:
                    running[name].ask()
        return {name: each.report() for name, each in running.items()}


class Running:
    """An arm under way: its site, its connections, and what it has been answered so far."""

    def __init__(self, arm: Arm, opened: ExitStack) -> None:
        site = opened.enter_context(one_server(cache_seconds=CACHE_SECONDS if arm.page_cache else 0))
        kept = 1 if arm.keep_alive else 0
        self._backend = CountingBackend(site.resolver())
        self._pool = opened.enter_context(
            httpcore.ConnectionPool(
                network_backend=self._backend, max_connections=1, max_keepalive_connections=kept
            )
        )
        self._url, self._accept = f"http://api.mysite.com:{site.port}{PATH}", arm.accept
        for _ in range(arm.warm_up):
            timed(self._pool, self._url, self._accept)
        self._before = self._backend.traffic.sockets_opened
        self._done: list[tuple[httpcore.Response, float]] = []

    def ask(self) -> None:
        """One request that counts."""
        self._done.append(timed(self._pool, self._url, self._accept))

    def report(self) -> Report:
        """What was counted and timed so far."""
        return Report(
            requests=len(self._done),
            connections=self._backend.traffic.sockets_opened - self._before,
            from_cache=sum(server_account(answer.headers) == "hit" for answer, _ in self._done),
            body_bytes=sum(len(answer.content) for answer, _ in self._done),
            seconds=tuple(seconds for _, seconds in self._done),
        )


def timed(pool: httpcore.ConnectionPool, url: str, accept: str) -> tuple[httpcore.Response, float]:
    """One answer, and how long it took in seconds. ValueError if it is not 200."""
    begun = time.perf_counter()
    answer = pool.request("GET", url, headers={"Accept": accept})
    taken = time.perf_counter() - begun
    if answer.status != 200:
        raise ValueError(f"{url} as {accept} is answered with {answer.status}, so nothing is compared.")
    return answer, taken


def headline(reports: Mapping[str, Report]) -> Table:
    """What such a benchmark is usually reduced to: a name and a time."""
    rows = [[name, time_text(spread(each.seconds).median)] for name, each in reports.items()]
    return Table(["arm", "median of a request"], rows)


def counted(reports: Mapping[str, Report]) -> Table:
    """What the arms really did: the same on every run."""
    columns = ["arm", "requests", "connections opened", "from the page cache", "bytes of bodies"]
    return Table(
        columns,
        [[name, each.requests, each.connections, each.from_cache, each.body_bytes] for name, each in reports.items()],
    )
