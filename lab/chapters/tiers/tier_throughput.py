"""What the real tiers answer, with more and more web processes, and whether this machine has the cores to show it."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from lab.drawing.plot import left_out
from lab.drawing.table import Table
from lab.instruments.cores import free_cores
from lab.instruments.cpu import DATA, cpu_seconds
from lab.instruments.progress import progress
from lab.instruments.runs import Payload, Run, recorded_as
from lab.instruments.timing import rate_text, time_text
from mysite.load import Load, put_on
from mysite.topology import Site, one_server, two_tiers

WEBS, USERS, SECONDS, TURNS = (1, 2, 3), 8, 5, 3
WARM_UP_S = 0.3
BUSY = 3  # a web process, the database and the load generator work at once
ANSWERED, WEB_CPU, DATA_CPU = "answered", "web", "data"


@dataclass(frozen=True)
class TierThroughput(Payload, run="tiers/throughput"):
    """What belongs to the values of the series.

    webs         the web processes apart, in the order of the series' values; 0 is the one server
    users        how many asked at once
    cores        the free cores that `lab.instruments.cores.free_cores` counted before and after
    bottlenecks  the numbers of web processes at which the load generator was the bottleneck
    """

    webs: list[int]
    users: int
    cores: tuple[float, float]
    bottlenecks: list[int]


@dataclass(frozen=True)
class UnderLoad:
    """What one site did under load.

    answered        answers a second
    web_s, data_s   seconds of the processor that a request cost the web tier, or the one server, and the data tier
    was_bottleneck  whether the load generator was too busy or too late
    """

    answered: float
    web_s: float
    data_s: float
    was_bottleneck: bool


@recorded_as(TierThroughput)
def tier_throughput(
    webs: Sequence[int] = WEBS, users: int = USERS, seconds: float = SECONDS, turns: int = TURNS
) -> Run[TierThroughput]:
    """Let users ask for the home page again and again: of one server, and of two tiers with so many web processes.

    Series, medians over the turns, a value for the one server and for each number of web processes: ANSWERED, answers
    a second; WEB_CPU and DATA_CPU, seconds of the processor that a request cost the web tier (or the one server) and
    the data tier.
    """
    starts: dict[int, Callable[[], Site]] = {0: partial(one_server, cache_seconds=0)}
    starts |= {count: partial(two_tiers, web=count) for count in webs}
    before = free_cores(BUSY)
    loads: dict[int, list[UnderLoad]] = {count: [] for count in starts}
    for _, count in progress([(turn, count) for turn in range(turns) for count in starts], "asking the tiers"):
        with starts[count]() as site:
            loads[count].append(under_load(site, users, seconds))
    return Run(
        what=f"{users} users who ask the site for its home page again and again, {turns} times {seconds:g} s each, page"
        " cache off",
        units={ANSWERED: "/s", WEB_CPU: "s", DATA_CPU: "s"},
        series={
            ANSWERED: [statistics.median(load.answered for load in loads[count]) for count in starts],
            WEB_CPU: [statistics.median(load.web_s for load in loads[count]) for count in starts],
            DATA_CPU: [statistics.median(load.data_s for load in loads[count]) for count in starts],
        },
        payload=TierThroughput(
            webs=list(starts),
            users=users,
            cores=(before, free_cores(BUSY)),
            bottlenecks=[count for count in sorted(starts) if any(load.was_bottleneck for load in loads[count])],
        ),
    )


def under_load(site: Site, users: int, seconds: float) -> UnderLoad:
    """Let so many users ask a running site for some seconds, after a short warm-up."""
    put_on(Load(site.port, "/", users=users, seconds=WARM_UP_S))
    before = cpu_seconds(site)
    result = put_on(Load(site.port, "/", users=users, seconds=seconds))
    cpu_s = {tier: after - before[tier] for tier, after in cpu_seconds(site).items()}
    data_s = cpu_s.pop(DATA, 0.0)
    (web_s,) = cpu_s.values()
    requests = len(result.requests)
    answered = len(result.answered_within(seconds)) / seconds
    return UnderLoad(answered, web_s / requests, data_s / requests, result.was_bottleneck)


def table(run: Run[TierThroughput]) -> Table:
    """What each site answers, what a request meanwhile cost each tier, and how many cores that kept busy."""
    rows = [
        [name_of(webs), rate_text(rate), time_text(web_s), time_text(data_s) if webs else "", f"{busy:.1f}"]
        for webs, rate, web_s, data_s, busy in zip(
            run.payload.webs, run.series[ANSWERED], run.series[WEB_CPU], run.series[DATA_CPU], cores_busy(run),
            strict=True,
        )
        if webs not in run.payload.bottlenecks
    ]  # fmt: skip
    return Table(
        ["site", "answers", "CPU, web", "CPU, data", "cores busy"], rows,
        caption="Answers a second, CPU time of a request, and how many cores the site kept busy. Recorded."
        + left_out(name_of(webs) for webs in run.payload.bottlenecks),
    )  # fmt: skip


def cores_busy(run: Run[TierThroughput]) -> list[float]:
    """How many cores each site kept busy, without the load generator."""
    return [
        rate * (web_s + data_s)
        for rate, web_s, data_s in zip(run.series[ANSWERED], run.series[WEB_CPU], run.series[DATA_CPU], strict=True)
    ]


def name_of(webs: int) -> str:
    """The site with so many web processes apart, in words; none is the one server."""
    return f"two tiers, {webs} web" if webs else "one server"
