"""The same answer in a hundred and one statements, in two, and in one: what a page asks, and what distance makes of it.

A page shows posts with the names of their authors. Code that asks for the posts, and then for each author as it comes
to the post, sends N + 1 statements for N posts, one after the other.
"""

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy
from sqlalchemy import Connection, select

from lab.drawing.table import Table
from lab.instruments.counting import statements
from lab.instruments.delay import FarServer, far_server
from lab.instruments.progress import progress
from lab.instruments.runs import Payload, Run, recorded_as
from lab.instruments.timing import time_text
from mysite import engines
from mysite.engines import Server
from mysite.stores import relational
from mysite.stores.relational import posts, users
from mysite.topology import data_directory
from mysite.web import pages

POSTS = 100
RTTS_MS = (0, 1, 2, 5, 10)  # asked for; what a round trip really takes is measured
REPEATS = 7
ROUND_TRIP = "round trip"

Pairs = list[tuple[str, str]]
_latest = select(posts.c.text, posts.c.author_id).order_by(posts.c.posted_at.desc(), posts.c.id.desc()).limit(POSTS)


def one_by_one(connection: Connection) -> Pairs:
    """Return the latest posts as (text, author's name): a statement for the posts, and one for each author."""
    pairs = []
    for text, author_id in connection.execute(_latest):
        name = connection.scalar(select(users.c.name).where(users.c.id == author_id))
        pairs.append((text, str(name)))
    return pairs


def in_two(connection: Connection) -> Pairs:
    """Return the same pairs: a statement for the posts, and one for all their authors."""
    latest = connection.execute(_latest).all()
    authors = select(users.c.id, users.c.name).where(users.c.id.in_({author_id for _, author_id in latest}))
    names = {row.id: row.name for row in connection.execute(authors)}
    return [(text, names[author_id]) for text, author_id in latest]


def joined(connection: Connection) -> Pairs:
    """Return the same pairs by one statement: the database puts post and author together."""
    statement = _latest.with_only_columns(posts.c.text, users.c.name).join_from(posts, users)
    return [(text, name) for text, name in connection.execute(statement)]


WAYS: dict[str, Callable[[Connection], Pairs]] = {"one by one": one_by_one, "in two": in_two, "joined": joined}
PAGES: dict[str, Callable[[Connection], Any]] = {
    "/": pages.home,
    "/people": partial(pages.people, page="1"),
    "/users/4": partial(pages.user, id="4"),
    "/posts/50": partial(pages.post, id="50"),
    "/popular": partial(pages.popular, month=None),
}


class TripCount(NamedTuple):
    """How many statements a piece of work sends, and how many round trips they make."""

    statements: int
    round_trips: int


@dataclass(frozen=True)
class Trips(Payload, run="between_tiers/trips"):
    """What belongs to the times of the series.

    rtts_ms  the round-trip times that were asked for, in milliseconds
    rtts_s   the medians of the round-trip times that were measured, in seconds, in the same order
    ways     by way to ask, in the order of WAYS: its statements and round trips, counted
    """

    rtts_ms: list[int]
    rtts_s: list[float]
    ways: dict[str, TripCount]


def name_over_distance(what: str, rtt_ms: float) -> str:
    """The name of a series: of a way to ask, or of ROUND_TRIP, over the round-trip time that was asked for."""
    return f"{what} at {rtt_ms:g} ms"


def name_by_calls(way: str) -> str:
    """The name of a series: of a way to ask a library in this process, with no network between."""
    return f"{way} by calls"


def far_store(server: Server, far: FarServer) -> sqlalchemy.Engine:
    """Open the tables of a server through a forwarder."""
    return relational.open_store(server.url.set(host=far.address, port=far.port))


def count_trips(server: Server, reads: Mapping[str, Callable[[Connection], Any]]) -> dict[str, TripCount]:
    """Do each of the reads once on a loaded server, and return what it sent, by the names of the reads."""
    counts = {}
    with far_server(address_of(server), 0) as far:
        store = far_store(server, far)
        with relational.reading(store) as connection, statements(store) as counter:
            for name, read in reads.items():
                before = TripCount(counter.count, far.round_trips.count)
                read(connection)
                counts[name] = TripCount(
                    counter.count - before.statements, far.round_trips.count - before.round_trips
                )
        store.dispose()
    return counts


