"""What is unusual and yet answered: a client that ends its side, empty lines, and ranges that nobody knows."""

import re
import socket

import pytest

from mysite.topology import OneServer
from mysite.web.rendering import STATIC

SHEET = (STATIC / "site.css").read_bytes()
GET = b"GET %s HTTP/1.1\r\nHost: localhost\r\n"
SIGN_OUT = b"POST /sign-out HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\nContent-Length: 0\r\n\r\n"


def half_closed(site: OneServer, *parts: bytes) -> list[int]:
    """The statuses of all answers to a client that sends these parts, ends its side, and reads to the end."""
    with socket.create_connection((site.address, site.port), timeout=10) as connection:
        for part in parts:
            connection.sendall(part)
        connection.shutdown(socket.SHUT_WR)
        answers = b"".join(iter(lambda: connection.recv(65536), b""))
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3}) ", answers)]


@pytest.mark.parametrize("path", [b"/static/site.css", b"/static/none", b"/", b"/people", b"/health", b"/openapi.json"])
def test_who_has_ended_its_side_is_answered(site: OneServer, path: bytes) -> None:
    expected = [404 if path == b"/static/none" else 200]
    assert [half_closed(site, GET % path + b"\r\n") for _ in range(5)] == [expected] * 5


def test_who_has_asked_more_than_once_is_answered_all(site: OneServer) -> None:
    requests = [GET % path + b"\r\n" for path in (b"/static/site.css", b"/", b"/static/site.js", b"/none")]
    assert half_closed(site, b"".join(requests)) == [200, 200, 200, 404]


def test_who_ends_within_a_request_is_not(site: OneServer) -> None:
    assert half_closed(site, GET % b"/") == []
    assert half_closed(site, GET % b"/static/site.css" + b"\r\n" + GET % b"/") == [200]


@pytest.mark.parametrize("parts", [
    (b"\r\n", GET % b"/" + b"\r\n"),
    (b"\r\n\r\n\n" + GET % b"/" + b"\r\n",),
    (b"\r", b"\n", GET % b"/" + b"\r\n"),
])  # fmt: skip
def test_empty_lines_before_a_request_say_nothing(site: OneServer, parts: tuple[bytes, ...]) -> None:
    """RFC 9112, section 2.2."""
    assert half_closed(site, *parts) == [200]


def test_an_empty_line_after_a_body_says_nothing(site: OneServer) -> None:
    body = b"Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}\r\n"
    post = b"POST /users HTTP/1.1\r\nHost: localhost\r\n" + body
    assert half_closed(site, post + GET % b"/" + b"\r\n") == [422, 200]
    assert half_closed(site, post, b"\r\n", SIGN_OUT + b"\r\n") == [422, 204]


def answer(site: OneServer, head: bytes) -> tuple[int, bytes]:
    """The status and the body of one answer."""
    with socket.create_connection((site.address, site.port), timeout=10) as connection:
        connection.sendall(head + b"Connection: close\r\n\r\n")
        whole = b"".join(iter(lambda: connection.recv(65536), b""))
    return int(whole[9:12]), whole.partition(b"\r\n\r\n")[2]


@pytest.mark.parametrize(("field", "expected"), [
    (b"chars=0-9", (200, SHEET)), (b"seconds=1-2", (200, SHEET)), (b"nonsense", (200, SHEET)), (b"", (200, SHEET)),
    (b"bytes=", (200, SHEET)), (b"bytes=a-b", (200, SHEET)), (b"bytes=9-0", (200, SHEET)),
    (b"bytes=0-4-8", (200, SHEET)),
    (b"bytes=0-9\r\nRange: bytes=0-4", (200, SHEET)),
    (b"bytes=0-9", (206, SHEET[:10])), (b"Bytes=0-9", (206, SHEET[:10])), (b"bytes= ,0-9 ,,", (206, SHEET[:10])),
    (b"bytes=-5", (206, SHEET[-5:])), (b"bytes=10-", (206, SHEET[10:])),
    (b"bytes=10-%s" % (b"9" * 40), (206, SHEET[10:])),
])  # fmt: skip
def test_a_range_that_is_not_known_is_ignored(site: OneServer, field: bytes, expected: tuple[int, bytes]) -> None:
    """RFC 9110, section 14.2."""
    assert answer(site, GET % b"/static/site.css" + b"Range: " + field + b"\r\n") == expected


def test_a_range_is_for_get_and_may_lie_beyond_the_end(site: OneServer) -> None:
    head = b"HEAD /static/site.css HTTP/1.1\r\nHost: localhost\r\nRange: bytes=0-9\r\n"
    assert answer(site, head) == (200, b"")
    assert answer(site, GET % b"/static/site.css" + b"Range: bytes=99999999-\r\n")[0] == 416
