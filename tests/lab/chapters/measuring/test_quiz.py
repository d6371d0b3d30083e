"""The numbers of lab/chapters/measuring/quiz.yml are the model's."""

from lab.chapters.measuring.stall_model import Stall, on_schedule


def test_a_stall_of_a_second_makes_so_many_of_a_minute_s_requests_late():
    minute = on_schedule([10_000 * place for place in range(6000)], 3000, Stall(20_000_000, 21_000_000))
    assert 140 < sum(response > 3000 for response in minute) < 150
