"""What it costs to open a connection to the database, beside a statement over one that is open."""

import statistics
import time
from collections.abc import Sequence

import psycopg

from lab.chapters.between_tiers.n_plus_one import address_of
from lab.drawing.table import Table
from lab.instruments.delay import far_server
from lab.instruments.progress import progress
from lab.instruments.runs import Run
from lab.instruments.timing import time_text
from mysite import engines
from mysite.engines import Server
from mysite.engines.postgresql import credentials

REPEATS = 50
OPENING, STATEMENT = "opening a connection", "a statement over an open one"
SIMPLEST = "select 1"
OF_TCP = 1  # the system answers before a program knows of the connection


def counted(server: Server) -> dict[str, int]:
    """The round trips of both: that of TCP, as chapter 2 counts it, and those that a forwarder sees."""
    with far_server(address_of(server), 0) as far:
        told = credentials(server.url.set(host=far.address, port=far.port))
        with psycopg.connect(**told, autocommit=True) as connection:
            opening = far.round_trips.count
            connection.execute(SIMPLEST)
            return {OPENING: OF_TCP + opening, STATEMENT: far.round_trips.count - opening}


def connecting(server: Server, repeats: int = REPEATS) -> Run:
    """Open a connection, send the simplest statement over it, and close it, so many times.

    Series, seconds: the opening, and the statement. One turn is dropped.
    """
    told = credentials(server.url)
    series: dict[str, list[float]] = {OPENING: [], STATEMENT: []}
    for turn in progress(range(1 + repeats), "opening connections"):
        moments = [time.perf_counter()]
        with psycopg.connect(**told, autocommit=True) as connection:
            moments.append(time.perf_counter())
            connection.execute(SIMPLEST)
            moments.append(time.perf_counter())
        for name, seconds in between(moments).items() if turn else ():
            series[name].append(seconds)
    return Run(
        name="05-connecting",
        what=f"a connection to {server.product} {server.version} and a statement over it, {repeats} times",
        units=dict.fromkeys(series, "s"),
        series=series,
    )


def connecting_to_a_new_server() -> Run:
    """`connecting` to a server that is started for it."""
    with engines.open("postgresql") as server:
        return connecting(server)


def between(moments: Sequence[float]) -> dict[str, float]:
    """The seconds of opening and statement, from the moments of begin, opened and answered."""
    begun, opened, answered = moments
    return {OPENING: opened - begun, STATEMENT: answered - opened}


def table(run: Run, counts: dict[str, int]) -> Table:
    """The round trips of both, counted, and how long they take."""
    rows = [[what, counts[what], time_text(statistics.median(times))] for what, times in run.series.items()]
    return Table(["what", "round trips", "takes"], rows, caption="Round trips counted now, times recorded.")
