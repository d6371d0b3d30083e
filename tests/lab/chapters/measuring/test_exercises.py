"""The checkers of the chapter on measuring: what is right, what is nearly right, and what the reader is told."""

from dataclasses import replace

import numpy
import pytest
from hypothesis import given

from lab.chapters.measuring import exercises as check
from lab.chapters.measuring.benchmark import Arm
from lab.chapters.measuring.stall_model import Stall
from lab.models.percentiles import percentile
from tests.lab.chapters.checkers import assert_right, assert_wrong
from tests.lab.widgets.anything import ANYTHING

HTML = Arm("text/html", keep_alive=True, page_cache=False, warm_up=5)
JSON = replace(HTML, accept="application/json")


@pytest.mark.parametrize(
    ("checker", "answer"),
    [(check.longer, 2), (check.longer, 2.0)],
)
def test_numbers_right(checker, answer):
    assert_right(checker(answer))


@pytest.mark.parametrize(
    ("checker", "answer", "hint"),
    [
        (check.longer, 1, "There are 200"), (check.longer, 198, "How many do?"), (check.longer, 199, "twice as many"),
        (check.longer, 0, "hundredth percentile"), (check.longer, 3, "Count the others"),
    ],
)  # fmt: skip
def test_numbers_wrong(checker, answer, hint):
    assert_wrong(checker(answer), hint)


def test_the_numbers_to_try_on_are_those_of_the_exercise():
    values = check.numbers()
    assert len(values) == len(set(values)) == 200
    assert sum(value > percentile(values, 99) for value in values) == 2
    assert values == check.numbers()


@pytest.mark.parametrize(
    "function",
    [
        lambda due, sending, end: [over - planned for planned, over in zip(due, end, strict=True)],
        lambda due, sending, end: tuple(end[place] - due[place] for place in range(len(due))),
    ],
)
def test_on_schedule_right(function):
    assert_right(check.on_schedule(function), "42 logs")


@pytest.mark.parametrize(
    ("function", "hint"),
    [
        (lambda due, sending, end: check._differences(sending, end), "You count from the sending"),
        (lambda due, sending, end: check._differences(due, sending), "how late each was sent"),
        (lambda due, sending, end: end, "had it when it was over"),
        (lambda due, sending, end: sum(end), "Expected is a list of times"),
        (lambda due, sending, end: None, "Does it end in return?"),
        (45, "A function is expected"),
    ],
)
def test_on_schedule_wrong(function, hint):
    assert_wrong(check.on_schedule(function), hint)


def test_fair_right():
    assert_right(check.fair(HTML, JSON))
    assert_right(check.fair(JSON, HTML))  # which one comes first does not matter
    fewer = [replace(arm, keep_alive=False, warm_up=numpy.int64(1), requests=20) for arm in (HTML, JSON)]
    assert_right(check.fair(*fewer))


@pytest.mark.parametrize(
    ("first", "second", "hint"),
    [
        (HTML, HTML, "One arm asks for text/html"),
        (HTML, replace(JSON, accept="image/png"), "One arm asks for text/html"),
        (HTML, replace(JSON, keep_alive=False), "still differ in keep_alive"),
        (HTML, replace(JSON, page_cache=True, warm_up=1), "still differ in page_cache and warm_up"),
        (HTML, replace(JSON, requests=41), "still differ in requests"),
        (replace(HTML, page_cache=True), replace(JSON, page_cache=True), "what is timed is the cache"),
        (replace(HTML, keep_alive="no"), replace(JSON, keep_alive="no"), "Two arms are expected"),
        (replace(HTML, keep_alive=...), replace(JSON, keep_alive=...), "Two arms are expected"),
        (replace(HTML, warm_up=True), replace(JSON, warm_up=True), "Two arms are expected"),
        (replace(HTML, accept=["text/html"]), JSON, "Two arms are expected"),
        (replace(HTML, accept={}), JSON, "Two arms are expected"),
        (replace(HTML, warm_up=0), replace(JSON, warm_up=0), "Warm up both arms"),
        (replace(HTML, requests=5), replace(JSON, requests=5), "at least 20"),
        (..., JSON, "Two arms are expected"), (HTML, None, "Two arms are expected"),
        (Arm, Arm, "Two arms are expected"),
        (Stall(0, 1), HTML, "Two arms are expected"),
    ],
)  # fmt: skip
def test_fair_wrong(first, second, hint):
    assert_wrong(check.fair(first, second), hint)


@given(answer=ANYTHING)
def test_fair_never_raises(answer):
    assert check.fair(answer, HTML).state in ("wrong", "right")
    assert check.fair(HTML, answer).state in ("wrong", "right")
    for name in check.KINDS:
        assert check.fair(replace(HTML, **{name: answer}), JSON).state in ("wrong", "right")
