"""Plots: lines and marks where they belong, a key that names them, and what an explorer moves."""

import math

import pytest

from lab.drawing.moving import Curve, MovingScale, PointOnCurve, Words
from lab.drawing.plot import (
    Axis,
    Line,
    Marks,
    MovingCurve,
    MovingLabels,
    MovingPoint,
    Plot,
    explorer_drawings,
    figure,
)
from tests.lab.drawing.picture import (
    assert_legible,
    assert_nothing_on_text,
    assert_well_made,
    assert_within,
    shapes,
    texts,
)

ACROSS = Axis("load", {0: "0", 0.5: "50 %", 1: "100 %"})
DOWN = Axis("time (ms)", {0: "0", 50: "50", 100: "100"})
PLOT = Plot(
    ACROSS,
    DOWN,
    [Line("theory", [(0, 20), (0.5, 40), (1, 300)]), Line("replay", [(0.2, 22), (0.8, 60)], "full", 1.4, (5, 4))],
    [Marks("recorded", [(0.2, 23), (0.8, 63)]), Marks("own", [(0.2, 25)], "square", True, "web")],
    shaded=(0.2, 0.8, "measured range"),
)
BOXES = {"wide": (64, 46, 688, 316), "tall": (52, 46, 338, 296)}


def pixels(layout, x, y):
    left, top, right, bottom = BOXES[layout]
    return left + x * (right - left), bottom - y / 100 * (bottom - top)


def centre(shape):
    xs, ys = zip(*shape.points, strict=True)
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2


def test_well_made() -> None:
    assert_well_made(figure(PLOT, "a", "What is seen."))


@pytest.mark.parametrize("layout", BOXES)
def test_lines_and_marks_lie_where_they_belong(layout: str) -> None:
    paths = shapes(figure(PLOT, "a", "x").drawings[layout])
    theory = next(shape for shape in paths if shape.line == "ink" and shape.width == 2)
    assert theory.clipped, "what lies above the plot is cut off"
    for corner in [pixels(layout, *point) for point in PLOT.lines[0].points[:2]]:  # the third lies above the sheet
        assert min(math.dist(corner, point) for point in theory.points) < 0.05
    hollow = [shape for shape in paths if shape.fill == "panel" and shape.line == "soft"]
    assert [centre(shape) for shape in hollow[:2]] == [
        pytest.approx(pixels(layout, *point), abs=0.05) for point in PLOT.marks[0].points
    ]
    filled = [shape for shape in paths if shape.fill == "web" and shape.line == "web"]
    assert centre(filled[0]) == pytest.approx(pixels(layout, 0.2, 25), abs=0.05)
    assert (len(hollow), len(filled)) == (3, 2), "and one of each in the key"
    shaded = next(shape for shape in paths if shape.fill == "web" and shape.line is None)
    assert centre(shaded)[0] == pytest.approx(pixels(layout, 0.5, 0)[0], abs=0.05)


@pytest.mark.parametrize("layout", BOXES)
def test_the_key_names_all(layout: str) -> None:
    drawing = figure(PLOT, "a", "x").drawings[layout]
    words = {text.words: text for text in texts(drawing)}
    assert {"theory", "replay", "recorded", "own", "measured range", "load", "time (ms)"} <= set(words)
    key = [words[entry] for entry in ("theory", "replay", "recorded", "own")]
    assert len({round(text.y) for text in key}) == (2 if layout == "wide" else 4)
    assert drawing.height == (46 + 270 + 58 + 44 if layout == "wide" else 46 + 250 + 58 + 88)
    replay = [shape for shape in shapes(drawing) if shape.dashes == "5,4" and shape.line == "full"]
    assert len(replay) == 2, "the line, and its like in the key"


def test_without_a_key_the_plot_is_lower() -> None:
    bare = figure(Plot(ACROSS, DOWN, PLOT.lines, key=False), "a", "x")
    assert [drawing.height for drawing in bare.drawings.values()] == [374, 354]
    assert "theory" not in [text.words for text in texts(bare.drawings["wide"])]


@pytest.mark.parametrize("layout", BOXES)
def test_an_explorer_s_drawing_says_what_moves(layout: str) -> None:
    moving = [MovingCurve("mean", over="load", colour="ink"), MovingPoint("mean", over="load", colour="web")]
    down = Axis("times", {1: "1", 10: "10", 100: "100"}, logarithmic=True)
    drawing = explorer_drawings(Plot(ACROSS, down, key=False, moving=moving), "a")[layout]
    assert_within(drawing)
    assert_legible(drawing)
    assert_nothing_on_text(drawing)
    left, top, right, bottom = BOXES[layout]
    x, y = MovingScale((left, right), (0, 1), "linear"), MovingScale((bottom, top), (1, 100), "log")
    assert drawing.moving == (Curve("mean", "load", x, y, "ink"), PointOnCurve("mean", "load", x, y, "web"))


@pytest.mark.parametrize("layout", BOXES)
def test_words_that_move_stand_above_the_line_that_they_name(layout: str) -> None:
    words = [[(20, "low")], [], [(80, "high"), (20, "low")]]
    moving = [MovingLabels("place", at=0.5, words=words, colour="web")]
    (labels,) = explorer_drawings(Plot(ACROSS, DOWN, key=False, moving=moving), "a")[layout].moving
    low, high = (pixels(layout, 0.5, y)[1] - 6 for y in (20, 80))
    lines = [[(low, "low")], [], [(high, "high"), (low, "low")]]
    assert labels == Words("place", pixels(layout, 0.5, 0)[0], 12, "web", lines)
