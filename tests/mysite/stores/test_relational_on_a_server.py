"""The same tables in PostgreSQL: every answer equal to SQLite's, and what is different on a server."""

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import sqlalchemy
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, OperationalError

from mysite import topology
from mysite.engines import Server
from mysite.engines.postgresql import credentials
from mysite.stores import relational, relational_writes
from mysite.web import pages
from tests.mysite.shared_server import NewDatabase
from tests.mysite.watching import wait_until, waiting_for_a_lock

DATA = topology.data_directory()
USERS = range(1, 1001, 9)


@pytest.fixture(scope="module")
def store(new_database: NewDatabase) -> Iterator[sqlalchemy.Engine]:
    with new_database() as url:
        engine = relational.open_store(url)
        relational.load(engine, DATA)
        yield engine
        engine.dispose()


@pytest.fixture
def other(store: sqlalchemy.Engine) -> Iterator[sqlalchemy.Engine]:
    """Another process's way to the same database."""
    engine = relational.open_store(store.url)
    yield engine
    engine.dispose()


def test_every_answer_is_equal(store: sqlalchemy.Engine, sqlite_store: sqlalchemy.Engine) -> None:
    with relational.reading(store) as one, relational.reading(sqlite_store) as other:
        for ask in (relational.months, relational.table_sizes, pages.home):
            assert ask(one) == ask(other)
        for month in relational.months(other):
            assert pages.popular(one, month) == pages.popular(other, month)
        for page in range(1, 21):
            assert pages.people(one, str(page)) == pages.people(other, str(page))
        for user_id in USERS:
            assert pages.user(one, str(user_id)) == pages.user(other, str(user_id))
        for post_id in range(1, 20_000, 499):
            assert pages.post(one, str(post_id)) == pages.post(other, str(post_id))


def test_every_row_is_there(store: sqlalchemy.Engine, sqlite_store: sqlalchemy.Engine) -> None:
    with store.connect() as one, sqlite_store.connect() as other:
        for table in relational.metadata.sorted_tables:
            statement = select(table).order_by(*table.primary_key.columns)
            assert one.execute(statement).all() == other.execute(statement).all()


def test_it_says_what_it_is(shared_server: Server, store: sqlalchemy.Engine) -> None:
    assert relational.product(store) == "PostgreSQL"
    with relational.reading(store) as connection:
        assert relational.status(connection) == relational.Status(shared_server.version, 1000)


def test_ids_go_on_after_those_of_the_data_set(store: sqlalchemy.Engine) -> None:
    with store.connect() as connection:  # never committed
        assert relational_writes.sign_up(connection, "somebody", "Somebody", "2026-01-01") == 1001
        assert relational_writes.add_post(connection, 1001, "first", "2026-01-01T10:00") == 20_001


def test_what_is_changed_says_so(store: sqlalchemy.Engine) -> None:
    with store.connect() as connection:
        before = relational.post(connection, 5)
        assert before
        changes = [relational_writes.like(connection, 1, 5), relational_writes.like(connection, 1, 5)]
        after = relational.post(connection, 5)
        changes += [relational_writes.unlike(connection, 1, 5), relational_writes.unlike(connection, 1, 5)]
        assert changes == [True, False, True, False]
        assert after and after.likes == before.likes + 1


def test_reading_is_outside_a_transaction(store: sqlalchemy.Engine, other: sqlalchemy.Engine) -> None:
    """So another's change is seen by the next statement, and there is no transaction to end."""
    name = select(relational.users.c.name).where(relational.users.c.id == 2)
    with relational.reading(store) as reader:
        before = reader.scalar(name)
        with other.begin() as writer:
            relational_writes.rename(writer, 2, "Another")
        assert reader.scalar(name) == "Another"
        with other.begin() as writer:
            relational_writes.rename(writer, 2, str(before))


def test_two_who_want_the_same_handle(store: sqlalchemy.Engine, other: sqlalchemy.Engine) -> None:
    """Both look and find it free. The second insert waits for the first one's end, and is refused."""
    errors: list[IntegrityError] = []
    with store.connect() as first:
        relational_writes.sign_up(first, "wanted", "First", "2026-01-01")

        def sign_up() -> None:
            try:
                with other.begin() as second:
                    relational_writes.sign_up(second, "wanted", "Second", "2026-01-01")
            except IntegrityError as error:
                errors.append(error)

        waiting = threading.Thread(target=sign_up)
        waiting.start()
        with psycopg.connect(**credentials(store.url), autocommit=True) as watcher:
            wait_until(lambda: waiting_for_a_lock(watcher) == 1)
        assert errors == []
        first.commit()
        waiting.join(10)
    assert len(errors) == 1
    with other.connect() as third, pytest.raises(relational_writes.HandleTakenError):
        relational_writes.sign_up(third, "wanted", "Second", "2026-01-01")
    with store.begin() as connection:
        connection.execute(relational.users.delete().where(relational.users.c.handle == "wanted"))


def backend(connection: sqlalchemy.Connection) -> int:
    return int(connection.exec_driver_sql("select pg_backend_pid()").scalar_one())


def test_a_connection_that_the_server_has_closed_is_opened_anew(
    store: sqlalchemy.Engine, other: sqlalchemy.Engine
) -> None:
    with relational.reading(store) as connection:
        first = backend(connection)
    with relational.reading(store) as connection:
        assert backend(connection) == first  # it stays open
    with relational.reading(other) as connection:
        connection.exec_driver_sql(f"select pg_terminate_backend({first}, 5000)")
    with relational.reading(store) as connection:
        assert backend(connection) != first


def test_one_that_is_closed_while_it_is_used_fails_once(store: sqlalchemy.Engine, other: sqlalchemy.Engine) -> None:
    with relational.reading(store) as connection, relational.reading(other) as killer:
        killer.exec_driver_sql(f"select pg_terminate_backend({backend(connection)}, 5000)")
        with pytest.raises(OperationalError):
            relational.number_of_users(connection)
    with relational.reading(store) as connection:
        assert relational.number_of_users(connection) == 1000


def test_data_that_does_not_fit(new_database: NewDatabase, tmp_path: Path) -> None:
    for path in DATA.iterdir():
        shutil.copy(path, tmp_path)
    with (tmp_path / "users.csv").open("a", encoding="utf-8") as users:
        users.write("1001,ada,Ada,2025-01-01\n1002,ada,Ada,2025-01-01\n")
    with new_database() as url:
        store = relational.open_store(url)
        with pytest.raises(ValueError, match=r"users\.csv does not fit the table users: duplicate key value"):
            relational.load(store, tmp_path)
        with store.connect() as connection:
            assert not sqlalchemy.inspect(connection).get_table_names()  # all or nothing
        store.dispose()
