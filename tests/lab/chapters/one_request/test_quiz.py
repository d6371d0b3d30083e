"""lab/chapters/one_request/quiz.yml: its numbers are the model's."""

from fractions import Fraction

from lab.chapters.one_request import hit_ratio_model
from lab.widgets.quiz import quiz


def test_the_quiz_says_what_the_model_says():
    """Requests every ten minutes, a TTL of five."""
    assert hit_ratio_model.even(600, 300) == 0
    assert hit_ratio_model.poisson(Fraction(1, 600), 300) == Fraction(1, 3)
    options = quiz("one_request").spec["questions"][3]["options"]
    assert [option["text"].partition(",")[0] for option in options] == ["1/3", "1/2", "0", "1"]
