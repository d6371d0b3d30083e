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
class Asking:
    """The id of the one user, once it is known."""

    user_id: int | None = None


asking = Asking()


def signed_up(base_url: str) -> dict[str, Any]:
    """A new user with the token of the session, as the site says it."""
    body = json.dumps({"handle": f"s{_run}_{next(_numbers)}", "name": "Schemathesis"}).encode()
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    asked = urllib.request.Request(f"{base_url.rstrip('/')}/users", body, headers)
    with urllib.request.urlopen(asked, timeout=10) as answer:
        made: dict[str, Any] = json.load(answer)
    return made


class Session:
    """A session of the one user's."""

    def get(self, case: Any, context: Any) -> str:
        made = signed_up(context.operation.base_url)
        asking.user_id = made["user"]["id"]
        return str(made["token"])

    def set(self, case: Any, token: str, context: Any) -> None:
        case.headers["Authorization"] = f"Bearer {token}"


class NewSession(Session):
    """A session of somebody else's, to be ended."""

    def get(self, case: Any, context: Any) -> str:
        return str(signed_up(context.operation.base_url)["token"])


schemathesis.auth(refresh_interval=None).apply_to(path=SIGN_OUT)(NewSession)
schemathesis.auth(refresh_interval=24 * 3600).skip_for(path=SIGN_OUT)(Session)


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:
    """Let every other number in the address of a name be the one user's own: all others are refused with 403."""
    if case.operation.path == RENAMING and asking.user_id is not None:
        number = case.path_parameters.get("id")
        if isinstance(number, int) and number > 0 and number % 2:
            case.path_parameters["id"] = asking.user_id
