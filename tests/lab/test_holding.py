"""Requests that are held up in the database, and counted, on real tiers."""

import dataclasses

import pytest

from lab.holding import Held, held
from mysite.topology import two_tiers
from tests.mysite.open_to_all import temporary  # noqa: F401 (a place that PostgreSQL's user can enter)


def test_two_processes_and_one_connection():
    with two_tiers(web=2, connections=1) as site:
        assert held(site, 4) == Held(in_data_tier=1, refused=3, before=0, answered=1)
        assert held(site, 4) == Held(in_data_tier=1, refused=3, before=0, answered=1)  # the lock was given back


def test_one_process_and_two_connections():
    with two_tiers(web=1, connections=2) as site:
        assert held(site, 3) == Held(in_data_tier=1, refused=0, before=2, answered=3)
        closed = dataclasses.replace(site, database=dataclasses.replace(site.database, overseer=None))
        with pytest.raises(ValueError, match="lets nobody in who could look"):
            held(closed, 1)
