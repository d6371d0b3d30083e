"""What is the same for every engine."""

import dataclasses
from typing import Any

import pytest
import sqlalchemy
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from mysite import engines
from mysite.engines import catalogue
from mysite.engines.engine import AbsentError, Engine, Source

SLOTS = list(catalogue.ENGINES)


@pytest.mark.parametrize("slot", SLOTS)
def test_two_at_once_keep_what_they_are_given_and_are_gone_afterwards(slot: str) -> None:
    with engines.open(slot) as one, engines.open(slot) as two:
        assert one.url != two.url
        assert (one.slot, one.fidelity) == (slot, "real")
        assert (one.process is None) == (one.form == "library")
        for server in (one, two):
            catalogue.ask(server)
            with sqlalchemy.create_engine(server.url, poolclass=sqlalchemy.NullPool).begin() as connection:
                connection.exec_driver_sql("create table only_here (number integer)")
                assert server.version == ".".join(map(str, connection.dialect.server_version_info or ()))
    for server in (one, two):
        server.stop()
        store = sqlalchemy.create_engine(server.url, poolclass=sqlalchemy.NullPool)
        with pytest.raises(sqlalchemy.exc.OperationalError), store.connect():
            pass


@pytest.mark.parametrize("slot", SLOTS)
def test_a_check_says_what_answered(slot: str) -> None:
    check = catalogue.check(slot)
    assert check.error is None
    assert check.version and check.source
    assert check.start_s is not None and check.start_s > 0
    assert check.memory_mb is not None and check.memory_mb > 1


def test_a_server_that_gives_back_something_else_is_found_out() -> None:
    with engines.open("sqlite") as server:
        url = server.url.set(drivername="sqlite+forgetful")
        sqlalchemy.dialects.registry.register("sqlite.forgetful", __name__, "Forgetful")
        with pytest.raises(RuntimeError, match="SQLite was given a row and gave back None"):
            catalogue.ask(dataclasses.replace(server, url=url))


class Forgetful(SQLiteDialect_pysqlite):
    """A database that takes rows and keeps none."""

    def do_commit(self, dbapi_connection: Any) -> None:
        if dbapi_connection.execute("select 1 from sqlite_master where name = 'question'").fetchone():
            dbapi_connection.execute("delete from question")
        dbapi_connection.commit()


def test_there_is_no_such_slot() -> None:
    with pytest.raises(ValueError, match=r"there is no engine 'oracle': it is one of sqlite, postgresql"):
        engines.open("oracle")


def test_one_that_is_absent_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent() -> Source:
        raise AbsentError("nobody has brought it")

    engine = Engine("sqlite", "SQLite", "real", "library", absent, absent, catalogue.ENGINES["sqlite"].start)
    monkeypatch.setitem(catalogue.ENGINES, "sqlite", engine)
    with pytest.raises(AbsentError, match="SQLite is absent, because nobody has brought it"):
        engines.open("sqlite")
    check = catalogue.check("sqlite")
    assert (check.version, check.start_s) == (None, None)
    assert check.error == "SQLite is absent, because nobody has brought it"


def test_a_wrong_choice_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MYSITE_ENGINES", "yours")
    with pytest.raises(ValueError, match="MYSITE_ENGINES is 'yours'"):
        engines.open("sqlite")
