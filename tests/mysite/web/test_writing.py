"""Changes on the running site, as a browser and as a program asks for them; what they change, and what they do not."""

import itertools
import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from markupsafe import escape

from mysite import topology
from mysite.stores import relational
from mysite.web import bodies, sessions

JSON = "application/json"
PROBLEM = "application/problem+json"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
VARY = "Accept, Authorization, Cookie, Accept-Encoding"
NASTY = "<xss a=\"b\" c='d'>&amp;{{ 7*7 }}</title>"
numbers = itertools.count(1)


@pytest.fixture(scope="module")
def site() -> Iterator[topology.OneServer]:
    """A site of this module's own, which keeps pages for longer than any test takes."""
    with topology.one_server(cache_seconds=3600) as running:
        yield running


def rows(site: topology.OneServer) -> dict[str, list[tuple[Any, ...]]]:
    """All that the database holds, read from its file."""
    path = site.web.directory / relational.FILE
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        return {
            table: connection.execute(f"select * from {table} order by 1, 2").fetchall()
            for table in relational.metadata.tables
        }


def new_rows(before: dict[str, list[Any]], after: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """The rows that were added; none may be gone."""
    assert all(set(before[table]) <= set(after[table]) for table in before)
    return {table: sorted(set(after[table]) - set(before[table])) for table in before if after[table] != before[table]}


class Client(httpx.Client):
    """A client that does not follow redirects; `id` is the user's who has signed up with it."""

    def __init__(self, site: topology.OneServer, accept: str) -> None:
        url = site.url("", host=site.address)
        super().__init__(base_url=url, headers={"Accept": accept}, trust_env=False, verify=False)  # there is no TLS
        self.id = 0
        self.handle = f"user_{next(numbers)}"

    def sign_up(self, name: str = "Ada") -> "Client":
        """Sign the client up: a program by JSON, a browser by a form."""
        fields = {"handle": self.handle, "name": name}
        if self.headers["Accept"] == JSON:
            answer = self.post("/users", json=fields)
            self.headers["Authorization"] = f"Bearer {answer.json()['token']}"
        else:
            answer = self.post("/users", data=fields)
        self.id = int(answer.headers["Location"].removeprefix("/users/"))
        return self


@pytest.fixture
def nobody(site: topology.OneServer) -> Iterator[Client]:
    """A program that has not signed up."""
    with Client(site, JSON) as client:
        yield client


@pytest.fixture
def program(site: topology.OneServer) -> Iterator[Client]:
    with Client(site, JSON) as client:
        yield client.sign_up()


@pytest.fixture
def other(site: topology.OneServer) -> Iterator[Client]:
    """Another user's program."""
    with Client(site, JSON) as client:
        yield client.sign_up("Ben")


@pytest.fixture
def visitor(site: topology.OneServer) -> Iterator[Client]:
    """A browser that has not signed up."""
    with Client(site, BROWSER) as client:
        yield client


@pytest.fixture
def browser(site: topology.OneServer) -> Iterator[Client]:
    with Client(site, BROWSER) as client:
        yield client.sign_up()


def problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    """The problem details that a program gets whose request is refused with this status."""
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, PROBLEM)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers.get_list("Vary") == [VARY]
    details: dict[str, Any] = answer.json()
    assert details["status"] == status
    return details


# Sign-up


def test_a_browser_signs_up(site: topology.OneServer, visitor: Client) -> None:
    before, begin = rows(site), datetime.now(UTC)
    answer = visitor.post("/users", data={"handle": visitor.handle, "name": " Ada L. "})
    end = datetime.now(UTC)
    assert (answer.status_code, answer.content) == (303, b"")
    token = answer.cookies["session"]
    assert answer.headers["Set-Cookie"] == f"session={token}; HttpOnly; Path=/; SameSite=lax"
    assert (answer.headers["Cache-Control"], answer.headers.get_list("Vary")) == ("no-store", [VARY])
    (id,) = map(int, re.findall(r"^/users/(\d+)$", answer.headers["Location"]))
    added = new_rows(before, rows(site))
    assert added.keys() == {"users", "sessions"}
    ((*user, joined),), ((session, of_user, started_at, client),) = added["users"], added["sessions"]
    assert user == [id, visitor.handle, "Ada L."]
    assert joined in (f"{begin:%Y-%m-%d}", f"{end:%Y-%m-%d}")
    assert (session, of_user, client) == (sessions.session_id(token), id, "browser")
    assert started_at in (f"{begin:%Y-%m-%dT%H:%M}", f"{end:%Y-%m-%dT%H:%M}")
    page = visitor.get(answer.headers["Location"])
    assert page.status_code == 200
    assert f'<a href="/users/{id}">Ada L.</a> <button>Sign out</button>' in page.text


