"""Requests that are held up in the database, and counted, on real tiers."""

import dataclasses

import pytest

from lab.chapters.tiers.held_by_a_lock import RequestCounts, count_requests
from mysite.topology import two_tiers
from tests.mysite.open_to_all import temporary  # noqa: F401 (a place that PostgreSQL's user can enter)


def test_fewer_processes_than_requests():
    with two_tiers(web=2) as site:
        nobody_can_look = dataclasses.replace(site, database=dataclasses.replace(site.database, overseer=None))
        with pytest.raises(ValueError, match="lets nobody in who could look"):
            count_requests(nobody_can_look, 1)
        assert count_requests(site, 4) == RequestCounts(in_data_tier=2, refused=0, before=2, answered=4)
        # the lock was given back
        assert count_requests(site, 1) == RequestCounts(in_data_tier=1, refused=0, before=0, answered=1)


def test_fewer_connections_than_processes():
    """Who has no connection refuses. Which process takes a request is chance, so not how many are refused."""
    with two_tiers(web=2, connections=1) as site:
        counts = count_requests(site, 4)
        assert counts.in_data_tier <= 1
        assert counts.in_data_tier + counts.refused + counts.before == 4
        assert counts.refused == 4 - counts.answered
