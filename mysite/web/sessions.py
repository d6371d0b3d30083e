"""Who asks: the session that a sign-up gave, as a cookie of a browser or a Bearer token of a phone.

There are no passwords: whoever signs up gets a token, and whoever has the token is that user. The store keeps a
digest of it, so that a copy of the database is no list of keys (RFC 6750, section 5.1, on stolen tokens).
"""

import hashlib
import re
import secrets

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from mysite.stores import relational_writes
from mysite.stores.relational import Neighbour
from mysite.web.problems import Problem

COOKIE = "session"
BEARER = re.compile(r"bearer +([A-Za-z0-9\-._~+/]+=*)", re.IGNORECASE)  # RFC 6750, section 2.1
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="mysite"'}


def new_token() -> str:
    """A token that nobody guesses: 256 random bits."""
    return secrets.token_urlsafe(32)


def session_id(token: str) -> str:
    """The id under which the store knows the session of a token: its SHA-256, in hexadecimal digits."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()


def token_of(request: Request) -> str | None:
    """The token that a request shows, None where it shows none. The field Authorization comes before the cookie.

    Problem 401 for an Authorization that holds no Bearer token.
    """
    fields = request.headers.getlist("authorization")
    if not fields:
        return request.cookies.get(COOKIE)
    match = BEARER.fullmatch(fields[0]) if len(fields) == 1 else None
    if match is None:
        raise Problem(401, "The field Authorization holds no token, as in: Bearer abc.", headers=CHALLENGE)
    return match[1]


def viewer(connection: Connection, request: Request) -> Neighbour | None:
    """The user of the request's session, None for who has none.

    Problem 401 for a Bearer token that no session has. A cookie that none has is passed over: the browser
    cannot know that the site was started anew, and may read what everybody may.
    """
    token = token_of(request)
    if token is None:
        return None
    user = relational_writes.user_of_session(connection, session_id(token))
    if user is None and "authorization" in request.headers:
        challenge = {"WWW-Authenticate": f'{CHALLENGE["WWW-Authenticate"]}, error="invalid_token"'}
        raise Problem(401, "No session has this token. Sign up to get one: POST /users.", headers=challenge)
    return user


def give_cookie(response: Response, token: str) -> None:
    """Let the browser show the token from now on, until it is closed, to this site alone and to no script."""
    response.set_cookie(COOKIE, token, path="/", httponly=True, samesite="lax")


def take_cookie(response: Response) -> None:
    """Let the browser forget the token."""
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax")
