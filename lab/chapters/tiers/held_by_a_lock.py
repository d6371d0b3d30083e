"""How many requests are worked on at once in each tier: all are held up in the database, and counted.

A transaction locks a table that every page reads. So each request that gets as far as the database waits there, with
its connection and its web process, until the lock is given back; all others wait before the web tier.
"""

import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import httpcore
import psycopg

from mysite.engines.postgresql import credentials
from mysite.topology import TwoTiers

PATH = "/posts/3"
QUIET_S = 0.2  # nothing has changed for so long: what can come has come
SECONDS_BETWEEN_LOOKS = 0.01
LOCK = "lock table posts in access exclusive mode"
# in the database's own words: sessions that wait for a lock
WAITING = "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"


@dataclass(frozen=True)
class RequestCounts:
    """How many of the requests that were sent while the table was locked did what.

    in_data_tier  were worked on in the database at once; each kept one web process busy
    refused       were answered 503 meanwhile, since their web process had no connection
    before        waited before the web tier, for a web process to be free
    answered      were answered 200, when the lock was given back
    """

    in_data_tier: int
    refused: int
    before: int
    answered: int


def count_requests(site: TwoTiers, requests: int) -> RequestCounts:
    """Send so many requests while the table is locked, count, and give the lock back.

    Each has come to rest before the next one is sent, so the counts are the same on every run. ValueError where nobody
    gets into a database whose connections are all taken.
    """
    if site.database.overseer is None:
        raise ValueError("The database lets nobody in who could look when all connections are taken.")
    parameters = credentials(site.database.overseer)
    with connect(parameters) as locking, connect(parameters) as watching, ThreadPoolExecutor(requests) as clients:
        locking.execute("begin")
        locking.execute(LOCK)
        statuses: list[Future[int]] = []
        waiting = refused = 0
        try:
            for _ in range(requests):
                statuses.append(clients.submit(status, site))
                waiting, refused = counts_at_rest(watching, statuses)
        finally:
            locking.execute("rollback")  # else the clients would wait for ever, and their pool for them
        answered = sum(future.result() == 200 for future in statuses)
    return RequestCounts(waiting, refused, requests - waiting - refused, answered)


def connect(parameters: dict[str, Any]) -> psycopg.Connection:
    """Open a connection that begins no transaction by itself."""
    return psycopg.connect(**parameters, autocommit=True)


def counts_at_rest(watching: psycopg.Connection, statuses: Sequence["Future[int]"]) -> tuple[int, int]:
    """Return how many requests wait for the lock and how many have an answer, when neither changes for QUIET_S."""
    counts = (0, 0)
    since = time.monotonic()
    while time.monotonic() - since < QUIET_S:
        time.sleep(SECONDS_BETWEEN_LOOKS)
        row = watching.execute(WAITING).fetchone()
        now = (int(row[0]) if row else 0, sum(future.done() for future in statuses))
        if now != counts:
            counts, since = now, time.monotonic()
    return counts


def status(site: TwoTiers) -> int:
    """Ask as a new client, over a connection of its own, and return the answer's status."""
    return httpcore.request("GET", site.url(PATH, host=site.address)).status
