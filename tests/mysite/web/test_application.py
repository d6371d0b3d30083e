"""Every address of the running site: its status, its fields, what it costs, and what the cache does."""

import asyncio
import http.client
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

import httpx
import pytest
import sqlalchemy
from markupsafe import escape

from lab.instruments.visit import server_account, visit
from mysite import topology
from mysite.clock import MovableClock
from mysite.stores import relational
from mysite.web import application, pages, representations
from mysite.web.host_check import OWN_NAMES

# what each page asks of the store
STATEMENTS = {
    "/": 3,
    "/people": 2,
    "/people?page=20": 2,
    "/users/4": 5,
    "/users/910": 5,
    "/posts/50": 2,
    "/popular": 3,
    "/popular/2025-03": 3,
    "/about": 2,
    "/join": 0,
    "/write": 0,
}
MISSING = [
    "/nothing", "/people/", "/people?page=0", "/people?page=21", "/people?page=x", "/people?page=", "/users/",
    "/users/4/", "/users/0", "/users/1001", "/users/04", "/users/x", "/users/" + "9" * 5000, "/users/4/posts",
    "/users/4%3Fa=b", "/posts/0", "/posts/20001", "/posts/-1", "/popular/2024-12", "/popular/2025-3", "/popular/x",
    "/static", "/static/", "/static/none.css", "/static/../application.py", "/static/%2e%2e/application.py",
    "/static/%00", "/health/",
]  # fmt: skip
DURATION = r"\d{4}\.\d{3}"


@dataclass(frozen=True)
class Answer:
    status: int
    fields: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


def ask(site: topology.OneServer, path: str, method: str = "GET", **fields: str) -> Answer:
    connection = http.client.HTTPConnection(site.address, site.port, timeout=5)
    connection.request(method, path, headers={"Connection": "close", **fields})
    answer = connection.getresponse()
    return Answer(answer.status, answer.headers, answer.read())


def cache(site: topology.OneServer) -> dict[str, int]:
    counts: dict[str, int] = topology.health(site)["cache"]
    return counts


@pytest.fixture(scope="module")
def without_cache() -> Iterator[topology.OneServer]:
    with topology.one_server(cache_seconds=0) as running:
        yield running


@pytest.mark.parametrize(("path", "statements"), STATEMENTS.items())
def test_a_page_asks_the_store_once_and_then_the_cache(site: topology.OneServer, path: str, statements: int) -> None:
    before = cache(site)
    first, second = ask(site, path), ask(site, path)
    after = cache(site)
    assert (first.status, second.status) == (200, 200)
    miss = f'cache;desc=miss, store;desc="{statements} statements";dur=({DURATION}), app;dur=({DURATION})'
    match = re.fullmatch(miss, first.fields["Server-Timing"])
    assert match
    assert 0 < float(match[1]) < float(match[2]) < 5000
    assert second.fields["Server-Timing"] == "cache;desc=hit"
    assert first.body == second.body
    assert {key: after[key] - before[key] for key in after} == {"hits": 1, "misses": 1, "entries": 1}
    assert first.fields["Content-Type"] == second.fields["Content-Type"] == "text/html; charset=utf-8"
    assert int(first.fields["Content-Length"]) == len(first.body)
    for answer in (first, second):
        assert answer.fields.get_all("Cache-Control") == ["public, max-age=10"]
        assert answer.fields.get_all("Vary") == ["Accept, Authorization, Cookie, Accept-Encoding"]
        assert answer.fields.get_all("ETag") == [representations.tag(answer.body)]


@pytest.mark.parametrize(("path", "statements"), STATEMENTS.items())
def test_without_the_cache_every_page_asks_the_store(
    without_cache: topology.OneServer, path: str, statements: int
) -> None:
    for _ in range(2):
        answer = ask(without_cache, path)
        account = f'store;desc="{statements} statements";dur={DURATION}, app;dur={DURATION}'
        assert re.fullmatch(account, answer.fields["Server-Timing"])


def test_without_the_cache_there_is_no_such_part(without_cache: topology.OneServer) -> None:
    assert topology.health(without_cache)["cache"] is None
    assert [part.kind for part in topology.parts(without_cache)] == ["web", "data", "name"]


