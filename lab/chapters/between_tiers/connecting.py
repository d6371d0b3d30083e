"""What it costs to open a connection to the database, beside a statement over one that is open."""

import statistics
import time
from dataclasses import dataclass

import psycopg

from lab.chapters.between_tiers.n_plus_one import address_of
from lab.drawing.table import Table
from lab.instruments.delay import far_server
from lab.instruments.progress import progress
from lab.instruments.runs import Payload, Run, recorded_as
from lab.instruments.timing import time_text
from mysite import engines
from mysite.engines import Server
from mysite.engines.postgresql import credentials

REPEATS = 50
OPENING, STATEMENT = "opening a connection", "a statement over an open one"
SIMPLEST = "select 1"
TCP_ROUND_TRIPS = 1  # the operating system answers before a program knows of the connection


@dataclass(frozen=True)
class Connecting(Payload, run="between_tiers/connecting"):
    """The series say all."""


def round_trips(server: Server) -> dict[str, int]:
    """Return the round trips of an opening and of a statement, by the names of the series.

    That of TCP is one, as the chapter on two clients counts it; a forwarder before the server counts the others.
    """
    with far_server(address_of(server), 0) as far:
        parameters = credentials(server.url.set(host=far.address, port=far.port))
        with psycopg.connect(**parameters, autocommit=True) as connection:
            opening = far.round_trips.count
            connection.execute(SIMPLEST)
            return {OPENING: TCP_ROUND_TRIPS + opening, STATEMENT: far.round_trips.count - opening}


def connecting(server: Server, repeats: int = REPEATS) -> Run[Connecting]:
    """Open a connection, send the simplest statement over it, and close it, so many times.

    Series, seconds: OPENING and STATEMENT. A first turn, which warms up, is dropped.
    """
    parameters = credentials(server.url)
    series: dict[str, list[float]] = {OPENING: [], STATEMENT: []}
    for turn in progress(range(1 + repeats), "opening connections"):
        start_s = time.perf_counter()
        with psycopg.connect(**parameters, autocommit=True) as connection:
            open_s = time.perf_counter()
            connection.execute(SIMPLEST)
            answer_s = time.perf_counter()
        for name, seconds in durations_s(start_s, open_s, answer_s).items() if turn else ():
            series[name].append(seconds)
    return Run(
        what=f"a connection to {server.product} {server.version} and a statement over it, {repeats} times",
        units=dict.fromkeys(series, "s"),
        series=series,
        payload=Connecting(),
    )


@recorded_as(Connecting)
def connecting_to_a_new_server() -> Run[Connecting]:
    """Start a server, and measure `connecting` to it."""
    with engines.open("postgresql") as server:
        return connecting(server)


def durations_s(start_s: float, open_s: float, answer_s: float) -> dict[str, float]:
    """Return the seconds of opening and of statement, from the moments of the start, the opening and the answer."""
    return {OPENING: open_s - start_s, STATEMENT: answer_s - open_s}


def table(run: Run[Connecting], counts: dict[str, int]) -> Table:
    """The round trips of opening and statement, counted by `round_trips`, and the median times of the run."""
    rows = [[what, counts[what], time_text(statistics.median(times))] for what, times in run.series.items()]
    return Table(["what", "round trips", "takes"], rows, caption="Round trips counted now, times recorded.")
