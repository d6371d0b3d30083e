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
    def media_types(self) -> tuple[str, ...]:
        """The media types of its representations, the one for who has no wish first."""
        return (HTML, JSON) if self.gives else (HTML,)


async def read(page: Page, request: Request) -> Response:
    """Answer a request for a page. Problem 401, 404 or 406 where it cannot be."""
    begin_s = time.perf_counter()
    site = site_of(request)
    media_type = representations.welcome_media_type(request, page.media_types)
    viewer = viewer_of(site, request)
    cache = site.cache if viewer is None else None  # what one user sees is not kept for others
    key = (media_type, request.scope["path"], request.scope["query_string"])
    cache_control = representations.PUBLIC if viewer is None else representations.PRIVATE
    if cache is not None and (body := cache.get(key)) is not None:
        timing = {"Server-Timing": server_timing.HIT}
        return representations.read_response(request, media_type, body, cache_control, timing)

    statements_before, store_begin_s = site.statements.count, time.perf_counter()
    with relational.reading(site.store) as connection:
        model = page.model(connection, request, viewer)
    statements, store_s = site.statements.count - statements_before, time.perf_counter() - store_begin_s
    if model is None:
        raise Problem(404, f"There is nothing at {request.scope['path']}.")
    body = body_of(page, media_type, model, request, viewer)
    if cache is not None:
        cache.put(key, body, site.cache_seconds)
    metrics = server_timing.metrics(statements, store_s, time.perf_counter() - begin_s)
    timing = {"Server-Timing": metrics if cache is None else f"{server_timing.MISS}, {metrics}"}
    return representations.read_response(request, media_type, body, cache_control, timing)


def body_of(page: Page, media_type: str, model: Any, request: Request, viewer: Neighbour | None) -> bytes:
    """The representation of a page's model as this media type, in bytes."""
    if media_type == JSON:
        return representations.as_json(model)
    return render(page.template, page=model, path=request.scope["path"], viewer=viewer, problem=None)


def viewer_of(site: Site, request: Request) -> Neighbour | None:
    """The user of the request's session. The store is asked only where the request shows a token. Problem 401."""
    if sessions.token_of(request) is None:
        return None
    with relational.reading(site.store) as connection:
        return sessions.viewer(connection, request)
