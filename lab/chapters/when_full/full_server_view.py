"""What a server does that fills up: response times over utilisation, Little's law, goodput, and the site itself."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from lab.chapters.when_full import impatience_model
from lab.chapters.when_full.replayed_model import replayed
from lab.chapters.when_full.scalability_model import Scalability
from lab.drawing import plot
from lab.drawing.book_figure import BookFigure
from lab.drawing.plot import Axis, Line, Marks, Plot, left_out, users_of
from lab.drawing.recorded_and_own import WHO, Run
from lab.drawing.scales import ticks_up_to
from lab.drawing.table import Table
from lab.models import queue_formulas, traces

MICRO = 1_000_000
CURVE = [step / 200 for step in range(199)]
BUSY = {0.0: "0", 0.25: "25 %", 0.5: "50 %", 0.75: "75 %", 1.0: "100 %"}
MODELLED = [0.5 + 0.05 * step for step in range(31)]  # shares of what the servers can do


def waiting(runs: Sequence[Run], name: str, measured_on: str) -> BookFigure:
    """Mean and 99th percentile of the response time over utilisation: formula, replay, recorded run, the reader's."""
    servers, mean_ms = runs[0].detail["servers"], runs[0].detail["mean_us"] / 1000
    recorded = replayed(runs[0].series, runs[0].detail)
    top = ticks_up_to(max(each.p99_ms for each in recorded) * 1.15, 6)  # with room for words above the points
    formula = [(load, queue_formulas.mmc_response(servers, load, mean_ms)) for load in CURVE]
    lines = [
        Line("formula, mean", formula),
        Line("replay, mean", [(each.utilisation, each.replay_mean_ms) for each in recorded], width=1.4, dashes=(5, 4)),
        Line("replay, 99th percentile", [(each.utilisation, each.replay_p99_ms) for each in recorded], "full", 1.4,
             (5, 4)),
    ]
    marks = []
    for run, (who, filled, colour) in zip(runs, WHO, strict=False):
        points = replayed(run.series, run.detail)
        marks += [
            Marks(f"{who}, mean", [(each.utilisation, each.mean_ms) for each in points], "dot", filled, colour),
            Marks(f"{who}, 99th percentile", [(each.utilisation, each.p99_ms) for each in points], "square", filled,
                  "full" if not filled else colour),
        ]  # fmt: skip
    drawn = Plot(
        Axis("utilisation of the servers", BUSY), Axis("response time (ms)", {tick: f"{tick:,g}" for tick in top}),
        lines, marks, shaded=(recorded[0].utilisation, recorded[-1].utilisation, "measured range"),
    )  # fmt: skip
    last = recorded[-1]
    busiest = max(each["generator"] for each in runs[0].detail["points"])
    late = (f"a load of {each['load']:g}" for run in runs for each in run.detail["points"] if each["was_bottleneck"])
    alt = (
        f"Response time against utilisation for {servers} servers. The formula's mean begins at {mean_ms:g}"
        " milliseconds, hardly rises up to half, and bends up steeply towards the end. Recorded means:"
        f" {listed((each.utilisation, each.mean_ms) for each in recorded)}. The 99th percentile rises by more"
        f" milliseconds: {listed((each.utilisation, each.p99_ms) for each in recorded)}."
    )
    caption = (
        "Error of the replay, as a share of the measured mean: "
        f"{', '.join(percent(each.error, 1) for each in recorded)}. Asked for were {percent(last.load)}"
        f" at the last point, and held were {percent(last.utilisation)}: the formula says"
        f" {last.formula_mean_ms:.0f} ms for the first and {last.formula_held_ms:.0f} ms for the second, measured were"
        f" {last.mean_ms:.0f} ms. The load generator used at most {percent(busiest)} of a core. Recorded on"
        f" {measured_on}.{left_out(late)}"
    )
    return plot.figure(drawn, name, alt, caption)


def listed(points: Any) -> str:
    """Points as words: 50 %, 22 ms; 90 %, 59 ms."""
    return "; ".join(f"{percent(x)}, {y:.0f} ms" for x, y in points)


def percent(share: float, digits: int = 0) -> str:
    """A share of a hundred, with a space before the sign."""
    return f"{share * 100:.{digits}f} %"


