"""Verdicts and what they are made of: exact messages, and no exception whatever is given."""

import itertools
import math
import time
from decimal import Decimal
from fractions import Fraction
from functools import partial

import numpy
import pytest
from hypothesis import given

from lab.drawing import colours
from lab.widgets import checking
from lab.widgets.checking import UNANSWERED, Outcome, Verdict, right, wrong
from tests.lab.widgets.anything import ANYTHING, Unwilling, UnwillingError, UnwillingNumber


@pytest.mark.parametrize(
    "verdict, text, sign, token",
    [
        (UNANSWERED, "not answered yet: replace the three dots", "○", "soft"),
        (wrong("a < b."), "not yet: a < b.", "✗", "full"),
        (right("indeed."), "right: indeed.", "✓", "data"),
    ],
)
def test_verdict_says_its_state_in_words_sign_and_colour(verdict, text, sign, token):
    assert repr(verdict) == text
    page = verdict._repr_html_()
    word = checking.LOOKS[verdict.state][1]
    assert page == (
        f'<div class="verdict" role="status" style="padding:10px 16px;border-left:5px solid {colours.variable(token)};'
        f"border-radius:6px;background:{colours.variable('panel')};color:{colours.variable('ink')};"
        f'font-family:var(--sans,system-ui,sans-serif);line-height:1.45;overflow-wrap:anywhere">'
        f'<strong style="color:{colours.variable(token)}"><span aria-hidden="true">{sign}</span> {word}:</strong> '
        f"{verdict.message.replace('<', '&lt;')}</div>{checking.IN_JUPYTERLAB}"
    )
    assert "[data-jp-theme-light=false] :is(.verdict){color-scheme:dark;" in checking.IN_JUPYTERLAB
    assert word.lower() == text.partition(":")[0]


def test_states():
    assert (UNANSWERED.state, wrong("").state, right("").state) == ("unanswered", "wrong", "right")
    assert len({UNANSWERED, wrong(""), right(""), right("")}) == 3


@pytest.mark.parametrize(
    "value, text",
    [
        ("540", "the text '540'"),
        (540, "the number 540"),
        (0.5, "the number 0.5"),
        (True, "the truth value True"),
        (b"a", "the bytes b'a'"),
        (None, "None"),
        ([1, 2], "a value of type list: [1, 2]"),
        (Unwilling(), "a value of type Unwilling: a value that cannot be shown"),
        (numpy.arange(3).reshape(3, 1), "a value of type ndarray: array([[0], [1], [2]])"),
    ],
)
def test_description(value, text):
    assert checking.description(value) == text


def test_a_function_is_described_by_its_name():
    def hits_of():
        pass

    assert checking.description(hits_of) == "the function hits_of"


def test_shown_hides_addresses_and_cuts():
    assert checking.as_shown(object()) == "<object object>"
    assert checking.as_shown("a" * 158) == f"'{'a' * 158}'"
    assert checking.as_shown("a" * 159) == f"'{'a' * 158}…"


@pytest.mark.parametrize("value", [2, 2.0, Fraction(2), Decimal(2), numpy.int64(2), numpy.float32(2)])
def test_as_number_takes_every_real_number(value):
    assert checking.as_number(value) == 2.0
    assert type(checking.as_number(value)) is float


@pytest.mark.parametrize("value", [True, "2", 2j, None, [2], b"2", Unwilling(), UnwillingNumber(2)])
def test_as_number_refuses_the_rest(value):
    assert checking.as_number(value) is None


def test_as_number_of_one_too_large():
    assert math.isnan(checking.as_number(10**400))


def judge_half(answer):
    return checking.number(answer, Fraction(1, 2), 0.25, lambda value: f"{value} is not it.", "so it is.")


def test_number():
    assert judge_half(...) == UNANSWERED
    assert judge_half(0.25) == judge_half(0.75) == right("so it is.")
    assert judge_half(0.76) == wrong("0.76 is not it.")
    assert judge_half(0.24) == wrong("0.24 is not it.")
    assert judge_half("0.5") == wrong("You gave the text '0.5'. A number is expected. Leave out the quotes.")
    assert judge_half(None) == wrong("You gave None. A number is expected.")
    assert judge_half(math.inf) == wrong("You gave the number inf. A finite number is expected.")


INPUTS = [([1, 2], 1), ([5], 5), ([], 0)]


def judge_sum(answer, correct=lambda numbers, extra: sum(numbers) + extra, read=checking.as_number):
    return checking.function(
        answer, INPUTS, correct, read, "a number", lambda first, outcomes: f"Of {len(outcomes)}.", "so it is."
    )


def test_function_right_even_when_it_spoils_its_argument():
    def total(numbers, extra):
        while numbers:
            extra += numbers.pop()
        return extra

    assert judge_sum(total) == right("so it is.")
    assert INPUTS[0] == ([1, 2], 1)


def test_function_that_keeps_what_the_correct_one_spoils():
    def spoiling(numbers, extra):
        while numbers:
            extra += numbers.pop()
        return extra

    assert judge_sum(lambda numbers, extra: sum(numbers) + extra, correct=spoiling) == right("so it is.")


def test_function_shows_the_first_wrong_outcome():
    assert judge_sum(lambda numbers, extra: sum(numbers)) == wrong(
        "For [1, 2], 1 your function returned 3, and 4 is expected. Of 3."
    )
    assert judge_sum(lambda numbers, extra: 4) == wrong(
        "For [5], 5 your function returned 4, and 10 is expected. Of 3."
    )


