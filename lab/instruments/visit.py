"""One visit of a page as a browser makes it, step by step, each step timed and its bytes counted.

The steps of a request have httpcore's trace events as their ends, the look-up of the name is what our stub
resolver took. One connection carries all: a browser would open more of them side by side.
"""

import time
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any, Protocol
from urllib.parse import SplitResult, urljoin, urlsplit

import httpcore

from lab.instruments.counting import CountingBackend, Traffic
from mysite.names.resolver import StubResolver

HTML = "text/html"
TIMEOUT_S = 10.0  # a server that says nothing for so long has hung

# Where steps begin and end, among httpcore's trace events. The first byte of an answer is a part of its head, and
# the head is reported when it is complete.
CONNECT_STARTED = "connection.connect_tcp.started"
CONNECTED = "connection.connect_tcp.complete"
REQUEST_STARTED = "http11.send_request_headers.started"
REQUEST_SENT = "http11.send_request_body.complete"
HEAD_RECEIVED = "http11.receive_response_headers.complete"
BODY_RECEIVED = "http11.receive_response_body.complete"


class Site(Protocol):
    """What a visit needs to know of mysite.topology.OneServer."""

    @property
    def port(self) -> int: ...

    def resolver(self) -> StubResolver: ...


@dataclass(frozen=True)
class Step:
    """One step of a visit; times in seconds since the visit began, bytes of HTTP or DNS that it moved.

    kind      "name", "connect", "send", "wait" or "receive"
    resource  the path of the request; the host for "name" and "connect"
    note      the other side's words: the answer to a name, the server's own account of a request
    """

    label: str
    kind: str
    resource: str
    start_s: float
    end_s: float
    bytes_sent: int = 0
    bytes_received: int = 0
    note: str = ""


@dataclass(frozen=True)
class Visit:
    """A page visit. `questions` counts those sent to the name server, `page_bytes` is the page without its head."""

    host: str
    path: str
    status: int
    page_bytes: int
    resources: tuple[str, ...]
    questions: int
    traffic: Traffic
    steps: tuple[Step, ...]

    @property
    def seconds(self) -> float:
        """The time from the first step to the last byte."""
        return self.steps[-1].end_s

    @property
    def round_trips(self) -> int:
        """How often the visit waited for the other side: questions for the name, connections, requests."""
        return self.questions + self.traffic.sockets_opened + 1 + len(self.resources)

    @property
    def account(self) -> str:
        """The server's own account of the page, from its header Server-Timing, such as "hit"."""
        return next(step.note for step in self.steps if step.kind == "wait")

    @property
    def connected_to(self) -> tuple[str, ...]:
        """The addresses of its connections, in order."""
        return tuple(step.note for step in self.steps if step.kind == "connect")


def visit(
    site: Site,
    host: str = "api.mysite.com",
    path: str = "/",
    resolver: StubResolver | None = None,
    accept: str = HTML,
    keep_alive: bool = True,
) -> Visit:
    """Visit a page: its name, its connection, the page, then the sheet, script and icon that the page names.

    Without `resolver` a fresh one is taken, whose cache is empty. An address as `host` asks no name. `accept` is
    the field Accept of the first request: with "application/json" it is a phone's, and what is no HTML names
    nothing that is fetched after it. Without `keep_alive` each request has a new connection, closed after the
    answer; the bytes of HTTP are the same. ValueError for a path that does not begin with "/"; httpcore's errors
    and the resolver's pass through.
    """
    if not path.startswith("/"):
        raise ValueError(f'A path begins with "/", not {path!r}.')
    backend = CountingBackend(site.resolver() if resolver is None else resolver)
    steps: list[Step] = []
    idle_connections = 1 if keep_alive else 0
    with httpcore.ConnectionPool(
        network_backend=backend, max_connections=1, max_keepalive_connections=idle_connections
    ) as pool:
        start_s = time.perf_counter()
        url = f"http://{host}:{site.port}"
        page = _get(pool, backend, url + path, accept, steps, start_s)
        html = page.content.decode("utf-8", "replace") if is_html(page.headers) else ""
        resources = tuple(resources_named(html, url + path))
        for resource in resources:
            _get(pool, backend, url + resource, "*/*", steps, start_s)
    return Visit(
        host=host,
        path=path,
        status=page.status,
        page_bytes=len(page.content),
        resources=resources,
        questions=sum(not look_up.answer.from_cache for look_up in backend.look_ups),
        traffic=backend.traffic,
        steps=tuple(steps),
    )


