"""Marks of several kinds in one plot, of the recorded run and of the reader's own.

Colour and shape say the kind. Whether a mark is filled says the run, as the key below the plot explains.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, TypeVar

from lab.drawing.geometry import Point
from lab.drawing.plot import Marks
from lab.drawing.recorded_and_own import WHO

R = TypeVar("R")


class Look(NamedTuple):
    """How a kind is drawn: the token of its colour, the shape of its marks, and the dashes of its line."""

    colour: str
    shape: str
    dashes: tuple[float, float] | None = None


def marks_by_kind(
    runs: Sequence[R], looks: Mapping[str, Look], points: Callable[[R, str], Sequence[Point]]
) -> list[Marks]:
    """Return the marks of each run and kind, and the entries of the key that tell the runs apart.

    runs    the recorded run, and the reader's own if there is one
    points  gives the points of one kind in a run, in the units of the axes
    """
    owners = list(zip(runs, WHO, strict=False))
    marks = [
        Marks("", points(run, kind), look.shape, filled, look.colour)
        for run, (_, filled, _) in owners
        for kind, look in looks.items()
    ]
    return [*marks, *(Marks(words, [], "dot", filled, colour) for _, (words, filled, colour) in owners)]
