"""What all handlers of one running site share."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy
from starlette.requests import Request

from mysite.ttl_cache import TTLCache
from mysite.web.server_timing import Statements


def now() -> datetime:
    """The moment, as the site writes it down: UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Site:
    """A running site: its store, the count of the store's statements, and its cache, None where that is off.

    now   tells the moment that a new post is given
    """

    store: sqlalchemy.Engine
    statements: Statements
    cache: TTLCache | None
    cache_seconds: float
    now: Callable[[], datetime] = now

    def day(self) -> str:
        """Today as the data set writes it, "2026-11-24"."""
        return f"{self.now():%Y-%m-%d}"

    def moment(self) -> str:
        """Now as the data set writes it, "2026-11-24T14:05"."""
        return f"{self.now():%Y-%m-%dT%H:%M}"


def site_of(request: Request) -> Site:
    """The site that a request has come to."""
    site: Site = request.app.state.site
    return site
