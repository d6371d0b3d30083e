"""A page visit: its steps, their order, their bytes."""

import http.server
from dataclasses import dataclass
from itertools import pairwise

import httpcore
import pytest

from lab.instruments import visit as visiting
from lab.instruments.counting import Traffic, system_name_lookups
from lab.instruments.visit import Step, is_html, resources_named, server_account, visit
from mysite.names.resolver import NameNotFound, StubResolver
from tests.lab.instruments.conftest import web_server

PAGE = """<!doctype html><html><head>
<link rel="stylesheet" href="/static/site.css?v=1"><link rel="icon" href="static/icon.svg">
<link rel="canonical" href="/elsewhere"><script src="/static/site.js" defer></script>
</head><body><img src="/never.png"><a href="/next">next</a></body></html>"""
BODIES = {"/": PAGE, "/static/site.css?v=1": "a{}", "/static/icon.svg": "<svg/>", "/static/site.js": "let a = 1"}
PAGE_FIELDS = 'Server-Timing: db;desc="3 statements";dur=1\r\nContent-Type: text/html; charset=utf-8\r\n'


class Pages(http.server.BaseHTTPRequestHandler):
    """Four resources over connections that are kept; /slow says nothing."""

    protocol_version = "HTTP/1.1"
    requests: list = []  # noqa: RUF012 (what came, in order, of all connections)

    def do_GET(self):
        self.requests.append((self.client_address, self.headers["Host"], self.path, self.headers["Accept"]))
        if self.path == "/slow":
            self.rfile.read(1)
            return
        body = BODIES.get(self.path, "none").encode("utf-8", "surrogateescape")
        status = "200 OK" if self.path in BODIES else "404 Not Found"
        fields = PAGE_FIELDS if self.path == "/" and self.headers["Accept"] == "text/html" else ""
        self.wfile.write(f"HTTP/1.1 {status}\r\n{fields}Content-Length: {len(body)}\r\n\r\n".encode())
        self.wfile.write(body)

    def log_message(self, *anything):
        pass


def reply_bytes(path):
    fields = PAGE_FIELDS if path == "/" else ""
    return len(f"HTTP/1.1 200 OK\r\n{fields}Content-Length: {len(BODIES[path])}\r\n\r\n{BODIES[path]}")


def request_bytes(site, path):
    accept = "text/html" if path == "/" else "*/*"
    return len(f"GET {path} HTTP/1.1\r\nHost: api.mysite.com:{site.port}\r\nAccept: {accept}\r\n\r\n")


@dataclass
class RealSite:
    """A real web server and our real name server, without the application."""

    port: int
    name_server: tuple

    def resolver(self):
        return StubResolver(self.name_server)


@pytest.fixture(scope="module")
def site(name_server):
    with web_server(Pages) as port:
        yield RealSite(port, name_server)


@pytest.fixture(scope="module")
def visited(site):
    Pages.requests.clear()
    with system_name_lookups() as lookups:
        home = visit(site)
    assert lookups.names == []
    return home


def test_the_steps(visited):
    assert [(step.kind, step.resource) for step in visited.steps] == [
        ("name", "api.mysite.com"),
        ("connect", "api.mysite.com"),
        *(
            (kind, resource)
            for resource in ("/", "/static/site.css?v=1", "/static/icon.svg", "/static/site.js")
            for kind in ("send", "wait", "receive")
        ),
    ]
    labels = [step.label for step in visited.steps[:5]]
    assert labels == ["name api.mysite.com", "connect", "send /", "wait /", "receive /"]
    assert [step.note for step in visited.steps[:6]] == ["127.0.0.1", "127.0.0.1", "", "3 statements", "", ""]


def test_the_steps_follow_each_other(visited):
    assert 0 <= visited.steps[0].start_s < 1
    assert all(step.start_s <= step.end_s for step in visited.steps)
    for earlier, later in pairwise(visited.steps):
        assert earlier.end_s <= later.start_s
    joined = [earlier.end_s == later.start_s for earlier, later in pairwise(visited.steps)]
    # a name is followed by its connection, a request by the wait for its answer, at the same moment
    assert joined[0] and all(joined[position] for position in (2, 3, 5, 6, 8, 9, 11, 12))
    assert visited.seconds == visited.steps[-1].end_s > 0


def test_the_bytes_of_each_step(site, visited):
    question, reply = visited.steps[0].bytes_sent, visited.steps[0].bytes_received
    assert (question, reply) == (32, 48)
    assert (visited.steps[1].bytes_sent, visited.steps[1].bytes_received) == (0, 0)
    for step in visited.steps[2:]:
        request = request_bytes(site, step.resource) if step.kind == "send" else 0
        reply = reply_bytes(step.resource) if step.kind == "receive" else 0
        assert (step.bytes_sent, step.bytes_received) == (request, reply)


def test_the_visit(site, visited):
    assert (visited.host, visited.path, visited.status, visited.page_bytes) == ("api.mysite.com", "/", 200, len(PAGE))
    assert visited.resources == ("/static/site.css?v=1", "/static/icon.svg", "/static/site.js")
    assert visited.questions == 1
    assert visited.traffic == Traffic(
        sockets_opened=1,
        bytes_sent=sum(request_bytes(site, path) for path in BODIES),
        bytes_received=sum(reply_bytes(path) for path in BODIES),
    )