def littles_law(runs: Sequence[Run], name: str, measured_on: str) -> BookFigure:
    """The mean number inside, sampled, over rate times response time: on the diagonal, says Little."""
    found = [
        [
            (each["rate"] * each["response_s"], each["inside"])
            for each in run.detail["points"]
            if not each["was_bottleneck"]
        ]
        for run in runs
    ]
    top = ticks_up_to(max(value for point in found[0] for value in point), 6)
    ticks = {tick: f"{tick:g}" for tick in top}
    marks = [
        Marks(f"{who}: sampled", points, "dot", filled, colour)
        for points, (who, filled, colour) in zip(found, WHO, strict=False)
    ]
    drawn = Plot(
        Axis("rate × mean response time", ticks), Axis("requests inside", ticks),
        [Line("N = X R", [(top[0], top[0]), (top[-1], top[-1])])], marks,
    )  # fmt: skip
    errors = [abs(inside / product - 1) for product, inside in found[0]]
    pairs = "; ".join(f"{product:.2f} and {inside:.2f}" for product, inside in found[0])
    alt = (
        "The mean number of requests inside, sampled at random moments, against the rate times the mean response time."
        f" The {len(found[0])} recorded pairs: {pairs}. The diagonal is where both are the same."
    )
    late = (f"a load of {each['load']:g}" for run in runs for each in run.detail["points"] if each["was_bottleneck"])
    caption = f"Largest difference of the two: {max(errors) * 100:.1f} %. Recorded on {measured_on}.{left_out(late)}"
    return plot.figure(drawn, name, alt, caption)


def goodput(runs: Sequence[Run], name: str, measured_on: str) -> BookFigure:
    """Answers in time over what is asked for: a server that lets all wait, one with few places, and patient clients."""
    recorded = runs[0]
    capacity = recorded.detail["capacity"]
    shares = {0.5: "50 %", 1.0: "100 %", 1.5: "150 %", 2.0: "200 %"}
    kinds = dict(zip(recorded.series, (("full", "square"), ("data", "dot"), ("ink", "dot")), strict=True))
    bounded = next(kind for kind in kinds if "places" in kind)
    unbounded = next(kind for kind in kinds if kind == "all may wait")
    places = {bounded: recorded.detail["places"], unbounded: None}
    lines = [
        Line(f"model: {kind}", modelled(recorded.detail, places[kind]), kinds[kind][0], 1.6, (5, 4))
        for kind in (bounded, unbounded)
    ]
    marks = []
    for run, (who, filled, _) in zip(runs, WHO, strict=False):
        for kind, (colour, shape) in kinds.items():
            measured = zip(run.detail["loads"], run.series[kind], strict=True)
            points = [(load, rate) for load, rate in measured if f"{kind} at {load}" not in run.detail["bottlenecks"]]
            marks.append(Marks(f"{who}: {kind}", points, shape, filled, colour))
    top = ticks_up_to(capacity * 1.1, 6)
    drawn = Plot(
        Axis("asked for, as a share of what the servers can do", shares),
        Axis("answers in time, a second", {tick: f"{tick:g}" for tick in top}), lines, marks,
    )  # fmt: skip
    at = {kind: dict(zip(recorded.detail["loads"], values, strict=True)) for kind, values in recorded.series.items()}
    waited = {kind: values[-1] * 1000 for kind, values in recorded.detail["median_s"].items()}
    patient = next(kind for kind in kinds if "leaves" in kind)
    alt = (
        "Answers in time against what is asked for, from half to twice of what the servers can do. At 150 per cent"
        f" the server with few places gives {at[bounded][1.5]:.0f} a second, the"
        f" one that lets all wait {at[unbounded][1.5]:.0f}. Patient clients get {at[patient][1.5]:.0f} from it, late."
    )
    caption = (
        f"Twice as much asked for as can be done: patient clients wait {waited[patient]:,.0f} ms (median), those who"
        f" find a place {waited[bounded]:.0f} ms. Recorded on {measured_on}."
        f"{left_out(each for run in runs for each in run.detail['bottlenecks'])}"
    )
    return plot.figure(drawn, name, alt, caption)


def modelled(detail: Mapping[str, Any], places: int | None) -> list[tuple[float, float]]:
    """Answers in time a second over the share asked for, by the model of impatient clients.

    It is fed with the arrivals and the service times that were drawn for the run, and lasts as long.
    """
    found = []
    for share in MODELLED:
        count = round(share * detail["capacity"] * detail["seconds"])
        arrivals = traces.arrivals_at_random(share * detail["capacity"], count, detail["seed"])
        drawn = traces.service_times(detail["mean_us"], 1, detail["draws"], detail["seed"])
        done = impatience_model.impatient(
            arrivals, (drawn[:count], drawn[count : 2 * count]), detail["servers"], detail["patience_s"] * MICRO,
            math.inf if places is None else places, detail["retry_after_s"] * MICRO,
        )  # fmt: skip
        found.append((share, done.answered_by(round(detail["seconds"] * MICRO)) / detail["seconds"]))
    return found


