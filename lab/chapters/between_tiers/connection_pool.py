"""How many connections a database is worth: PostgreSQL's own pgbench, with more and more of them.

Each connection sends one statement after the other, without a pause. Two kinds: updates of rows spread over a table,
and updates of one row, which have to wait for one another.
"""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

from lab.drawing.table import Table
from lab.instruments.progress import progress
from lab.instruments.runs import Payload, Run, recorded_as
from lab.instruments.timing import rate_text, time_text
from mysite import engines
from mysite.engines import Server
from mysite.engines.postgresql import credentials, reference

CONNECTIONS, SECONDS = (1, 2, 4, 8, 16, 32), 3
ROWS = 1000
SPREAD, HOT = "rows spread out", "one row"
SCRIPTS = {
    SPREAD: f"\\set id random(1, {ROWS})\nupdate counters set number = number + 1 where id = :id;\n",
    HOT: "update counters set number = number + 1 where id = 1;\n",
}
# only with reports on its progress, however rare, does pgbench measure latencies; else it computes them by Little's law
NO_REPORT = "--progress=86400"
REPORT = re.compile(r"latency average = (?P<milliseconds>[\d.]+) ms.*tps = (?P<rate>[\d.]+)", re.DOTALL)


@dataclass(frozen=True)
class Pool(Payload, run="between_tiers/pool"):
    """What belongs to the rates of the series.

    connections  how many there were, in the order of the series' values
    latency_s    by series: the mean seconds of a statement, as pgbench measured them, in the same order
    product      the database with its version
    """

    connections: list[int]
    latency_s: dict[str, list[float]]
    product: str


@recorded_as(Pool)
def pool(connections: Sequence[int] = CONNECTIONS, seconds: float = SECONDS) -> Run[Pool]:
    """Let so many connections update rows, for some seconds each.

    Series, statements a second: SPREAD and HOT, a value for each number of connections.
    """
    series: dict[str, list[float]] = {kind: [] for kind in SCRIPTS}
    latencies: dict[str, list[float]] = {kind: [] for kind in SCRIPTS}
    with engines.open("postgresql", connections=max(connections) + 1) as server:
        make_counters(server)
        settings = [(count, kind) for count in connections for kind in SCRIPTS]
        for count, kind in progress(settings, "updating rows"):
            rate, latency_s = updates(server, kind, count, seconds)
            series[kind].append(rate)
            latencies[kind].append(latency_s)
        product = f"{server.product} {server.version}"
    return Run(
        what=f"connections that update a row of {product} again and again, {seconds:g} s each, each update durable",
        units=dict.fromkeys(series, "/s"),
        series=series,
        payload=Pool(list(connections), latencies, product),
    )


def make_counters(server: Server) -> None:
    """Create a table of ROWS numbers, all 0."""
    with psycopg.connect(**credentials(server.url)) as connection:
        connection.execute("create table counters (id integer primary key, number integer not null)")
        connection.execute(f"insert into counters select id, 0 from generate_series(1, {ROWS}) as id")


def load_tool(server: Server) -> str:
    """Return the path of pgbench: beside the server's programs, else on PATH, else in the package of the book.

    AbsentError where there is none.
    """
    path = shutil.which("pgbench", path=server.programs or None) or shutil.which("pgbench")
    return path or str(Path(reference().place) / "pgbench")


def updates(server: Server, kind: str, connections: int, seconds: float) -> tuple[float, float]:
    """Return the statements a second, and the mean seconds of one.

    RuntimeError with pgbench's own message where it fails, AbsentError where there is no pgbench.
    """
    parameters = credentials(server.url)
    with tempfile.TemporaryDirectory() as directory:
        script = Path(directory) / "script.sql"
        script.write_text(SCRIPTS[kind])
        # a command line can be read by everybody
        secrets = {"PGPASSWORD": parameters.pop("password")} if "password" in parameters else {}
        command = [
            load_tool(server), "--no-vacuum", f"--file={script}", f"--client={connections}",
            f"--time={round(seconds)}", NO_REPORT, make_conninfo("", **parameters),
        ]  # fmt: skip
        pgbench = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **secrets})
    report = REPORT.search(pgbench.stdout)
    if pgbench.returncode != 0 or not report:
        raise RuntimeError(f"pgbench ended with {pgbench.returncode}: {pgbench.stderr.strip()}")
    return float(report["rate"]), float(report["milliseconds"]) / 1000


def table(run: Run[Pool]) -> Table:
    """The updates a second and the time of one, of both kinds, in a row for each number of connections."""
    rates, latencies = run.series, run.payload.latency_s
    rows = [
        [count, *(text for kind in rates
                  for text in (rate_text(rates[kind][place]), time_text(latencies[kind][place])))]
        for place, count in enumerate(run.payload.connections)
    ]  # fmt: skip
    heads = [head for kind in rates for head in (kind, "one takes")]
    return Table(["connections", *heads], rows, caption="Updates a second, and how long one takes. Recorded.")
