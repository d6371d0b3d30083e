"""Percentiles of measured times, and why those of parts do not add up to those of the whole.

The p-th percentile is the smallest value that at least p % of the values do not exceed: always one of the values,
never one in between (the "nearest rank").
"""

import math
from collections.abc import Sequence
from fractions import Fraction
from numbers import Real
from typing import TypeVar

from lab.models.limits import is_finite, whole_number

Value = TypeVar("Value", int, float)


def percentile(values: Sequence[Value], percent: float) -> Value:
    """Return that percentile. ValueError for no values, and for a percentage that is not above 0 and at most 100."""
    return percentiles(values, [percent])[0]


def percentiles(values: Sequence[Value], percents: Sequence[float]) -> list[Value]:
    """Return several percentiles of the same values, which are sorted once."""
    if len(values) == 0:
        raise ValueError("No values have no percentile.")
    if not all(isinstance(value, Real) and value == value for value in values):
        raise ValueError("A value that is no number, or NaN, has no place among the others: leave it out.")
    ordered = sorted(values)
    return [ordered[rank(len(ordered), percent) - 1] for percent in percents]


def rank(count: int, percent: float) -> int:
    """Return which of `count` values in order is that percentile, counted from 1."""
    whole_number("number of values", count)
    if not (is_finite(percent) and 0 < percent <= 100):
        raise ValueError(f"A percentile is above 0 and at most 100, not {percent}.")
    # exact in the decimal that was written: 99.9 % of 1,000 is rank 999, whatever 99.9 is in binary
    return math.ceil(Fraction(str(percent)) * count / 100)


def all_fast(percent: float, requests: int) -> float:
    """Return how likely it is that all of `requests` are within the percentile of one, if each is independent."""
    rank(1, percent)
    whole_number("number of requests", requests)
    return float((percent / 100) ** requests)
