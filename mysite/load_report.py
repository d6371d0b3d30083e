"""What `python -m mysite load` does: load on a site, and the percentiles of what it took, as text."""

import random
from collections import Counter
from itertools import accumulate

from mysite.load import FAILED, GAVE_UP, Load, Result, percentiles, put_on

PERCENTS = (50, 95, 99, 100)
MICRO = 1_000_000
SEED = 1
WORDS = {FAILED: "without an answer", GAVE_UP: "given up"}


def report(port: int, target: str, users: int, rate: float | None, seconds: float) -> str:
    """Put load on the server at `port`, and return the lines of `describe`.

    target   the path, with its query
    users    so many ask again as soon as they are answered, unless there is a rate
    rate     requests a second that come at random, in place of users; None: users
    seconds  for so long
    """
    path = target.replace("{", "{{").replace("}", "}}")  # a path of a Load has the request's number for {}
    if rate is None:
        return describe(put_on(Load(port, path, users=users, seconds=seconds), timeout_s=seconds + 60), seconds)
    draws = random.Random(SEED)
    gaps = (draws.expovariate(rate) * MICRO for _ in range(max(1, round(rate * seconds))))
    schedule = [round(moment) for moment in accumulate(gaps)]
    lasts = max(seconds, schedule[-1] / MICRO)
    return describe(put_on(Load(port, path, schedule_us=schedule), timeout_s=lasts + 60), lasts)


def describe(result: Result, seconds: float) -> str:
    """A result in words: lines for the answers, the throughput and the percentiles, and one of warning.

    The throughput is over the time for which load was put on, `seconds`, or until the last request was over.
    """
    statuses = Counter(WORDS.get(request.status, str(request.status)) for request in result.requests)
    lines = ["answers: " + ", ".join(f"{count:,} {status}" for status, count in sorted(statuses.items()))]
    answered = result.answered()
    if answered:
        begin_us = min(request.due_us for request in result.requests)
        end_us = max(request.over_us for request in result.requests)
        lines.append(f"{len(answered) / max(seconds, (end_us - begin_us) / MICRO):,.1f} answers of 200 a second")
        values = zip(PERCENTS, percentiles([request.latency_us for request in answered], PERCENTS), strict=True)
        times = ", ".join(f"{percent} % within {value / 1000:,.1f}" for percent, value in values)
        lines.append(f"milliseconds: {times}")
    if result.requests and result.was_bottleneck:
        lines.append("The load generator was too busy or too late: this says nothing about the site.")
    return "\n".join(lines)
