"""Seeded traces: when customers arrive and how long each is to be served, in whole microseconds.

One seed gives the same trace everywhere. Arrivals at random are a Poisson process. Service times are gamma draws,
which can have any variability (variance / mean squared): 0 makes them equal, 1 exponential.

Arrivals and service times of one seed come from two streams. From one stream, exponential gaps and exponential
services would be the same draws: each long service would follow a long gap, and hardly anybody would ever wait.
"""

import math

import numpy
from numpy.typing import NDArray

MICRO = 1_000_000
ARRIVALS, SERVICES = 0, 1  # the streams


def arrivals_at_random(rate: float, count: int, seed: int) -> list[int]:
    """Return `count` arrivals of a Poisson process with `rate` arrivals a second, in microseconds, in order."""
    _require_positive("rate (arrivals a second)", rate)
    gaps = numpy.random.default_rng([seed, ARRIVALS]).exponential(MICRO / rate, _counted(count))
    moments: list[int] = whole(gaps).cumsum().tolist()
    return moments


def even_arrivals(rate: float, count: int) -> list[int]:
    """Return `count` arrivals, the first at 0, evenly spaced at `rate` a second, in microseconds."""
    _require_positive("rate (arrivals a second)", rate)
    return [round(place * MICRO / rate) for place in range(_counted(count))]


def service_times(mean_us: float, variability: float, count: int, seed: int) -> list[int]:
    """Return `count` service times of that mean and variability, in microseconds."""
    _require_positive("mean service time (microseconds)", mean_us)
    if not (math.isfinite(variability) and variability >= 0):
        raise ValueError(f"The variability must be a finite number, 0 or more, not {variability}.")
    if variability == 0:
        return [round(mean_us)] * _counted(count)
    times = numpy.random.default_rng([seed, SERVICES]).gamma(1 / variability, mean_us * variability, _counted(count))
    rounded: list[int] = whole(times).tolist()
    return rounded


def whole(times: NDArray[numpy.float64]) -> NDArray[numpy.int64]:
    """Return the times in whole microseconds, each rounded as Python's round does it: a half to the even number."""
    return numpy.rint(times).astype(numpy.int64)


def _counted(count: int) -> int:
    if not isinstance(count, int) or count < 1:
        raise ValueError(f"The number of customers must be a whole number, 1 or more, not {count}.")
    return count


def _require_positive(what: str, value: float) -> None:
    if not (math.isfinite(value) and value > 0):
        raise ValueError(f"The {what} must be a finite number above 0, not {value}.")
