"""The checkers of the chapter on a full server: what is right, what is nearly right, and what the reader is told."""

import pytest

from lab.chapters.when_full import exercises as check
from lab.chapters.when_full.queue_replay_model import replay
from tests.lab.chapters.checkers import assert_right, assert_wrong


@pytest.mark.parametrize(
    ("checker", "answer"),
    [
        (check.servers_needed, 5), (check.servers_needed, 5.0),
    ],
)  # fmt: skip
def test_numbers_right(checker, answer):
    assert_right(checker(answer))


@pytest.mark.parametrize(
    ("checker", "answer", "hint"),
    [
        (check.servers_needed, 3, "cannot do the work"), (check.servers_needed, 4, "95th percentile is 137 ms"),
        (check.servers_needed, 6, "one fewer"), (check.servers_needed, 4.5, "whole one"),
        (check.servers_needed, 0, "whole one"), (check.servers_needed, -2, "whole one"),
    ],
)  # fmt: skip
def test_numbers_wrong(checker, answer, hint):
    assert_wrong(checker(answer), hint)


def by_recursion(arrivals, services):
    starts = []
    for place, arrival in enumerate(arrivals):
        starts.append(max(arrival, starts[-1] + services[place - 1]) if starts else arrival)
    return starts


@pytest.mark.parametrize(
    "function",
    [
        by_recursion,
        lambda arrivals, services: replay(arrivals, services, 1).starts,
        lambda arrivals, services: tuple(by_recursion(arrivals, services)),
    ],
)
def test_starts_right(function):
    assert_right(check.starts(function), "44 traces")


@pytest.mark.parametrize(
    ("function", "hint"),
    [
        (lambda arrivals, services: arrivals, "So nobody waits"),
        (lambda arrivals, services: replay(arrivals, services, 1).departures, "moments of leaving"),
        (check._back_to_back, "After an idle time"),
        (lambda arrivals, services: replay(arrivals, services, 2).starts, "when both are there"),
        (lambda arrivals, services: [arrivals[0]], "is expected"),
        (lambda arrivals, services: by_recursion(arrivals[:8], services[:8]), "is expected"),
        (lambda arrivals, services: [min(start, 200) for start in by_recursion(arrivals, services)], "is expected"),
        (lambda arrivals, services: None, "Expected is a list of moments. Does it end in return?"),
        (lambda arrivals, services: sum(arrivals), "Expected is a list"),
        (lambda arrivals: arrivals, "raised TypeError"),
        ([0, 10, 20], "A function is expected"),
    ],
)
def test_starts_wrong(function, hint):
    assert_wrong(check.starts(function), hint)


def test_who_empties_the_lists_spoils_nothing():
    def emptying(arrivals, services):
        starts = by_recursion(arrivals, services)
        arrivals.clear()
        return starts

    assert_right(check.starts(emptying))
