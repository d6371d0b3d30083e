"""Axes of a plot on a sheet: values to pixels, and the ticks and words that say so."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

from lab.drawing.geometry import Box
from lab.drawing.moving import MovingScale
from lab.drawing.sheet import SMALLEST_TEXT, Sheet, segment

TICK = 5  # pixels


@dataclass(frozen=True)
class Scale:
    """Maps `values`, the first and the last, to `pixels`, linear or logarithmic."""

    values: tuple[float, float]
    pixels: tuple[float, float]
    logarithmic: bool = False

    def at(self, value: float) -> float:
        """Return the pixel at which a value lies."""
        first, last = (self._position(end) for end in self.values)
        share = (self._position(value) - first) / (last - first)
        return self.pixels[0] + share * (self.pixels[1] - self.pixels[0])

    def steps(self, count: int) -> list[float]:
        """Return `count` + 1 values from the first to the last, evenly spaced on the sheet."""
        first, last = (self._position(end) for end in self.values)
        positions = [first + (last - first) * step / count for step in range(count + 1)]
        return [10**position if self.logarithmic else position for position in positions]

    def as_moving(self) -> MovingScale:
        """Return the scale as an explorer's script reads it."""
        return MovingScale(self.pixels, self.values, "log" if self.logarithmic else "linear")

    def _position(self, value: float) -> float:
        return math.log10(value) if self.logarithmic else value


def ticks_up_to(last: float, most: int) -> list[float]:
    """Return ticks from 0 to the first that is not below `last`.

    They are at most `most` equal steps, each 1, 2 or 5 times a power of ten.
    """
    steps = (factor * 10.0**power for power in count(-2) for factor in (1, 2, 5))
    step = next(step for step in steps if last <= step * most)
    return [round(step * place, 2) for place in range(math.ceil(last / step) + 1)]


def paint_axes(
    sheet: Sheet, box: Box, across: Scale, down: Scale, ticks_across: Mapping[Any, str], ticks_down: Mapping[Any, str],
    title_across: str, title_down: str,
) -> None:
    """Paint the lines of the grid, ticks with their words, and the axes' titles; that of `down` above the plot."""
    for value, words in ticks_down.items():
        y = down.at(value)
        sheet.shape(segment((box.left, y), (box.right, y)), line="rule", width=1)
        sheet.text(box.left - 8, y + 4, words, colour="soft", anchor="end")
    for value, words in ticks_across.items():
        x = across.at(value)
        sheet.shape(segment((x, box.bottom), (x, box.bottom + TICK)), line="soft", width=1)
        sheet.text(x, box.bottom + TICK + SMALLEST_TEXT + 2, words, colour="soft", anchor="middle")
    sheet.shape(segment((box.left, box.bottom), (box.right, box.bottom)), line="soft", width=1.2)
    sheet.text((box.left + box.right) / 2, box.bottom + 40, title_across, size=13, anchor="middle")
    sheet.text(box.left - 32, box.top - 14, title_down, size=13)
