"""Checkers of the exercises on measuring. Each takes the reader's answer and returns a Verdict."""

import random
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from numbers import Integral
from typing import Any

from lab.models.percentiles import percentile
from lab.widgets import checking
from lab.widgets.checking import UNANSWERED, Outcome, Verdict, right, wrong

# Exercise 1
VALUES, PERCENT = 200, 99
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
