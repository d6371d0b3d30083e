"""What the numbers of a model may be. A wrong one is refused in words before anything is computed with it: ValueError.

`what` names the number and its unit, as in "round-trip time (seconds)".
"""

import itertools
import math
from collections.abc import Sequence
from fractions import Fraction
from numbers import Integral, Real

Number = int | float | Fraction

MOST_STEPS = 10_000_000  # of what a model counts through one by one: more would take minutes, or all memory


def at_least(what: str, value: Number, least: Number = 0) -> None:
    """Refuse what is no finite number of `least` or more."""
    if not (is_finite(value) and value >= least):
        raise ValueError(f"The {what} must be a finite number, {least} or more, not {value!r}.")


def above(what: str, value: Number, limit: Number = 0) -> None:
    """Refuse what is no finite number above a limit."""
    if not (is_finite(value) and value > limit):
        raise ValueError(f"The {what} must be a finite number above {limit}, not {value!r}.")


def whole_number(what: str, value: int, least: int = 1) -> None:
    """Refuse what is no whole number from `least` to MOST_STEPS."""
    if not isinstance(value, Integral) or isinstance(value, bool) or not least <= value:
        raise ValueError(f"The {what} must be a whole number, {least} or more, not {value!r}.")
    if value > MOST_STEPS:
        raise ValueError(f"The {what} must be {MOST_STEPS:,} at most, not {value!r}.")


def in_order(what: str, moments: Sequence[Number]) -> None:
    """Refuse moments that go back in time, or one that is no finite number."""
    finite_numbers(what, moments)
    if any(after < before for before, after in itertools.pairwise(moments)):
        raise ValueError(f"The {what} go back in time: sort the trace first.")


def durations(what: str, values: Sequence[Number]) -> None:
    """Refuse a negative time, or one that is no finite number."""
    finite_numbers(what, values)
    if min(values, default=0) < 0:
        raise ValueError(f"The {what} must be not negative: {min(values)} is.")


def finite_numbers(what: str, values: Sequence[Number]) -> None:
    """Refuse numbers of which one is none, or not finite. A sum says so of all of them, and quickly."""
    try:
        total_is_finite = math.isfinite(sum(values))
    except (TypeError, OverflowError):
        total_is_finite = False
    if not total_is_finite:
        raise ValueError(f"The {what} must all be finite numbers.")


def is_finite(value: object) -> bool:
    """Whether this is a number, neither infinite nor NaN, that fits into a float."""
    try:
        return isinstance(value, Real) and math.isfinite(value)
    except OverflowError:
        return False
