"""What `python -m mysite load` does: load on a site, and the percentiles of what it took, as text."""

import random
from collections import Counter

from mysite.load import FAILED, GAVE_UP, Load, Request, Result, percentiles, put_on
from mysite.web.statuses import PHRASES

PERCENTS = (50, 95, 99, 100)
MICRO = 1_000_000
SEED = 1
PATIENCE_S = 30
REQUESTS_A_SECOND = 500  # so many a slow machine sends at least
SPARE_S = 60  # for the start, and for the last answers
REASONS = 5
WORDS = {FAILED: "without an answer", GAVE_UP: "given up"}


def report(port: int, target: str, users: int, rate: float | None, seconds: float) -> str:
    """Put load on the server at `port`, and return the lines of `describe`.

    target   the path, with its query
    users    so many ask again as soon as they are answered, unless there is a rate
    rate     requests a second that come at random, in place of users; None: users
    seconds  for so long
    """
    path = target.replace("{", "{{").replace("}", "}}")  # a path of a Load has the request's number for {}
    schedule: list[int] = []
    if rate is not None:
        # so many moments anywhere in this time: requests that come at random, and the last one not after the end
        draws = random.Random(SEED)
        schedule = sorted(round(draws.uniform(0, seconds * MICRO)) for _ in range(max(1, round(rate * seconds))))
        users = 0
    load = Load(port, path, schedule, users, seconds, patience_s=PATIENCE_S)
    timeout_s = seconds + len(schedule) / REQUESTS_A_SECOND + SPARE_S
    return describe(put_on(load, timeout_s), seconds)


def describe(result: Result, seconds: float) -> str:
    """A result in words: lines for the answers, what failed, the throughput and the percentiles, and one of warning.

    The throughput is over the time for which load was put on, `seconds`, or until the last request was over.
    """
    statuses = Counter(WORDS.get(request.status, str(request.status)) for request in result.requests)
    lines = ["answers: " + ", ".join(f"{count:,} {status}" for status, count in sorted(statuses.items()))]
    lines += failures(result.requests)
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


def failures(requests: list[Request]) -> list[str]:
    """A line for each reason for which requests were not answered 200, the most frequent first, and not all of many."""
    reasons = Counter((request.status, request.reason) for request in requests if request.status != 200)
    lines = [
        f"{count:,} {WORDS.get(status) or status_in_words(status)}" + (f": {why}" if why else "")
        for (status, why), count in reasons.most_common(REASONS)
    ]
    rest = len(reasons) - len(lines)
    return [*lines, f"other reasons: {rest}"] if rest > 0 else lines


def status_in_words(status: int) -> str:
    """A status as HTTP writes it: 503 Service Unavailable."""
    return f"{status} {PHRASES.get(status, '')}".rstrip()
