import sqlalchemy

from mysite.web import server_timing


def test_the_account_of_a_page() -> None:
    assert server_timing.HIT == "cache;desc=hit"
    assert server_timing.MISS == "cache;desc=miss"
    metrics = server_timing.metrics(3, 0.00042, 0.0019)
    assert metrics == 'store;desc="3 statements";dur=0000.420, app;dur=0001.900'
    assert server_timing.metrics(1, 0, 1.2345678) == 'store;desc="1 statement";dur=0000.000, app;dur=1234.568'
    assert server_timing.metrics(0, 0, 0).startswith('store;desc="0 statements"')


def test_statements_are_counted_as_the_engine_is_given_them() -> None:
    engine = sqlalchemy.create_engine("sqlite://")
    first = server_timing.count_statements(engine)
    with engine.begin() as connection:
        assert first.count == 0
        connection.exec_driver_sql("create table t (x)")
        second = server_timing.count_statements(engine)
        connection.exec_driver_sql("insert into t values (?)", [(1,), (2,)])
        assert (first.count, second.count) == (2, 1)  # one statement, however many rows
    assert (first.count, second.count) == (2, 1)
    assert server_timing.Statements() == server_timing.Statements(0)
