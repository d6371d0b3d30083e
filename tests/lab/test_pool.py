"""PostgreSQL's pgbench, with more and more connections."""

import dataclasses

import psycopg
import pytest

from lab import pool
from mysite import engines
from tests.mysite.open_to_all import temporary  # noqa: F401 (a place that PostgreSQL's user can enter)


def test_a_run_updates_rows_and_says_how_many():
    run = pool.pool((1, 2), 1)
    assert list(run.series) == [pool.SPREAD, pool.HOT]
    assert all(len(values) == 2 and min(values) > 0 for values in run.series.values())
    assert all(len(values) == 2 and min(values) > 0 for values in run.detail["latency_s"].values())
    assert run.detail["product"].startswith("PostgreSQL ")


def test_which_rows_are_updated():
    with engines.open("postgresql") as server:
        pool.make_counters(server)
        with psycopg.connect(**pool.credentials(server.url)) as connection:
            counted = "select count(*), sum(number), sum((number > 0)::integer) from counters"
            pool.updates(server, pool.HOT, 2, 1)
            rows, total, touched = connection.execute(counted).fetchone()
            assert (rows, touched) == (pool.ROWS, 1) and total > 0
            connection.commit()
            pool.updates(server, pool.SPREAD, 2, 1)
            _, after, touched = connection.execute(counted).fetchone()
            assert after > total and touched > 1


def test_what_pgbench_says_is_passed_on():
    with engines.open("postgresql") as server:  # without the table
        with pytest.raises(RuntimeError, match=r'pgbench ended with 2: .*relation "counters" does not exist'):
            pool.updates(server, pool.HOT, 1, 1)
        with pytest.raises(FileNotFoundError):
            pool.updates(dataclasses.replace(server, programs="/nowhere"), pool.HOT, 1, 1)
