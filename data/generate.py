"""Generate the data set of mysite: the same bytes on every machine, from one seed.

    python data/generate.py [--check] [--out DIRECTORY]

With --check nothing is written, and the exit code is 1 where a file would differ. Only the standard library is
used, and only whole numbers decide what is drawn: floating point functions may differ in their last digit
between machines.
"""

import argparse
import csv
import hashlib
import io
import json
import sys
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

SEED = 20_250_101
USERS = 1000
POSTS = 20_000
SESSIONS = 1000
PAGE_VIEWS = 5000
FIRST_JOINED = date(2023, 1, 1)
JOINING_DAYS = 730
FIRST_POST = datetime(2025, 1, 1)
POSTING_MINUTES = 365 * 24 * 60
# page views fall into the last week of the year of posts
VIEWING_MINUTES = 7 * 24 * 60
MOST_FOLLOWED = 40  # users whom one user follows at the most

# fmt: off
MANNERS = (
    "Bold", "Brisk", "Calm", "Clever", "Cosy", "Curious", "Daring", "Distant", "Drowsy", "Eager", "Early", "Faraway",
    "Gentle", "Hasty", "Jolly", "Late", "Lively", "Lofty", "Mellow", "Muddy", "Nimble", "Patient", "Quick", "Quiet",
    "Silent", "Steady", "Sturdy", "Thrifty", "Windy", "Wry",
)
PLANTS = (
    "Alder", "Aspen", "Birch", "Briar", "Cedar", "Clover", "Elder", "Fern", "Fir", "Hawthorn", "Hazel", "Heather",
    "Holly", "Ivy", "Juniper", "Larch", "Laurel", "Linden", "Maple", "Moss", "Myrtle", "Nettle", "Oak", "Olive",
    "Poplar", "Reed", "Rowan", "Sage", "Sorrel", "Spruce", "Tansy", "Teasel", "Thistle", "Thyme", "Willow", "Yarrow",
)
TOWNS = ("Farfield", "Highmere", "Lowbridge", "Nethercombe", "Overwater", "Saltgarth", "Underhay", "Westerfen")
# fmt: on

OPENINGS = ("This morning", "At noon", "Late last night", "On the way home", "Before breakfast", "Again", "For once")
SUBJECTS = (
    "the bread", "my bicycle", "the neighbour's cat", "the old clock", "a borrowed book", "the garden gate", "the soup",
    "our boat", "the radio", "a paper kite", "the kettle", "the ladder",
)  # fmt: skip
VERBS = (
    "would not start", "came out well", "made a strange noise", "was gone", "looked better than new", "fell over",
    "took twice as long", "turned up behind the shed", "worked at once", "needed paint",
)  # fmt: skip
ENDINGS = ("", "", "", " Any advice?", " No idea why.", " That is all.")
# What a page must escape, and a database must keep: every 50th post ends in one of these
DELICATE = (
    " 2 < 3 & 5 > 4.", ' She said "no".', " It's fine.", " <b>Not bold</b>.", " Café, naïve, Ærø.", " 100 % & more.",
    " Ελλάδα.", " \U0001f35e",
)  # fmt: skip

CLIENTS = ("browser", "browser", "phone", "phone", "phone")
PROFILE_KEYS = {
    "about": SUBJECTS,
    "town": TOWNS,
    "languages": ("English", "Français", "Deutsch", "Español", "日本語"),
    "favourite_number": range(1, 100),
    "newsletter": (True, False),
    "pets": ("cat", "dog", "hens", "snail"),
    "links": ("a blog", "a garden log", "a list of books"),
    "shoe_size": range(35, 48),
}


