"""The same answer in a hundred and one statements, in two, and in one: what a page asks, and what distance makes of it.

A page shows posts with the names of their authors. Who asks for the posts, and then for each author as the page comes
to it, sends N + 1 statements for N posts, one after the other.
"""

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy
from sqlalchemy import Connection, select

from lab.drawing.table import Table
from lab.instruments.counting import statements
from lab.instruments.delay import FarServer, far_server
from lab.instruments.progress import progress
from lab.instruments.runs import Run
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
BY_CALLS = "by calls"  # of a library in this process, with no way between

Shown = list[tuple[str, str]]
_latest = select(posts.c.text, posts.c.author_id).order_by(posts.c.posted_at.desc(), posts.c.id.desc()).limit(POSTS)


def one_by_one(connection: Connection) -> Shown:
    """The latest posts as (text, author's name): one statement for the posts, and one for each author."""
    shown = []
    for text, author_id in connection.execute(_latest):
        name = connection.scalar(select(users.c.name).where(users.c.id == author_id))
        shown.append((text, str(name)))
    return shown


def in_two(connection: Connection) -> Shown:
    """The same: one statement for the posts, and one for all their authors."""
    latest = connection.execute(_latest).all()
    authors = select(users.c.id, users.c.name).where(users.c.id.in_({author_id for _, author_id in latest}))
    names = {row.id: row.name for row in connection.execute(authors)}
    return [(text, names[author_id]) for text, author_id in latest]


def joined(connection: Connection) -> Shown:
    """The same in one statement: the database puts post and author together."""
    statement = _latest.with_only_columns(posts.c.text, users.c.name).join_from(posts, users)
    return [(text, name) for text, name in connection.execute(statement)]


WAYS: dict[str, Callable[[Connection], Shown]] = {"one by one": one_by_one, "in two": in_two, "joined": joined}
PAGES: dict[str, Callable[[Connection], Any]] = {
    "/": pages.home,
    "/people": partial(pages.people, page="1"),
    "/users/4": partial(pages.user, id="4"),
    "/posts/50": partial(pages.post, id="50"),
    "/popular": partial(pages.popular, month=None),
}


def far_store(server: Server, far: FarServer) -> sqlalchemy.Engine:
    """The tables of a server, by the way that is far."""
    return relational.open_store(server.url.set(host=far.address, port=far.port))


def counted(server: Server, asked: Mapping[str, Callable[[Connection], Any]]) -> dict[str, tuple[int, int]]:
    """For each of what is asked of a loaded server the statements that are sent, and the round trips: both counted."""
    found = {}
    with far_server(address_of(server), 0) as far:
        store = far_store(server, far)
        with relational.reading(store) as connection, statements(store) as sent:
            for name, ask in asked.items():
                before = sent.count, far.round_trips.count
                ask(connection)
                found[name] = sent.count - before[0], far.round_trips.count - before[1]
        store.dispose()
    return found


def trips(server: Server, rtts_ms: Sequence[float] = RTTS_MS, repeats: int = REPEATS) -> Run:
    """Ask a loaded server for the same page in each way, over round trips of some lengths, and SQLite too, in turns.

    Series, seconds: each way at each length as "joined at 5 ms", and the round trip itself, an echo in the same turn,
    as "round trip at 5 ms"; the lengths are the ones asked for. Of SQLite, in this process, "joined by calls".
    `detail["rtts_s"]` has the medians of what was measured, `detail["ways"]` the statements and round trips of each
    way. One turn is dropped.
    """
    names = [f"{what} at {ms:g} ms" for what in ("round trip", *WAYS) for ms in rtts_ms]
    series: dict[str, list[float]] = {name: [] for name in (*names, *(f"{way} {BY_CALLS}" for way in WAYS))}
    with ExitStack() as opened:
        here = relational.open_store(Path(str(opened.enter_context(engines.open("sqlite")).url.database)))
        opened.callback(here.dispose)
        relational.load(here, data_directory())
        far = {ms: opened.enter_context(far_server(address_of(server), ms / 1000)) for ms in rtts_ms}
        stores = {ms: far_store(server, far[ms]) for ms in rtts_ms}
        for turn in progress(range(1 + repeats), "asking from far away"):
            for ms in rtts_ms:
                seconds = {"round trip": far[ms].measured_rtt_s(), **timed(stores[ms])}
                for name in seconds if turn else ():
                    series[f"{name} at {ms:g} ms"].append(seconds[name])
            for way, by_calls in timed(here).items() if turn else ():
                series[f"{way} {BY_CALLS}"].append(by_calls)
        for store in stores.values():
            store.dispose()
    return Run(
        name="05-trips",
        what=f"{POSTS} posts with their authors from {server.product} {server.version}, {repeats} times each way",
        units=dict.fromkeys(series, "s"),
        series=series,
        detail={
            "rtts_ms": list(rtts_ms),
            "rtts_s": [statistics.median(series[f"round trip at {ms:g} ms"]) for ms in rtts_ms],
            "ways": {name: list(pair) for name, pair in counted(server, WAYS).items()},
        },
    )


def table(run: Run) -> Table:
    """The median time of each way to ask: by calls in one process, over the shortest distance, over the longest."""
    first, last = (f"at {run.detail['rtts_ms'][end]:g} ms" for end in (0, -1))
    asked = [["round trip", None, first, last], *([way, BY_CALLS, first, last] for way in run.detail["ways"])]
    rows = [
        [what, *("" if how is None else time_text(statistics.median(run.series[f"{what} {how}"])) for how in hows)]
        for what, *hows in asked
    ]
    return Table(
        ["what", "one process", "nearest", "furthest"], rows,
        caption="Recorded: SQLite in the same process, and PostgreSQL over the shortest and the longest distance.",
    )  # fmt: skip


def timed(store: sqlalchemy.Engine) -> dict[str, float]:
    """The seconds that each way takes over a connection that is open. ValueError if their answers are not the same."""
    seconds, answers = {}, []
    with relational.reading(store) as connection:
        for name, ask in WAYS.items():
            begun = time.perf_counter()
            answers.append(ask(connection))
            seconds[name] = time.perf_counter() - begun
    if answers.count(answers[0]) != len(answers):
        raise ValueError("The ways give different answers, so nothing is compared.")
    return seconds


def trips_to_a_new_server() -> Run:
    """`trips` to a server that is started for it, with the data set."""
    with engines.open("postgresql") as server:
        store = relational.open_store(server.url)
        relational.load(store, data_directory())
        store.dispose()
        return trips(server)


def address_of(server: Server) -> tuple[str, int]:
    """Where a server listens."""
    return str(server.url.host), int(server.url.port or 0)
