"""The checkers of the chapter on two clients: what is right, what is nearly right, and what the reader is told."""

import pytest

from lab.chapters.two_clients import exercises as check
from lab.widgets.checking import right
from tests.lab.chapters.checkers import assert_wrong


@pytest.mark.parametrize(
    "function",
    [
        lambda vary, first, second: "*" not in vary and all(first.get(n) == second.get(n) for n in vary),
        lambda vary, first, second: not [n for n in vary if n == "*" or first.get(n) != second.get(n)],
    ],
)
def test_may_answer_right(function):
    assert check.may_answer(function) == right(
        "your function was tried on 65 pairs of requests, some with a field that one of them lacks."
    )


@pytest.mark.parametrize(
    ("function", "message_part"),
    [
        (lambda vary, first, second: first == second, "Only those that Vary names decide"),
        (lambda vary, first, second: all(first.get(n) == second.get(n) for n in vary), "A * in Vary"),
        (
            lambda vary, first, second: "*" not in vary
            and all(first[n] == second[n] for n in vary if n in first and n in second),
            "is a difference too",
        ),
        (lambda vary, first, second: True, "returned True"),
        (lambda vary, first, second: vary != ["*"] and all(first.get(n) == second.get(n) for n in vary), "A * in Vary"),
        (
            lambda vary, first, second: not (vary and vary[0] == "*")
            and all(first.get(n) == second.get(n) for n in vary),
            "A * in Vary",
        ),
        (
            lambda vary, first, second: "*" not in vary and all(first.get(n, "") == second.get(n, "") for n in vary),
            "False is expected",
        ),
        (
            lambda vary, first, second: "*" not in vary
            and all(len(first.get(n, "x" * 99)) == len(second.get(n, "x" * 99)) for n in vary),
            "False is expected",
        ),
        (
            lambda vary, first, second: "*" not in vary
            and all(first.get(n, "-").lower() == second.get(n, "-").lower() for n in vary),
            "False is expected",
        ),
        (lambda vary, first, second: "*" not in vary and set(vary) <= set(first) & set(second), "returned"),
        (lambda vary, first, second: None, "Expected is True or False. Does it end in return?"),
        (lambda vary, first, second: all(first[n] == second[n] for n in vary), "raised KeyError"),
        (True, "A function is expected"),
    ],
)
def test_may_answer_wrong(function, message_part):
    assert_wrong(check.may_answer(function), message_part)
