"""How often one cache with a time to live answers by itself, for one name.

The cache asks when it holds no copy, keeps the answer for the time to live T, and asks again with the first
request after that. A copy is never renewed by being read. So every question is followed by a period of length
T in which each request is a hit, and the hit ratio is a ratio of two counts over one such cycle:

    h = M(T) / (1 + M(T))        M(T): requests expected within T after a question

The "1" is the request that asked. This holds when the times between requests are independent draws from one
distribution (a renewal process). For Poisson arrivals M(T) = rate x T; evenly spaced arrivals and bursts have
another M(T), and the Poisson formula is then wrong by as much as the functions below say.

Source: J. Jung, A. W. Berger, H. Balakrishnan, "Modeling TTL-based Internet caches", IEEE INFOCOM 2003,
vol. 1, p. 417 ff. Seen 2026-11-24: the abstract and the opening of section I, which state the assumption
(inter-arrival times independent and identically distributed) and that a closed form follows from it. The
formulas here are derived above and in each function, not copied, and the tests hold them against `replay`.

Rates are requests per second, times to live seconds. Traces are whole milliseconds, so that no rounding
decides whether a request is a hit.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy

from lab.models.limits import Number, above, at_least, finite_numbers, whole_number


def renewal(expected_requests: Number) -> Number:
    """Return the hit ratio M / (1 + M), where M requests are expected within one time to live after a question.

    Raises ValueError for a negative or infinite M.
    """
    at_least("number of expected requests", expected_requests)
    return expected_requests / (1 + expected_requests)


def poisson(rate: Number, ttl: Number) -> Number:
    """Return the hit ratio for Poisson arrivals: rate x ttl / (1 + rate x ttl).

    `rate` in requests per second, `ttl` in seconds. A Poisson process has no memory, so M(T) = rate x T.
    """
    above("rate (requests per second)", rate)
    at_least("time to live (seconds)", ttl)
    return renewal(rate * ttl)


def even(interval: Number, ttl: Number) -> Number:
    """Return the hit ratio for evenly spaced arrivals, `interval` seconds apart.

    M(T) counts the whole intervals that end before the time to live does: a request that arrives at the very
    end of it is a miss. Always below the Poisson formula at the same rate.
    """
    above("interval (seconds)", interval)
    at_least("time to live (seconds)", ttl)
    return renewal(max(0, math.ceil(Fraction(ttl) / Fraction(interval)) - 1))


def bursts(rate: Number, ttl: Number, size: int) -> Number:
    """Return the hit ratio when requests arrive `size` at once, the bursts as a Poisson process.

    `rate` counts requests, not bursts. One cycle is the burst that asks (one miss, size - 1 hits) and the
    rate x ttl requests of the bursts that follow within the time to live. So one in size + rate x ttl is a
    miss. Always above the Poisson formula at the same rate, unless `size` is 1. With a time to live of 0
    nothing is kept and nothing is a hit.
    """
    above("rate (requests per second)", rate)
    at_least("time to live (seconds)", ttl)
    whole_number("burst size", size)
    if ttl == 0:
        return renewal(0)
    return renewal(size - 1 + rate * ttl)


@dataclass(frozen=True)
class StaleWindow:
    """What a change of address costs the requests of one cache.

    worst_s            the longest time for which the old address can still be answered, seconds
    expected_s         the mean of that time over all moments of the change, seconds
    expected_requests  how many requests are expected to be sent to the old address
    """

    worst_s: Number
    expected_s: Number
    expected_requests: Number


def stale_window(rate: Number, ttl: Number) -> StaleWindow:
    """Return the stale window after a change at a random moment, for Poisson arrivals.

    A copy lives exactly T, then the cache is empty until the next request, 1 / rate on average. So a random
    moment falls into the life of a copy with probability T / (T + 1 / rate), which is h, and then anywhere in
    it alike: T / 2 is left on average. The mean window is h x T / 2. Requests that arrive later know nothing
    of the moment, so rate x h x T / 2 of them fall into it.
    """
    expected_s = poisson(rate, ttl) * ttl / 2
    return StaleWindow(worst_s=ttl, expected_s=expected_s, expected_requests=rate * expected_s)


def question_times(arrivals_ms: Sequence[int], ttl_ms: int) -> list[int]:
    """Return the arrivals (milliseconds, in order) that find no live copy, so that the name server is asked.

    A copy fetched at t answers the requests before t + ttl_ms. Raises ValueError when the trace is not in
    order of time.
    """
    at_least("time to live (milliseconds)", ttl_ms)
    finite_numbers("arrivals (milliseconds)", arrivals_ms)
    questions: list[int] = []
    expires = previous = -math.inf
    for arrival in arrivals_ms:
        if arrival < previous:
            raise ValueError(f"The trace goes back in time, from {previous} to {arrival} ms: sort it first.")
        previous = arrival
        if arrival >= expires:
            questions.append(arrival)
            expires = arrival + ttl_ms
    return questions


def replay(arrivals_ms: Sequence[int], ttl_ms: int) -> int:
    """Return how many of these arrivals (milliseconds, in order) are hits. Exact, for any trace.

    It uses no cache object, so it can check one.
    """
    return len(arrivals_ms) - len(question_times(arrivals_ms, ttl_ms))


def poisson_arrivals(rate: float, count: int, seed: int) -> list[int]:
    """Return `count` arrivals of a Poisson process of `rate` a second, in milliseconds, the same for one seed."""
    above("rate (requests per second)", rate)
    whole_number("number of arrivals", count)
    gaps_ms = numpy.random.default_rng(seed).exponential(1000 / rate, count)
    return [round(time_ms) for time_ms in numpy.cumsum(gaps_ms).tolist()]


def even_arrivals(interval_ms: int, count: int) -> list[int]:
    """Return `count` arrivals, the first at 0, the others `interval_ms` milliseconds after one another."""
    whole_number("interval (milliseconds)", interval_ms)
    whole_number("number of arrivals", count)
    return [interval_ms * position for position in range(count)]


def burst_arrivals(rate: float, size: int, count: int, seed: int, gap_ms: int = 0) -> list[int]:
    """Return `count` bursts of `size` requests, in milliseconds, in order of time.

    `rate` counts requests a second. The bursts begin as a Poisson process; within one the requests are
    `gap_ms` milliseconds apart, 0 for all at once.
    """
    whole_number("burst size", size)
    at_least("gap (milliseconds)", gap_ms)
    above("rate (requests per second)", rate)
    return sorted(
        start + gap_ms * position
        for start in poisson_arrivals(rate / size, count, seed)
        for position in range(size)
    )