def site(runs: Sequence[Run], name: str, measured_on: str) -> BookFigure:
    """What the site answers, and the share of one core that its web process uses, over what it is asked for."""
    recorded = runs[0]
    rates = recorded.detail["rates"]
    most = ticks_up_to(rates[-1], 6)
    # of the fullest run: a request costs less when many come together
    fullest = zip(recorded.series["CPU"], recorded.series["answered"], recorded.detail["was_bottleneck"], strict=True)
    used, answered = max((used, answered) for used, answered, spoilt in fullest if not spoilt)
    cpu_a_request = used / answered
    lines = [
        Line("all that is asked for", [(0, 0), (most[-1], most[-1])], "soft", 1.2, (5, 4)),
        Line("one core full", [(0, 1 / cpu_a_request), (most[-1], 1 / cpu_a_request)], "full", 1.4),
    ]
    marks = [
        Marks(f"{who}: answered", answered_of(run), "dot", filled, colour)
        for run, (who, filled, colour) in zip(runs, WHO, strict=False)
    ]
    ticks = {tick: f"{tick:g}" for tick in most}
    drawn = Plot(Axis("asked for, a second", ticks), Axis("answered, a second", ticks), lines, marks)
    pairs = "; ".join(
        f"{rate} asked, {answered:.0f} answered, {used * 100:.0f} per cent of a core"
        for rate, answered, used in zip(rates, recorded.series["answered"], recorded.series["CPU"], strict=True)
    )
    alt = f"Answers of the site a second against requests a second. {pairs}. A red line marks what one core can do."
    late = (
        f"{rate} a second"
        for run in runs
        for rate, was_bottleneck in zip(run.detail["rates"], run.detail["was_bottleneck"], strict=True)
        if was_bottleneck
    )
    caption = (
        f"One core is full at {1 / cpu_a_request:.0f} requests a second. Recorded on {measured_on}.{left_out(late)}"
    )
    return plot.figure(drawn, name, alt, caption)


def fullness(run: Run) -> Table:
    """What of the site was full at each rate of a run 03-site: the table that says what fills first.

    A rate at which the load generator was the bottleneck is left out.
    """
    told = run.detail
    measured = zip(
        told["was_bottleneck"], told["rates"], run.series["answered"], run.series["CPU"], told["memory"],
        told["connections"], told["unanswered"], strict=True,
    )  # fmt: skip
    rows = [
        [rate, round(answered), round(100 * used), round(memory / 1e6), connections, unanswered]
        for spoilt, rate, answered, used, memory, connections, unanswered in measured
        if not spoilt
    ]
    columns = ["asked for", "answered", "of one core", "memory", "connections", "unanswered"]
    units = {"asked for": "/s", "answered": "/s", "of one core": "%", "memory": "MB"}
    return Table(columns, rows, units=units)


def answered_of(run: Run) -> list[tuple[float, float]]:
    """What was answered over what was asked for, of a run 03-site, without what says nothing about the site."""
    points = zip(pairs_of(run, "rates"), run.detail["was_bottleneck"], strict=True)
    return [point for point, was_bottleneck in points if not was_bottleneck]


def pairs_of(run: Run, over: str) -> list[tuple[float, float]]:
    """What was answered, over the numbers in the run's detail."""
    return list(zip(run.detail[over], run.series["answered"], strict=True))


def users(run: Run, fitted: Scalability, name: str, measured_on: str) -> BookFigure:
    """Throughput over the number of users who ask again and again, with the fitted law."""
    numbers, answered = run.detail["users"], run.series["answered"]
    top = ticks_up_to(max(answered) * 1.1, 6)
    curve = [(count, fitted.throughput(count)) for count in range(numbers[0], numbers[-1] + 1)]
    drawn = Plot(
        Axis("users", {count: f"{count}" for count in numbers}, logarithmic=True),
        Axis("answers a second", {tick: f"{tick:g}" for tick in top}),
        [Line("fitted law", curve)], [Marks("recorded", pairs_of(run, "users"))],
    )  # fmt: skip
    alt = (
        "Answers a second against the number of users who ask again at once. "
        + "; ".join(f"{users_of(count)}, {value:.0f}" for count, value in zip(numbers, answered, strict=True))
        + f". The fitted law says {fitted.throughput(numbers[0]):.0f} for the first and"
        f" {fitted.throughput(numbers[-1]):.0f} for the last."
    )
    caption = (
        f"Fit: alone {fitted.alone:.0f} a second, contention {fitted.contention:.2f}, coherency {fitted.coherency:.4f}."
        f" Recorded on {measured_on}."
    )
    return plot.figure(drawn, name, alt, caption)
