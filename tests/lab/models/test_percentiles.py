"""Percentiles by nearest rank: exact, and what does not add up."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.models.percentiles import all_fast, percentile, percentiles, rank

values = st.lists(st.integers(-100, 100), min_size=1, max_size=40)
percents = st.integers(min_value=1, max_value=1000).map(lambda tenths: tenths / 10)


@given(values, percents)
def test_the_smallest_value_that_so_many_do_not_exceed(values, percent):
    value = percentile(values, percent)
    assert value in values
    enough = [v for v in values if sum(w <= v for w in values) >= Fraction(str(percent)) / 100 * len(values)]
    assert value == min(enough)


def test_worked_values():
    assert percentiles(list(range(1, 101)), [1, 50, 99, 99.5, 100]) == [1, 50, 99, 100, 100]
    assert percentile([3, 1, 2], 50) == 2
    assert percentile([7], 0.1) == 7
    # in binary 99.9 is more than 99.9, and 0.999 x 1,000 more than 999
    assert rank(1000, 99.9) == 999


def test_the_percentile_of_a_mix_is_not_the_mean_of_percentiles():
    quick, slow = list(range(1, 101)), list(range(10, 1001, 10))
    assert (percentile(quick, 99), percentile(slow, 99)) == (99, 990)
    assert percentile(quick + slow, 99) == 980, "neither of the two, nor their mean of 544.5"


def test_all_fast():
    assert all_fast(99, 1) == 0.99
    assert all_fast(99, 69) == pytest.approx(0.4998, abs=1e-4)
    assert all_fast(100, 5) == 1


@pytest.mark.parametrize("call, message", [
    (lambda: percentile([], 50), "No values"),
    (lambda: percentile([1], 0), "above 0 and at most 100"),
    (lambda: percentile([1], 100.1), "above 0 and at most 100"),
    (lambda: all_fast(0, 1), "above 0 and at most 100"),
    (lambda: all_fast(99, 0), "number of requests"),
    (lambda: all_fast(99, 1.5), "number of requests"),
])  # fmt: skip
def test_bad_input_says_what_is_wrong(call, message):
    with pytest.raises(ValueError, match=message):
        call()
