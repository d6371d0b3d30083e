"""Checkers of the exercises on a server that is full. Each takes the reader's answer and returns a Verdict."""

import random
from functools import cache
from typing import Any

from lab.chapters.when_full.queue_replay_model import replay
from lab.models.percentiles import percentile
from lab.models.traces import arrivals_at_random, service_times
from lab.widgets import checking
from lab.widgets.checking import Outcome, Verdict

# Exercise 4: the hidden traces
SEED, TRACES, LONG = 3, 40, 300
# Exercise 5
BUSY_RATE, SERVICE_MS, LIMIT_MS, PERCENT, CUSTOMERS = 180, 20, 100, 95, 20_000


def starts(answer: object) -> Verdict:
    """Check exercise 4: when each customer of one server begins, from the arrivals and the service times."""
    return checking.function(
        answer,
        _traces(),
        lambda arrivals, services: list(replay(arrivals, services, 1).starts),
        lambda returned: list(returned) if isinstance(returned, list | tuple) else None,
        "a list of moments",
        _starts_hint,
        f"your function was tried on {len(_traces())} traces, with idle times, with bursts, and with nobody at all.",
    )


def _traces() -> list[tuple[list[int], list[int]]]:
    """Return traces (arrivals, service times): one by hand, an empty one, one of a burst, and hidden ones."""
    draw = random.Random(SEED)
    traces: list[tuple[list[int], list[int]]] = [([0, 1, 20], [10, 5, 3]), ([], []), ([4, 4, 4], [2, 2, 2])]
    for _ in range(TRACES):
        count = draw.randint(1, 8)
        arrivals = sorted(draw.randint(0, 40) for _ in range(count))
        traces.append((arrivals, [draw.randint(0, 15) for _ in range(count)]))
    arrivals, services = busy_trace()  # a long one, in microseconds, before one server that cannot keep up
    return [*traces, (arrivals[:LONG], services[:LONG])]


def _starts_hint(first: Outcome, outcomes: list[Outcome]) -> str:
    results = [outcome.returned for outcome in outcomes]

    def is_always(rule: Any) -> bool:
        return results == [rule(*outcome.arguments) for outcome in outcomes]

    if is_always(lambda arrivals, services: list(arrivals)):
        return "So nobody waits. A server does one after the other."
    if is_always(lambda arrivals, services: list(replay(arrivals, services, 1).departures)):
        return "These are the moments of leaving. Take the service time off again."
    if is_always(_back_to_back):
        return "After an idle time the server begins when the customer comes, not when it became free."
    return "Each begins when both are there: the customer, and the server that the one before has left."


def _back_to_back(arrivals: list[int], services: list[int]) -> list[int]:
    starts, moment = [], arrivals[0] if arrivals else 0
    for service in services:
        starts.append(moment)
        moment += service
    return starts


def servers_needed(answer: object) -> Verdict:
    """Check exercise 5: the fewest servers with which 95 of 100 are answered within 100 ms."""
    fewest = _fewest()
    before, after = _p95_ms(fewest - 1), _p95_ms(fewest)
    praise = f"with one fewer the 95th percentile is {before:.0f} ms, with so many {after:.0f} ms."
    return checking.number(answer, fewest, 1e-6, _servers_hint, praise)


def _servers_hint(value: float) -> str:
    if value != int(value) or value < 1:
        return "A number of servers is a whole one, 1 or more."
    if value * 1000 / SERVICE_MS <= BUSY_RATE:
        return "So few cannot do the work: the queue grows for as long as requests come."
    if value < _fewest():
        return f"With so many the 95th percentile is {_p95_ms(int(value)):.0f} ms."
    return "That is enough. Would one fewer be enough too?"


def _fewest() -> int:
    count = BUSY_RATE * SERVICE_MS // 1000 + 1
    while _p95_ms(count) >= LIMIT_MS:
        count += 1
    return count


@cache
def _p95_ms(servers: int) -> float:
    arrivals, services = busy_trace()
    return percentile(replay(arrivals, services, servers).responses, PERCENT) / 1000


def busy_trace() -> tuple[list[int], list[int]]:
    """Return the trace of exercise 5: arrivals and service times in microseconds."""
    return arrivals_at_random(BUSY_RATE, CUSTOMERS, SEED), service_times(SERVICE_MS * 1000, 1, CUSTOMERS, SEED + 1)
