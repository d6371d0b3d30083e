"""Who asks: what a request shows, and whom the store knows by it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from mysite.stores import relational, relational_writes
from mysite.stores.relational import Neighbour
from mysite.web import sessions
from mysite.web.problems import Problem

TOKEN = "a-token.of~ada_1+/=="
REALM = 'Bearer realm="mysite"'


def request(*fields: tuple[str, str]) -> Request:
    headers = [(name.encode(), value.encode("latin-1")) for name, value in fields]
    return Request({"type": "http", "method": "GET", "path": "/", "headers": headers})


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    """A store with one user and the session of one token."""
    engine = relational.open_store(tmp_path / relational.FILE)
    with engine.begin() as connected:
        relational.metadata.create_all(connected)
        user = relational_writes.sign_up(connected, "ada", "Ada", "2026-11-24")
        relational_writes.open_session(connected, sessions.session_id(TOKEN), user, "2026-11-24T14:05", "phone")
        yield connected
    engine.dispose()


def test_tokens_are_long_and_never_the_same() -> None:
    tokens = {sessions.new_token() for _ in range(100)}
    assert len(tokens) == 100
    for token in tokens:
        assert len(token) == 43  # 256 bits, six in a character
        assert sessions.token_of(request(("authorization", f"Bearer {token}"))) == token
        assert sessions.token_of(request(("cookie", f"session={token}"))) == token


def test_the_store_knows_a_digest_of_the_token() -> None:
    # the example of FIPS 180-2, appendix B.1
    assert sessions.session_id("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert sessions.session_id("abx") != sessions.session_id("abc")


@pytest.mark.parametrize(
    ("fields", "token"),
    [
        ([], None),
        ([("authorization", f"Bearer {TOKEN}")], TOKEN),
        ([("authorization", f"bearer   {TOKEN}")], TOKEN),
        ([("authorization", "BEARER x")], "x"),
        ([("cookie", "session=abc")], "abc"),
        ([("cookie", "other=1; session=abc; more=2")], "abc"),
        ([("cookie", "other=1")], None),
        ([("cookie", "Session=abc")], None),
        ([("authorization", "Bearer x"), ("cookie", "session=y")], "x"),
    ],
)
def test_the_token_that_is_shown(fields: list[tuple[str, str]], token: str | None) -> None:
    assert sessions.token_of(request(*fields)) == token


@pytest.mark.parametrize(
    "fields",
    [
        ["Basic YTpi"],
        [""],
        ["Bearer"],
        ["Bearer "],
        ["Bearer\tx"],
        ["Bearer a b"],
        ["Bearer a=b"],
        ["Bearer é"],
        ["Bearer x,y"],
        ["Bearerx"],
        ["Bearer x "],
        ["Bearer x", "Bearer x"],
    ],
)
def test_a_field_authorization_without_a_token(fields: list[str]) -> None:
    """Refused also where a cookie stands beside it: who sends the field means it."""
    both = request(*(("authorization", field) for field in fields), ("cookie", "session=abc"))
    with pytest.raises(Problem) as caught:
        sessions.token_of(both)
    assert caught.value.status == 401
    assert caught.value.detail == "The field Authorization holds no token, as in: Bearer abc."
    assert caught.value.headers == {"WWW-Authenticate": REALM}


def test_the_user_of_a_session(connection: Connection) -> None:
    for field in (("authorization", f"Bearer {TOKEN}"), ("cookie", f'session="{TOKEN}"')):
        assert sessions.viewer(connection, request(field)) == Neighbour(1, "Ada")
    assert sessions.viewer(connection, request()) is None


def test_a_token_that_no_session_has(connection: Connection) -> None:
    """A program is told. A browser cannot know that the site was started anew, and goes on as nobody."""
    assert sessions.viewer(connection, request(("cookie", "session=stale"))) is None
    for token in ("stale", sessions.session_id(TOKEN)):  # what stands in the store opens nothing
        with pytest.raises(Problem) as caught:
            sessions.viewer(connection, request(("authorization", f"Bearer {token}"), ("cookie", f"session={TOKEN}")))
        assert caught.value.status == 401
        assert caught.value.detail == "No session has this token. Sign up to get one: POST /users."
        assert caught.value.headers == {"WWW-Authenticate": f'{REALM}, error="invalid_token"'}


def test_the_sessions_of_the_data_set_open_nothing(store: sqlalchemy.Engine) -> None:
    with store.connect() as connected:
        id = connected.scalar(sqlalchemy.select(relational.sessions.c.id).limit(1))
        assert id and sessions.viewer(connected, request(("cookie", f"session={id}"))) is None


@given(st.text(st.characters(max_codepoint=255), max_size=30))
def test_whatever_a_cookie_holds_it_is_no_error(value: str) -> None:
    token = sessions.token_of(request(("cookie", f"session={value}")))
    assert token is None or len(sessions.session_id(token)) == 64


def test_the_cookie() -> None:
    signed_in, signed_out = Response(), Response()
    sessions.give_cookie(signed_in, "abc")
    sessions.take_cookie(signed_out)
    # until the browser is closed
    assert signed_in.headers["set-cookie"] == "session=abc; HttpOnly; Path=/; SameSite=lax"
    assert signed_out.headers["set-cookie"].startswith('session=""; ')
    assert "HttpOnly; Max-Age=0; Path=/; SameSite=lax" in signed_out.headers["set-cookie"]