def test_function_that_raises():
    assert judge_sum(lambda numbers, extra: 4 if extra == 1 else numbers[7]) == wrong(
        "For [5], 5 your function raised IndexError: list index out of range."
    )

    def raising(error):
        def function(numbers, extra):
            raise error

        return function

    assert judge_sum(raising(ValueError)) == wrong("For [1, 2], 1 your function raised ValueError.")
    assert judge_sum(raising(ValueError("a.\nb."))) == wrong("For [1, 2], 1 your function raised ValueError: a. b.")
    assert judge_sum(raising(UnwillingError())) == wrong("For [1, 2], 1 your function raised UnwillingError.")
    assert judge_sum(raising(SystemExit())) == wrong("For [1, 2], 1 your function raised SystemExit.")
    assert judge_sum(raising(KeyboardInterrupt)) == wrong("For [1, 2], 1 your function was interrupted.")


def caught(numbers, extra):
    while True:
        try:
            while True:
                pass
        except:  # noqa: E722 (as a reader may write)
            extra += 1
        if extra > 3:
            raise SystemExit


def endless(numbers, extra):
    while True:
        extra += 1


@pytest.mark.parametrize("function", [endless, lambda numbers, extra: any(False for _ in itertools.repeat(0))])
def test_a_function_that_does_not_end_is_stopped(monkeypatch, function):
    monkeypatch.setattr(checking, "MOST_SECONDS", 0.2)
    assert judge_sum(function) == wrong(
        "For [1, 2], 1 your function had not ended after 0.2 s, and was stopped. Does a loop go on for ever?"
    )


def test_a_function_that_catches_everything_is_stopped_again(monkeypatch):
    monkeypatch.setattr(checking, "MOST_SECONDS", 0.1)
    assert judge_sum(caught) == wrong("For [1, 2], 1 your function raised SystemExit.")


def test_what_was_judged_in_time_is_not_stopped_later(monkeypatch):
    monkeypatch.setattr(checking, "MOST_SECONDS", 0.05)
    for _ in range(20):
        assert judge_sum(lambda numbers, extra: sum(numbers) + extra) == right("so it is.")
        time.sleep(0.005)


def test_a_result_that_is_used_again_is_judged_as_it_was_returned():
    """As with a mutable default argument."""
    results = []

    def doubled(number):
        results.append(2 * number)
        return results

    def judge(function):
        inputs = [(1,), (2,)]
        return checking.function(
            function, inputs, lambda number: [2 * number], lambda value: value, "a list", lambda *_: "", "so it is."
        )

    assert judge(doubled) == wrong("For 2 your function returned [2, 4], and [4] is expected.")
    shared = [0]

    def in_place(number):
        shared[0] = 2 * number
        return shared

    assert judge(in_place) == right("so it is.")


class Stubborn:
    def __eq__(self, other):
        raise ValueError("no")

    __hash__ = None


@pytest.mark.parametrize("value", [[numpy.array([1, 2])], numpy.array([1, 2]), [Stubborn()], Stubborn()])
def test_what_cannot_be_compared_is_no_right_answer(value):
    verdict = checking.function(
        lambda number: value, [(1,)], lambda number: [1], lambda returned: returned, "a list",
        lambda first, calls: first.returned[0] == 1 and "", "so it is.",
    )  # fmt: skip
    assert verdict.state == "wrong" and verdict.message.startswith("For 1 your function returned ")


def test_function_that_returns_another_type():
    assert judge_sum(lambda numbers, extra: None) == wrong(
        "For [1, 2], 1 your function returned None. Expected is a number. Does it end in return?"
    )
    assert judge_sum(lambda numbers, extra: [4]) == wrong(
        "For [1, 2], 1 your function returned a value of type list: [4]. Expected is a number."
    )
    assert judge_sum(lambda numbers, extra: "4") == wrong(
        "For [1, 2], 1 your function returned the text '4'. Expected is a number."
    )


def test_function_that_returns_text_for_bytes():
    verdict = judge_sum(lambda numbers, extra: "4", correct=lambda numbers, extra: b"4", read=lambda returned: None)
    assert verdict == wrong(
        "For [1, 2], 1 your function returned the text '4'. Expected is a number. "
        "The method encode() turns a text into bytes."
    )


def test_function_that_need_not_be_exact():
    def judge(off):
        same = partial(math.isclose, rel_tol=1e-9)
        double = [1.0, 3.0]
        return checking.function(
            lambda value: 2 * value + off, [(value,) for value in double], lambda value: 2 * value, checking.as_number,
            "a number", lambda first, outcomes: "Twice as much.", "so it is.", same,
        )  # fmt: skip

    assert judge(1e-12) == right("so it is.")
    assert judge(0.5) == wrong("For 1.0 your function returned 2.5, and 2.0 is expected. Twice as much.")


def test_function_unanswered():
    assert judge_sum(...) == UNANSWERED
    assert judge_sum(lambda numbers, extra: ...) == UNANSWERED
    assert judge_sum(lambda numbers, extra: 4 if extra == 1 else ...) == wrong(
        "For [5], 5 your function returned a value of type ellipsis: Ellipsis. Expected is a number."
    )


def test_function_expected():
    assert judge_sum(4) == wrong("You gave the number 4. A function is expected: pass its name, without calling it.")


def test_outcome_call():
    assert Outcome(("a", 1), None).call == "'a', 1"
    assert len({Outcome(("a",), 1), Outcome(("a",), 1)}) == 1


@given(ANYTHING)
def test_nothing_makes_a_checker_raise(answer):
    for verdict in (judge_half(answer), judge_sum(answer)):
        assert isinstance(verdict, Verdict)
        assert verdict.state in checking.LOOKS
        assert "\n" not in repr(verdict)
