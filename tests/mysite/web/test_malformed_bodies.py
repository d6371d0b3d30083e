"""Malformed bodies: one answer, and nothing in the log."""

import socket
from collections.abc import Iterator

import pytest

from mysite import topology

HEAD = b"PUT / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
MALFORMED = b"this is no chunk\r\n"


@pytest.fixture(scope="module")
def site() -> Iterator[topology.OneServer]:
    with topology.one_server() as running:
        yield running


@pytest.fixture
def connection(site: topology.OneServer) -> Iterator[socket.socket]:
    """A connection to the web server, whose log stays empty."""
    with socket.create_connection((site.address, site.port), 5) as client:
        yield client
    assert topology.health(site)["status"] == "ok"
    assert (site.web.directory / "server.log").read_text() == ""


def answer(connection: socket.socket) -> bytes:
    """The head and the body of one answer, which says how long it is."""
    whole = b""
    while b"\r\n\r\n" not in whole:
        whole += connection.recv(1)
    length = int(whole.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
    while length:
        part = connection.recv(length)
        whole += part
        length -= len(part)
    return whole


def rest(connection: socket.socket) -> bytes:
    """All that comes until the server closes."""
    with connection.makefile("rb") as stream:
        return stream.read()


def test_a_malformed_body_that_comes_with_its_head(connection: socket.socket) -> None:
    connection.sendall(HEAD + MALFORMED)
    answers = rest(connection)
    assert answers.startswith(b"HTTP/1.1 400 ")
    assert answers.count(b"HTTP/1.1") == 1


def test_a_malformed_body_after_the_answer(connection: socket.socket) -> None:
    connection.sendall(HEAD)
    assert answer(connection).startswith(b"HTTP/1.1 405 ")
    connection.sendall(MALFORMED)
    assert rest(connection) == b""


def test_a_malformed_request_after_a_good_one(connection: socket.socket) -> None:
    connection.sendall(b"GET /about HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert answer(connection).startswith(b"HTTP/1.1 200 ")
    connection.sendall(b"no request\r\n\r\n")
    assert rest(connection).startswith(b"HTTP/1.1 400 ")


def test_a_malformed_request_right_behind_a_good_one(connection: socket.socket) -> None:
    connection.sendall(b"GET /about HTTP/1.1\r\nHost: localhost\r\n\r\n" + b"no request\r\n\r\n")
    assert answer(connection).startswith(b"HTTP/1.1 200 ")
    assert rest(connection).startswith(b"HTTP/1.1 400 ")


def test_a_client_that_leaves_in_the_middle_of_its_body(connection: socket.socket) -> None:
    connection.sendall(
        b"POST /users HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
    )
    connection.shutdown(socket.SHUT_RDWR)
