"""What schemathesis cannot know of the site: how one gets a session, and whose name one may change.

It is loaded by schemathesis, in its own process: see `description`. One user asks for everything, but for the end of
a session: that ends the session which it shows, so each time a new user asks for it.
"""

import itertools
import json
import secrets
import urllib.request
from dataclasses import dataclass
from typing import Any

import schemathesis

SIGN_OUT = "/sign-out"
RENAMING = "/users/{id}/name"
_run = secrets.token_hex(4)  # there may have been another run at this site
_numbers = itertools.count(1)


@dataclass
class OneUser:
    """The user in whose name the requests are made; the id is None until the user has signed up."""

    id: int | None = None


one_user = OneUser()


def sign_up(base_url: str) -> dict[str, Any]:
    """Sign up a new user, and return what the site answers: the user and the token of the session."""
    body = json.dumps({"handle": f"s{_run}_{next(_numbers)}", "name": "Schemathesis"}).encode()
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    request = urllib.request.Request(f"{base_url.rstrip('/')}/users", body, headers)
    with urllib.request.urlopen(request, timeout=10) as response:
        answer: dict[str, Any] = json.load(response)
    return answer


class Session:
    """How schemathesis gets a session of the one user, and shows it."""

    def get(self, case: Any, context: Any) -> str:
        session = sign_up(context.operation.base_url)
        one_user.id = session["user"]["id"]
        return str(session["token"])

    def set(self, case: Any, token: str, context: Any) -> None:
        case.headers["Authorization"] = f"Bearer {token}"


class NewSession(Session):
    """How it gets a session of a new user, which may be ended."""

    def get(self, case: Any, context: Any) -> str:
        return str(sign_up(context.operation.base_url)["token"])


schemathesis.auth(refresh_interval=None).apply_to(path=SIGN_OUT)(NewSession)
schemathesis.auth(refresh_interval=24 * 3600).skip_for(path=SIGN_OUT)(Session)


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:
    """Put the one user's own id where the address of a name has an odd number: 403 refuses every other id."""
    if case.operation.path == RENAMING and one_user.id is not None:
        number = case.path_parameters.get("id")
        if isinstance(number, int) and number > 0 and number % 2:
            case.path_parameters["id"] = one_user.id
