"""The load-time model: exact values, laws, and what is refused."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.models import load_time as model
from lab.models.load_time import LoadTime, connections_opened, initial_window_bytes, load_time, round_trips, work_of

counts = st.integers(min_value=1, max_value=100)
times = st.fractions(min_value=0, max_value=10)
sizes = st.integers(min_value=0, max_value=10**9).map(Fraction)
bandwidths = st.integers(min_value=1, max_value=10**9).map(Fraction)


@pytest.mark.parametrize(
    ("requests", "keep_alive", "names", "expected"),
    [(1, True, 1, 3), (4, True, 1, 6), (4, False, 1, 9), (4, True, 0, 5), (4, False, 0, 8), (1, False, 0, 2)],
)
def test_round_trips_by_hand(requests, keep_alive, names, expected):
    assert round_trips(requests, connections_opened(requests, keep_alive), names) == expected


def test_the_name_and_one_connection_unless_said():
    assert round_trips(4) == round_trips(4, connections=1, names=1) == 6


@given(counts, st.sampled_from([0, 1]))
def test_a_kept_connection_saves_a_round_trip_for_each_request_but_the_first(requests, names):
    with_one, with_many = (round_trips(requests, connections_opened(requests, keep), names) for keep in (True, False))
    assert with_many - with_one == requests - 1
    assert with_many == 2 * requests + names
    assert with_one == requests + 1 + names


def test_parts_by_hand():
    parts = load_time(6, Fraction(1, 25), size_bytes=Fraction(12_500), bytes_per_s=1_250_000, work_s=Fraction(1, 50))
    assert parts == LoadTime(Fraction(6, 25), Fraction(1, 100), Fraction(1, 50))
    assert parts.seconds == Fraction(27, 100)
    assert parts.share_waiting == Fraction(8, 9)
    assert hash(parts)  # frozen


def test_bytes_take_no_time_without_a_bandwidth_and_nothing_takes_none():
    assert load_time(2, 0.5, size_bytes=10**9) == LoadTime(1.0, 0, 0)
    assert load_time(0, 1) == LoadTime(0, 0, 0)
    assert load_time(0, 1).share_waiting == 0


@given(counts, times, sizes, bandwidths, times)
def test_the_parts_add_up_and_the_slope_is_the_round_trips(trips, rtt, size, bandwidth, work):
    near, far = (load_time(trips, rtt + more, size, bandwidth, work) for more in (0, 1))
    assert near.seconds == trips * rtt + size / bandwidth + work
    assert far.waiting_s - near.waiting_s == trips
    assert (far.bytes_s, far.work_s) == (near.bytes_s, near.work_s)
    assert 0 <= near.share_waiting <= 1


@given(counts, times, sizes, bandwidths)
def test_twice_the_bandwidth_halves_the_bytes_and_nothing_else(trips, rtt, size, bandwidth):
    slow, fast = (load_time(trips, rtt, size, bytes_per_s) for bytes_per_s in (bandwidth, 2 * bandwidth))
    assert fast.bytes_s == slow.bytes_s / 2
    assert fast.waiting_s == slow.waiting_s


@given(counts, times, times)
def test_work_is_what_round_trips_leave(trips, rtt, work):
    assert work_of(load_time(trips, rtt, work_s=work).seconds, trips, rtt) == work


def test_work_is_never_negative():
    assert work_of(0.5, 2, 1) == 0


@pytest.mark.parametrize(("segment", "expected"), [(1460, 14_600), (536, 5360), (1500, 14_600), (9000, 18_000)])
def test_initial_window(segment, expected):
    assert initial_window_bytes(segment) == expected


def test_the_usual_segment():
    assert initial_window_bytes() == 14_600
    assert model.LARGEST_SEGMENT_BYTES == 1500 - 20 - 20


@pytest.mark.parametrize(
    ("call", "complaint"),
    [
        (lambda: round_trips(0), "The number of requests must be a whole number, 1 or more, not 0."),
        (lambda: round_trips(1.5), "The number of requests must be a whole number, 1 or more, not 1.5."),
        (lambda: connections_opened(0, True), "The number of requests must be a whole number, 1 or more, not 0."),
        (lambda: round_trips(4, 0), "The number of connections must be a whole number, 1 or more, not 0."),
        (lambda: round_trips(4, 5), "5 connections are more than the 4 requests that they are for."),
        (lambda: round_trips(4, 1, -1), "The number of questions for the name must be a whole number, 0 or more"),
        (lambda: round_trips(4, 1, 2), "One name is asked for once or not at all, not 2 times."),
        (lambda: load_time(-1, 1), "The number of round trips must be a whole number, 0 or more, not -1."),
        (lambda: load_time(1, -1), r"The round-trip time \(seconds\) must be a finite number, 0 or more, not -1."),
        (lambda: load_time(1, float("nan")), r"The round-trip time \(seconds\) must be a finite number"),
        (lambda: load_time(1, 1, -1), r"The size \(bytes\) must be a finite number, 0 or more, not -1."),
        (lambda: load_time(1, 1, 1, 1, float("inf")), r"The work \(seconds\) must be a finite number"),
        (lambda: load_time(1, 1, 1, 0), r"The bandwidth \(bytes per second\) must be a finite number above 0, not 0."),
        (lambda: initial_window_bytes(0), r"The size of a segment \(bytes\) must be a whole number, 1 or more, not 0"),
    ],
)
def test_what_is_refused(call, complaint):
    with pytest.raises(ValueError, match=complaint):
        call()
