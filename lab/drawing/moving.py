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
    """Where a curve climbs in steps: at the settings at which a control has this value."""

    control: str
    value: str


@dataclass(frozen=True)
class Level:
    """How full a vessel is: a rectangle clipped by `outline`, which turns to *full* above a share.

    behind  whether other parts stand before it, so that the level's line is drawn at the sides alone
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
    """A crowd: the first so many dots at these positions."""

    kind: ClassVar[str] = "dots"
    output: str
    positions: Sequence[tuple[float, float]]
    colour: str
    radius: float


@dataclass(frozen=True)
class Curve:
    """An output over all values of the control `over`, the others as they are set."""

    kind: ClassVar[str] = "curve"
    output: str
    over: str
    x: MovingScale
    y: MovingScale
    colour: str
    steps: Steps | None = None


@dataclass(frozen=True)
class PointOnCurve:
    """An output at the present value of the control `over`, and beside it what the reader has measured."""

    kind: ClassVar[str] = "point"
    output: str
    over: str
    x: MovingScale
    y: MovingScale
    colour: str


@dataclass(frozen=True)
class Customers:
    """Who is there and at which of the places: the output is pairs of a number and a place."""

    kind: ClassVar[str] = "customers"
    output: str
    radius: float
    colour: str
    places: Sequence[tuple[float, float]]


@dataclass(frozen=True)
class MovingText:
    """A number written at a place; `anchor` start, middle or end."""

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
    """How a branch looks that is walked: its lines, what is filled, and the stroke of its mark, all outlines."""

    line: str
    filled: str
    tick: str
    width: float
    colour: str


@dataclass(frozen=True)
class Branches:
    """Those branches are seen whose bit is set in the output, the first branch being the lowest bit."""

    kind: ClassVar[str] = "path"
    output: str
    branches: Sequence[Branch]


@dataclass(frozen=True)
class Words:
    """Lines of text by the value of the output: for each value pairs of a baseline and what stands on it."""

    kind: ClassVar[str] = "words"
    output: str
    x: float
    size: float
    colour: str
    words: Sequence[Sequence[tuple[float, str]]] | Mapping[int, Sequence[tuple[float, str]]]


Moving = Level | Dots | Curve | PointOnCurve | Customers | MovingText | Branches | Words


def as_spec(part: Moving) -> dict[str, Any]:
    """A part as the explorer's script reads it: without what is not set."""
    return {"kind": part.kind, **{name: value for name, value in asdict(part).items() if value is not None}}
