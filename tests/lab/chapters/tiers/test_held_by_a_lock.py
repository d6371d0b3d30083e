"""Requests that are held up in the database, and counted, on real tiers."""

import dataclasses

import pytest

from lab.chapters.tiers.held_by_a_lock import Held, held
from mysite.topology import two_tiers
from tests.mysite.open_to_all import temporary  # noqa: F401 (a place that PostgreSQL's user can enter)


def test_fewer_processes_than_requests():
    with two_tiers(web=2) as site:
        assert held(site, 4) == Held(in_data_tier=2, refused=0, before=2, answered=4)
        assert held(site, 1) == Held(in_data_tier=1, refused=0, before=0, answered=1)  # the lock was given back


def test_fewer_connections_than_processes():
    """Who has no connection refuses. Which process takes a request is chance, so not how many are refused."""
    with two_tiers(web=2, connections=1) as site:
        found = held(site, 4)
        assert found.in_data_tier <= 1
        assert found.in_data_tier + found.refused + found.before == 4
        assert found.refused == 4 - found.answered


def test_nobody_can_look():
    with two_tiers(web=1) as site:
        closed = dataclasses.replace(site, database=dataclasses.replace(site.database, overseer=None))
        with pytest.raises(ValueError, match="lets nobody in who could look"):
            held(closed, 1)
