"""Visits of the home page, here a few: the shape of the run, and that the real server answered."""

import pytest

from lab.chapters.one_request import page_visit
from lab.chapters.one_request.page_visit import TOTAL, VISITS, PageVisit, median_visit
from lab.instruments import runs
from lab.instruments.counting import Traffic
from lab.instruments.visit import Step, Visit


def visit_of(seconds: float) -> Visit:
    """A visit of one step that takes so long."""
    steps = (Step("wait /", "wait", "/", 0.0, seconds),)
    return Visit("api.mysite.com", "/", 200, 1, (), 1, Traffic(1, 1, 1), steps)


def test_the_median_visit():
    assert median_visit([visit_of(seconds) for seconds in (3, 1, 2)]) == visit_of(2)
    assert median_visit([visit_of(seconds) for seconds in (3, 4, 1, 2)]) == visit_of(2)


def test_page_visit(monkeypatch):
    visits = []
    visit = page_visit.visit
    monkeypatch.setattr(page_visit, "visit", lambda site: visits.append(visit(site)) or visits[-1])
    run = page_visit.page_visit(count=3)
    warm_up, *visits = visits
    assert len(visits) == 3
    assert (run.name, run.units) == ("one_request/page_visit", dict.fromkeys(run.series, "s"))
    assert run.what == "3 visits of the home page, each with a new resolver and a new connection, page cache off"
    median = run.payload.visit
    assert median == median_visit(visits)
    assert list(run.series) == [TOTAL, *(step.label for step in median.steps)]
    assert run.series[TOTAL] == [visit.seconds for visit in visits]
    for position, step in enumerate(median.steps):
        steps = [visit.steps[position] for visit in visits]
        assert run.series[step.label] == [step.end_s - step.start_s for step in steps]
    assert (median.status, median.questions, median.traffic.sockets_opened) == (200, 1, 1)
    assert {visit.account for visit in (warm_up, *visits)} == {median.account}, "all ask the database alike"


def test_the_recorded_run_is_of_what_is_measured_today():
    """As many visits, and the median one is that of its own series."""
    recorded = runs.load(PageVisit)
    assert len(recorded.series[TOTAL]) == VISITS
    assert recorded.payload.visit.seconds == pytest.approx(sorted(recorded.series[TOTAL])[VISITS // 2], rel=1e-3)
