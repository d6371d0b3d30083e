"""Statements and their round trips: exact values, laws, and what is refused."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.chapters.between_tiers.trips_model import page_time_s, rtt_at_which_waiting_equals_work, share_waiting

counts = st.integers(min_value=1, max_value=200)
times = st.fractions(min_value=0, max_value=10, max_denominator=1000)
more = st.fractions(min_value=Fraction(1, 1000), max_value=10, max_denominator=1000)


def test_by_hand():
    """20 ms of work and 11 statements at 2 ms: 22 ms of waiting, and at 20/11 ms it would be as much as the work."""
    work, rtt = Fraction(20, 1000), Fraction(2, 1000)
    assert page_time_s(work, 11, rtt) == Fraction(42, 1000)
    assert share_waiting(work, 11, rtt) == Fraction(22, 42)
    assert rtt_at_which_waiting_equals_work(work, 11) == Fraction(20, 11_000)


def test_without_statements_or_without_distance_the_work_is_all():
    assert page_time_s(0.02, 0, 1) == page_time_s(0.02, 101, 0) == 0.02
    assert share_waiting(0.02, 0, 1) == share_waiting(0.02, 101, 0) == 0
    assert share_waiting(0, 0, 0) == 0 and share_waiting(0, 1, 0.001) == 1


@given(times, counts, times, more)
def test_more_of_anything_takes_longer_and_only_more_work_waits_for_less(work, statements, rtt, step):
    page, share = page_time_s(work, statements, rtt), share_waiting(work, statements, rtt)
    assert page_time_s(work + step, statements, rtt) == page + step
    assert page_time_s(work, statements + 1, rtt) == page + rtt
    assert page_time_s(work, statements, rtt + step) == page + statements * step
    assert 0 <= share <= 1
    assert share_waiting(work + step, statements, rtt) <= share
    assert share_waiting(work, statements + 1, rtt) >= share
    assert share_waiting(work, statements, rtt + step) >= share


@given(times, counts, times)
def test_only_the_product_of_statements_and_distance_counts(work, statements, rtt):
    assert page_time_s(work, statements, rtt) == page_time_s(work, 1, statements * rtt)


@given(more, counts)
def test_where_waiting_equals_work_half_is_waiting_and_the_page_takes_twice_the_work(work, statements):
    rtt = rtt_at_which_waiting_equals_work(work, statements)
    assert share_waiting(work, statements, rtt) == Fraction(1, 2)
    assert page_time_s(work, statements, rtt) == 2 * work


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: page_time_s(-1, 1, 1), "work"), (lambda: page_time_s(1, -1, 1), "0 or more, not -1"),
        (lambda: page_time_s(1, 1, -1), "round-trip time"), (lambda: page_time_s(1, 1.5, 1), "whole number"),
        (lambda: page_time_s(float("inf"), 1, 1), "finite"), (lambda: share_waiting(1, 1, float("nan")), "finite"),
        (lambda: rtt_at_which_waiting_equals_work(1, 0), "statements must be a whole number, 1 or more, not 0"),
        (lambda: rtt_at_which_waiting_equals_work(1, 1.5), "whole number"),
        (lambda: rtt_at_which_waiting_equals_work(-1, 1), "work"),
    ],
)  # fmt: skip
def test_bad_input_is_named(make, message):
    with pytest.raises(ValueError, match=message):
        make()
