"""What an explorer moves on a drawing, in the drawing's own pixels; lab/widgets/explorer.js has a maker for each kind.

`output` names the output of the explorer's model that drives the part. `colour` is a token of lab/drawing/colours.py.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, ClassVar


@dataclass(frozen=True)
class MovingScale:
    """An axis: from these values to these pixels, each the first and the last; scale "linear" or "log"."""

    pixels: tuple[float, float]
    values: tuple[float, float]
    scale: str


@dataclass(frozen=True)
class Steps:
    """A curve climbs in steps at the settings at which the control of that name has this value."""

    control: str
    value: str


@dataclass(frozen=True)
class Level:
    """A vessel's content: a rectangle clipped by `outline`, as high as the output says, *full* above a share.

    full_above  the share from which on it has the colour of *full*
    tint        how strongly the content covers the panel, 0 to 1
    behind      whether other parts stand before it, so that the level's line is drawn at the sides alone
    """

    kind: ClassVar[str] = "level"
    output: str
    x: float
    y: float
    width: float
    height: float
    colour: str
    full_above: float
    outline: str
    tint: float
    behind: bool | None = None


@dataclass(frozen=True)
class Dots:
    """A crowd: as many of the dots at these positions as the output says, the first ones."""

    kind: ClassVar[str] = "dots"
    output: str
    positions: Sequence[tuple[float, float]]
    colour: str
    radius: float


@dataclass(frozen=True)
class Curve:
    """A line through the output's values at all values of the control `over`, the other controls as they are set."""

    kind: ClassVar[str] = "curve"
    output: str
    over: str
    x: MovingScale
    y: MovingScale
    colour: str
    steps: Steps | None = None


@dataclass(frozen=True)
class PointOnCurve:
    """A point at the output's value at the present value of `over`, and beside it the reader's own measurement."""

    kind: ClassVar[str] = "point"
    output: str
    over: str
    x: MovingScale
    y: MovingScale
    colour: str


@dataclass(frozen=True)
class Customers:
    """Customers at their places: the output is pairs of a customer's number and the index of a place."""

    kind: ClassVar[str] = "customers"
    output: str
    radius: float
    colour: str
    places: Sequence[tuple[float, float]]


@dataclass(frozen=True)
class MovingText:
    """The output's number with its unit, written at (x, y); `anchor` start, middle or end."""

    kind: ClassVar[str] = "text"
    output: str
    x: float
    y: float
    anchor: str
    size: float
    weight: int
    colour: str
    unit: str | None = None


@dataclass(frozen=True)
class Branch:
    """The looks of a branch that is walked: outlines of its lines, of its filled shapes and of its mark's stroke."""

    line: str
    filled: str
    tick: str
    width: float
    colour: str


@dataclass(frozen=True)
class Branches:
    """The branches whose bit is set in the output; the first branch has the lowest bit."""

    kind: ClassVar[str] = "path"
    output: str
    branches: Sequence[Branch]


@dataclass(frozen=True)
class Words:
    """Lines of text by the value of the output: for each value pairs of a baseline and the text on it."""

    kind: ClassVar[str] = "words"
    output: str
    x: float
    size: float
    colour: str
    words: Sequence[Sequence[tuple[float, str]]] | Mapping[int, Sequence[tuple[float, str]]]


Moving = Level | Dots | Curve | PointOnCurve | Customers | MovingText | Branches | Words


def as_spec(part: Moving) -> dict[str, Any]:
    """Return the part as the explorer's script reads it: a dict with its kind, without the fields that are None."""
    return {"kind": part.kind, **{name: value for name, value in asdict(part).items() if value is not None}}
