"""The site's addresses, what answers at each, and the cache of finished pages in front of the store.

All runs in one thread, the event loop's: a page waits for the store, and the next request for the page.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy
from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from mysite.clock import Clock, SystemClock
from mysite.stores import relational
from mysite.ttl_cache import TTLCache
from mysite.web import pages, server_timing
from mysite.web.host_check import HostCheck
from mysite.web.rendering import STATIC, render
from mysite.web.server_timing import Statements

PAGES_KEPT = 256
BODY_BYTES = 64 * 1024
STATIC_CACHE = "public, max-age=3600"

Model = Callable[[sqlalchemy.Connection, Request], Any]


@dataclass(frozen=True)
class Site:
    """What the pages are made from: the store, its count of statements, and the cache, None where it is off."""

    store: sqlalchemy.Engine
    statements: Statements
    cache: TTLCache | None
    cache_seconds: float


def application(
    store: sqlalchemy.Engine, names: tuple[str, ...], cache_seconds: float, clock: Clock | None = None
) -> Starlette:
    """The application on a loaded store, answering for these names. With 0 `cache_seconds` there is no cache."""
    cache = TTLCache(clock or SystemClock(), PAGES_KEPT) if cache_seconds else None
    app = Starlette(
        routes=routes(),
        middleware=[Middleware(HostCheck, names=names)],
        max_body_size=BODY_BYTES,
        exception_handlers={HTTPException: say_what_is_wrong, SQLAlchemyError: say_that_the_store_failed},
    )
    app.router.redirect_slashes = False
    app.state.site = Site(store, server_timing.count_statements(store), cache, cache_seconds)
    return app


def routes() -> list[BaseRoute]:
    """Every address of the site."""
    return [
        page("/", "home.html", lambda store, request: pages.home(store)),
        page("/people", "people.html", lambda store, request: pages.people(store, asked_page(request))),
        page("/users/{id}", "user.html", lambda store, request: pages.user(store, **request.path_params)),
        page("/posts/{id}", "post.html", lambda store, request: pages.post(store, **request.path_params)),
        page("/popular", "popular.html", lambda store, request: pages.popular(store, None)),
        page("/popular/{month}", "popular.html", lambda store, request: pages.popular(store, **request.path_params)),
        page("/about", "about.html", lambda store, request: pages.about(store)),
        Route("/health", health),
        Mount("/static", CachedFiles(directory=STATIC)),
    ]


def asked_page(request: Request) -> str:
    """Which page of a list is asked for: the first one where the address does not say."""
    return request.query_params.get("page", "1")


def page(path: str, template: str, model: Model) -> Route:
    """The route to a page: its model is asked of the store, and the template makes it into HTML."""

    async def answer(request: Request) -> Response:
        started = time.perf_counter()
        site: Site = request.app.state.site
        key = (request.scope["path"], request.scope["query_string"])
        account = []
        if site.cache is not None:
            kept = site.cache.get(key)
            if kept is not None:
                return HTMLResponse(kept, headers={"Server-Timing": server_timing.HIT})
            account.append(server_timing.MISS)

        before = site.statements.count
        asked = time.perf_counter()
        with site.store.connect() as connection:
            found = model(connection, request)
        answered = time.perf_counter()
        if found is None:
            raise HTTPException(404)
        html = render(template, page=found, path=request.scope["path"])
        if site.cache is not None:
            site.cache.put(key, html, site.cache_seconds)
        statements = site.statements.count - before
        spent = server_timing.made(statements, answered - asked, time.perf_counter() - started)
        return HTMLResponse(html, headers={"Server-Timing": ", ".join([*account, spent])})

    return Route(path, answer)


async def health(request: Request) -> Response:
    """Whether the store can be read, and what the cache has done."""
    site: Site = request.app.state.site
    try:
        with site.store.connect() as connection:
            status = relational.status(connection)
    except SQLAlchemyError as error:
        return JSONResponse({"status": "failed", "reason": f"the store cannot be read: {reason(error)}"}, 503)
    said: dict[str, Any] = {
        "status": "ok",
        "store": {"product": relational.PRODUCT, "version": status.version, "users": status.users},
    }
    if site.cache is not None:
        said["cache"] = {"hits": site.cache.hits, "misses": site.cache.misses, "entries": len(site.cache)}
    return JSONResponse(said)


def reason(error: SQLAlchemyError) -> str:
    """What the database itself said, without the statement."""
    return str(getattr(error, "orig", error))


class CachedFiles(StaticFiles):
    """Static files, which browsers and proxies may keep."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = STATIC_CACHE
        return response


async def say_what_is_wrong(request: Request, error: Exception) -> Response:
    """The page for an address that has no page, or that is asked in a way it does not answer."""
    assert isinstance(error, HTTPException)
    path = request.scope["path"]
    if error.status_code == 405:
        sentence = f"{path} can be read, with GET or HEAD. It does not take {request.method}."
        return error_page(405, "Not this way", sentence, {"Allow": "GET, HEAD"})
    if error.status_code == 413:
        return error_page(413, "Too large", f"The body of a request has at most {BODY_BYTES} bytes.", {})
    return error_page(error.status_code, "No such page", f"There is nothing at {path}.", {})


async def say_that_the_store_failed(request: Request, error: Exception) -> Response:
    """The page for when the store cannot be read."""
    assert isinstance(error, SQLAlchemyError)
    return error_page(503, "The store cannot be read", f"It says: {reason(error)}.", {})


def error_page(status: int, title: str, sentence: str, headers: dict[str, str]) -> Response:
    """An error in the site's own look."""
    html = render("error.html", status=status, title=title, sentence=sentence, path="")
    return HTMLResponse(html, status, headers)
