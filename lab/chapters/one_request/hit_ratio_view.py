"""Hit ratio against time to live: the formula as a line, exact counts as markers, and the axes of the explorer."""

from collections.abc import Sequence
from fractions import Fraction

from lab.chapters.one_request import hit_ratio_model as model
from lab.drawing.book_figure import BookFigure, Drawing, draw
from lab.drawing.book_figure import figure as book_figure
from lab.drawing.colours import TINT
from lab.drawing.geometry import Box
from lab.drawing.moving import Curve, PointOnCurve, Steps
from lab.drawing.scales import Scale, paint_axes
from lab.drawing.sheet import Sheet, rectangle, segment

Point = tuple[float, float]

SHORTEST_S, LONGEST_S = 1, 100_000
HEIGHTS = {"wide": 360, "tall": 420}
EXPLORER_HEIGHTS = {"wide": 320, "tall": 300}
# pixels left free on each side; on a phone the words stand below the plot
MARGINS = {"wide": Box(64, 46, 32, 62), "tall": Box(52, 46, 26, 148)}
BELOW_EXPLORER = 62
TICKS = {1: "1", 10: "10", 100: "100", 1000: "1,000", 10_000: "10,000", 100_000: "100,000"}
RATIOS = {0: "0", 0.25: "0.25", 0.5: "0.5", 0.75: "0.75", 1: "1"}
CURVE_STEPS = 80
STEP_DASHES = (4, 3)


def paint_plot(sheet: Sheet, below: float) -> tuple[Box, Scale, Scale]:
    """Paint the axes, `below` pixels left free beneath; return the plot's box, scale across and scale down.

    Across runs the time to live (seconds, logarithmic), down the hit ratio from 0 to 1.
    """
    margin = MARGINS[sheet.layout]
    box = Box(margin.left, margin.top, sheet.width - margin.right, sheet.height - below)
    across = Scale((SHORTEST_S, LONGEST_S), (box.left, box.right), logarithmic=True)
    down = Scale((0, 1), (box.bottom, box.top))
    ticks = TICKS if sheet.layout == "wide" else {value: words for value, words in TICKS.items() if value != 10_000}
    paint_axes(sheet, box, across, down, ticks, RATIOS, "time to live (s)", "hit ratio")
    return box, across, down


def explorer_drawings(name: str, over: str, output: str) -> dict[str, Drawing]:
    """Return the axes with a moving curve of `output` over the control `over`, and a point at the present setting."""

    def paint(sheet: Sheet, layout: str) -> None:
        _, across, down = paint_plot(sheet, BELOW_EXPLORER)
        scales = across.as_moving(), down.as_moving()
        # even arrivals: the ratio jumps where a multiple of the gap ends, and a straight line would lie in between
        steps = Steps(control="arrivals", value="even")
        sheet.moving += [Curve(output, over, *scales, "ink", steps), PointOnCurve(output, over, *scales, "web")]

    return draw(paint, name, EXPLORER_HEIGHTS)


def figure(
    rate: float, poisson_counts: Sequence[Point], even_counts: Sequence[Point], name: str, caption: str | None = None
) -> BookFigure:
    """Draw the formula for Poisson arrivals of `rate` a second, over counts.

    Counts are (time to live in s, hit ratio): `poisson_counts` of Poisson arrivals, which keep the formula's
    assumption, `even_counts` of evenly spaced ones, which do not: their own ratio climbs in exact steps, a thin dashed
    line. The range of the Poisson counts is shaded; outside it the formula's line is dashed, an extrapolation.
    """
    first, last = min(ttl for ttl, _ in poisson_counts), max(ttl for ttl, _ in poisson_counts)

    def paint(sheet: Sheet, layout: str) -> None:
        box, across, down = paint_plot(sheet, MARGINS[layout].bottom)
        counted_range = rectangle(across.at(first), box.top, across.at(last) - across.at(first), box.height)
        sheet.shape(counted_range, fill="web", strength=TINT / 2)
        sheet.text(across.at(first) + 6, box.top + 14, "counted range", colour="soft")
        for low, high, dashes in ((SHORTEST_S, first, (6, 4)), (first, last, None), (last, LONGEST_S, (6, 4))):
            part = Scale((low, high), (across.at(low), across.at(high)), logarithmic=True)
            curve = ((across.at(ttl), down.at(float(model.poisson(rate, ttl)))) for ttl in part.steps(CURVE_STEPS))
            sheet.shape(segment(*curve), line="ink", width=2, dashes=dashes)
        climb = ((across.at(ttl), down.at(ratio)) for ttl, ratio in even_steps(rate, last))
        sheet.shape(segment(*climb), line="full", width=1.2, dashes=STEP_DASHES)
        # where both are counted at one place the square frames the dot
        for ttl, ratio in even_counts:
            x, y = across.at(ttl), down.at(ratio)
            sheet.shape(rectangle(x - 5.5, y - 5.5, 11, 11), fill="panel", line="full", width=1.8)
        sheet.dots([(across.at(ttl), down.at(ratio)) for ttl, ratio in poisson_counts], 4, "web")
        # at the first step two points share one place across, so each says which it is
        for ttl, ratio in at_first_step(rate, even_counts):
            below = across.at(ttl) + 10, down.at(ratio) + (16 if ratio else -8)
            sheet.text(*below, f"{ttl:,g} s", colour="full")
        paint_key(sheet, box)

    return book_figure(paint, name, alt_text(rate, poisson_counts, even_counts), HEIGHTS, caption)


