"""A plot: theory as lines, measurements as marks, axes and a key, in the book's visual language.

Theory is a line in ink, a recorded run hollow marks, the reader's own filled ones; a second kind has another shape.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lab.drawing.book_figure import BookFigure, Drawing, draw
from lab.drawing.book_figure import figure as book_figure
from lab.drawing.colours import TINT
from lab.drawing.geometry import Box, Point
from lab.drawing.moving import Curve, Moving, PointOnCurve, Words
from lab.drawing.scales import Scale, paint_axes
from lab.drawing.sheet import SMALLEST_TEXT, Sheet, ellipse, rectangle, segment

MARGINS = {"wide": Box(64, 46, 32, 58), "tall": Box(52, 46, 22, 58)}
PLOT_HEIGHTS = {"wide": 270, "tall": 250}
KEY_LINE = 22
KEY_COLUMNS = {"wide": 2, "tall": 1}
SIZE = 5.0
LABEL_ABOVE = 6  # pixels between a line and the words that an explorer moves with it


@dataclass(frozen=True)
class Axis:
    """An axis from its first tick to its last; `ticks` maps each value to the words at it."""

    title: str
    ticks: Mapping[Any, str]
    logarithmic: bool = False

    def scale(self, first: float, last: float) -> Scale:
        """Return the scale from the axis's values to the pixels from `first` to `last`."""
        return Scale((min(self.ticks), max(self.ticks)), (first, last), self.logarithmic)


@dataclass(frozen=True)
class Line:
    """A line through points, with its words in the key, "" for none; what lies above the plot is cut off."""

    words: str
    points: Sequence[Point]
    colour: str = "ink"
    width: float = 2.0
    dashes: tuple[float, float] | None = None


@dataclass(frozen=True)
class Marks:
    """Points, with their words in the key, "" for none.

    shape  dot or square; hollow for a recorded run, filled for one's own
    """

    words: str
    points: Sequence[Point]
    shape: str = "dot"
    filled: bool = False
    colour: str = "soft"


@dataclass(frozen=True)
class Plot:
    """Two axes, and the lines and marks between them.

    shaded  the range of a measurement: from, to, and the words in it
    key     whether the lines and marks are explained below the plot
    moving  what an explorer moves
    """

    across: Axis
    down: Axis
    lines: Sequence[Line] = ()
    marks: Sequence[Marks] = ()
    shaded: tuple[float, float, str] | None = None
    key: bool = True
    moving: Sequence["MovingCurve | MovingPoint | MovingLabels"] = ()


@dataclass(frozen=True)
class MovingCurve:
    """A curve that an explorer moves: an output over all values of the control `over`."""

    output: str
    over: str
    colour: str


@dataclass(frozen=True)
class MovingPoint:
    """A point that an explorer moves: an output at the present value of the control `over`."""

    output: str
    over: str
    colour: str


@dataclass(frozen=True)
class MovingLabels:
    """Words that an explorer moves, beginning above the value `at`.

    words  for each value of the output pairs of a line's height, in values of the axis, and the text above it
    """

    output: str
    at: float
    words: Sequence[Sequence[tuple[float, str]]]
    colour: str


def left_out(points: Iterable[str]) -> str:
    """Return a caption's sentence on the points that are not drawn, and why; "" where all are."""
    names = list(points)
    return f" Left out, since the load generator was too busy or too late: {', '.join(names)}." if names else ""


def users_of(count: float) -> str:
    """Return the words for so many users, as in "1 user" and "2.5 users"."""
    return f"{count:g} user{'s' * (count != 1)}"


def figure(plot: Plot, name: str, alt: str, caption: str | None = None) -> BookFigure:
    """Return the plot as a figure; `alt` is its text for a listener."""
    return book_figure(lambda sheet, layout: paint(sheet, layout, plot), name, alt, heights(plot), caption)


def explorer_drawings(plot: Plot, name: str) -> dict[str, Drawing]:
    """Return the plot by layout as an explorer's drawings, with what moves on them."""
    return draw(lambda sheet, layout: paint(sheet, layout, plot), name, heights(plot))


