"""Visits of the home page, each with a new resolver and a new connection: the waterfall draws them."""

import statistics
from dataclasses import dataclass

from lab.instruments.progress import progress
from lab.instruments.runs import Payload, Run, recorded_as
from lab.instruments.visit import Visit, visit
from mysite.topology import one_server

VISITS = 21
TOTAL = "total"  # the series of the whole visits' seconds


@dataclass(frozen=True)
class PageVisit(Payload, run="one_request/page_visit"):
    """What the waterfall draws.

    visit  the one whose total time is the median of all
    """

    visit: Visit


@recorded_as(PageVisit)
def page_visit(count: int = VISITS) -> Run[PageVisit]:
    """Visit the home page again and again, each time with a new resolver and a new connection.

    The page cache is off, so that each visit asks the database. One visit to warm up is dropped. Series, seconds,
    a value for each of `count` visits: TOTAL, and one for each step by its label.
    """
    with one_server(cache_seconds=0) as site:
        visits = [visit(site) for _ in progress(range(1 + count), "visiting the page")][1:]
    series = {TOTAL: [visit.seconds for visit in visits]}
    for position, step in enumerate(visits[0].steps):
        series[step.label] = [visit.steps[position].end_s - visit.steps[position].start_s for visit in visits]
    return Run(
        what=f"{count} visits of the home page, each with a new resolver and a new connection, page cache off",
        units=dict.fromkeys(series, "s"),
        series=series,
        payload=PageVisit(median_visit(visits)),
    )


def median_visit(visits: list[Visit]) -> Visit:
    """Return the visit whose total time is the median of all; of an even number the one below it."""
    middle = statistics.median_low([visit.seconds for visit in visits])
    return next(visit for visit in visits if visit.seconds == middle)
