"""The shared cache: what it may keep, for how long and for whom."""

import http.server
import threading
from dataclasses import FrozenInstanceError, dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lab.chapters.two_clients.shared_cache import SharedCache, agree, selecting_fields, shared_lifetime_s, values
from mysite.clock import MovableClock
from mysite.names.resolver import StubResolver
from mysite.phone import Phone

HTML, JSON = "text/html", "application/json"
BROWSER = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"


class Script(http.server.BaseHTTPRequestHandler):
    """Answers with the fields that stand in the class; the body says which request it was, and what it accepts."""

    protocol_version = "HTTP/1.1"
    fields: dict = {}  # noqa: RUF012
    status = 200
    requests: list = []  # noqa: RUF012

    def do_GET(self):
        self.requests.append(dict(self.headers.items()))
        body = f"{len(self.requests)} {self.path} {self.headers['Accept']}".encode()
        head = "".join(f"{name}: {value}\r\n" for name, value in self.fields.items())
        line = f"HTTP/1.1 {self.status} Said\r\n"
        self.wfile.write(f"{line}{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)

    def log_message(self, *anything):
        pass


@dataclass
class Scripted:
    """A site without a name server: tests ask for its address."""

    port: int

    def resolver(self):
        return StubResolver(("127.0.0.1", 9))


@pytest.fixture(scope="module")
def scripted():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Script)
    server.daemon_threads = True
    server.block_on_close = False
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Scripted(server.server_port)
    server.shutdown()
    server.server_close()


@pytest.fixture
def clock():
    return MovableClock()


@pytest.fixture
def cache(scripted, clock):
    Script.fields = {"Cache-Control": "public, max-age=10", "Vary": "Accept", "Content-Type": "text/plain; charset=x"}
    Script.status = 200
    Script.requests = []
    with SharedCache(scripted, clock, host="127.0.0.1") as cache:
        yield cache


def test_what_is_fresh_is_answered_from_the_store(cache, clock):
    first = cache.get("/a", HTML)
    clock.move(4)
    second = cache.get("/a", HTML)
    assert (first.status, first.media_type, first.from_cache, first.age_s) == (200, "text/plain", False, 0)
    assert (second.status, second.media_type, second.from_cache, second.age_s) == (200, "text/plain", True, 4)
    assert first.body == second.body == b"1 /a text/html"
    assert first.body_bytes == len(b"1 /a text/html")
    assert (cache.hits, cache.misses, len(Script.requests)) == (1, 1, 1)


def test_the_site_hears_its_own_name_and_what_the_client_said(cache, scripted):
    cache.get("/a", HTML, {"Cookie": "session=1"})
    cache.get("/a")
    assert Script.requests[0] == {"Host": f"127.0.0.1:{scripted.port}", "accept": HTML, "cookie": "session=1"}
    assert Script.requests[1] == {"Host": f"127.0.0.1:{scripted.port}"}


def test_at_the_end_of_its_lifetime_an_answer_is_stale(cache, clock):
    cache.get("/a", HTML)
    clock.move(9.999)
    assert cache.get("/a", HTML).from_cache
    clock.move_to(10)
    assert not cache.get("/a", HTML).from_cache
    clock.move(9)
    again = cache.get("/a", HTML)
    assert (again.from_cache, again.age_s, again.body) == (True, 9, b"2 /a text/html")


def test_every_address_has_its_own_answer(cache):
    assert [cache.get(path, HTML).body for path in ("/a", "/a?b", "/a")] == [
        b"1 /a text/html", b"2 /a?b text/html", b"1 /a text/html",
    ]  # fmt: skip


def test_vary_keeps_what_clients_want_apart(cache):
    bodies = [cache.get("/a", accept).body for accept in (HTML, JSON, None, HTML, JSON, None)]
    assert bodies[:3] == [b"1 /a text/html", b"2 /a application/json", b"3 /a None"]
    assert bodies[3:] == bodies[:3]
    assert (cache.hits, cache.misses) == (3, 3)


def test_without_vary_everybody_gets_what_the_first_one_wanted(scripted, cache, clock):
    with SharedCache(scripted, clock, without_vary=True, host="127.0.0.1") as forgetful:
        bodies = {forgetful.get("/a", accept).body for accept in (HTML, JSON, None)}
    assert bodies == {b"1 /a text/html"}
    assert (forgetful.hits, forgetful.misses) == (2, 1)


def test_fields_that_vary_does_not_name_do_not_count(cache):
    cache.get("/a", HTML, {"User-Agent": "one"})
    assert cache.get("/a", HTML, {"User-Agent": "two"}).from_cache


@pytest.mark.parametrize(
    ("cache_control", "status", "vary", "fields"),
    [
        ("private, max-age=10", 200, "Accept", {}),
        ("public, no-store, max-age=10", 200, "Accept", {}),
        ("max-age=10, no-cache", 200, "Accept", {}),
        ("public", 200, "Accept", {}),
        ("max-age=0", 200, "Accept", {}),
        ("max-age=10", 404, "Accept", {}),
        ("max-age=10", 200, "*", {}),
        ("max-age=10", 200, "Accept, *", {}),
        ("public, max-age=10", 200, "Accept", {"Authorization": "Bearer x"}),
        ("public, max-age=10", 200, "Accept", {"authorization": "Bearer x"}),
    ],
)
def test_what_is_never_stored(cache, cache_control, status, vary, fields):
    Script.fields = {"Cache-Control": cache_control, "Vary": vary}
    Script.status = status
    first, second = (cache.get("/a", HTML, fields) for _ in range(2))
    assert (first.status, first.from_cache, second.from_cache) == (status, False, False)
    assert (cache.hits, cache.misses) == (0, 2)
    assert not cache.get("/a", HTML).from_cache


