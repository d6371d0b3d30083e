"""A server that stands still once, and what two kinds of clients measure of it.

One server, equal service times, one stall. Some clients send on a schedule, whatever happens, and count from the
scheduled moment. One client sends, waits for the answer, thinks, and sends again: during the stall it sends nothing,
so all that it would have measured is missing. That is called coordinated omission. Times are whole microseconds.

Source: derived. The name is Gil Tene's; I. Prisyazhnyy, "On coordinated omission", scylladb.com, 2021-04-22, as
quoted in notes seen 2026-11-29, says what it is and who named it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from lab.models.limits import MOST_STEPS, above, at_least, in_order


@dataclass(frozen=True)
class Stall:
    """The server stands still from `start_us` to before `end_us`."""

    start_us: int
    end_us: int

    def __post_init__(self) -> None:
        """Raise ValueError for a stall that ends before it starts, or has a moment before 0."""
        for moment in (self.start_us, self.end_us):
            at_least("moment of a stall (microseconds)", moment)
        if self.end_us < self.start_us:
            raise ValueError(f"A stall ends after it has started, not at {self.end_us} after {self.start_us} µs.")

    def end_of_work(self, moment_us: int, service_us: int) -> int:
        """Return when work ends that is taken up at this moment: later by what of the stall falls into it."""
        start = self.end_us if self.start_us <= moment_us < self.end_us else moment_us
        end = start + service_us
        return end + self.end_us - self.start_us if start < self.start_us < end else end


def on_schedule(due_us: Sequence[int], service_us: int, stall: Stall) -> list[int]:
    """Return the response times of requests that are sent when they are due, in their order."""
    in_order("moments at which requests are due", due_us)
    at_least("service time (microseconds)", service_us)
    free_at, responses = 0, []
    for due in due_us:
        free_at = stall.end_of_work(max(due, free_at), service_us)
        responses.append(free_at - due)
    return responses


def one_after_the_other(think_us: int, service_us: int, stall: Stall, until_us: int) -> list[tuple[int, int]]:
    """Return (sent, response time) of each request of one client who waits for each answer, from 0 on.

    ValueError for negative times, and where neither thinking nor service takes any: then it never ends.
    """
    at_least("time to think (microseconds)", think_us)
    at_least("service time (microseconds)", service_us)
    at_least("end (microseconds)", until_us)
    above("time from one request to the next (microseconds)", think_us + service_us)
    if until_us / (think_us + service_us) > MOST_STEPS:
        raise ValueError(f"Until {until_us} µs there are more than {MOST_STEPS:,} requests: end sooner.")
    now, requests = 0, []
    while now < until_us:
        answer = stall.end_of_work(now, service_us)
        requests.append((now, answer - now))
        now = answer + think_us
    return requests
