"""Checkers of the exercises in chapter 05. Each takes the reader's answer and returns a Verdict."""

import math
import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from lab.models.tiers import Tier, capacity, gain_of_splitting, most_throughput, steady
from lab.widgets import checking
from lab.widgets.checking import UNANSWERED, Outcome, Verdict, right, wrong
from lab.widgets.sql_checking import ReadOnly

# Exercise 1
WEB_MS, DATA_MS = 12, 20
# Exercise 2
MORE_MS, LESS_MS = 24, 16
# Exercise 3: the hidden cases
SEED, CASES, MOST_TIERS, MOST_USERS, MOST_MS = 5, 30, 3, 10, 60
SAME, LIKE = 1e-9, 1e-6  # relative: what is right, and what is taken for one of the known mistakes
# Exercise 4: the hidden sites
SHOWN, MOST_STATEMENTS, ROUND_TRIP_MS = 100, 2, 1
SCHEMA = """
create table users (id integer primary key, name text not null);
create table posts (id integer primary key, author_id integer not null references users, text not null);
"""
NAMES = ("Ada", "Bo", "Cy", "Dana", "Eli", "Fay", "Gus", "Hana", "Ivo", "Jo", "Kim", "Lea")
TEXTS = ("Good morning", "Tea?", "Rain again", "On my way", "Who has seen my keys?", "Late, as ever", "It's done")
# Exercise 5
RATE, HELD_MS = 400, 5


def _known(value: float, hints: Mapping[float, str], otherwise: str) -> str:
    """The hint for a value that is expected to come up, rounded or not."""
    return next((hint for known, hint in hints.items() if math.isclose(value, known, rel_tol=0.01)), otherwise)


def bottleneck(answer: object) -> Verdict:
    """Exercise 1: the requests a second of two tiers, at the most."""
    praise = f"the data tier is full at 1000 / {DATA_MS} a second, and the web box busy {100 * WEB_MS / DATA_MS:.0f} %."
    expected = capacity([Tier(WEB_MS / 1000), Tier(DATA_MS / 1000)])
    return checking.number(answer, expected, 1e-6, _bottleneck_hint, praise)


def _bottleneck_hint(value: float) -> str:
    both, web, data = 1000 / (WEB_MS + DATA_MS), 1000 / WEB_MS, 1000 / DATA_MS
    hints = {
        both: "So it would be with one box for both. Here one tier works on a request while the other has the next.",
        web: "The web tier can do that. The same requests go on to the data tier.",
        data / 1000: "That is a millisecond's. A second has 1,000 of them.",
        2 * both: "So it would be if both tiers had as much to do. They do not: one is full before the other.",
        web + data: "Each request needs both tiers, so what they can do does not add up.",
        (web + data) / 2: "That is the mean of both tiers. The slower one lets no more through than it can do.",
        DATA_MS: "That is the time between two answers, in milliseconds. How often does it fit into a second?",
    }
    return _known(value, hints, "How many can each tier do in a second? A request needs both.")


def gain(answer: object) -> Verdict:
    """Exercise 2: how many times as much two boxes answer, one for each tier, as one box for both."""
    expected = gain_of_splitting(MORE_MS / 1000, LESS_MS / 1000)
    praise = f"({MORE_MS} + {LESS_MS}) / {MORE_MS}. The web box is full, the other one has a third of its time left."
    return checking.number(answer, expected, expected / 100, _gain_hint, praise)


def _gain_hint(value: float) -> str:
    together, apart = 1000 / (MORE_MS + LESS_MS), 1000 / MORE_MS
    hints: dict[float, str] = {
        2: "Twice as much it is only if both tiers have as much to do. Here one box is full before the other.",
        (MORE_MS + LESS_MS) / LESS_MS: "You divided by the smaller demand. The tier with the larger one is full first.",
        together / apart: "You have turned it round: before over after.",
        MORE_MS / LESS_MS: "That compares the tiers with one another. Compare two boxes with one.",
        LESS_MS / MORE_MS: "So much is added. How many times as much is it in all?",
        apart: f"So many a second it is with two boxes. With one it is {together:g}. How many times as many?",
        together: "So many a second it is with one box. How many with two, and how many times as many is that?",
        apart - together: "So many more a second. How many times as many?",
        100 * apart / together: "That is in per cent. How many times as much is it?",
        1: "One user alone gains nothing. With many, one box works on a request while the other has the next.",
        1.7: "That is near. Give two decimals, or a fraction.",
    }
    return _known(value, hints, "How many a second can one box do that has both? Of two, which is full first?")


