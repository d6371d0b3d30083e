"""Who gets a body compressed, and what every answer says to caches about it."""

import asyncio
import gzip
from collections.abc import Mapping

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Message, Scope

from mysite.web import compression
from mysite.web.compression import Compression

TEXT = "abcdefghij" * 100
TAG = '"of-the-plain-bytes"'


def answer(request: Request) -> Response:
    """So many bytes as the query says, with the fields of the request that begin with give-."""
    fields = {name.removeprefix("give-"): value for name, value in request.headers.items() if name.startswith("give-")}
    return PlainTextResponse(TEXT[: int(request.query_params.get("bytes", len(TEXT)))], headers=fields)


APP = Compression(Starlette(routes=[Route("/", answer)]))


def ask(query: str = "", accept_encoding: str | None = None, method: str = "GET", **fields: str) -> httpx.Response:
    """The response as it is on the wire, not decompressed, to a request for one with these fields."""
    wishes: Mapping[str, str] = {f"give-{name.replace('_', '-')}": value for name, value in fields.items()}

    async def fetch() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(APP), base_url="http://127.0.0.1") as client:
            del client.headers["accept-encoding"]
            wish = {} if accept_encoding is None else {"accept-encoding": accept_encoding}
            async with client.stream(method, f"/{query}", headers={**wishes, **wish}) as response:
                response._content = b"".join([part async for part in response.aiter_raw()])
                return response

    return asyncio.run(fetch())


@pytest.mark.parametrize("wish", ["gzip", "GZip;q=0.1", "*", "br, gzip", "x-gzip", "br;q=0, *;q=0.1"])
def test_who_gets_gzip(wish: str) -> None:
    response = ask(accept_encoding=wish)
    assert response.headers["content-encoding"] == "gzip"
    assert gzip.decompress(response.content).decode() == TEXT
    assert int(response.headers["content-length"]) == len(response.content) < len(TEXT)
    assert response.headers.get_list("vary") == ["Accept-Encoding"]


@pytest.mark.parametrize("wish", [None, "", "gzip;q=0", "*;q=0", "*, gzip;q=0", "identity", "br", "gzip;q=x", "zip"])
def test_who_gets_the_bytes_as_they_are(wish: str | None) -> None:
    response = ask(accept_encoding=wish)
    assert "content-encoding" not in response.headers
    assert response.content.decode() == TEXT
    assert response.headers.get_list("vary") == ["Accept-Encoding"]


def test_small_bodies_are_left_alone() -> None:
    below, at = ask(f"?bytes={compression.SMALLEST - 1}", "gzip"), ask(f"?bytes={compression.SMALLEST}", "gzip")
    assert ("content-encoding" in below.headers, "content-encoding" in at.headers) == (False, True)
    assert below.content.decode() == TEXT[: compression.SMALLEST - 1]
    for response in (below, at):
        assert response.headers.get_list("vary") == ["Accept-Encoding"]


@pytest.mark.parametrize("wish", [None, "gzip"])
@pytest.mark.parametrize("size", [10, 1000])
def test_vary_names_it_once_and_keeps_what_it_named(wish: str | None, size: int) -> None:
    response = ask(f"?bytes={size}", wish, vary="Accept, Cookie")
    assert response.headers.get_list("vary") == ["Accept, Cookie, Accept-Encoding"]


def test_the_tag_of_other_bytes_is_weak() -> None:
    """RFC 9110, section 8.8.3: a strong tag is that of the very bytes, and a range of others would not fit them."""
    assert ask(accept_encoding="gzip", etag=TAG).headers["etag"] == f"W/{TAG}"
    assert ask(accept_encoding="gzip", etag=f"W/{TAG}").headers["etag"] == f"W/{TAG}"
    assert ask(etag=TAG).headers["etag"] == TAG
    assert ask("?bytes=10", "gzip", etag=TAG).headers["etag"] == TAG
    assert "etag" not in ask(accept_encoding="gzip").headers


def test_what_is_compressed_already_is_not_compressed_again() -> None:
    response = ask(accept_encoding="gzip", content_encoding="br")
    assert (response.headers["content-encoding"], response.content.decode()) == ("br", TEXT)
    assert response.headers.get_list("vary") == ["Accept-Encoding"]


def test_several_fields_are_one_list() -> None:
    """Two fields of the name, which say together that gzip is refused; the application sees neither."""
    scopes: list[Scope] = []

    async def app(scope: Scope, receive: object, send: object) -> None:
        scopes.append(scope)

    async def send(message: Message) -> None:
        raise AssertionError

    fields = [(b"accept-encoding", b"*"), (b"x", b"y"), (b"accept-encoding", b"gzip;q=0")]
    scope = {"type": "http", "headers": fields}
    asyncio.run(Compression(app)(scope, None, send))  # type: ignore[arg-type]
    assert scopes[0]["headers"] == [(b"x", b"y")]
    assert scope["headers"] == fields  # what others hold is not changed


def test_what_is_no_http_passes() -> None:
    types: list[str] = []

    async def app(scope: Scope, receive: object, send: object) -> None:
        types.append(scope["type"])

    asyncio.run(Compression(app)({"type": "lifespan"}, None, None))  # type: ignore[arg-type]
    assert types == ["lifespan"]
