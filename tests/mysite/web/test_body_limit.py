"""How large a body may be, and that a larger one is refused in the words that the client reads."""

import http.client
import json

import pytest

from mysite import topology
from mysite.web.body_limit import BODY_BYTES


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("accept", ["application/json", "text/html"])
def test_both_clients_read_why(site: topology.OneServer, accept: str, chunked: bool) -> None:
    connection = http.client.HTTPConnection(site.address, site.port, timeout=5)
    body = b"x" * (BODY_BYTES + 1)
    fields = {"Accept": accept, "Content-Type": "application/json"}
    connection.request("POST", "/users", iter([body]) if chunked else body, fields, encode_chunked=chunked)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    assert answer.status == 413
    sentence = "The body of a request has at most 65,536 bytes."
    if accept == "text/html":
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert f"<p>{sentence} <a" in text and "<h1>Too large</h1>" in text
    else:
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert json.loads(text)["detail"] == sentence


def test_the_largest_that_is_read(site: topology.OneServer) -> None:
    connection = http.client.HTTPConnection(site.address, site.port, timeout=5)
    fields = {"Accept": "application/json", "Content-Type": "application/json"}
    connection.request("POST", "/users", b"{" + b" " * (BODY_BYTES - 2) + b"}", fields)
    assert connection.getresponse().status == 422
    connection.close()


@pytest.mark.parametrize("size", [BODY_BYTES, BODY_BYTES + 1, 8 * BODY_BYTES])
@pytest.mark.parametrize("path", ["/about", "/static/site.css"])
def test_a_body_that_nobody_reads(site: topology.OneServer, path: str, size: int) -> None:
    """It comes in chunks, so that its length is not known, and while a file is sent somebody listens for the client."""
    connection = http.client.HTTPConnection(site.address, site.port, timeout=5)
    connection.request("GET", path, iter([b"x" * size]), encode_chunked=True)
    answer = connection.getresponse()
    assert answer.status == 200
    assert answer.read()
    connection.close()
    assert (site.web.directory / "server.log").read_text() == ""
