"""The checkers on trips and connections: right answers, nearly right ones, and what the reader reads."""

import pytest

from lab.chapters.between_tiers import exercises as check
from tests.lab.chapters.checkers import assert_right, assert_wrong


def newest(ask, what="author_id, text", rest="order by id desc limit 100"):
    return ask(f"select {what} from posts {rest}")


def joined(ask):
    return ask("select text, name from posts join users on users.id = author_id order by posts.id desc limit 100")


def with_in(ask):
    posts = newest(ask)
    ids = list({author for author, _ in posts})
    names = dict(ask(f"select id, name from users where id in ({', '.join('?' * len(ids))})", *ids))
    return [[text, names[author]] for author, text in posts]


def with_in_unless_empty(ask):
    posts = newest(ask, "*")
    if not posts:
        return ()
    ids = ", ".join(str(author) for _, author, _ in posts)
    names = dict(ask(f"select id, name from users where id in ({ids});  -- all at once"))
    return tuple((text, names[author]) for _, author, text in posts)


def nested(ask):
    return ask("select text, (select name from users where id = author_id) from posts order by id desc limit 100")


@pytest.mark.parametrize(
    ("function", "hint"),
    [
        (joined, "1 statement in the place of 101"), (with_in, "2 statements in the place of 101"),
        (with_in_unless_empty, "2 statements"), (nested, "saves 100 ms a page."),
    ],
)  # fmt: skip
def test_fewer_trips_right(function, hint):
    verdict = check.fewer_trips(function)
    assert_right(verdict, hint)
    assert "But" not in verdict.message


def all_users(ask):
    names = dict(ask("select id, name from users"))
    return [(text, names[author]) for author, text in newest(ask)]


def all_posts(ask):
    return ask("select text, name from posts join users on users.id = author_id order by posts.id desc")[:100]


@pytest.mark.parametrize(("function", "rows"), [(all_users, 190), (all_posts, 250)])
def test_fetching_too_much_is_right_and_reported(function, rows):
    assert_right(check.fewer_trips(function), f"But {rows} rows came where")


def name_of(ask, author):
    return ask("select name from users where id = ?", author)[0][0]


def one_by_one(ask):
    return [(text, name_of(ask, author)) for author, text in newest(ask)]


def one_for_each_different(ask):
    posts = newest(ask)
    names = {author: name_of(ask, author) for author in {author for author, _ in posts}}
    return [(text, names[author]) for author, text in posts]


def three(ask):
    ask("select count(*) from posts")
    return with_in(ask)


@pytest.mark.parametrize(
    ("function", "hint"),
    [
        (one_by_one, "For 100 posts you sent 101 statements: one for the posts and one for each author."),
        (one_for_each_different, "statements: one for the posts and one for each different author."),
        (three, "For 100 posts you sent 3 statements: two are enough"),
    ],
)
def test_too_many_statements(function, hint):
    verdict = check.fewer_trips(function)
    assert_wrong(verdict, hint)
    assert verdict.message.startswith("All pairs are right. For 100 posts you sent ")


def in_their_own_order(ask):
    posts = newest(ask)
    ids = [author for author, _ in posts]
    names = dict(ask(f"select id, name from users where id in ({', '.join('?' * len(ids))})", *ids))
    in_their_order = list(names.values()) * 100
    return [(text, in_their_order[place]) for place, (_, text) in enumerate(posts)]


def zipped(ask):
    posts = newest(ask)
    ids = [author for author, _ in posts]
    names = ask(f"select name from users where id in ({', '.join('?' * len(ids))})", *ids)
    return [(text, name) for (_, text), (name,) in zip(posts, names, strict=False)]


def oldest(ask):
    sql = "select text, name from posts join users on users.id = author_id order by posts.id limit 100"
    return ask(sql)[::-1]


def sorted_within(ask):
    """The newest hundred, in an order that is only by chance that of the ids."""
    return ask(
        "select text, name from (select * from posts order by id desc limit 100) as newest"
        " join users on users.id = newest.author_id"
    )


def joining(condition="on users.id = author_id", what="text, name", rest="order by posts.id desc limit 100"):
    return lambda ask: ask(f"select {what} from posts join users {condition} {rest}")


