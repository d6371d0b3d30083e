"""The claim on tiers, shown on running ones. claim_mutations.yml names what makes it false."""

import os
import signal

import httpcore
import sqlalchemy
from sqlalchemy import select

from lab.chapters.tiers.emulated_boxes import most_at_once
from lab.chapters.tiers.held_by_a_lock import RequestCounts, count_requests
from mysite.stores import relational
from mysite.topology import two_tiers
from tests.mysite.open_to_all import temporary  # noqa: F401 (a place that PostgreSQL's user can enter)
from tests.mysite.watching import wait_until


def every_row(site):
    """All rows of all tables, read from the database without the web tier."""
    engine = sqlalchemy.create_engine(site.database.overseer, poolclass=sqlalchemy.NullPool)
    with engine.connect() as connection:
        tables = relational.metadata.sorted_tables
        return [connection.execute(select(table).order_by(*table.primary_key.columns)).all() for table in tables]


def most_connections(site):
    """How many connections the data tier allows the web tier."""
    engine = sqlalchemy.create_engine(site.database.overseer, poolclass=sqlalchemy.NullPool)
    with engine.connect() as connection:
        role = sqlalchemy.text("select rolconnlimit from pg_roles where rolname = :name")
        return connection.scalar(role, {"name": site.database.url.username})


def test_s11_each_tier_scales_on_its_own():
    # in boxes of two places for the web and two for the data: more for the web leave those for the data as they are
    assert most_at_once(web=2, data=2) == (2, 2)
    assert most_at_once(web=5, data=2) == (5, 2)
    assert most_at_once(web=5, data=4) == (5, 4)
    with two_tiers(web=1, connections=3) as site:
        assert count_requests(site, 4) == RequestCounts(in_data_tier=1, refused=0, before=3, answered=4)
        assert most_connections(site) == 3
    # with fewer connections than web processes: tests/lab/chapters/tiers/test_held_by_a_lock.py
    with two_tiers(web=3, connections=3) as site:
        assert count_requests(site, 4) == RequestCounts(in_data_tier=3, refused=0, before=1, answered=4)
        assert most_connections(site) == 3
        ids = [web.pid for web in site.webs]
        assert len({*ids, site.database.process.pid}) == 4
        before = every_row(site)
        for process_id in ids:
            os.kill(process_id, signal.SIGKILL)
        assert every_row(site) == before
        wait_until(lambda: [web.starts for web in site.webs] == [2, 2, 2], seconds=30)
        assert httpcore.request("GET", site.url("/posts/3", host=site.address)).status == 200
        assert site.database.process.starts == 1
