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


@every_checker
@given(data=st.data())
def test_a_checker_judges_whatever_it_gets(checker, data):
    verdict = checker(*data.draw(st.tuples(*[ANYTHING] * answers_of(checker))))
    assert verdict.state in LOOKS
    assert "\n" not in verdict.message
