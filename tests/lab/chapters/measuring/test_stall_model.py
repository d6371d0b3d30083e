"""A stall: by hand, lived through microsecond by microsecond, and what the waiting client misses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.chapters.measuring.stall_model import Stall, on_schedule, one_after_the_other
from lab.chapters.when_full.queue_replay_model import replay
from lab.models.percentiles import percentile

small = st.integers(0, 20)
stalls = st.tuples(small, small).map(lambda pair: Stall(min(pair), max(pair)))


def lived(start, service, stall):
    """Return when work ends of which a microsecond is done at a time, and none while the server stands still."""
    now = start
    while service:
        service -= not stall.start_us <= now < stall.end_us
        now += 1
    return now


@given(small, st.integers(1, 10), stalls)
def test_work_is_late_by_what_of_the_stall_falls_into_it(start, service, stall):
    assert stall.end_of_work(start, service) == lived(start, service, stall)


@given(st.lists(small, max_size=15).map(sorted), st.integers(1, 5))
def test_without_a_stall_it_is_the_queue(due, service):
    never = Stall(100_000, 100_000)
    assert on_schedule(due, service, never) == replay(due, [service] * len(due), 1).responses


def test_by_hand():
    stall = Stall(30, 60)
    assert on_schedule([0, 10, 28, 40, 50, 70], 5, stall) == [5, 5, 35, 28, 23, 8]
    assert one_after_the_other(5, 5, stall, 80) == [(0, 5), (10, 5), (20, 5), (30, 35), (70, 5)]


@given(st.integers(1, 10), st.integers(0, 10), stalls)
def test_who_waits_measures_the_stall_once_at_the_most(service, think, stall):
    responses = [response for _, response in one_after_the_other(think, service, stall, 60)]
    assert sum(response > service for response in responses) <= 1


def test_the_same_server_has_two_99th_percentiles():
    """One stall of a second in a minute, 100 requests a second of 3 ms: the client who waits sees hardly a thing."""
    stall = Stall(20_000_000, 21_000_000)
    due = [10_000 * place for place in range(6000)]
    by_schedule = percentile(on_schedule(due, 3000, stall), 99)
    by_waiting = percentile([response for _, response in one_after_the_other(7000, 3000, stall, 60_000_000)], 99)
    assert by_waiting == 3000
    assert by_schedule == 1_003_000 - 60 * 7000, "60 requests waited longer, each 7 ms less than the one before"


def test_a_stall_that_ends_before_it_starts():
    with pytest.raises(ValueError, match="not at 1 after 2"):
        Stall(2, 1)
