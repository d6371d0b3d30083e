"""How a page is read: in which representation, from the cache or from the store, and who may keep it."""

import asyncio
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy

from mysite import topology
from mysite.clock import MovableClock
from mysite.stores import relational, relational_writes
from mysite.web import pages, reading, representations, resources, sessions
from mysite.web.application import application

HTML, JSON = "text/html", "application/json"
TYPES = {HTML: "text/html; charset=utf-8", JSON: JSON}
VARY = "Accept, Authorization, Cookie, Accept-Encoding"
ADDRESSES = ("/", "/people", "/users/4", "/posts/50", "/popular", "/popular/2025-03", "/about")
FORMS = ("/join", "/write")
FOLLOWS = {
    tuple(map(int, line.split(",")))
    for line in (topology.data_directory() / "follows.csv").read_text("utf-8").splitlines()[1:]
}
PUBLIC, PRIVATE = "public, max-age=10", "private, no-cache"


@pytest.fixture(scope="module")
def own_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlalchemy.Engine]:
    """A store of this module's own, in which user 4 has the session of the token "four" and user 5 that of "five"."""
    engine = relational.open_store(tmp_path_factory.mktemp("store") / relational.FILE)
    relational.load(engine, topology.data_directory())
    with engine.begin() as connection:
        for token, user in (("four", 4), ("five", 5)):
            relational_writes.open_session(connection, sessions.session_id(token), user, "2026-11-24T14:05", "phone")
    yield engine
    engine.dispose()


class Site:
    """The application in this process, on a clock that stands still."""

    def __init__(self, store: sqlalchemy.Engine, cache_seconds: float) -> None:
        self.clock = MovableClock()
        self._transport = httpx.ASGITransport(application(store, ("127.0.0.1",), cache_seconds, self.clock))

    def get(self, path: str, accept: str | None = None, method: str = "GET", **fields: str) -> httpx.Response:
        async def fetch() -> httpx.Response:
            async with httpx.AsyncClient(transport=self._transport, base_url="http://127.0.0.1") as client:
                del client.headers["accept"]
                wish = {} if accept is None else {"Accept": accept}
                return await client.request(method, path, headers={**fields, **wish})

        return asyncio.run(fetch())

    def cache(self) -> dict[str, int]:
        counts: dict[str, int] = self.get("/health").json()["cache"]
        return counts


@pytest.fixture
def site(own_store: sqlalchemy.Engine) -> Site:
    """The application with a new cache that keeps pages for 30 seconds."""
    return Site(own_store, 30)


def account(answer: httpx.Response) -> str:
    """The account in Server-Timing, without the times."""
    return re.sub(r";dur=\d{4}\.\d{3}", "", answer.headers["Server-Timing"])


def test_every_page_is_tried_here() -> None:
    patterns = {page.path: page for page in resources.PAGES}
    assert patterns.keys() == {"/users/{id}", "/posts/{id}", "/popular/{month}", *ADDRESSES, *FORMS} - {
        "/users/4", "/posts/50", "/popular/2025-03",
    }  # fmt: skip
    for path, page in patterns.items():
        assert page.media_types == ((HTML,) if path in FORMS else (HTML, JSON))


