"""How something is changed: who asks, from where, with which body; and what a browser and a program get for it.

A browser's form is answered with 303 and the page to read next, so that going back sends nothing twice. A program
gets the new state, or 204 and nothing. PUT and DELETE may be repeated (RFC 9110, section 9.2.2): the second time
nothing changes. A form can only POST, so each of them has a POST beside it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from mysite.stores import relational, relational_writes
from mysite.stores.relational import Neighbour, Post
from mysite.stores.relational_writes import HandleTakenError
from mysite.web import bodies, pages, representations, sessions
from mysite.web.bodies import AnyBody, Body, NewName, NewPost, Nothing, SignUp, Switch
from mysite.web.negotiation import HTML, JSON
from mysite.web.pages import Member
from mysite.web.problems import FieldProblem, Problem
from mysite.web.reading import viewer_of
from mysite.web.same_site import require_same_site
from mysite.web.site import Site, site_of

NO_SESSION = "This takes a session. Sign up to get one: in a browser at /join, in a program with POST /users."


@dataclass(frozen=True)
class SignedUp:
    """A new user, and the token of the session: it is said once, and kept by nobody but the client."""

    user: Member
    token: str


@dataclass(frozen=True)
class Outcome:
    """The outcome of a change.

    location      where the changed state can be read
    state         the new state, None where there is none to say
    token         of a new session, for the browser's cookie
    ends_session  whether the browser's cookie is taken away
    """

    location: str
    state: Any = None
    token: str | None = None
    ends_session: bool = False


@dataclass(frozen=True)
class ChangeRequest(Generic[AnyBody]):
    """A request for a change, in the transaction in which it is made.

    viewer      who asks, None without a session
    id          the parameter of the address, as text; "" where it has none
    token       of the session, which the request shows
    is_browser  whether it is answered with another page
    """

    site: Site
    connection: Connection
    viewer: Neighbour | None
    body: AnyBody
    id: str
    token: str | None
    is_browser: bool

    @property
    def viewer_id(self) -> int:
        """The id of the user who asks; for a change that takes a session."""
        assert self.viewer
        return self.viewer.id


@dataclass(frozen=True)
class Change:
    """A change that can be asked for at an address.

    method, path   where; summary says in a few words what
    act            makes it
    body           what is sent along, None for nothing
    gives          the type of the new state that a program gets with `status`; None: nothing is said
    open_to_all    whether it takes no session
    form           the template that shows the form again where its body is refused
    refuses        the statuses with which `act` itself declines
    """

    method: str
    path: str
    summary: str
    act: Callable[[ChangeRequest[Any]], Outcome]
    body: type[Body] | None
    status: int = 204
    gives: type[Any] | None = None
    open_to_all: bool = False
    form: str | None = None
    refuses: tuple[int, ...] = ()


async def write(change: Change, request: Request) -> Response:
    """Answer a request for a change. Problem where it is refused; then nothing has changed."""
    site = site_of(request)
    require_same_site(request)
    from_program = representations.is_of_a_program(request)
    media_type = representations.welcome_media_type(request, (JSON, HTML) if from_program else (HTML, JSON))
    viewer = viewer_of(site, request)
    if viewer is None and not change.open_to_all:
        raise Problem(401, NO_SESSION, headers=sessions.CHALLENGE)
    body = await bodies.read(request, change.body, change.form) if change.body else Nothing()
    identity = request.path_params.get("id", "")

    def make() -> Outcome:
        with site.store.begin() as connection:
            token, is_browser = sessions.token_of(request), media_type == HTML
            return change.act(ChangeRequest(site, connection, viewer, body, identity, token, is_browser))

    try:
        outcome = make()
    except IntegrityError:  # another process has made the same row since this one looked: now it is seen
        outcome = make()
    if site.cache is not None:
        site.cache.clear()  # any page may show what has changed
    return response_to(change, outcome, media_type)


def response_to(change: Change, outcome: Outcome, media_type: str) -> Response:
    """The response to a change that was made: the next page for a browser, the new state for a program."""
    headers = {"Vary": representations.VARY, "Cache-Control": "no-store"}
    if media_type == HTML:
        response: Response = RedirectResponse(outcome.location, 303, headers)
        if outcome.token:
            sessions.give_cookie(response, outcome.token)
        if outcome.ends_session:
            sessions.take_cookie(response)
        return response
    if change.status == 201:
        headers["Location"] = outcome.location
    if change.gives is None:
        return Response(status_code=change.status, headers=headers)
    return Response(representations.as_json(outcome.state), change.status, {**headers, "Content-Type": JSON})


def sign_up(request: ChangeRequest[SignUp]) -> Outcome:
    """Make a new user with a session."""
    body, site, connection = request.body, request.site, request.connection
    today = site.day()
    try:
        user_id = relational_writes.sign_up(connection, body.handle, body.name, today)
    except HandleTakenError:
        errors = [FieldProblem("handle", "Somebody has it already: take another.")]
        entries = {"handle": body.handle, "name": body.name}
        raise Problem(409, f"The handle {body.handle} is taken.", errors, form="join.html", entries=entries) from None
    token, client = sessions.new_token(), "browser" if request.is_browser else "phone"
    relational_writes.open_session(connection, sessions.session_id(token), user_id, site.moment(), client)
    member = Member(user_id, body.handle, body.name, today)
    return Outcome(f"/users/{user_id}", SignedUp(member, token), token=token)


def sign_out(request: ChangeRequest[Nothing]) -> Outcome:
    """End the session; no other of the user's."""
    if request.token:
        relational_writes.close_session(request.connection, sessions.session_id(request.token))
    return Outcome("/", ends_session=True)


