"""Boxes for each tier: how much they answer, how long it takes, and which tier is in the way."""

from collections.abc import Callable, Mapping
from typing import Any

from lab.drawing.plot import Axis, Line, MovingCurve, MovingLabels, MovingPoint, Plot, explorer_drawings
from lab.models.tiers import Tier, capacity, knee, site_tiers, steady_state
from lab.widgets.explorer import Control, Explorer, Output

USERS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32)
# web boxes and data boxes; none of each is one box that does both
BOXES: Mapping[str, tuple[int, int]] = {
    "one box": (0, 0), "1 + 1": (1, 1), "2 + 1": (2, 1), "1 + 2": (1, 2), "2 + 2": (2, 2), "3 + 1": (3, 1),
}  # fmt: skip
# what a request needs of the web tier and of the data tier, in milliseconds
DEMANDS_MS: Mapping[str, tuple[int, int]] = {"30 + 10": (30, 10), "20 + 20": (20, 20), "10 + 30": (10, 30)}
DEMAND_WORDS = ("30 + 10 ms", "20 + 20", "10 + 30")
ALONE_MS = 40  # of one request, whose demands are the same together at every setting
LABELLED_AT = 16  # users: to the right of the dashed line, however high the flat line is

TOGETHER, WEB, DATA, EQUAL = range(4)
BOTTLENECKS = (
    "One box does both, and is busy as long as anybody asks.",
    "The web tier is the bottleneck: another web box raises what they answer at most, another data box does not.",
    "The data tier is the bottleneck: another data box raises what they answer at most, another web box does not.",
    "Both tiers are equally busy: only another box for each raises what they answer at most.",
)
KNEE = (" Up to the knee nobody need wait.", " Beyond the knee somebody has to wait.")
SENTENCES = tuple(bottleneck + more for bottleneck in BOTTLENECKS for more in KNEE)


def tiers_of(boxes: str, demands: str) -> list[Tier]:
    """Return the tiers at a setting: web and data, or the one that does both."""
    web_ms, data_ms = DEMANDS_MS[demands]
    return site_tiers(*BOXES[boxes], web_ms / 1000, data_ms / 1000)


def bottleneck(boxes: str, demands: str) -> int:
    """Return which tier has the most work for each of its boxes: TOGETHER, WEB, DATA or EQUAL."""
    web_ms, data_ms = DEMANDS_MS[demands]
    web, data = BOXES[boxes]
    if not web:
        return TOGETHER
    web_work, data_work = web_ms * data, data_ms * web  # of a box, both times the boxes of both tiers
    return EQUAL if web_work == data_work else WEB if web_work > data_work else DATA


def model(users: int, boxes: str, demands: str) -> dict[str, Any]:
    """Return the outputs at one setting.

    `web_most`, `data_most` and `both_most`, answers a second, are drawn where they are not None.
    """
    tiers, busiest = tiers_of(boxes, demands), bottleneck(boxes, demands)
    state, bend = steady_state(tiers, users), round(knee(tiers), 9)
    # what is busy all the time is so to the last digit, whatever a division in binary makes of it
    busy = [round(share, 12) for share in state.utilisation]
    most = [capacity([tier]) for tier in tiers]
    apart = busiest in (WEB, DATA)
    return {
        "throughput": state.throughput,
        "response": 1000 * state.response_s,
        "web": busy[0],
        "data": busy[-1],
        "knee": bend,
        "web_most": most[0] if apart else None,
        "data_most": most[-1] if apart else None,
        "both_most": None if apart else most[0],
        "place": list(BOXES).index(boxes) * len(DEMANDS_MS) + list(DEMANDS_MS).index(demands),
        "sentence": len(KNEE) * busiest + (users > bend),
    }


def labels(output: str, words: str, alone: str = "") -> list[list[tuple[float, str]]]:
    """Return by `place` how high the line of an output is and its words, which are `alone` where one box does both."""
    labels_by_place: list[list[tuple[float, str]]] = []
    for boxes in BOXES:
        for demands in DEMANDS_MS:
            height = model(1, boxes, demands)[output]
            label = alone if bottleneck(boxes, demands) == TOGETHER else words
            labels_by_place.append([] if height is None else [(height, label)])
    return labels_by_place


def plot() -> Plot:
    """Return the plot: throughput over users, below what the tiers answer at most and would if nobody waited."""
    ticks = {20: "20", 50: "50", 100: "100", 200: "200", 500: "500"}
    unhindered = [(users, 1000 * users / ALONE_MS) for users in (USERS[0], USERS[-1])]
    limits = (
        ("web_most", "web", labels("web_most", "web tier")),
        ("data_most", "data", labels("data_most", "data tier")),
        ("both_most", "soft", labels("both_most", "both tiers", "the one box")),
    )
    return Plot(
        Axis("users", {users: str(users) for users in (1, 2, 4, 8, 16, 32)}, logarithmic=True),
        Axis("throughput (answers a second)", ticks, logarithmic=True),
        [Line("as long as nobody waits", unhindered, "soft", 1.4, (5, 4))], key=False,
        moving=[
            *(MovingCurve(output, "users", colour) for output, colour, _ in limits),
            MovingCurve("throughput", "users", "ink"),
            MovingPoint("throughput", "users", "web"),
            *(MovingLabels("place", LABELLED_AT, words, colour) for _, colour, words in limits),
        ],
    )  # fmt: skip


def tiers_explorer(measure: Callable[..., float] | None = None) -> Explorer:
    """Return the explorer. `measure(users, boxes, demands)` measures a throughput, in answers a second."""
    return Explorer(
        name="tiers",
        title="Boxes for each tier",
        model=model,
        controls=[
            Control("users", "Users", USERS, 8),
            Control("boxes", "Boxes, web + data", tuple(BOXES), "1 + 1", words=tuple(BOXES)),
            Control("demands", "Demand, web + data", tuple(DEMANDS_MS), "30 + 10", words=DEMAND_WORDS),
        ],
        outputs=[
            Output("throughput", "throughput", "answers a second"),
            Output("response", "an answer takes", "ms"),
            Output("web", "web busy", percent=True),
            Output("data", "data busy", percent=True),
            Output("knee", "knee, in users"),
        ],
        drawings=explorer_drawings(plot(), "tiers"),
        sentences=SENTENCES,
        note=(
            "Curve: the throughput by mean value analysis, exact where the work is exponential and done in order of"
            " arrival. Flat lines: what each tier answers at most. Dashed line: what would be answered if nobody"
            " waited. Assumed: who has an answer asks again at once, a request goes to one of a tier's boxes at"
            " random, the network takes no time, and a database can be spread over two boxes at all."
        ),
        measure=measure,
    )
