"""Checkers of the exercises on trips and connections. Each takes the reader's answer and returns a Verdict."""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from lab.widgets import checking
from lab.widgets.checking import UNANSWERED, Outcome, Verdict, right, wrong
from lab.widgets.sql_checking import ReadOnlyDatabase

# Fewer trips: the page, and the hidden sites
POSTS, MOST_STATEMENTS, ROUND_TRIP_MS = 100, 2, 1
SEED = 5
SCHEMA = """
create table users (id integer primary key, name text not null);
create table posts (id integer primary key, author_id integer not null references users, text not null);
"""
NAMES = ("Ada", "Bo", "Cy", "Dana", "Eli", "Fay", "Gus", "Hana", "Ivo", "Jo", "Kim", "Lea")
TEXTS = ("Good morning", "Tea?", "Rain again", "On my way", "Who has seen my keys?", "Late, as ever", "It's done")


@dataclass(frozen=True)
class Site:
    """The rows of a database: posts with id, author's id and text, users with id and name."""

    posts: tuple[tuple[int, int, str], ...]
    users: tuple[tuple[int, str], ...]

    def __repr__(self) -> str:
        return f"a site of {len(self.posts)} posts"

    def newest(self) -> list[tuple[str, str]]:
        """Return what a right answer returns: text and author's name of the newest posts."""
        names = dict(self.users)
        return [(text, names[author]) for _, author, text in sorted(self.posts, reverse=True)[:POSTS]]

    def database(self, backwards: bool = False) -> ReadOnlyDatabase:
        """Open a database with these rows, which come `backwards` where no statement asks for an order."""
        return ReadOnlyDatabase(SCHEMA, {"users": self.users, "posts": self.posts}, backwards)


# Two who are called Ada, and both ask for tea; one who has written nothing.
SMALL = Site(
    ((3, 2, "Good morning"), (4, 5, "Tea?"), (8, 2, "Rain again"), (9, 1, "Tea?")),
    ((1, "Ada"), (2, "Bo"), (5, "Ada"), (6, "Cy")),
)


def trial() -> Callable[..., list[tuple[Any, ...]]]:
    """Return an `ask` to try with: that of a site of four posts."""
    return SMALL.database().ask


def sites() -> list[Site]:
    """Return the small one, one without a post, and hidden ones that have fewer and more posts than a page shows."""
    return [SMALL, Site((), ()), _random_site(60, 20), _random_site(250, 90)]


def _random_site(posts: int, users: int) -> Site:
    """Return a site of so many posts and users: ids have gaps, names and texts come up again and again."""
    draw = random.Random(SEED + posts)
    user_ids = draw.sample(range(1, 10 * users), users)
    post_ids = draw.sample(range(1, 10 * posts), posts)
    rows = [(post_id, draw.choice(user_ids), draw.choice(TEXTS)) for post_id in post_ids]
    return Site(tuple(rows), tuple((user_id, draw.choice(NAMES)) for user_id in user_ids))


@dataclass(frozen=True)
class Attempt:
    """What a reader's function did with one site.

    fault             the first error of the database, None without one
    statements, rows  how many it sent, and how many came back
    """

    site: Site
    outcome: Outcome
    fault: str | None
    statements: int
    rows: int


def fewer_trips(answer: object) -> Verdict:
    """Judge the newest posts with their authors, in two statements at the most."""
    if answer is ...:
        return UNANSWERED
    if not callable(answer):
        return checking.no_function(answer)
    # forwards and backwards: an order that nobody has asked for is right by chance alone
    attempts = [_attempt(answer, site, backwards) for site in sites() for backwards in (False, True)]
    if all(attempt.outcome.returned is ... for attempt in attempts):
        return UNANSWERED
    for attempt in attempts:
        if complaint := _complaint(attempt):
            return wrong(f"For {attempt.site} {complaint}")
    most = max(attempts, key=lambda attempt: (attempt.statements, len(attempt.site.posts)))
    return wrong(_too_many(most)) if most.statements > MOST_STATEMENTS else right(_trips_praise(attempts))


def _attempt(function: Callable[..., Any], site: Site, backwards: bool) -> Attempt:
    with closing(site.database(backwards)) as database:
        [outcome] = checking.outcomes(lambda site: function(database.ask), [(site,)], Site.newest)
    return Attempt(site, outcome, database.fault, database.statements, database.rows)