def test_one_connection_carries_all(site, visited):
    assert {(address, host) for address, host, _, _ in Pages.requests[:4]} == {
        (Pages.requests[0][0], f"api.mysite.com:{site.port}")
    }
    assert [(path, accept) for _, _, path, accept in Pages.requests[:4]] == [
        ("/", "text/html"), ("/static/site.css?v=1", "*/*"), ("/static/icon.svg", "*/*"), ("/static/site.js", "*/*")
    ]  # fmt: skip


def test_without_keep_alive_each_request_has_a_connection_and_the_bytes_are_the_same(site, visited):
    Pages.requests.clear()
    without = visit(site, keep_alive=False)
    assert len({address for address, *_ in Pages.requests}) == 4
    assert [step.kind for step in without.steps] == [
        "name", "connect", "send", "wait", "receive", *["name", "connect", "send", "wait", "receive"] * 3
    ]  # fmt: skip
    assert without.traffic == Traffic(4, visited.traffic.bytes_sent, visited.traffic.bytes_received)
    assert without.connected_to == ("127.0.0.1",) * 4
    assert (visited.round_trips, without.round_trips) == (1 + 1 + 4, 1 + 4 + 4)


def test_what_is_no_html_names_nothing_that_is_fetched(site):
    Pages.requests.clear()
    api = visit(site, accept="application/json")
    assert (api.resources, api.page_bytes, api.round_trips) == ((), len(PAGE), 3)
    assert [(path, accept) for _, _, path, accept in Pages.requests] == [("/", "application/json")]


def test_bytes_that_are_no_text_are_passed_over(site, monkeypatch):
    """A page in another encoding than it says, with a style sheet all the same."""
    page = '<link rel="stylesheet" href="/static/site.css?v=1">\udcff'
    monkeypatch.setitem(BODIES, "/", page)
    odd = visit(site)
    assert (odd.resources, odd.page_bytes) == (("/static/site.css?v=1",), len(page))


@pytest.mark.parametrize(
    ("headers", "html"),
    [
        ([], False),
        ([(b"Content-Type", b"text/html")], True),
        ([(b"content-type", b"Text/HTML ; charset=utf-8")], True),
        ([(b"Content-Type", b"application/json")], False),
        ([(b"X-Content-Type", b"text/html")], False),
    ],
)
def test_html_is_what_says_so(headers, html):
    assert is_html(headers) is html


def test_a_second_visit_with_the_same_resolver_asks_no_question(site):
    resolver = site.resolver()
    first, second = visit(site, resolver=resolver), visit(site, resolver=resolver)
    assert (first.questions, second.questions) == (1, 0)
    assert (second.steps[0].kind, second.steps[0].note) == ("name", "127.0.0.1, from the cache")
    assert (second.steps[0].bytes_sent, second.steps[0].bytes_received) == (0, 0)
    assert visit(site).questions == 1


def test_an_address_asks_no_name(site):
    direct = visit(site, host="127.0.0.1", path="/static/site.js")
    assert direct.questions == 0
    assert [(step.kind, step.resource) for step in direct.steps] == [
        ("connect", "127.0.0.1"),
        *((kind, "/static/site.js") for kind in ("send", "wait", "receive")),
    ]
    assert direct.steps[0].start_s < direct.steps[0].end_s <= direct.steps[1].start_s
    assert (direct.status, direct.page_bytes, direct.resources) == (200, 9, ())


def test_a_page_that_is_not_there(site):
    missing = visit(site, path="/nothing")
    assert (missing.status, missing.page_bytes, missing.path) == (404, 4, "/nothing")


def test_what_cannot_be_visited(site, monkeypatch):
    with pytest.raises(ValueError, match='A path begins with "/", not \'static\''):
        visit(site, path="static")
    with pytest.raises(NameNotFound):
        visit(site, host="absent.mysite.com")
    assert visiting.TIMEOUT_S == 10
    monkeypatch.setattr(visiting, "TIMEOUT_S", 0.1)
    with pytest.raises(httpcore.ReadTimeout):
        visit(site, path="/slow")


def test_a_visit_stays_as_it_is(visited):
    assert hash(visited)  # frozen, with all in it


def test_a_step_has_no_bytes_and_no_note_unless_said():
    assert Step("a", "wait", "/", 0.0, 1.0) == Step("a", "wait", "/", 0.0, 1.0, 0, 0, "")


@pytest.mark.parametrize(
    ("headers", "account"),
    [
        ([], ""),
        ([(b"Content-Length", b'1;desc="no"')], ""),
        ([(b"Server-Timing", b"cache;dur=1")], ""),
        ([(b"server-timing", b"db;desc=statements"), (b"SERVER-TIMING", b'a ; dur=2 ; desc="b c", d;desc="e"')],
         "statements, b c, e"),
    ],
)  # fmt: skip
def test_the_servers_own_account(headers, account):
    assert server_account(headers) == account


@pytest.mark.parametrize(
    ("html", "paths"),
    [
        ('<script src="b.js"></script>', ["/a/b.js"]),
        ('<link rel="shortcut ICON" href="/i.ico"><link rel="icon" href="/i.ico">', ["/i.ico"]),
        ('<link rel="stylesheet" href="http://host:1/s"><script src="//host:1/t"></script>', ["/s", "/t"]),
        ('<script src="http://other:1/s.js"></script><script src="https://host:1/s.js"></script>', []),
        ('<link rel="icon" href="data:,">', []),
        ('<link href="/a"><link rel href="/a"><link rel="icon"><script>1</script><script src></script>', []),
        ('<link rel="stylesheet" src="/a"><script href="/a"></script><img rel="icon" src="/a" href="/a">', []),
    ],
)
def test_resources_named(html, paths):
    assert resources_named(html, "http://host:1/a/page") == paths
