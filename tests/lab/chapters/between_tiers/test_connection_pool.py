"""PostgreSQL's pgbench, with more and more connections."""

import re

import psycopg
import pytest
import sqlalchemy

from lab.chapters.between_tiers import connection_pool
from lab.chapters.between_tiers.connection_pool import HOT, ROWS, SPREAD, Pool
from lab.instruments.runs import Run
from mysite import engines
from mysite.engines.postgresql import credentials, reference
from tests.mysite.open_to_all import temporary  # noqa: F401 (a place that PostgreSQL's user can enter)


def test_a_run_updates_rows_and_says_how_many():
    run = connection_pool.pool((1, 2), 1)
    assert list(run.series) == list(run.payload.latency_s) == [SPREAD, HOT]
    for values in (*run.series.values(), *run.payload.latency_s.values()):
        assert len(values) == 2 and min(values) > 0
    assert run.payload.connections == [1, 2]
    assert run.payload.product.startswith("PostgreSQL ")


def test_on_a_server():
    """pgbench's own words are passed on, its program is the server's, and each kind updates its rows."""
    totals = "select count(*), sum(number), sum((number > 0)::integer) from counters"
    with engines.open("postgresql") as server:
        with pytest.raises(RuntimeError, match=r'pgbench ended with 2: .*relation "counters" does not exist'):
            connection_pool.updates(server, HOT, 1, 1)
        assert connection_pool.load_tool(server) == f"{server.programs}/pgbench"
        connection_pool.make_counters(server)
        with psycopg.connect(**credentials(server.url), autocommit=True) as connection:
            connection_pool.updates(server, HOT, 2, 1)
            rows, total, positive = connection.execute(totals).fetchone()
            assert (rows, positive) == (ROWS, 1) and total > 0
            connection_pool.updates(server, SPREAD, 2, 1)
            _, total_after, positive = connection.execute(totals).fetchone()
            assert total_after > total and positive > 1


def test_where_the_load_tool_of_a_server_elsewhere_comes_from(monkeypatch, tmp_path):
    url = sqlalchemy.make_url("postgresql+psycopg://a:b@127.0.0.1:7/c")
    elsewhere = engines.Server("postgresql", "A", "1", "real", "server", "", url, None, end=print)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert connection_pool.load_tool(elsewhere) == f"{reference().place}/pgbench"
    (tmp_path / "pgbench").touch(mode=0o755)
    assert connection_pool.load_tool(elsewhere) == str(tmp_path / "pgbench")


def test_the_table_has_rate_and_time_side_by_side():
    payload = Pool([1, 4], {"a": [0.01, 0.02], "b": [0.03, 0.04]}, "a product")
    run = Run("made up", dict.fromkeys("ab", "/s"), {"a": [100.0, 200.0], "b": [50.0, 60.0]}, payload)
    _, last = [line for line in repr(connection_pool.table(run)).splitlines() if "⟨" in line]
    assert last.split()[0] == "4"
    assert re.findall("⟨(.*?)⟩", last) == ["200 /s", "20.0 ms", "60.0 /s", "40.0 ms"]
