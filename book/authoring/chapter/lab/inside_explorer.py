"""Rate and time inside, moved by the reader: how many are inside."""

from typing import Any

from lab.chapters.TOPIC.inside_model import inside
from lab.chapters.TOPIC.inside_view import NUMBERS, RATES
from lab.drawing.plot import Axis, MovingCurve, MovingPoint, Plot, explorer_drawings
from lab.widgets.explorer import Control, Explorer, Output

STEPS = tuple(range(0, 201, 10))  # requests a second
MILLISECONDS = (10, 20, 50, 100)


def model(rate: int, milliseconds: int) -> dict[str, Any]:
    """The outputs at one setting."""
    return {"inside": inside(rate, milliseconds / 1000)}


def inside_explorer() -> Explorer:
    """The explorer."""
    plot = Plot(
        Axis("requests a second", RATES), Axis("requests inside", NUMBERS), key=False,
        moving=[MovingCurve("inside", "rate", "ink"), MovingPoint("inside", "rate", "web")],
    )  # fmt: skip
    return Explorer(
        name="SLUG-inside",
        title="Rate, time inside, and how many are inside",
        model=model,
        controls=[
            Control("rate", "Requests a second", STEPS, 100),
            Control("milliseconds", "Time inside", MILLISECONDS, 50, words=("10 ms", "20 ms", "50 ms", "100 ms")),
        ],
        outputs=[Output("inside", "requests inside")],
        drawings=explorer_drawings(plot, "SLUG-inside"),
        note="Line: Little's law, which holds for averages.",
    )
