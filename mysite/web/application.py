"""The application: the site's addresses on a loaded store, behind the check of Host, under limits.

All runs in one thread, the event loop's: a request waits for the store, and the next request for the request. More at
once takes more processes: see mysite.web.server.
"""

import re
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

import sqlalchemy
from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from mysite.clock import Clock, SystemClock
from mysite.stores import relational
from mysite.ttl_cache import TTLCache
from mysite.web import representations, server_timing
from mysite.web.body_limit import BodyLimit
from mysite.web.compression import Compression
from mysite.web.host_check import HostCheck
from mysite.web.negotiation import JSON
from mysite.web.openapi import description
from mysite.web.problems import Problem
from mysite.web.reading import Page, read, viewer_of
from mysite.web.rendering import STATIC
from mysite.web.resources import CHANGES, PAGES
from mysite.web.site import Site, site_of
from mysite.web.writing import Change, write

PAGES_KEPT = 256
STATIC_CACHE = "public, max-age=3600"
RETRY_AFTER = {"Retry-After": "1"}  # a database server that has died is started again within a second
# RFC 9110, section 14.1: 0-99, 100- or the last -50, in a list that may have empty elements
_RANGE = r"(?:[0-9]{1,99}-[0-9]{0,99}|-[0-9]{1,99})"
BYTE_RANGES = re.compile(rf"bytes=[ \t,]*{_RANGE}(?:[ \t]*,[ \t,]*{_RANGE})*[ \t,]*", re.IGNORECASE)
FIRST_AND_LAST = re.compile(r"([0-9]+)-([0-9]*)")

Handler = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True)
class Holding:
    """The store that answers, and how many users it holds."""

    product: str
    version: str
    users: int


@dataclass(frozen=True)
class Kept:
    """What the page cache has done."""

    hits: int
    misses: int
    entries: int


@dataclass(frozen=True)
class Healthy:
    """The store can be read. cache: None where there is none."""

    status: Literal["ok"]
    store: Holding
    cache: Kept | None


@dataclass(frozen=True)
class Unhealthy:
    """The store cannot be read, and why."""

    status: Literal["failed"]
    reason: str


def application(
    store: sqlalchemy.Engine, names: tuple[str, ...], cache_seconds: float, clock: Clock | None = None
) -> Starlette:
    """The application on a loaded store.

    names          the hosts that it answers for
    cache_seconds  how long a finished page is kept; with 0 there is no cache
    clock          by which the cache goes; None: the machine's
    """
    cache = TTLCache(clock or SystemClock(), PAGES_KEPT) if cache_seconds else None
    app = Starlette(
        routes=routes(),
        middleware=[Middleware(HostCheck, names=names), Middleware(Compression), Middleware(BodyLimit)],
        exception_handlers={
            Problem: say_the_problem, HTTPException: say_what_is_wrong, SQLAlchemyError: say_that_the_store_failed,
            ClientDisconnect: say_nothing,
        },
    )  # fmt: skip
    app.router.redirect_slashes = False
    app.state.site = Site(store, server_timing.count_statements(store), cache, cache_seconds)
    app.state.description = description(PAGES, CHANGES, Healthy, Unhealthy)
    return app


def routes() -> list[BaseRoute]:
    """The routes of all addresses of the site, with the methods that each takes."""
    handlers: dict[str, dict[str, Handler]] = defaultdict(dict)
    for page in PAGES:
        handlers[page.path]["GET"] = page_handler(page)
    for change in CHANGES:
        handlers[change.path][change.method] = change_handler(change)
    handlers["/health"]["GET"] = health
    handlers["/openapi.json"]["GET"] = describe
    addresses = [Route(path, method_handler(methods), methods=list(methods)) for path, methods in handlers.items()]
    return [*addresses, Mount("/static", CachedFiles(directory=STATIC))]


def page_handler(page: Page) -> Handler:
    """The handler of requests that read a page."""

    async def answer(request: Request) -> Response:
        return await read(page, request)

    return answer


