"""The sheet that a figure is painted on: matplotlib in CSS pixels, and the few marks the book's figures use.

x runs to the right and y down from the top left corner, both in CSS pixels. Outlines are SVG path data made of
the absolute commands M, L, C and Z with spaces between all parts, so that a figure and an explorer share them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from lab.drawing.colours import light
from lab.drawing.moving import Moving
from lab.drawing.svg import rounded

SMALLEST_TEXT = 12
# Where the control points of a cubic curve lie on a quarter of a circle of radius 1.
_QUARTER = 0.5523
_ALIGNMENT = {"start": "left", "middle": "center", "end": "right"}
_CODES = {"M": [Path.MOVETO], "L": [Path.LINETO], "C": [Path.CURVE4] * 3}
# Dashes in pixels: a look-up of a name is dotted.
DOTTED = (0.0, 5.0)


@dataclass
class Sheet:
    """One layout of a figure being painted; `moving` collects what an explorer will move on it."""

    layout: str
    width: int
    height: int
    moving: list[Moving] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Make the matplotlib figure: one unit of its axes is one CSS pixel."""
        self.figure = Figure(figsize=(self.width / 72, self.height / 72), dpi=72)
        self.figure.patch.set_visible(False)
        self.axes: Axes = self.figure.add_axes((0, 0, 1, 1))
        self.axes.set(xlim=(0, self.width), ylim=(self.height, 0))
        self.axes.set_axis_off()

    def text(
        self, x: float, y: float, words: str, *, size: float = SMALLEST_TEXT, bold: bool = False,
        colour: str = "ink", anchor: str = "start", rotated: bool = False,
    ) -> None:
        """Paint one line of text on the baseline `y`; `anchor` start, middle or end; `rotated` reads upwards."""
        self.axes.text(
            x, y, words, fontsize=size, fontweight="bold" if bold else "normal", color=light(colour),
            ha=_ALIGNMENT[anchor], va="baseline", rotation=90 if rotated else 0, rotation_mode="anchor",
            zorder=self._next(), parse_math=False,
        )

    def shape(
        self, outline: str, *, fill: str | None = None, line: str | None = None, width: float = 1.6,
        dashes: tuple[float, float] | None = None, strength: float = 1.0, within: str | None = None,
    ) -> None:
        """Paint an outline, filled and lined with tokens, None for neither; `within` is an outline that clips it.

        `strength` is the opacity, 0 to 1. Lines end round, dashes do not, unless of length 0: then they are dots.
        """
        patch = PathPatch(
            path(outline), facecolor=light(fill) if fill else "none", edgecolor=light(line) if line else "none",
            linewidth=width if line else 0, linestyle=(0, dashes) if dashes else "solid",
            capstyle="butt" if dashes and dashes[0] else "round", alpha=strength if strength < 1 else None,
            zorder=self._next(), clip_on=False,
        )
        self.axes.add_artist(patch)
        if within:
            patch.set_clip_path(path(within), self.axes.transData)
            patch.set_clip_on(True)

    def dots(self, centres: Iterable[tuple[float, float]], radius: float, colour: str) -> None:
        """Paint filled dots of one colour; `radius` in pixels."""
        self.shape(dots(centres), line=colour, width=2 * radius)

    def _next(self) -> int:
        """The order of the next mark: what is painted later lies on top."""
        return len(self.axes.get_children())


def path(outline: str) -> Path:
    """Return matplotlib's form of SVG path data in M, L, C and Z. KeyError for another command."""
    vertices: list[tuple[float, float]] = []
    codes: list[Any] = []
    for part in outline.replace("M", "|M").replace("L", "|L").replace("C", "|C").replace("Z", "|Z").split("|")[1:]:
        command, numbers = part[0], [float(number) for number in part[1:].split()]
        points = list(zip(numbers[::2], numbers[1::2], strict=True))
        if command == "Z":
            points, kinds = [vertices[-1]], [Path.CLOSEPOLY]
        else:
            kinds = _CODES[command]
        vertices += points
        codes += kinds
    return Path(vertices, codes)


def segment(*points: tuple[float, float]) -> str:
    """Return the outline of straight lines from point to point, not closed."""
    return rounded(" ".join(f"{'L' if place else 'M'} {x} {y}" for place, (x, y) in enumerate(points)))


def dots(centres: Iterable[tuple[float, float]]) -> str:
    """Return the outline of lines so short that their round ends make a dot, as wide as the line, at each centre."""
    return " ".join(segment((x, y), (x + 0.01, y)) for x, y in centres)


def polygon(*points: tuple[float, float]) -> str:
    """Return the outline of straight lines from point to point and back to the first."""
    return f"{segment(*points)} Z"


def rectangle(x: float, y: float, width: float, height: float, radius: float = 0) -> str:
    """Return the outline of a rectangle with its top left corner at (x, y); corners rounded by `radius` pixels."""
    right, bottom = x + width, y + height
    if not radius:
        return polygon((x, y), (right, y), (right, bottom), (x, bottom))
    near, rest = radius * (1 - _QUARTER), radius
    return rounded(
        f"M {x + rest} {y} L {right - rest} {y} C {right - near} {y} {right} {y + near} {right} {y + rest} "
        f"L {right} {bottom - rest} C {right} {bottom - near} {right - near} {bottom} {right - rest} {bottom} "
        f"L {x + rest} {bottom} C {x + near} {bottom} {x} {bottom - near} {x} {bottom - rest} "
        f"L {x} {y + rest} C {x} {y + near} {x + near} {y} {x + rest} {y} Z"
    )


def ellipse(x: float, y: float, across: float, down: float | None = None) -> str:
    """Return the outline of an ellipse around (x, y) with radii `across` and `down`; a circle without `down`."""
    down = across if down is None else down
    far_x, far_y = across * _QUARTER, down * _QUARTER
    return rounded(
        f"M {x - across} {y} C {x - across} {y - far_y} {x - far_x} {y - down} {x} {y - down} "
        f"C {x + far_x} {y - down} {x + across} {y - far_y} {x + across} {y} "
        f"C {x + across} {y + far_y} {x + far_x} {y + down} {x} {y + down} "
        f"C {x - far_x} {y + down} {x - across} {y + far_y} {x - across} {y} Z"
    )
