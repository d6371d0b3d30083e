"""What each page needs from the store: a model of the page, which a template makes into HTML.

Each function takes the connection and the parameters of the address; None means that there is no such page. The JSON
is the same model, field by field, so a field is public. `viewer` is the user of the session, None without one.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from mysite.stores import relational
from mysite.stores.relational import Acquaintance, Counts, LikedAuthor, ListedUser, Neighbour, Post, Status

POSTS_ON_HOME = 20
LIKED_ON_HOME = 5
USERS_A_PAGE = 50
MORE_POSTS = 3

# what addresses count with: no sign, no leading zero, and short enough for any store
NUMBER = re.compile(r"[1-9][0-9]{0,8}")


@dataclass(frozen=True)
class Home:
    """The latest posts of all, and the most liked authors of the newest month."""

    posts: Sequence[Post]
    month: str
    liked: Sequence[LikedAuthor]
    number_of_users: int


@dataclass(frozen=True)
class People:
    """One page of the list of all users; pages count from 1."""

    users: Sequence[ListedUser]
    page: int
    pages: int


@dataclass(frozen=True)
class Fact:
    """One key of a free-form profile, in words."""

    label: str
    text: str


@dataclass(frozen=True)
class Member:
    """A user as the site names one."""

    id: int
    handle: str
    name: str
    joined: str


@dataclass(frozen=True)
class UserPage:
    """A user, what the profile says, the latest posts, whom the user follows, and whom the user might know.

    you_follow   whether the viewer follows the user; None without a viewer, and for the viewer's own page
    """

    user: Member
    facts: Sequence[Fact]
    counts: Counts
    posts: Sequence[Post]
    follows: Sequence[Neighbour]
    might_know: Sequence[Acquaintance]
    you_follow: bool | None


@dataclass(frozen=True)
class PostPage:
    """A post and others of the same author, the newest first; you_like: whether the viewer does, None without one."""

    post: Post
    others: Sequence[Post]
    you_like: bool | None


@dataclass(frozen=True)
class Popular:
    """The most liked authors and posts of a month, and the months to choose from."""

    month: str
    months: Sequence[str]
    authors: Sequence[LikedAuthor]
    posts: Sequence[Post]


@dataclass(frozen=True)
class Rows:
    """How many rows a table has."""

    table: str
    rows: int


@dataclass(frozen=True)
class About:
    """What the site runs on, and how much it holds."""

    product: str
    status: Status
    tables: Sequence[Rows]


@dataclass(frozen=True)
class Form:
    """A page that is a form alone: there is nothing to ask the store."""


def number(text: str) -> int | None:
    """The positive whole number that a part of an address is, None if it is none: "7", not "07" or "+7"."""
    return int(text) if NUMBER.fullmatch(text) else None


def home(connection: Connection) -> Home:
    """The page at /."""
    posts = relational.latest_posts(connection, POSTS_ON_HOME)
    month = posts[0].posted_at.rpartition("-")[0]
    liked = relational.most_liked_authors(connection, month, LIKED_ON_HOME)
    return Home(posts, month, liked, relational.number_of_users(connection))


def people(connection: Connection, page: str) -> People | None:
    """The page at /people?page=N."""
    pages = math.ceil(relational.number_of_users(connection) / USERS_A_PAGE)
    page_number = number(page)
    if page_number is None or page_number > pages:
        return None
    users = relational.list_users(connection, (page_number - 1) * USERS_A_PAGE, USERS_A_PAGE)
    return People(users, page_number, pages)


def user(connection: Connection, id: str, viewer: Neighbour | None = None) -> UserPage | None:
    """The page at /users/ID."""
    user_id = number(id)
    user = relational.user(connection, user_id) if user_id else None
    if user is None:
        return None
    return UserPage(
        user=Member(user.id, user.handle, user.name, user.joined),
        facts=[fact(key, value) for key, value in user.profile.items()],
        counts=relational.counts(connection, user.id),
        posts=relational.latest_posts_of(connection, user.id),
        follows=relational.followed_by(connection, user.id),
        might_know=relational.might_know(connection, user.id),
        you_follow=(
            relational.is_following(connection, viewer.id, user.id) if viewer and viewer.id != user.id else None
        ),
    )


def fact(key: str, value: object) -> Fact:
    """A key of a profile and its value, of whatever type, in words."""
    values = value if isinstance(value, list) else [value]
    words = {True: "yes", False: "no"}
    return Fact(
        label=key.replace("_", " ").capitalize(),
        text=", ".join(words[item] if isinstance(item, bool) else str(item) for item in values),
    )


def post(connection: Connection, id: str, viewer: Neighbour | None = None) -> PostPage | None:
    """The page at /posts/ID."""
    post_id = number(id)
    post = relational.post(connection, post_id) if post_id else None
    if post is None:
        return None
    latest = relational.latest_posts_of(connection, post.author_id)
    return PostPage(
        post=post,
        others=[other for other in latest if other != post][:MORE_POSTS],
        you_like=relational.is_liking(connection, viewer.id, post.id) if viewer else None,
    )


def popular(connection: Connection, month: str | None) -> Popular | None:
    """The page at /popular/MONTH, such as "2025-03"; without a month that of the newest one."""
    months = relational.months(connection)
    month = months[0] if month is None else month
    if month not in months:
        return None
    authors = relational.most_liked_authors(connection, month)
    return Popular(month, months, authors, relational.most_liked_posts(connection, month))


def about(connection: Connection) -> About:
    """The page at /about."""
    tables = [Rows(table, rows) for table, rows in relational.table_sizes(connection).items()]
    return About(relational.product(connection.engine), relational.status(connection), tables)
