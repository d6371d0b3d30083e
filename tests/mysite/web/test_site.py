"""What the handlers of one running site share."""

from dataclasses import FrozenInstanceError, replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy
from starlette.applications import Starlette
from starlette.requests import Request

from mysite.web import site
from mysite.web.server_timing import Statements
from mysite.web.site import Site

EARLY = datetime(2026, 3, 1, 4, 5, 59, tzinfo=UTC)


@pytest.fixture
def whole() -> Site:
    return Site(sqlalchemy.create_engine("sqlite://"), Statements(), None, 0, lambda: EARLY)


def test_moments_are_written_as_in_the_data_set(whole: Site) -> None:
    assert (whole.day(), whole.moment()) == ("2026-03-01", "2026-03-01T04:05")
    late = replace(whole, now=lambda: datetime(2026, 12, 31, 23, 59, tzinfo=UTC))
    assert (late.day(), late.moment()) == ("2026-12-31", "2026-12-31T23:59")


def test_the_site_tells_the_time_in_utc() -> None:
    before, now, after = datetime.now(timezone(timedelta(hours=9))), site.now(), datetime.now(UTC)
    assert now.utcoffset() == timedelta(0)
    assert before <= now <= after
    assert Site(sqlalchemy.create_engine("sqlite://"), Statements(), None, 0).now is site.now


def test_the_site_of_a_request(whole: Site) -> None:
    app = Starlette()
    app.state.site = whole
    assert site.site_of(Request({"type": "http", "app": app, "headers": []})) is whole


def test_it_does_not_change(whole: Site) -> None:
    with pytest.raises(FrozenInstanceError):
        whole.cache_seconds = 1  # type: ignore[misc]
