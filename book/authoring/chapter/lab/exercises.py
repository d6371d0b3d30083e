"""Checkers of the exercises. Each takes the reader's answer and returns a Verdict."""

import math

from lab.chapters.TOPIC.inside_model import inside
from lab.widgets import checking
from lab.widgets.checking import Verdict

# Exercises 1, 2 and 4
RATE, SECONDS = 50, 0.02
NUMBER, LONGER_S = 8, 0.04
MOST_INSIDE, SLOW_S = 30, 0.1
# Exercise 3: hidden cases, rates and seconds
CASES = ((0.0, 1.0), (10.0, 0.5), (3.0, 2.5), (200.0, 0.01))


def number_inside(answer: object) -> Verdict:
    """Exercise 1: how many are inside."""
    hint = "Multiply what comes in a second by the seconds that it stays."
    return checking.number(answer, inside(RATE, SECONDS), 1e-6, lambda value: hint, "That is Little's law.")


def rate(answer: object) -> Verdict:
    """Exercise 2: the rate at which so many are inside."""
    hint = "Turn the law round: the number inside, divided by the time."
    return checking.number(answer, NUMBER / LONGER_S, 1e-6, lambda value: hint, "The law works in both directions.")


def law(answer: object) -> Verdict:
    """Exercise 3: the law as a function."""
    return checking.function(
        answer, CASES, inside, checking.as_number, "a number", lambda first, every: "", "It holds for every case.",
        same=lambda value, expected: math.isclose(value, expected, rel_tol=1e-9, abs_tol=1e-9),
    )  # fmt: skip


def most(answer: object) -> Verdict:
    """Exercise 4: the largest rate for so many places."""
    hint = "All places are taken when the number inside is the number of places."
    return checking.number(answer, MOST_INSIDE / SLOW_S, 1e-6, lambda value: hint, "Beyond it somebody waits outside.")
