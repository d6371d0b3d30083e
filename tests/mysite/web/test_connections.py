"""The limits of connections, on real sockets: who is closed, what is said, and that a reader is always answered."""

import asyncio
import http.client
import logging
import random
import re
import select
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any

import pytest
import uvicorn
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from mysite import topology
from mysite.stores import relational
from mysite.web import listening, server
from mysite.web.application import application
from mysite.web.body_limit import BODY_BYTES, whole_body
from mysite.web.connections import BoundedConnection
from tests.mysite.watching import wait_until
from tests.mysite.web.test_server import running

HEAD = b"POST /read HTTP/1.1\r\nHost: localhost\r\nContent-Length: 40\r\n\r\n"
# what is sent at once, and what is sent later, byte by byte
OPEN = {
    "silent from the start": (b"", b""),
    "half a head": (HEAD[:20], b""),
    "a head and half a body": (HEAD + b"x" * 20, b""),
    "a slow drip": (b"", HEAD),
}


async def answer_by_path(scope: Any, receive: Any, send: Any) -> None:
    """/read answers when the body is there, with its length, /never not at all, and every other path at once."""
    length = 0
    while scope["path"] in ("/read", "/never"):
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        length += len(message["body"])
        if scope["path"] == "/read" and not message["more_body"]:
            break
    body = str(length).encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]})
    await send({"type": "http.response.body", "body": body})


class Log(logging.Handler):
    """The lines that a server writes beside its answers: none."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@contextmanager
def serving(app: Any = answer_by_path, *, keep_alive_s: int = 5, **limits: float) -> Iterator[int]:
    """uvicorn in a thread with these limits: its port. At the end it ends, and has written nothing to its log."""
    configuration = server.configuration(app)
    configuration.http = type("Limited", (BoundedConnection,), limits)
    configuration.timeout_keep_alive = keep_alive_s
    log = Log()
    loggers = [logging.getLogger(name) for name in ("uvicorn.error", "asyncio")]
    for logger in loggers:
        logger.addHandler(log)
    with listening.bind(0) as listener:
        web = uvicorn.Server(configuration)
        thread = threading.Thread(target=web.run, args=([listener],))
        thread.start()
        try:
            wait_until(lambda: web.started)
            yield listener.getsockname()[1]
        finally:
            web.should_exit = True
            thread.join(10)
            for logger in loggers:
                logger.removeHandler(log)
    assert not thread.is_alive()
    assert log.lines == []


def connect(port: int, request: bytes = b"") -> socket.socket:
    """A new connection on which this much of a request has been sent."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=10)
    connection.sendall(request)
    return connection


def rest(connection: socket.socket) -> bytes:
    """All that comes until the server ends its side."""
    return b"".join(iter(lambda: connection.recv(65536), b""))


def one_answer(connection: socket.socket) -> bytes:
    """One answer on a connection that stays open."""
    answer = b""
    while not (head := re.match(rb"(?s).*?content-length: (\d+)\r\n(?:.*?\r\n)?\r\n", answer)) or (
        len(answer) < head.end() + int(head[1])
    ):
        part = connection.recv(65536)
        assert part
        answer += part
    return answer


def exchange(port: int, *parts: bytes) -> bytes:
    """All that comes on a connection on which these parts are sent."""
    with connect(port) as connection:
        for part in parts:
            connection.sendall(part)
        return rest(connection)


def status(answer: bytes) -> int:
    """The status of one answer, which ends the connection and says so, as far as it is an error of the protocol."""
    match = re.match(rb"HTTP/1\.1 (\d{3}) ", answer)
    assert match
    return int(match[1])


