"""What a server does that fills up: response times over utilisation, and Little's law."""

from collections.abc import Iterable, Sequence

from lab.chapters.when_full.waiting import Waiting, replays
from lab.drawing import plot
from lab.drawing.book_figure import BookFigure
from lab.drawing.plot import Axis, Line, Marks, Plot, left_out
from lab.drawing.recorded_and_own import WHO
from lab.drawing.scales import ticks_up_to
from lab.instruments.runs import Run
from lab.models import queue_formulas

CURVE = [step / 200 for step in range(199)]
BUSY = {0.0: "0", 0.25: "25 %", 0.5: "50 %", 0.75: "75 %", 1.0: "100 %"}


def response_times(runs: Sequence[Run[Waiting]], name: str, measured_on: str) -> BookFigure:
    """Draw mean and 99th percentile of the response time over utilisation: formula, replay, and the measured ones."""
    servers, mean_ms = runs[0].payload.servers, runs[0].payload.mean_us / 1000
    recorded = replays(runs[0])
    top = ticks_up_to(max(load.p99_ms for load in recorded) * 1.15, 6)  # with room for words above the points
    formula = [(utilisation, queue_formulas.mmc_response(servers, utilisation, mean_ms)) for utilisation in CURVE]
    lines = [
        Line("formula, mean", formula),
        Line("replay, mean", [(load.utilisation, load.replay_mean_ms) for load in recorded], width=1.4, dashes=(5, 4)),
        Line("replay, 99th percentile", [(load.utilisation, load.replay_p99_ms) for load in recorded], "full", 1.4,
             (5, 4)),
    ]
    marks = []
    for run, (who, filled, colour) in zip(runs, WHO, strict=False):
        loads = replays(run)
        marks += [
            Marks(f"{who}, mean", [(load.utilisation, load.mean_ms) for load in loads], "dot", filled, colour),
            Marks(f"{who}, 99th percentile", [(load.utilisation, load.p99_ms) for load in loads], "square", filled,
                  "full" if not filled else colour),
        ]  # fmt: skip
    content = Plot(
        Axis("utilisation of the servers", BUSY), Axis("response time (ms)", {tick: f"{tick:,g}" for tick in top}),
        lines, marks, shaded=(recorded[0].utilisation, recorded[-1].utilisation, "measured range"),
    )  # fmt: skip
    last = recorded[-1]
    busiest = max(point.generator for point in runs[0].payload.points)
    alt = (
        f"Response time against utilisation for {servers} servers. The formula's mean begins at {mean_ms:g}"
        " milliseconds, hardly rises up to half, and bends up steeply towards the end. Recorded means:"
        f" {in_words((load.utilisation, load.mean_ms) for load in recorded)}. The 99th percentile rises by more"
        f" milliseconds: {in_words((load.utilisation, load.p99_ms) for load in recorded)}."
    )
    caption = (
        "Error of the replay, as a share of the measured mean: "
        f"{', '.join(percent(load.error, 1) for load in recorded)}. Asked for were {percent(last.load)}"
        f" at the last point, and held were {percent(last.utilisation)}: the formula says"
        f" {last.formula_mean_ms:.0f} ms for the first and {last.formula_held_ms:.0f} ms for the second, measured were"
        f" {last.mean_ms:.0f} ms. The load generator used at most {percent(busiest)} of a core. Recorded on"
        f" {measured_on}.{left_out(bottlenecks(runs))}"
    )
    return plot.figure(content, name, alt, caption)


def bottlenecks(runs: Sequence[Run[Waiting]]) -> list[str]:
    """Return the points of the runs at which the load generator was the bottleneck, in words."""
    return [f"a load of {point.load:g}" for run in runs for point in run.payload.points if point.was_bottleneck]


def in_words(points: Iterable[tuple[float, float]]) -> str:
    """Return (utilisation, milliseconds) as text: 50 %, 22 ms; 90 %, 59 ms."""
    return "; ".join(f"{percent(utilisation)}, {ms:.0f} ms" for utilisation, ms in points)


def percent(share: float, digits: int = 0) -> str:
    """Return a share in hundredths, with a space before the sign."""
    return f"{share * 100:.{digits}f} %"


def littles_law(runs: Sequence[Run[Waiting]], name: str, measured_on: str) -> BookFigure:
    """Draw the mean number inside, sampled, over rate times response time: on the diagonal, says Little."""
    pairs = [
        [(point.rate * point.response_s, point.inside) for point in run.payload.points if not point.was_bottleneck]
        for run in runs
    ]
    recorded = pairs[0]
    top = ticks_up_to(max(value for pair in recorded for value in pair), 6)
    ticks = {tick: f"{tick:g}" for tick in top}
    marks = [
        Marks(f"{who}: sampled", points, "dot", filled, colour)
        for points, (who, filled, colour) in zip(pairs, WHO, strict=False)
    ]
    content = Plot(
        Axis("rate × mean response time", ticks), Axis("requests inside", ticks),
        [Line("N = X R", [(top[0], top[0]), (top[-1], top[-1])])], marks,
    )  # fmt: skip
    errors = [abs(inside / product - 1) for product, inside in recorded]
    words = "; ".join(f"{product:.2f} and {inside:.2f}" for product, inside in recorded)
    alt = (
        "The mean number of requests inside, sampled at random moments, against the rate times the mean response time."
        f" The {len(recorded)} recorded pairs: {words}. The diagonal is where both are the same."
    )
    caption = (
        f"Largest difference of the two: {max(errors) * 100:.1f} %. Recorded on {measured_on}."
        f"{left_out(bottlenecks(runs))}"
    )
    return plot.figure(content, name, alt, caption)
