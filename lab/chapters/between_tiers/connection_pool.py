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
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

from lab.drawing.table import Table
from lab.instruments.progress import progress
from lab.instruments.runs import Run
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


def pool(connections: Sequence[int] = CONNECTIONS, seconds: float = SECONDS) -> Run:
    """Let so many connections update rows for some seconds each.

    Series, statements a second: each kind, a value for each number of connections. `detail["latency_s"]` has the mean
    time of a statement for each kind, as pgbench has measured it, in the same order.
    """
    series: dict[str, list[float]] = {kind: [] for kind in SCRIPTS}
    latencies: dict[str, list[float]] = {kind: [] for kind in SCRIPTS}
    with engines.open("postgresql", connections=max(connections) + 1) as server:
        make_counters(server)
        asked = [(count, kind) for count in connections for kind in SCRIPTS]
        for count, kind in progress(asked, "updating rows"):
            rate, latency_s = updates(server, kind, count, seconds)
            series[kind].append(rate)
            latencies[kind].append(latency_s)
        product = f"{server.product} {server.version}"
    return Run(
        name="05-pool",
        what=f"connections that update a row of {product} again and again, {seconds:g} s each, each update durable",
        units=dict.fromkeys(series, "/s"),
        series=series,
        detail={"connections": list(connections), "latency_s": latencies, "product": product},
    )


def make_counters(server: Server) -> None:
    """A table of numbers, all 0."""
    with psycopg.connect(**credentials(server.url)) as connection:
        connection.execute("create table counters (id integer primary key, number integer not null)")
        connection.execute(f"insert into counters select id, 0 from generate_series(1, {ROWS}) as id")


def load_tool(server: Server) -> str:
    """Where pgbench is: beside the server's programs, else on PATH, else in the package that the book brings."""
    found = shutil.which("pgbench", path=server.programs or None) or shutil.which("pgbench")
    return found or str(Path(reference().place) / "pgbench")


def updates(server: Server, kind: str, connections: int, seconds: float) -> tuple[float, float]:
    """Statements a second, and the mean seconds of one. RuntimeError with what pgbench said if it fails.

    AbsentError where there is no pgbench.
    """
    told = credentials(server.url)
    with tempfile.TemporaryDirectory() as directory:
        script = Path(directory) / "script.sql"
        script.write_text(SCRIPTS[kind])
        # a command line can be read by everybody
        environment = {**os.environ, **({"PGPASSWORD": told.pop("password")} if "password" in told else {})}
        command = [
            load_tool(server), "--no-vacuum", f"--file={script}", f"--client={connections}",
            f"--time={round(seconds)}", NO_REPORT, make_conninfo("", **told),
        ]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, env=environment)
    reported = REPORT.search(done.stdout)
    if done.returncode != 0 or not reported:
        raise RuntimeError(f"pgbench ended with {done.returncode}: {done.stderr.strip()}")
    return float(reported["rate"]), float(reported["milliseconds"]) / 1000




def table(run: Run) -> Table:
    """For each number of connections the updates a second, and how long one takes, of both kinds."""
    rates, latencies = run.series, run.detail["latency_s"]
    rows = [
        [count, *(cell for kind in rates for cell in (rate_text(rates[kind][place]), time_text(latencies[kind][place])))]
        for place, count in enumerate(run.detail["connections"])
    ]
    heads = [head for kind in rates for head in (kind, "one takes")]
    return Table(["connections", *heads], rows, caption="Updates a second, and how long one takes. Recorded.")
