"""From values to pixels."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.drawing.book_figure import draw
from lab.drawing.geometry import Box
from lab.drawing.moving import MovingScale
from lab.drawing.scales import Scale, paint_axes, ticks_up_to
from tests.lab.drawing.picture import shapes, texts


def test_a_linear_scale() -> None:
    scale = Scale((0, 10), (100, 300))
    assert [scale.at(value) for value in (0, 5, 10, 12)] == pytest.approx([100, 200, 300, 340])
    assert scale.steps(4) == pytest.approx([0, 2.5, 5, 7.5, 10])
    assert scale.as_moving() == MovingScale(pixels=(100, 300), values=(0, 10), scale="linear")


def test_a_logarithmic_scale() -> None:
    scale = Scale((1, 10_000), (0, 400), logarithmic=True)
    assert [scale.at(value) for value in (1, 10, 100, 10_000)] == pytest.approx([0, 100, 200, 400])
    assert scale.steps(2) == pytest.approx([1, 100, 10_000])
    assert scale.as_moving() == MovingScale(pixels=(0, 400), values=(1, 10_000), scale="log")


def test_a_scale_may_run_upwards() -> None:
    assert Scale((0, 1), (300, 20)).at(0.25) == pytest.approx(230)


@given(st.floats(1, 1000), st.booleans())
def test_greater_values_lie_farther(value: float, logarithmic: bool) -> None:
    scale = Scale((1, 1000), (10, 20), logarithmic)
    assert 10 - 1e-9 <= scale.at(value) <= scale.at(value * 1.01)


def test_axes_have_their_ticks_words_and_titles() -> None:
    box = Box(100, 50, 300, 150)

    def paint(sheet, layout) -> None:
        across, down = Scale((0, 10), (box.left, box.right)), Scale((0, 1), (box.bottom, box.top))
        paint_axes(sheet, box, across, down, {0: "zero", 10: "ten"}, {0.5: "half"}, "across", "down")

    drawing = draw(paint, "a", 220)["wide"]
    assert [(text.words, text.x, text.y, text.anchor, text.size) for text in texts(drawing)] == [
        ("half", 92, 104, "end", 12), ("zero", 100, 169, "middle", 12), ("ten", 300, 169, "middle", 12),
        ("across", 200, 190, "middle", 13), ("down", 68, 36, "start", 13),
    ]  # fmt: skip
    assert [(shape.outline, shape.line, shape.width) for shape in shapes(drawing)] == [
        ("M 100 100 L 300 100", "rule", 1), ("M 100 150 L 100 155", "soft", 1), ("M 300 150 L 300 155", "soft", 1),
        ("M 100 150 L 300 150", "soft", 1.2),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("last", "most", "ticks"),
    [
        (12.75, 8, [0, 2, 4, 6, 8, 10, 12, 14]), (16, 8, [0, 2, 4, 6, 8, 10, 12, 14, 16]),
        (16.1, 8, [0, 5, 10, 15, 20]),
        (0.3, 5, [0, 0.1, 0.2, 0.3]), (40_000, 5, [0, 10_000, 20_000, 30_000, 40_000]),
    ],
)  # fmt: skip
def test_ticks_are_round_and_few(last: float, most: int, ticks: list[float]) -> None:
    assert ticks_up_to(last, most) == ticks


@given(st.floats(0.001, 1e6), st.sampled_from([5, 8]))
def test_ticks_reach_as_far_as_they_must(last: float, most: int) -> None:
    ticks = ticks_up_to(last, most)
    assert 2 <= len(ticks) <= most + 1
    assert ticks[-2] < last + 0.01 <= ticks[-1] + 0.02
