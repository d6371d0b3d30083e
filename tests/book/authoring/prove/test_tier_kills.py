"""book/authoring/prove/tier_kills.py: in small, and that each of its complaints can come."""

from dataclasses import replace

import pytest
import sqlalchemy

from book.authoring.prove import tier_kills
from book.authoring.prove.tier_kills import Found, Kill, Round, Writes
from mysite.stores.relational import posts

FINE = Found(set(), set(), set(), set())


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
    return posts.insert().from_select(columns, sqlalchemy.select(*(posts.c[each] for each in columns)).where(
        posts.c.id == number))  # fmt: skip


TAMPERING = {
    gone: lambda number, text: Found({(number, text)}, set(), set(), set()),
    changed: lambda number, text: Found({(number, text)}, set(), {"another"}, {"another"}),
    moved: lambda number, text: Found({(number, text)}, set(), set(), set()),
    doubled: lambda number, text: Found(set(), {text}, set(), set()),
}


def tampered(url, writes, tampering):
    """An acknowledged post, and what is found where it was tampered with behind the site's back; all is put right."""
    post = writes.acknowledged[7]
    mine = posts.c.author_id.in_(writes.authors)
    engine = sqlalchemy.create_engine(url, poolclass=sqlalchemy.NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        before = [dict(row._mapping) for row in connection.execute(posts.select().where(mine))]
        connection.execute(tampering(*post))
        found = tier_kills.read_back(url, writes)
        connection.execute(posts.delete().where(mine))
        connection.execute(posts.insert(), before)
    return post, found


@pytest.fixture(scope="module")
def run():
    """The proof in small; and what it finds where its posts are tampered with before they are read back."""
    read_back, readings = tier_kills.read_back, {}

    def read_back_in_many_ways(url, writes):
        patch.setattr(tier_kills, "read_back", read_back)
        clean = read_back(url, writes)
        readings.update({each: (clean, *tampered(url, writes, each)) for each in TAMPERING})
        *others, post = writes.acknowledged
        unanswered = Writes(writes.authors, writes.tried, acknowledged=others)
        readings["unanswered"] = (clean, post, read_back(url, unanswered))
        return read_back(url, writes)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tier_kills, "read_back", read_back_in_many_ways)
        return tier_kills.prove(4, "seed"), readings


def test_nothing_is_lost(run):
    proved, _ = run
    assert proved["failed"] is False
    assert (proved["lost"], proved["duplicated"], proved["never_sent_and_there"], proved["left"]) == (0, 0, 0, [])
    assert proved["acknowledged"] == proved["answers"]["201"] > 10
    assert proved["seed"] == "seed"
    assert proved["user"] == tier_kills.user_name()


def test_both_tiers_are_killed_with_writes_in_flight(run):
    proved, _ = run
    assert proved["kills"] == sum(proved["by_what"].values()) == 4
    assert proved["by_what"].keys() == {"web", "database"}
    assert proved["in_flight"] == 4
    assert proved["cut_off"] >= 1


@pytest.mark.parametrize("tampering", TAMPERING)
def test_what_is_tampered_with_is_found(run, tampering):
    clean, post, found = run[1][tampering]
    assert (clean.lost, clean.duplicated, clean.never_sent) == (set(), set(), set())
    expected = TAMPERING[tampering](*post)
    assert found == replace(expected, unacknowledged=expected.unacknowledged | clean.unacknowledged)


def test_a_post_whose_answer_was_lost_is_no_fault(run):
    clean, (_, text), found = run[1]["unanswered"]
    assert found == replace(clean, unacknowledged=clean.unacknowledged | {text})


def test_what_one_reading_has_missed_stays_lost():
    first, last = Found({(1, "a")}, {"b"}, {"c"}, {"d"}), Found({(2, "e")}, set(), {"f"}, set())
    assert tier_kills.together([first, last]) == Found({(1, "a"), (2, "e")}, {"b"}, {"f"}, {"d"})


def round_of(found=FINE, left=(), in_flight=10, outcome="201"):
    """A round of ten kills, at so many of which a write was in flight that came to nothing."""
    writes = Writes(acknowledged=[(1, "a")])
    writes.answers.update({"201": 1, outcome: 1})
    texts = [frozenset({"a", "b"})] * in_flight + [frozenset()] * (10 - in_flight)
    return Round([Kill("web", each, 0.5) for each in texts], writes, found, list(left))


@pytest.mark.parametrize(
    ("wrong", "fails"),
    [
        ({}, False),
        ({"found": Found({(1, "a")}, set(), set(), set())}, True),
        ({"found": Found(set(), {"a"}, set(), set())}, True),
        ({"found": Found(set(), set(), {"a"}, set())}, False),
        ({"found": Found(set(), set(), set(), {"a"})}, True),
        ({"left": ["port 80"]}, True),
        ({"in_flight": 9}, False),
        ({"in_flight": 8}, True),
        ({"outcome": "503"}, False),
        ({"outcome": "500"}, True),
        ({"outcome": "ReadTimeout"}, True),
    ],
)
def test_what_makes_the_proof_fail(monkeypatch, wrong, fails):
    monkeypatch.setattr(tier_kills, "on_one_site", lambda chance, count, mark: round_of(**wrong))
    assert tier_kills.prove(10, "seed")["failed"] is fails


def test_after_a_hundred_kills_comes_a_new_site(monkeypatch):
    counts = []

    def on_one_site(chance, count, mark):
        counts.append((count, mark))
        return round_of(left=["port 80"], in_flight=9)

    monkeypatch.setattr(tier_kills, "on_one_site", on_one_site)
    proved = tier_kills.prove(250, "seed")
    assert [count for count, _ in counts] == [100, 100, 50]
    assert len({mark for _, mark in counts}) == 3
    assert (proved["kills"], proved["in_flight"], proved["cut_off"], proved["acknowledged"]) == (30, 27, 27, 3)
    assert proved["left"] == ["port 80"] * 3
