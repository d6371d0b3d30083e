"""A full server and clients that do not wait for ever: how many answers come in time to be of use.

A client whose answer has not come within `patience` goes away and asks once more. The server does not notice: it
works through the request of a client that has left as it does through any other. With a limited number of places
to wait, who finds them all taken is told so at once (503), waits `retry_after` and asks once more.

Goodput counts the answers that came within the patience of the attempt that they answer. Times are whole
microseconds. Exact for a given trace, by stepping from attempt to attempt; the tests hold it against the plain
replay where nobody is impatient.
"""

import heapq
import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from lab.chapters.when_full.queue_replay_model import Times, check
from lab.models.limits import at_least

ATTEMPTS = 2


@dataclass(frozen=True)
class Outcome:
    """What became of the customers.

    customers  number of those who came
    attempts   their requests, the first ones and the repeated ones
    refused    requests that found no place
    in_time    customers who had their answer within their patience
    wasted     answers to nobody: the client had left
    last_us    when the last answer was ready, in microseconds like all moments
    answers    when those in time were ready, in no order
    """

    customers: int
    attempts: int
    refused: int
    in_time: int
    wasted: int
    last_us: int
    answers: tuple[int, ...] = field(default=(), compare=False, repr=False)

    def answered_by(self, moment_us: int) -> int:
        """Return how many had their answer, within their patience, before this moment."""
        return sum(ready < moment_us for ready in self.answers)


def impatient(
    arrivals: Times, services: Sequence[Times], servers: int,
    patience: float = math.inf, places: float = math.inf, retry_after: int = 0,
) -> Outcome:
    """Serve a trace of clients with this patience, before a queue of so many places. All times are microseconds.

    `services[attempt][customer]` is how long that attempt takes to serve. ValueError for what is no trace, and for a
    patience, places or a pause of less than 0.
    """
    for what, value in (("patience (microseconds)", patience), ("number of places", places)):
        if value != math.inf:
            at_least(what, value)
    at_least("pause before a refused client asks again (microseconds)", retry_after)
    for service_times in services:
        check(arrivals, service_times, servers)
    if len(services) != ATTEMPTS:
        raise ValueError(f"{ATTEMPTS} attempts need {ATTEMPTS} rows of service times, not {len(services)}.")
    requests = [(arrival, customer, 0) for customer, arrival in enumerate(arrivals)]  # sorted, so a heap
    free_at = [min(arrivals, default=0)] * servers
    inside: list[int] = []  # when each of those who are inside departs: a heap
    answers: list[int] = []
    attempts = refused = wasted = last = 0
    while requests:
        now, customer, attempt = heapq.heappop(requests)
        attempts += 1
        while inside and inside[0] <= now:
            heapq.heappop(inside)
        if len(inside) >= servers + places:
            refused += 1
            next_attempt = now + retry_after
        else:
            departure = max(now, free_at[0]) + services[attempt][customer]
            heapq.heapreplace(free_at, departure)
            heapq.heappush(inside, departure)
            last = max(last, departure)
            if departure - now <= patience:
                answers.append(departure)
                continue
            wasted += 1
            next_attempt = now + int(patience)
        if attempt + 1 < ATTEMPTS:
            heapq.heappush(requests, (next_attempt, customer, attempt + 1))
    return Outcome(len(arrivals), attempts, refused, len(answers), wasted, last, tuple(answers))
