"""The plot of hit ratio against time to live, and the axes of its explorer."""

import math

import pytest

from lab.chapters.one_request import hit_ratio_model as model
from lab.chapters.one_request.hit_ratio_view import at_first_step, even_steps, explorer_drawings, figure
from lab.drawing.geometry import Box
from lab.drawing.moving import Curve, MovingScale, PointOnCurve, Steps
from tests.lab.drawing.picture import (
    assert_legible,
    assert_nothing_on_text,
    assert_well_made,
    assert_within,
    shapes,
    texts,
)

RATE = 12 / 3600
COUNTED = [(ttl, float(model.poisson(RATE, ttl)) + 0.004) for ttl in (30, 100, 300, 1000, 3600, 10_000)]
FAILING = [(100, 0.0), (300, 0.0), (301, 0.5), (1000, 0.75), (3600, 0.92)]


def example():
    return figure(RATE, COUNTED, FAILING, "a")


def test_well_made() -> None:
    assert_well_made(example())


def pixels(ttl: float, ratio: float, layout: str) -> tuple[float, float]:
    """Where a point lies: five decades across, one up."""
    box = Box(64, 46, 688, 298) if layout == "wide" else Box(52, 46, 334, 272)
    return box.left + math.log10(ttl) / 5 * box.width, box.bottom - ratio * box.height


