"""What the real tiers answer, with more and more web processes, and whether this machine has the cores to show it."""

from collections.abc import Callable, Sequence
from functools import partial

from lab.cores import free_cores
from lab.progress import progress
from lab.runs import Run
from mysite.load import Load, put_on
from mysite.topology import Site, one_server, two_tiers

WEBS, USERS, SECONDS = (1, 2, 3), 8, 5
WARM_UP_S = 0.3
BUSY = 3  # a web process, the database and the load generator work at once


def tier_throughput(webs: Sequence[int] = WEBS, users: int = USERS, seconds: float = SECONDS) -> Run:
    """Let users ask for the home page again and again: of one server, and of two tiers with so many web processes.

    Series, a value for the one server (0 web processes apart) and for each number: answers a second. `detail["cores"]`
    is what `lab.cores.free_cores` finds for three processes, before and after.
    """
    starts: dict[int, Callable[[], Site]] = {0: partial(one_server, cache_seconds=0)}
    starts |= {count: partial(two_tiers, web=count) for count in webs}
    before, answered, bottlenecks = free_cores(BUSY), [], []
    for count, start in progress(starts.items(), "asking the tiers", total=len(starts)):
        with start() as site:
            put_on(Load(site.port, "/", users=users, seconds=WARM_UP_S))
            done = put_on(Load(site.port, "/", users=users, seconds=seconds))
        answered.append(len(done.answered_within(seconds)) / seconds)
        bottlenecks += [count] if done.was_bottleneck else []
    return Run(
        name="05-throughput",
        what=f"{users} users who ask the site for its home page again and again, {seconds:g} s each, page cache off",
        units={"answered": "/s"},
        series={"answered": answered},
        detail={"webs": list(starts), "users": users, "cores": [before, free_cores(BUSY)], "bottlenecks": bottlenecks},
    )