def throughput(answer: object) -> Verdict:
    """Exercise 3: mean value analysis, one box for each demand and no time to think."""
    return checking.function(
        answer,
        _cases(),
        _exact,
        checking.as_number,
        "a number of answers a second",
        _throughput_hint,
        f"your function was tried on {len(_cases())} cases: one to {MOST_TIERS} tiers, and up to {MOST_USERS} users.",
        lambda value, expected: math.isclose(value, expected, rel_tol=SAME),
    )


def _cases() -> list[tuple[list[float], int]]:
    """Demands in seconds and a number of users: some by hand, then hidden ones."""
    draw = random.Random(SEED)
    tried: list[tuple[list[float], int]] = [([0.012, 0.02], 1), ([0.012, 0.02], 2), ([0.01], 3), ([0.03, 0.01], 8)]
    for _ in range(CASES):
        demands = [draw.randint(1, MOST_MS) / 1000 for _ in range(draw.randint(1, MOST_TIERS))]
        tried.append((demands, draw.randint(1, MOST_USERS)))
    return tried


def _exact(demands: Sequence[float], users: int) -> float:
    return steady([Tier(demand) for demand in demands], users).throughput


def _response(demands: Sequence[float], users: int) -> float:
    return steady([Tier(demand) for demand in demands], users).response_s


def _bound(demands: Sequence[float], users: int) -> float:
    return most_throughput([Tier(demand) for demand in demands], users)


def _one_fewer(demands: Sequence[float], users: int) -> float:
    return _exact(demands, users - 1) if users > 1 else 0


def _evenly(demands: Sequence[float], users: int) -> float:
    return users / (sum(demands) * (1 + (users - 1) / len(demands)))


def _stepped(
    demands: Sequence[float],
    users: int,
    begin: float = 0,
    queue: Callable[[float, float, float, float], float] = lambda rate, demand, residence, before: rate * residence,
) -> tuple[float, list[float]]:
    """Mean value analysis with something else in the place of a rule: answers a second, and how many are where."""
    rate, inside = 0.0, [begin] * len(demands)
    for count in range(1, users + 1):
        residence = [demand * (1 + there) for demand, there in zip(demands, inside, strict=True)]
        rate = count / sum(residence)
        inside = [queue(rate, *each) for each in zip(demands, residence, inside, strict=True)]
    return rate, inside


def _sees_itself(demands: Sequence[float], users: int) -> float:
    """The queues of n users in the place of those of n - 1, once at the end."""
    _, inside = _stepped(demands, users)
    return users / sum(demand * (1 + there) for demand, there in zip(demands, inside, strict=True))


def _settled(demands: Sequence[float], users: int) -> float:
    """The same, repeated until it no longer changes: each queue is u / (1 - u), and all together are the users."""
    low, high = 0.0, 1 / max(demands)
    for _ in range(100):
        rate = (low + high) / 2
        busy = [rate * demand for demand in demands]
        low, high = (low, rate) if max(busy) >= 1 or sum(u / (1 - u) for u in busy) > users else (rate, high)
    return low


ITSELF = "A request does not wait for itself. It sees the queues of one user fewer, Q(n - 1)."
MISTAKES: tuple[tuple[Callable[[Sequence[float], int], float], str], ...] = (
    (_bound, "That is the bound, which no arrangement exceeds. Requests get into each other's way before that."),
    (_response, "That is the response time, the sum of R. The answers a second are n over it."),
    (_sees_itself, ITSELF),
    (_settled, ITSELF),
    (lambda demands, users: users / sum(demands), "So it would be if nobody ever waited."),
    (lambda demands, users: 1 / max(demands), "That is the most that the bottleneck can do. Few users ask for less."),
    (lambda demands, users: 1 / sum(demands),
     "One box for all would give that. A request waits in a tier for those who are there, and not for all the others."),
    (_one_fewer, "That is the answer for one user fewer. Begin with 1 user and end with all of them."),
    (lambda demands, users: _exact(demands, users + 1), "That is the answer for one user more. End one earlier."),
    (lambda demands, users: _stepped(demands, users, begin=1)[0], "The first user finds empty queues: begin with 0."),
    (_evenly, "You spread the users evenly over the tiers. They stand where the most work is."),
    (lambda demands, users: _stepped(demands, users, queue=lambda rate, demand, residence, before: rate * demand)[0],
     "X times D is how busy a tier is. Who waits is there too: Q = X R."),
    (lambda demands, users:
     _stepped(demands, users, queue=lambda rate, demand, residence, before: before + rate * residence)[0],
     "You add each queue to the one before. With each user it is a new one: Q = X R, and no more."),
)  # fmt: skip


