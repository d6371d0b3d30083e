"""What each page needs from the store: a model of the page, which a template makes into HTML.

Each function takes the connection and what the address says; None means that there is no such page.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from mysite.stores import relational
from mysite.stores.relational import Acquaintance, Counts, LikedAuthor, ListedUser, Post, Status, User

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
class UserPage:
    """A user, what the profile says, the latest posts, and whom the user might know."""

    user: User
    facts: Sequence[Fact]
    counts: Counts
    posts: Sequence[Post]
    might_know: Sequence[Acquaintance]


@dataclass(frozen=True)
class PostPage:
    """A post and others of the same author, the newest first."""

    post: Post
    others: Sequence[Post]


@dataclass(frozen=True)
class Popular:
    """The most liked authors of a month, and the months to choose from."""

    month: str
    months: Sequence[str]
    authors: Sequence[LikedAuthor]


@dataclass(frozen=True)
class About:
    """What the site runs on, and how much it holds."""

    product: str
    status: Status
    rows: dict[str, int]


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
    chosen = number(page)
    if chosen is None or chosen > pages:
        return None
    return People(relational.list_users(connection, (chosen - 1) * USERS_A_PAGE, USERS_A_PAGE), chosen, pages)


def user(connection: Connection, id: str) -> UserPage | None:
    """The page at /users/ID."""
    user_id = number(id)
    found = relational.user(connection, user_id) if user_id else None
    if found is None:
        return None
    return UserPage(
        user=found,
        facts=[fact(key, value) for key, value in found.profile.items()],
        counts=relational.counts(connection, found.id),
        posts=relational.latest_posts_of(connection, found.id),
        might_know=relational.might_know(connection, found.id),
    )


def fact(key: str, value: object) -> Fact:
    """A key of a profile and its value, of whatever type, in words."""
    values = value if isinstance(value, list) else [value]
    words = {True: "yes", False: "no"}
    return Fact(
        label=key.replace("_", " ").capitalize(),
        text=", ".join(words[each] if isinstance(each, bool) else str(each) for each in values),
    )


def post(connection: Connection, id: str) -> PostPage | None:
    """The page at /posts/ID."""
    post_id = number(id)
    found = relational.post(connection, post_id) if post_id else None
    if found is None:
        return None
    latest = relational.latest_posts_of(connection, found.author_id)
    return PostPage(found, [each for each in latest if each != found][:MORE_POSTS])


def popular(connection: Connection, month: str | None) -> Popular | None:
    """The page at /popular/MONTH, such as "2025-03"; without a month that of the newest one."""
    months = relational.months(connection)
    chosen = months[0] if month is None else month
    if chosen not in months:
        return None
    return Popular(chosen, months, relational.most_liked_authors(connection, chosen))


def about(connection: Connection) -> About:
    """The page at /about."""
    return About(relational.PRODUCT, relational.status(connection), relational.table_sizes(connection))
