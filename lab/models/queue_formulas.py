"""How long customers wait on average in a queue that is served in order of arrival, by formula.

One queue before `servers` equal servers. `load` is the utilisation of each server: arrivals a second x mean service
time / servers. Times come out in the unit of the mean service time that is given, so with 1 in service times.

    M/M/c            arrivals at random (Poisson), service times exponential: exact (Erlang C)
    M/G/1            arrivals at random, any service times, one server: exact (Pollaczek-Khinchine)
    G/G/1, G/G/c     any, independent of one another: approximations (Kingman; Allen-Cunneen), for the mean alone
    M/M/c/K          as M/M/c with `places` to wait: who finds all taken is turned away. Exact

All hold for averages over a long time in which nothing changes, and without end: at a load of 1 or more there is no
average to give. A variability is a squared coefficient of variation, variance / mean squared: 0 for times that are
all equal, 1 for exponential ones.

Source: the formulas are derived, not copied. M/M/c and M/M/c/K follow from the balance of a birth-and-death process,
which the tests solve in exact fractions; M/G/1 from the work that an arrival at random finds. Kingman's and
Allen-Cunneen's extend M/G/1 and M/M/c by the variability of arrivals, and agree with both where they are exact.
A printed table of Erlang C, "Table C" of a textbook on trunked radio (scribd.com/document/831962299), was seen
2026-11-29 in the worked example before it alone: 8 channels delay 5 % at 3.87 erlangs, 10 channels 1 % at 4.08.
"""

import math
from fractions import Fraction
from typing import TypeVar

from lab.models.limits import at_least, is_finite, whole_number

Number = TypeVar("Number", float, Fraction)


def erlang_b(servers: int, offered: Number) -> Number:
    """Return the share of arrivals that find all servers busy where nobody waits. `offered` = load x servers.

    By the recursion B(k) = a B(k-1) / (k + a B(k-1)), in which nothing overflows.
    """
    whole_number("number of servers", servers)
    at_least("offered load", offered)
    blocked = offered * 0 + 1
    for count in range(1, servers + 1):
        blocked = offered * blocked / (count + offered * blocked)
    return blocked


def erlang_c(servers: int, load: Number) -> Number:
    """Return the share of arrivals that must wait in M/M/c. ValueError unless 0 <= load < 1."""
    whole_number("number of servers", servers)
    _require_below_1(load)
    blocked = erlang_b(servers, load * servers)
    return blocked / (1 - load * (1 - blocked))


def mm1_response(load: Number, service: Number) -> Number:
    """Return the mean response time of M/M/1: the service time over the share of time in which nobody is there."""
    _require_below_1(load)
    at_least("mean service time", service)
    return service / (1 - load)


def mmc_response(servers: int, load: Number, service: Number) -> Number:
    """Return the mean response time, waiting and service, of M/M/c."""
    at_least("mean service time", service)
    return service + erlang_c(servers, load) * service / (servers * (1 - load))


def mmc_response_percentile(servers: int, load: float, service: float, percent: float) -> float:
    """Return that percentile of the response time of M/M/c, found by halving.

    Who does not wait needs an exponential service; who does, with probability C, waits as well for an exponential
    time of mean service / (servers (1 - load)).
    """
    at_least("mean service time", service)
    if not (is_finite(percent) and 0 < percent < 100):
        raise ValueError(f"A percentile is above 0 and below 100, not {percent}.")
    waits, rate = erlang_c(servers, load), servers * (1 - load)  # the rate at which the queue moves, per service time

    def longer(time: float) -> float:
        """The share of responses that take longer, time in services."""
        if abs(rate - 1) < 1e-9:
            both = (1 + time) * math.exp(-time)
        else:
            both = (rate * math.exp(-time) - math.exp(-rate * time)) / (rate - 1)
        return (1 - waits) * math.exp(-time) + waits * both

    low, high = 0.0, 1.0
    while longer(high) > 1 - percent / 100:
        high *= 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if longer(middle) > 1 - percent / 100 else (low, middle)
    return service * high


def mg1_wait(load: Number, service: Number, variability: Number) -> Number:
    """Return the mean time that an arrival at random waits for one server (Pollaczek-Khinchine).

    `variability` is that of the service times.
    """
    at_least("load", load)
    return kingman_wait(load, service, load * 0 + 1, variability)


def kingman_wait(load: Number, service: Number, arrival_variability: Number, variability: Number) -> Number:
    """Return about how long one waits for one server, whatever the arrivals (Kingman). Best near a load of 1."""
    _require_below_1(load)
    at_least("mean service time", service)
    at_least("variability of the arrivals", arrival_variability)
    at_least("variability of the service times", variability)
    return load / (1 - load) * (arrival_variability + variability) / 2 * service


def allen_cunneen_wait(
    servers: int, load: Number, service: Number, arrival_variability: Number, variability: Number
) -> Number:
    """Return about how long one waits for the first free of several servers (Allen-Cunneen).

    That of M/M/c, times the mean of the two variabilities; exact for M/M/c and for M/G/1.
    """
    at_least("mean service time", service)
    at_least("variability of the arrivals", arrival_variability)
    at_least("variability of the service times", variability)
    waited = erlang_c(servers, load) * service / (servers * (1 - load))
    return waited * (arrival_variability + variability) / 2


def turned_away(servers: int, places: int, load: Number) -> Number:
    """Return the share of arrivals that M/M/c/K turns away: all servers busy and all `places` to wait taken.

    Here the load may be 1 or more.
    """
    whole_number("number of servers", servers)
    whole_number("number of places", places, least=0)
    at_least("load", load)
    share = erlang_b(servers, load * servers)
    for _ in range(places):
        share = load * share / (1 + load * share)
    return share


def _require_below_1(load: Number) -> None:
    if not (is_finite(load) and 0 <= load < 1):
        raise ValueError(f"The load must be at least 0 and below 1, not {load}: at 1 the queue grows without end.")