def test_a_visit(site: topology.OneServer, without_cache: topology.OneServer) -> None:
    page = "/users/77"
    visits = [visit(site, path=page), visit(site, path=page), visit(without_cache, path=page)]
    notes = [[step.note for step in page_visit.steps if step.kind == "wait"] for page_visit in visits]
    assert notes == [["miss, 5 statements", "", "", ""], ["hit", "", "", ""], ["5 statements", "", "", ""]]
    for page_visit in visits:
        assert page_visit.resources == ("/static/site.css", "/static/icon.svg", "/static/site.js")
        assert (page_visit.status, page_visit.traffic.sockets_opened) == (200, 1)
    again = visit(without_cache, path=page)
    assert again.traffic == visits[-1].traffic  # to the byte


def test_head_says_what_get_would(site: topology.OneServer) -> None:
    for path in ("/users/8", "/health", "/static/site.js", "/nothing"):
        head, get = ask(site, path, "HEAD"), ask(site, path)
        assert head.body == b""
        assert head.status == get.status
        assert head.fields["Content-Length"] == get.fields["Content-Length"]
        assert head.fields["Content-Type"] == get.fields["Content-Type"]
    assert server_account([(b"server-timing", ask(site, "/users/8", "HEAD").fields["Server-Timing"].encode())]) == "hit"


ALLOWED = {
    "/": "GET, HEAD",
    "/users/4": "GET, HEAD",
    "/people": "GET, HEAD",
    "/popular/2025-03": "GET, HEAD",
    "/health": "GET, HEAD",
    "/openapi.json": "GET, HEAD",
    "/static/site.css": "GET, HEAD",
    "/users": "POST",
    "/posts": "POST",
    "/sign-out": "POST",
    "/users/4/name": "POST, PUT",
    "/users/4/follow": "DELETE, POST, PUT",
    "/posts/4/like": "DELETE, POST, PUT",
}
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS")


@pytest.mark.parametrize(
    ("path", "method"),
    [(path, method) for path, allowed in ALLOWED.items() for method in METHODS if method not in allowed.split(", ")],
)
def test_other_methods(site: topology.OneServer, path: str, method: str) -> None:
    answer = ask(site, path, method, Accept="text/html")
    assert (answer.status, answer.fields["Allow"]) == (405, ALLOWED[path])
    if method == "HEAD":
        assert answer.body == b""
        return
    assert "<title>Not this way · mysite</title>" in answer.text
    assert f"<p>{path} takes {ALLOWED[path]}, not {method}. <a" in answer.text
    assert '<p class="lead">405</p>' in answer.text


@pytest.mark.parametrize("path", MISSING)
def test_what_is_not_there(site: topology.OneServer, path: str) -> None:
    if path == "/users/4%3Fa=b":
        ask(site, "/users/4?a=b")  # another address, which is kept
    before = cache(site)["entries"]
    answer = ask(site, path)
    assert answer.status == 404
    assert answer.fields["Content-Type"] == "text/html; charset=utf-8"
    assert "<title>No such page · mysite</title>" in answer.text
    assert '<p class="lead">404</p>' in answer.text
    assert "aria-current" not in answer.text
    assert cache(site)["entries"] == before


def test_the_sentence_of_a_page_that_is_not_there(site: topology.OneServer) -> None:
    assert "<p>There is nothing at /no/&lt;b&gt;&amp;. <a" in ask(site, "/no/%3Cb%3E&?query").text


def test_health(site: topology.OneServer) -> None:
    answer = ask(site, "/health")
    assert (answer.status, answer.fields["Content-Type"]) == (200, "application/json")
    state = json.loads(answer.body)
    assert state.keys() == {"status", "store", "cache"}
    assert state["status"] == "ok"
    assert state["store"].pop("version").startswith("3.")
    assert state["store"] == {"product": "SQLite", "users": 1000}
    assert state["cache"].keys() == {"hits", "misses", "entries"}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("site.css", "text/css; charset=utf-8"),
        ("site.js", "text/javascript; charset=utf-8"),
        ("icon.svg", "image/svg+xml"),
    ],
)
def test_static_files(site: topology.OneServer, name: str, kind: str) -> None:
    answer = ask(site, f"/static/{name}")
    assert (answer.status, answer.fields["Content-Type"]) == (200, kind)
    assert answer.body == (application.STATIC / name).read_bytes()
    assert answer.fields["Cache-Control"] == "public, max-age=3600"
    assert answer.fields["Server-Timing"] is None
    again = ask(site, f"/static/{name}", **{"If-None-Match": answer.fields["ETag"]})
    assert (again.status, again.body, again.fields["Cache-Control"]) == (304, b"", "public, max-age=3600")