def _get(
    pool: httpcore.ConnectionPool,
    backend: CountingBackend,
    url: str,
    accept: str,
    steps: list[Step],
    visit_start_s: float,
) -> httpcore.Response:
    """Send one request and append its steps, whose times count from `visit_start_s` of time.perf_counter()."""
    moments: dict[str, float] = {}
    look_ups_before, before = len(backend.look_ups), backend.traffic

    def trace(event: str, info: dict[str, Any]) -> None:
        moments[event] = time.perf_counter()

    extensions = {"trace": trace, "timeout": {"read": TIMEOUT_S}}
    response = pool.request("GET", url, headers={"Accept": accept}, extensions=extensions)
    parts = urlsplit(url)
    resource, after = _path_and_query(parts), backend.traffic
    for look_up in backend.look_ups[look_ups_before:]:
        answer = look_up.answer
        steps.append(
            Step(
                label=f"name {answer.name}",
                kind="name",
                resource=answer.name,
                start_s=look_up.start_s - visit_start_s,
                end_s=look_up.end_s - visit_start_s,
                bytes_sent=len(answer.question),
                bytes_received=len(answer.reply),
                note=", ".join(answer.addresses) + (", from the cache" if answer.from_cache else ""),
            )
        )
        moments[CONNECT_STARTED] = look_up.end_s  # httpcore counts the look-up as a part of connecting
    if CONNECTED in moments:
        steps.append(
            Step(
                label="connect",
                kind="connect",
                resource=parts.hostname or "",
                start_s=moments[CONNECT_STARTED] - visit_start_s,
                end_s=moments[CONNECTED] - visit_start_s,
                note=backend.sockets[-1].address,
            )
        )
    request_s, request_end_s, head_end_s, body_end_s = (
        moments[event] - visit_start_s for event in (REQUEST_STARTED, REQUEST_SENT, HEAD_RECEIVED, BODY_RECEIVED)
    )
    account = server_account(response.headers)
    bytes_sent = after.bytes_sent - before.bytes_sent
    bytes_received = after.bytes_received - before.bytes_received
    steps += [
        Step(f"send {resource}", "send", resource, request_s, request_end_s, bytes_sent=bytes_sent),
        Step(f"wait {resource}", "wait", resource, request_end_s, head_end_s, note=account),
        Step(f"receive {resource}", "receive", resource, head_end_s, body_end_s, bytes_received=bytes_received),
    ]  # fmt: skip
    return response


def server_account(headers: list[tuple[bytes, bytes]]) -> str:
    """Return the descriptions of a Server-Timing header, such as "3 statements", joined by commas; "" without one."""
    descriptions = []
    for name, value in headers:
        if name.lower() == b"server-timing":
            for metric in value.decode("ascii", "replace").split(","):
                for parameter in metric.split(";")[1:]:
                    key, _, text = parameter.strip().partition("=")
                    if key == "desc":
                        descriptions.append(text.strip('"'))
    return ", ".join(descriptions)


def is_html(headers: list[tuple[bytes, bytes]]) -> bool:
    """Whether a response's Content-Type says HTML, with or without a charset."""
    types = [value.partition(b";")[0].strip().lower() for name, value in headers if name.lower() == b"content-type"]
    return types == [HTML.encode()]


def resources_named(html: str, page_url: str) -> list[str]:
    """Return the paths of the sheet, script and icon that a page names, in its order, each once, same host only."""
    page = urlsplit(page_url)
    parser = _ResourceParser()
    parser.feed(html)
    paths: list[str] = []
    for reference in parser.references:
        absolute = urlsplit(urljoin(page_url, reference))
        path = _path_and_query(absolute)
        if (absolute.scheme, absolute.netloc) == (page.scheme, page.netloc) and path not in paths:
            paths.append(path)
    return paths


def _path_and_query(parts: SplitResult) -> str:
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


class _ResourceParser(HTMLParser):
    """Collect the references that a browser fetches with a page: sheets, scripts and icons."""

    def __init__(self) -> None:
        super().__init__()
        self.references: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = dict(attributes)
        relations = (values.get("rel") or "").lower().split()
        fetched = tag == "script" or (tag == "link" and {"stylesheet", "icon"} & set(relations))
        reference = values.get("src") if tag == "script" else values.get("href")
        if fetched and reference:
            self.references.append(reference)
