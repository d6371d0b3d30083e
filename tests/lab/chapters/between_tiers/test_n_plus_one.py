"""A hundred and one statements, two, one: the same answer, counted on the wire."""

import re

import pytest
import sqlalchemy

from lab.chapters.between_tiers import n_plus_one
from lab.chapters.between_tiers.n_plus_one import PAGES, ROUND_TRIP, WAYS, Trips, name_by_calls, name_over_distance
from lab.instruments.counting import statements
from lab.instruments.runs import Run
from mysite import engines
from mysite.stores import relational
from mysite.topology import data_directory
from tests.mysite.open_to_all import temporary  # noqa: F401 (a place that PostgreSQL's user can enter)

WAY_COUNTS = {"one by one": (101, 101), "in two": (2, 2), "joined": (1, 1)}


@pytest.fixture(scope="module")
def in_a_file(tmp_path_factory):
    store = relational.open_store(tmp_path_factory.mktemp("store") / relational.FILE)
    relational.load(store, data_directory())
    yield store
    store.dispose()


def test_the_ways_give_the_same(in_a_file):
    with relational.reading(in_a_file) as connection:
        answers = [read(connection) for read in WAYS.values()]
        latest = relational.latest_posts(connection, n_plus_one.POSTS)
    assert answers == [[(post.text, post.author_name) for post in latest]] * 3


@pytest.mark.parametrize("way", WAY_COUNTS)
def test_their_statements(in_a_file, way):
    with relational.reading(in_a_file) as connection, statements(in_a_file) as counter:
        WAYS[way](connection)
    assert counter.count == WAY_COUNTS[way][0]


def test_on_a_server():
    with engines.open("postgresql") as server:
        store = relational.open_store(server.url)
        relational.load(store, data_directory())
        store.dispose()
        counts = n_plus_one.count_trips(server, PAGES)
        assert counts == {"/": (3, 3), "/people": (2, 2), "/users/4": (5, 5), "/posts/50": (2, 2), "/popular": (3, 3)}
        run = n_plus_one.trips(server, rtts_ms=(0, 1), repeats=2)
    assert list(run.series)[:3] == ["round trip at 0 ms", "round trip at 1 ms", "one by one at 0 ms"]
    assert list(run.series)[-3:] == ["one by one by calls", "in two by calls", "joined by calls"]
    assert all(len(values) == 2 and min(values) > 0 for values in run.series.values())
    # a forwarder holds every byte for so long, so nothing is faster than its round trips
    assert min(run.series["one by one at 1 ms"]) > 0.101
    assert min(run.series["joined at 1 ms"]) > 0.001
    assert run.payload.rtts_ms == [0, 1] and len(run.payload.rtts_s) == 2 and run.payload.rtts_s[1] > 0.001
    assert run.payload.ways == WAY_COUNTS


def test_the_table_has_calls_beside_two_distances():
    series = {name_over_distance(ROUND_TRIP, ms): [ms / 1000 + 0.001] for ms in (0, 5)}
    series |= {name_over_distance("joined", 0): [0.003, 0.004, 0.009], name_over_distance("joined", 5): [0.01]}
    series[name_by_calls("joined")] = [0.002]
    payload = Trips([0, 5], [0.001, 0.006], {"joined": n_plus_one.TripCount(1, 1)})
    run = Run("made up", dict.fromkeys(series, "s"), series, payload)
    trip, joined = [line for line in repr(n_plus_one.table(run)).splitlines() if "⟨" in line]
    assert re.findall("⟨(.*?)⟩", trip) == ["1.00 ms", "6.00 ms"]
    assert re.findall("⟨(.*?)⟩", joined) == ["2.00 ms", "4.00 ms", "10.0 ms"]


def test_ways_that_differ_are_refused(in_a_file, monkeypatch):
    monkeypatch.setitem(WAYS, "joined", lambda connection: [])
    with pytest.raises(ValueError, match="different answers"):
        n_plus_one.seconds_by_way(in_a_file)


def test_where_a_server_listens():
    url = sqlalchemy.make_url("postgresql+psycopg://a:b@127.0.0.1:7/c")
    server = engines.Server("a", "A", "1", "real", "server", "", url, None, print)
    assert n_plus_one.address_of(server) == ("127.0.0.1", 7)