class Links(HTMLParser):
    """The addresses that a page links to, and all text in it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.links.append(dict(attributes)["href"] or "")

    def handle_data(self, data: str) -> None:
        self.words += data


def test_every_kind_of_link_leads_to_a_page(site: topology.OneServer) -> None:
    """Followed from the front page on: of each pattern of address the first four that are met."""
    links: dict[str, set[str]] = defaultdict(set)
    queue = ["/"]
    while queue:
        path = queue.pop()
        answer = ask(site, path)
        assert answer.status == 200, path
        if answer.fields["Content-Type"].startswith("text/html"):
            for link in Links(answer.text).links:
                pattern = re.sub(r"\d+", "N", link)
                if link not in links[pattern] and len(links[pattern]) < 4:
                    links[pattern].add(link)
                    if not link.startswith("#"):
                        queue.append(link)
    assert {pattern: len(of_pattern) for pattern, of_pattern in links.items()} == {
        "#content": 1, "/": 1, "/people": 1, "/popular": 1, "/about": 1, "/join": 1, "/openapi.json": 1, "/health": 1,
        "/users/N": 4, "/posts/N": 4, "/people?page=N": 4, "/popular/N-N": 4,
    }  # fmt: skip


def test_the_page_one_is_on_is_marked(site: topology.OneServer) -> None:
    for path in ("/", "/people", "/popular", "/about"):
        page = ask(site, path).text
        header = page[: page.index("</header>")]
        assert header.count("aria-current") == 1
        assert f'<a href="{path}" aria-current="page">' in header


def test_posts_are_shown_as_they_were_written(site: topology.OneServer, store: sqlalchemy.Engine) -> None:
    """The delicate texts of the data set: escaped on the wire, themselves when read."""
    with store.connect() as connection:
        delicate = [relational.post(connection, number) for number in range(50, 450, 50)]
    assert "".join(post.text for post in delicate if post).count("<b>") == 1
    for post in delicate:
        assert post
        page = ask(site, f"/posts/{post.id}").text
        assert f'<p class="text">{escape(post.text)}</p>' in page
        assert "<b>" not in page
        assert post.text in Links(page).words


@pytest.mark.parametrize("host", OWN_NAMES)
@pytest.mark.parametrize("fields", [{}, {"Accept": "*/*"}])
def test_the_front_page_is_there_under_each_name(
    site: topology.OneServer, host: str, fields: dict[str, str]
) -> None:
    answer = ask(site, "/", Host=f"{host}:{site.port}", **fields)
    assert (answer.status, answer.fields["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert "<h1>Latest posts</h1>" in answer.text


def test_the_front_page(site: topology.OneServer, store: sqlalchemy.Engine) -> None:
    with store.connect() as connection:
        model = pages.home(connection)
    page = ask(site, "/").text
    articles = re.findall(r'/posts/(\d+)".*?<p class="text">(.*?)</p>', page, re.DOTALL)
    assert [(int(id), text) for id, text in articles] == [(post.id, str(escape(post.text))) for post in model.posts]
    liked = page[page.index("<aside") :]
    assert re.findall(r'<li><a href="/users/(\d+)">', liked) == [str(author.id) for author in model.liked]
    widths = [float(width) for width in re.findall(r'<rect width="([\d.]+)"', liked)]
    assert widths == [round(100 * author.likes / model.liked[0].likes, 1) for author in model.liked]
    assert '<a href="/people">1,000 people</a>' in page


def test_a_user_page(site: topology.OneServer) -> None:
    page = ask(site, "/users/4").text
    assert "<h1>Faraway Spruce</h1>" in page
    assert "<div><dt>Languages</dt><dd>日本語</dd></div>" in page
    assert "<h2>Might know</h2>" in page
    assert "<h2>Profile</h2>" not in ask(site, "/users/2").text


def test_the_ends_of_the_list(site: topology.OneServer) -> None:
    first, middle, last = (ask(site, f"/people?page={number}").text for number in (1, 2, 20))
    assert ("Previous" in first, "Next" in first) == (False, True)
    assert '<a rel="prev" href="/people?page=1">' in middle and '<a rel="next" href="/people?page=3">' in middle
    assert ("Previous" in last, "Next" in last) == (True, False)
    assert '<a href="/people?page=20" aria-current="page">20</a>' in last


# In one process, on a clock that can be moved


def fetched(app: httpx.ASGITransport, paths: list[str], clock: MovableClock, seconds: float = 0) -> list[str]:
    """The account in Server-Timing, in words, for one path after the other, so many seconds apart."""

    async def fetch() -> list[str]:
        accounts = []
        async with httpx.AsyncClient(transport=app, base_url="http://127.0.0.1") as client:
            for path in paths:
                answer = await client.get(path)
                assert answer.status_code == 200
                accounts.append(server_account(answer.headers.raw))
                clock.move(seconds)
        return accounts

    return asyncio.run(fetch())


def served(store: sqlalchemy.Engine, cache_seconds: float, clock: MovableClock) -> httpx.ASGITransport:
    return httpx.ASGITransport(application.application(store, ("127.0.0.1",), cache_seconds, clock))


def test_a_page_is_kept_for_its_time_and_no_longer(store: sqlalchemy.Engine) -> None:
    clock = MovableClock()
    app = served(store, 30, clock)
    assert fetched(app, ["/about"] * 5, clock, 10) == ["miss, 2 statements", "hit", "hit", "miss, 2 statements", "hit"]


def test_the_query_is_part_of_the_address(store: sqlalchemy.Engine) -> None:
    clock = MovableClock()
    paths = ["/people", "/people?page=1", "/people?page=2", "/people", "/people?page=2", "/about?page=2"]
    accounts = fetched(served(store, 30, clock), paths, clock)
    miss = "miss, 2 statements"
    assert accounts == [miss, miss, miss, "hit", "hit", miss]


def test_no_more_than_256_pages_are_kept(store: sqlalchemy.Engine) -> None:
    clock = MovableClock()
    app = served(store, 30, clock)
    fetched(app, [f"/posts/1?{number}" for number in range(256)], clock)
    assert fetched(app, ["/posts/1?0", "/posts/1?256", "/posts/1?0", "/posts/1?1"], clock) == [
        "hit", "miss, 2 statements", "hit", "miss, 2 statements"
    ]  # fmt: skip


def test_two_applications_on_one_store_count_alike(store: sqlalchemy.Engine) -> None:
    clock = MovableClock()
    first, second = served(store, 0, clock), served(store, 0, clock)
    assert fetched(first, ["/"], clock) + fetched(second, ["/"], clock) == ["3 statements"] * 2


def test_only_names_that_it_is_given(store: sqlalchemy.Engine) -> None:
    async def fetch() -> list[int]:
        transport = httpx.ASGITransport(application.application(store, ("only.example",), 0))
        async with httpx.AsyncClient(transport=transport) as client:
            return [(await client.get(f"http://{host}/about")).status_code for host in ("only.example", "localhost")]

    assert asyncio.run(fetch()) == [200, 421]


# Last: it harms the store


def test_a_store_that_cannot_be_read(without_cache: topology.OneServer) -> None:
    (without_cache.web.directory / relational.FILE).write_bytes(b"")
    health = ask(without_cache, "/health")
    assert health.status == 503
    assert json.loads(health.body) == {
        "status": "failed", "reason": "the store cannot be read: no such table: users"
    }  # fmt: skip
    page = ask(without_cache, "/about")
    assert page.status == 503
    assert "<title>The store does not answer · mysite</title>" in page.text
    assert '<p class="lead">503</p>' in page.text
    assert "<p>The store does not answer. It says: no such table: follows. <a" in page.text
    program = ask(without_cache, "/about", Accept="application/json")
    assert (program.status, program.fields["Content-Type"]) == (503, "application/problem+json")
    assert json.loads(program.body)["detail"] == "The store does not answer. It says: no such table: follows."
    assert page.fields["Cache-Control"] == program.fields["Cache-Control"] == "no-store"
    with pytest.raises(ConnectionError, match="GET /health is answered with 503"):
        topology.parts(without_cache)
