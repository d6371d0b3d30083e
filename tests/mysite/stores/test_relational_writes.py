"""What changes in the tables, and what does not; and that no statement is of one database alone."""

import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, select
from sqlalchemy.dialects import mysql, postgresql

from mysite.stores import relational, relational_writes
from mysite.stores.relational import Neighbour

USERS = ("ada", "ben", "cem")


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    """A small store in a transaction: three users, of whom the first has written one post."""
    engine = relational.open_store(tmp_path / relational.FILE)
    with engine.begin() as connection:
        relational.metadata.create_all(connection)
        for handle in USERS:
            relational_writes.sign_up(connection, handle, handle.title(), "2026-11-24")
        relational_writes.add_post(connection, 1, "first", "2026-11-24T14:05")
        yield connection
    engine.dispose()


def everything(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables."""
    tables = (*relational.FROM_DATA_SET, relational.likes)
    return {table.name: [tuple(row) for row in connection.execute(select(table))] for table in tables}


def test_a_sign_up(connection: Connection) -> None:
    assert relational_writes.sign_up(connection, "dora", "Ada", "2026-11-25") == 4  # names may be equal
    assert everything(connection)["users"][-1] == (4, "dora", "Ada", "2026-11-25")


def test_a_handle_that_is_taken(connection: Connection) -> None:
    before = everything(connection)
    with pytest.raises(relational_writes.HandleTakenError, match=r"^ada$"):
        relational_writes.sign_up(connection, "ada", "Another", "2026-11-25")
    assert everything(connection) == before


def test_a_rename_changes_one_row(connection: Connection) -> None:
    before = everything(connection)
    relational_writes.rename(connection, 2, "Robert'); drop table users; --")
    after = everything(connection)
    assert after["users"][1] == (2, "ben", "Robert'); drop table users; --", "2026-11-24")
    before["users"][1] = after["users"][1]
    assert after == before
    relational_writes.rename(connection, 9, "Nobody")
    assert everything(connection) == after


def test_a_new_name_stands_wherever_the_old_one_stood(connection: Connection) -> None:
    relational_writes.follow(connection, 2, 1)
    relational_writes.rename(connection, 1, "Ada King")
    post = relational.post(connection, 1)
    assert post and post.author_name == "Ada King"
    assert relational.followed_by(connection, 2) == [Neighbour(1, "Ada King")]
    assert relational.list_users(connection, 0, 1)[0].name == "Ada King"


def test_a_session_and_its_end(connection: Connection) -> None:
    for id, user in (("a", 1), ("b", 1), ("c", 2)):
        relational_writes.open_session(connection, id, user, "2026-11-24T14:05", "phone")
    assert everything(connection)["sessions"][0] == ("a", 1, "2026-11-24T14:05", "phone")
    assert relational_writes.user_of_session(connection, "a") == Neighbour(1, "Ada")
    assert relational_writes.user_of_session(connection, "A") is None
    for _ in range(2):
        relational_writes.close_session(connection, "a")
        assert relational_writes.user_of_session(connection, "a") is None
        assert relational_writes.user_of_session(connection, "b") == Neighbour(1, "Ada")
        assert relational_writes.user_of_session(connection, "c") == Neighbour(2, "Ben")


def test_a_session_of_nobody(connection: Connection) -> None:
    with pytest.raises(sqlalchemy.exc.IntegrityError, match="FOREIGN KEY"):
        relational_writes.open_session(connection, "a", 9, "2026-11-24T14:05", "phone")


def test_a_post(connection: Connection) -> None:
    assert relational_writes.add_post(connection, 2, 'a "b" \'c\' 😀', "2026-11-24T14:06") == 2
    assert everything(connection)["posts"][1:] == [(2, 2, "2026-11-24T14:06", 0, 'a "b" \'c\' 😀')]
    with pytest.raises(sqlalchemy.exc.IntegrityError, match="FOREIGN KEY"):
        relational_writes.add_post(connection, 9, "x", "2026-11-24T14:06")


def test_following_twice_changes_nothing_more(connection: Connection) -> None:
    assert relational_writes.follow(connection, 1, 2) is True
    assert relational_writes.follow(connection, 2, 1) is True  # the other way round is another thing
    once = everything(connection)
    assert sorted(once["follows"]) == [(1, 2), (2, 1)]
    assert relational_writes.follow(connection, 1, 2) is False
    assert everything(connection) == once
    assert relational_writes.unfollow(connection, 1, 2) is True
    assert everything(connection)["follows"] == [(2, 1)]
    assert relational_writes.unfollow(connection, 1, 2) is False
    assert everything(connection)["follows"] == [(2, 1)]


def likes_of(connection: Connection, post_id: int) -> int:
    post = relational.post(connection, post_id)
    assert post
    return post.likes


def test_a_like_is_counted_once(connection: Connection) -> None:
    other = relational_writes.add_post(connection, 1, "second", "2026-11-24T14:06")
    assert [relational_writes.like(connection, user, 1) for user in (1, 2, 2, 1)] == [True, True, False, False]
    assert (likes_of(connection, 1), likes_of(connection, other)) == (2, 0)
    assert [relational_writes.unlike(connection, user, 1) for user in (2, 2, 3)] == [True, False, False]
    assert (likes_of(connection, 1), everything(connection)["likes"]) == (1, [(1, 1)])


def test_the_likes_of_the_data_set_cannot_be_taken_back(connection: Connection) -> None:
    connection.execute(sqlalchemy.update(relational.posts).values(likes=7))
    assert relational_writes.unlike(connection, 1, 1) is False
    assert likes_of(connection, 1) == 7
    assert relational_writes.like(connection, 1, 1) is True
    assert likes_of(connection, 1) == 8


STEPS = st.lists(
    st.tuples(st.sampled_from(["like", "unlike", "follow", "unfollow"]), st.integers(1, 3), st.integers(1, 3)),
    max_size=20,
)


@given(STEPS)
def test_whatever_is_asked_for_the_tables_hold_what_was_asked_last(steps: list[tuple[str, int, int]]) -> None:
    engine = sqlalchemy.create_engine("sqlite://")
    with engine.begin() as connection:
        relational.metadata.create_all(connection)
        for handle in USERS:
            author = relational_writes.sign_up(connection, handle, handle, "2026-11-24")
            relational_writes.add_post(connection, author, handle, "2026-11-24T14:05")
        expected: dict[str, set[tuple[int, int]]] = {"like": set(), "follow": set()}
        for step, first, second in steps:
            pairs, on = expected[step.removeprefix("un")], not step.startswith("un")
            changed = getattr(relational_writes, step)(connection, first, second)
            assert changed is (((first, second) in pairs) is not on)
            (pairs.add if on else pairs.discard)((first, second))
        rows = everything(connection)
        assert set(rows["likes"]) == expected["like"] and set(rows["follows"]) == expected["follow"]
        for post_id in (1, 2, 3):
            assert likes_of(connection, post_id) == sum(liked == post_id for _, liked in expected["like"])
    engine.dispose()


CALLS: dict[str, tuple[Any, ...]] = {
    "sign_up": ("dora", "Dora", "2026-11-24"),
    "rename": (1, "A"),
    "open_session": ("a", 1, "2026-11-24T14:05", "phone"),
    "close_session": ("a",),
    "user_of_session": ("a",),
    "add_post": (1, "x", "2026-11-24T14:05"),
    "follow": (1, 2),
    "unfollow": (1, 2),
    "like": (1, 1),
    "unlike": (1, 1),
}
STATEMENTS = {"sign_up": 2, "like": 2, "unlike": 1}  # unlike: of a post that is not liked


def test_every_function_is_called_here() -> None:
    functions = inspect.getmembers(relational_writes, inspect.isfunction)
    own = {name for name, code in functions if code.__module__ == relational_writes.__name__ and name[0] != "_"}
    assert own == set(CALLS)


@pytest.mark.parametrize("name", CALLS)
def test_no_statement_is_of_one_database_alone(connection: Connection, name: str) -> None:
    """The statements for SQLite are compiled for others, which raise where they have no such thing."""
    statements: list[Any] = []

    def keep(connection: Any, element: Any, *others: Any) -> None:
        statements.append(element)

    sqlalchemy.event.listen(connection, "before_execute", keep)
    getattr(relational_writes, name)(connection, *CALLS[name])
    assert len(statements) == STATEMENTS.get(name, 1)
    for statement in statements:
        for dialect in (postgresql.dialect(), mysql.dialect()):
            text = str(statement.compile(dialect=dialect)).upper()
            assert text.startswith(("SELECT", "INSERT", "UPDATE", "DELETE"))
            for special in ("ON CONFLICT", "ON DUPLICATE", "OR IGNORE", "OR REPLACE", "PRAGMA", "SQLITE", "ROWID"):
                assert special not in text


def test_a_new_post_stands_first_whatever_the_clock_says(connection: Connection) -> None:
    """A machine without a clock of its own begins years ago, and a clock that is set right goes back."""
    moments = ("2025-06-01T10:00", "2026-11-24T14:06", "1970-01-01T00:00")
    ids = [relational_writes.add_post(connection, 1, moment, moment) for moment in moments]
    latest = relational.latest_posts(connection, 4)
    assert [post.id for post in latest] == [*reversed(ids), 1]
    assert [post.posted_at[11:] for post in latest] == ["14:06", "14:06", "14:05", "14:05"]