def test_a_stale_answer_gives_way_to_a_new_one_and_no_other(cache, clock):
    cache.get("/a", JSON)
    clock.move(10)
    cache.get("/a", HTML)
    cache.get("/a", JSON)
    assert [len(entries) for entries in cache._store.values()] == [2]
    assert cache.get("/a", JSON).body == b"3 /a application/json"
    cache.close()
    assert cache._store == {}


@pytest.mark.parametrize(
    ("cache_control", "seconds"),
    [
        ("public, max-age=10", 10), ("MAX-AGE = 7", 7), ('max-age="5"', 5), ("max-age=60, s-maxage=3", 3),
        ("s-maxage=0, max-age=60", 0), ("max-age", 0), ("max-age=ten", 0), ("max-age=-1", 0), ("max-age=1.5", 0),
        ("", 0), ("public", 0), ("max-age=9, PRIVATE", 0), ("no-store, max-age=9", 0), ('no-cache="a", max-age=9', 0),
        ("max-age=4, not private at all", 4),
    ],
)  # fmt: skip
def test_lifetimes(cache_control, seconds):
    assert shared_lifetime_s(cache_control) == seconds


def test_selecting_fields():
    assert selecting_fields("Accept,  COOKIE ,,*") == ["accept", "cookie", "*"]
    assert selecting_fields("") == []


@pytest.mark.parametrize(
    ("stored", "sent_later", "same"),
    [
        ("a/b, c/d;q=1", "a/b,c/d;q=1", True),
        ("a/b", "a/c", False),
        (None, "a/b", False),
        ("", None, False),
        ("A/B", "a/b", False),
    ],
)
def test_white_space_means_nothing(stored, sent_later, same):
    request = {} if sent_later is None else {"accept": sent_later}
    assert agree({"accept": stored}, request) is same
    assert agree({}, request)


def test_a_field_that_was_not_sent_agrees_with_none():
    assert agree({"accept": None}, {"cookie": "a"})


def test_values_of_a_field():
    assert values([(b"Vary", b"a"), (b"X", b"y"), (b"VARY", b"b")], "vary") == ["a", "b"]


def test_an_answer_stays_as_it_is(cache):
    with pytest.raises(FrozenInstanceError):
        cache.get("/a").status = 500
    assert "body" not in repr(cache.get("/a"))


@pytest.mark.parametrize(("without_vary", "media_types"), [(False, [HTML, JSON]), (True, [HTML, HTML])])
def test_a_phone_behind_a_cache_without_vary_gets_the_browser_s_page(uncached_site, without_vary, media_types):
    with SharedCache(uncached_site, MovableClock(), without_vary) as cache:
        assert [cache.get("/users/4", accept).media_type for accept in (BROWSER, JSON)] == media_types


def test_the_site_lets_its_pages_be_kept_for_ten_seconds(uncached_site, clock):
    with SharedCache(uncached_site, clock) as cache:
        cache.get("/users/4", JSON)
        clock.move(9.9)
        assert cache.get("/users/4", JSON).from_cache
        clock.move(0.1)
        assert not cache.get("/users/4", JSON).from_cache


def test_what_one_user_sees_is_for_nobody_else(uncached_site, clock):
    with Phone(uncached_site.resolver(), uncached_site.port) as phone, SharedCache(uncached_site, clock) as cache:
        phone.sign_up("behind_a_cache", "Behind A. Cache")
        token = {"Authorization": phone._client.headers["Authorization"]}
        own, anonymous, own_again = (cache.get("/users/4", JSON, fields) for fields in (token, {}, token))
        assert [answer.from_cache for answer in (own, anonymous, own_again)] == [False] * 3
        assert own.body != anonymous.body  # it says whether this viewer follows
        assert cache.get("/users/4", JSON).body == anonymous.body


requests = st.tuples(
    st.sampled_from(["/users/4", "/about", "/nothing"]), st.sampled_from([BROWSER, HTML, JSON, "image/png", None]),
    st.sampled_from([0, 1, 6, 30]),
)  # fmt: skip


@settings(max_examples=20)
@given(st.lists(requests, min_size=1, max_size=12))
def test_a_cache_that_honours_vary_gives_every_client_what_the_site_would(uncached_site, requests):
    clock, later = MovableClock(), MovableClock()
    with SharedCache(uncached_site, clock) as cache, SharedCache(uncached_site, later) as direct:
        for path, accept, seconds in requests:
            answer = cache.get(path, accept)
            later.move(1000)  # whatever this one has stored is stale, so the site itself answers
            fresh = direct.get(path, accept)
            assert not fresh.from_cache
            assert answer == replace(fresh, from_cache=answer.from_cache, age_s=answer.age_s)
            assert answer.age_s < 10
            clock.move(seconds)
        assert cache.hits + cache.misses == len(requests)
