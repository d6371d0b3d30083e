"""lab/chapters/two_clients/quiz.yml says what the site does and the model computes."""

import pytest

from lab.models.load_time import load_time
from lab.widgets.quiz import quiz
from mysite.web.negotiation import HTML, JSON, best_media_type
from tests.lab.chapters.checkers import right_options


def test_the_quiz_says_what_the_site_does():
    right = right_options(quiz("two_clients"))
    assert right[2]["text"] == "JSON if there is any, else HTML."
    assert best_media_type("text/html;q=0.5, application/json", (HTML, JSON)) == JSON
    assert best_media_type("text/html;q=0.5, application/json", (HTML,)) == HTML
    assert right[3]["text"] == "Fewer steps that wait for one another."
    assert load_time(6, 0.08, 13_000, 1_250_000, 0.01).seconds == pytest.approx(0.5, rel=0.02)
