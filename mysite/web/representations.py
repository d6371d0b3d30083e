"""One resource, two representations: the HTML of a browser and the JSON of a program, with what caches need to know.

Vary names the fields of the request that decide which representation is sent; without it a cache gives one client
what another asked for (RFC 9110, section 12.5.5). ETag names the state that was sent, so that a client which has it
gets 304 and no body (sections 8.8.3, 13.1.2, 15.4.5). Seen 2026-11-24.
"""

import hashlib
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import TypeAdapter
from starlette.requests import Request
from starlette.responses import Response

from mysite.web.negotiation import HTML, JSON, best_media_type, media_type_of
from mysite.web.problems import PROBLEM_JSON, Problem
from mysite.web.rendering import render

VARY = "Accept, Authorization, Cookie"  # compression adds Accept-Encoding
SHARED_SECONDS = 10
# what is the same for everybody may be kept by everybody for a while; what is one user's by the user's own client,
# which asks each time whether it still holds
PUBLIC, PRIVATE = f"public, max-age={SHARED_SECONDS}", "private, no-cache"
CONTENT_TYPES = {HTML: "text/html; charset=utf-8", JSON: JSON, PROBLEM_JSON: PROBLEM_JSON}
_TAG = re.compile(r'(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")')


def welcome_media_type(request: Request, media_types: tuple[str, ...]) -> str:
    """The media type that the client wants most of those that there are. Problem 406 for who wants none of them."""
    fields = request.headers.getlist("accept")
    media_type = best_media_type(", ".join(fields) if fields else None, media_types)
    if media_type is None:
        there = " and as ".join(media_types)
        raise Problem(406, f"{request.scope['path']} is there as {there}, which the field Accept does not welcome.")
    return media_type


def as_json(model: Any) -> bytes:
    """A model as JSON in UTF-8, field by field."""
    kind: Any = type(model)
    return adapter(kind).dump_json(model)


@cache
def adapter(kind: Any) -> TypeAdapter[Any]:
    """Pydantic's adapter for a type of model, which writes it as JSON; made once."""
    return TypeAdapter(kind)


def tag(body: bytes) -> str:
    """The entity tag of a body: weak, since the compressed and the plain body share it."""
    return f'W/"{hashlib.sha256(body).hexdigest()[:16]}"'


def has(request: Request, etag: str) -> bool:
    """Whether the client says that it has this state already: If-None-Match, compared weakly, or *."""
    field = ", ".join(request.headers.getlist("if-none-match")).strip()
    return field == "*" or etag.removeprefix("W/") in _TAG.findall(field)


def read_response(
    request: Request, media_type: str, body: bytes, cache_control: str, headers: Mapping[str, str] | None = None
) -> Response:
    """The response to a read: 200 and the body with its tag, or 304 to who has it. `headers` are added."""
    etag = tag(body)
    fields = {"ETag": etag, "Vary": VARY, "Cache-Control": cache_control, **(headers or {})}
    if has(request, etag):
        return Response(status_code=304, headers=fields)
    return Response(body, headers={**fields, "Content-Type": CONTENT_TYPES[media_type]})


def is_of_a_program(request: Request) -> bool:
    """Whether it is a change that no form of a browser asks for: a form can only POST, and sends no JSON."""
    return request.method in ("PUT", "DELETE") or (
        request.method == "POST" and media_type_of(request.headers.get("content-type")) == JSON
    )


def problem_response(request: Request, problem: Problem, viewer: Any = None) -> Response:
    """The response to a refused request: a page or problem details; to who welcomes neither, the latter."""
    accepts = request.headers.getlist("accept")
    media_types = (PROBLEM_JSON, JSON, HTML) if is_of_a_program(request) else (HTML, JSON, PROBLEM_JSON)
    media_type = best_media_type(", ".join(accepts) if accepts else None, media_types)
    headers = {**problem.headers, "Vary": VARY, "Cache-Control": "no-store"}
    if media_type == HTML:
        html = render(problem.form or "error.html", problem=problem.values(), path="", viewer=viewer)
        return Response(html, problem.status, {**headers, "Content-Type": CONTENT_TYPES[HTML]})
    return Response(as_json(problem.details()), problem.status, {**headers, "Content-Type": PROBLEM_JSON})