@pytest.mark.parametrize(
    ("function", "hint"),
    [
        (joining(rest="order by posts.id limit 100"), "their order is not"),
        (joining(rest=""), "their order is not"),
        (joining(rest="limit 100"), "their order is not"), (sorted_within, "their order is not"),
        (joining(rest="order by posts.id desc"), "For a site of 250 posts your function returned 250 pairs, and 100"),
        (joining(rest="order by posts.id desc limit 50"), "returned 50 pairs, and 60 are expected. Posts are lost"),
        (oldest, "For a site of 250 posts pair 1 is"),
        (oldest, "These are the oldest"),
        (joining(what="name, text"), "The text comes first"),
        (joining(what="text, author_id"), "pair 1 is ('Tea?', 1). Expected is (text, name), two texts. The name"),
        (joining(what="posts.id, text, name"), "pair 1 is (9, 'Tea?', 'Ada'). Expected is (text, name)"),
        (joining(what="distinct text, name"), "Posts are lost: two may have the same text"),
        (lambda ask: list(dict(joined(ask)).items()), "Posts are lost: two may have the same text"),
        (joining(condition=""), "Posts are there more than once"),
        (joining(condition="on users.id >= author_id"), "Posts are there more than once"),
        (joining(condition="on users.id = posts.id"), "Posts are lost"),
        (in_their_own_order, "The texts are right, the names are not"),
        (zipped, "does zip end with the shorter list"),
        (lambda ask: [(text.upper(), name) for text, name in joined(ask)], "Which posts are the newest"),
        (lambda ask: [("Tea?", "Ada"), ("Rain again", "Bo"), ("Tea?", "Ada"), ("Good morning", "Bo")],
         "For a site of 0 posts your function returned 4 pairs, and 0 are expected."),
        (lambda ask: None, "Does it end in return?"),
        (lambda ask: "Tea?", "Expected is a list of pairs"),
        (lambda ask: dict(joined(ask)), "Expected is a list of pairs"),
        (lambda ask: iter(joined(ask)), "Expected is a list of pairs"),
        (lambda ask: ["Tea?"], "pair 1 is 'Tea?'"),
        (lambda ask: ask("select txt from posts"), "For a site of 4 posts a statement failed: no such column: txt"),
        (lambda ask: ask("select text form posts"), "a statement failed"),
        (lambda ask: ask("select name from users where id in (?)", [1, 2]), "ask(sql, *values)"),
        (lambda ask: ask("delete from posts"), "only select is allowed"),
        (lambda ask: ask("select 1; drop table posts"), "Give ask one statement"),
        (lambda ask: ask(...), "as a text"),
        (lambda ask: [(text, name_of(ask, author)) for text, author in newest(ask)], "raised IndexError"),
        (lambda ask: joined(ask) if newest(ask)[0] else [], "For a site of 0 posts your function raised IndexError"),
        (lambda: 3, "raised TypeError"),
        (list, "raised TypeError"),
        (joined(check.trial()), "A function is expected"),
    ],
)  # fmt: skip
def test_fewer_trips_wrong(function, hint):
    assert_wrong(check.fewer_trips(function), hint)


def test_a_write_counts_also_when_its_error_is_caught():
    def writing(ask):
        try:
            ask("update users set name = 'Ada'")
        except Exception:
            return joined(ask)

    assert "only select is allowed" in check.fewer_trips(writing).message


def test_a_function_that_leaves_is_reported():
    def leaving(ask):
        raise SystemExit(3)

    assert "raised SystemExit: 3" in check.fewer_trips(leaving).message


def test_an_interrupt_is_named():
    def endless(ask):
        raise KeyboardInterrupt

    assert check.fewer_trips(endless).message.endswith("your function was interrupted.")


def test_a_site_to_try_with():
    expected = [("Tea?", "Ada"), ("Rain again", "Bo"), ("Tea?", "Ada"), ("Good morning", "Bo")]
    assert joined(check.trial()) == one_by_one(check.trial()) == expected


def test_the_sites_have_what_readers_stumble_over():
    small, empty, few, many = check.sites()
    assert check.sites() == [small, empty, few, many], "the same each time"
    assert (len(empty.posts), len(few.posts), len(many.posts)) == (0, 60, 250)
    for site in (small, few, many):
        pairs = site.newest()
        names = [name for _, name in site.users]
        authors = {author for _, author, _ in sorted(site.posts, reverse=True)[:100]}
        assert len(set(pairs)) < len(pairs), "equal posts of equal names"
        assert len(set(names)) < len(names) and len(authors) < len(names)
        assert {author for _, author, _ in site.posts} <= {user_id for user_id, _ in site.users}
        assert [user_id for user_id, _ in site.users] != list(range(1, len(names) + 1))
