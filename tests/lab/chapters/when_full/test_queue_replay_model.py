"""The replay, against a queue that is stepped through microsecond by microsecond, and Little's law, exactly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.chapters.when_full.queue_replay_model import Replay, area, replay, response_times, steps

traces = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 12)), max_size=25).map(sorted)
several = st.integers(min_value=1, max_value=4)


def split(trace):
    return [arrival for arrival, _ in trace], [service for _, service in trace]


def stepped(arrivals, services, servers):
    """Return when each starts, by living through every microsecond: first those who end leave, then others start.

    Who needs no time at all starts and leaves at once, so several may pass through one server in one microsecond.
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
    queue = replay(arrivals, services, servers)
    assert queue.starts == stepped(arrivals, services, servers)
    assert queue.services == services


@given(traces, several, st.one_of(st.none(), st.integers(0, 12)))
def test_the_quick_way_to_the_responses_is_the_same(trace, servers, alike):
    arrivals, services = split(trace)
    if alike is not None:
        services = [alike] * len(arrivals)
    assert response_times(arrivals, services, servers).tolist() == replay(arrivals, services, servers).responses


@given(traces, several)
def test_littles_law_is_exact_from_empty_to_empty(trace, servers):
    queue = replay(*split(trace), servers)
    assert area(queue.in_system()) == sum(queue.responses)
    assert area(queue.waiting()) == sum(queue.waits)


@given(traces, several)
def test_the_counts_are_those_of_who_is_inside(trace, servers):
    queue = replay(*split(trace), servers)
    for moment, count in queue.in_system():
        stays = zip(queue.arrivals, queue.departures, strict=True)
        assert sum(arrival <= moment < departure for arrival, departure in stays) == count
    for moment, count in queue.waiting():
        waits = zip(queue.arrivals, queue.starts, strict=True)
        assert sum(arrival <= moment < start for arrival, start in waits) == count
        assert count == 0 or dict(queue.in_system()).get(moment, count + servers) >= servers


@given(traces, several)
def test_one_more_server_never_starts_anyone_later(trace, servers):
    fewer, more = (replay(*split(trace), count).starts for count in (servers, servers + 1))
    assert all(later >= earlier for later, earlier in zip(fewer, more, strict=True))


def test_a_worked_example():
    """Two servers, four customers: the third waits for the first, the fourth for the second."""
    queue = replay([0, 1, 2, 3], [10, 10, 5, 5], 2)
    assert queue == Replay([0, 1, 2, 3], [0, 1, 10, 11], [10, 11, 15, 16])
    assert queue.waits == [0, 0, 8, 8]
    assert queue.responses == [10, 10, 13, 13]
    assert queue.in_system() == [(0, 1), (1, 2), (2, 3), (3, 4), (10, 3), (11, 2), (15, 1), (16, 0)]
    assert queue.waiting() == [(2, 1), (3, 2), (10, 1), (11, 0)]


def test_arrivals_before_the_beginning_of_time():
    assert replay([-50, -49], [10, 10], 1).starts == [-50, -40]


def test_nobody():
    queue = replay([], [], 3)
    assert (queue.responses, queue.in_system(), area([])) == ([], [], 0)


def test_steps_leave_out_what_changes_nothing():
    assert steps([1, 5], [5, 9]) == [(1, 1), (9, 0)]
    assert area([(1, 1), (9, 0)]) == 8


@pytest.mark.parametrize("arrivals, services, servers, message", [
    ([1], [], 1, "1 arrivals have 0 service times"),
    ([2, 1], [1, 1], 1, "sort the trace first"),
    ([1], [-1], 1, "must be not negative: -1"),
    ([1], [1], 0, "number of servers"),
    ([1], [1], 1.5, "number of servers"),
])  # fmt: skip
def test_bad_input_says_what_is_wrong(arrivals, services, servers, message):
    with pytest.raises(ValueError, match=message):
        replay(arrivals, services, servers)