def test_a_program_signs_up(site: topology.OneServer, nobody: Client) -> None:
    before = rows(site)
    answer = nobody.post("/users", json={"handle": nobody.handle, "name": "Ada"})
    assert (answer.status_code, answer.headers["Content-Type"]) == (201, JSON)
    assert "Set-Cookie" not in answer.headers
    session = answer.json()
    assert session.keys() == {"user", "token"}
    user = session["user"]
    assert answer.headers["Location"] == f"/users/{user['id']}"
    added = new_rows(before, rows(site))
    assert added["users"] == [(user["id"], nobody.handle, "Ada", user["joined"])]
    assert [(row[0], row[1], row[3]) for row in added["sessions"]] == [
        (sessions.session_id(session["token"]), user["id"], "phone")
    ]
    page = nobody.get(answer.headers["Location"], headers={"Authorization": f"Bearer {session['token']}"}).json()
    assert (page["user"], page["counts"]) == (user, {"posts": 0, "followers": 0, "followed": 0})


def test_a_token_is_nowhere_in_the_clear(site: topology.OneServer, program: Client, browser: Client) -> None:
    tokens = [program.headers["Authorization"].removeprefix("Bearer "), browser.cookies["session"]]
    files = [path.read_bytes() for path in site.web.directory.iterdir() if path.is_file()]
    for token in tokens:
        assert any(sessions.session_id(token).encode() in content for content in files)
        assert not any(token.encode() in content for content in files)


def test_a_handle_that_is_taken(site: topology.OneServer, program: Client, visitor: Client, nobody: Client) -> None:
    before = rows(site)
    fields = {"handle": program.handle, "name": NASTY}
    details = problem(nobody.post("/users", json=fields), 409)
    assert details["detail"] == f"The handle {program.handle} is taken."
    assert details["errors"] == [{"field": "handle", "message": "Somebody has it already: take another."}]
    page = visitor.post("/users", data=fields)
    assert (page.status_code, "Set-Cookie" in page.headers) == (409, False)
    assert f'name="handle" value="{program.handle}"' in page.text
    assert f'name="name" value="{escape(NASTY)}"' in page.text  # what was typed is still there
    assert "Somebody has it already: take another." in page.text and 'role="alert"' in page.text
    assert rows(site) == before


def test_a_form_that_does_not_fit_is_shown_again(site: topology.OneServer, visitor: Client) -> None:
    before = rows(site)
    page = visitor.post("/users", data={"handle": NASTY, "name": "\u200b"})
    assert (page.status_code, page.headers["Content-Type"]) == (422, "text/html; charset=utf-8")
    assert "<title>Sign up · mysite</title>" in page.text and "<xss" not in page.text
    assert f'name="handle" value="{escape(NASTY)}"' in page.text and 'name="name" value="\u200b"' in page.text
    assert page.text.count('aria-invalid="true"') == 2
    for hint in (bodies.HINTS["handle"], bodies.HINTS["name"]):
        assert f'class="wrong">{hint}</span>' in page.text
    assert rows(site) == before


# Sessions


@pytest.mark.parametrize(
    ("method", "path", "fields"),
    [
        ("POST", "/posts", {"text": "x"}),
        ("PUT", "/users/1/name", {"name": "x"}),
        ("POST", "/users/1/name", {"name": "x"}),
        ("PUT", "/users/1/follow", None),
        ("DELETE", "/users/1/follow", None),
        ("POST", "/users/1/follow", {"state": "on"}),
        ("PUT", "/posts/1/like", None),
        ("DELETE", "/posts/1/like", None),
        ("POST", "/posts/1/like", {"state": "off"}),
    ],
)
def test_a_change_takes_a_session(
    site: topology.OneServer, nobody: Client, visitor: Client, method: str, path: str, fields: dict[str, str] | None
) -> None:
    before = rows(site)
    answer = nobody.request(method, path, json=fields)
    assert "Sign up to get one: in a browser at /join, in a program with POST /users." in problem(answer, 401)["detail"]
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="mysite"'
    wrong = nobody.request(method, path, json=fields, headers={"Authorization": "Bearer wrong"})
    assert problem(wrong, 401)["detail"] == "No session has this token. Sign up to get one: POST /users."
    assert wrong.headers["WWW-Authenticate"] == 'Bearer realm="mysite", error="invalid_token"'
    visitor.cookies["session"] = "stale"
    page = visitor.request(method, path, data=fields)
    assert page.status_code == 401
    assert '<a href="/join">To the sign-up</a>' in page.text
    assert rows(site) == before


