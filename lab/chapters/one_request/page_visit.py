"""Visits of the home page, each with a new resolver and a new connection: what the waterfall of chapter one draws."""

import statistics
from dataclasses import dataclass

from lab.instruments.progress import progress
from lab.instruments.runs import Payload, Run, recorded_as
from lab.instruments.visit import Visit, visit
from mysite.topology import one_server

VISITS = 21


@dataclass(frozen=True)
class PageVisit(Payload, run="one_request/page_visit"):
    """The visit whose total time is the median of all."""

    visit: Visit


@recorded_as(PageVisit)
def page_visit(visits: int = VISITS) -> Run[PageVisit]:
    """Visit the home page again and again, each time with a new resolver and a new connection.

    The page cache is off, so that each visit asks the database. One visit to warm up is dropped. Series "total"
    and one for each step, seconds.
    """
    with one_server(cache_seconds=0) as site:
        done = [visit(site) for _ in progress(range(1 + visits), "visiting the page")][1:]
    series = {"total": [each.seconds for each in done]}
    for position, step in enumerate(done[0].steps):
        series[step.label] = [each.steps[position].end_s - each.steps[position].start_s for each in done]
    return Run(
        what=f"{visits} visits of the home page, each with a new resolver and a new connection, page cache off",
        units=dict.fromkeys(series, "s"),
        series=series,
        payload=PageVisit(median_visit(done)),
    )


def median_visit(visits: list[Visit]) -> Visit:
    """Return the visit whose total time is the median of all; of an even number the one below it."""
    middle = statistics.median_low([each.seconds for each in visits])
    return next(each for each in visits if each.seconds == middle)