def even_steps(rate: float, last_s: float) -> list[Point]:
    """Return the corners of the hit ratio of even arrivals, up to a time to live of `last_s` seconds.

    From corner to corner the ratio is flat, then goes straight up.
    """
    interval = Fraction(1 / rate)
    corners: list[Point] = [(SHORTEST_S, 0.0)]
    step = interval
    while step < last_s:
        corners += [(float(step), corners[-1][1]), (float(step), float(model.even(interval, step + interval)))]
        step += interval
    return [*corners, (last_s, corners[-1][1])]


def at_first_step(rate: float, even_counts: Sequence[Point]) -> list[Point]:
    """Return the points within one part in a hundred of the first step, where even arrivals get their first hit."""
    return [point for point in even_counts if abs(point[0] * rate - 1) <= 0.01]


def paint_key(sheet: Sheet, box: Box) -> None:
    """Paint what the markers are: at the lower right, where neither line nor markers come, or below the plot."""
    x, y = (box.right - 168, box.bottom - 68) if sheet.layout == "wide" else (box.left + 24, box.bottom + 76)
    sheet.shape(segment((x - 24, y - 4), (x - 8, y - 4)), line="ink", width=2)
    sheet.text(x, y, "formula, Poisson arrivals")
    sheet.dots([(x - 16, y + 16)], 4, "web")
    sheet.text(x, y + 20, "counted, Poisson arrivals")
    sheet.shape(rectangle(x - 21.5, y + 30.5, 11, 11), fill="panel", line="full", width=1.8)
    sheet.text(x, y + 40, "counted, even arrivals")
    sheet.shape(segment((x - 28, y + 56), (x - 6, y + 56)), line="full", width=1.2, dashes=STEP_DASHES)
    sheet.text(x, y + 60, "exact, even arrivals")


def alt_text(rate: float, poisson_counts: Sequence[Point], even_counts: Sequence[Point]) -> str:
    """Return the figure in words, with the numbers that matter."""
    largest = max(abs(ratio - float(model.poisson(rate, ttl))) for ttl, ratio in poisson_counts)
    furthest = max(even_counts, key=lambda point: abs(point[1] - float(model.poisson(rate, point[0]))))
    first_step = " and ".join(f"{ratio:g} at {ttl:,g} seconds" for ttl, ratio in at_first_step(rate, even_counts))
    return (
        f"Hit ratio against time to live from {SHORTEST_S} to {LONGEST_S:,} seconds, for {rate * 3600:g} requests"
        f" an hour. The formula rises like an S from 0 to 1 and passes 0.5 at {1 / rate:,.0f} seconds."
        f" Counts of Poisson arrivals lie within {largest:.3f} of it."
        f" Evenly spaced arrivals do not: at {furthest[0]:,} seconds their hit ratio is {furthest[1]:g},"
        f" the formula says {float(model.poisson(rate, furthest[0])):.2f}. A thin dashed line shows that theirs"
        f" climbs in steps{f': it is {first_step}' if first_step else ''}."
    )
