"""The checkers of the chapter on two clients: what is right, what is nearly right, and what the reader is told."""

import pytest

from lab.chapters.two_clients import exercises as check
from lab.widgets.checking import right
from tests.lab.chapters.checkers import assert_right, assert_wrong


@pytest.mark.parametrize(
    "field",
    [
        "application/json, text/html;q=0.5", "text/html;q=0.5, application/json", "application/json, */*;q=0.1",
        "application/json;q=0.2, text/*;q=0.1", "  application/json, text/html; q=0.999 ",
    ],
)  # fmt: skip
def test_accept_right(field):
    assert_right(check.accept(field))


@pytest.mark.parametrize(
    ("field", "message_part"),
    [
        ("application/json", "406 where only HTML is"),
        ("application/json, text/html;q=0", "406 where only HTML is"),
        ("text/html, application/json", "Give HTML less weight"),
        ("*/*", "Give HTML less weight"),
        ("json", "'json' cannot be read"),
        ("Accept: application/json, text/html;q=0.5", "Leave out the word Accept"),
        ("application/json, text/html;q=.5", "'text/html;q=.5' cannot be read"),
        ("application/json, text/html; q = 0.5", "cannot be read"),
        ("application/json, text/html;q=0,5", "'5' cannot be read"),
        ("application/json; text/html;q=0.5", "'application/json; text/html;q=0.5' cannot be read"),
        ("application/json,\n text/html;q=0.5", "one line of plain letters"),
        ("application/json,\u2003text/html;q=0.5", "one line of plain letters"),
        ("text/html", "Give HTML less weight"),
        ("image/png", "neither of the two"),
        (b"application/json", "A text is expected"),
    ],
)
def test_accept_wrong(field, message_part):
    assert_wrong(check.accept(field), message_part)


@pytest.mark.parametrize(
    ("checker", "answer", "message_part"),
    [
        (check.waiting, 200, "The connection has to be made first"), (check.waiting, 50, "one round trip"),
        (check.waiting, 400, "a new connection for each"), (check.waiting, 125, "not half of it"),
        (check.waiting, 0.25, "These are seconds"), (check.waiting, 300, "knows the address already"),
        (check.waiting, 450, "Count the round trips"), (check.saved, 19, "take one from the other"),
        (check.saved, 10, "in any case"), (check.saved, 11, "with one connection"), (check.saved, 20, "without"),
        (check.saved, 1, "one for one connection"), (check.unchanged, 200, "whole body"),
        (check.unchanged, 204, "nothing to send"), (check.unchanged, 406, "welcomes none"),
        (check.unchanged, 301, "three hundreds"), (check.unchanged, "304", "Leave out the quotes"),
    ],
)  # fmt: skip
def test_numbers_wrong(checker, answer, message_part):
    assert_wrong(checker(answer), message_part)


@pytest.mark.parametrize(("checker", "answer"), [(check.waiting, 250), (check.saved, 9.0), (check.unchanged, 304)])
def test_numbers_right(checker, answer):
    assert_right(checker(answer))


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
