"""The proof by kills of either tier: in small, and that each of its complaints can come."""

from dataclasses import replace

import pytest
import sqlalchemy

from book.authoring.prove import tier_kills
from book.authoring.prove.tier_kills import Differences, Kill, SiteRecord, Writes
from mysite.stores.relational import posts

pytestmark = pytest.mark.whole

FINE = Differences(set(), set(), set(), set())


def gone(number, text):
    """A post is deleted."""
    return posts.delete().where(posts.c.id == number)


def changed(number, text):
    """Its text is another one."""
    return posts.update().where(posts.c.id == number).values(text="another")


def moved(number, text):
    """It has another id."""
    return posts.update().where(posts.c.id == number).values(id=10**6)


def doubled(number, text):
    """It is there once more."""
    columns = [column.name for column in posts.columns if column.name != "id"]
    return posts.insert().from_select(columns, sqlalchemy.select(*(posts.c[name] for name in columns)).where(
        posts.c.id == number))  # fmt: skip


TAMPERING = {
    gone: lambda number, text: Differences({(number, text)}, set(), set(), set()),
    changed: lambda number, text: Differences({(number, text)}, set(), {"another"}, {"another"}),
    moved: lambda number, text: Differences({(number, text)}, set(), set(), set()),
    doubled: lambda number, text: Differences(set(), {text}, set(), set()),
}


def read_back_tampered(url, writes, tampering):
    """Tamper with a post behind the site's back, read all back, and put it right; return the post and the differences.
    """
    post = writes.acknowledged[7]
    mine = posts.c.author_id.in_(writes.authors)
    engine = sqlalchemy.create_engine(url, poolclass=sqlalchemy.NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        before = [dict(row._mapping) for row in connection.execute(posts.select().where(mine))]
        connection.execute(tampering(*post))
        differences = tier_kills.read_back(url, writes)
        connection.execute(posts.delete().where(mine))
        connection.execute(posts.insert(), before)
    return post, differences


@pytest.fixture(scope="module")
def run():
    """The proof in small; and its readings where posts are tampered with before they are read back."""
    read_back, readings = tier_kills.read_back, {}

    def read_back_in_many_ways(url, writes):
        patch.setattr(tier_kills, "read_back", read_back)
        clean = read_back(url, writes)
        readings.update({change: (clean, *read_back_tampered(url, writes, change)) for change in TAMPERING})
        *others, post = writes.acknowledged
        unanswered = Writes(writes.authors, writes.attempts, acknowledged=others)
        readings["unanswered"] = (clean, post, read_back(url, unanswered))
        return read_back(url, writes)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tier_kills, "read_back", read_back_in_many_ways)
        return tier_kills.prove(4, "seed"), readings


def test_nothing_is_lost(run):
    proof, _ = run
    assert proof["failed"] is False
    assert (proof["lost"], proof["duplicated"], proof["never_sent_and_there"], proof["left"]) == (0, 0, 0, [])
    assert proof["acknowledged"] == proof["answers"]["201"] > 10
    assert proof["seed"] == "seed"
    assert proof["user"] == tier_kills.user_name()


def test_both_tiers_are_killed_with_writes_in_flight(run):
    proof, _ = run
    assert proof["kills"] == sum(proof["by_what"].values()) == 4
    assert proof["by_what"].keys() == {"web", "database"}
    assert proof["in_flight"] == 4
    assert proof["cut_off"] >= 1


@pytest.mark.parametrize("tampering", TAMPERING)
def test_tampering_is_noticed(run, tampering):
    clean, post, differences = run[1][tampering]
    assert (clean.lost, clean.duplicated, clean.never_sent) == (set(), set(), set())
    expected = TAMPERING[tampering](*post)
    assert differences == replace(expected, unacknowledged=expected.unacknowledged | clean.unacknowledged)


def test_a_post_whose_answer_was_lost_is_no_fault(run):
    clean, (_, text), differences = run[1]["unanswered"]
    assert differences == replace(clean, unacknowledged=clean.unacknowledged | {text})


def test_what_one_reading_has_missed_stays_lost():
    first, last = Differences({(1, "a")}, {"b"}, {"c"}, {"d"}), Differences({(2, "e")}, set(), {"f"}, set())
    assert tier_kills.combine([first, last]) == Differences({(1, "a"), (2, "e")}, {"b"}, {"f"}, {"d"})


def site_record(differences=FINE, remains=(), in_flight=10, outcome="201"):
    """The record of ten kills, at so many of which a write was in flight that came to nothing."""
    writes = Writes(acknowledged=[(1, "a")])
    writes.answers.update({"201": 1, outcome: 1})
    kills = [Kill("web", frozenset({"a", "b"}), 0.5)] * in_flight + [Kill("web", frozenset(), 0.5)] * (10 - in_flight)
    return SiteRecord(kills, writes, differences, list(remains))


@pytest.mark.parametrize(
    ("fault", "fails"),
    [
        ({}, False),
        ({"differences": Differences({(1, "a")}, set(), set(), set())}, True),
        ({"differences": Differences(set(), {"a"}, set(), set())}, True),
        ({"differences": Differences(set(), set(), {"a"}, set())}, False),
        ({"differences": Differences(set(), set(), set(), {"a"})}, True),
        ({"remains": ["port 80"]}, True),
        ({"in_flight": 9}, False),
        ({"in_flight": 8}, True),
        ({"outcome": "503"}, False),
        ({"outcome": "500"}, True),
        ({"outcome": "ReadTimeout"}, True),
    ],
)
def test_what_makes_the_proof_fail(monkeypatch, fault, fails):
    monkeypatch.setattr(tier_kills, "kills_on_a_site", lambda chance, count, mark: site_record(**fault))
    assert tier_kills.prove(10, "seed")["failed"] is fails


def test_after_a_hundred_kills_comes_a_new_site(monkeypatch):
    counts = []

    def kills_on_a_site(chance, count, mark):
        counts.append((count, mark))
        return site_record(remains=["port 80"], in_flight=9)

    monkeypatch.setattr(tier_kills, "kills_on_a_site", kills_on_a_site)
    proof = tier_kills.prove(250, "seed")
    assert [count for count, _ in counts] == [100, 100, 50]
    assert len({mark for _, mark in counts}) == 3
    assert (proof["kills"], proof["in_flight"], proof["cut_off"], proof["acknowledged"]) == (30, 27, 27, 3)
    assert proof["left"] == ["port 80"] * 3