def skewed(count: int, chance: Random) -> list[int]:
    """Weights for `count` things of which few have much: the thing at rank r has weight proportional to 1 / r."""
    weights = [100_000 // rank for rank in range(1, count + 1)]
    chance.shuffle(weights)
    return weights


def users(chance: Random) -> list[tuple[int, str, str, str]]:
    """(id, handle, name, joined): ids rise with the day of joining; a name is a manner and a plant, nobody's."""
    names = [f"{manner} {plant}" for manner in MANNERS for plant in PLANTS]
    people = chance.sample(names, USERS)
    days = sorted(chance.randrange(JOINING_DAYS) for _ in range(USERS))
    return [
        (id, name.lower().replace(" ", "_"), name, (FIRST_JOINED + timedelta(days=day)).isoformat())
        for id, (name, day) in enumerate(zip(people, days, strict=True), start=1)
    ]


def follows(chance: Random) -> list[tuple[int, int]]:
    """(follower, followed), each pair once, nobody themselves; few users have many followers."""
    popularity = skewed(USERS, chance)
    pairs = set()
    for follower in range(1, USERS + 1):
        for followed in chance.choices(range(1, USERS + 1), weights=popularity, k=chance.randrange(2, MOST_FOLLOWED)):
            if followed != follower:
                pairs.add((follower, followed))
    return sorted(pairs)


def text(chance: Random, number: int) -> str:
    """The text of post `number`; every 50th ends in one of DELICATE."""
    sentence = f"{chance.choice(OPENINGS)} {chance.choice(SUBJECTS)} {chance.choice(VERBS)}.{chance.choice(ENDINGS)}"
    return sentence + DELICATE[number // 50 % len(DELICATE)] if number % 50 == 0 else sentence


def posts(chance: Random, followers: Sequence[int]) -> list[tuple[int, int, str, int, str]]:
    """(id, author, posted at, likes, text): ids rise with time; the more followers, the more likes."""
    activity = skewed(USERS, chance)
    authors = chance.choices(range(1, USERS + 1), weights=activity, k=POSTS)
    minutes = sorted(chance.randrange(POSTING_MINUTES) for _ in range(POSTS))
    return [
        (
            number,
            author,
            (FIRST_POST + timedelta(minutes=minute)).isoformat(timespec="minutes"),
            chance.randrange(followers[author] + 3) // chance.choice((1, 2, 5, 20)),
            text(chance, number),
        )
        for number, (author, minute) in enumerate(zip(authors, minutes, strict=True), start=1)
    ]


def sessions(chance: Random) -> list[tuple[str, int, str, str]]:
    """(id, user, started at, client): the id is 16 hexadecimal digits, as a session's token would be."""
    last = FIRST_POST + timedelta(minutes=POSTING_MINUTES)
    minutes = sorted((chance.randrange(VIEWING_MINUTES) for _ in range(SESSIONS)), reverse=True)
    return [
        (
            f"{chance.getrandbits(64):016x}",
            chance.randrange(1, USERS + 1),
            (last - timedelta(minutes=1 + ago)).isoformat(timespec="minutes"),
            chance.choice(CLIENTS),
        )
        for ago in minutes
    ]


def page_views(chance: Random) -> list[tuple[int, str, int, str]]:
    """(id, path, user, viewed at), in order of time; one page in four views is the front page."""
    last = FIRST_POST + timedelta(minutes=POSTING_MINUTES)
    popularity = skewed(USERS, chance)
    profiles = chance.choices(range(1, USERS + 1), weights=popularity, k=PAGE_VIEWS)
    minutes = sorted((chance.randrange(VIEWING_MINUTES) for _ in range(PAGE_VIEWS)), reverse=True)
    return [
        (
            number,
            "/" if chance.randrange(4) == 0 else f"/users/{profile}",
            chance.randrange(1, USERS + 1),
            (last - timedelta(minutes=1 + ago)).isoformat(timespec="minutes"),
        )
        for number, (profile, ago) in enumerate(zip(profiles, minutes, strict=True), start=1)
    ]


def profiles(chance: Random) -> list[dict[str, object]]:
    """Free-form profiles of three users in five: each has some of the keys, and a key may hold a value or a list."""
    users_profiles = []
    for user in range(1, USERS + 1):
        if chance.randrange(5) < 2:
            continue
        profile: dict[str, object] = {"user_id": user}
        for key in sorted(chance.sample(sorted(PROFILE_KEYS), k=chance.randrange(1, 5))):
            values = PROFILE_KEYS[key]
            several = key in ("languages", "pets") and chance.randrange(3) == 0
            profile[key] = chance.sample(values, 2) if several else chance.choice(values)
        users_profiles.append(profile)
    return users_profiles


def as_csv(columns: str, rows: Iterable[Sequence[object]]) -> bytes:
    """Rows as CSV with a head, lines ending in LF, in UTF-8."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(columns.split())
    writer.writerows(rows)
    return file.getvalue().encode()


def generate(seed: int = SEED) -> dict[str, bytes]:
    """All files of the data set by name. Each has its own source of chance, so that one can change alone."""
    followed = follows(Random(f"{seed} follows"))
    followers = [0] * (USERS + 1)
    for _, user in followed:
        followers[user] += 1
    lines = [json.dumps(profile, ensure_ascii=False) + "\n" for profile in profiles(Random(f"{seed} profiles"))]
    return {
        "users.csv": as_csv("id handle name joined", users(Random(f"{seed} users"))),
        "follows.csv": as_csv("follower_id followed_id", followed),
        "posts.csv": as_csv("id author_id posted_at likes text", posts(Random(f"{seed} posts"), followers)),
        "sessions.csv": as_csv("id user_id started_at client", sessions(Random(f"{seed} sessions"))),
        "page_views.csv": as_csv("id path user_id viewed_at", page_views(Random(f"{seed} page views"))),
        "profiles.jsonl": "".join(lines).encode(),
    }


def sums(files: dict[str, bytes]) -> bytes:
    """The text of SHA256SUMS, as `sha256sum --check` reads it."""
    return "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(files.items())).encode()


def main() -> int:
    """Write the files that differ, or with --check only name them; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where a file would differ")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "mysite", help="default: data/mysite")
    arguments = parser.parse_args()
    files = generate()
    files["SHA256SUMS"] = sums(files)
    arguments.out.mkdir(parents=True, exist_ok=True)
    differ = [
        name
        for name, data in files.items()
        if not (arguments.out / name).exists() or (arguments.out / name).read_bytes() != data
    ]
    if not arguments.check:
        for name in differ:
            (arguments.out / name).write_bytes(files[name])
    outcome = "differ" if arguments.check else "written"
    print(f"{len(files)} files, {len(differ)} {outcome}: {' '.join(differ) or 'none'}")
    return int(arguments.check and bool(differ))


if __name__ == "__main__":
    sys.exit(main())
