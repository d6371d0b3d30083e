"""What a request costs each tier: seconds of the processor, by process, as the operating system counts them.

From these the demands of the model are taken. The system counts in hundredths of a second, so it takes some thousand
requests to say something of one.
"""

import statistics

import httpcore
import psutil

from lab.instruments.progress import progress
from lab.instruments.runs import Run
from mysite.topology import OneServer, Site, TwoTiers, one_server, two_tiers

REQUESTS, REPEATS = 1000, 7
PATH = "/"
BOTH, WEB, DATA = "one server", "web tier", "data tier"


def demands(requests: int = REQUESTS, repeats: int = REPEATS) -> Run:
    """Ask the site for its home page, on one server and on two tiers, in turns, without a page cache.

    Series, seconds of the processor for a request: "one server" (web application and SQLite are one process), "web
    tier" and "data tier" (PostgreSQL with its processes). `detail` has the product. One turn is dropped.
    """
    series: dict[str, list[float]] = {BOTH: [], WEB: [], DATA: []}
    with one_server(cache_seconds=0) as one, two_tiers(web=1) as two:
        product = f"{two.database.product} {two.database.version}"
        for turn in progress(range(1 + repeats), "measuring CPU time"):
            for site in (one, two):
                for name, seconds in cpu_a_request(site, requests).items():
                    if turn > 0:
                        series[name].append(seconds)
    return Run(
        name="05-demands",
        what=f"CPU time of one request of the home page, in runs of {requests:,} requests, page cache off",
        units=dict.fromkeys(series, "s"),
        series=series,
        detail={"requests": requests, "product": product},
    )


def cpu_a_request(site: Site, requests: int) -> dict[str, float]:
    """Seconds of the processor that one of so many requests costs each tier. ValueError if one is not answered 200."""
    before = cpu_seconds(site)
    with httpcore.ConnectionPool(max_connections=1) as pool:
        for _ in range(requests):
            answer = pool.request("GET", site.url(PATH, host=site.address))
            if answer.status != 200:
                raise ValueError(f"{PATH} is answered with {answer.status}, so nothing is measured.")
    after = cpu_seconds(site)
    return {name: (after[name] - before[name]) / requests for name in before}


def cpu_seconds(site: Site) -> dict[str, float]:
    """Seconds of the processor that each tier has used so far. ValueError for a database that was not started here."""
    if isinstance(site, OneServer):
        return {BOTH: of_tree(site.web.pid)}
    assert isinstance(site, TwoTiers)
    if site.database.process is None:
        raise ValueError("The database server runs elsewhere, so its CPU time cannot be read here.")
    return {WEB: sum(of_tree(web.pid) for web in site.webs), DATA: of_tree(site.database.process.pid)}


def of_tree(process_id: int) -> float:
    """Seconds of the processor of a process, of those that it has started, and of those of them that have ended."""
    root = psutil.Process(process_id)
    times = [process.cpu_times() for process in (root, *root.children(recursive=True))]
    ended = getattr(times[0], "children_user", 0.0) + getattr(times[0], "children_system", 0.0)
    return sum(each.user + each.system for each in times) + ended


def gains(run: Run) -> list[float]:
    """For each turn: as many times as the one server could two tiers answer, if each had a processor of its own."""
    return [both / max(web, data) for both, web, data in zip(*run.series.values(), strict=True)]


def medians(run: Run) -> dict[str, float]:
    """The middle value of each series of such a run, in seconds."""
    return {name: statistics.median(values) for name, values in run.series.items()}
