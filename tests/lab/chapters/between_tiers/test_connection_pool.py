"""PostgreSQL's pgbench, with more and more connections."""

import dataclasses
import re
from types import SimpleNamespace

import psycopg
import pytest

from lab.chapters.between_tiers import connection_pool
from mysite import engines
from mysite.engines.postgresql import reference
from tests.mysite.open_to_all import temporary  # noqa: F401 (a place that PostgreSQL's user can enter)


def test_a_run_updates_rows_and_says_how_many():
    run = connection_pool.pool((1, 2), 1)
    assert list(run.series) == [connection_pool.SPREAD, connection_pool.HOT]
    assert all(len(values) == 2 and min(values) > 0 for values in run.series.values())
    assert all(len(values) == 2 and min(values) > 0 for values in run.detail["latency_s"].values())
    assert run.detail["product"].startswith("PostgreSQL ")


def test_which_rows_are_updated():
    with engines.open("postgresql") as server:
        connection_pool.make_counters(server)
        with psycopg.connect(**connection_pool.credentials(server.url)) as connection:
            counted = "select count(*), sum(number), sum((number > 0)::integer) from counters"
            connection_pool.updates(server, connection_pool.HOT, 2, 1)
            rows, total, touched = connection.execute(counted).fetchone()
            assert (rows, touched) == (connection_pool.ROWS, 1) and total > 0
            connection.commit()
            connection_pool.updates(server, connection_pool.SPREAD, 2, 1)
            _, after, touched = connection.execute(counted).fetchone()
            assert after > total and touched > 1


def test_what_pgbench_says_is_passed_on():
    without_the_table = r'pgbench ended with 2: .*relation "counters" does not exist'
    with engines.open("postgresql") as server, pytest.raises(RuntimeError, match=without_the_table):
        connection_pool.updates(server, connection_pool.HOT, 1, 1)


def test_where_the_load_tool_comes_from(monkeypatch, tmp_path):
    with engines.open("postgresql") as server:
        assert connection_pool.load_tool(server) == f"{server.programs}/pgbench"
    monkeypatch.setenv("PATH", str(tmp_path))
    attached = dataclasses.replace(server, programs="")
    assert connection_pool.load_tool(attached) == f"{reference().place}/pgbench"
    (tmp_path / "pgbench").touch(mode=0o755)
    assert connection_pool.load_tool(attached) == str(tmp_path / "pgbench")


def test_the_table_has_rate_and_time_side_by_side():
    run = SimpleNamespace(
        series={"a": [100.0, 200.0], "b": [50.0, 60.0]},
        detail={"connections": [1, 4], "latency_s": {"a": [0.01, 0.02], "b": [0.03, 0.04]}},
    )
    _, last = [line for line in repr(connection_pool.table(run)).splitlines() if "⟨" in line]
    assert last.split()[0] == "4"
    assert re.findall("⟨(.*?)⟩", last) == ["200 /s", "20.0 ms", "60.0 /s", "40.0 ms"]