def _throughput_hint(first: Outcome, tried: list[Outcome]) -> str:
    results = [checking.as_number(outcome.returned) for outcome in tried]

    def is_always(rule: Callable[[Sequence[float], int], float]) -> bool:
        return all(
            result is not None and math.isclose(result, rule(*outcome.arguments), rel_tol=LIKE)
            for result, outcome in zip(results, tried, strict=True)
        )

    known = next((hint for rule, hint in MISTAKES if is_always(rule)), None)
    return known or "For n = 1, 2, ...: R = D (1 + Q) in each tier with the Q of n - 1, X = n / sum of R, Q = X R."


@dataclass(frozen=True)
class Site:
    """The rows of a database: posts with id, author's id and text, users with id and name."""

    posts: tuple[tuple[int, int, str], ...]
    users: tuple[tuple[int, str], ...]

    def __repr__(self) -> str:
        return f"a site of {len(self.posts)} posts"

    def newest(self) -> list[tuple[str, str]]:
        """What is to be returned: text and author's name of the newest posts."""
        names = dict(self.users)
        return [(text, names[author]) for _, author, text in sorted(self.posts, reverse=True)[:SHOWN]]

    def opened(self, backwards: bool = False) -> ReadOnly:
        """A database with these rows, which come `backwards` where no statement asks for an order."""
        return ReadOnly(SCHEMA, {"users": self.users, "posts": self.posts}, backwards)


# Two who are called Ada, and both ask for tea; one who has written nothing.
SMALL = Site(
    ((3, 2, "Good morning"), (4, 5, "Tea?"), (8, 2, "Rain again"), (9, 1, "Tea?")),
    ((1, "Ada"), (2, "Bo"), (5, "Ada"), (6, "Cy")),
)


def trial() -> Callable[..., list[tuple[Any, ...]]]:
    """An `ask` to try with: a site of four posts."""
    return SMALL.opened().ask


def sites() -> list[Site]:
    """The small one, one without a post, and hidden ones that have fewer and more posts than are shown."""
    return [SMALL, Site((), ()), _site(60, 20), _site(250, 90)]


def _site(posts: int, users: int) -> Site:
    """Ids with gaps; names and texts come up again and again."""
    draw = random.Random(SEED + posts)
    ids = draw.sample(range(1, 10 * users), users)
    written = [(each, draw.choice(ids), draw.choice(TEXTS)) for each in draw.sample(range(1, 10 * posts), posts)]
    return Site(tuple(written), tuple((each, draw.choice(NAMES)) for each in ids))


@dataclass(frozen=True)
class Attempt:
    """What a reader's function did with one site: what came of it, and what it asked for."""

    site: Site
    outcome: Outcome
    fault: str | None
    statements: int
    rows: int


def fewer_trips(answer: object) -> Verdict:
    """Exercise 4: the newest posts with their authors, in two statements at the most."""
    if answer is ...:
        return UNANSWERED
    if not callable(answer):
        return checking.no_function(answer)
    # forwards and backwards: an order that nobody has asked for is right by chance alone
    attempts = [_attempt(answer, site, backwards) for site in sites() for backwards in (False, True)]
    if all(attempt.outcome.returned is ... for attempt in attempts):
        return UNANSWERED
    for attempt in attempts:
        if said := _what_is_wrong(attempt):
            return wrong(f"For {attempt.site} {said}")
    most = max(attempts, key=lambda attempt: (attempt.statements, len(attempt.site.posts)))
    return wrong(_too_many(most)) if most.statements > MOST_STATEMENTS else right(_trips_praise(attempts))


def _attempt(function: Callable[..., Any], site: Site, backwards: bool) -> Attempt:
    with closing(site.opened(backwards)) as database:
        [outcome] = checking.outcomes(lambda site: function(database.ask), [(site,)], Site.newest)
    return Attempt(site, outcome, database.fault, database.statements, database.rows)


def _what_is_wrong(attempt: Attempt) -> str:
    """Why the answer for a site is wrong, and nothing when it is right."""
    came, expected = attempt.outcome.returned, attempt.outcome.expected
    if attempt.fault:
        return f"a statement failed: {attempt.fault}"
    if attempt.outcome.error is not None:
        return f"your function raised {checking.raised(attempt.outcome.error)}."
    if type(came) not in (list, tuple):
        mend = " Does it end in return?" if came is None else ""
        return f"your function returned {checking.described(came)}. Expected is a list of pairs: text and name.{mend}"
    if misfit := _misfit(came):
        return misfit
    pairs = [(text, name) for text, name in came]
    return "" if pairs == expected else f"{_first_difference(pairs, expected)} {_pairs_hint(pairs, attempt.site)}"


