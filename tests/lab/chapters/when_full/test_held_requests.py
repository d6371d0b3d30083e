"""Requests that are held open: how many are served, wait, or are refused."""

from lab.chapters.when_full.held_requests import hold_open
from lab.service.running import service


def test_counts():
    with service(1, 0) as one:
        assert hold_open([one], 2) == {200: 1, 503: 1}
    with service(1, 1) as one, service(1) as two:
        assert hold_open([one, two], 7) == {200: 5, 503: 2}
