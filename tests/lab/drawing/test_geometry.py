"""Boxes, points on curves, and how wide a text is."""

import itertools
import math
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.drawing.geometry import Box, along, around, bezier, text_box
from lab.drawing.lettering import ASCENT, DESCENT, lines, text_width
from lab.drawing.sheet import ellipse, segment


def test_box_measures() -> None:
    box = Box(1, 2, 4, 8)
    assert (box.width, box.height, box.centre) == (3, 6, (2.5, 5))
    assert box.grown(2) == Box(-1, 0, 6, 10)
    assert around([Box(0, 5, 2, 6), Box(1, 1, 3, 2)]) == Box(0, 1, 3, 6)


@pytest.mark.parametrize(
    ("other", "meets"),
    [
        (Box(9, 9, 20, 20), True), (Box(10, 0, 20, 10), False), (Box(0, 10, 10, 20), False), (Box(-5, 0, 0, 10), False),
        (Box(0, -5, 10, 0), False), (Box(2, 2, 3, 3), True), (Box(11, 0, 12, 10), False), (Box(-9, -9, 1, 1), True),
    ],
)  # fmt: skip
def test_boxes_meet_where_they_share_more_than_an_edge(other: Box, meets: bool) -> None:
    box = Box(0, 0, 10, 10)
    assert box.meets(other) is other.meets(box) is meets


def test_a_box_holds_what_does_not_stick_out() -> None:
    box = Box(0, 0, 10, 10)
    assert box.holds(box)
    for other in (Box(-1, 0, 10, 10), Box(0, -1, 10, 10), Box(0, 0, 11, 10), Box(0, 0, 10, 11)):
        assert not box.holds(other)
        assert other.holds(box)


def test_a_box_is_crossed_by_a_point_inside_it() -> None:
    box = Box(0, 0, 10, 10)
    assert box.crossed_by([(20, 20), (5, 5)])
    assert not box.crossed_by([(0, 5), (10, 5), (5, 0), (5, 10), (11, 5), (5, -1)])


def test_points_along_a_line_lie_close_together_and_on_it() -> None:
    assert [x for x, _ in along(segment((0, 0), (5, 0)))] == pytest.approx([0, 5 / 3, 10 / 3, 5])
    assert along(segment((0, 0), (4, 0)), step=4) == [(0, 0), (4, 0)]
    assert along("M 0 0 L 2 0 M 10 10 L 10 12") == [(0, 0), (2, 0), (10, 10), (10, 12)]


def test_points_along_a_circle_lie_on_it() -> None:
    points = along(ellipse(50, 50, 20))
    assert all(math.dist(point, (50, 50)) == pytest.approx(20, rel=0.001) for point in points)
    assert max(math.dist(one, other) for one, other in itertools.pairwise(points)) <= 2.1
    assert len(points) > 2 * math.pi * 20 / 2


@given(st.floats(0, 1))
def test_a_curve_of_four_points_is_the_cubic(share: float) -> None:
    corners = [(0, 0), (1, 4), (5, 6), (9, 0)]
    weights = [(1 - share) ** 3, 3 * share * (1 - share) ** 2, 3 * share**2 * (1 - share), share**3]
    expected = [sum(w * corner[axis] for w, corner in zip(weights, corners, strict=True)) for axis in (0, 1)]
    assert bezier(corners, share) == pytest.approx(tuple(expected))


def test_text_is_as_wide_as_dejavu_sets_it() -> None:
    assert text_width("", 12) == 0
    assert text_width("mmmm", 64) == pytest.approx(4 * 0.974 * 64, abs=1)
    assert text_width("mmmm", 12) == pytest.approx(text_width("mmmm", 64) * 12 / 64)
    assert text_width("web", 14, bold=True) > text_width("web", 14)


def test_letters_that_dejavu_does_not_have_are_as_wide_as_high():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert text_width("日本語", 16) == 48
        assert text_width("a日", 16) == text_width("a", 16) + 16
        assert text_width("日\u1abf", 16) == 16, "a mark takes no room"


def test_the_box_of_a_text() -> None:
    width = text_width("browser", 12)
    assert text_box(100, 50, "browser", 12) == Box(100, 50 - ASCENT * 12, 100 + width, 50 + DESCENT * 12)
    assert text_box(100, 50, "browser", 12, "middle").centre[0] == pytest.approx(100)
    assert text_box(100, 50, "browser", 12, "end").right == pytest.approx(100)
    assert text_box(0, 0, "browser", 12, bold=True).width == text_width("browser", 12, bold=True)
    assert (ASCENT, DESCENT) == (0.76, 0.24)


def test_lines_break_at_spaces_when_they_must() -> None:
    width = text_width("web application", 14, bold=True)
    assert lines("web application", 14, width, bold=True) == ["web application"]
    assert lines("web application", 14, width - 0.1, bold=True) == ["web", "application"]
    assert lines("web application", 14, width - 0.1) == ["web application"]
    assert lines("immeasurable it is", 12, 1) == ["immeasurable", "it", "is"]
    assert lines("94\u00a0% full", 13, 40, bold=True) == ["94\u00a0%", "full"]


@given(st.lists(st.text("abc", min_size=1, max_size=6), min_size=1, max_size=8), st.integers(20, 120))
def test_lines_lose_no_word_and_are_as_few_as_fit(words: list[str], width: int) -> None:
    broken = lines(" ".join(words), 12, width)
    assert " ".join(broken).split() == words
    for line in broken:
        assert " " not in line or text_width(line, 12) <= width
    for line, after in itertools.pairwise(broken):
        assert text_width(f"{line} {after.split()[0]}", 12) > width
