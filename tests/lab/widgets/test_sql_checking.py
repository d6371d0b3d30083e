"""The database that can be read only: what it answers, what it refuses, and what it counts."""

import pytest

from lab.widgets.sql_checking import ReadOnlyDatabase, StatementError, is_sorted


@pytest.fixture
def database():
    schema = "create table users (id integer primary key, name text);"
    users = ReadOnlyDatabase(schema, {"users": [(1, "Ada"), (2, "Bo")]})
    yield users
    users.close()


def test_it_answers_with_tuples_and_counts(database):
    assert database.ask("select * from users order by id") == [(1, "Ada"), (2, "Bo")]
    assert database.ask("select name from users where id in (?, ?) or name = ?", 7, 2, "x") == [("Bo",)]
    assert database.ask("with some as (select 1 as id) select count(*) from some;") == [(1,)]
    assert database.ask("select id from users where id in ()") == []
    assert database.ask("select name from users where id in (select value from json_each(?))", "[2]") == [("Bo",)]
    assert (database.statements, database.rows, database.fault) == (5, 5, None)


def test_what_nobody_has_sorted_comes_backwards_where_it_is_to():
    schema = "create table users (id integer primary key);"
    backwards = ReadOnlyDatabase(schema, {"users": [(1,), (2,)]}, backwards=True)
    assert backwards.ask("select id from users") == [(2,), (1,)]
    assert backwards.ask("select id from users order by id") == [(1,), (2,)]
    backwards.close()


@pytest.mark.parametrize(
    "sql",
    [
        "insert into users values (3, 'Cy')", "update users set name = 'Cy'", "delete from users", "drop table users",
        "create table posts (id)", "create temp table posts (id)", "begin", "pragma query_only = off",
        "attach ':memory:' as other", "vacuum", "with x as (select 1) delete from users",
        "insert into users values (4, 'Di') returning id", "replace into users values (1, 'Di')",
    ],
)  # fmt: skip
def test_who_writes_is_refused_and_nothing_is_changed(database, sql):
    with pytest.raises(StatementError, match="only select is allowed"):
        database.ask(sql)
    assert database.ask("select * from users order by id") == [(1, "Ada"), (2, "Bo")]
    assert "only select" in database.fault and database.statements == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("select handle from users",), "no such column: handle"),
        (("choose 1",), 'near "choose": syntax error'),
        (("select 1; select 2",), "Give ask one statement"),
        (("select * from users where id = ?", [1, 2]), "one by one: ask(sql, *values)"),
        (("select * from users where id = ?",), "Incorrect number of bindings"),
        ((3,), "as a text, and not the number 3"),
        ((...,), "as a text"),
        (("with recursive n(i) as (select 1 union all select i + 1 from n) select * from n",), "its condition"),
        (("select cast(x'ff' as text)",), "decode"),
    ],
)
def test_what_fails_is_said_in_one_line(database, arguments, message):
    with pytest.raises(StatementError) as failure:
        database.ask(*arguments)
    assert message in str(failure.value) and "\n" not in str(failure.value)
    assert database.fault == str(failure.value)


def test_the_first_fault_is_kept(database):
    for sql in ("choose 1", "drop table users"):
        with pytest.raises(StatementError):
            database.ask(sql)
    assert "syntax error" in database.fault


def test_each_statement_has_all_the_steps(database):
    many = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 80000) select count(*) from n"
    for _ in range(5):
        assert database.ask(many) == [(80000,)]


def test_closed(database):
    database.close()
    with pytest.raises(StatementError, match="closed"):
        database.ask("select 1")


@pytest.mark.parametrize(("sql", "expected"), [
    ("select id from users order by id", True), ("SELECT id FROM users ORDER\n BY (id) limit 3", True),
    ("select id from (select * from users order by id desc limit 9)", False),
    ("select row_number() over (order by (id)) from users -- order by id", False),
    ("select ' order by id', \"order by\" from users /* order by\nid */", False),
    ("with x as (select id from users order by id) select * from x order by id", True),
])  # fmt: skip
def test_the_outermost_order_counts(sql, expected):
    assert is_sorted(sql) == expected


def test_an_order_of_a_part_alone_is_no_order_of_the_rows():
    """SQLite 3.46 keeps it, as earlier ones do where the plan happens to."""
    schema = "create table users (id integer primary key);"
    backwards = ReadOnlyDatabase(schema, {"users": [(1,), (2,), (3,)]}, backwards=True)
    assert backwards.ask("select id from (select id from users order by id limit 3)") == [(3,), (2,), (1,)]
    backwards.close()
