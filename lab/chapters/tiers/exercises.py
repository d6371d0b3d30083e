"""Checkers of the exercises on tiers and their boxes. Each takes the reader's answer and returns a Verdict."""

import math
import random
from collections.abc import Callable, Sequence

from lab.models.tiers import Tier, most_throughput, steady_state
from lab.widgets import checking
from lab.widgets.checking import Outcome, Verdict

# Throughput: the hidden cases
SEED, CASES, MOST_TIERS, MOST_USERS, MOST_MS = 5, 30, 3, 10, 60
SAME, LIKE = 1e-9, 1e-6  # relative: what is right, and what is taken for one of the known mistakes


def throughput(answer: object) -> Verdict:
    """Judge mean value analysis, one box for each demand and no time to think."""
    return checking.function(
        answer,
        _cases(),
        _exact,
        checking.as_number,
        "a number of answers a second",
        _throughput_hint,
        f"your function was tried on {len(_cases())} cases: one to {MOST_TIERS} tiers, and up to {MOST_USERS} users.",
        lambda value, expected: math.isclose(value, expected, rel_tol=SAME),
    )


def _cases() -> list[tuple[list[float], int]]:
    """Return demands in seconds and a number of users: some by hand, then hidden ones."""
    draw = random.Random(SEED)
    cases: list[tuple[list[float], int]] = [([0.012, 0.02], 1), ([0.012, 0.02], 2), ([0.01], 3), ([0.03, 0.01], 8)]
    for _ in range(CASES):
        demands = [draw.randint(1, MOST_MS) / 1000 for _ in range(draw.randint(1, MOST_TIERS))]
        cases.append((demands, draw.randint(1, MOST_USERS)))
    return cases


def _exact(demands: Sequence[float], users: int) -> float:
    return steady_state([Tier(demand) for demand in demands], users).throughput


def _response(demands: Sequence[float], users: int) -> float:
    return steady_state([Tier(demand) for demand in demands], users).response_s


def _bound(demands: Sequence[float], users: int) -> float:
    return most_throughput([Tier(demand) for demand in demands], users)


def _one_fewer(demands: Sequence[float], users: int) -> float:
    return _exact(demands, users - 1) if users > 1 else 0


def _evenly(demands: Sequence[float], users: int) -> float:
    return users / (sum(demands) * (1 + (users - 1) / len(demands)))


def _stepped(
    demands: Sequence[float],
    users: int,
    begin: float = 0,
    queue: Callable[[float, float, float, float], float] = lambda rate, demand, residence, before: rate * residence,
) -> tuple[float, list[float]]:
    """Return the answers a second and the queues of mean value analysis with another beginning, or rule of a queue.

    begin  how many the first user finds in each tier
    queue  gives the requests in a tier from the answers a second, its demand, its residence, and the queue before
    """
    rate, inside = 0.0, [begin] * len(demands)
    for count in range(1, users + 1):
        residence = [demand * (1 + there) for demand, there in zip(demands, inside, strict=True)]
        rate = count / sum(residence)
        inside = [queue(rate, *terms) for terms in zip(demands, residence, inside, strict=True)]
    return rate, inside


def _sees_itself(demands: Sequence[float], users: int) -> float:
    """The answers a second with the queues of n users in the place of those of n - 1, once at the end."""
    _, inside = _stepped(demands, users)
    return users / sum(demand * (1 + there) for demand, there in zip(demands, inside, strict=True))


def _settled(demands: Sequence[float], users: int) -> float:
    """The same, repeated until it no longer changes: each queue is u / (1 - u), and all together are the users."""
    low, high = 0.0, 1 / max(demands)
    for _ in range(100):
        rate = (low + high) / 2
        busy = [rate * demand for demand in demands]
        low, high = (low, rate) if max(busy) >= 1 or sum(u / (1 - u) for u in busy) > users else (rate, high)
    return low


OWN_QUEUE = "A request does not wait for itself. It sees the queues of one user fewer, Q(n - 1)."
MISTAKES: tuple[tuple[Callable[[Sequence[float], int], float], str], ...] = (
    (_bound, "That is the bound, which no arrangement exceeds. Requests get into each other's way before that."),
    (_response, "That is the response time, the sum of R. The answers a second are n over it."),
    (_sees_itself, OWN_QUEUE),
    (_settled, OWN_QUEUE),
    (lambda demands, users: users / sum(demands), "So it would be if nobody ever waited."),
    (lambda demands, users: 1 / max(demands), "That is the most that the bottleneck can do. Few users ask for less."),
    (lambda demands, users: 1 / sum(demands),
     "One box for all would give that. A request waits in a tier for those who are there, and not for all the others."),
    (_one_fewer, "That is the answer for one user fewer. Begin with 1 user and end with all of them."),
    (lambda demands, users: _exact(demands, users + 1), "That is the answer for one user more. End one earlier."),
    (lambda demands, users: _stepped(demands, users, begin=1)[0], "The first user finds empty queues: begin with 0."),
    (_evenly, "You spread the users evenly over the tiers. They stand where the most work is."),
    (lambda demands, users: _stepped(demands, users, queue=lambda rate, demand, residence, before: rate * demand)[0],
     "X times D is how busy a tier is. Who waits is there too: Q = X R."),
    (lambda demands, users:
     _stepped(demands, users, queue=lambda rate, demand, residence, before: before + rate * residence)[0],
     "You add each queue to the one before. With each user it is a new one: Q = X R, and no more."),
)  # fmt: skip


def _throughput_hint(first: Outcome, outcomes: list[Outcome]) -> str:
    results = [checking.as_number(outcome.returned) for outcome in outcomes]

    def is_always(rule: Callable[[Sequence[float], int], float]) -> bool:
        return all(
            result is not None and math.isclose(result, rule(*outcome.arguments), rel_tol=LIKE)
            for result, outcome in zip(results, outcomes, strict=True)
        )

    mistake = next((hint for rule, hint in MISTAKES if is_always(rule)), None)
    return mistake or "For n = 1, 2, ...: R = D (1 + Q) in each tier with the Q of n - 1, X = n / sum of R, Q = X R."
