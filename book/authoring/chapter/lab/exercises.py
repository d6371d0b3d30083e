"""Checkers of the exercises in which code is written. Each takes the reader's answer and returns a Verdict."""

import math

from lab.chapters.TOPIC.inside_model import inside
from lab.widgets import checking
from lab.widgets.checking import Verdict

# Hidden cases: rates and seconds
CASES = ((0.0, 1.0), (10.0, 0.5), (3.0, 2.5), (200.0, 0.01))


def law(answer: object) -> Verdict:
    """Exercise 3: the law as a function."""
    return checking.function(
        answer, CASES, inside, checking.as_number, "a number", lambda first, every: "", "It holds for every case.",
        same=lambda value, expected: math.isclose(value, expected, rel_tol=1e-9, abs_tol=1e-9),
    )  # fmt: skip
