"""lab/chapters/TOPIC/exercises.py: each checker with right answers and with the obvious wrong ones."""

import pytest

from lab.chapters.TOPIC import exercises


@pytest.mark.parametrize(
    "checker, right, wrong",
    [
        (exercises.law, lambda rate, seconds: rate * seconds, lambda rate, seconds: rate + seconds),
    ],
)
def test_checkers(checker, right, wrong):
    assert [checker(answer).state for answer in (..., right, wrong, "1")] == ["unanswered", "right", "wrong", "wrong"]
