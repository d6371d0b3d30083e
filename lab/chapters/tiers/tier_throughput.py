"""What the real tiers answer, with more and more web processes, and whether this machine has the cores to show it."""

import statistics
from collections.abc import Callable, Sequence
from functools import partial

from lab.drawing.plot import left_out
from lab.drawing.table import Table
from lab.instruments.cores import free_cores
from lab.instruments.progress import progress
from lab.instruments.runs import Run
from lab.instruments.timing import rate_text, time_text
from lab.site.cpu_demands import DATA, cpu_seconds
from mysite.load import Load, put_on
from mysite.topology import Site, one_server, two_tiers

WEBS, USERS, SECONDS, TURNS = (1, 2, 3), 8, 5, 3
WARM_UP_S = 0.3
BUSY = 3  # a web process, the database and the load generator work at once
UNITS = {"answered": "/s", "web": "s", "data": "s"}


def tier_throughput(
    webs: Sequence[int] = WEBS, users: int = USERS, seconds: float = SECONDS, turns: int = TURNS
) -> Run:
    """Let users ask for the home page again and again: of one server, and of two tiers with so many web processes.

    Series, a value for the one server (0 web processes apart) and for each number, the median of so many turns: answers
    a second, and the seconds of the processor that a request meanwhile cost the web tier, or the one server, and the
    data tier. `detail["cores"]` is what `lab.instruments.cores.free_cores` finds for three processes, before and after.
    """
    starts: dict[int, Callable[[], Site]] = {0: partial(one_server, cache_seconds=0)}
    starts |= {count: partial(two_tiers, web=count) for count in webs}
    before, bottlenecks = free_cores(BUSY), set()
    rows: dict[int, list[dict[str, float]]] = {count: [] for count in starts}
    for _, count in progress([(turn, count) for turn in range(turns) for count in starts], "asking the tiers"):
        with starts[count]() as site:
            measured, was_bottleneck = under_load(site, users, seconds)
        rows[count].append(measured)
        bottlenecks |= {count} if was_bottleneck else set()
    return Run(
        name="05-throughput",
        what=f"{users} users who ask the site for its home page again and again, {turns} times {seconds:g} s each, page"
        " cache off",
        units=UNITS,
        series={name: [statistics.median(row[name] for row in rows[count]) for count in starts] for name in UNITS},
        detail={
            "webs": list(starts), "users": users, "cores": [before, free_cores(BUSY)],
            "bottlenecks": sorted(bottlenecks),
        },
    )  # fmt: skip


def under_load(site: Site, users: int, seconds: float) -> tuple[dict[str, float], bool]:
    """A value for each series of `tier_throughput`, and whether the load generator was the bottleneck."""
    put_on(Load(site.port, "/", users=users, seconds=WARM_UP_S))
    before = cpu_seconds(site)
    done = put_on(Load(site.port, "/", users=users, seconds=seconds))
    used = {tier: after - before[tier] for tier, after in cpu_seconds(site).items()}
    data_s = used.pop(DATA, 0.0)
    (web_s,) = used.values()
    asked = len(done.requests)
    answered = len(done.answered_within(seconds)) / seconds
    return {"answered": answered, "web": web_s / asked, "data": data_s / asked}, done.was_bottleneck


def table(run: Run) -> Table:
    """What each site answers, what a request meanwhile cost each tier, and how many cores that kept busy."""
    rows = [
        [name_of(webs), rate_text(rate), time_text(web_s), time_text(data_s) if webs else "",
         f"{rate * (web_s + data_s):.1f}"]
        for webs, rate, web_s, data_s in zip(run.detail["webs"], *run.series.values(), strict=True)
        if webs not in run.detail["bottlenecks"]
    ]  # fmt: skip
    return Table(
        ["site", "answers", "CPU, web", "CPU, data", "cores busy"], rows,
        caption="Answers a second, CPU time of a request, and how many cores the site kept busy. Recorded."
        + left_out(name_of(webs) for webs in run.detail["bottlenecks"]),
    )  # fmt: skip


def name_of(webs: int) -> str:
    """The site with so many web processes apart, in words."""
    return f"two tiers, {webs} web" if webs else "one server"
