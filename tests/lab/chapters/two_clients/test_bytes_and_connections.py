"""Connections, heads and bodies, counted on the real site: exact, and the same twice."""

import pytest

from lab.chapters.two_clients.bytes_and_connections import Representation, representation_bytes, requests_in_a_row
from lab.instruments.counting import Traffic
from mysite.topology import one_server

PATHS = ["/users/4", "/posts/7"]


@pytest.fixture(scope="module")
def site():
    with one_server(cache_seconds=0) as running:
        yield running


def request_bytes(site, path):
    return len(f"GET {path} HTTP/1.1\r\nHost: api.mysite.com:{site.port}\r\nAccept: text/html\r\n\r\n")


def test_one_kept_connection_against_ten(site):
    kept, each = (requests_in_a_row(site, "/users/4", 10, keep_alive) for keep_alive in (True, False))
    assert (kept.sockets_opened, each.sockets_opened) == (1, 10)
    assert (kept.bytes_sent, kept.bytes_received) == (each.bytes_sent, each.bytes_received)
    assert kept.bytes_sent == 10 * request_bytes(site, "/users/4")


@pytest.mark.parametrize("keep_alive", [True, False])
def test_the_counts_are_the_same_on_every_run(site, keep_alive):
    first, second = (requests_in_a_row(site, "/users/4", 3, keep_alive) for _ in range(2))
    assert first == second
    one = requests_in_a_row(site, "/users/4", 1, keep_alive)
    assert first.bytes_received == 3 * one.bytes_received


def test_ten_requests_for_the_home_page_unless_said(site):
    assert requests_in_a_row(site) == requests_in_a_row(site, "/", 10, True)
    assert requests_in_a_row(site).bytes_sent == 10 * request_bytes(site, "/")


def test_what_is_not_counted(site):
    with pytest.raises(ValueError, match=r"^A row has one request or more, not 0\.$"):
        requests_in_a_row(site, count=0)
    with pytest.raises(ValueError, match=r"^/nothing as text/html is answered with 404, so nothing is counted\.$"):
        requests_in_a_row(site, "/nothing")
    with pytest.raises(ValueError, match="/join as application/json is answered with 406"):
        representation_bytes(site, ["/join"])


def test_representations(site):
    found = representation_bytes(site, PATHS)
    assert found == representation_bytes(site, PATHS)
    assert [(each.path, each.media_type) for each in found] == [
        (path, media_type) for path in PATHS for media_type in ("text/html", "application/json")
    ]
    for each in found:
        row = requests_in_a_row(site, each.path, 1)
        if each.media_type == "text/html":
            assert row == Traffic(1, request_bytes(site, each.path), each.head_bytes + each.body_bytes)
    html, json = found[:2]
    assert json.body_bytes < html.body_bytes
    assert 250 < json.head_bytes < html.head_bytes < 400
    assert all(each.sent_compressed for each in found)


def test_small_bodies_are_not_compressed(site):
    (health,) = representation_bytes(site, ["/health"], ["application/json"])
    assert health == Representation("/health", "application/json", health.head_bytes, health.body_bytes, False)
    assert health.body_bytes < 500
    assert hash(health)  # frozen
