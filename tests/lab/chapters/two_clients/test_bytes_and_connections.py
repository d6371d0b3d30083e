"""Connections, heads and bodies, counted on the real site: exact, and the same twice."""

import pytest

from lab.chapters.two_clients.bytes_and_connections import Representation, representation_bytes, requests_in_a_row
from lab.instruments.counting import Traffic

PATHS = ["/users/4", "/posts/7"]


def request_bytes(site, path):
    return len(f"GET {path} HTTP/1.1\r\nHost: api.mysite.com:{site.port}\r\nAccept: text/html\r\n\r\n")


def test_one_kept_connection_against_ten(uncached_site):
    one, ten = (requests_in_a_row(uncached_site, "/users/4", 10, keep_alive) for keep_alive in (True, False))
    assert (one.sockets_opened, ten.sockets_opened) == (1, 10)
    assert (one.bytes_sent, one.bytes_received) == (ten.bytes_sent, ten.bytes_received)
    assert one.bytes_sent == 10 * request_bytes(uncached_site, "/users/4")


@pytest.mark.parametrize("keep_alive", [True, False])
def test_the_counts_are_the_same_on_every_run(uncached_site, keep_alive):
    first, second = (requests_in_a_row(uncached_site, "/users/4", 3, keep_alive) for _ in range(2))
    assert first == second
    one = requests_in_a_row(uncached_site, "/users/4", 1, keep_alive)
    assert first.bytes_received == 3 * one.bytes_received


def test_ten_requests_for_the_home_page_unless_said(uncached_site):
    traffic = requests_in_a_row(uncached_site)
    assert traffic == requests_in_a_row(uncached_site, "/", 10, True)
    assert traffic.bytes_sent == 10 * request_bytes(uncached_site, "/")


def test_what_is_not_counted(uncached_site):
    with pytest.raises(ValueError, match=r"^A row has one request or more, not 0\.$"):
        requests_in_a_row(uncached_site, count=0)
    with pytest.raises(ValueError, match=r"^/nothing as text/html is answered with 404, so nothing is counted\.$"):
        requests_in_a_row(uncached_site, "/nothing")
    with pytest.raises(ValueError, match="/join as application/json is answered with 406"):
        representation_bytes(uncached_site, ["/join"])


def test_representations(uncached_site):
    representations = representation_bytes(uncached_site, PATHS)
    assert representations == representation_bytes(uncached_site, PATHS)
    assert [(representation.path, representation.media_type) for representation in representations] == [
        (path, media_type) for path in PATHS for media_type in ("text/html", "application/json")
    ]
    for html in representations[::2]:
        traffic = requests_in_a_row(uncached_site, html.path, 1)
        assert traffic == Traffic(1, request_bytes(uncached_site, html.path), html.head_bytes + html.body_bytes)
    html, json = representations[:2]
    assert json.body_bytes < html.body_bytes
    assert 250 < json.head_bytes < html.head_bytes < 400
    assert all(representation.sent_compressed for representation in representations)


def test_small_bodies_are_not_compressed(uncached_site):
    (health,) = representation_bytes(uncached_site, ["/health"], ["application/json"])
    assert health == Representation("/health", "application/json", health.head_bytes, health.body_bytes, False)
    assert health.body_bytes < 500
    assert hash(health)  # frozen
