"""Emulated boxes, measured: the work of both tiers on one box, and each tier on boxes of its own.

A box is a server whose work is to hold it for a drawn time, so all boxes together need next to nothing of the one
machine on which they are played. What is measured is therefore the arithmetic of queues, and no hardware.
"""

import statistics
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import accumulate
from typing import Any

from lab.instruments.progress import progress
from lab.instruments.runs import Run
from lab.models import tiers
from lab.models.traces import MICRO
from lab.service.running import JOBS, Service, service
from mysite.load import Load, put_on

WEB_MS, DATA_MS = 30, 10
USERS, SECONDS = (1, 2, 4, 8, 16), 8
SEED = 7
ONE, TWO, MORE_WEB, MORE_DATA = "one box for both", "a box for each tier", "a second web box", "a second data box"
# boxes of the web tier and of the data tier; none: one box does both
BOXES = {ONE: (0, 0), TWO: (1, 1), MORE_WEB: (2, 1), MORE_DATA: (1, 2)}


def boxes(users: Sequence[int] = USERS, seconds: float = SECONDS) -> Run:
    """Let users ask a site on emulated boxes again and again, each as soon as it has its answer.

    Series, answers a second: for each way to place the boxes a value for each number of users. `detail["points"]` has,
    in the same order, what `point` gives.
    """
    asked = [(kind, count) for kind in BOXES for count in users]
    points: dict[str, list[dict[str, Any]]] = {kind: [] for kind in BOXES}
    for kind, count in progress(asked, "asking the boxes"):
        points[kind].append(point(kind, count, seconds))
    return Run(
        name="05-boxes",
        what=f"users who ask emulated boxes again and again: web work of {WEB_MS} ms and data work of {DATA_MS} ms on"
        f" average, {seconds:g} s each",
        units=dict.fromkeys(BOXES, "/s"),
        series={kind: [each["answered"] for each in rows] for kind, rows in points.items()},
        detail={"users": list(users), "web_ms": WEB_MS, "data_ms": DATA_MS, "points": points},
    )


def point(
    kind: str, users: int, seconds: float, web_ms: float = WEB_MS, data_ms: float = DATA_MS, seed: int = SEED
) -> dict[str, Any]:
    """What so many users get from the boxes.

    answered, response_s  answers a second, and the mean time to an answer in seconds
    web_s, data_s         for how long a request really held a box of each tier, on average
    model                 the answers a second that mean value analysis gives for these times
    was_bottleneck, generator, late_us  of the load generator, see mysite.load.Result
    """
    with placed(kind, web_ms, data_ms, seed) as (web, data):
        done = put_on(Load(web.port, JOBS, users=users, seconds=seconds))
        records = web.records()
        second = data.records().work if data else records.then
    held = [statistics.fmean(over - begun for _, _, begun, over in rows) / MICRO for rows in (records.work, second)]
    answered = done.answered_within(seconds)
    return {
        "answered": len(answered) / seconds,
        "response_s": statistics.fmean(each.latency_us for each in answered) / MICRO,
        "web_s": held[0],
        "data_s": held[1],
        "model": tiers.steady(tiers.placed(*BOXES[kind], *held), users).throughput,
        "was_bottleneck": done.was_bottleneck,
        "generator": done.cpu_share,
        "late_us": done.late_us,
    }


@contextmanager
def placed(kind: str, web_ms: float, data_ms: float, seed: int) -> Iterator[tuple[Service, Service | None]]:
    """The boxes of the web tier, or those that do all, and the boxes of the data tier, each tier a process."""
    web, data = BOXES[kind]
    if not web:
        with service(1, mean_ms=web_ms, seed=seed, then_mean_ms=data_ms) as both:
            yield both, None
        return
    with ExitStack() as started:
        behind = started.enter_context(service(1, mean_ms=data_ms, seed=seed + 2, boxes=data))
        front = started.enter_context(service(1, mean_ms=web_ms, seed=seed, boxes=web, then_port=behind.port))
        yield front, behind


def most_at_once(web: int, data: int, users: int = 16, seconds: float = 0.4) -> tuple[int, int]:
    """How many requests were worked on at once, at the most, in a web box with so many places and a data box likewise.

    Counted from what both have written down, while users ask again and again.
    """
    with ExitStack() as started:
        behind = started.enter_context(service(data, mean_ms=DATA_MS, seed=SEED + 2))
        front = started.enter_context(service(web, mean_ms=DATA_MS, seed=SEED, then_port=behind.port))
        put_on(Load(front.port, JOBS, users=users, seconds=seconds))
        return most_overlapping(front.records().work), most_overlapping(behind.records().work)


def most_overlapping(work: Sequence[tuple[int, int, int, int]]) -> int:
    """The most pieces of work that were begun and not done at one moment; one that ends as another begins is done."""
    changes = sorted((moment, change) for _, _, begun, done in work for moment, change in ((begun, 1), (done, -1)))
    return max(accumulate((change for _, change in changes), initial=0))
