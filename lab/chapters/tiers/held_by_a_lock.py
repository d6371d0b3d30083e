"""How many requests are worked on at once in each tier: all are held up in the database, and counted.

A transaction locks a table that every page reads. So each request that gets as far as the database waits there, with
its connection and its web process, until the lock is given back; all others wait before the web tier.
"""

import time
from collections import Counter
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
LOCKED = "lock table posts in access exclusive mode"
# in the database's own words: sessions that wait for a lock
WAITING = "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"


@dataclass(frozen=True)
class Held:
    """What became of requests that were sent while the table was locked.

    in_data_tier  how many were worked on in the database at once; each keeps one web process busy
    refused       answered 503 meanwhile, since their web process had no connection
    before        waited before the web tier, for a web process to be free
    answered      200, when the lock was given back
    """

    in_data_tier: int
    refused: int
    before: int
    answered: int


def held(site: TwoTiers, requests: int) -> Held:
    """Send so many requests while the table is locked, count, and give the lock back.

    Each has come to rest before the next one is sent, so the counts are the same on every run. ValueError where nobody
    gets into a database whose connections are all taken.
    """
    if site.database.overseer is None:
        raise ValueError("The database lets nobody in who could look when all connections are taken.")
    database = credentials(site.database.overseer)
    with connected(database) as locking, connected(database) as watching, ThreadPoolExecutor(requests) as clients:
        locking.execute("begin")
        locking.execute(LOCKED)
        sent: list[Future[int]] = []
        seen: Counter[str] = Counter()
        try:
            for _ in range(requests):
                sent.append(clients.submit(status, site))
                seen = at_rest(watching, sent)
        finally:
            locking.execute("rollback")  # else the clients would wait for ever, and their pool for them
        statuses = Counter(each.result() for each in sent)
    return Held(seen["waiting"], seen["refused"], requests - seen.total(), statuses[200])


def connected(database: dict[str, Any]) -> psycopg.Connection:
    """A connection that begins no transaction by itself."""
    return psycopg.connect(**database, autocommit=True)


def at_rest(watching: psycopg.Connection, sent: Sequence["Future[int]"]) -> "Counter[str]":
    """How many wait for the lock and how many are refused, when that has not changed for a while."""
    seen: Counter[str] = Counter()
    since = time.monotonic()
    while time.monotonic() - since < QUIET_S:
        time.sleep(SECONDS_BETWEEN_LOOKS)
        row = watching.execute(WAITING).fetchone()
        now = Counter(waiting=int(row[0]) if row else 0, refused=sum(each.done() for each in sent))
        if now != seen:
            seen, since = now, time.monotonic()
    return seen


def status(site: TwoTiers) -> int:
    """The status that a new client gets, over a connection of its own."""
    return httpcore.request("GET", site.url(PATH, host=site.address)).status