def read_page(port: int, path: str = "/") -> int:
    """A reader: one request on a connection of its own, and its status."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path, headers={"Host": "localhost"})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


def is_closed(connection: socket.socket) -> bool:
    """Whether the server has closed it. What came before is thrown away."""
    try:
        while select.select([connection], [], [], 0)[0]:
            if not connection.recv(65536):
                return True
    except ConnectionError:
        return True
    return False


def drip(connections: list[socket.socket], byte: bytes) -> None:
    for connection in connections:
        try:
            connection.sendall(byte)
        except ConnectionError:
            assert is_closed(connection)


@pytest.mark.parametrize("kind", OPEN)
def test_two_hundred_that_are_held_open(kind: str) -> None:
    """Not one deadline passes: the cap alone makes room."""
    at_once, later = OPEN[kind]
    with ExitStack() as clients, serving(ending_s=0.1) as port:
        connections = [clients.enter_context(connect(port, at_once)) for _ in range(200)]
        for byte in later[:3]:
            drip(connections, bytes([byte]))
        assert read_page(port) == 200
        wait_until(lambda: sum(map(is_closed, connections)) >= 101)
        assert sum(map(is_closed, connections)) == 101
        if not at_once + later:  # else the order in which they were heard is that of the packets
            assert [is_closed(connection) for connection in connections] == [True] * 101 + [False] * 99
        for byte in later[3:6]:
            drip(connections, bytes([byte]))
        assert read_page(port) == 200  # the first reader's place is free
        assert sum(map(is_closed, connections)) == 101


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a web server in its own process, which writes nothing to standard error."""
    with running(tmp_path_factory.mktemp("site")) as (_, port):
        yield port


@pytest.mark.parametrize("kind", OPEN)
def test_two_hundred_that_the_site_holds_open(site: int, kind: str) -> None:
    at_once, later = OPEN[kind]
    with ExitStack() as clients:
        connections = [clients.enter_context(connect(site, at_once)) for _ in range(200)]
        for byte in later[:2]:
            drip(connections, bytes([byte]))
            assert read_page(site, "/about") == 200
        assert read_page(site, "/static/site.css") == 200
        assert sum(map(is_closed, connections)) >= 100


def test_who_spoke_last_stays() -> None:
    with ExitStack() as clients, serving(most=4) as port:
        connections: list[socket.socket] = []
        closed: list[int] = []
        for _ in range(3):
            connections.append(clients.enter_context(connect(port, HEAD[:9])))
            assert read_page(port) == 200  # what was sent before has been read by now
        connections[0].sendall(HEAD[9:11])
        assert read_page(port) == 200
        for silent in (1, 2, 0):
            connections.append(clients.enter_context(connect(port)))
            assert read_page(port) == 200
            wait_until(partial(is_closed, connections[silent]))
            closed.append(silent)
            assert [at for at, connection in enumerate(connections) if is_closed(connection)] == sorted(closed)


def test_who_is_being_answered_stays_while_others_wait_for_their_client() -> None:
    request = b"GET /never HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with ExitStack() as clients, serving(most=2, ending_s=0.1) as port:
        answered = clients.enter_context(connect(port, request))
        silent = clients.enter_context(connect(port))
        half = clients.enter_context(connect(port, HEAD + b"x"))
        wait_until(lambda: is_closed(silent))
        newest = clients.enter_context(connect(port, request))
        wait_until(lambda: is_closed(half))  # a request of which half has come is not being answered
        assert not is_closed(answered)
        # all are being answered: now the longest silent of these, and not the one that comes and has said nothing yet
        late = clients.enter_context(connect(port))
        wait_until(lambda: is_closed(answered))
        assert not is_closed(newest)
        late.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        assert status(rest(late)) == 200


def test_who_was_refused_does_not_stay_for_being_answered() -> None:
    chunks = b"POST /never HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    with ExitStack() as clients, serving(most=2) as port:
        refused = clients.enter_context(connect(port, chunks + b"x\r\n"))
        assert status(rest(refused)) == 400  # now the server waits for this side to end
        silent = clients.enter_context(connect(port))
        assert [read_page(port), read_page(port)] == [200, 200]
        assert not is_closed(silent)
        refused.close()


