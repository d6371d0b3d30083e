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
    """The lines of the screen for what GET /users/ID or GET / gave, with as many of the latest posts.

    Characters that are not to be seen are left out. KeyError for the JSON of another address.
    """
    posts = [*enumerate(state["posts"])][:most_posts]
    if "user" not in state:
        return [Line("title", "Latest", ""), *(line for place, post in posts for line in post_lines(place, post, True))]
    user, counts = state["user"], state["counts"]
    counted_all = (
        counted(counts["posts"], "post", "posts"),
        counted(counts["followers"], "follower", "followers"),
        f"follows {counts['followed']:,}",
    )
    return [
        Line("title", seen(user["name"]), "user.name"),
        Line("handle", f"@{seen(user['handle'])}", "user.handle"),
        Line("counts", " · ".join(counted_all), "counts"),
        *(line for place, post in posts for line in post_lines(place, post, False)),
    ]


def post_lines(place: int, post: Mapping[str, Any], with_author: bool) -> list[Line]:
    """A post: its author where that does not go without saying, when, what, and how many like it."""
    at = f"posts[{place}]"
    author = [Line("author", seen(post["author_name"]), f"{at}.author_name")] if with_author else []
    return [
        *author,
        Line("when", moment(post["posted_at"]), f"{at}.posted_at"),
        Line("text", seen(post["text"]), f"{at}.text"),
        Line("likes", counted(post["likes"], "like", "likes"), f"{at}.likes"),
    ]


def initials(name: str) -> str:
    """The first letters of a name's first two words."""
    return "".join(word[0] for word in name.split()[:2])


def moment(text: str) -> str:
    """A moment as it is read: "2025-03-01T14:05" is "1 March 2025, 14:05"."""
    at = datetime.fromisoformat(text)
    return f"{at.day} {at:%B} {at.year}, {at:%H:%M}"


def counted(count: int, one: str, many: str) -> str:
    """A count with its noun: "1 post", "1,060 posts"."""
    return f"{count:,} {one if count == 1 else many}"


def seen(text: str) -> str:
    """A text without what is not to be seen: control and format characters; every gap is one space."""
    return " ".join("".join(letter for letter in text if letter.isprintable() or letter.isspace()).split())
