"""What opening a connection takes: round trips are counted, times are only there."""

from types import SimpleNamespace

import psycopg

from lab.chapters.between_tiers import connecting
from mysite import engines
from mysite.engines.postgresql import credentials
from tests.mysite.open_to_all import temporary  # noqa: F401 (a place that PostgreSQL's user can enter)


def test_on_a_server():
    with engines.open("postgresql") as server:
        assert connecting.counted(server) == {"opening a connection": 4, "a statement over an open one": 1}
        run = connecting.connecting(server, repeats=3)
        told = credentials(server.url)
        with psycopg.connect(**told) as one, psycopg.connect(**told) as other:
            processes = {each.info.backend_pid for each in (one, other)}
    assert len(processes) == 2  # each connection has a process of the database's
    assert [(len(values), min(values) > 0) for values in run.series.values()] == [(3, True), (3, True)]


def test_between():
    assert connecting.between([1.0, 3.0, 3.5]) == {"opening a connection": 2.0, "a statement over an open one": 0.5}


def test_the_table():
    times = {"opening a connection": [0.001, 0.003, 0.002], "a statement over an open one": [0.001]}
    run = SimpleNamespace(series=times)
    counts = {"opening a connection": 3, "a statement over an open one": 1}
    opening, statement = [line for line in repr(connecting.table(run, counts)).splitlines() if "⟨" in line]
    assert opening.split()[-3:] == ["3", "⟨2.00", "ms⟩"] and statement.split()[-3:] == ["1", "⟨1.00", "ms⟩"]
