"""What opening a connection takes: round trips are counted, times are only there."""

import psycopg

from lab.chapters.between_tiers import connecting
from lab.chapters.between_tiers.connecting import OPENING, STATEMENT, Connecting
from lab.instruments.runs import Run
from mysite import engines
from mysite.engines.postgresql import credentials
from tests.mysite.open_to_all import temporary  # noqa: F401 (a place that PostgreSQL's user can enter)


def test_on_a_server():
    with engines.open("postgresql") as server:
        assert connecting.round_trips(server) == {OPENING: 4, STATEMENT: 1}
        run = connecting.connecting(server, repeats=3)
        parameters = credentials(server.url)
        with psycopg.connect(**parameters) as one, psycopg.connect(**parameters) as other:
            processes = {connection.info.backend_pid for connection in (one, other)}
    assert len(processes) == 2  # each connection has a process of the database's
    assert list(run.series) == [OPENING, STATEMENT]
    assert [(len(values), min(values) > 0) for values in run.series.values()] == [(3, True), (3, True)]


def test_opening_ends_where_the_statement_begins():
    assert connecting.durations_s(1.0, 3.0, 3.5) == {OPENING: 2.0, STATEMENT: 0.5}


def test_the_table_has_counts_beside_median_times():
    series = {OPENING: [0.001, 0.003, 0.002], STATEMENT: [0.001]}
    run = Run("made up", dict.fromkeys(series, "s"), series, Connecting())
    opening, statement = [
        line for line in repr(connecting.table(run, {OPENING: 3, STATEMENT: 1})).splitlines() if "⟨" in line
    ]
    assert opening.split()[-3:] == ["3", "⟨2.00", "ms⟩"] and statement.split()[-3:] == ["1", "⟨1.00", "ms⟩"]
