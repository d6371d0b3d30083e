"""A ruler of times from nanoseconds to a second: what was measured here, and a famous table, one line for each."""

import statistics
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from lab.drawing.book_figure import BookFigure
from lab.drawing.book_figure import figure as book_figure
from lab.drawing.geometry import Box
from lab.drawing.plot import KEY_LINE, Marks, paint_mark
from lab.drawing.scales import Scale
from lab.drawing.sheet import Sheet, polygon, segment

TICKS = {
    1e-8: "10 ns", 1e-7: "100 ns", 1e-6: "1 µs", 1e-5: "10 µs", 1e-4: "100 µs", 1e-3: "1 ms", 1e-2: "10 ms",
}  # fmt: skip
ROW = {"wide": 30, "tall": 44}
LEFT = {"wide": 250, "tall": 20}
TOP, RIGHT = 34, 24
SIZE = 6.0


class Run(Protocol):
    """What the view needs to know of a run 04-latencies."""

    @property
    def series(self) -> Mapping[str, Sequence[float]]: ...


def figure(runs: Sequence[Run], famous: Mapping[str, Any], name: str, measured_on: str) -> BookFigure:
    """Each operation on a line: hollow as recorded, filled the reader's own, a triangle for the famous number."""
    names = list(runs[0].series)
    entries = [Marks("recorded", [])] + [Marks("your own run", [], filled=True, colour="web")] * (len(runs) - 1)

    def paint(sheet: Sheet, layout: str) -> None:
        bottom = TOP + ROW[layout] * len(names)
        box = Box(LEFT[layout], TOP, sheet.width - RIGHT, bottom)
        across = Scale((min(TICKS), max(TICKS)), (box.left, box.right), logarithmic=True)
        for place, (value, words) in enumerate(TICKS.items()):
            sheet.shape(segment((across.at(value), box.top), (across.at(value), box.bottom)), line="rule", width=1)
            if layout == "wide" or place % 2 == 0:
                sheet.text(across.at(value), box.top - 10, words, colour="soft", anchor="middle")
        for place, each in enumerate(names):
            y = box.top + ROW[layout] * (place + 1) - 10
            if layout == "wide":
                sheet.text(box.left - 12, y + 4, each, anchor="end")
            else:
                sheet.text(box.left, y - 16, each)
            sheet.shape(segment((box.left, y), (box.right, y)), line="rule", width=1)
            if famous[each]:
                paint_famous(sheet, across.at(famous[each].ns / 1e9), y)
            for run, marks in zip(runs, entries, strict=True):
                paint_mark(sheet, across.at(statistics.median(run.series[each])), y, marks)
        x, y = box.left + 8, bottom + 30
        for place, marks in enumerate(entries):
            paint_mark(sheet, x, y + KEY_LINE * place - 4, marks)
            sheet.text(x + 16, y + KEY_LINE * place, marks.words)
        paint_famous(sheet, x, y + KEY_LINE * len(entries) - 4)
        sheet.text(x + 16, y + KEY_LINE * len(entries), "the famous table, of something alike")

    heights = {layout: TOP + ROW[layout] * len(names) + 48 + KEY_LINE * len(entries) for layout in ROW}
    caption = f"The axis is logarithmic: each line across is ten times the one before. Recorded on {measured_on}."
    return book_figure(paint, name, described(runs[0], famous), heights, caption)


def paint_famous(sheet: Sheet, x: float, y: float) -> None:
    """A triangle that points down at the line."""
    sheet.shape(polygon((x - SIZE, y - SIZE), (x + SIZE, y - SIZE), (x, y + SIZE)), fill="cache", line="cache", width=1)


def described(recorded: Run, famous: Mapping[str, Any]) -> str:
    """The figure in words."""
    lines = []
    for name, seconds in recorded.series.items():
        other = f", the famous table {said(famous[name].ns / 1e9)}" if famous[name] else ""
        lines.append(f"{name}, {said(statistics.median(seconds))}{other}")
    return f"Times on a logarithmic ruler from 10 nanoseconds to 10 milliseconds. {'; '.join(lines)}."


def said(seconds: float) -> str:
    """A time in words, with two digits."""
    for unit, scale in (("seconds", 1.0), ("milliseconds", 1e3), ("microseconds", 1e6), ("nanoseconds", 1e9)):
        if seconds * scale >= 1 or unit == "nanoseconds":
            return f"{float(f'{seconds * scale:.2g}'):g} {unit}"
    raise AssertionError
