"""The model of each page: what it holds, and which addresses have none."""

from collections.abc import Iterator

import pytest
import sqlalchemy
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from mysite.stores import relational, relational_writes
from mysite.stores.relational import Neighbour
from mysite.web import pages
from mysite.web.pages import Fact, Member, Rows


@pytest.fixture
def connection(store: sqlalchemy.Engine) -> Iterator[Connection]:
    with store.connect() as connected:
        yield connected


@pytest.mark.parametrize(
    "text", ["", "0", "07", "+7", "-7", " 7", "7 ", "7.0", "\u0667", "seven", "1000000000", "9" * 5000]
)
def test_what_is_no_number(text: str) -> None:
    assert pages.number(text) is None


@given(st.integers(1, 999_999_999))
def test_numbers(value: int) -> None:
    assert pages.number(str(value)) == value


def test_the_greatest_number() -> None:
    assert pages.number("999999999") == 999_999_999


def test_home(connection: Connection) -> None:
    page = pages.home(connection)
    assert page.posts == relational.latest_posts(connection, 20)
    assert page.month == "2025-12"
    assert page.liked == relational.most_liked_authors(connection, "2025-12", 5)
    assert page.number_of_users == 1000


def test_people(connection: Connection) -> None:
    first, last = pages.people(connection, "1"), pages.people(connection, "20")
    assert first and last
    assert (first.page, first.pages, last.page, last.pages) == (1, 20, 20, 20)
    assert first.users == relational.list_users(connection, 0, 50)
    assert last.users == relational.list_users(connection, 950, 50)
    for page in ("0", "21", "-1", "x", "", "1.5", "01"):
        assert pages.people(connection, page) is None


def test_a_last_page_that_is_not_full(store: sqlalchemy.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "USERS_A_PAGE", 300)
    with store.connect() as connected:
        page = pages.people(connected, "4")
        assert page is not None
        assert (page.pages, len(page.users)) == (4, 100)
        assert pages.people(connected, "5") is None


def test_a_user(connection: Connection) -> None:
    page = pages.user(connection, "4")
    assert page is not None
    assert page.user == Member(4, "faraway_spruce", "Faraway Spruce", "2023-01-07")
    assert page.facts == [Fact("About", "a paper kite"), Fact("Languages", "日本語"), Fact("Newsletter", "yes")]
    assert page.counts == relational.counts(connection, 4)
    assert page.posts == relational.latest_posts_of(connection, 4)
    assert page.follows == relational.followed_by(connection, 4)
    assert page.might_know == relational.might_know(connection, 4)
    assert page.you_follow is None  # nobody asks
    for id in ("0", "1001", "04", "x", "9999999999"):
        assert pages.user(connection, id) is None


def test_whether_the_viewer_follows_a_user(connection: Connection) -> None:
    followed = relational.followed_by(connection, 4)
    (stranger, *_) = relational.might_know(connection, 4)
    viewer = Neighbour(4, "Faraway Spruce")
    for id, expected in ((followed[0].id, True), (stranger.id, False), (4, None)):
        page = pages.user(connection, str(id), viewer)
        assert page and page.you_follow is expected


@pytest.mark.parametrize(
    ("key", "value", "fact"),
    [
        ("about", "the soup", Fact("About", "the soup")),
        ("shoe_size", 40, Fact("Shoe size", "40")),
        ("favourite_number", 1, Fact("Favourite number", "1")),
        ("x", 0, Fact("X", "0")),
        ("newsletter", True, Fact("Newsletter", "yes")),
        ("newsletter", False, Fact("Newsletter", "no")),
        ("pets", ["cat", "hens"], Fact("Pets", "cat, hens")),
        ("pets", [], Fact("Pets", "")),
        ("likes", [True, 2, "x"], Fact("Likes", "yes, 2, x")),
        ("where", {"town": "A"}, Fact("Where", "{'town': 'A'}")),
    ],
)
def test_a_fact(key: str, value: object, fact: Fact) -> None:
    assert pages.fact(key, value) == fact


def test_a_post(connection: Connection) -> None:
    author = relational.latest_posts(connection, 1)[0].author_id
    latest = relational.latest_posts_of(connection, author, 5)
    newest = pages.post(connection, str(latest[0].id))
    older = pages.post(connection, str(latest[4].id))
    assert newest and older
    assert (newest.post, newest.others) == (latest[0], latest[1:4])
    assert (older.post, older.others) == (latest[4], latest[:3])
    for id in ("0", "20001", "x"):
        assert pages.post(connection, id) is None


def test_whether_the_viewer_likes_a_post(connection: Connection) -> None:
    viewer = Neighbour(4, "Faraway Spruce")
    post_pages = [pages.post(connection, "7"), pages.post(connection, "7", viewer)]
    relational_writes.like(connection, 4, 7)
    post_pages += [pages.post(connection, "7"), pages.post(connection, "7", viewer)]
    assert [page and page.you_like for page in post_pages] == [None, False, None, True]
    connection.rollback()


def test_popular(connection: Connection) -> None:
    newest, march = pages.popular(connection, None), pages.popular(connection, "2025-03")
    assert newest and march
    assert newest == pages.popular(connection, "2025-12")
    assert (march.month, march.months) == ("2025-03", relational.months(connection))
    assert march.authors == relational.most_liked_authors(connection, "2025-03")
    assert march.posts == relational.most_liked_posts(connection, "2025-03")
    for month in ("2024-12", "2025-13", "2025", "", "x", "2025-3"):
        assert pages.popular(connection, month) is None


def test_about(connection: Connection) -> None:
    page = pages.about(connection)
    assert page.product == "SQLite"
    assert page.status == relational.status(connection)
    assert page.tables == [Rows(table, rows) for table, rows in relational.table_sizes(connection).items()]
    assert Rows("likes", 0) in page.tables and Rows("users", 1000) in page.tables


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (pages.Home, [[], "2025-01", [], 1]),
        (pages.People, [[], 1, 1]),
        (pages.Fact, ["a", "b"]),
        (pages.Member, [1, "a", "A", "2025-01-01"]),
        (pages.UserPage, [None, [], None, [], [], [], None]),
        (pages.PostPage, [None, [], None]),
        (pages.Popular, ["2025-01", [], [], []]),
        (pages.Rows, ["users", 1]),
        (pages.About, ["a", None, []]),
    ],
)
def test_models_do_not_change(kind: type, values: list[object]) -> None:
    model = kind(*values)
    with pytest.raises(AttributeError, match="cannot assign"):
        setattr(model, next(iter(vars(model))), 0)
