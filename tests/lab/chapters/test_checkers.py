"""Every checker of every chapter: what has not been answered is no mistake, and nothing makes a checker raise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.widgets.checking import LOOKS, UNANSWERED
from tests.lab.chapters.checkers import CHECKERS, answers_of
from tests.lab.widgets.anything import ANYTHING

every_checker = pytest.mark.parametrize("checker", CHECKERS.values(), ids=CHECKERS)


@every_checker
def test_three_dots_are_no_answer_yet(checker):
    assert checker(*[...] * answers_of(checker)) == UNANSWERED


def expects_a_function(checker):
    """Whether an answer has to be a function: the checker says so of a number."""
    return "A function is expected" in checker(*[3] * answers_of(checker)).message


@pytest.mark.parametrize("name", [name for name, checker in CHECKERS.items() if expects_a_function(checker)])
def test_a_function_that_is_not_written_yet_is_no_answer_yet(name):
    assert CHECKERS[name](lambda *arguments: ...) == UNANSWERED


@every_checker
@given(data=st.data())
def test_a_checker_judges_whatever_it_gets(checker, data):
    verdict = checker(*data.draw(st.tuples(*[ANYTHING] * answers_of(checker))))
    assert verdict.state in LOOKS
    assert "\n" not in verdict.message
