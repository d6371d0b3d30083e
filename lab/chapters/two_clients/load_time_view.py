"""Load time against round-trip time: lines with the counted slopes, measured points, and the axes of the explorer."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lab.chapters.two_clients.load_times import LoadTimes, series_name
from lab.drawing.book_figure import BookFigure, Drawing, draw
from lab.drawing.book_figure import figure as book_figure
from lab.drawing.colours import TINT
from lab.drawing.geometry import Box
from lab.drawing.moving import Curve, PointOnCurve
from lab.drawing.scales import Scale, paint_axes, ticks_up_to
from lab.drawing.sheet import Sheet, ellipse, rectangle, segment
from lab.instruments.runs import Run
from lab.models import load_time as model

PLOT = {"wide": 280, "tall": 260}  # pixels high
# pixels left free on each side: labels stand at the right of the lines, the key below
MARGINS = {"wide": Box(64, 46, 186, 86), "tall": Box(52, 46, 100, 86)}
MOST_TICKS = {"wide": (6, 6), "tall": (4, 6)}  # across, down
BEYOND = 1.1  # of the longest round trip that was measured: so far the lines go on at least
LABEL_GAP = 38  # pixels between two labels' baselines
RADIUS = 4.5
KEY_LINE = 21

EXPLORER_HEIGHTS = {"wide": 340, "tall": 330}
EXPLORER_MARGINS = {"wide": Box(64, 46, 32, 62), "tall": Box(52, 46, 22, 62)}
EXPLORER_RTTS_MS, EXPLORER_LOADS_MS = range(0, 151, 50), range(0, 2001, 500)


@dataclass(frozen=True)
class Load:
    """One kind of load: its counted round trips, and (round-trip time, load time) as medians, in milliseconds."""

    name: str
    round_trips: int
    points: tuple[tuple[float, float], ...]

    @property
    def work_ms(self) -> float:
        """The work of both machines: what is left of the nearest point without its round trips."""
        rtt_ms, load_ms = min(self.points)
        return float(model.work_of(load_ms, self.round_trips, rtt_ms))

    def formula_ms(self, rtt_ms: float) -> float:
        """Return the load time by the formula: the slope is counted, the start alone taken from the nearest point."""
        return float(model.load_time(self.round_trips, rtt_ms, work_s=self.work_ms).seconds)

    def furthest(self) -> tuple[float, float]:
        """Return the round-trip time (ms) at which the formula misses most, and by which share of the load time.

        The nearest point, from which the formula starts, is passed over.
        """
        errors = [(abs(self.formula_ms(rtt_ms) / load_ms - 1), rtt_ms) for rtt_ms, load_ms in sorted(self.points)[1:]]
        error, rtt_ms = max(errors)
        return rtt_ms, error


def loads_of(run: Run[LoadTimes]) -> list[Load]:
    """Return the kinds of load in a run, fewest round trips first."""
    rtts = list(zip(run.payload.rtts_ms, run.payload.rtts_s, strict=True))
    loads = [
        Load(
            counts.name,
            counts.round_trips,
            tuple(
                (rtt_s * 1000, statistics.median(run.series[series_name(counts.name, rtt_ms)]) * 1000)
                for rtt_ms, rtt_s in rtts
            ),
        )
        for counts in run.payload.loads
    ]
    return sorted(loads, key=lambda load: load.round_trips)


def figure(runs: Sequence[Run[LoadTimes]], name: str, measured_on: str) -> BookFigure:
    """Draw the formula over the first run, which is the recorded one, as hollow points; a second, the reader's, filled.

    `measured_on` names the machine of the recorded run, for the caption.
    ValueError for none, for more than two, or for two with other loads.
    """
    if len(runs) not in (1, 2):
        raise ValueError(f"this figure shows the recorded run and at the most one more, not {len(runs)}")
    recorded, own = loads_of(runs[0]), loads_of(runs[-1]) if len(runs) == 2 else []
    if own and [(load.name, load.round_trips) for load in own] != [(load.name, load.round_trips) for load in recorded]:
        raise ValueError("the two runs did not count the same loads, so they cannot share their lines: make record")
    repeats = [len(next(iter(run.series.values()))) for run in runs]
    below = {"wide": 0, "tall": KEY_LINE * (len(runs) + len(recorded))}  # lines of the key after the first
    nearest, furthest = (end(rtt for load in recorded for rtt, _ in load.points) for end in (min, max))
    points = [point for load in [*recorded, *own] for point in load.points]
    reach = max(furthest, *(rtt for rtt, _ in points)) * BEYOND

    def paint(sheet: Sheet, layout: str) -> None:
        margin, (most_across, most_down) = MARGINS[layout], MOST_TICKS[layout]
        box = Box(margin.left, margin.top, sheet.width - margin.right, margin.top + PLOT[layout])
        rtts_ms = ticks_up_to(reach, most_across)
        highest = max(*(ms for _, ms in points), *(load.formula_ms(rtts_ms[-1]) for load in recorded))
        loads_ms = ticks_up_to(highest, most_down)
        across, down = Scale((0, rtts_ms[-1]), (box.left, box.right)), Scale((0, loads_ms[-1]), (box.bottom, box.top))
        ticks = tick_words(rtts_ms), tick_words(loads_ms)
        paint_axes(sheet, box, across, down, *ticks, "round-trip time (ms)", "load time (ms)")
        measured_range = rectangle(across.at(nearest), box.top, across.at(furthest) - across.at(nearest), box.height)
        sheet.shape(measured_range, fill="web", strength=TINT / 2)
        sheet.text(across.at(nearest) + 6, box.top + 14, "measured range", colour="soft")
        for load in recorded:
            for start, end, dashes in ((nearest, furthest, None), (furthest, rtts_ms[-1], (6, 4))):
                ends = ((across.at(rtt), down.at(load.formula_ms(rtt))) for rtt in (start, end))
                sheet.shape(segment(*ends), line="ink", width=2, dashes=dashes)
        for load in recorded:
            for rtt, ms in load.points:
                paint_recorded(sheet, across.at(rtt), down.at(ms))
        for load in own:
            sheet.dots([(across.at(rtt), down.at(ms)) for rtt, ms in load.points], RADIUS - 0.5, "web")
        paint_labels(sheet, box.right + 8, {load: down.at(load.formula_ms(rtts_ms[-1])) for load in recorded})
        paint_key(sheet, box, recorded, repeats)

    height = {
        layout: round(margin.top + PLOT[layout] + margin.bottom + below[layout]) for layout, margin in MARGINS.items()
    }
    caption = (
        "Slopes are counted round trips; each line starts at its nearest point. Largest error of the formula beyond:"
        f" {largest_error(recorded)}. Recorded on {measured_on}."
    )
    return book_figure(paint, name, alt_text(recorded), height, caption)


def tick_words(ticks: Sequence[float]) -> dict[float, str]:
    """Return ticks with what stands beside them."""
    return {tick: f"{tick:,g}" for tick in ticks}


def paint_recorded(sheet: Sheet, x: float, y: float) -> None:
    """Paint a hollow point."""
    sheet.shape(ellipse(x, y, RADIUS), fill="panel", line="soft", width=1.8)


def paint_labels(sheet: Sheet, x: float, heights: Mapping[Load, float]) -> None:
    """Write at the end of each line its slope, and where there is room what it is.

    `heights` are where the lines end, in pixels; labels are kept apart where lines end together.
    """
    lowest = float("inf")
    for load in sorted(heights, key=lambda load: -heights[load]):
        y = lowest = min(heights[load] + 4, lowest - LABEL_GAP)
        sheet.text(x, y, slope(load), bold=True)
        if sheet.layout == "wide":
            sheet.text(x, y + 16, load.name, colour="soft")


def slope(load: Load) -> str:
    """Return the label of a line."""
    return f"{load.round_trips} round trip{'s' * (load.round_trips != 1)}"


def paint_key(sheet: Sheet, box: Box, recorded: Sequence[Load], repeats: Sequence[int]) -> None:
    """Paint what the marks are, below the plot; on a phone also which line is which.

    `repeats` are how many loads a point is the median of, in the recorded run and in the reader's own.
    """
    x, y = box.left + 24, box.bottom + 68
    sheet.shape(segment((x - 24, y - 4), (x - 8, y - 4)), line="ink", width=2)
    sheet.text(x, y, "formula, slope counted")
    runs = [f"recorded, median of {repeats[0]}", *(f"your own run, median of {count}" for count in repeats[1:])]
    for place, words in enumerate(runs, start=1):
        left, baseline = (x + 200 * place, y) if sheet.layout == "wide" else (x, y + KEY_LINE * place)
        if place == 1:
            paint_recorded(sheet, left - 16, baseline - 4)
        else:
            sheet.dots([(left - 16, baseline - 4)], RADIUS - 0.5, "web")
        sheet.text(left, baseline, words)
    if sheet.layout == "tall":
        for place, load in enumerate(reversed(recorded), start=1 + len(runs)):
            sheet.text(x - 24, y + KEY_LINE * place, f"{load.round_trips}: {load.name}", colour="soft")


def alt_text(recorded: Sequence[Load]) -> str:
    """Return the figure in words, with the numbers that matter."""
    rtts_ms = sorted(rtt for rtt, _ in recorded[0].points)
    lines = ", ".join(f"{load.round_trips} for “{load.name}”" for load in recorded)
    far = "; ".join(f"“{load.name}” {max(load.points)[1]:,.0f} ms" for load in recorded)
    return (
        f"Load time against round-trip time, measured from {rtts_ms[0]:.1f} to {rtts_ms[-1]:.0f} milliseconds. Straight"
        f" lines that rise by the counted round trips: {lines}. Recorded medians at the longest round trip: {far}."
        f" The largest error of the formula is {largest_error(recorded)}."
    )


def largest_error(recorded: Sequence[Load]) -> str:
    """Return how far the formula is off at the worst of the recorded points, and where, in words."""
    load = max(recorded, key=lambda load: load.furthest()[1])
    at_ms, error = load.furthest()
    return f"{error * 100:.0f} %, for “{load.name}” at {at_ms:.0f} milliseconds"


def explorer_drawings(
    name: str, over: str, load: str, flat: str, recorded: Sequence[tuple[float, float]]
) -> dict[str, Drawing]:
    """Return the axes with the recorded points, and moving curves over the control `over`.

    `load` is the output drawn in ink, with a point at the present setting, `flat` the one that no distance changes.
    `recorded` has round-trip times and load times, both in milliseconds.
    """

    def paint(sheet: Sheet, layout: str) -> None:
        margin = EXPLORER_MARGINS[layout]
        box = Box(margin.left, margin.top, sheet.width - margin.right, sheet.height - margin.bottom)
        across = Scale((EXPLORER_RTTS_MS[0], EXPLORER_RTTS_MS[-1]), (box.left, box.right))
        down = Scale((EXPLORER_LOADS_MS[0], EXPLORER_LOADS_MS[-1]), (box.bottom, box.top))
        ticks = tick_words(EXPLORER_RTTS_MS), tick_words(EXPLORER_LOADS_MS)
        paint_axes(sheet, box, across, down, *ticks, "round-trip time (ms)", "load time (ms)")
        for rtt_ms, load_ms in recorded:
            paint_recorded(sheet, across.at(rtt_ms), down.at(load_ms))
        scales = across.as_moving(), down.as_moving()
        sheet.moving += [Curve(flat, over, *scales, "soft"), Curve(load, over, *scales, "ink")]
        sheet.moving.append(PointOnCurve(load, over, *scales, "web"))

    return draw(paint, name, EXPLORER_HEIGHTS)
