"""Bodies compressed with gzip for who takes them so.

Starlette compresses for whoever writes the word gzip, `gzip;q=0` too, which says the opposite. So the weights are
read here (RFC 9110, section 12.5.3), and Starlette sees a field without doubt, or none.
"""

from starlette.datastructures import MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mysite.web.negotiation import takes_gzip

SMALLEST = 500  # bytes: below, the head costs more than is saved


class Compression:
    """ASGI middleware: gzip, or the bytes as they are. Vary says so either way: another client gets the other."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = GZipMiddleware(app, minimum_size=SMALLEST)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            wishes = [value.decode("latin-1") for name, value in scope["headers"] if name == b"accept-encoding"]
            others = [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]
            encodings = [(b"accept-encoding", b"gzip")] if takes_gzip(",".join(wishes)) else []
            scope = {**scope, "headers": [*others, *encodings]}

        async def send_with_vary(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message["headers"])
                if "accept-encoding" not in headers.get("vary", "").lower():
                    headers.add_vary_header("Accept-Encoding")
                if "content-encoding" in headers and headers.get("etag", "").startswith('"'):
                    headers["etag"] = f"W/{headers['etag']}"  # no longer the bytes that the tag names
            await send(message)

        await self._app(scope, receive, send_with_vary)
