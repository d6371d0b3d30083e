"""The mobile client: the application on a phone, which speaks HTTP and reads JSON, and draws its own screens.

It keeps each answer with its entity tag, and asks whether that still holds before it takes it again. Names are
looked up by the resolver that it is given, and never by the system's.
"""

import ipaddress
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import httpx

from mysite.names.resolver import StubResolver

JSON = "application/json"
TIMEOUT_S = 10.0


class RefusedError(Exception):
    """An answer that is no success: its status, the site's sentence, and its message for each field by name."""

    def __init__(self, status: int, detail: str, errors: dict[str, str]) -> None:
        sentences = " ".join(f"{field}: {message}" for field, message in errors.items())
        super().__init__(f"{status}: {sentences or detail}")
        self.status = status
        self.detail = detail
        self.errors = errors


@dataclass(frozen=True)
class KeptState:
    """The state that the site sent last for an address, and its entity tag."""

    etag: str
    state: Any


class Phone:
    """One phone, with one connection to the site at `host` and `port`, and at most one session.

    As a context manager it closes its connection at the end. `revalidated` counts the answers that were 304.
    """

    def __init__(self, resolver: StubResolver, port: int, host: str = "api.mysite.com") -> None:
        self._client = httpx.Client(
            base_url=f"http://{_address(resolver, host)}:{port}",
            headers={"Host": f"{host}:{port}", "Accept": JSON, "User-Agent": "mysite-phone"},
            timeout=TIMEOUT_S,
            trust_env=False,
        )
        self._states: dict[str, KeptState] = {}
        self.revalidated = 0
        self.user_id: int | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def read(self, path: str) -> Any:
        """The state at an address, such as "/" or "/users/4", as JSON has it. RefusedError where there is none."""
        last = self._states.get(path)
        response = self._client.get(path, headers={"If-None-Match": last.etag} if last else {})
        if last and response.status_code == httpx.codes.NOT_MODIFIED:
            self.revalidated += 1
            return last.state
        state = _state(response)
        self._states[path] = KeptState(response.headers["ETag"], state)
        return state

    def sign_up(self, handle: str, name: str) -> dict[str, Any]:
        """Sign up, and get the new user. From now on the phone shows its token. RefusedError: taken, or malformed."""
        answer = _state(self._client.post("/users", json={"handle": handle, "name": name}))
        self._client.headers["Authorization"] = f"Bearer {answer['token']}"
        self._forget()
        self.user_id = answer["user"]["id"]
        user: dict[str, Any] = answer["user"]
        return user

    def sign_out(self) -> None:
        """End the session; the token is worth nothing any longer."""
        _state(self._client.post("/sign-out"))
        self._client.headers.pop("Authorization", None)
        self._forget()
        self.user_id = None

    def post(self, text: str) -> dict[str, Any]:
        """Write a post, and get it back. RefusedError without a session, or for a text that does not fit."""
        post: dict[str, Any] = _state(self._client.post("/posts", json={"text": text}))
        return post

    def rename(self, name: str) -> dict[str, Any]:
        """Take another name, and get the user back. ValueError without a session."""
        if self.user_id is None:
            raise ValueError("Sign up first: nobody else can be renamed.")
        user: dict[str, Any] = _state(self._client.put(f"/users/{self.user_id}/name", json={"name": name}))
        return user

    def follow(self, user_id: int) -> None:
        """Follow a user; again: nothing changes."""
        _state(self._client.put(f"/users/{user_id}/follow"))

    def unfollow(self, user_id: int) -> None:
        """Follow a user no longer; again: nothing changes."""
        _state(self._client.delete(f"/users/{user_id}/follow"))

    def like(self, post_id: int) -> None:
        """Like a post; again: nothing changes."""
        _state(self._client.put(f"/posts/{post_id}/like"))

    def unlike(self, post_id: int) -> None:
        """Like a post no longer; again: nothing changes."""
        _state(self._client.delete(f"/posts/{post_id}/like"))

    def _forget(self) -> None:
        """Forget all states: those of one session are not another's."""
        self._states.clear()


def _address(resolver: StubResolver, host: str) -> str:
    """The address of a host; one that is an address already is not looked up. ValueError for a name without one."""
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        addresses = resolver.resolve(host).addresses
    if not addresses:
        raise ValueError(f"{host} exists and has no address")
    return addresses[0]


def _state(response: httpx.Response) -> Any:
    """The JSON of an answer, None where it has no body. RefusedError for what is no success."""
    if response.is_success:
        return response.json() if response.content else None
    try:
        problem = response.json()
        errors = {error["field"]: error["message"] for error in problem["errors"]}
        raise RefusedError(response.status_code, problem["detail"], errors)
    except (ValueError, KeyError, TypeError):
        raise RefusedError(response.status_code, response.text[:200], {}) from None
