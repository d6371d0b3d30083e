"""lab/chapters/when_full/quiz.yml: its numbers are the formulas'."""

import pytest

from lab.models.queue_formulas import erlang_c, mmc_response
from lab.widgets.quiz import quiz
from tests.lab.chapters.checkers import right_options


def test_the_quiz_says_what_the_formulas_say():
    assert 1 - erlang_c(4, 0.8) == pytest.approx(0.4, abs=0.005)  # "four of ten requests still find a server free"
    right = right_options(quiz("when_full"))
    assert f"{mmc_response(4, 0.9, 1):.2f} times" in right[0]["reason"]
