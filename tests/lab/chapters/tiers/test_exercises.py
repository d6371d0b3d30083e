"""The checkers of chapter 05: what is right, what is nearly right, and what the reader is told."""

import itertools
from fractions import Fraction

import numpy
import pytest
from hypothesis import given

from lab.chapters.tiers import exercises as check
from lab.models.tiers import Tier, capacity, steady
from lab.widgets.checking import UNANSWERED
from lab.widgets.quiz import quiz
from tests.lab.exercises.test_checking import ANYTHING

CHECKERS = (check.bottleneck, check.gain, check.throughput, check.fewer_trips, check.connections)


@pytest.mark.parametrize("checker", CHECKERS)
def test_unanswered(checker):
    assert checker(...) == UNANSWERED


@pytest.mark.parametrize("checker", [check.throughput, check.fewer_trips])
def test_a_function_that_is_not_written_yet_is_unanswered(checker):
    assert checker(lambda *arguments: ...) == UNANSWERED


@pytest.mark.parametrize("checker", CHECKERS)
@given(answer=ANYTHING)
def test_never_raises(checker, answer):
    assert checker(answer).state in ("unanswered", "wrong", "right")


@pytest.mark.parametrize(
    ("checker", "answer"),
    [
        (check.bottleneck, 50), (check.bottleneck, 1 / 0.020), (check.bottleneck, 1000 / max(12, 20)),
        (check.gain, 5 / 3), (check.gain, 1.67), (check.gain, Fraction(5, 3)), (check.gain, 40 / 24),
        (check.connections, 2), (check.connections, 400 * 0.005),
    ],
)  # fmt: skip
def test_numbers_right(checker, answer):
    assert checker(answer).state == "right"


@pytest.mark.parametrize(
    ("checker", "answer", "said"),
    [
        (check.bottleneck, 31.25, "one box for both"), (check.bottleneck, 31.3, "one box for both"),
        (check.bottleneck, 83.3, "go on to the data tier"), (check.bottleneck, 0.05, "A second has 1,000"),
        (check.bottleneck, 62.5, "one is full before"), (check.bottleneck, 133.3, "does not add up"),
        (check.bottleneck, 66.7, "the mean of both"), (check.bottleneck, 20, "between two answers"),
        (check.bottleneck, 45, "A request needs both"), (check.bottleneck, "50", "Leave out the quotes"),
        (check.gain, 2, "one box is full before"), (check.gain, 2.5, "the smaller demand"),
        (check.gain, 0.6, "turned it round"), (check.gain, 1.5, "two boxes with one"),
        (check.gain, 0.667, "in all"), (check.gain, 41.7, "With one it is 25"), (check.gain, 25, "How many with two"),
        (check.gain, 16.7, "So many more"), (check.gain, 167, "in per cent"), (check.gain, 1, "One user alone"),
        (check.gain, 1.7, "two decimals"), (check.gain, 1.8, "full first"),
        (check.connections, 80, "Little's law multiplies"), (check.connections, 80_000, "Little's law multiplies"),
        (check.connections, 0.0125, "Little's law multiplies"), (check.connections, 1.25e-5, "Little's law multiplies"),
        (check.connections, 2000, "one unit"), (check.connections, 200, "One connection can serve"),
        (check.connections, 0.5, "turned it round"), (check.connections, 400, "gives its connection back"),
        (check.connections, 5, "times the seconds"), (check.connections, 2.1, "times the seconds"),
    ],
)  # fmt: skip
def test_numbers_wrong(checker, answer, said):
    verdict = checker(answer)
    assert verdict.state == "wrong" and said in verdict.message


def of_its_tier(inside, own):
    return own


def by_little(rate, demand, residence):
    return rate * residence


def by_steps(demands, users, begin=0.0, seen=of_its_tier, queue=by_little):
    """Mean value analysis, or what becomes of it with another rule."""
    inside = [begin] * len(demands)
    for count in range(1, users + 1):
        residence = [demand * (1 + seen(inside, own)) for demand, own in zip(demands, inside, strict=True)]
        rate = count / sum(residence)
        inside = [queue(rate, *each) for each in zip(demands, residence, strict=True)]
    return rate


def by_recursion(demands, users):
    """The same from the top down, in exact fractions."""

    def queues(count):
        if count == 0:
            return [Fraction(0)] * len(demands), None
        residence = [
            Fraction(demand) * (1 + there) for demand, there in zip(demands, queues(count - 1)[0], strict=True)
        ]
        rate = count / sum(residence)
        return [rate * each for each in residence], rate

    return queues(users)[1]