def test_a_crowd_above_the_cap_is_answered_all_the_same() -> None:
    """Who has asked is answered before room is made, though all come in one turn of the loop."""
    stopped, going_on = threading.Event(), threading.Event()

    async def stops(scope: Any, receive: Any, send: Any) -> None:
        if scope["path"] == "/stop":
            stopped.set()
            going_on.wait(10)
        await answer_by_path(scope, receive, send)

    with ExitStack() as clients, serving(stops, most=5) as port:
        stopping = clients.enter_context(connect(port, b"GET /stop HTTP/1.1\r\nHost: localhost\r\n\r\n"))
        assert stopped.wait(10)
        request = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
        crowd = [clients.enter_context(connect(port, request)) for _ in range(50)]
        going_on.set()
        assert [status(one_answer(connection)) for connection in [stopping, *crowd]] == [200] * 51
        wait_until(lambda: sum(map(is_closed, [stopping, *crowd])) == 46)


@pytest.mark.parametrize(
    ("request_", "sentence"),
    [
        (b"", None),
        (b"G", "The head did not come within 0.2 s."),
        (HEAD[:-2], "The head did not come within 0.2 s."),
        (HEAD, "The body did not come within 0.3 s."),
        (HEAD + b"x" * 39, "The body did not come within 0.3 s."),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\nGET", "The head did not come within 0.2 s."),
    ],
)
def test_the_deadlines(request_: bytes, sentence: str | None) -> None:
    # the keep-alive of 0 s would close silently what waits between two requests: a head that has begun does not
    with serving(head_s=0.2, body_s=0.3, keep_alive_s=0) as port:
        answer = exchange(port, request_)
    if request_.startswith(b"GET"):
        end = answer.index(b"\r\n\r\n0") + 5
        first, answer = answer[:end], answer[end:]
        assert status(first) == 200
    if sentence is None:
        assert answer == b""
        return
    assert status(answer) == 408
    head, _, body = answer.partition(b"\r\n\r\n")
    assert body.decode() == sentence + "\n"
    assert {b"connection: close", b"content-type: text/plain; charset=utf-8"} < set(head.split(b"\r\n"))
    assert b"content-length: %d" % len(body) in head
    assert re.search(rb"\r\ndate: \w{3}, .* GMT\r\n", head)


@pytest.mark.parametrize(("at_once", "later", "what"), [(b"", HEAD, b"head"), (HEAD, b"x" * 40, b"body")])
def test_a_drip_does_not_put_a_deadline_off(at_once: bytes, later: bytes, what: bytes) -> None:
    with serving(head_s=0.2, body_s=0.2) as port, connect(port, at_once) as connection:
        for byte in later:
            if select.select([connection], [], [], 0.05)[0]:
                break
            connection.sendall(bytes([byte]))
        answer = rest(connection)
    assert status(answer) == 408
    assert answer.endswith(b"The %b did not come within 0.2 s.\n" % what)


def test_no_deadline_lasts_beyond_its_request() -> None:
    """What comes in time, though in pieces, is answered, and the next request has a deadline of its own."""
    with serving(head_s=0.6, body_s=0.6) as port, connect(port) as connection:
        for _ in range(4):
            for part in (HEAD[:30], HEAD[30:] + b"x" * 20, b"x" * 20):
                time.sleep(0.06)
                connection.sendall(part)
            assert status(one_answer(connection)) == 200
        time.sleep(0.7)  # between two requests only uvicorn's own limit holds
        connection.sendall(HEAD + b"x" * 40)
        assert one_answer(connection).endswith(b"\r\n\r\n40")


