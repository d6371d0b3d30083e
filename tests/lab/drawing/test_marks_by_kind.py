"""Marks of several kinds and runs: which colour, shape and filling each has, and what the key explains."""

from lab.drawing.marks_by_kind import Look, marks_by_kind
from lab.drawing.plot import Marks

LOOKS = {"a": Look("ink", "square"), "b": Look("data", "dot", (7, 4))}
RECORDED, OWN = {"a": [(1, 2)], "b": [(3, 4)]}, {"a": [(5, 6)], "b": []}
OF_THE_RECORDED_RUN = [Marks("", [(1, 2)], "square", False, "ink"), Marks("", [(3, 4)], "dot", False, "data")]
KEY_OF_THE_RECORDED_RUN = Marks("recorded", [], "dot", False, "soft")


def points(run, kind):
    return run[kind]


def test_the_recorded_run_alone_is_hollow():
    assert marks_by_kind([RECORDED], LOOKS, points) == [*OF_THE_RECORDED_RUN, KEY_OF_THE_RECORDED_RUN]


def test_the_reader_s_own_run_is_filled_and_in_the_key():
    assert marks_by_kind([RECORDED, OWN], LOOKS, points) == [
        *OF_THE_RECORDED_RUN,
        Marks("", [(5, 6)], "square", True, "ink"), Marks("", [], "dot", True, "data"),
        KEY_OF_THE_RECORDED_RUN, Marks("your own run", [], "dot", True, "web"),
    ]  # fmt: skip