@pytest.mark.parametrize("path", ADDRESSES)
@pytest.mark.parametrize(
    ("accept", "media_type"), [(None, HTML), ("*/*", HTML), (HTML, HTML), (JSON, JSON), ("text/*;q=0.5, */*", JSON)]
)
def test_a_page_in_the_representation_that_is_wished_for(
    site: Site, path: str, accept: str | None, media_type: str
) -> None:
    answer = site.get(path, accept)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, TYPES[media_type])
    assert answer.headers["ETag"] == representations.tag(answer.content)
    assert answer.headers["Cache-Control"] == PUBLIC
    assert answer.headers.get_list("Vary") == [VARY]
    again = site.get(path, accept, **{"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    fields = {name: again.headers[name] for name in ("ETag", "Cache-Control", "Vary")}
    assert fields == {name: answer.headers[name] for name in fields}
    assert "Content-Type" not in again.headers and "Content-Length" not in again.headers


@pytest.mark.parametrize(
    ("path", "ask"),
    [
        ("/", pages.home),
        ("/people?page=3", lambda store: pages.people(store, "3")),
        ("/users/4", lambda store: pages.user(store, "4")),
        ("/posts/50", lambda store: pages.post(store, "50")),
        ("/popular", lambda store: pages.popular(store, None)),
        ("/popular/2025-03", lambda store: pages.popular(store, "2025-03")),
        ("/about", pages.about),
    ],
)
def test_the_json_is_the_model_field_by_field(site: Site, own_store: sqlalchemy.Engine, path: str, ask: Any) -> None:
    with own_store.connect() as connection:
        model = ask(connection)
    assert site.get(path, JSON).json() == json.loads(representations.as_json(model))
    assert site.get(path, JSON).json().keys() == vars(model).keys()


@pytest.mark.parametrize("path", [*ADDRESSES, *FORMS])
def test_who_wants_something_else(site: Site, path: str) -> None:
    for accept in ("image/png", "*/*;q=0", *([JSON] if path in FORMS else [])):
        answer = site.get(path, accept)
        assert (answer.status_code, answer.headers["Content-Type"]) == (406, "application/problem+json")
        assert answer.headers.get_list("Vary") == [VARY]
        assert answer.headers["Cache-Control"] == "no-store"
        assert "ETag" not in answer.headers
        assert answer.json()["detail"].startswith(f"{path} is there as text/html")
    assert site.cache() == {"hits": 0, "misses": 0, "entries": 0}


@pytest.mark.parametrize("accept", [HTML, JSON])
@pytest.mark.parametrize("path", ["/users/0", "/people?page=21", "/popular/2024-01", "/nothing"])
def test_what_is_not_there_is_not_kept(site: Site, path: str, accept: str) -> None:
    answer = site.get(path, accept)
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == ("application/problem+json" if accept == JSON else TYPES[HTML])
    assert answer.headers.get_list("Vary") == [VARY]
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers and "Server-Timing" not in answer.headers
    assert site.cache()["entries"] == 0


def test_each_representation_is_kept_by_itself(site: Site) -> None:
    accounts = [account(site.get("/users/4", accept)) for accept in (HTML, JSON, HTML, JSON, "*/*", None)]
    miss = 'cache;desc=miss, store;desc="5 statements"'
    assert [text.removesuffix(", app") for text in accounts] == [miss, miss, *["cache;desc=hit"] * 4]
    assert site.cache() == {"hits": 4, "misses": 2, "entries": 2}
    assert site.get("/users/4", JSON).json()["user"]["id"] == 4
    assert "<h1>Faraway Spruce</h1>" in site.get("/users/4", HTML).text


def test_a_kept_page_is_the_page(site: Site) -> None:
    first, second = site.get("/people?page=2"), site.get("/people?page=2")
    assert (account(second), second.content) == ("cache;desc=hit", first.content)
    assert second.headers["ETag"] == first.headers["ETag"]
    unchanged = site.get("/people?page=2", **{"If-None-Match": first.headers["ETag"]})
    assert (unchanged.status_code, account(unchanged)) == (304, "cache;desc=hit")
    head = site.get("/people?page=2", method="HEAD")
    assert account(head) == "cache;desc=hit"


BEARER, COOKIE = {"Authorization": "Bearer four"}, {"Cookie": "session=four"}


@pytest.mark.parametrize("token", [BEARER, COOKIE])
@pytest.mark.parametrize("path", ADDRESSES)
def test_a_page_of_a_session_is_its_own(site: Site, path: str, token: dict[str, str]) -> None:
    """Neither taken from the cache, though a page for everybody is there, nor put there for others."""
    everybodys = site.get(path)
    before = site.cache()
    for _ in range(2):
        own = site.get(path, **token)
        assert own.status_code == 200
        assert account(own).startswith('store;desc="') and "cache" not in own.headers["Server-Timing"]
        assert own.headers["Cache-Control"] == PRIVATE
        assert own.headers.get_list("Vary") == [VARY]
        assert '<a href="/users/4">Faraway Spruce</a> <button>Sign out</button>' in own.text
        assert own.headers["ETag"] != everybodys.headers["ETag"]
        again = site.get(path, **token, **{"If-None-Match": own.headers["ETag"]})
        assert (again.status_code, again.headers["Cache-Control"]) == (304, PRIVATE)
    assert site.cache() == before
    after = site.get(path)
    assert (account(after), after.content) == ("cache;desc=hit", everybodys.content)


def test_two_sessions_see_two_pages(site: Site) -> None:
    four, five = (site.get("/users/4", JSON, Authorization=f"Bearer {token}").json() for token in ("four", "five"))
    assert four["you_follow"] is None and five["you_follow"] is ((5, 4) in FOLLOWS)
    assert site.get("/users/4", JSON).json()["you_follow"] is None


def test_a_cookie_that_no_session_has_is_nobodys(site: Site) -> None:
    first, second = (site.get("/about", Cookie=f"session={stale}") for stale in ("stale", "staler"))
    assert first.headers["Cache-Control"] == PUBLIC
    assert (account(second), second.content) == ("cache;desc=hit", first.content)


@pytest.mark.parametrize("field", ["Bearer stale", "Basic YTpi", "Bearer"])
@pytest.mark.parametrize("path", ["/about", "/users/0"])
def test_a_program_whose_token_is_none_may_not_read(site: Site, path: str, field: str) -> None:
    answer = site.get(path, JSON, Authorization=field)
    assert (answer.status_code, answer.headers["Content-Type"]) == (401, "application/problem+json")
    assert answer.headers["WWW-Authenticate"].startswith('Bearer realm="mysite"')
    assert answer.headers.get_list("Vary") == [VARY]
    assert site.cache()["misses"] == 0


def test_without_a_cache_nothing_is_kept(own_store: sqlalchemy.Engine) -> None:
    site = Site(own_store, 0)
    assert [account(site.get("/about")) for _ in range(2)] == ['store;desc="2 statements", app'] * 2
    assert site.get("/health").json()["cache"] is None
    assert site.get("/about").headers["Cache-Control"] == PUBLIC


def test_a_page_is_not_kept_longer_than_it_may_be(site: Site) -> None:
    accounts = []
    for seconds in (0, 29.5, 0.5, 0):
        site.clock.move(seconds)
        accounts.append(account(site.get("/about", JSON)).partition(",")[0])
    assert accounts == ["cache;desc=miss", "cache;desc=hit", "cache;desc=miss", "cache;desc=hit"]


def test_whose_page_it_is_is_asked_only_of_who_shows_a_token(own_store: sqlalchemy.Engine) -> None:
    site = Site(own_store, 30)
    statements: list[str] = []

    def keep(connection: Any, cursor: Any, statement: str, *others: Any) -> None:
        statements.append(statement)

    sqlalchemy.event.listen(own_store, "before_cursor_execute", keep)
    site.get("/about")
    assert len(statements) == 2
    site.get("/about")
    assert len(statements) == 2
    site.get("/about", Cookie="session=stale")
    assert len(statements) == 3 and "sessions" in statements[-1]
    sqlalchemy.event.remove(own_store, "before_cursor_execute", keep)


def test_a_page_that_is_a_form_alone(site: Site) -> None:
    for path, title in (("/join", "Sign up"), ("/write", "Write a post")):
        answer = site.get(path)
        assert account(answer) == 'cache;desc=miss, store;desc="0 statements", app'
        assert f"<title>{title} · mysite</title>" in answer.text
    assert '<form class="writing" method="post" action="/users">' in site.get("/join").text
    assert 'action="/posts"' not in site.get("/write").text
    assert '<form class="writing" method="post" action="/posts">' in site.get("/write", **COOKIE).text
    assert reading.Page("/x", "", "join.html", lambda *arguments: None, None).media_types == (HTML,)


def test_where_a_form_is_for_whom_it_is(site: Site) -> None:
    """What one may do is on one's pages: no button of following oneself, no renaming of others."""
    own, others, nobodys = site.get("/users/4", **COOKIE), site.get("/users/5", **COOKIE), site.get("/users/5")
    assert ("/users/4/name" in own.text, "/follow" in own.text) == (True, False)
    assert ("/name" in others.text, 'action="/users/5/follow"' in others.text) == (False, True)
    assert ("/name" in nobodys.text, "/follow" in nobodys.text) == (False, False)
    assert ("/like" in site.get("/posts/50", **COOKIE).text, "/like" in site.get("/posts/50").text) == (True, False)


def test_a_store_that_cannot_be_read(tmp_path: Path) -> None:
    engine = relational.open_store(tmp_path / relational.FILE)
    site = Site(engine, 30)
    answer = site.get("/about", JSON)
    assert (answer.status_code, answer.headers["Content-Type"]) == (503, "application/problem+json")
    assert answer.json()["detail"].startswith("The store does not answer. It says: no such table: ")
    assert site.get("/join", Cookie="session=x").status_code == 503  # whose it is cannot be asked
    assert site.get("/join").status_code == 200  # nothing has to be asked
    assert site.get("/health").json() == {
        "status": "failed", "reason": "the store cannot be read: no such table: users"
    }  # fmt: skip
    engine.dispose()
