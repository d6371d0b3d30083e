"""Mean value analysis against the balance of every state, in exact fractions, and the bounds against both."""

import itertools
from fractions import Fraction
from math import comb, prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.models.tiers import (
    Tier,
    bend,
    bound,
    bound_corners,
    boxes_needed,
    capacity,
    gain_of_splitting,
    knee,
    most_throughput,
    site_tiers,
    steady_state,
)

demands = st.fractions(min_value=Fraction(1, 50), max_value=5, max_denominator=50)
tiers_of = st.lists(st.builds(Tier, demands, st.integers(1, 3)), min_size=1, max_size=3)
thinking = st.fractions(min_value=0, max_value=5, max_denominator=50)


def weight(tiers, users, think_s):
    """The sum over all states of how often each comes, up to one factor: boxes and thinkers, in product form."""
    boxes = [tier.demand_s / tier.boxes for tier in tiers for _ in range(tier.boxes)]
    total = Fraction(0)
    for state in itertools.product(range(users + 1), repeat=len(boxes)):
        thinkers = users - sum(state)
        if thinkers >= 0:
            factorial = prod(range(1, thinkers + 1))
            factors = (demand**there for demand, there in zip(boxes, state, strict=True))
            total += prod(factors) * think_s**thinkers / factorial
    return total


@given(tiers_of, st.integers(1, 4), thinking)
def test_throughput_is_that_of_the_balance_of_all_states(tiers, users, think_s):
    state = steady_state(tiers, users, think_s)
    assert state.throughput == weight(tiers, users - 1, think_s) / weight(tiers, users, think_s)


@given(tiers_of, st.integers(1, 12), thinking)
def test_little_s_law_and_the_utilisation_law_hold_exactly(tiers, users, think_s):
    state = steady_state(tiers, users, think_s)
    assert state.throughput * (state.response_s + think_s) == users
    assert sum(state.residence_s) == state.response_s
    for tier, busy in zip(tiers, state.utilisation, strict=True):
        assert busy == state.throughput * tier.demand_s / tier.boxes
        assert 0 < busy <= 1


@given(tiers_of, st.integers(1, 12), thinking)
def test_no_more_than_the_bounds_and_more_with_each_user(tiers, users, think_s):
    state = steady_state(tiers, users, think_s)
    assert state.throughput <= most_throughput(tiers, users, think_s)
    assert steady_state(tiers, users + 1, think_s).throughput >= state.throughput
    if users == 1:
        assert state.throughput == 1 / (think_s + sum(tier.demand_s for tier in tiers))


@given(demands, demands)
def test_one_user_gains_nothing_by_a_split(web, data):
    apart, together = steady_state([Tier(web), Tier(data)], 1), steady_state([Tier(web + data)], 1)
    assert apart == type(apart)(together.throughput, together.response_s, (web, data), apart.utilisation)


@given(demands, demands)
def test_a_split_gains_at_most_twice(web, data):
    gain = gain_of_splitting(web, data)
    assert gain == (web + data) / max(web, data)
    assert 1 < gain <= 2
    assert (gain == 2) == (web == data)


@given(demands, demands, st.integers(1, 8))
def test_boxes_for_the_wrong_tier_raise_no_capacity(web, data, boxes):
    few, many = min(web, data), max(web, data)
    assert capacity([Tier(few, boxes), Tier(many)]) == capacity([Tier(few), Tier(many)]) == 1 / many


def test_the_tiers_of_a_site():
    assert site_tiers(0, 0, 0.03, 0.01) == [Tier(0.04)]
    assert site_tiers(2, 1, 0.03, 0.01) == [Tier(0.03, 2), Tier(0.01, 1)]


def test_by_hand():
    """Two users, one box each of 2 s and 1 s: the second user finds the first in the web box for two thirds."""
    state = steady_state([Tier(Fraction(2)), Tier(Fraction(1))], 2)
    assert state.residence_s == (2 * (1 + Fraction(2, 3)), 1 + Fraction(1, 3))
    assert state.throughput == Fraction(2) / (Fraction(10, 3) + Fraction(4, 3)) == Fraction(3, 7)
    assert state.utilisation == (Fraction(6, 7), Fraction(3, 7))


def test_equal_boxes_one_user_each():
    """N users in a line of K equal boxes: N / (N + K - 1) of the capacity, for any N and K."""
    for users, boxes in itertools.product((1, 2, 5, 9), (1, 2, 4)):
        state = steady_state([Tier(Fraction(1))] * boxes, users)
        assert state.throughput == Fraction(users, users + boxes - 1)
        if users <= 5:
            assert weight([Tier(Fraction(1))] * boxes, users, 0) == comb(users + boxes - 1, users)


def test_the_knee():
    tiers = [Tier(0.03), Tier(0.01)]
    assert knee(tiers) == pytest.approx(4 / 3)
    assert knee(tiers, think_s=1) == pytest.approx(1.04 / 0.03)
    assert most_throughput(tiers, 1) == pytest.approx(25)
    assert most_throughput(tiers, 2) == pytest.approx(1 / 0.03)


@given(st.floats(1e-4, 10), st.floats(1e-3, 1e5))
def test_the_bounds_meet_at_the_bend(alone_s, most):
    users = bend(alone_s, most)
    assert users / alone_s == pytest.approx(most)
    assert bound(users / 2, alone_s, most) == pytest.approx(most / 2)
    assert bound(users * 2, alone_s, most) == most


def test_the_bound_is_drawn_with_its_corner_where_that_lies_between():
    most = pytest.approx(1 / 0.03)
    assert bound_corners(8, 0.04, 1 / 0.03) == [(1, pytest.approx(25)), (pytest.approx(4 / 3), most), (8, most)]
    assert bound_corners(2, 0.04, 25) == [(1, 25), (2, 25)]
    assert bound_corners(2, 0.04, 100) == [(1, 25), (2, 50)]


@pytest.mark.parametrize(
    ("rate", "demand_s", "most_busy", "boxes"),
    [
        (10, 0.01, 1, 1), (100, 0.01, 1, 1), (101, 0.01, 1, 2), (100, 0.01, 0.7, 2), (140, 0.01, 0.7, 2),
        (1, 10, 0.5, 20),
    ],
)  # fmt: skip
def test_boxes_needed(rate, demand_s, most_busy, boxes):
    assert boxes_needed(rate, demand_s, most_busy) == boxes


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Tier(0), "above 0"), (lambda: Tier(-1), "above 0"), (lambda: Tier(float("nan")), "above 0"),
        (lambda: Tier(1, 0), "1 or more"), (lambda: Tier(1, 1.5), "must be a whole number"),
        (lambda: steady_state([], 1), "no tier"), (lambda: steady_state([Tier(1)], 0), "1 or more, not 0"),
        (lambda: steady_state([Tier(1)], 1.5), "whole number, 1 or more"),
        (lambda: steady_state([Tier(1)], 1, -1), "0 or more"),
        (lambda: boxes_needed(0, 1, 1), "above 0"), (lambda: boxes_needed(1, 1, 0), "share"),
        (lambda: boxes_needed(1, 1, 1.1), "share"), (lambda: most_throughput([Tier(1)], 0), "1 or more"),
    ],
)  # fmt: skip
def test_bad_input_is_named(make, message):
    with pytest.raises(ValueError, match=message):
        make()