def settled(demands, users):
    """The queues of as many users as there are, until they no longer change."""
    inside = [users / len(demands)] * len(demands)
    for _ in range(20_000):
        residence = [demand * (1 + there) for demand, there in zip(demands, inside, strict=True)]
        rate = users / sum(residence)
        inside = [rate * each for each in residence]
    return rate


def emptied(demands, users):
    """It empties what it is given."""
    rate = by_steps(demands, users)
    demands.clear()
    return rate


def adding(demands, users):
    inside = [0] * len(demands)
    for count in range(1, users + 1):
        residence = [demand * (1 + there) for demand, there in zip(demands, inside, strict=True)]
        rate = count / sum(residence)
        inside = [there + rate * each for there, each in zip(inside, residence, strict=True)]
    return rate


def with_its_own_queue(demands, users):
    inside = [0] * len(demands)
    for count in range(1, users + 1):
        residence = [demand * (1 + there) for demand, there in zip(demands, inside, strict=True)]
        inside = [count / sum(residence) * each for each in residence]
    return users / sum(demand * (1 + there) for demand, there in zip(demands, inside, strict=True))


@pytest.mark.parametrize(
    "function",
    [
        by_steps,
        by_recursion,
        emptied,
        lambda demands, users: numpy.float64(by_steps(demands, users)),
        lambda demands, users: by_steps(demands, users) * (1 + 1e-10),
    ],
)
def test_throughput_right(function):
    verdict = check.throughput(function)
    assert verdict.state == "right" and "34 cases: one to 3 tiers" in verdict.message


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (lambda demands, users: min(users / sum(demands), 1 / max(demands)), "That is the bound"),
        (lambda demands, users: users / by_steps(demands, users), "That is the response time"),
        (with_its_own_queue, "does not wait for itself"),
        (settled, "does not wait for itself"),
        (lambda demands, users: users / sum(demands), "nobody ever waited"),
        (lambda demands, users: 1 / max(demands), "the bottleneck can do"),
        (lambda demands, users: by_steps(demands, users, seen=lambda inside, own: sum(inside)), "One box for all"),
        (lambda demands, users: by_steps(demands, users - 1) if users > 1 else 0, "one user fewer. Begin with 1"),
        (lambda demands, users: by_steps(demands, users + 1), "one user more"),
        (lambda demands, users: by_steps(demands, users, begin=1), "empty queues"),
        (lambda demands, users: users / sum(each * (1 + (users - 1) / len(demands)) for each in demands), "evenly"),
        (lambda demands, users: by_steps(demands, users, queue=lambda rate, demand, residence: rate * demand),
         "how busy a tier is"),
        (adding, "You add each queue"),
        (lambda demands, users: by_steps(demands, users) * (1 + 1e-8), "Q of n - 1"),
        (lambda demands, users: 7, "Q of n - 1"),
        (lambda demands, users: float("nan"), "Q of n - 1"),
        (lambda demands, users: by_steps(demands, min(users, 3)), "Q of n - 1"),
        (lambda demands, users: demands, "Expected is a number of answers a second"),
        (lambda demands, users: None, "Does it end in return?"),
        (lambda demands: 1, "raised TypeError"),
        (lambda demands, users: by_steps(demands, users - 1), "raised UnboundLocalError"),
        (31.25, "A function is expected"),
    ],
)  # fmt: skip
def test_throughput_wrong(function, said):
    verdict = check.throughput(function)
    assert verdict.state == "wrong" and said in verdict.message


def test_throughput_shows_the_first_case():
    assert check.throughput(lambda demands, users: 50).message.startswith(
        "For [0.012, 0.02], 1 your function returned 50, and 31.25 is expected."
    )


def test_no_mistake_is_taken_for_another_one():
    """Each differs from the right answer and from those with another hint, somewhere in the cases."""
    answers = [([rule(*case) for case in check._cases()], hint) for rule, hint in check.MISTAKES]
    answers.append(([check._exact(*case) for case in check._cases()], "right"))
    for (one, hint), (other, another) in itertools.combinations(answers, 2):
        assert hint == another or any(abs(a - b) > 1e-4 * a for a, b in zip(one, other, strict=True))


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
    ("function", "said"),
    [
        (joined, "1 statement in the place of 101"), (with_in, "2 statements in the place of 101"),
        (with_in_unless_empty, "2 statements"), (nested, "saves 100 ms a page."),
    ],
)  # fmt: skip
def test_fewer_trips_right(function, said):
    verdict = check.fewer_trips(function)
    assert verdict.state == "right" and said in verdict.message and "But" not in verdict.message


