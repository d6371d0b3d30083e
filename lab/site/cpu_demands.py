"""What a request costs each tier: the demands of the model, taken from the processor time of the running site."""

import statistics
from dataclasses import dataclass

import httpcore

from lab.instruments.cpu import BOTH, DATA, WEB, cpu_seconds
from lab.instruments.progress import progress
from lab.instruments.runs import Payload, Run, recorded_as
from mysite.topology import Site, one_server, two_tiers

REQUESTS, REPEATS = 1000, 7
PATH = "/"


@dataclass(frozen=True)
class CpuDemands(Payload, run="site/cpu_demands"):
    """How it was measured.

    requests  over which each value is a mean
    product   the database server of the data tier with its version, as in "PostgreSQL 18.6"
    """

    requests: int
    product: str


@recorded_as(CpuDemands)
def demands(requests: int = REQUESTS, repeats: int = REPEATS) -> Run[CpuDemands]:
    """Ask the site for its home page, on one server and on two tiers, in turns, without a page cache.

    Series BOTH, WEB and DATA: CPU seconds of one request, a value for each repeat. One turn more is dropped.
    """
    series: dict[str, list[float]] = {BOTH: [], WEB: [], DATA: []}
    with one_server(cache_seconds=0) as one, two_tiers(web=1) as two:
        product = f"{two.database.product} {two.database.version}"
        for turn in progress(range(1 + repeats), "measuring CPU time"):
            for site in (one, two):
                for tier, seconds in cpu_a_request(site, requests).items():
                    if turn > 0:
                        series[tier].append(seconds)
    return Run(
        what=f"CPU time of one request of the home page, in runs of {requests:,} requests, page cache off",
        units=dict.fromkeys(series, "s"),
        series=series,
        payload=CpuDemands(requests, product),
    )


def cpu_a_request(site: Site, requests: int) -> dict[str, float]:
    """Return the CPU seconds that one of so many requests costs each tier. ValueError if one is not answered 200."""
    before = cpu_seconds(site)
    with httpcore.ConnectionPool(max_connections=1) as pool:
        for _ in range(requests):
            response = pool.request("GET", site.url(PATH, host=site.address))
            if response.status != 200:
                raise ValueError(f"{PATH} is answered with {response.status}, so nothing is measured.")
    after = cpu_seconds(site)
    return {tier: (after[tier] - before[tier]) / requests for tier in before}


def gains(run: Run[CpuDemands]) -> list[float]:
    """Return for each repeat as many times as the one server two tiers answer, if each has a processor of its own."""
    repeats = zip(run.series[BOTH], run.series[WEB], run.series[DATA], strict=True)
    return [both / max(web, data) for both, web, data in repeats]


def medians(run: Run[CpuDemands]) -> dict[str, float]:
    """Return the median of BOTH, WEB and DATA, in CPU seconds of a request."""
    return {tier: statistics.median(values) for tier, values in run.series.items()}
