"""lab/chapters/TOPIC/inside_model.py"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.chapters.TOPIC.inside_model import inside

NUMBERS = st.floats(0, 1e6)


def test_exact_values():
    assert [inside(50, 0.02), inside(0, 3), inside(200, 0)] == [1, 0, 0]


@given(NUMBERS, NUMBERS)
def test_twice_the_rate_has_twice_as_many_inside(rate, seconds):
    assert inside(2 * rate, seconds) == 2 * inside(rate, seconds)


@pytest.mark.parametrize("rate, seconds", [(-1, 1), (1, -1), (float("nan"), 1)])
def test_what_is_negative_is_refused(rate, seconds):
    with pytest.raises(ValueError, match="0 or more"):
        inside(rate, seconds)