def test_the_application_has_the_time_it_needs() -> None:
    async def slow(scope: Any, receive: Any, send: Any) -> None:
        await asyncio.sleep(0.5)
        await answer_by_path(scope, receive, send)

    with serving(slow, head_s=0.1, body_s=0.1, ending_s=0.1) as port:
        assert read_page(port) == 200
        with connect(port, b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n") as connection:
            time.sleep(0.1)
            connection.sendall(b"more")  # is none of the request, and does not spoil its answer
            assert status(rest(connection)) == 200


def test_who_said_nothing_is_closed_on_both_sides() -> None:
    with serving(head_s=0.1, ending_s=30) as port, connect(port) as connection:
        assert rest(connection) == b""
        with pytest.raises(ConnectionError):
            for _ in range(100):
                connection.sendall(b"x")
                time.sleep(0.01)


def test_an_application_that_does_not_read_does_not_hold_up_the_answer() -> None:
    """The body stands still, since nobody reads it. Once refused it flows again, and its sender gets to the answer."""

    async def sleeps(scope: Any, receive: Any, send: Any) -> None:
        await asyncio.sleep(0.5)
        await answer_by_path(scope, receive, send)

    head = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50000000\r\n\r\n"
    with serving(sleeps, body_s=0.2) as port:
        assert status(exchange(port, head, b"x" * 40_000_000)) == 408


def test_no_body_is_asked_for_after_its_deadline() -> None:
    async def late(scope: Any, receive: Any, send: Any) -> None:
        await asyncio.sleep(0.3)
        await answer_by_path(scope, receive, send)

    with serving(late, body_s=0.1) as port, connect(port, HEAD[:-2] + b"Expect: 100-continue\r\n\r\n") as waiting:
        assert status(rest(waiting)) == 408
        time.sleep(0.3)


def test_a_client_that_resets_where_nobody_reads() -> None:
    """The reset is not seen before the deadline, and the server's side cannot be ended any more."""

    async def begins(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"begun", "more_body": True})
        await asyncio.sleep(0.5)

    head = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50000000\r\n\r\n"
    with serving(begins, body_s=0.3) as port, connect(port, head) as connection:
        connection.setblocking(False)
        with pytest.raises(BlockingIOError):
            while True:
                connection.send(b"x" * 1_000_000)
        time.sleep(0.1)  # now the server has read as much as it takes unasked, and reads no more
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
        time.sleep(0.6)


def test_no_second_answer_within_the_first() -> None:
    async def begins(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"begun", "more_body": True})
        while (await receive())["type"] != "http.disconnect":
            pass
        await send({"type": "http.response.body", "body": b"and ended"})

    chunks = b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    with serving(begins) as port, connect(port, chunks) as connection:
        answer = b""
        while not answer.endswith(b"begun\r\n"):
            answer += connection.recv(65536)
        connection.sendall(b"x\r\n")
        assert rest(connection) == b""
    assert b"connection: close" in answer.lower()


