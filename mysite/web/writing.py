"""How something is changed: who asks, from where, with which body; and what a browser and a program get for it.

A browser's form is answered with 303 and the page to read next, so that going back sends nothing twice. A program
gets the new state, or 204 and nothing. PUT and DELETE may be repeated (RFC 9110, section 9.2.2): the second time
nothing changes. A form can only POST, so each of them has a POST beside it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from mysite.stores import relational, relational_writes
from mysite.stores.relational import Neighbour, Post
from mysite.stores.relational_writes import HandleTakenError
from mysite.web import bodies, pages, representations, sessions
from mysite.web.bodies import Body, NewName, NewPost, Nothing, SignUp, Switch
from mysite.web.negotiation import HTML, JSON
from mysite.web.pages import Member
from mysite.web.problems import FieldProblem, Problem
from mysite.web.reading import viewer_of
from mysite.web.same_site import require_same_site
from mysite.web.site import Site, site_of

NO_SESSION = "This takes a session. Sign up to get one: in a browser at /join, in a program with POST /users."

Sent = TypeVar("Sent", bound=Body)


@dataclass(frozen=True)
class SignedUp:
    """A new user, and the token of the session: it is said once, and kept by nobody but the client."""

    user: Member
    token: str


@dataclass(frozen=True)
class Done:
    """What came of a change: where it can be read, the new state, and what happens to the browser's cookie."""

    location: str
    state: Any = None
    token: str | None = None
    ends_session: bool = False


@dataclass(frozen=True)
class Asked(Generic[Sent]):
    """A change that is asked for, in the transaction in which it is made."""

    site: Site
    connection: Connection
    viewer: Neighbour | None
    body: Sent
    id: str
    token: str | None
    is_browser: bool

    @property
    def by(self) -> int:
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
    act: Callable[[Asked[Any]], Done]
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
    media_type = representations.welcome(request, (JSON, HTML) if from_program else (HTML, JSON))
    viewer = viewer_of(site, request)
    if viewer is None and not change.open_to_all:
        raise Problem(401, NO_SESSION, headers=sessions.CHALLENGE)
    body = await bodies.read(request, change.body, change.form) if change.body else Nothing()
    identity = request.path_params.get("id", "")

    def make() -> Done:
        with site.store.begin() as connection:
            token = sessions.token_of(request)
            return change.act(Asked(site, connection, viewer, body, identity, token, media_type == HTML))

    try:
        done = make()
    except IntegrityError:  # another process has made the same row since this one looked: now it is seen
        done = make()
    if site.cache is not None:
        site.cache.clear()  # any page may show what has changed
    return told(change, done, media_type)


def told(change: Change, done: Done, media_type: str) -> Response:
    """The answer to a change that was made."""
    headers = {"Vary": representations.VARY, "Cache-Control": "no-store"}
    if media_type == HTML:
        response: Response = RedirectResponse(done.location, 303, headers)
        if done.token:
            sessions.give_cookie(response, done.token)
        if done.ends_session:
            sessions.take_cookie(response)
        return response
    if change.status == 201:
        headers["Location"] = done.location
    if change.gives is None:
        return Response(status_code=change.status, headers=headers)
    return Response(representations.as_json(done.state), change.status, {**headers, "Content-Type": JSON})


def sign_up(asked: Asked[SignUp]) -> Done:
    """A new user, who is one at once."""
    body, site, connection = asked.body, asked.site, asked.connection
    today = site.day()
    try:
        user_id = relational_writes.sign_up(connection, body.handle, body.name, today)
    except HandleTakenError:
        errors = [FieldProblem("handle", "Somebody has it already: take another.")]
        typed = {"handle": body.handle, "name": body.name}
        raise Problem(409, f"The handle {body.handle} is taken.", errors, form="join.html", typed=typed) from None
    token, client = sessions.new_token(), "browser" if asked.is_browser else "phone"
    relational_writes.open_session(connection, sessions.session_id(token), user_id, site.moment(), client)
    member = Member(user_id, body.handle, body.name, today)
    return Done(f"/users/{user_id}", SignedUp(member, token), token=token)


def sign_out(asked: Asked[Nothing]) -> Done:
    """The end of the session; of no other of the user's."""
    if asked.token:
        relational_writes.close_session(asked.connection, sessions.session_id(asked.token))
    return Done("/", ends_session=True)


def rename(asked: Asked[NewName]) -> Done:
    """Another name for the viewer."""
    member = member_at(asked)
    if member.id != asked.by:
        raise Problem(403, "Everybody renames themselves only.")
    relational_writes.rename(asked.connection, member.id, asked.body.name)
    return Done(f"/users/{member.id}", Member(member.id, member.handle, asked.body.name, member.joined))


def add_post(asked: Asked[NewPost]) -> Done:
    """A new post of the viewer's."""
    post_id = relational_writes.add_post(asked.connection, asked.by, asked.body.text, asked.site.moment())
    return Done(f"/posts/{post_id}", relational.post(asked.connection, post_id))


def follow(asked: Asked[Any]) -> Done:
    """The viewer follows a user."""
    member = member_at(asked)
    if member.id == asked.by:
        # the body is not at fault, and there may be none: so not 422 (RFC 9110, sections 15.5.4 and 15.5.21)
        raise Problem(403, "Nobody follows themselves.")
    relational_writes.follow(asked.connection, asked.by, member.id)
    return Done(f"/users/{member.id}")


def unfollow(asked: Asked[Any]) -> Done:
    """The viewer follows a user no longer."""
    member = member_at(asked)
    relational_writes.unfollow(asked.connection, asked.by, member.id)
    return Done(f"/users/{member.id}")


def switch_follow(asked: Asked[Switch]) -> Done:
    """Either of the two, as the button of the page says."""
    return follow(asked) if asked.body.state == "on" else unfollow(asked)


def like(asked: Asked[Any]) -> Done:
    """The viewer likes a post: once, however often it is said."""
    post = post_at(asked)
    relational_writes.like(asked.connection, asked.by, post.id)
    return Done(f"/posts/{post.id}")


def unlike(asked: Asked[Any]) -> Done:
    """The viewer likes a post no longer."""
    post = post_at(asked)
    relational_writes.unlike(asked.connection, asked.by, post.id)
    return Done(f"/posts/{post.id}")


def switch_like(asked: Asked[Switch]) -> Done:
    """Either of the two, as the button of the page says."""
    return like(asked) if asked.body.state == "on" else unlike(asked)


def member_at(asked: Asked[Any]) -> Member:
    """The user whom the address names. Problem 404 where there is none."""
    user_id = pages.number(asked.id)
    found = relational.user(asked.connection, user_id) if user_id else None
    if found is None:
        raise Problem(404, f"There is no user {asked.id}.")
    return Member(found.id, found.handle, found.name, found.joined)


def post_at(asked: Asked[Any]) -> Post:
    """The post that the address names. Problem 404 where there is none."""
    post_id = pages.number(asked.id)
    found = relational.post(asked.connection, post_id) if post_id else None
    if found is None:
        raise Problem(404, f"There is no post {asked.id}.")
    return found
