"""Hints on expected numbers."""

import pytest

from lab.widgets.number_hints import hint_for

HINTS = {20.0: "twenty", 20.1: "near twenty", 1e-5: "small"}


@pytest.mark.parametrize(
    ("value", "hint"),
    [(20, "twenty"), (20.1, "twenty"), (20.25, "near twenty"), (1.005e-5, "small"), (1.1e-5, "another"),
     (-20, "another"), (float("nan"), "another")],
)  # fmt: skip
def test_the_first_number_that_is_meant_rounded_or_not(value, hint):
    assert hint_for(value, HINTS, "another") == hint
