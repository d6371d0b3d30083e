import math
import time

import pytest

from mysite.clock import MovableClock, SystemClock


def test_the_system_clock_is_the_monotonic_one() -> None:
    before = time.monotonic()
    now = SystemClock().now()
    assert before <= now <= time.monotonic()


def test_a_movable_clock_stands_still_until_it_is_moved() -> None:
    clock = MovableClock()
    assert clock.now() == 0.0
    clock.move(2.5)
    clock.move(0)
    assert clock.now() == 2.5
    assert MovableClock(start=100).now() == 100.0


@pytest.mark.parametrize("seconds", [-0.001, math.nan, math.inf])
def test_a_clock_does_not_go_back(seconds: float) -> None:
    clock = MovableClock()
    with pytest.raises(ValueError, match=f"^a clock moves forward by a finite number of seconds, not by {seconds!r}$"):
        clock.move(seconds)
    assert clock.now() == 0.0


def test_clock_is_moved_to_a_moment_exactly():
    clock = MovableClock(0.1)
    clock.move_to(0.3)
    assert clock.now() == 0.3
    clock.move_to(0.3)
    assert clock.now() == 0.3


@pytest.mark.parametrize("moment", [0.29, float("inf"), float("nan")])
def test_clock_is_not_moved_back_or_nowhere(moment):
    clock = MovableClock(0.3)
    with pytest.raises(ValueError, match=r"it reads 0\.3, so it cannot be moved to"):
        clock.move_to(moment)
    assert clock.now() == 0.3