def heights(plot: Plot) -> dict[str, int]:
    """Return the height of the plot with its key in pixels, by layout."""
    entries = len(in_key(plot)) if plot.key else 0
    return {
        layout: round(margin.top + PLOT_HEIGHTS[layout] + margin.bottom + KEY_LINE * -(-entries // KEY_COLUMNS[layout]))
        for layout, margin in MARGINS.items()
    }


def paint(sheet: Sheet, layout: str, plot: Plot) -> None:
    """Paint the axes, the shaded range, the lines, the marks over them, and the key below."""
    margin = MARGINS[layout]
    box = Box(margin.left, margin.top, sheet.width - margin.right, margin.top + PLOT_HEIGHTS[layout])
    across, down = plot.across.scale(box.left, box.right), plot.down.scale(box.bottom, box.top)
    paint_axes(
        sheet, box, across, down, plot.across.ticks, plot.down.ticks, plot.across.title, plot.down.title
    )
    if plot.shaded:
        low, high, words = plot.shaded
        sheet.shape(rectangle(across.at(low), box.top, across.at(high) - across.at(low), box.height), fill="web",
                    strength=TINT / 2)  # fmt: skip
        sheet.text(across.at(low) + 6, box.top + 14, words, colour="soft")
    frame = rectangle(box.left, box.top, box.width, box.height)
    for line in plot.lines:
        corners = [(across.at(x), down.at(y)) for x, y in line.points]
        sheet.shape(segment(*corners), line=line.colour, width=line.width, dashes=line.dashes, within=frame)
    for marks in plot.marks:
        for x, y in marks.points:
            paint_mark(sheet, across.at(x), down.at(y), marks)
    sheet.moving += [moving_part(part, across, down) for part in plot.moving]
    if plot.key:
        paint_key(sheet, layout, box, plot)


def in_key(plot: Plot) -> list[Line | Marks]:
    """Return the lines and marks that have words for the key."""
    entries: list[Line | Marks] = [*plot.lines, *plot.marks]
    return [entry for entry in entries if entry.words]


def moving_part(part: MovingCurve | MovingPoint | MovingLabels, across: Scale, down: Scale) -> Moving:
    """Return what an explorer moves, in pixels: words get theirs here, the rest gets the scales of both axes."""
    if isinstance(part, MovingLabels):
        words = [[(round(down.at(y) - LABEL_ABOVE, 2), text) for y, text in lines] for lines in part.words]
        return Words(part.output, round(across.at(part.at), 2), SMALLEST_TEXT, part.colour, words)
    kind = Curve if isinstance(part, MovingCurve) else PointOnCurve
    return kind(part.output, part.over, across.as_moving(), down.as_moving(), part.colour)


def paint_mark(sheet: Sheet, x: float, y: float, marks: Marks) -> None:
    """Paint one mark around (x, y), in the shape and colour of `marks`."""
    outline = ellipse(x, y, SIZE) if marks.shape == "dot" else rectangle(x - SIZE, y - SIZE, 2 * SIZE, 2 * SIZE)
    sheet.shape(outline, fill=marks.colour if marks.filled else "panel", line=marks.colour, width=1.8)


def paint_key(sheet: Sheet, layout: str, box: Box, plot: Plot) -> None:
    """Paint the words of each line and mark below the plot, with a piece of it before them."""
    columns = KEY_COLUMNS[layout]
    for place, entry in enumerate(in_key(plot)):
        x = box.left + 26 + (place % columns) * box.width / columns
        y = box.bottom + 66 + KEY_LINE * (place // columns)
        if isinstance(entry, Line):
            sheet.shape(segment((x - 26, y - 4), (x - 7, y - 4)), line=entry.colour, width=entry.width,
                        dashes=entry.dashes)  # fmt: skip
        else:
            paint_mark(sheet, x - 16, y - 4, entry)
        sheet.text(x, y, entry.words)