def test_between_two_requests_the_keep_alive_of_uvicorn_holds() -> None:
    with serving(keep_alive_s=0) as port:
        assert exchange(port, b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").endswith(b"\r\n\r\n0")


def test_who_goes_on_sending_still_gets_the_answer() -> None:
    """Forty megabytes are on their way when the answer is written. Closed at once, the connection would be reset."""
    early = b"POST /early HTTP/1.1\r\nHost: localhost\r\nContent-Length: 40000000\r\n\r\n"
    with serving() as port:
        for start, expected in ((early, 200), (b"\x00", 400), (b"GET /" + b"x" * 20_000, 414)):
            answer = exchange(port, start, b"x" * 40_000_000)
            assert status(answer) == expected
            assert b"connection: close\r\n" in answer


def test_who_goes_on_sending_without_end_is_cut_off() -> None:
    with serving(ending_s=0.2) as port, connect(port, b"\x00") as connection:
        assert status(rest(connection)) == 400
        with pytest.raises(ConnectionError):
            for _ in range(200):
                connection.sendall(b"x")
                time.sleep(0.01)


def test_the_server_ends_though_a_client_does_not() -> None:
    """The end of `serving` is the test: one connection silent, one refused and still open, one that is not answered."""
    never = b"GET /never HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with ExitStack() as clients, serving(ending_s=0.5) as port:
        for start in (b"", b"\x00", never, HEAD):
            connection = clients.enter_context(connect(port, start))
            if start == b"\x00":
                assert status(rest(connection)) == 400


def field_by_field(size: int) -> bytes:
    return b"".join(b"A%05d: b\r\n" % number for number in range(size // 11))


GET = b"GET /about HTTP/1.1\r\nHost: localhost\r\n"
CLOSE = b"Connection: close\r\n\r\n"
CHUNKS = GET + b"Transfer-Encoding: chunked\r\n\r\n"
# what is sent, and the status that the site answers with
SHAPES = [
    (GET + CLOSE, 200),
    (GET + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef", 400),
    (GET + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    (GET + b"Transfer-Encoding: gzip, chunked\r\n\r\n", 501),
    (GET + b"Accept : text/html\r\n\r\n", 400),
    (GET + b"Accept: a\x00b\r\n\r\n", 400),
    (GET + b"Accept: a,\r\n b\r\n" + CLOSE, 200),  # folded
    (GET.replace(b"\r\n", b"\n") + b"Connection: close\n\n", 200),
    (GET + b"X: " + b"x" * 20_000 + b"\r\n\r\n", 431),
    (GET + b"X: " + b"x" * 200_000, 431),
    (GET + field_by_field(14_000) + b"\r\n", 431),
    (b"GET /" + b"x" * 9_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", 414),
    (b"GET /about HTTP/1.0\r\nHost: localhost\r\n\r\n", 200),
    (b"GET /about HTTP/1.0\r\n\r\n", 400),
    (b"GET /about HTTP/1.1\r\n\r\n", 400),
    (b"GET http://api.mysite.com/about HTTP/1.1\r\nHost: evil.example\r\n" + CLOSE, 200),
    (b"GET http://evil.example/about HTTP/1.1\r\nHost: api.mysite.com\r\n" + CLOSE, 421),
    (b"GET http://localhost HTTP/1.1\r\nHost: localhost\r\n" + CLOSE, 200),
    (b"GET http://me@localhost/ HTTP/1.1\r\nHost: localhost\r\n" + CLOSE, 400),
    (b"GET https://localhost/ HTTP/1.1\r\nHost: localhost\r\n\r\n", 421),
    (b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n" + CLOSE, 405),
    (b"CONNECT localhost:443 HTTP/1.1\r\nHost: localhost\r\n\r\n", 501),
    (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
    (GET + b"Connection: upgrade\r\nUpgrade: websocket\r\n\r\n" + GET + CLOSE, 200),
    (GET + b"Connection: upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n\r\n" + GET + CLOSE, 200),
    (GET + CLOSE + b"more", 200),
    (CHUNKS + b"x\r\n", 400),  # in one piece, before the application has its turn
    (CHUNKS.replace(b"GET", b"HEAD") + b"x\r\n", 400),
    (GET + b"Expect: 100-continue\r\nContent-Length: 5\r\n\r\n", 200),
    (b"POST /about HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nabc", 405),
    (b"POST /about HTTP/1.1\r\nHost: localhost\r\nContent-Length: 65536\r\n\r\n", 405),
    (b"POST /about HTTP/1.1\r\nHost: localhost\r\nContent-Length: 65537\r\n\r\n", 413),
    (b"POST /health HTTP/1.1\r\nHost: localhost\r\nContent-Length: 65537\r\n\r\n", 413),
    (b"POST /static/site.css HTTP/1.1\r\nHost: localhost\r\nContent-Length: 65537\r\n\r\n", 413),
    (b"POST /nothing HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 65537\r\n\r\n", 421),
]


@pytest.mark.parametrize(("request_", "expected"), SHAPES)
def test_what_the_site_answers(site: int, request_: bytes, expected: int) -> None:
    answer = exchange(site, request_)
    assert status(answer) == expected
    if expected not in (200, 405, 413):
        assert b"content-type: text/plain; charset=utf-8\r\n" in answer
    if request_.startswith(b"HEAD"):
        assert answer.endswith(b"\r\n\r\n")


def test_what_follows_an_answer(site: int) -> None:
    """After the answer, and a byte after the end, and a body that goes wrong: nothing more is said, nothing raised."""
    for first, then in ((GET + CLOSE, b"more"), (CHUNKS, b"x\r\n"), (GET + b"Content-Length: 9\r\n\r\n", b"abc")):
        with connect(site, first) as connection:
            answer = rest(connection)
            connection.sendall(then)
            assert status(answer) == 200
            assert answer.lower().count(b"http/1.1 ") == 1
            assert answer.lower().count(b"connection: close") == 1


def test_who_ends_its_side_first_is_answered(site: int) -> None:
    with connect(site, GET + b"\r\n") as connection:
        connection.shutdown(socket.SHUT_WR)
        assert status(rest(connection)) == 200


@pytest.fixture(scope="module")
def taking_bodies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The application with one route more, which reads the body and says how long it is."""

    async def length(request: Request) -> PlainTextResponse:
        return PlainTextResponse(str(len(await whole_body(request))))

    store = server.filled_store(tmp_path_factory.mktemp("bodies") / relational.FILE, topology.data_directory())
    app = application(store, ("localhost",), 30)
    app.router.routes.append(Route("/length", length, methods=["POST"]))
    with serving(app) as port:
        yield port
    store.dispose()


@pytest.mark.parametrize(("size", "expected"), [(BODY_BYTES, 200), (BODY_BYTES + 1, 413), (40 * BODY_BYTES, 413)])
@pytest.mark.parametrize("framing", ["length", "chunks"])
def test_a_body_that_is_read(taking_bodies: int, size: int, expected: int, framing: str) -> None:
    head = b"POST /length HTTP/1.1\r\nHost: localhost\r\n"
    if framing == "length":
        parts = [head + b"Content-Length: %d\r\n\r\n" % size, b"x" * size]
    else:
        parts = [head + b"Transfer-Encoding: chunked\r\n\r\n"]
        parts += [b"%x\r\n%b\r\n" % (len(piece), piece) for piece in (b"x" * (size - 1), b"x")]
    with connect(taking_bodies) as connection:
        for part in parts:
            connection.sendall(part)
        if framing == "chunks" and expected == 200:
            connection.sendall(b"0\r\n\r\n")
        if expected == 200:
            assert one_answer(connection).endswith(b"\r\n\r\n%d" % size)
            return
        answer = one_answer(connection)
        assert status(answer) == 413
        if size > 2 * BODY_BYTES:  # else the body may be there whole before it is refused
            assert b"connection: close\r\n" in answer
            assert rest(connection) == b""
    assert b"The body of a request has at most 65,536 bytes." in answer


def malformed(seed: int) -> bytes:
    """A request of which some bytes are others, are missing, or are there twice."""
    chance = random.Random(seed)
    request = bytearray(chance.choice([GET + CLOSE, HEAD + b"x" * 40, CHUNKS + b"3\r\nabc\r\n0\r\n\r\n"]))
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(request) or 1)
        change = chance.choice(["other", "missing", "twice", "tail"])
        if change == "other" and request:
            request[at] = chance.choice(b"\x00\r\n\t :/%\xff" + bytes([chance.randrange(256)]))
        elif change == "missing":
            del request[at : at + chance.randint(1, 4)]
        elif change == "twice":
            request[at:at] = request[at : at + chance.randint(1, 30)]
        else:
            del request[at + 1 :]
    return bytes(request)


def test_two_hundred_malformed_requests(site: int) -> None:
    """The server's error output is looked at when it ends."""
    statuses = set()
    for seed in range(200):
        with connect(site, malformed(seed)) as connection:
            connection.shutdown(socket.SHUT_WR)
            answer = rest(connection)
        statuses |= {status(answer) if answer else None}
    assert {None, 200, 400, 404, 405} <= statuses <= {None, 200, 400, 404, 405, 413, 421, 501, 505}
    assert read_page(site, "/about") == 200
