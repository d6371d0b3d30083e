"""What a phone's screen says: the JSON of the site as lines, in the order in which they stand."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

MOST_POSTS = 3


@dataclass(frozen=True)
class Line:
    """One text of the screen.

    role   what it is: "title", "handle", "counts", "author", "when", "text" or "likes"
    field  where the JSON has it, such as "posts[0].text"; "" for a word of the application's own
    """

    role: str
    words: str
    field: str


def screen(state: Mapping[str, Any], most_posts: int = MOST_POSTS) -> list[Line]:
    """Return the lines of the screen for what GET /users/ID or GET / gave, with at most so many of the latest posts.

    Characters that are not to be seen are left out. KeyError for the JSON of another address.
    """
    posts = [*enumerate(state["posts"])][:most_posts]
    if "user" not in state:
        return [Line("title", "Latest", ""), *(line for place, post in posts for line in post_lines(place, post, True))]
    user, counts = state["user"], state["counts"]
    counts_in_words = (
        with_noun(counts["posts"], "post", "posts"),
        with_noun(counts["followers"], "follower", "followers"),
        f"follows {counts['followed']:,}",
    )
    return [
        Line("title", visible(user["name"]), "user.name"),
        Line("handle", f"@{visible(user['handle'])}", "user.handle"),
        Line("counts", " · ".join(counts_in_words), "counts"),
        *(line for place, post in posts for line in post_lines(place, post, False)),
    ]


def post_lines(place: int, post: Mapping[str, Any], with_author: bool) -> list[Line]:
    """Return a post's lines: its author where that does not go without saying, when, what, and how many like it."""
    at = f"posts[{place}]"
    author = [Line("author", visible(post["author_name"]), f"{at}.author_name")] if with_author else []
    return [
        *author,
        Line("when", moment(post["posted_at"]), f"{at}.posted_at"),
        Line("text", visible(post["text"]), f"{at}.text"),
        Line("likes", with_noun(post["likes"], "like", "likes"), f"{at}.likes"),
    ]


def initials(name: str) -> str:
    """Return the first letters of a name's first two words."""
    return "".join(word[0] for word in name.split()[:2])


def moment(text: str) -> str:
    """Return a moment as a reader writes it: for "2025-03-01T14:05" it is "1 March 2025, 14:05"."""
    at = datetime.fromisoformat(text)
    return f"{at.day} {at:%B} {at.year}, {at:%H:%M}"


def with_noun(count: int, one: str, many: str) -> str:
    """Return a count with its noun: "1 post", "1,060 posts"."""
    return f"{count:,} {one if count == 1 else many}"


def visible(text: str) -> str:
    """Return a text without control and format characters, which nobody sees; every gap is one space."""
    return " ".join("".join(letter for letter in text if letter.isprintable() or letter.isspace()).split())
