"""The checkers of chapter 02: what is right, what is nearly right, and what the reader is told."""

import pytest
from hypothesis import given

from lab.chapters.two_clients import exercises as check
from lab.models.load_time import load_time
from lab.widgets.checking import UNANSWERED, right
from lab.widgets.quiz import quiz
from mysite.web.negotiation import HTML, JSON, best_media_type
from tests.lab.widgets.test_checking import ANYTHING

CHECKERS = (check.accept, check.waiting, check.saved, check.may_answer, check.unchanged)


@pytest.mark.parametrize("checker", CHECKERS)
def test_unanswered(checker):
    assert checker(...) == UNANSWERED


@pytest.mark.parametrize("checker", CHECKERS)
@given(answer=ANYTHING)
def test_never_raises(checker, answer):
    assert checker(answer).state in ("unanswered", "wrong", "right")


@pytest.mark.parametrize(
    "field",
    [
        "application/json, text/html;q=0.5", "text/html;q=0.5, application/json", "application/json, */*;q=0.1",
        "application/json;q=0.2, text/*;q=0.1", "  application/json, text/html; q=0.999 ",
    ],
)  # fmt: skip
def test_accept_right(field):
    assert check.accept(field).state == "right"


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
    verdict = check.accept(field)
    assert verdict.state == "wrong" and message_part in verdict.message


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
    verdict = checker(answer)
    assert verdict.state == "wrong" and message_part in verdict.message


@pytest.mark.parametrize(("checker", "answer"), [(check.waiting, 250), (check.saved, 9.0), (check.unchanged, 304)])
def test_numbers_right(checker, answer):
    assert checker(answer).state == "right"


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
    verdict = check.may_answer(function)
    assert verdict.state == "wrong" and message_part in verdict.message


def test_quiz_is_well_formed_and_says_what_the_site_does():
    questions = quiz("two_clients").spec["questions"]
    rights = [next(option["text"] for option in question["options"] if option["right"]) for question in questions]
    assert len(questions) == 5
    reasons = [option["reason"] for question in questions for option in question["options"]]
    assert all(reason.endswith(".") and len(reason) <= 190 for reason in reasons)
    assert rights[2] == "JSON if there is any, else HTML."
    assert best_media_type("text/html;q=0.5, application/json", (HTML, JSON)) == JSON
    assert best_media_type("text/html;q=0.5, application/json", (HTML,)) == HTML
    assert rights[3] == "Fewer steps that wait for one another."
    assert load_time(6, 0.08, 13_000, 1_250_000, 0.01).seconds == pytest.approx(0.5, rel=0.02)
