"""Marks and outlines on a sheet."""

import pytest
from matplotlib.path import Path

from lab.drawing.book_figure import Drawing, draw
from lab.drawing.sheet import DOTTED, SMALLEST_TEXT, Sheet, dots, ellipse, path, polygon, rectangle, segment
from tests.lab.drawing.picture import shapes, texts


def painted(paint) -> Drawing:
    return draw(lambda sheet, layout: paint(sheet), "a", 100)["wide"]


def test_a_sheet_is_measured_in_pixels_from_the_top_left() -> None:
    sheet = Sheet("tall", 360, 200)
    assert list(sheet.figure.get_size_inches() * 72) == [360, 200]
    assert (sheet.axes.get_xlim(), sheet.axes.get_ylim()) == ((0, 360), (200, 0))
    assert sheet.moving == []


def test_text_stands_on_its_baseline() -> None:
    def paint(sheet: Sheet) -> None:
        sheet.text(10, 20, "a $x_1$ b")
        sheet.text(30, 40, "bold", size=15, bold=True, colour="web", anchor="end")
        sheet.text(50, 60, "middle", anchor="middle")
        sheet.text(70, 80, "up", rotated=True)

    picture = painted(paint)
    plain, bold, middle, up = texts(picture)
    assert (plain.words, plain.x, plain.y, plain.size, plain.bold) == ("a $x_1$ b", 10, 20, 12, False)
    assert (plain.colour, plain.anchor) == ("ink", "start")
    assert (bold.x, bold.y, bold.size, bold.bold, bold.colour, bold.anchor) == (30, 40, 15, True, "web", "end")
    assert middle.anchor == "middle"
    assert (up.x, up.y) == (70, 80)
    assert picture.svg.count("transform=") == 1
    assert 'transform="rotate(-90 70 80)"' in picture.svg


def test_shapes_have_fill_line_width_dashes_strength_and_clip() -> None:
    square = rectangle(1, 1, 10, 10)

    def paint(sheet: Sheet) -> None:
        sheet.shape(square, fill="web")
        sheet.shape(square, line="data")
        sheet.shape(square, fill="panel", line="cache", width=3, strength=0.5)
        sheet.shape(square, line="name", dashes=DOTTED)
        sheet.shape(square, line="name", dashes=(4, 2))
        sheet.shape(square, fill="full", within=ellipse(5, 5, 3))

    picture = painted(paint)
    assert [(shape.fill, shape.line, shape.width, shape.dashes, shape.clipped) for shape in shapes(picture)] == [
        ("web", None, 1.6, None, False), (None, "data", 1.6, None, False), ("panel", "cache", 3, None, False),
        (None, "name", 1.6, "0,5", False), (None, "name", 1.6, "4,2", False), ("full", None, 1.6, None, True),
    ]  # fmt: skip
    assert picture.svg.count('opacity="0.5"') == picture.svg.count("opacity=") == 1
    # round ends are inherited: only dashes with a length have butt ends
    assert picture.svg.count('stroke-linecap="butt"') == 1
    assert '<clipPath id="a-wide-1"><path d="M2 5C2 3.34 3.34 2 5 2C6.66 2 8 3.34 8 5' in picture.svg


def test_what_is_painted_later_lies_on_top() -> None:
    def paint(sheet: Sheet) -> None:
        sheet.text(1, 20, "first")
        sheet.shape(rectangle(1, 1, 9, 9), fill="web")
        sheet.text(1, 20, "second")

    svg = painted(paint).svg
    assert svg.index("first") < svg.index("<path") < svg.index("second")


def test_dots_are_one_path() -> None:
    (shape,) = shapes(painted(lambda sheet: sheet.dots([(5, 5), (20, 30)], 3, "ink")))
    assert (shape.outline, shape.line, shape.width) == ("M 5 5 L 5.01 5 M 20 30 L 20.01 30", "ink", 6)


def test_outlines() -> None:
    assert segment((0, 1), (2.5, 3), (4, 5)) == "M 0 1 L 2.5 3 L 4 5"
    assert polygon((0, 0), (1, 0), (1, 1)) == "M 0 0 L 1 0 L 1 1 Z"
    assert dots([(1, 2)]) == "M 1 2 L 1.01 2"
    assert rectangle(1, 2, 3, 4) == "M 1 2 L 4 2 L 4 6 L 1 6 Z"
    assert rectangle(0, 0, 100, 50, 10) == (
        "M 10 0 L 90 0 C 95.52 0 100 4.48 100 10 L 100 40 C 100 45.52 95.52 50 90 50 "
        "L 10 50 C 4.48 50 0 45.52 0 40 L 0 10 C 0 4.48 4.48 0 10 0 Z"
    )
    assert ellipse(0, 0, 10, 20) == (
        "M -10 0 C -10 -11.05 -5.52 -20 0 -20 C 5.52 -20 10 -11.05 10 0 C 10 11.05 5.52 20 0 20 "
        "C -5.52 20 -10 11.05 -10 0 Z"
    )
    assert ellipse(1, 2, 3) == ellipse(1, 2, 3, 3)


def test_an_outline_becomes_matplotlib_s_path() -> None:
    curve = path("M 0 0 L 1 0 C 1 1 2 2 3 3 Z M 5 5 L 6 6")
    assert curve.vertices.tolist() == [[0, 0], [1, 0], [1, 1], [2, 2], [3, 3], [3, 3], [5, 5], [6, 6]]
    codes = [Path.MOVETO, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY, Path.MOVETO, Path.LINETO]
    assert curve.codes.tolist() == codes


def test_the_smallest_text_is_legible() -> None:
    assert SMALLEST_TEXT == 12


def test_other_anchors_are_refused() -> None:
    with pytest.raises(KeyError, match="left"):
        painted(lambda sheet: sheet.text(1, 1, "x", anchor="left"))