def trips(server: Server, rtts_ms: Sequence[int] = RTTS_MS, repeats: int = REPEATS) -> Run[Trips]:
    """Read the same page in each way, over round trips of some lengths from a loaded server, and by calls of SQLite.

    Series, seconds, in turns: each way at each length (`name_over_distance`), the round trip itself, an echo in the
    same turn, and each way in this process (`name_by_calls`). A first turn, which warms up, is dropped.
    """
    names = [name_over_distance(what, ms) for what in (ROUND_TRIP, *WAYS) for ms in rtts_ms]
    series: dict[str, list[float]] = {name: [] for name in (*names, *map(name_by_calls, WAYS))}
    with ExitStack() as stack:
        here = relational.open_store(Path(str(stack.enter_context(engines.open("sqlite")).url.database)))
        stack.callback(here.dispose)
        relational.load(here, data_directory())
        far = {ms: stack.enter_context(far_server(address_of(server), ms / 1000)) for ms in rtts_ms}
        stores = {ms: far_store(server, far[ms]) for ms in rtts_ms}
        for turn in progress(range(1 + repeats), "asking from far away"):
            for ms in rtts_ms:
                seconds = {ROUND_TRIP: far[ms].measured_rtt_s(), **seconds_by_way(stores[ms])}
                for what in seconds if turn else ():
                    series[name_over_distance(what, ms)].append(seconds[what])
            for way, by_calls in seconds_by_way(here).items() if turn else ():
                series[name_by_calls(way)].append(by_calls)
        for store in stores.values():
            store.dispose()
    return Run(
        what=f"{POSTS} posts with their authors from {server.product} {server.version}, {repeats} times each way",
        units=dict.fromkeys(series, "s"),
        series=series,
        payload=Trips(
            rtts_ms=list(rtts_ms),
            rtts_s=[statistics.median(series[name_over_distance(ROUND_TRIP, ms)]) for ms in rtts_ms],
            ways=count_trips(server, WAYS),
        ),
    )


def table(run: Run[Trips]) -> Table:
    """The median time of each way to ask: by calls in one process, over the shortest distance, over the longest."""
    ends, ways = (run.payload.rtts_ms[0], run.payload.rtts_ms[-1]), run.payload.ways

    def median_text(name: str) -> str:
        return time_text(statistics.median(run.series[name]))

    rows = [
        [what, median_text(name_by_calls(what)) if what in ways else "",
         *(median_text(name_over_distance(what, rtt_ms)) for rtt_ms in ends)]
        for what in (ROUND_TRIP, *ways)
    ]  # fmt: skip
    return Table(
        ["what", "one process", "nearest", "furthest"], rows,
        caption="Recorded: SQLite in the same process, and PostgreSQL over the shortest and the longest distance.",
    )  # fmt: skip


def seconds_by_way(store: sqlalchemy.Engine) -> dict[str, float]:
    """Return the seconds that each way takes over one open connection. ValueError if their answers differ."""
    seconds, answers = {}, []
    with relational.reading(store) as connection:
        for way, read in WAYS.items():
            start_s = time.perf_counter()
            answers.append(read(connection))
            seconds[way] = time.perf_counter() - start_s
    if answers.count(answers[0]) != len(answers):
        raise ValueError("The ways give different answers, so nothing is compared.")
    return seconds


@recorded_as(Trips)
def trips_to_a_new_server() -> Run[Trips]:
    """Start a server, load the data set into it, and measure `trips` to it."""
    with engines.open("postgresql") as server:
        store = relational.open_store(server.url)
        relational.load(store, data_directory())
        store.dispose()
        return trips(server)


def address_of(server: Server) -> tuple[str, int]:
    """The host and port at which a server listens."""
    return str(server.url.host), int(server.url.port or 0)