def test_a_token_is_asked_for_before_the_body_is_looked_at(nobody: Client) -> None:
    assert nobody.post("/posts", content=b"{").status_code == 401


def test_a_stale_cookie_may_read_and_sign_up_anew(visitor: Client) -> None:
    visitor.cookies["session"] = "stale"
    page = visitor.get("/about")
    assert (page.status_code, page.headers["Cache-Control"]) == (200, "public, max-age=10")
    assert '<a href="/join">Sign up</a>' in page.text
    assert visitor.post("/users", data={"handle": visitor.handle, "name": "Ada"}).status_code == 303


def test_a_sign_out_ends_only_that_session(site: topology.OneServer, browser: Client, visitor: Client) -> None:
    token = browser.cookies["session"]
    other_tab = httpx.Client(base_url=browser.base_url, cookies={"session": token}, trust_env=False)
    second = visitor.sign_up("Ben")
    before = rows(site)
    answer = browser.post("/sign-out")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert answer.headers["Set-Cookie"].startswith('session=""; ') and "Max-Age=0" in answer.headers["Set-Cookie"]
    after = rows(site)
    gone = {table: set(before[table]) - set(after[table]) for table in before if before[table] != after[table]}
    assert gone.keys() == {"sessions"}
    assert [row[0] for row in gone["sessions"]] == [sessions.session_id(token)]
    assert browser.cookies.get("session") is None
    assert "Sign out" not in other_tab.get(f"/users/{browser.id}").text  # the token opens nothing any more
    assert "Sign out" in second.get("/").text
    other_tab.close()


def test_a_program_signs_out(program: Client, other: Client) -> None:
    answer = program.post("/sign-out", headers={"Content-Type": JSON})
    assert (answer.status_code, answer.content) == (204, b"")
    assert "Set-Cookie" not in answer.headers
    assert problem(program.get("/about"), 401)
    assert other.get("/about").status_code == 200


def test_who_has_no_session_may_sign_out(site: topology.OneServer, visitor: Client) -> None:
    before = rows(site)
    assert visitor.post("/sign-out").status_code == 303
    assert rows(site) == before


# Posts, names, follows, likes


def test_a_post_by_a_form_and_by_json(site: topology.OneServer, browser: Client, program: Client) -> None:
    for client, name in ((browser, "form"), (program, "json")):
        before, begin = rows(site), datetime.now(UTC)
        text = f"{NASTY} {name} 日本語 😀"
        answer = client.post("/posts", **{"data" if name == "form" else "json": {"text": text}})  # type: ignore[arg-type]
        moments = {f"{moment:%Y-%m-%dT%H:%M}" for moment in (begin, datetime.now(UTC))}
        ((id, author, posted_at, likes, written),) = new_rows(before, rows(site))["posts"]
        assert (author, likes, written) == (client.id, 0, text)
        assert posted_at in moments
        assert answer.headers["Location"] == f"/posts/{id}"
        if client is browser:
            assert (answer.status_code, answer.content) == (303, b"")
        else:
            assert answer.status_code == 201
            expected = {"id": id, "author_id": author, "author_name": "Ada", "posted_at": posted_at, "likes": 0}
            assert answer.json() == {**expected, "text": text}
            assert client.get(f"/posts/{id}").json()["post"] == answer.json()


@pytest.mark.parametrize("length", [1, 280])
def test_a_post_of_the_greatest_length(program: Client, length: int) -> None:
    answer = program.post("/posts", json={"text": "😀" * length})
    assert answer.json()["text"] == "😀" * length
    assert problem(program.post("/posts", json={"text": "😀" * 281}), 422)["errors"][0]["field"] == "text"


