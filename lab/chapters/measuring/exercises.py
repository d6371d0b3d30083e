"""Checkers of the exercises on measuring. Each takes the reader's answer and returns a Verdict."""

import random
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from numbers import Integral
from typing import Any

from lab.models.percentiles import all_fast, percentile
from lab.widgets import checking
from lab.widgets.checking import UNANSWERED, Outcome, Verdict, right, wrong

# Exercise 1
VALUES = 200
# Exercise 2
REQUESTS, PERCENT = 40, 99
# Exercise 3
USERS, SERVERS, SERVICE_MS = 12, 4, 20
# Exercise 4
SEED, TRACES = 4, 40
# Exercise 5: what the settings of an arm are; a numpy integer is one too
KINDS: Mapping[str, type] = {
    "accept": str, "keep_alive": bool, "page_cache": bool, "warm_up": Integral, "requests": Integral,
}  # fmt: skip


def longer(answer: object) -> Verdict:
    """Check exercise 1: of 200 response times, how many are longer than the 99th percentile (all different)."""
    praise = "99 % of 200 are 198, so the percentile is the 198th, and two are longer."
    return checking.number(answer, 2, 1e-6, _longer_hint, praise)


def _longer_hint(value: float) -> str:
    hints: dict[float, str] = {
        1: "That is one per cent of 100. There are 200.",
        198: "So many do not exceed it. How many do?",
        199: "99 of 100, so of 200 it is twice as many that do not exceed it.",
        0: "Longer than all of them only the hundredth percentile is.",
    }
    return hints.get(value, "99 of 100 values do not exceed it. Count the others.")


def all_within(answer: object) -> Verdict:
    """Check exercise 2: how many of 100 page views have no request beyond the 99th percentile."""
    expected = 100 * all_fast(PERCENT, REQUESTS)
    praise = f"0.99 to the power of {REQUESTS} is {expected / 100:.2f}: one view in three meets the slowest hundredth."
    return checking.number(answer, round(expected), 0.05, _all_within_hint, praise)


def _all_within_hint(value: float) -> str:
    if abs(value - 99) < 0.5:
        return "That holds for one request. A view makes forty, and all have to be quick."
    if abs(value - 60) < 0.5:
        return "You took forty times one per cent off. That counts views twice which meet two slow requests."
    if abs(value - 33) < 0.7:
        return "So many views meet a slow request. How many meet none?"
    if 0 < value < 1:
        return "That is a share. Of 100 views, how many?"
    if abs(value - 100 * all_fast(PERCENT, REQUESTS)) < 1:
        return "That is near. Give the nearest whole number."
    return "Each request is quick with a chance of 0.99, and all forty have to be, one and the next and the next."


def response(answer: object) -> Verdict:
    """Check exercise 3: the mean response time that 12 users see who keep four servers busy."""
    expected = USERS * SERVICE_MS / SERVERS
    praise = "four servers of 20 ms give 200 answers a second, and by Little's law 12 inside wait 12 / 200 s."
    return checking.number(answer, expected, 1e-6, _response_hint, praise)


def _response_hint(value: float) -> str:
    hints: dict[float, str] = {
        20: "That is the service time. Only four of the twelve are served at once.",
        0.06: "These are seconds. Milliseconds are asked for.",
        240: "So it would be with one server. There are four.",
        40: "That is the waiting. The service comes on top.",
    }
    return hints.get(round(value, 6), "Little's law: N = X R. All servers are busy, so X is what they can do.")


def on_schedule(answer: object) -> Verdict:
    """Check exercise 4: response times of one server, from when requests were due, though they were sent late."""
    return checking.function(
        answer,
        _traces(),
        lambda due_times, send_times, end_times: _differences(due_times, end_times),
        lambda returned: list(returned) if isinstance(returned, list | tuple) else None,
        "a list of times",
        _on_schedule_hint,
        f"your function was tried on {len(_traces())} logs, with requests sent late and on time.",
    )


def _differences(starts: list[int], ends: list[int]) -> list[int]:
    return [end - start for start, end in zip(starts, ends, strict=True)]


def _traces() -> list[tuple[list[int], list[int], list[int]]]:
    """Return logs, when each request was due, sent and over: one by hand, an empty one, and hidden ones."""
    draw = random.Random(SEED)
    logs: list[tuple[list[int], list[int], list[int]]] = [([0, 10, 20], [0, 45, 50], [3, 48, 53]), ([], [], [])]
    for _ in range(TRACES):
        due_times = sorted(draw.randint(0, 90) for _ in range(draw.randint(1, 6)))
        send_times = [moment + draw.choice((0, 0, 7, 30)) for moment in due_times]
        logs.append((due_times, send_times, [moment + draw.randint(1, 9) for moment in send_times]))
    return logs


def _on_schedule_hint(first: Outcome, outcomes: list[Outcome]) -> str:
    results = [outcome.returned for outcome in outcomes]

    def is_always(rule: Any) -> bool:
        return results == [rule(*outcome.arguments) for outcome in outcomes]

    if is_always(lambda due_times, send_times, end_times: _differences(send_times, end_times)):
        return "You count from the sending. The time for which a request was held back is then forgotten."
    if is_always(lambda due_times, send_times, end_times: _differences(due_times, send_times)):
        return "That is how late each was sent. When was it over?"
    return "A user wanted the answer when the request was due, and had it when it was over."


def fair(first: object, second: object) -> Verdict:
    """Check exercise 5: two arms that differ in nothing but the representation that they ask for."""
    if first is ... and second is ...:
        return UNANSWERED
    one, other = _settings(first), _settings(second)
    if one is None or other is None:
        return wrong(
            "Two arms are expected: Arm(accept=..., keep_alive=..., page_cache=..., warm_up=...), with a text, True or"
            " False twice, and a whole number."
        )
    if {one["accept"], other["accept"]} != {"text/html", "application/json"}:
        return wrong("One arm asks for text/html, the other for application/json: that is what is compared.")
    if differing := [name for name in one if name != "accept" and one[name] != other[name]]:
        return wrong(f"The arms still differ in {' and '.join(differing)}: then the time may come from there.")
    if one["page_cache"]:
        return wrong("Both take finished pages from the cache, so what is timed is the cache. Switch it off in both.")
    if one["warm_up"] < 1:
        return wrong("Warm up both arms, with one request at least: the first one opens and fills what others find.")
    if one["requests"] < 20:
        return wrong("Time at least 20 requests in each arm: with fewer the median is chance.")
    return right("nothing but the representation differs now, so a difference in time is one of the representations.")


def _settings(arm: object) -> Mapping[str, Any] | None:
    """Return the settings of an arm by name, None for what is none, or has a setting of another kind."""
    if not is_dataclass(arm) or isinstance(arm, type) or {field.name for field in fields(arm)} != KINDS.keys():
        return None
    settings = {field.name: getattr(arm, field.name) for field in fields(arm)}
    # True is an integer too, and no number of requests
    fit = all(isinstance(value, KINDS[name]) and (isinstance(value, bool) == (KINDS[name] is bool))
              for name, value in settings.items())  # fmt: skip
    return settings if fit else None


def numbers() -> list[int]:
    """Return response times for a reader to try percentiles on: 200 different ones, in milliseconds."""
    values = random.Random(SEED).sample(range(10, 900), VALUES)
    assert sum(value > percentile(values, PERCENT) for value in values) == 2
    return values
