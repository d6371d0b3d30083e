"""A ruler of times from nanoseconds to a second: what was measured here, and a famous table, one line for each."""

import statistics
from collections.abc import Mapping, Sequence

from lab.chapters.measuring.latencies import Famous, Latencies
from lab.drawing.book_figure import BookFigure
from lab.drawing.book_figure import figure as book_figure
from lab.drawing.geometry import Box
from lab.drawing.plot import KEY_LINE, Marks, paint_mark
from lab.drawing.scales import Scale
from lab.drawing.sheet import Sheet, polygon, segment
from lab.instruments.runs import Run

TICKS = {
    1e-8: "10 ns", 1e-7: "100 ns", 1e-6: "1 µs", 1e-5: "10 µs", 1e-4: "100 µs", 1e-3: "1 ms", 1e-2: "10 ms",
}  # fmt: skip
ROW = {"wide": 30, "tall": 44}
LEFT = {"wide": 250, "tall": 20}
TOP, RIGHT = 34, 24
SIZE = 6.0


def figure(
    runs: Sequence[Run[Latencies]], famous: Mapping[str, Famous | None], name: str, measured_on: str
) -> BookFigure:
    """Draw each operation on a line: hollow as recorded, filled the reader's own, a triangle for the famous number."""
    operations = list(runs[0].series)
    entries = [Marks("recorded", [])] + [Marks("your own run", [], filled=True, colour="web")] * (len(runs) - 1)

    def paint(sheet: Sheet, layout: str) -> None:
        bottom = TOP + ROW[layout] * len(operations)
        box = Box(LEFT[layout], TOP, sheet.width - RIGHT, bottom)
        across = Scale((min(TICKS), max(TICKS)), (box.left, box.right), logarithmic=True)
        for place, (value, words) in enumerate(TICKS.items()):
            sheet.shape(segment((across.at(value), box.top), (across.at(value), box.bottom)), line="rule", width=1)
            if layout == "wide" or place % 2 == 0:
                sheet.text(across.at(value), box.top - 10, words, colour="soft", anchor="middle")
        for place, operation in enumerate(operations):
            y = box.top + ROW[layout] * (place + 1) - 10
            if layout == "wide":
                sheet.text(box.left - 12, y + 4, operation, anchor="end")
            else:
                sheet.text(box.left, y - 16, operation)
            sheet.shape(segment((box.left, y), (box.right, y)), line="rule", width=1)
            if entry := famous[operation]:
                paint_famous(sheet, across.at(entry.ns / 1e9), y)
            for run, marks in zip(runs, entries, strict=True):
                paint_mark(sheet, across.at(statistics.median(run.series[operation])), y, marks)
        x, y = box.left + 8, bottom + 30
        for place, marks in enumerate(entries):
            paint_mark(sheet, x, y + KEY_LINE * place - 4, marks)
            sheet.text(x + 16, y + KEY_LINE * place, marks.words)
        paint_famous(sheet, x, y + KEY_LINE * len(entries) - 4)
        sheet.text(x + 16, y + KEY_LINE * len(entries), "the famous table, of something alike")

    heights = {layout: TOP + ROW[layout] * len(operations) + 48 + KEY_LINE * len(entries) for layout in ROW}
    caption = f"The axis is logarithmic: each line across is ten times the one before. Recorded on {measured_on}."
    return book_figure(paint, name, in_words(runs[0], famous), heights, caption)


def paint_famous(sheet: Sheet, x: float, y: float) -> None:
    """Paint a triangle that points down at the line."""
    sheet.shape(polygon((x - SIZE, y - SIZE), (x + SIZE, y - SIZE), (x, y + SIZE)), fill="cache", line="cache", width=1)


def in_words(recorded: Run[Latencies], famous: Mapping[str, Famous | None]) -> str:
    """Return the figure in words."""
    lines = []
    for operation, seconds in recorded.series.items():
        entry = famous[operation]
        neighbour = f", the famous table {spoken_time(entry.ns / 1e9)}" if entry else ""
        lines.append(f"{operation}, {spoken_time(statistics.median(seconds))}{neighbour}")
    return f"Times on a logarithmic ruler from 10 nanoseconds to 10 milliseconds. {'; '.join(lines)}."


def spoken_time(seconds: float) -> str:
    """Return a time in words, with two digits: "12 milliseconds"."""
    for unit, scale in (("seconds", 1.0), ("milliseconds", 1e3), ("microseconds", 1e6), ("nanoseconds", 1e9)):
        if seconds * scale >= 1 or unit == "nanoseconds":
            return f"{float(f'{seconds * scale:.2g}'):g} {unit}"
    raise AssertionError
