"""The site of this book under users who ask again and again, measured: what more and more of them get from it."""

from collections.abc import Sequence
from dataclasses import dataclass

from lab.instruments.progress import progress
from lab.instruments.runs import Payload, Run, recorded_as
from mysite.load import Load, put_on
from mysite.topology import one_server

USERS = (1, 2, 4, 8, 16, 32, 64)
SECONDS = 3
ANSWERED = "answered"


@dataclass(frozen=True)
class UserLoad(Payload, run="when_full/users"):
    """The numbers of users, and those of them at which the load generator was the bottleneck."""

    users: tuple[int, ...]
    bottlenecks: tuple[int, ...]


@recorded_as(UserLoad)
def user_load(users: Sequence[int] = USERS, seconds: float = SECONDS) -> Run[UserLoad]:
    """Let more and more users ask the site for its home page, each again as soon as it has the answer.

    The page cache is off. Series ANSWERED: answers a second, a value for each number of users.
    """
    rates, bottlenecks = [], []
    for count in progress(users, "asking the site"):
        with one_server(cache_seconds=0) as site:
            put_on(Load(site.port, "/", users=1, seconds=0.2))  # to warm up
            result = put_on(Load(site.port, "/", users=count, seconds=seconds))
        rates.append(len(result.answered_within(seconds)) / seconds)
        bottlenecks += [count] if result.was_bottleneck else []
    return Run(
        what=f"the home page of the site, asked by users who do nothing else, {seconds:g} s each, page cache off",
        units={ANSWERED: "/s"},
        series={ANSWERED: rates},
        payload=UserLoad(tuple(users), tuple(bottlenecks)),
    )


def throughput(run: Run[UserLoad]) -> list[tuple[int, float]]:
    """Return (users, answers a second)."""
    return list(zip(run.payload.users, run.series[ANSWERED], strict=True))
