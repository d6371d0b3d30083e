"""Clocks: where a cache reads the time, so that a test or a chapter can move it."""

import math
import time
from typing import Protocol


class Clock(Protocol):
    """Anything that tells the time in seconds since some moment, and never goes back."""

    def now(self) -> float: ...


class SystemClock:
    """The machine's monotonic clock: setting the date does not move it."""

    def now(self) -> float:
        return time.monotonic()


class MovableClock:
    """A clock that stands still until it is moved: an hour passes in one call, the same on every run."""

    def __init__(self, start: float = 0.0) -> None:
        self._now = float(start)

    def now(self) -> float:
        return self._now

    def move(self, seconds: float) -> None:
        """Let this many seconds pass. ValueError if they are negative or not finite."""
        if not (math.isfinite(seconds) and seconds >= 0):
            raise ValueError(f"a clock moves forward by a finite number of seconds, not by {seconds!r}")
        self._now += seconds

    def move_to(self, moment: float) -> None:
        """Let the clock read this moment exactly. ValueError if it lies in the past or is not finite."""
        if not (math.isfinite(moment) and moment >= self._now):
            raise ValueError(f"a clock moves forward: it reads {self._now!r}, so it cannot be moved to {moment!r}")
        self._now = float(moment)
