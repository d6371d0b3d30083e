"""What a queue did, customer by customer: given when each arrived and how long each was served.

Exact for any trace: nothing is assumed of arrivals or service times. Customers are served in order of arrival, each
by the first of `servers` equal servers that is free. Times are whole microseconds, so that sums are exact; where
one leaves and another arrives in the same microsecond, the one that leaves is gone.

Source: derived from the definition. For one server the recursion is Lindley's, for several Kiefer and Wolfowitz's;
the tests hold it against a queue that is stepped through microsecond by microsecond.
"""

import heapq
import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy
from numpy.typing import NDArray

from lab.models.limits import durations, finite_numbers, in_order, whole_number

Times = Sequence[int]


@dataclass(frozen=True)
class Replay:
    """When each customer arrived, started to be served and departed, in microseconds, in order of arrival."""

    arrivals: Times
    starts: Times
    departures: Times

    @property
    def responses(self) -> list[int]:
        """How long each was inside, waiting and served."""
        return [departure - arrival for arrival, departure in zip(self.arrivals, self.departures, strict=True)]

    @property
    def waits(self) -> list[int]:
        """How long each waited."""
        return [start - arrival for arrival, start in zip(self.arrivals, self.starts, strict=True)]

    @property
    def services(self) -> list[int]:
        """How long each was served."""
        return [departure - start for start, departure in zip(self.starts, self.departures, strict=True)]

    def in_system(self) -> list[tuple[int, int]]:
        """Return the number of customers that are inside, as steps: from each moment on, so many. It ends with 0."""
        return steps(self.arrivals, self.departures)

    def waiting(self) -> list[tuple[int, int]]:
        """Return the number of customers that wait, as steps."""
        return steps(self.arrivals, self.starts)


def replay(arrivals: Times, services: Times, servers: int) -> Replay:
    """Serve the trace in order of arrival, on so many servers. Arrivals and service times are in microseconds.

    ValueError where the two have not the same length, where the trace is not in order, or with a negative time.
    """
    check(arrivals, services, servers)
    free_at = [min(arrivals, default=0)] * servers  # when each server is next free: a heap
    starts, departures = [], []
    first_free, replace = free_at[0], heapq.heapreplace
    for arrival, service in zip(arrivals, services, strict=True):
        start = arrival if arrival > first_free else first_free
        starts.append(start)
        departures.append(start + service)
        replace(free_at, start + service)
        first_free = free_at[0]
    return Replay(arrivals, starts, departures)


def response_times(arrivals: Times, services: Times, servers: int) -> NDArray[numpy.int64]:
    """Return the responses of the replay of a trace, the same to the microsecond, many times as fast where it can be.

    It can with one server, and where all services are alike: then customers depart in the order in which they came,
    so that with c servers each c-th customer has the same one, and every server is a queue of its own.
    """
    check(arrivals, services, servers)
    if servers > 1 and len({*services}) > 1:
        queue = replay(arrivals, services, servers)
        return numpy.array(queue.departures) - numpy.array(arrivals)
    missing = -len(arrivals) % servers  # customers who fill the last row: they come last and need no time
    last = arrivals[-1] if arrivals else 0
    arrived = numpy.array([*arrivals, *[last] * missing], numpy.int64).reshape(-1, servers)
    work = numpy.array([*services, *[0] * missing], numpy.int64).reshape(-1, servers)
    worked = work.cumsum(axis=0)
    # since a customer who found the server free, it has worked without a pause: that was the latest such start
    departures = numpy.maximum.accumulate(arrived - (worked - work), axis=0) + worked
    return (departures - arrived).ravel()[: len(arrivals)]


def steps(ups: Times, downs: Times) -> list[tuple[int, int]]:
    """Return a count that grows by one at each of `ups` and falls by one at each of `downs`, as (moment, count)."""
    finite_numbers("moments", ups)
    finite_numbers("moments", downs)
    changes: dict[int, int] = {}
    for moments, change in ((ups, 1), (downs, -1)):
        for moment in moments:
            changes[moment] = changes.get(moment, 0) + change
    count, counts = 0, []
    for moment in sorted(changes):
        if changes[moment]:
            count += changes[moment]
            counts.append((moment, count))
    return counts


def area(counts: Sequence[tuple[int, int]]) -> int:
    """Return the area under such steps, in customer-microseconds: the time-average of the count, times the time."""
    in_order("moments of the steps", [moment for moment, _ in counts])
    return sum(count * (after - moment) for (moment, count), (after, _) in itertools.pairwise(counts))


def check(arrivals: Times, services: Times, servers: int) -> None:
    """Raise ValueError, with what is wrong, for what is no trace."""
    if len(arrivals) != len(services):
        raise ValueError(f"{len(arrivals)} arrivals have {len(services)} service times: give one for each.")
    whole_number("number of servers", servers)
    in_order("arrivals", arrivals)
    durations("service times (microseconds)", services)