def _complaint(attempt: Attempt) -> str:
    """Return why the answer for a site is wrong, and nothing when it is right."""
    returned, expected = attempt.outcome.returned, attempt.outcome.expected
    if attempt.fault:
        return f"a statement failed: {attempt.fault}"
    if attempt.outcome.error is not None:
        return checking.fault(attempt.outcome.error)
    if type(returned) not in (list, tuple):
        mend = " Does it end in return?" if returned is None else ""
        value = checking.description(returned)
        return f"your function returned {value}. Expected is a list of pairs: text and name.{mend}"
    if misfit := _misfit(returned):
        return misfit
    pairs = [(text, name) for text, name in returned]
    return "" if pairs == expected else f"{_first_difference(pairs, expected)} {_pairs_hint(pairs, attempt.site)}"


def _misfit(returned: Sequence[object]) -> str:
    """Return a complaint on the first that is no pair of texts, nothing where all are."""
    for place, pair in enumerate(returned, start=1):
        kinds = [type(part) for part in pair] if type(pair) in (list, tuple) else []  # type: ignore[attr-defined]
        if kinds != [str, str]:
            mend = " The name of the author with that id stands in users." if kinds == [str, int] else ""
            return f"pair {place} is {checking.as_shown(pair)}. Expected is (text, name), two texts.{mend}"
    return ""


def _first_difference(pairs: list[tuple[str, str]], expected: list[tuple[str, str]]) -> str:
    for place, (pair, right_pair) in enumerate(zip(pairs, expected, strict=False), start=1):
        if pair != right_pair:
            return f"pair {place} is {checking.as_shown(pair)}, and {checking.as_shown(right_pair)} is expected."
    return f"your function returned {len(pairs)} pairs, and {len(expected)} are expected."


def _pairs_hint(pairs: list[tuple[str, str]], site: Site) -> str:
    expected = site.newest()
    if [(text, name) for name, text in pairs] == expected:
        return "The text comes first, then the name."
    if pairs[:POSTS] == expected:
        return f"The {POSTS} newest are enough."
    if len(pairs) < len(expected):
        return _lost_hint(pairs, expected)
    if sorted(pairs) == sorted(expected):
        return "The pairs are right, and their order is not: the highest id comes first, and so on down."
    if [text for text, _ in pairs] == [text for text, _ in expected]:
        return "The texts are right, the names are not. Rows come in no order of yours: look each name up by its id."
    if pairs == Site(tuple(sorted(site.posts)[:POSTS]), site.users).newest():
        return "These are the oldest. Order by id first, the highest first, and then take so many."
    texts = Counter(text for *_, text in site.posts)
    if any(count > texts[text] > 0 for text, count in Counter(text for text, _ in pairs).items()):
        return "Posts are there more than once. A join pairs each post with every user, unless it says on what."
    return "Which posts are the newest, and who is the author of each?"


def _lost_hint(pairs: list[tuple[str, str]], expected: list[tuple[str, str]]) -> str:
    if set(pairs) == set(expected):
        return "Posts are lost: two may have the same text, and two authors the same name. Each post counts."
    return "Posts are lost. Is the limit too low, or does zip end with the shorter list?"


def _needed_rows(site: Site) -> tuple[int, int]:
    """Return how many posts the page shows, and how many different authors they have."""
    newest = sorted(site.posts, reverse=True)[:POSTS]
    return len(newest), len({author for _, author, _ in newest})


def _too_many(attempt: Attempt) -> str:
    """Return what a reader reads who sent too many statements."""
    posts, authors = _needed_rows(attempt.site)
    count = f"All pairs are right. For {posts} posts you sent {attempt.statements} statements:"
    if attempt.statements == 1 + posts:
        return f"{count} one for the posts and one for each author. Ask for all authors at once, or join the tables."
    if attempt.statements == 1 + authors:
        return f"{count} one for the posts and one for each different author. Ask for all of them at once."
    return f"{count} two are enough, one for the posts and one for all their authors. Or one, with a join."


def _trips_praise(attempts: list[Attempt]) -> str:
    used = max(attempt.statements for attempt in attempts)
    saving_ms = ROUND_TRIP_MS * (1 + POSTS - used)
    statements = f"{used} statement{'s' * (used != 1)} in the place of {1 + POSTS}"
    praise = f"{statements}: at {ROUND_TRIP_MS} ms for a round trip that saves {saving_ms} ms a page."
    for attempt in reversed(attempts):
        if attempt.rows > (needed := sum(_needed_rows(attempt.site))):
            return f"{praise} But {attempt.rows} rows came where {needed} do: fetch only what the page shows."
    return praise