def test_a_rename_of_oneself(site: topology.OneServer, program: Client, browser: Client) -> None:
    for _ in range(2):
        answer = program.put(f"/users/{program.id}/name", json={"name": "Ada King"})
        assert answer.status_code == 200
        assert answer.json() == program.get(f"/users/{program.id}").json()["user"]
        assert answer.json()["name"] == "Ada King"
    answer = browser.post(f"/users/{browser.id}/name", data={"name": "Ada B."})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/users/{browser.id}")
    names = {row[0]: row[2] for row in rows(site)["users"]}
    assert (names[program.id], names[browser.id], names[1]) == ("Ada King", "Ada B.", "Gentle Spruce")


@pytest.mark.parametrize("id", ["0", "01", "999999999", "9999999999", "x", "-1", "1.0", "%31%20"])
def test_what_is_done_to_nobody_and_nothing(site: topology.OneServer, program: Client, id: str) -> None:
    before = rows(site)
    for method, path, fields in (
        ("PUT", f"/users/{id}/name", {"name": "x"}),
        ("PUT", f"/users/{id}/follow", None),
        ("DELETE", f"/users/{id}/follow", None),
        ("POST", f"/users/{id}/follow", {"state": "on"}),
        ("PUT", f"/posts/{id}/like", None),
        ("DELETE", f"/posts/{id}/like", None),
        ("POST", f"/posts/{id}/like", {"state": "on"}),
    ):
        details = problem(program.request(method, path, json=fields), 404)
        assert details["detail"] == f"There is no {path.split('/')[1][:-1]} {id.replace('%31%20', '1 ')}."
    assert rows(site) == before


def test_nobody_renames_another(site: topology.OneServer, program: Client, browser: Client) -> None:
    before = rows(site)
    for method in ("PUT", "POST"):
        details = problem(program.request(method, "/users/1/name", json={"name": "x"}), 403)
        assert details["detail"] == "Everybody renames themselves only."
    page = browser.post("/users/1/name", data={"name": "x"})
    assert page.status_code == 403 and "<h1>Not allowed</h1>" in page.text
    assert rows(site) == before


def test_a_name_that_does_not_fit_is_shown_again(site: topology.OneServer, browser: Client) -> None:
    before = rows(site)
    page = browser.post(f"/users/{browser.id}/name", data={"name": "<i>" * 21})
    assert page.status_code == 422
    assert f'action="/users/{browser.id}/name"' in page.text
    assert f'value="{escape("<i>" * 21)}"' in page.text and "<i>" not in page.text
    assert "It has more than 60 characters: make it shorter." in page.text
    assert rows(site) == before


def test_following_twice_changes_nothing_more(site: topology.OneServer, program: Client) -> None:
    before = rows(site)
    path = f"/users/{program.id}"
    for method, follows in (("DELETE", []), ("PUT", [(program.id, 4)]), ("PUT", [(program.id, 4)])):
        answer = program.request(method, "/users/4/follow")
        assert (answer.status_code, answer.content) == (204, b"")
        assert new_rows(before, rows(site)) == ({"follows": follows} if follows else {})
        assert program.get("/users/4").json()["you_follow"] is bool(follows)
        assert [user["id"] for user in program.get(path).json()["follows"]] == [user[1] for user in follows]
    for _ in range(2):
        assert program.delete("/users/4/follow").status_code == 204
        assert rows(site) == before


def test_nobody_follows_themselves(site: topology.OneServer, program: Client, browser: Client) -> None:
    before = rows(site)
    assert problem(program.put(f"/users/{program.id}/follow"), 403)["detail"] == "Nobody follows themselves."
    assert problem(program.post(f"/users/{program.id}/follow", json={"state": "on"}), 403)
    assert browser.post(f"/users/{browser.id}/follow", data={"state": "on"}).status_code == 403
    assert program.delete(f"/users/{program.id}/follow").status_code == 204  # it is so already
    assert rows(site) == before


def test_a_like_is_counted_once(site: topology.OneServer, program: Client, other: Client) -> None:
    before = rows(site)
    likes = program.get("/posts/60").json()["post"]["likes"]
    steps = [
        (program, "PUT", 1), (program, "PUT", 1), (other, "PUT", 2), (program, "DELETE", 1), (program, "DELETE", 1),
        (other, "PUT", 1), (other, "DELETE", 0),
    ]  # fmt: skip
    for client, method, more in steps:
        answer = client.request(method, "/posts/60/like")
        assert (answer.status_code, answer.content) == (204, b"")
        page = client.get("/posts/60").json()
        assert (page["post"]["likes"], page["you_like"]) == (likes + more, method == "PUT")
        assert len(rows(site)["likes"]) - len(before["likes"]) == more
    assert rows(site) == before


