"""Boxes and curves in CSS pixels: what a label may not lie on."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from lab.drawing.lettering import ASCENT, DESCENT, text_width
from lab.drawing.sheet import path

Point = tuple[float, float]


@dataclass(frozen=True)
class Box:
    """A rectangle, y down."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """Pixels from left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Pixels from top to bottom."""
        return self.bottom - self.top

    @property
    def centre(self) -> Point:
        """The point in the middle."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def grown(self, by: float) -> "Box":
        """Return the box with `by` pixels more on every side."""
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)

    def meets(self, other: "Box") -> bool:
        """Whether the two share more than an edge."""
        return (
            self.left < other.right and other.left < self.right
            and self.top < other.bottom and other.top < self.bottom
        )

    def holds(self, other: "Box") -> bool:
        """Whether the other box lies within this one."""
        return (
            self.left <= other.left and other.right <= self.right
            and self.top <= other.top and other.bottom <= self.bottom
        )

    def crossed_by(self, points: Iterable[Point]) -> bool:
        """Whether one of the points lies inside."""
        return any(self.left < x < self.right and self.top < y < self.bottom for x, y in points)


def around(boxes: Sequence[Box]) -> Box:
    """Return the smallest box that holds all of them."""
    return Box(
        min(box.left for box in boxes), min(box.top for box in boxes),
        max(box.right for box in boxes), max(box.bottom for box in boxes),
    )


def text_box(x: float, y: float, words: str, size: float, anchor: str = "start", bold: bool = False) -> Box:
    """Return the box that one line of text on the baseline `y` fills."""
    width = text_width(words, size, bold)
    left = x - width * {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor]
    return Box(left, y - ASCENT * size, left + width, y + DESCENT * size)


def along(outline: str, step: float = 2) -> list[Point]:
    """Return points on an outline, never more than about `step` pixels apart."""
    points: list[Point] = []
    for vertices, code in path(outline).iter_segments():
        end = (float(vertices[-2]), float(vertices[-1]))
        if code == 1 or not points:
            points.append(end)
            continue
        start = points[-1]
        corners = [start, *((float(x), float(y)) for x, y in zip(vertices[::2], vertices[1::2], strict=True))]
        length = sum(math.dist(one, other) for one, other in pairwise(corners))
        count = max(1, math.ceil(length / step))
        points += [bezier(corners, place / count) for place in range(1, count + 1)]
    return points


def bezier(corners: Sequence[Point], share: float) -> Point:
    """Return the point at `share` (0 to 1) of a Bezier curve with these control points (de Casteljau)."""
    points = list(corners)
    while len(points) > 1:
        points = [
            (one[0] + (other[0] - one[0]) * share, one[1] + (other[1] - one[1]) * share)
            for one, other in pairwise(points)
        ]
    return points[0]