@pytest.mark.parametrize("layout", ["wide", "tall"])
def test_points_lie_where_they_were_counted(layout: str) -> None:
    drawing = example().drawings[layout]
    dots = [shape for shape in shapes(drawing) if shape.line == "web" and shape.width == 8]
    assert dots[0].outline.count("M") == len(COUNTED)
    starts = dots[0].points[::2]
    for start, (ttl, ratio) in zip(starts, COUNTED, strict=True):
        assert start == pytest.approx(pixels(ttl, ratio, layout), abs=0.02)
    squares = [shape for shape in shapes(drawing) if shape.line == "full" and shape.fill == "panel"]
    for square, (ttl, ratio) in zip(squares, FAILING, strict=False):
        xs, ys = zip(*square.points, strict=True)
        assert ((min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2) == pytest.approx(pixels(ttl, ratio, layout), abs=0.02)
    assert len(squares) == len(FAILING) + 1, "and one in the key"


@pytest.mark.parametrize("layout", ["wide", "tall"])
def test_the_formula_is_a_line_dashed_where_nothing_was_counted(layout: str) -> None:
    lines = [shape for shape in shapes(example().drawings[layout]) if shape.line == "ink" and shape.width == 2]
    assert [shape.dashes for shape in lines[:3]] == ["6,4", None, "6,4"]
    ends = [(shape.points[0], shape.points[-1]) for shape in lines[:3]]
    for (start, end), (first, last) in zip(ends, ((1, 30), (30, 10_000), (10_000, 100_000)), strict=True):
        assert start == pytest.approx(pixels(first, model.poisson(RATE, first), layout), abs=0.02)
        assert end == pytest.approx(pixels(last, model.poisson(RATE, last), layout), abs=0.02)
    middle = pixels(300, 0.5, layout)
    assert min(abs(x - middle[0]) + abs(y - middle[1]) for x, y in lines[1].points) < 2


@pytest.mark.parametrize("layout", ["wide", "tall"])
def test_the_counted_range_is_shaded(layout: str) -> None:
    drawing = example().drawings[layout]
    strip = next(shape for shape in shapes(drawing) if shape.fill == "web" and shape.line is None)
    xs = [x for x, _ in strip.points]
    assert (min(xs), max(xs)) == pytest.approx((pixels(30, 0, layout)[0], pixels(10_000, 0, layout)[0]), abs=0.02)
    assert 'opacity="0.07"' in drawing.svg
    assert "counted range" in [text.words for text in texts(drawing)]


def test_units_and_words() -> None:
    for layout, decades in (("wide", 6), ("tall", 5)):
        words = [text.words for text in texts(example().drawings[layout])]
        assert words[:5] == ["0", "0.25", "0.5", "0.75", "1"]
        assert words[5 : 5 + decades] == [
            tick for tick in ("1", "10", "100", "1,000", "10,000", "100,000") if layout == "wide" or tick != "10,000"
        ]
        for label in ("time to live (s)", "hit ratio", "formula, Poisson arrivals", "counted, Poisson arrivals",
                      "counted, even arrivals", "exact, even arrivals", "300 s", "301 s"):  # fmt: skip
            assert label in words


def test_the_words_for_those_who_do_not_see_it() -> None:
    assert example().alt == (
        "Hit ratio against time to live from 1 to 100,000 seconds, for 12 requests an hour. The formula rises like an S"
        " from 0 to 1 and passes 0.5 at 300 seconds. Counts of Poisson arrivals lie within 0.004 of it. Evenly spaced "
        "arrivals do not: at 300 seconds their hit ratio is 0, the formula says 0.50. A thin dashed line shows that "
        "theirs climbs in steps: it is 0 at 300 seconds and 0.5 at 301 seconds."
    )
    assert figure(RATE, COUNTED, FAILING[-2:], "a").alt.endswith("shows that theirs climbs in steps.")


@pytest.mark.parametrize("layout", ["wide", "tall"])
def test_the_steps_of_even_arrivals_are_drawn_as_far_as_was_counted(layout: str) -> None:
    dashed = [shape for shape in shapes(example().drawings[layout]) if shape.line == "full" and shape.dashes == "4,3"]
    assert len(dashed) == 2, "and one in the key"
    corners = {(round(x), round(y)) for x, y in dashed[0].points}
    for ttl, ratio in ((1, 0), (300, 0), (300, 0.5), (600, 0.5), (600, 2 / 3), (10_000, 33 / 34)):
        x, y = pixels(ttl, ratio, layout)
        assert (round(x), round(y)) in corners, (ttl, ratio)


def test_steps_are_the_models() -> None:
    corners = even_steps(RATE, 1000)
    assert corners == [
        (1, 0), (300, 0), (300, 0.5), (600, 0.5), (600, pytest.approx(2 / 3)), (900, pytest.approx(2 / 3)), (900, 0.75),
        (1000, 0.75),
    ]  # fmt: skip
    for (left, ratio), (right, same) in zip(corners[::2], corners[1::2], strict=True):
        assert ratio == same == pytest.approx(float(model.even(300, (left + right) / 2)))


def test_points_at_the_first_step_say_which_they_are() -> None:
    assert at_first_step(RATE, FAILING) == [(300, 0.0), (301, 0.5)]
    assert figure(RATE, COUNTED, FAILING, "a", caption="Steps.").caption == "Steps."


@pytest.mark.parametrize("layout", ["wide", "tall"])
def test_the_explorer_s_axes_move_a_curve_and_a_point(layout: str) -> None:
    drawing = explorer_drawings("a", over="ttl_s", output="ratio")[layout]
    assert_within(drawing)
    assert_legible(drawing)
    assert_nothing_on_text(drawing)
    box = (64, 688, 258, 46) if layout == "wide" else (52, 334, 238, 46)
    across, down = MovingScale(box[:2], (1, 100_000), "log"), MovingScale(box[2:], (0, 1), "linear")
    assert drawing.moving == (
        Curve("ratio", "ttl_s", across, down, "ink", Steps(control="arrivals", value="even")),
        PointOnCurve("ratio", "ttl_s", across, down, "web"),
    )
    assert {shape.line for shape in shapes(drawing)} == {"rule", "soft"}


@pytest.mark.parametrize("place", range(len(COUNTED)))
def test_every_count_moves_the_drawing(place: int) -> None:
    others = [(ttl, ratio - 0.02 * (index == place)) for index, (ttl, ratio) in enumerate(COUNTED)]
    first, second = (figure(RATE, counts, FAILING, "a") for counts in (COUNTED, others))
    assert all(first.drawings[layout].svg != second.drawings[layout].svg for layout in first.drawings)
