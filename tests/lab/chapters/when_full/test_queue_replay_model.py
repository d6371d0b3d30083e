"""The replay, against a queue that is stepped through microsecond by microsecond, and Little's law, exactly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.chapters.when_full.queue_replay_model import Replay, area, replay, steps

traces = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 12)), max_size=25).map(sorted)
several = st.integers(min_value=1, max_value=4)


def split(trace):
    return [came for came, _ in trace], [served for _, served in trace]


def stepped(arrivals, services, servers):
    """When each begins, found by living through every microsecond: first those who are done leave, then others begin.

    Who needs no time at all begins and leaves at once, so several may pass through one server in one microsecond.
    """
    starts, busy_until, now = [], [], 0
    while len(starts) < len(arrivals):
        busy_until = [end for end in busy_until if end > now]
        while len(starts) < len(arrivals) and arrivals[len(starts)] <= now and len(busy_until) < servers:
            end = now + services[len(starts)]
            starts.append(now)
            busy_until += [end] if end > now else []
        now += 1
    return starts


@given(traces, several)
def test_agrees_with_a_queue_lived_through(trace, servers):
    arrivals, services = split(trace)
    done = replay(arrivals, services, servers)
    assert done.starts == stepped(arrivals, services, servers)
    assert done.departures == [begun + served for begun, served in zip(done.starts, services, strict=True)]


@given(traces, several)
def test_littles_law_is_exact_from_empty_to_empty(trace, servers):
    done = replay(*split(trace), servers)
    assert area(done.in_system()) == sum(done.responses)
    assert area(done.waiting()) == sum(done.waits)


@given(traces, several)
def test_the_counts_are_those_of_who_is_there(trace, servers):
    done = replay(*split(trace), servers)
    for moment, count in done.in_system():
        there = [c for c, d in zip(done.arrivals, done.departures, strict=True) if c <= moment < d]
        assert len(there) == count
    for moment, count in done.waiting():
        assert sum(c <= moment < s for c, s in zip(done.arrivals, done.starts, strict=True)) == count
        assert count == 0 or dict(done.in_system()).get(moment, count + servers) >= servers


@given(traces, several)
def test_one_more_server_never_starts_anyone_later(trace, servers):
    fewer, more = (replay(*split(trace), count).starts for count in (servers, servers + 1))
    assert all(b <= a for a, b in zip(fewer, more, strict=True))


def test_a_worked_example():
    """Two servers, four customers: the third waits for the first, the fourth for the second."""
    done = replay([0, 1, 2, 3], [10, 10, 5, 5], 2)
    assert done == Replay([0, 1, 2, 3], [0, 1, 10, 11], [10, 11, 15, 16])
    assert done.waits == [0, 0, 8, 8]
    assert done.responses == [10, 10, 13, 13]
    assert done.in_system() == [(0, 1), (1, 2), (2, 3), (3, 4), (10, 3), (11, 2), (15, 1), (16, 0)]
    assert done.waiting() == [(2, 1), (3, 2), (10, 1), (11, 0)]


def test_arrivals_before_the_beginning_of_time():
    assert replay([-50, -49], [10, 10], 1).starts == [-50, -40]


def test_nobody():
    done = replay([], [], 3)
    assert (done.responses, done.in_system(), area([])) == ([], [], 0)


def test_steps_leave_out_what_changes_nothing():
    assert steps([1, 5], [5, 9]) == [(1, 1), (9, 0)]
    assert area([(1, 1), (9, 0)]) == 8


@pytest.mark.parametrize("arrivals, services, servers, message", [
    ([1], [], 1, "1 arrivals have 0 service times"),
    ([2, 1], [1, 1], 1, "sort the trace first"),
    ([1], [-1], 1, "not negative: -1"),
    ([1], [1], 0, "number of servers"),
    ([1], [1], 1.5, "number of servers"),
])  # fmt: skip
def test_bad_input_says_what_is_wrong(arrivals, services, servers, message):
    with pytest.raises(ValueError, match=message):
        replay(arrivals, services, servers)
