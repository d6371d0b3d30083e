"""The numbers of lab/chapters/tiers/quiz.yml are the model's."""

import pytest

from lab.models.tiers import Tier, capacity, steady_state
from lab.widgets.quiz import quiz
from tests.lab.chapters.checkers import right_options


def test_the_quiz_says_what_the_model_says():
    questions = quiz("tiers")
    assert all(len(question["options"]) == 4 for question in questions.spec["questions"])
    reasons = [option["reason"] for option in right_options(questions)]
    for boxes in (1, 2, 10):
        assert f"{capacity([Tier(0.9), Tier(0.3, boxes)]):.2f} times" in reasons[1]
    assert f"the way alone takes {round(101 * 0.5)} ms" in reasons[2]


def test_one_user_gains_nothing_as_the_quiz_and_a_hint_say():
    apart, together = steady_state([Tier(0.03), Tier(0.01)], 1), steady_state([Tier(0.04)], 1)
    assert apart.throughput == pytest.approx(together.throughput)