def change_handler(change: Change) -> Handler:
    """The handler of requests that ask for a change."""

    async def answer(request: Request) -> Response:
        return await write(change, request)

    return answer


def method_handler(handlers: dict[str, Handler]) -> Handler:
    """The handler of all requests to one address, from those by method. HEAD is answered as GET, its body not sent."""

    async def answer(request: Request) -> Response:
        return await handlers["GET" if request.method == "HEAD" else request.method](request)

    return answer


async def health(request: Request) -> Response:
    """Answer whether the store can be read, and with the counts of the cache: 200, or 503."""
    site = site_of(request)
    try:
        with relational.reading(site.store) as connection:
            status = relational.status(connection)
    except SQLAlchemyError as error:
        unhealthy = Unhealthy("failed", f"the store cannot be read: {reason(error)}")
        headers = {"Cache-Control": "no-store", "Content-Type": JSON, **RETRY_AFTER}
        return Response(representations.as_json(unhealthy), 503, headers)
    cache = Kept(site.cache.hits, site.cache.misses, len(site.cache)) if site.cache is not None else None
    healthy = Healthy("ok", Holding(relational.product(site.store), status.version, status.users), cache)
    return Response(representations.as_json(healthy), 200, {"Cache-Control": "no-store", "Content-Type": JSON})


async def describe(request: Request) -> Response:
    """Answer with the site in the words of OpenAPI, for programs that read such."""
    return JSONResponse(request.app.state.description, headers={"Cache-Control": STATIC_CACHE})


def reason(error: SQLAlchemyError) -> str:
    """The first line of the database's own message, without the statement."""
    return str(getattr(error, "orig", error)).partition("\n")[0]


class CachedFiles(StaticFiles):
    """Static files, which browsers and proxies may keep, whole or in parts."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await super().__call__(scope if asks_for_parts(scope) else without_range(scope), receive, send)

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = STATIC_CACHE
        return response


def asks_for_parts(scope: Scope) -> bool:
    """Whether a request asks for parts of a file in a way that is known: GET, and well-formed ranges of bytes.

    Any other Range is ignored, and the file sent whole (RFC 9110, section 14.2); Starlette answers 400.
    """
    fields = [value.decode("latin-1") for name, value in scope["headers"] if name == b"range"]
    if scope["method"] != "GET" or len(fields) != 1 or not BYTE_RANGES.fullmatch(fields[0]):
        return False
    return all(not last or int(first) <= int(last) for first, last in FIRST_AND_LAST.findall(fields[0]))


def without_range(scope: Scope) -> Scope:
    """The same request for the whole."""
    return {**scope, "headers": [field for field in scope["headers"] if field[0] != b"range"]}


async def say_the_problem(request: Request, error: Exception) -> Response:
    """Answer with a problem that a handler has met, to the viewer where there is one."""
    assert isinstance(error, Problem)
    viewer = None
    if error.form:  # a form is shown to who may send it
        viewer = viewer_of(site_of(request), request)
    return representations.problem_response(request, error, viewer)


async def say_what_is_wrong(request: Request, error: Exception) -> Response:
    """Answer 404 for an address that is none, 405 for a method that the address does not take."""
    assert isinstance(error, HTTPException)
    path = request.scope["path"]
    if error.status_code == 405:
        methods = ", ".join(sorted((error.headers or {"Allow": "GET, HEAD"})["Allow"].split(", ")))
        problem = Problem(405, f"{path} takes {methods}, not {request.method}.", headers={"Allow": methods})
    else:
        problem = Problem(error.status_code, f"There is nothing at {path}.")
    return representations.problem_response(request, problem)


async def say_that_the_store_failed(request: Request, error: Exception) -> Response:
    """Answer 503, as the store cannot be read or written."""
    assert isinstance(error, SQLAlchemyError)
    detail = f"The store does not answer. It says: {reason(error)}."
    return representations.problem_response(request, Problem(503, detail, headers=RETRY_AFTER))


async def say_nothing(request: Request, error: Exception) -> Response:
    """Answer a client that has gone before its request was whole: nobody hears it, and the log need not either."""
    return Response(status_code=400)
