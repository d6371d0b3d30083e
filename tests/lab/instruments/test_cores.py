"""The probe for free cores: rounds are counted, their number is not asserted."""

import pytest

from lab.instruments import cores


def test_each_process_is_counted():
    one, three = cores.rounds_at_once(1, 0.1), cores.rounds_at_once(3, 0.1)
    assert one > 0 and three > 0
    assert one % 1000 == three % 1000 == 0


def test_what_is_found_is_a_number_of_cores():
    assert cores.free_cores(2, 0.1) > 0


def test_one_process_is_refused():
    with pytest.raises(ValueError, match="give 2 or more, not 1"):
        cores.free_cores(1)


@pytest.mark.parametrize(
    ("free", "processes", "enough"),
    [(2.0, 2, True), (1.8, 2, True), (1.79, 2, False), (1.0, 2, False), (2.6, 3, True), (2.5, 3, False)],
)
def test_what_is_enough(free, processes, enough):
    assert cores.are_enough(free, processes) == enough


def test_the_verdict_is_by_the_worse_of_the_two():
    assert cores.verdict([2.9, 1.9], 3) == (
        "3 busy processes got done what 1.9 could, each with a core of its own:\ntoo few to say anything about 3 that"
        " work together."
    )
    assert cores.verdict([2.9, 2.8], 3).endswith("enough to say how they work together.")
