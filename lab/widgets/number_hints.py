"""Hints on numbers that a checker expects to come up, each the result of a known mistake."""

import math
from collections.abc import Mapping

ROUNDED = 0.01  # relative: readers round


def hint_for(value: float, hints: Mapping[float, str], otherwise: str) -> str:
    """Return the hint on the first number that the value equals, rounded or not; `otherwise` if it equals none."""
    return next(
        (hint for number, hint in hints.items() if math.isclose(value, number, rel_tol=ROUNDED)), otherwise
    )