def all_users(ask):
    names = dict(ask("select id, name from users"))
    return [(text, names[author]) for author, text in newest(ask)]


def all_posts(ask):
    return ask("select text, name from posts join users on users.id = author_id order by posts.id desc")[:100]


@pytest.mark.parametrize(("function", "rows"), [(all_users, 190), (all_posts, 250)])
def test_who_fetches_too_much_is_right_and_told_so(function, rows):
    verdict = check.fewer_trips(function)
    assert verdict.state == "right" and f"But {rows} rows came where" in verdict.message


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
    ("function", "said"),
    [
        (one_by_one, "For 100 posts you sent 101 statements: one for the posts and one for each author."),
        (one_for_each_different, "statements: one for the posts and one for each different author."),
        (three, "For 100 posts you sent 3 statements: two are enough"),
    ],
)
def test_too_many_statements(function, said):
    verdict = check.fewer_trips(function)
    assert verdict.state == "wrong" and verdict.message.startswith("All pairs are right. For 100 posts you sent ")
    assert said in verdict.message


def in_their_own_order(ask):
    posts = newest(ask)
    ids = [author for author, _ in posts]
    names = dict(ask(f"select id, name from users where id in ({', '.join('?' * len(ids))})", *ids))
    found = list(names.values()) * 100
    return [(text, found[place]) for place, (_, text) in enumerate(posts)]


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
    ("function", "said"),
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
def test_fewer_trips_wrong(function, said):
    verdict = check.fewer_trips(function)
    assert verdict.state == "wrong" and said in verdict.message
    assert "\n" not in verdict.message


def test_a_write_counts_also_when_its_error_is_caught():
    def writing(ask):
        try:
            ask("update users set name = 'Ada'")
        except Exception:
            return joined(ask)

    assert "only select is allowed" in check.fewer_trips(writing).message


def test_who_leaves_is_told_so():
    def leaving(ask):
        raise SystemExit(3)

    assert "raised SystemExit: 3" in check.fewer_trips(leaving).message


def test_an_interrupt_passes():
    def endless(ask):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check.fewer_trips(endless)


def test_a_site_to_try_with():
    expected = [("Tea?", "Ada"), ("Rain again", "Bo"), ("Tea?", "Ada"), ("Good morning", "Bo")]
    assert joined(check.trial()) == one_by_one(check.trial()) == expected


def test_the_sites_have_what_readers_stumble_over():
    small, empty, few, many = check.sites()
    assert check.sites() == [small, empty, few, many], "the same each time"
    assert (len(empty.posts), len(few.posts), len(many.posts)) == (0, 60, 250)
    for site in (small, few, many):
        shown = site.newest()
        names = [name for _, name in site.users]
        authors = {author for _, author, _ in sorted(site.posts, reverse=True)[:100]}
        assert len(set(shown)) < len(shown), "equal posts of equal names"
        assert len(set(names)) < len(names) and len(authors) < len(names)
        assert {author for _, author, _ in site.posts} <= {each for each, _ in site.users}
        assert [each for each, _ in site.users] != list(range(1, len(names) + 1))


def test_quiz_is_well_formed_and_its_numbers_are_the_model_s():
    questions = quiz("chapter_05").spec["questions"]
    assert len(questions) == 5 and all(len(question["options"]) == 4 for question in questions)
    assert all(o["reason"].endswith(".") and len(o["reason"]) <= 190 for q in questions for o in q["options"])
    assert [sum(o["right"] for o in question["options"]) for question in questions] == [1] * 5
    right = [next(option["reason"] for option in question["options"] if option["right"]) for question in questions]
    for boxes in (1, 2, 10):
        assert f"{capacity([Tier(0.9), Tier(0.3, boxes)]):.2f} times" in right[1]
    assert f"the way alone takes {round(101 * 0.5)} ms" in right[2]


def test_one_user_gains_nothing_as_the_quiz_and_a_hint_say():
    assert steady([Tier(0.03), Tier(0.01)], 1).throughput == pytest.approx(steady([Tier(0.04)], 1).throughput)
