"""Percentiles of measured times, and why those of parts do not add up to those of the whole.

The p-th percentile is the smallest value that at least p % of the values do not exceed: always one of the values,
never one in between (the "nearest rank").
"""

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import TypeVar

Value = TypeVar("Value", int, float)


def percentile(values: Sequence[Value], percent: float) -> Value:
    """Return that percentile. ValueError for no values, and for a percentage that is not above 0 and at most 100."""
    return percentiles(values, [percent])[0]


def percentiles(values: Sequence[Value], percents: Sequence[float]) -> list[Value]:
    """Return several percentiles of the same values, which are sorted once."""
    if not values:
        raise ValueError("No values have no percentile.")
    ordered = sorted(values)
    return [ordered[rank(len(ordered), percent) - 1] for percent in percents]


def rank(count: int, percent: float) -> int:
    """Return which of `count` values in order is that percentile, counted from 1."""
    if not 0 < percent <= 100:
        raise ValueError(f"A percentile is above 0 and at most 100, not {percent}.")
    # exact in the decimal that was written: 99.9 % of 1,000 is rank 999, whatever 99.9 is in binary
    return math.ceil(Fraction(str(percent)) * count / 100)


def all_fast(percent: float, requests: int) -> float:
    """Return how likely it is that all of `requests` are within the percentile of one, if each is independent."""
    rank(1, percent)
    if not isinstance(requests, int) or requests < 1:
        raise ValueError(f"The number of requests must be a whole number, 1 or more, not {requests}.")
    return float((percent / 100) ** requests)
