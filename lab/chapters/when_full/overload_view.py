"""Goodput: what a server still answers in time that is asked for more than it can do."""

import math
from collections.abc import Sequence

from lab.chapters.when_full import impatience_model
from lab.chapters.when_full.overload import BOUNDED, PATIENT, UNBOUNDED, Overload
from lab.chapters.when_full.overload import goodput as goodput_of
from lab.drawing import plot
from lab.drawing.book_figure import BookFigure
from lab.drawing.plot import Axis, Line, Marks, Plot, left_out
from lab.drawing.recorded_and_own import WHO
from lab.drawing.scales import ticks_up_to
from lab.instruments.runs import Run
from lab.models import traces
from lab.models.traces import MICRO

MODELLED = [0.5 + 0.05 * step for step in range(31)]  # shares of what the servers can do
SHARES = {0.5: "50 %", 1.0: "100 %", 1.5: "150 %", 2.0: "200 %"}
LOOKS = {UNBOUNDED: ("full", "square"), BOUNDED: ("data", "dot"), PATIENT: ("ink", "dot")}


def goodput(runs: Sequence[Run[Overload]], name: str, measured_on: str) -> BookFigure:
    """Draw answers in time over what is asked for, of the three kinds, and the model of the impatient two."""
    recorded = runs[0]
    setting = recorded.payload
    lines = [
        Line(f"model: {kind}", model_curve(setting, places), LOOKS[kind][0], 1.6, (5, 4))
        for kind, places in ((BOUNDED, setting.places), (UNBOUNDED, math.inf))
    ]
    marks = [
        Marks(f"{who}: {kind}", goodput_of(run, kind), shape, filled, colour)
        for run, (who, filled, _) in zip(runs, WHO, strict=False)
        for kind, (colour, shape) in LOOKS.items()
    ]
    top = ticks_up_to(setting.capacity * 1.1, 6)
    content = Plot(
        Axis("asked for, as a share of what the servers can do", SHARES),
        Axis("answers in time, a second", {tick: f"{tick:g}" for tick in top}), lines, marks,
    )  # fmt: skip
    rates = {kind: values[setting.loads.index(1.5)] for kind, values in recorded.series.items()}
    waits_ms = {kind: values[-1] * 1000 for kind, values in setting.median_s.items()}
    alt = (
        "Answers in time against what is asked for, from half to twice of what the servers can do. At 150 per cent"
        f" the server with few places gives {rates[BOUNDED]:.0f} a second, the"
        f" one that lets all wait {rates[UNBOUNDED]:.0f}. Patient clients get {rates[PATIENT]:.0f} from it, late."
    )
    caption = (
        f"Twice as much asked for as can be done: patient clients wait {waits_ms[PATIENT]:,.0f} ms (median), those who"
        f" find a place {waits_ms[BOUNDED]:.0f} ms. Recorded on {measured_on}."
        f"{left_out(point for run in runs for point in run.payload.bottlenecks)}"
    )
    return plot.figure(content, name, alt, caption)


def model_curve(setting: Overload, places: float) -> list[tuple[float, float]]:
    """Return (share asked for, answers in time a second) by the model of impatient clients, with so many places.

    It is fed with the arrivals and the service times that were drawn for the run, and lasts as long.
    """
    services_us = traces.service_times(setting.mean_us, 1, setting.draws, setting.seed)
    points = []
    for share in MODELLED:
        rate = share * setting.capacity
        count = round(rate * setting.seconds)
        outcome = impatience_model.impatient(
            traces.arrivals_at_random(rate, count, setting.seed),
            (services_us[:count], services_us[count : 2 * count]),
            setting.servers,
            setting.patience_s * MICRO,
            places,
            setting.retry_after_s * MICRO,
        )
        points.append((share, outcome.answered_by(round(setting.seconds * MICRO)) / setting.seconds))
    return points
