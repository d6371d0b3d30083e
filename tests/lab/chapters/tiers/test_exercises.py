"""The checkers on tiers and boxes: right answers, nearly right ones, and what the reader reads."""

import itertools
from fractions import Fraction

import numpy
import pytest

from lab.chapters.tiers import exercises as check
from tests.lab.chapters.checkers import assert_right, assert_wrong


def of_its_tier(inside, own):
    return own


def by_little(rate, demand, residence):
    return rate * residence


def by_steps(demands, users, begin=0.0, before=of_its_tier, queue=by_little):
    """Mean value analysis, or what becomes of it with another rule."""
    inside = [begin] * len(demands)
    for count in range(1, users + 1):
        residence = [demand * (1 + before(inside, own)) for demand, own in zip(demands, inside, strict=True)]
        rate = count / sum(residence)
        inside = [queue(rate, *times) for times in zip(demands, residence, strict=True)]
    return rate


def by_recursion(demands, users):
    """The same from the top down, in exact fractions."""

    def queues(count):
        if count == 0:
            return [Fraction(0)] * len(demands), None
        residence = [
            Fraction(demand) * (1 + there) for demand, there in zip(demands, queues(count - 1)[0], strict=True)
        ]
        rate = count / sum(residence)
        return [rate * seconds for seconds in residence], rate

    return queues(users)[1]


def settled(demands, users):
    """The queues of as many users as there are, until they no longer change."""
    inside = [users / len(demands)] * len(demands)
    for _ in range(20_000):
        residence = [demand * (1 + there) for demand, there in zip(demands, inside, strict=True)]
        rate = users / sum(residence)
        inside = [rate * seconds for seconds in residence]
    return rate


def emptying(demands, users):
    """It empties its argument."""
    rate = by_steps(demands, users)
    demands.clear()
    return rate


def adding(demands, users):
    inside = [0] * len(demands)
    for count in range(1, users + 1):
        residence = [demand * (1 + there) for demand, there in zip(demands, inside, strict=True)]
        rate = count / sum(residence)
        inside = [there + rate * seconds for there, seconds in zip(inside, residence, strict=True)]
    return rate


def with_its_own_queue(demands, users):
    inside = [0] * len(demands)
    for count in range(1, users + 1):
        residence = [demand * (1 + there) for demand, there in zip(demands, inside, strict=True)]
        inside = [count / sum(residence) * seconds for seconds in residence]
    return users / sum(demand * (1 + there) for demand, there in zip(demands, inside, strict=True))


@pytest.mark.parametrize(
    "function",
    [
        by_steps,
        by_recursion,
        emptying,
        lambda demands, users: numpy.float64(by_steps(demands, users)),
        lambda demands, users: by_steps(demands, users) * (1 + 1e-10),
    ],
)
def test_throughput_right(function):
    assert_right(check.throughput(function), "34 cases: one to 3 tiers")


@pytest.mark.parametrize(
    ("function", "hint"),
    [
        (lambda demands, users: min(users / sum(demands), 1 / max(demands)), "That is the bound"),
        (lambda demands, users: users / by_steps(demands, users), "That is the response time"),
        (with_its_own_queue, "does not wait for itself"),
        (settled, "does not wait for itself"),
        (lambda demands, users: users / sum(demands), "nobody ever waited"),
        (lambda demands, users: 1 / max(demands), "the bottleneck can do"),
        (lambda demands, users: by_steps(demands, users, before=lambda inside, own: sum(inside)), "One box for all"),
        (lambda demands, users: by_steps(demands, users - 1) if users > 1 else 0, "one user fewer. Begin with 1"),
        (lambda demands, users: by_steps(demands, users + 1), "one user more"),
        (lambda demands, users: by_steps(demands, users, begin=1), "empty queues"),
        (lambda demands, users: users / sum(demand * (1 + (users - 1) / len(demands)) for demand in demands), "evenly"),
        (lambda demands, users: by_steps(demands, users, queue=lambda rate, demand, residence: rate * demand),
         "how busy a tier is"),
        (adding, "You add each queue"),
        (lambda demands, users: by_steps(demands, users) * (1 + 1e-8), "Q of n - 1"),
        (lambda demands, users: 7, "Q of n - 1"),
        (lambda demands, users: float("nan"), "Q of n - 1"),
        (lambda demands, users: by_steps(demands, min(users, 3)), "Q of n - 1"),
        (lambda demands, users: demands, "Expected is a number of answers a second"),
        (lambda demands, users: None, "Does it end in return?"),
        (lambda demands: 1, "raised TypeError"),
        (lambda demands, users: by_steps(demands, users - 1), "raised UnboundLocalError"),
        (31.25, "A function is expected"),
    ],
)  # fmt: skip
def test_throughput_wrong(function, hint):
    assert_wrong(check.throughput(function), hint)


def test_throughput_shows_the_first_case():
    assert check.throughput(lambda demands, users: 50).message.startswith(
        "For [0.012, 0.02], 1 your function returned 50, and 31.25 is expected."
    )


def test_no_mistake_is_taken_for_another_one():
    """Each differs from the right answer and from those with another hint, somewhere in the cases."""
    answers = [([rule(*case) for case in check._cases()], hint) for rule, hint in check.MISTAKES]
    answers.append(([check._exact(*case) for case in check._cases()], "right"))
    for (one, hint), (other, another) in itertools.combinations(answers, 2):
        assert hint == another or any(abs(a - b) > 1e-4 * a for a, b in zip(one, other, strict=True))