def _misfit(returned: Sequence[object]) -> str:
    """What to say of the first that is no pair of texts, nothing where all are."""
    for place, pair in enumerate(returned, start=1):
        kinds = [type(each) for each in pair] if type(pair) in (list, tuple) else []  # type: ignore[attr-defined]
        if kinds != [str, str]:
            mend = " The name of the author with that id stands in users." if kinds == [str, int] else ""
            return f"pair {place} is {checking.as_shown(pair)}. Expected is (text, name), two texts.{mend}"
    return ""


def _first_difference(pairs: list[tuple[str, str]], expected: list[tuple[str, str]]) -> str:
    for place, (came, wanted) in enumerate(zip(pairs, expected, strict=False), start=1):
        if came != wanted:
            return f"pair {place} is {checking.as_shown(came)}, and {checking.shown(wanted)} is expected."
    return f"your function returned {len(pairs)} pairs, and {len(expected)} are expected."


def _pairs_hint(pairs: list[tuple[str, str]], site: Site) -> str:
    expected = site.newest()
    if [(text, name) for name, text in pairs] == expected:
        return "The text comes first, then the name."
    if pairs[:SHOWN] == expected:
        return f"The {SHOWN} newest are enough."
    if len(pairs) < len(expected):
        return _lost_hint(pairs, expected)
    if sorted(pairs) == sorted(expected):
        return "The pairs are right, and their order is not: the highest id comes first, and so on down."
    if [text for text, _ in pairs] == [text for text, _ in expected]:
        return "The texts are right, the names are not. Rows come in no order of yours: look each name up by its id."
    if pairs == Site(tuple(sorted(site.posts)[:SHOWN]), site.users).newest():
        return "These are the oldest. Order by id first, the highest first, and then take so many."
    written = Counter(text for *_, text in site.posts)
    if any(count > written[text] > 0 for text, count in Counter(text for text, _ in pairs).items()):
        return "Posts are there more than once. A join pairs each post with every user, unless it says on what."
    return "Which posts are the newest, and who is the author of each?"


def _lost_hint(pairs: list[tuple[str, str]], expected: list[tuple[str, str]]) -> str:
    if set(pairs) == set(expected):
        return "Posts are lost: two may have the same text, and two authors the same name. Each post counts."
    return "Posts are lost. Is the limit too low, or does zip end with the shorter list?"


def _needed(site: Site) -> tuple[int, int]:
    """How many posts are shown, and how many different authors they have."""
    newest = sorted(site.posts, reverse=True)[:SHOWN]
    return len(newest), len({author for _, author, _ in newest})


def _too_many(attempt: Attempt) -> str:
    """What to say to who asks too often."""
    posts, authors = _needed(attempt.site)
    used = f"All pairs are right. For {posts} posts you sent {attempt.statements} statements:"
    if attempt.statements == 1 + posts:
        return f"{used} one for the posts and one for each author. Ask for all authors at once, or join the tables."
    if attempt.statements == 1 + authors:
        return f"{used} one for the posts and one for each different author. Ask for all of them at once."
    return f"{used} two are enough, one for the posts and one for all their authors. Or one, with a join."


def _trips_praise(attempts: list[Attempt]) -> str:
    used = max(attempt.statements for attempt in attempts)
    saved = ROUND_TRIP_MS * (1 + SHOWN - used)
    sent = f"{used} statement{'s' * (used != 1)} in the place of {1 + SHOWN}"
    praise = f"{sent}: at {ROUND_TRIP_MS} ms for a round trip that saves {saved} ms a page."
    for attempt in reversed(attempts):
        if attempt.rows > (needed := sum(_needed(attempt.site))):
            return f"{praise} But {attempt.rows} rows came where {needed} do: fetch only what the page shows."
    return praise


def connections(answer: object) -> Verdict:
    """Exercise 5: how many connections are in use, by Little's law."""
    praise = f"{RATE} a second × {HELD_MS / 1000:g} s, on average. Held ten times as long, 20 are in use."
    return checking.number(answer, RATE * HELD_MS / 1000, 1e-6, _connections_hint, praise)


def _connections_hint(value: float) -> str:
    divided = "You divided. Little's law multiplies: rate times time."
    hints: dict[float, str] = {
        RATE / HELD_MS: divided,
        RATE / (HELD_MS / 1000): divided,
        HELD_MS / RATE: divided,
        HELD_MS / 1000 / RATE: divided,
        RATE * HELD_MS: "The time is in milliseconds, the rate in seconds. Bring them to one unit.",
        1000 / HELD_MS: f"One connection can serve so many requests a second. How many does it take for {RATE}?",
        1000 / HELD_MS / RATE: "You have turned it round.",
        RATE: f"Each request gives its connection back after {HELD_MS} ms, and the next one takes it.",
    }
    return _known(value, hints, "In use = requests a second, times the seconds that each holds a connection.")
