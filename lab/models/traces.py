"""Seeded traces: when customers arrive and how long each is to be served, in whole microseconds.

One seed gives the same trace everywhere. Arrivals at random are a Poisson process. Service times are gamma draws,
which can have any variability (variance / mean squared): 0 makes them equal, 1 exponential.

Arrivals and service times of one seed come from two streams. From one stream, exponential gaps and exponential
services would be the same draws: each long service would follow a long gap, and hardly anybody would ever wait.
"""

import numpy
from numpy.typing import NDArray

from lab.models.limits import above, at_least, whole_number

MICRO = 1_000_000
LONGEST_US = 2**53  # up to which a float has every whole number
ARRIVALS, SERVICES = 0, 1  # the streams


def arrivals_at_random(rate: float, count: int, seed: int) -> list[int]:
    """Return `count` arrivals of a Poisson process with `rate` arrivals a second, in microseconds, in order."""
    above("rate (arrivals a second)", rate)
    whole_number("number of customers", count)
    gaps = numpy.random.default_rng([seed, ARRIVALS]).exponential(MICRO / rate, count)
    moments: list[int] = whole(gaps).cumsum().tolist()
    return moments


def even_arrivals(rate: float, count: int) -> list[int]:
    """Return `count` arrivals, the first at 0, evenly spaced at `rate` a second, in microseconds."""
    above("rate (arrivals a second)", rate)
    whole_number("number of customers", count)
    return [round(place * MICRO / rate) for place in range(count)]


def service_times(mean_us: float, variability: float, count: int, seed: int) -> list[int]:
    """Return `count` service times of that mean and variability, in microseconds."""
    above("mean service time (microseconds)", mean_us)
    at_least("variability", variability)
    whole_number("number of customers", count)
    if variability == 0:
        return [round(mean_us)] * count
    times = numpy.random.default_rng([seed, SERVICES]).gamma(1 / variability, mean_us * variability, count)
    rounded: list[int] = whole(times).tolist()
    return rounded


def whole(times: NDArray[numpy.float64]) -> NDArray[numpy.int64]:
    """Return the times in whole microseconds, each rounded as Python's round does it: a half to the even number.

    ValueError for what is no number, and for times that are too long to be exact, of 285 years and more.
    """
    if not (numpy.abs(times) < LONGEST_US).all():
        raise ValueError(f"Times have to be below {LONGEST_US} µs: the rate is too low, or services take too long.")
    return numpy.rint(times).astype(numpy.int64)
