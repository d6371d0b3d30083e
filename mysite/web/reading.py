"""How a page is read: who asks and for which representation, from the cache or made anew from the store."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy
from starlette.requests import Request
from starlette.responses import Response

from mysite.stores import relational
from mysite.stores.relational import Neighbour
from mysite.web import representations, server_timing, sessions
from mysite.web.negotiation import HTML, JSON
from mysite.web.problems import Problem
from mysite.web.rendering import render
from mysite.web.site import Site, site_of

Model = Callable[[sqlalchemy.Connection, Request, Neighbour | None], Any]


@dataclass(frozen=True)
class Page:
    """A resource that is read.

    path       its address, with {parameters}
    summary    what it is, in a few words
    template   makes its model into HTML
    model      asks the store for the model; None: there is nothing at this address
    gives      the type of the model; None for a page that is a form alone and has no data to give as JSON
    """

    path: str
    summary: str
    template: str
    model: Model
    gives: type[Any] | None

    @property
    def offered(self) -> tuple[str, ...]:
        """The representations that there are, the one for who has no wish first."""
        return (HTML, JSON) if self.gives else (HTML,)


async def read(page: Page, request: Request) -> Response:
    """Answer a request for a page. Problem 401, 404 or 406 where it cannot be."""
    started = time.perf_counter()
    site = site_of(request)
    media_type = representations.welcome(request, page.offered)
    viewer = viewer_of(site, request)
    cache = site.cache if viewer is None else None  # what one user sees is not kept for others
    key = (media_type, request.scope["path"], request.scope["query_string"])
    cache_control = representations.PUBLIC if viewer is None else representations.PRIVATE
    if cache is not None and (kept := cache.get(key)) is not None:
        return representations.sent(request, media_type, kept, cache_control, {"Server-Timing": server_timing.HIT})

    before, asked = site.statements.count, time.perf_counter()
    with relational.reading(site.store) as connection:
        found = page.model(connection, request, viewer)
    answered = time.perf_counter()
    if found is None:
        raise Problem(404, f"There is nothing at {request.scope['path']}.")
    body = made(page, media_type, found, request, viewer)
    if cache is not None:
        cache.put(key, body, site.cache_seconds)
    spent = server_timing.made(site.statements.count - before, answered - asked, time.perf_counter() - started)
    account = spent if cache is None else f"{server_timing.MISS}, {spent}"
    return representations.sent(request, media_type, body, cache_control, {"Server-Timing": account})


def made(page: Page, media_type: str, found: Any, request: Request, viewer: Neighbour | None) -> bytes:
    """The body of a representation."""
    if media_type == JSON:
        return representations.as_json(found)
    return render(page.template, page=found, path=request.scope["path"], viewer=viewer, problem=None)


def viewer_of(site: Site, request: Request) -> Neighbour | None:
    """The user of the request's session. The store is asked only where the request shows a token. Problem 401."""
    if sessions.token_of(request) is None:
        return None
    with relational.reading(site.store) as connection:
        return sessions.viewer(connection, request)