def test_the_buttons_of_the_pages(site: topology.OneServer, browser: Client) -> None:
    """What the button sends is what it says, and afterwards it says the opposite."""
    before = rows(site)
    for page, action in (("/users/4", "follow"), ("/posts/70", "like")):
        for state, opposite in (("on", "off"), ("off", "on")):
            assert f'action="{page}/{action}">\n<button name="state" value="{state}">' in browser.get(page).text
            for _ in range(2):
                answer = browser.post(f"{page}/{action}", data={"state": state})
                assert (answer.status_code, answer.headers["Location"]) == (303, page)
            assert f'<button name="state" value="{opposite}">' in browser.get(page).text
            assert (rows(site) == before) is (state == "off")


def test_a_button_that_says_something_else(site: topology.OneServer, browser: Client, program: Client) -> None:
    before = rows(site)
    assert browser.post("/posts/70/like", data={"state": "<xss>"}).status_code == 422
    details = problem(program.post("/posts/70/like", json={"state": "maybe"}), 422)
    assert details["errors"] == [{"field": "state", "message": "Send on or off."}]
    assert rows(site) == before


# Who may ask, and in which representation the answer comes


@pytest.mark.parametrize(
    "fields", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "http://evil.example"},
               {"Origin": "null"}, {"Origin": "http://["}],
)  # fmt: skip
def test_another_sites_page_changes_nothing(
    site: topology.OneServer, browser: Client, program: Client, fields: dict[str, str]
) -> None:
    before = rows(site)
    page = browser.post("/posts", data={"text": "x"}, headers=fields)
    assert page.status_code == 403 and "A page of another site has asked for this change." in page.text
    for method, path in (("PUT", "/users/4/follow"), ("DELETE", "/users/4/follow"), ("POST", "/sign-out")):
        problem(program.request(method, path, headers=fields), 403)
    assert rows(site) == before
    assert browser.get("/about", headers=fields).status_code == 200  # a link from anywhere may be followed


def test_the_own_pages_may_ask(site: topology.OneServer, browser: Client) -> None:
    for fields in ({"Sec-Fetch-Site": "same-origin"}, {"Origin": site.url("", host=site.address)}):
        assert browser.post("/posts/70/like", data={"state": "off"}, headers=fields).status_code == 303


def test_none_is_welcome(site: topology.OneServer, program: Client) -> None:
    before = rows(site)
    for method, path in (("POST", "/posts"), ("PUT", "/users/4/follow")):
        problem(program.request(method, path, json={"text": "x"}, headers={"Accept": "image/png"}), 406)
    assert rows(site) == before


def test_without_a_preference_each_gets_what_it_speaks(program: Client) -> None:
    program.headers["Accept"] = "*/*"
    assert program.post("/posts", json={"text": "x"}).status_code == 201
    assert program.put("/posts/1/like").status_code == 204
    assert problem(program.post("/posts", json={}), 422)
    assert problem(program.delete("/posts/0/like"), 404)
    assert program.post("/posts", data={"text": "x"}).status_code == 303
    assert program.post("/posts", data={}).headers["Content-Type"] == "text/html; charset=utf-8"


def test_a_body_that_cannot_be_read_changes_nothing(site: topology.OneServer, program: Client) -> None:
    before = rows(site)
    for content, kind, status in (
        (b"{", JSON, 400),
        (b'{"text": "a", "text": "b"}', JSON, 400),
        (b"text=a&text=b", bodies.FORM, 400),
        (b"text=x", "text/plain", 415),
        (b"text=x", "multipart/form-data; boundary=x", 415),
        (b'{"text": 1}', JSON, 422),
    ):
        answer = program.post("/posts", content=content, headers={"Content-Type": kind})
        assert problem(answer, status)
    answer = program.post("/posts", content=b"x", headers={"Content-Type": "text/plain"})
    assert answer.headers["Accept"] == f"{JSON}, {bodies.FORM}"
    assert rows(site) == before


