"""How large the body of a request may be; a larger one is refused before the store is asked for anything."""

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from mysite.web import representations
from mysite.web.problems import Problem

BODY_BYTES = 64 * 1024


def too_large() -> Problem:
    """The problem that is the answer to a larger body."""
    return Problem(413, f"The body of a request has at most {BODY_BYTES:,} bytes.")


class BodyLimit:
    """ASGI middleware: 413 for a request that says that its body is too large.

    Starlette's own limit has one sentence of plain text for it, whatever the client welcomes, and puts it in the
    place of the answer that the application has made.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        if int(request.headers.get("content-length", 0)) > BODY_BYTES:
            await representations.problem_response(request, too_large())(scope, receive, send)
        else:
            await self._app(scope, receive, send)


async def whole_body(request: Request) -> bytes:
    """Read the body of a request. Problem 413 for one in chunks, which says no length, as soon as it is too large."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_BYTES:
            raise too_large()
    return bytes(body)
