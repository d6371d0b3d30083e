"""Emulated boxes, measured: the work of both tiers on one box, and each tier on boxes of its own.

A box is a server whose work is to hold it for a random time, so all boxes together need next to nothing of the one
machine on which they are played. What is measured is therefore the arithmetic of queues, and no hardware.
"""

import statistics
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import accumulate

from lab.instruments.progress import progress
from lab.instruments.runs import Payload, Run, recorded_as
from lab.models.tiers import site_tiers, steady_state
from lab.models.traces import MICRO
from lab.service.running import JOBS, Service, service
from mysite.load import Load, put_on

WEB_MS, DATA_MS = 30, 10
USERS, SECONDS = (1, 2, 4, 8, 16), 8
SEED = 7
ONE, TWO, MORE_WEB, MORE_DATA = "one box for both", "a box for each tier", "a second web box", "a second data box"
# boxes of the web tier and of the data tier; none: one box does both
BOXES = {ONE: (0, 0), TWO: (1, 1), MORE_WEB: (2, 1), MORE_DATA: (1, 2)}


@dataclass(frozen=True)
class Point:
    """What so many users got from boxes that were placed in one way.

    answered        answers a second
    response_s      the mean seconds until an answer
    web_s, data_s   for how many seconds a request really held a box of each tier, on average
    model           the answers a second that mean value analysis gives for these times
    was_bottleneck  whether the load generator was too busy or too late, see `mysite.load.Result`
    generator       the share of a core that it used
    late_us         microseconds by which it was late, of a hundred first attempts all but one
    """

    answered: float
    response_s: float
    web_s: float
    data_s: float
    model: float
    was_bottleneck: bool
    generator: float
    late_us: int


@dataclass(frozen=True)
class Boxes(Payload, run="tiers/boxes"):
    """What belongs to the answers a second of the series.

    users            how many there were, in the order of the series' values
    web_ms, data_ms  the mean work of a request in each tier, in milliseconds, as it was asked for
    points           by series: all that was measured, in the same order
    """

    users: list[int]
    web_ms: int
    data_ms: int
    points: dict[str, list[Point]]


@recorded_as(Boxes)
def boxes(users: Sequence[int] = USERS, seconds: float = SECONDS) -> Run[Boxes]:
    """Let users ask a site on emulated boxes again and again, each as soon as it has its answer.

    Series, answers a second: for each way to place the boxes a value for each number of users.
    """
    settings = [(kind, count) for kind in BOXES for count in users]
    points: dict[str, list[Point]] = {kind: [] for kind in BOXES}
    for kind, count in progress(settings, "asking the boxes"):
        points[kind].append(point(kind, count, seconds))
    return Run(
        what=f"users who ask emulated boxes again and again: web work of {WEB_MS} ms and data work of {DATA_MS} ms on"
        f" average, {seconds:g} s each",
        units=dict.fromkeys(BOXES, "/s"),
        series={kind: [point.answered for point in points[kind]] for kind in BOXES},
        payload=Boxes(list(users), WEB_MS, DATA_MS, points),
    )


def point(
    kind: str, users: int, seconds: float, web_ms: float = WEB_MS, data_ms: float = DATA_MS, seed: int = SEED
) -> Point:
    """Measure what so many users get within some seconds from boxes that are placed in that way, a key of BOXES."""
    with box_services(kind, web_ms, data_ms, seed) as (web, data):
        result = put_on(Load(web.port, JOBS, users=users, seconds=seconds))
        records = web.records()
        data_work = data.records().work if data else records.then
    web_s, data_s = (
        statistics.fmean(end_us - start_us for _, _, start_us, end_us in work) / MICRO
        for work in (records.work, data_work)
    )
    answered = result.answered_within(seconds)
    return Point(
        answered=len(answered) / seconds,
        response_s=statistics.fmean(request.latency_us for request in answered) / MICRO,
        web_s=web_s,
        data_s=data_s,
        model=steady_state(site_tiers(*BOXES[kind], web_s, data_s), users).throughput,
        was_bottleneck=result.was_bottleneck,
        generator=result.cpu_share,
        late_us=result.late_us,
    )


@contextmanager
def box_services(kind: str, web_ms: float, data_ms: float, seed: int) -> Iterator[tuple[Service, Service | None]]:
    """Start the boxes of the web tier, or the one that does both, and the boxes of the data tier, each tier a process.

    web_ms, data_ms  the mean work of a request in each tier, in milliseconds
    """
    web, data = BOXES[kind]
    if not web:
        with service(1, mean_ms=web_ms, seed=seed, then_mean_ms=data_ms) as both:
            yield both, None
        return
    with ExitStack() as stack:
        behind = stack.enter_context(service(1, mean_ms=data_ms, seed=seed + 2, boxes=data))
        front = stack.enter_context(service(1, mean_ms=web_ms, seed=seed, boxes=web, then_port=behind.port))
        yield front, behind


def most_at_once(web: int, data: int, users: int = 16, seconds: float = 0.4) -> tuple[int, int]:
    """Return the most requests that were worked on at once in a web box of so many places, and in a data box likewise.

    Both boxes write down what they work on, while users ask again and again.
    """
    with ExitStack() as stack:
        behind = stack.enter_context(service(data, mean_ms=DATA_MS, seed=SEED + 2))
        front = stack.enter_context(service(web, mean_ms=DATA_MS, seed=SEED, then_port=behind.port))
        put_on(Load(front.port, JOBS, users=users, seconds=seconds))
        return most_overlapping(front.records().work), most_overlapping(behind.records().work)


def most_overlapping(work: Sequence[tuple[int, int, int, int]]) -> int:
    """Return the most pieces of work that overlapped at one moment; one that ends as another begins does not overlap.

    work  draw, arrival, start and end of each piece, the last three in microseconds
    """
    changes = sorted(
        (moment, change) for _, _, start_us, end_us in work for moment, change in ((start_us, 1), (end_us, -1))
    )
    return max(accumulate((change for _, change in changes), initial=0))