def test_a_body_that_is_too_large_changes_nothing(site: topology.OneServer, program: Client) -> None:
    before = rows(site)
    body = b'{"text": "' + b"x" * 70_000 + b'"}'
    in_parts = program.post("/posts", content=iter([body]), headers={"Content-Type": JSON})
    assert problem(in_parts, 413)["detail"] == "The body of a request has at most 65,536 bytes."
    at_once = program.post("/posts", content=body, headers={"Content-Type": JSON})
    assert at_once.status_code == 413  # refused for its length, before the application is asked
    assert rows(site) == before


# What others see of it


def test_a_change_is_on_the_next_page_that_is_read(nobody: Client, visitor: Client, program: Client) -> None:
    """The pages are kept for an hour, and the change clears them all, in both representations."""
    me = f"/users/{program.id}"

    def accounts(path: str) -> list[str]:
        return [client.get(path).headers["Server-Timing"].partition(",")[0] for client in (nobody, visitor)]

    paths = ["/", "/about", "/people", me, "/users/4", "/posts/80"]
    kept_before = nobody.get("/posts/80").json()["post"]["likes"], nobody.get("/users/4").json()["counts"]["followers"]
    for path in paths:
        accounts(path)
        assert accounts(path) == ["cache;desc=hit"] * 2
    program.put("/posts/80/like")
    program.put("/users/4/follow")
    program.put(f"{me}/name", json={"name": "Another Name"})
    post = program.post("/posts", json={"text": "It is new."}).json()
    for path in paths:
        assert accounts(path) == ["cache;desc=miss"] * 2
    assert nobody.get("/").json()["posts"][0] == post
    assert "It is new." in visitor.get("/").text
    assert nobody.get(me).json()["user"]["name"] == "Another Name"
    assert "<h1>Another Name</h1>" in visitor.get(me).text
    likes, followers = kept_before
    assert nobody.get("/posts/80").json()["post"]["likes"] == likes + 1
    assert nobody.get("/users/4").json()["counts"]["followers"] == followers + 1


def test_a_refused_change_leaves_the_pages_where_they_are(nobody: Client, program: Client) -> None:
    nobody.get("/about")
    program.put("/users/0/follow")
    program.post("/posts", json={})
    assert nobody.get("/about").headers["Server-Timing"] == "cache;desc=hit"


def test_whatever_is_typed_is_text_on_every_page(site: topology.OneServer, browser: Client, visitor: Client) -> None:
    """A name and a post that are HTML, on the pages that show them, to their author and to everybody."""
    typed = NASTY
    browser.post(f"/users/{browser.id}/name", data={"name": typed})
    address = browser.post("/posts", data={"text": f"{typed} text"}).headers["Location"]
    everybody = rows(site)["users"]
    place = sorted((row[2], row[0]) for row in everybody).index((typed, browser.id))
    list_page = f"/people?page={place // 50 + 1}"
    browser.put("/users/1/follow", headers={"Accept": JSON})
    for client in (browser, visitor):
        for path in ("/", f"/users/{browser.id}", address, list_page, f"/popular/{datetime.now(UTC):%Y-%m}"):
            page = client.get(path)
            assert page.status_code == 200
            assert str(escape(typed)) in page.text, path
            assert "<xss" not in page.text
            assert page.text.count("</title>") == 1
            # as data it is what it was
            data = client.get(path, headers={"Accept": JSON}).content.decode()
            assert json.dumps(typed)[:-1] in data


@pytest.mark.parametrize("path", ["/<xss>", "/users/<xss>", "/posts/<xss>", "/popular/<xss>", "/static/<xss>"])
def test_an_address_that_is_none_is_text(visitor: Client, nobody: Client, path: str) -> None:
    page = visitor.get(path)
    assert page.status_code == 404
    assert f"<p>There is nothing at {escape(path)}. <a" in page.text and "<xss>" not in page.text
    assert problem(nobody.get(path), 404)["detail"] == f"There is nothing at {path}."


def test_an_address_that_is_none_is_text_also_for_a_change(browser: Client) -> None:
    page = browser.post("/users/<xss>/follow", data={"state": "on"})
    assert page.status_code == 404
    assert "<p>There is no user &lt;xss&gt;. <a" in page.text and "<xss>" not in page.text


def test_the_log_says_nothing(site: topology.OneServer) -> None:
    assert (site.web.directory / "server.log").read_text() == ""