def rename(request: ChangeRequest[NewName]) -> Outcome:
    """Give the viewer another name. Problem 403 for another user."""
    member = member_at(request)
    if member.id != request.viewer_id:
        raise Problem(403, "Everybody renames themselves only.")
    relational_writes.rename(request.connection, member.id, request.body.name)
    return Outcome(f"/users/{member.id}", Member(member.id, member.handle, request.body.name, member.joined))


def add_post(request: ChangeRequest[NewPost]) -> Outcome:
    """Add a post of the viewer's."""
    moment = request.site.moment()
    post_id = relational_writes.add_post(request.connection, request.viewer_id, request.body.text, moment)
    return Outcome(f"/posts/{post_id}", relational.post(request.connection, post_id))


def follow(request: ChangeRequest[Any]) -> Outcome:
    """Let the viewer follow a user. Problem 403 for the viewer's own address."""
    member = member_at(request)
    if member.id == request.viewer_id:
        # the body is not at fault, and there may be none: so not 422 (RFC 9110, sections 15.5.4 and 15.5.21)
        raise Problem(403, "Nobody follows themselves.")
    relational_writes.follow(request.connection, request.viewer_id, member.id)
    return Outcome(f"/users/{member.id}")


def unfollow(request: ChangeRequest[Any]) -> Outcome:
    """Let the viewer follow a user no longer."""
    member = member_at(request)
    relational_writes.unfollow(request.connection, request.viewer_id, member.id)
    return Outcome(f"/users/{member.id}")


def switch_follow(request: ChangeRequest[Switch]) -> Outcome:
    """Follow or unfollow, by the state of the page's button."""
    return follow(request) if request.body.state == "on" else unfollow(request)


def like(request: ChangeRequest[Any]) -> Outcome:
    """Let the viewer like a post: once, however often it is asked for."""
    post = post_at(request)
    relational_writes.like(request.connection, request.viewer_id, post.id)
    return Outcome(f"/posts/{post.id}")


def unlike(request: ChangeRequest[Any]) -> Outcome:
    """Let the viewer like a post no longer."""
    post = post_at(request)
    relational_writes.unlike(request.connection, request.viewer_id, post.id)
    return Outcome(f"/posts/{post.id}")


def switch_like(request: ChangeRequest[Switch]) -> Outcome:
    """Like or unlike, by the state of the page's button."""
    return like(request) if request.body.state == "on" else unlike(request)


def member_at(request: ChangeRequest[Any]) -> Member:
    """The user whom the address names. Problem 404 where there is none."""
    user_id = pages.number(request.id)
    user = relational.user(request.connection, user_id) if user_id else None
    if user is None:
        raise Problem(404, f"There is no user {request.id}.")
    return Member(user.id, user.handle, user.name, user.joined)


def post_at(request: ChangeRequest[Any]) -> Post:
    """The post that the address names. Problem 404 where there is none."""
    post_id = pages.number(request.id)
    post = relational.post(request.connection, post_id) if post_id else None
    if post is None:
        raise Problem(404, f"There is no post {request.id}.")
    return post
