"""Clients that give up: worked by hand, lived through tick by tick, and against the plain replay."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.chapters.when_full.impatience_model import Outcome, impatient
from lab.chapters.when_full.queue_replay_model import replay

traces = st.lists(st.tuples(st.integers(0, 20), st.integers(1, 8), st.integers(1, 8)), max_size=12).map(sorted)
small = st.integers(min_value=1, max_value=3)


def split(trace):
    arrivals, first, second = ([row[place] for row in trace] for place in range(3))
    return arrivals, [first, second]


def lived(arrivals, services, servers, places, retry_after):
    """Return for patient clients, by a clock that ticks, how many attempts there were, refused ones, and answers.

    Who is served leaves, who waits longest starts, and who comes takes what is free: a server, a place, or nothing.
    """
    queue, busy, due = [], [], [(arrival, customer, 0) for customer, arrival in enumerate(arrivals)]
    attempts = refused = now = 0
    while due or queue or busy:
        busy = [end for end in busy if end > now]
        while queue and len(busy) < servers:
            busy.append(now + queue.pop(0))
        for request in sorted(request for request in due if request[0] == now):
            due.remove(request)
            _, customer, attempt = request
            attempts += 1
            if len(busy) < servers:
                busy.append(now + services[attempt][customer])
            elif len(queue) < places:
                queue.append(services[attempt][customer])
            else:
                refused += 1
                due += [(now + retry_after, customer, 1)] if attempt == 0 else []
        now += 1
    return attempts, refused, attempts - refused


@given(traces, small)
def test_patient_clients_and_room_for_all_are_the_plain_replay(trace, servers):
    arrivals, services = split(trace)
    last = max(replay(arrivals, services[0], servers).departures, default=0)
    assert impatient(arrivals, services, servers) == Outcome(len(trace), len(trace), 0, len(trace), 0, last)


@given(traces, small, st.integers(0, 3), st.integers(1, 9))
def test_patient_clients_turned_away_as_by_a_clock(trace, servers, places, retry_after):
    arrivals, services = split(trace)
    outcome = impatient(arrivals, services, servers, math.inf, places, retry_after)
    counts = lived(arrivals, services, servers, places, retry_after)
    assert (outcome.attempts, outcome.refused, outcome.in_time) == counts


@given(traces, small, st.integers(1, 30), st.one_of(st.integers(0, 3), st.just(math.inf)), st.integers(1, 9))
def test_every_attempt_is_accounted_for(trace, servers, patience, places, retry_after):
    arrivals, services = split(trace)
    outcome = impatient(arrivals, services, servers, patience, places, retry_after)
    assert outcome.customers == len(trace)
    assert outcome.attempts == outcome.refused + outcome.in_time + outcome.wasted
    assert outcome.customers <= outcome.attempts <= 2 * outcome.customers
    assert outcome.in_time <= outcome.customers
    assert outcome.refused == 0 or places < math.inf


def test_who_gives_up_is_served_all_the_same():
    """One server, ten each. The second gives up at 12, comes again, and gives up again: two answers to nobody."""
    assert impatient([0, 1], [[10, 10], [10, 10]], 1, patience=11) == Outcome(2, 3, 0, 1, 2, 30)


def test_answers_before_a_moment():
    outcome = impatient([0, 1], [[10, 10], [10, 10]], 1)
    assert sorted(outcome.answers) == [10, 20]
    assert [outcome.answered_by(moment) for moment in (10, 11, 20, 21)] == [0, 1, 1, 2]


def test_patience_that_just_suffices():
    assert impatient([0, 1], [[10, 10], [10, 10]], 1, patience=19) == Outcome(2, 2, 0, 2, 0, 20)


def test_who_finds_no_place_asks_again_later():
    assert impatient([0, 1], [[10, 10], [5, 5]], 1, places=0, retry_after=9) == Outcome(2, 3, 1, 2, 0, 15)
    assert impatient([0, 1], [[10, 10], [5, 5]], 1, places=0, retry_after=8) == Outcome(2, 3, 2, 1, 0, 10)
    assert impatient([0, 1], [[10, 10], [5, 5]], 1, places=1) == Outcome(2, 2, 0, 2, 0, 20)


def test_overload_wastes_an_unbounded_queue_and_not_a_bounded_one():
    """Two arrive in the time of one; each waits for three. Without a bound nearly all work is for nobody."""
    count = 400
    arrivals, services = [5 * place for place in range(count)], [[10] * count] * 2
    unbounded = impatient(arrivals, services, 1, patience=30)
    bounded = impatient(arrivals, services, 1, patience=30, places=2, retry_after=100)
    assert unbounded == Outcome(400, 795, 0, 5, 790, 7950)
    assert bounded.wasted == 0
    assert bounded.in_time > 200


@pytest.mark.parametrize("services, message", [
    ([[1], [1], [1]], "2 attempts need 2 rows"), ([[1, 2], [1]], "1 arrivals have 2 service times"),
    ([[-1], [1]], "not negative"),
])  # fmt: skip
def test_bad_input_says_what_is_wrong(services, message):
    with pytest.raises(ValueError, match=message):
        impatient([0], services, 1)
