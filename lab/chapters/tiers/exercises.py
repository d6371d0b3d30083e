"""Checkers of the exercises on tiers and their boxes. Each takes the reader's answer and returns a Verdict."""

import math
import random
from collections.abc import Callable, Sequence

from lab.models.tiers import Tier, capacity, gain_of_splitting, most_throughput, steady_state
from lab.widgets import checking
from lab.widgets.checking import Outcome, Verdict
from lab.widgets.number_hints import hint_for

# Bottleneck
WEB_MS, DATA_MS = 12, 20
# Gain
MORE_MS, LESS_MS = 24, 16
# Throughput: the hidden cases
SEED, CASES, MOST_TIERS, MOST_USERS, MOST_MS = 5, 30, 3, 10, 60
SAME, LIKE = 1e-9, 1e-6  # relative: what is right, and what is taken for one of the known mistakes


def bottleneck(answer: object) -> Verdict:
    """Judge the requests a second of two tiers, at the most."""
    praise = f"the data tier is full at 1000 / {DATA_MS} a second, and the web box busy {100 * WEB_MS / DATA_MS:.0f} %."
    expected = capacity([Tier(WEB_MS / 1000), Tier(DATA_MS / 1000)])
    return checking.number(answer, expected, 1e-6, _bottleneck_hint, praise)


def _bottleneck_hint(value: float) -> str:
    both, web, data = 1000 / (WEB_MS + DATA_MS), 1000 / WEB_MS, 1000 / DATA_MS
    hints = {
        both: "So it would be with one box for both. Here one tier works on a request while the other has the next.",
        web: "The web tier can do that. The same requests go on to the data tier.",
        data / 1000: "That is a millisecond's. A second has 1,000 of them.",
        2 * both: "So it would be if both tiers had as much to do. They do not: one is full before the other.",
        web + data: "Each request needs both tiers, so what they can do does not add up.",
        (web + data) / 2: "That is the mean of both tiers. The slower one lets no more through than it can do.",
        DATA_MS: "That is the time between two answers, in milliseconds. How often does it fit into a second?",
    }
    return hint_for(value, hints, "How many can each tier do in a second? A request needs both.")


def gain(answer: object) -> Verdict:
    """Judge how many times as much two boxes answer, one for each tier, as one box for both."""
    expected = gain_of_splitting(MORE_MS / 1000, LESS_MS / 1000)
    praise = f"({MORE_MS} + {LESS_MS}) / {MORE_MS}. The web box is full, the other one has a third of its time left."
    return checking.number(answer, expected, expected / 100, _gain_hint, praise)


def _gain_hint(value: float) -> str:
    together, apart = 1000 / (MORE_MS + LESS_MS), 1000 / MORE_MS
    hints: dict[float, str] = {
        2: "Twice as much it is only if both tiers have as much to do. Here one box is full before the other.",
        (MORE_MS + LESS_MS) / LESS_MS: "You divided by the smaller demand. The tier with the larger one is full first.",
        together / apart: "You have turned it round: before over after.",
        MORE_MS / LESS_MS: "That compares the tiers with one another. Compare two boxes with one.",
        LESS_MS / MORE_MS: "So much is added. How many times as much is it in all?",
        apart: f"So many a second it is with two boxes. With one it is {together:g}. How many times as many?",
        together: "So many a second it is with one box. How many with two, and how many times as many is that?",
        apart - together: "So many more a second. How many times as many?",
        100 * apart / together: "That is in per cent. How many times as much is it?",
        1: "One user alone gains nothing. With many, one box works on a request while the other has the next.",
        1.7: "That is near. Give two decimals, or a fraction.",
    }
    return hint_for(value, hints, "How many a second can one box do that has both? Of two, which is full first?")


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
