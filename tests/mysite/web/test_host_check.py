"""Whose requests the site answers: a table, laws, and what a real server says on its socket."""

import asyncio
import http.client
import socket
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mysite import topology
from mysite.web import host_check

OURS = ("api.mysite.com", "www.mysite.com", "localhost", "127.0.0.1")
MALFORMED = "A request names one host, as in: Host: api.mysite.com\n"
# Host, and the status that it gets
TABLE = [
    ("api.mysite.com", 200),
    ("www.mysite.com", 200),
    ("localhost", 200),
    ("127.0.0.1", 200),
    ("API.mySite.Com", 200),
    ("api.mysite.com.", 200),
    ("api.mysite.com.:80", 200),
    ("localhost:1", 200),
    ("127.0.0.1:65535", 200),
    ("www.mysite.com:", 200),
    ("www.mysite.com:00080", 200),
    ("mysite.com", 421),
    ("shop.mysite.com", 421),
    ("api.mysite.com.evil.example", 421),
    ("notapi.mysite.com", 421),
    ("127.0.0.2", 421),
    ("127.1", 421),
    ("[::1]", 421),
    ("[::1]:80", 421),
    ("my_app", 421),
    ("a-b", 421),
    ("evil.example:80", 421),
    ("", 400),
    (".", 400),
    ("api.mysite.com..", 400),
    (".api.mysite.com", 400),
    ("api..mysite.com", 400),
    ("api mysite.com", 400),
    ("api.mysite.com:http", 400),
    ("api.mysite.com:80:80", 400),
    ("api.mysite.com:-1", 400),
    ("api.mysite.com:65536", 400),
    ("api.mysite.com:100000", 400),
    ("api.mysite.com:" + "9" * 5000, 400),
    ("user@api.mysite.com", 400),
    ("api.mysite.com/", 400),
    ("api.mysite.com,www.mysite.com", 400),
    ("::1", 400),
    ("[::1", 400),
    ("[localhost]", 400),
    ("[:::]", 400),
    ("[1.2.3.4]", 400),
    ("[::ffff:1.2.3.4]:80", 421),
    ("bücher.example", 400),
    (":80", 400),
]


def status_of(host: str) -> int:
    name = host_check.name_of(host)
    return 400 if name is None else 200 if name in OURS else 421


@pytest.mark.parametrize(("host", "status"), TABLE)
def test_the_table(host: str, status: int) -> None:
    assert status_of(host) == status


@given(st.sampled_from(OURS), st.data(), st.sampled_from(["", "."]), st.none() | st.integers(0, 65535))
def test_case_a_final_dot_and_the_port_do_not_matter(
    name: str, data: st.DataObject, dot: str, port: int | None
) -> None:
    spelling = "".join(data.draw(st.sampled_from([letter.lower(), letter.upper()])) for letter in name)
    assert host_check.name_of(spelling + dot + ("" if port is None else f":{port}")) == name


@given(st.text(st.characters(max_codepoint=255), max_size=30))
def test_whatever_the_field_holds(text: str) -> None:
    name = host_check.name_of(text)
    assert name is None or text.lower().startswith(name)


def answer(headers: list[tuple[bytes, bytes]], names: tuple[str, ...] = OURS) -> tuple[int, dict[bytes, bytes], str]:
    """The middleware's status, fields and body for a request with these fields; the application behind it says 299."""
    messages: list[Any] = []

    async def behind(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 299, "headers": []})
        await send({"type": "http.response.body", "body": b"behind"})

    async def receive() -> Any:
        raise AssertionError("nothing is to be read")

    async def send(message: Any) -> None:
        messages.append(message)

    scope = {"type": "http", "method": "GET", "path": "/", "headers": headers}
    asyncio.run(host_check.HostCheck(behind, names)(scope, receive, send))
    start, body = messages
    return start["status"], dict(start["headers"]), body["body"].decode()


def test_what_is_said() -> None:
    assert answer([(b"host", b"api.mysite.com:80")]) == (299, {}, "behind")
    status, fields, sentence = answer([(b"accept", b"*/*"), (b"host", b"Evil.example:80")])
    assert status == 421
    assert fields[b"content-type"] == b"text/plain; charset=utf-8"
    assert sentence == (
        "This server answers for api.mysite.com, www.mysite.com, localhost, 127.0.0.1, not for evil.example.\n"
    )
    assert answer([(b"host", b"a")], names=("b", "c"))[2] == "This server answers for b, c, not for a.\n"


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [(b"accept", b"api.mysite.com")],
        [(b"host", b"api.mysite.com"), (b"host", b"api.mysite.com")],
        [(b"host", b"api.mysite.com"), (b"host", b"evil.example")],
        [(b"host", b"\xff")],
    ],
)
def test_one_host_and_no_other_number(headers: list[tuple[bytes, bytes]]) -> None:
    status, fields, sentence = answer(headers)
    assert (status, sentence) == (400, MALFORMED)
    assert fields[b"content-type"] == b"text/plain; charset=utf-8"


@pytest.mark.parametrize(
    ("value", "added"),
    [
        (None, ()),
        ("", ()),
        (" , ,", ()),
        ("proxy.example", ("proxy.example",)),
        (" Proxy.Example. ,b:8888,[::1]", ("proxy.example", "b", "[::1]")),
    ],
)
def test_names_that_are_added(monkeypatch: pytest.MonkeyPatch, value: str | None, added: tuple[str, ...]) -> None:
    monkeypatch.delenv("MYSITE_HOSTS", raising=False)
    if value is not None:
        monkeypatch.setenv("MYSITE_HOSTS", value)
    assert host_check.allowed_names() == OURS + added


def test_a_name_that_cannot_be_added(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MYSITE_HOSTS", "fine.example, not fine")
    with pytest.raises(ValueError, match=r"^MYSITE_HOSTS names 'not fine', which is not the name of a host$"):
        host_check.allowed_names()


def exchange(site: topology.OneServer, request: bytes) -> bytes:
    """All that the server sends back until it closes the connection."""
    with socket.create_connection((site.address, site.port), timeout=5) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65536), b""))


@pytest.mark.parametrize("path", ["/posts/1", "/health", "/static/site.css", "/nothing"])
def test_on_the_socket_no_path_is_without_the_check(site: topology.OneServer, path: str) -> None:
    for host, expected in (("api.mysite.com", 404 if path == "/nothing" else 200), ("evil.example", 421), ("a b", 400)):
        connection = http.client.HTTPConnection(site.address, site.port, timeout=5)
        connection.request("GET", path, headers={"Host": host, "Connection": "close"})
        assert connection.getresponse().status == expected


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET /posts/1 HTTP/1.1\r\nHost: api.mysite.com\r\nConnection: close\r\n\r\n", b"200"),
        (b"GET /posts/1 HTTP/1.0\r\n\r\n", b"400"),
        (b"GET /posts/1 HTTP/1.1\r\nConnection: close\r\n\r\n", b"400"),
        (b"GET /posts/1 HTTP/1.1\r\nHost: api.mysite.com\r\nHost: api.mysite.com\r\n\r\n", b"400"),
        (b"GET /posts/1 HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n", b"400"),
    ],
)
def test_on_the_socket(site: topology.OneServer, request_: bytes, status: bytes) -> None:
    assert exchange(site, request_).split()[1] == status
