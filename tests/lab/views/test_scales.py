"""lab/views/scales.py"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.views.geometry import Box
from lab.views.scales import Scale, paint_axes
from lab.views.sheet import Sheet

LINEAR = Scale((0, 10), (100, 300))
LOGARITHMIC = Scale((1, 100), (50, 250), logarithmic=True)


def test_values_to_pixels():
    assert [LINEAR.at(value) for value in (0, 5, 10, 12)] == [100, 200, 300, 340]
    assert [LOGARITHMIC.at(value) for value in (1, 10, 100)] == [50, 150, 250]


def test_steps_are_even_on_the_sheet():
    assert LINEAR.steps(4) == [0, 2.5, 5, 7.5, 10]
    assert LOGARITHMIC.steps(2) == pytest.approx([1, 10, 100])


def test_as_moving():
    assert LINEAR.as_moving() == {"pixels": [100, 300], "values": [0, 10], "scale": "linear"}
    assert LOGARITHMIC.as_moving()["scale"] == "log"


@given(st.floats(1, 100), st.floats(1, 100))
def test_larger_values_lie_further(one, other):
    for scale in (LINEAR, LOGARITHMIC):
        assert (scale.at(one) <= scale.at(other)) == (one <= other) or abs(scale.at(one) - scale.at(other)) < 1e-9


def test_axes_have_ticks_words_and_titles():
    sheet = Sheet("wide", 720, 300)
    paint_axes(sheet, Box(60, 40, 700, 240), LINEAR, Scale((0, 1), (240, 40)), {5: "five"}, {0.5: "half"}, "x", "y")
    drawn = {text.get_text(): text.get_position() for text in sheet.axes.texts}
    assert drawn == {"half": (52, 144), "five": (200, 259), "x": (380, 280), "y": (28, 26)}
    assert len(sheet.axes.patches) + len([c for c in sheet.axes.get_children() if type(c).__name__ == "PathPatch"]) >= 3
