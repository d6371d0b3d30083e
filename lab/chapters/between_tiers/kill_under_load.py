"""kill -9 of a process of the web tier or of the data tier, under write load, and what is the same at any moment.

The operating system goes on running, so none of this shows what a disk keeps when the power fails.
"""

import contextlib
import json
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass

from lab.chapters.between_tiers.write_load import WRITERS, Writes, read_back, writing
from mysite.processes import OwnedProcess
from mysite.topology import TwoTiers

WEB, DATABASE = "web", "database"
PATIENCE_S = 60  # for a recovery


@dataclass(frozen=True)
class Kill:
    """A kill of a process.

    tier       WEB or DATABASE
    in_flight  the texts that were in flight
    back_s     the seconds until the server ran again and a write sent since was acknowledged
    """

    tier: str
    in_flight: frozenset[str]
    back_s: float


@dataclass(frozen=True)
class Outcome:
    """What a kill under write load came to.

    statuses                     of the answers to the writers: 201 and 503 and no others, if all is well
    lost                         how many acknowledged posts are not there under their id with their text
    web_restarts, data_restarts  how many processes of each tier were started again
    """

    statuses: frozenset[str]
    lost: int
    web_restarts: int
    data_restarts: int


def outcome_of_kill(site: TwoTiers, tier: str) -> Outcome:
    """Let writers write, kill a process of WEB or DATABASE, wait until it is back, and read all posts back."""
    before = starts(site)
    with writing(site) as writes:
        wait_until(lambda: len(writes.acknowledged) >= WRITERS, "no write is acknowledged")
        kill(site, tier, site.webs[0] if tier == WEB else database_of(site), writes)
    after = starts(site)
    statuses = frozenset(answer for answer in writes.answers if answer.isdecimal())
    lost = len(read_back(site.database.url, writes).lost)
    return Outcome(statuses, lost, after[WEB] - before[WEB], after[DATABASE] - before[DATABASE])


def starts(site: TwoTiers) -> dict[str, int]:
    """Return how often the processes of each tier were started, by WEB and DATABASE."""
    return {WEB: sum(web.starts for web in site.webs), DATABASE: database_of(site).starts}


def database_of(site: TwoTiers) -> OwnedProcess:
    """Return the database's process. ValueError for one that was not started here: it is not ours to kill."""
    if site.database.process is None:
        raise ValueError("The database server was not started here, so it is not ours to kill.")
    return site.database.process


def kill(site: TwoTiers, tier: str, server: OwnedProcess, writes: Writes) -> Kill:
    """Note what is in flight, kill a server of a tier, and wait until it is back. TimeoutError if it does not come."""
    starts_before, process_id = server.starts, server.pid
    with writes.lock:  # so that nobody notes an answer between the look and the kill
        in_flight = frozenset(writes.in_flight)
        os.kill(process_id, signal.SIGKILL)
    killed_s = time.monotonic()
    serves = serves_web if tier == WEB else serves_database
    wait_until(lambda: server.starts > starts_before and serves(server), f"the {tier} server is not back")
    back_s = time.monotonic()
    wait_until(lambda: writes.newest_s > back_s, f"the {tier} server is back, and no write is acknowledged")
    return Kill(tier, in_flight, time.monotonic() - killed_s)


def serves_web(web: OwnedProcess) -> bool:
    """Whether the latest of its processes has printed that it is ready."""
    ready = (web.directory / "stdout").read_text().splitlines()[-1]
    return bool(json.loads(ready)["process_id"] == web.pid)


def serves_database(database: OwnedProcess) -> bool:
    """Whether the latest of its processes takes connections.

    An acknowledged write would not say so: a child of the killed one may still make it.
    """
    with contextlib.suppress(FileNotFoundError):
        lines = (database.directory / "data" / "postmaster.pid").read_text().split("\n")
        return lines[0] == str(database.pid) and lines[-2:] == ["ready   ", ""]
    return False


def wait_until(condition: Callable[[], bool], otherwise: str) -> None:
    """Wait until the condition holds. TimeoutError, whose message begins with `otherwise`, after PATIENCE_S."""
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{otherwise} after {PATIENCE_S} s")
        time.sleep(0.01)
