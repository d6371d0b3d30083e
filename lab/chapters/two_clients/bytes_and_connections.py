"""Requests in a row, and the two representations of a resource: connections, heads and bodies, counted.

The counts are exact and the same on every run, as long as the site makes each page alike: with its page cache off,
since the account in Server-Timing is longer for a page that was made than for one that was kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import httpcore

from lab.instruments.counting import CountingBackend, Traffic
from lab.instruments.visit import TIMEOUT_S, Site
from mysite.web.negotiation import HTML, JSON

HOST = "api.mysite.com"


def requests_in_a_row(site: Site, path: str = "/", count: int = 10, keep_alive: bool = True) -> Traffic:
    """Send `count` requests for a page, one after the other; return the sockets opened and the bytes of HTTP.

    With `keep_alive` one connection carries all, else each has its own, closed after the answer. ValueError for no
    request, and for an answer that is not 200.
    """
    if count < 1:
        raise ValueError(f"A row has one request or more, not {count}.")
    backend = CountingBackend(site.resolver())
    idle = 1 if keep_alive else 0  # connections that may wait for a next request
    with httpcore.ConnectionPool(network_backend=backend, max_connections=1, max_keepalive_connections=idle) as pool:
        for _ in range(count):
            _get(pool, site, path, HTML)
    return backend.traffic


@dataclass(frozen=True)
class Representation:
    """One representation of a resource: bytes of its head and of its body, and whether the site sends it compressed."""

    path: str
    media_type: str
    head_bytes: int
    body_bytes: int
    sent_compressed: bool


def representation_bytes(
    site: Site, paths: Sequence[str], media_types: Sequence[str] = (HTML, JSON)
) -> list[Representation]:
    """Ask for each path in each media type; return the bytes that come without compression.

    Whether the site compresses the body for who takes gzip is a field too; the length would belong to a version of
    zlib. ValueError for an answer that is not 200.
    """
    backend = CountingBackend(site.resolver())
    representations = []
    with httpcore.ConnectionPool(network_backend=backend, max_connections=1) as pool:
        for path in paths:
            for media_type in media_types:
                before = backend.traffic.bytes_received
                plain = _get(pool, site, path, media_type)
                received = backend.traffic.bytes_received - before
                packed = _get(pool, site, path, media_type, gzip=True)
                body_bytes = len(plain.content)
                compressed = (b"content-encoding", b"gzip") in [(name.lower(), value) for name, value in packed.headers]
                head_bytes = received - body_bytes
                representations.append(Representation(path, media_type, head_bytes, body_bytes, compressed))
    return representations


def _get(
    pool: httpcore.ConnectionPool, site: Site, path: str, media_type: str, gzip: bool = False
) -> httpcore.Response:
    fields = [("Accept", media_type), *([("Accept-Encoding", "gzip")] if gzip else [])]
    url = f"http://{HOST}:{site.port}{path}"
    response = pool.request("GET", url, headers=fields, extensions={"timeout": {"read": TIMEOUT_S}})
    if response.status != 200:
        raise ValueError(f"{path} as {media_type} is answered with {response.status}, so nothing is counted.")
    return response
