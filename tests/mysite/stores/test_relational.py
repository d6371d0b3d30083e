"""The store of tables: the rows are those of the files, every answer is what plain Python finds in them."""

import csv
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import FrozenInstanceError
from pathlib import Path
from typing import Any

import psutil
import pytest
import sqlalchemy
from sqlalchemy import Connection

from mysite.stores import relational
from mysite.stores.relational import (
    Acquaintance,
    Counts,
    LikedAuthor,
    ListedUser,
    Neighbour,
    Post,
    Status,
    User,
)
from mysite.topology import data_directory

DATA = data_directory()
ALL = 100_000  # more than there is of anything
SOME_USERS = range(1, 1001, 17)


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


NAMES = {int(row["id"]): row["name"] for row in rows("users")}
POSTS = [
    Post(int(row["id"]), author, NAMES[author], row["posted_at"], int(row["likes"]), row["text"])
    for row in rows("posts")
    for author in [int(row["author_id"])]
]
NEWEST_FIRST = sorted(POSTS, key=lambda post: (post.posted_at, post.id), reverse=True)
FOLLOWS = [(int(row["follower_id"]), int(row["followed_id"])) for row in rows("follows")]
PROFILES = {
    profile.pop("user_id"): profile
    for profile in map(json.loads, (DATA / "profiles.jsonl").read_text("utf-8").splitlines())
}


@pytest.fixture
def connection(sqlite_store: sqlalchemy.Engine) -> Iterator[Connection]:
    with sqlite_store.connect() as connection:
        yield connection


TABLES = {
    "follows": "CREATE TABLE follows ( follower_id INTEGER NOT NULL, followed_id INTEGER NOT NULL,"
    " PRIMARY KEY (follower_id, followed_id), FOREIGN KEY(follower_id) REFERENCES users (id),"
    " FOREIGN KEY(followed_id) REFERENCES users (id) ) WITHOUT ROWID",
    "likes": "CREATE TABLE likes ( user_id INTEGER NOT NULL, post_id INTEGER NOT NULL, PRIMARY KEY (user_id, post_id),"
    " FOREIGN KEY(user_id) REFERENCES users (id), FOREIGN KEY(post_id) REFERENCES posts (id) ) WITHOUT ROWID",
    "page_views": "CREATE TABLE page_views ( id INTEGER NOT NULL, path TEXT NOT NULL, user_id INTEGER NOT NULL,"
    " viewed_at TEXT NOT NULL, PRIMARY KEY (id), FOREIGN KEY(user_id) REFERENCES users (id) )",
    "posts": "CREATE TABLE posts ( id INTEGER NOT NULL, author_id INTEGER NOT NULL, posted_at TEXT NOT NULL,"
    " likes INTEGER NOT NULL, text TEXT NOT NULL, PRIMARY KEY (id), FOREIGN KEY(author_id) REFERENCES users (id) )",
    "profiles": "CREATE TABLE profiles ( user_id INTEGER NOT NULL, profile JSON NOT NULL, PRIMARY KEY (user_id),"
    " FOREIGN KEY(user_id) REFERENCES users (id) )",
    "sessions": "CREATE TABLE sessions ( id TEXT NOT NULL, user_id INTEGER NOT NULL, started_at TEXT NOT NULL,"
    " client TEXT NOT NULL, PRIMARY KEY (id), FOREIGN KEY(user_id) REFERENCES users (id) ) WITHOUT ROWID",
    "users": "CREATE TABLE users ( id INTEGER NOT NULL, handle TEXT NOT NULL, name TEXT NOT NULL,"
    " joined TEXT NOT NULL, PRIMARY KEY (id), UNIQUE (handle) )",
}
INDEXES = {
    "follows_by_followed": "CREATE INDEX follows_by_followed ON follows (followed_id)",
    "posts_by_author": "CREATE INDEX posts_by_author ON posts (author_id, posted_at)",
    "posts_by_time": "CREATE INDEX posts_by_time ON posts (posted_at)",
    "users_by_name": "CREATE INDEX users_by_name ON users (name)",
}


def test_the_tables(connection: Connection) -> None:
    rows = connection.exec_driver_sql("select name, sql from sqlite_master where sql is not null")
    statements = {name: " ".join(sql.split()) for name, sql in rows}
    assert statements == TABLES | INDEXES
    # in this order: SQLite chooses by it between indexes that serve it alike
    order = ["users_by_name", "follows_by_followed", "posts_by_author", "posts_by_time"]
    assert [name for name in statements if name in INDEXES] == order


@pytest.mark.parametrize("name", ["users", "posts", "follows", "sessions", "page_views"])
def test_a_table_holds_the_rows_of_its_file(connection: Connection, name: str) -> None:
    table = relational.metadata.tables[name]
    numbers = {"author_id", "likes", "follower_id", "followed_id", "user_id"}
    if name != "sessions":
        numbers.add("id")
    expected = [{key: int(value) if key in numbers else value for key, value in row.items()} for row in rows(name)]
    stored = [dict(row._mapping) for row in connection.execute(sqlalchemy.select(table))]
    assert len(stored) > 900

    def by_key(row: dict[str, Any]) -> list[Any]:
        return [row[column.name] for column in table.primary_key]

    assert sorted(stored, key=by_key) == sorted(expected, key=by_key)


def test_the_profiles_are_kept_as_they_are(connection: Connection) -> None:
    profiles = connection.execute(sqlalchemy.select(relational.profiles)).all()
    assert {row.user_id: row.profile for row in profiles} == PROFILES
    (text,) = connection.exec_driver_sql("select profile from profiles where user_id = 4").one()
    assert json.loads(text) == PROFILES[4]


def test_foreign_keys_hold(sqlite_store: sqlalchemy.Engine) -> None:
    with (
        pytest.raises(sqlalchemy.exc.IntegrityError, match="FOREIGN KEY constraint failed"),
        sqlite_store.begin() as connection,
    ):
        connection.execute(relational.follows.insert(), {"follower_id": 1, "followed_id": 5000})


def test_one_connection_stays_open(sqlite_store: sqlalchemy.Engine) -> None:
    with sqlite_store.connect() as first, sqlite_store.connect() as second:
        assert first.connection.dbapi_connection is second.connection.dbapi_connection
    assert sqlite_store.url.database in {file.path for file in psutil.Process().open_files()}


def test_any_name_will_do_for_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a b?c#d%20" / "e.sqlite"
    path.parent.mkdir()
    engine = relational.open_store(path)
    with engine.connect() as connection:
        connection.exec_driver_sql("create table t (x)")
    engine.dispose()
    assert path.stat().st_size > 0


def test_status(connection: Connection) -> None:
    (version,) = connection.exec_driver_sql("select sqlite_version()").one()
    assert relational.status(connection) == Status(version, 1000)
    assert (relational.product(connection.engine), relational.FILE) == ("SQLite", "mysite.sqlite")


def test_table_sizes(connection: Connection) -> None:
    sizes = relational.table_sizes(connection)
    assert list(sizes) == ["follows", "likes", "page_views", "posts", "profiles", "sessions", "users"]
    assert sizes == {
        "likes": 0,  # the data set says how many a post has, and not whose
        "profiles": len(PROFILES),
        **{name: len(rows(name)) for name in ("follows", "page_views", "posts", "sessions", "users")},
    }
    assert relational.number_of_users(connection) == 1000


def test_a_user(connection: Connection) -> None:
    for row in rows("users")[::7]:
        id = int(row["id"])
        expected = User(id, row["handle"], row["name"], row["joined"], PROFILES.get(id, {}))
        assert relational.user(connection, id) == expected
    assert relational.user(connection, 1001) is None
    assert relational.user(connection, 0) is None


def test_counts(connection: Connection) -> None:
    written = Counter(post.author_id for post in POSTS)
    followers = Counter(followed for _, followed in FOLLOWS)
    followed = Counter(follower for follower, _ in FOLLOWS)
    for user in SOME_USERS:
        assert relational.counts(connection, user) == Counts(written[user], followers[user], followed[user])
    assert relational.counts(connection, 1001) == Counts(0, 0, 0)


def test_a_post(connection: Connection) -> None:
    for post in POSTS[::500]:
        assert relational.post(connection, post.id) == post
    assert relational.post(connection, len(POSTS) + 1) is None


def test_the_latest_posts(connection: Connection) -> None:
    assert relational.latest_posts(connection, 20) == NEWEST_FIRST[:20]
    assert relational.latest_posts(connection, ALL) == NEWEST_FIRST
    assert len({post.posted_at for post in POSTS}) < len(POSTS)  # some at the same minute: their ids decide


def test_the_latest_posts_of_a_user(connection: Connection) -> None:
    of_author = defaultdict(list)
    for post in NEWEST_FIRST:
        of_author[post.author_id].append(post)
    for user in SOME_USERS:
        assert relational.latest_posts_of(connection, user) == of_author[user][:10]
        assert relational.latest_posts_of(connection, user, 3) == of_author[user][:3]
        assert relational.latest_posts_of(connection, user, ALL) == of_author[user]
    assert max(map(len, of_author.values())) > 100
    assert relational.latest_posts_of(connection, 1001) == []


def test_months(connection: Connection) -> None:
    assert relational.months(connection) == sorted({post.posted_at[:7] for post in POSTS}, reverse=True)
    assert relational.months(connection)[:2] == ["2025-12", "2025-11"]


def test_the_most_liked_authors(connection: Connection) -> None:
    for month in relational.months(connection):
        likes, written = Counter[int](), Counter[int]()
        for post in POSTS:
            if post.posted_at.startswith(month):
                likes[post.author_id] += post.likes
                written[post.author_id] += 1
        ranked = [LikedAuthor(id, NAMES[id], likes[id], written[id]) for id in sorted(likes)]
        ranked.sort(key=lambda author: -author.likes)
        assert relational.most_liked_authors(connection, month) == ranked[:10]
        assert relational.most_liked_authors(connection, month, 5) == ranked[:5]
        assert relational.most_liked_authors(connection, month, ALL) == ranked
    assert relational.most_liked_authors(connection, "2024-12") == []


def test_the_most_liked_posts(connection: Connection) -> None:
    for month in relational.months(connection):
        ranked = [post for post in NEWEST_FIRST if post.posted_at.startswith(month)]
        ranked.sort(key=lambda post: -post.likes)
        assert relational.most_liked_posts(connection, month) == ranked[:5]
        assert relational.most_liked_posts(connection, month, ALL) == ranked
    assert relational.most_liked_posts(connection, "2024-12") == []
    with pytest.raises(ValueError):
        relational.most_liked_posts(connection, "2025-13")


def test_whom_a_user_follows(connection: Connection) -> None:
    followed_by = defaultdict(list)
    for follower, followed in FOLLOWS:
        followed_by[follower].append(Neighbour(followed, NAMES[followed]))
    for user in SOME_USERS:
        expected = sorted(followed_by[user], key=lambda neighbour: (neighbour.name, neighbour.id))
        assert relational.followed_by(connection, user, ALL) == expected
        assert relational.followed_by(connection, user) == expected[:12]
    assert max(map(len, followed_by.values())) > 12
    assert relational.followed_by(connection, 1001) == []


def test_whether_a_user_follows_another(connection: Connection) -> None:
    pairs = set(FOLLOWS)
    for follower in SOME_USERS:
        for followed in SOME_USERS:
            assert relational.is_following(connection, follower, followed) is ((follower, followed) in pairs)
    assert pairs & {(a, b) for a in SOME_USERS for b in SOME_USERS}


def test_whether_a_user_likes_a_post(tmp_path: Path) -> None:
    with a_small_data_set(tmp_path).connect() as connection:
        assert not relational.is_liking(connection, 2, 1)
        connection.execute(relational.likes.insert(), {"user_id": 2, "post_id": 1})
        assert relational.is_liking(connection, 2, 1) is True
        assert relational.is_liking(connection, 1, 2) is False


def test_the_bounds_of_a_month(tmp_path: Path) -> None:
    moments = ["2025-02-28T23:59", "2025-03-01T00:00", "2025-03-31T23:59", "2025-04-01T00:00"]
    lines = [f"{id},{id},{moment},{id},x" for id, moment in enumerate(moments, start=1)]
    small = a_small_data_set(tmp_path, posts=["id,author_id,posted_at,likes,text", *lines])
    with small.connect() as connection:
        by_month = [relational.most_liked_authors(connection, f"2025-0{month}") for month in (2, 3, 4)]
    assert [[author.id for author in authors] for authors in by_month] == [[1], [3, 2], [4]]


@pytest.mark.parametrize("month", ["2025-13", "2025", "March", "", "2025-3"])
def test_what_is_no_month(connection: Connection, month: str) -> None:
    with pytest.raises(ValueError):
        relational.most_liked_authors(connection, month)


def test_whom_a_user_might_know(connection: Connection) -> None:
    followed_by = defaultdict(set)
    for follower, followed in FOLLOWS:
        followed_by[follower].add(followed)
    for user in SOME_USERS:
        paths = Counter(second for first in followed_by[user] for second in followed_by[first])
        acquaintances = [
            Acquaintance(id, NAMES[id], common)
            for id, common in sorted(paths.items(), key=lambda item: (-item[1], item[0]))
            if id != user and id not in followed_by[user]
        ]
        assert relational.might_know(connection, user) == acquaintances[:5]
        assert relational.might_know(connection, user, ALL) == acquaintances
    assert relational.might_know(connection, 1001) == []


def test_the_list_of_users(connection: Connection) -> None:
    written = Counter(post.author_id for post in POSTS)
    followers = Counter(followed for _, followed in FOLLOWS)
    expected = sorted(
        (
            ListedUser(id, row["handle"], row["name"], written[id], followers[id])
            for row in rows("users")
            for id in [int(row["id"])]
        ),
        key=lambda user: (user.name, user.id),
    )
    assert relational.list_users(connection, 0, ALL) == expected
    assert relational.list_users(connection, 100, 50) == expected[100:150]
    assert relational.list_users(connection, 990, 50) == expected[990:]
    assert relational.list_users(connection, 1000, 50) == []


def test_names_that_are_equal_go_by_id(tmp_path: Path) -> None:
    lines = ["id,handle,name,joined", "1,a,B,2025-01-01", "3,c,A,2025-01-01", "2,b,A,2025-01-01", "4,d,A,2025-01-01"]
    with a_small_data_set(tmp_path, users=lines).connect() as connection:
        assert [user.id for user in relational.list_users(connection, 0, ALL)] == [2, 3, 4, 1]


QUESTIONS = {
    "user": (lambda connection: relational.user(connection, 4), []),
    "post": (lambda connection: relational.post(connection, 4), []),
    "counts": (lambda connection: relational.counts(connection, 4), ["posts_by_author", "follows_by_followed"]),
    "latest": (lambda connection: relational.latest_posts(connection, 20), ["posts_by_time"]),
    "latest of": (lambda connection: relational.latest_posts_of(connection, 4), ["posts_by_author"]),
    "months": (relational.months, ["posts_by_time"]),
    "liked": (lambda connection: relational.most_liked_authors(connection, "2025-03"), ["posts_by_time"]),
    "liked posts": (lambda connection: relational.most_liked_posts(connection, "2025-03"), ["posts_by_time"]),
    "followed": (lambda connection: relational.followed_by(connection, 4), []),
    "is following": (lambda connection: relational.is_following(connection, 4, 5), []),
    "is liking": (lambda connection: relational.is_liking(connection, 4, 5), []),
    "might know": (lambda connection: relational.might_know(connection, 4), []),
    "list": (
        lambda connection: relational.list_users(connection, 0, 50),
        ["users_by_name", "posts_by_author", "follows_by_followed"],
    ),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_question_reads_a_whole_table(sqlite_store: sqlalchemy.Engine, question: str) -> None:
    """One statement each, and what it reads it finds by a key or an index."""
    ask, indexes = QUESTIONS[question]
    statements: list[tuple[str, Any]] = []

    def keep(connection: Any, cursor: Any, statement: str, parameters: Any, *others: Any) -> None:
        statements.append((statement, parameters))

    sqlalchemy.event.listen(sqlite_store, "before_cursor_execute", keep)
    with sqlite_store.connect() as connection:
        ask(connection)
    sqlalchemy.event.remove(sqlite_store, "before_cursor_execute", keep)
    ((statement, parameters),) = statements
    with sqlite_store.connect() as connection:
        plan = [row[-1] for row in connection.exec_driver_sql(f"explain query plan {statement}", parameters)]
    for index in indexes:
        assert any(f"INDEX {index}" in step for step in plan), plan
    assert not [step for step in plan if step.startswith("SCAN") and "INDEX" not in step and "CONSTANT" not in step]
    if question.startswith("lat") or question == "list":
        assert not [step for step in plan if "TEMP B-TREE" in step]  # the index has the order already


SMALL = {
    "users": ["id,handle,name,joined", *(f"{id},u{id},User {id},2025-01-01" for id in range(1, 5))],
    "posts": ["id,author_id,posted_at,likes,text", "1,1,2025-01-01T00:00,0,x"],
    "follows": ["follower_id,followed_id", "1,2"],
    "sessions": ["id,user_id,started_at,client", "a,1,2025-01-01T00:00,phone"],
    "page_views": ["id,path,user_id,viewed_at", "1,/,1,2025-01-01T00:00"],
    "profiles": ['{"user_id": 1, "about": "x"}'],
}


def a_small_data_set(directory: Path, **files: list[str] | None) -> sqlalchemy.Engine:
    """A store of a few rows; a file given as None is not there."""
    for name, lines in (SMALL | files).items():
        if lines is not None:
            file = directory / f"{name}.{'jsonl' if name == 'profiles' else 'csv'}"
            file.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    engine = relational.open_store(directory / relational.FILE)
    relational.load(engine, directory)
    return engine


@pytest.mark.parametrize(
    ("file", "lines", "message"),
    [
        ("users", ["id,name,joined", "1,a,b"],
         "users.csv has the columns id,name,joined, and not id,handle,name,joined"),
        ("users", [], "users.csv has the columns , and not id,handle,name,joined"),
        ("users", ["id,handle,name,joined"], "users.csv has no rows"),
        ("users", ["id,handle,name,joined", "1,a,b,c", "2,b,c"], "users.csv, line 3: 3 fields, and not 4"),
        ("users", ["id,handle,name,joined", "1,a,b,c", "x,b,c,d"],
         "users.csv, line 3: invalid literal for int() with base 10: 'x'"),
        ("users", ["id,handle,name,joined", "1,a,b,c", "2,a,c,d"],
         "users.csv does not fit the table users: UNIQUE constraint failed: users.handle"),
        ("posts", ["id,author_id,posted_at,likes,text", "1,9,t,0,x"],
         "posts.csv does not fit the table posts: FOREIGN KEY constraint failed"),
        ("profiles", ['{"user_id": 1}', '{"about": 1}'],
         "profiles.jsonl, line 2 is no JSON object with a user_id: 'user_id'"),
        ("profiles", [], "profiles.jsonl has no rows"),
    ],
)  # fmt: skip
def test_data_that_does_not_fit(tmp_path: Path, file: str, lines: list[str], message: str) -> None:
    with pytest.raises(ValueError) as caught:
        a_small_data_set(tmp_path, **{file: lines})
    assert str(caught.value) == message


def test_a_profile_that_is_no_json(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"^profiles\.jsonl, line 1 is no JSON object with a user_id: Expecting"):
        a_small_data_set(tmp_path, profiles=["{"])


def test_all_or_nothing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"sessions\.csv"):
        a_small_data_set(tmp_path, sessions=None)
    engine = relational.open_store(tmp_path / relational.FILE)
    with engine.connect() as connection:
        assert set(relational.table_sizes(connection).values()) == {0}


def test_text_with_line_ends_and_quotes_is_kept(tmp_path: Path) -> None:
    lines = ["id,author_id,posted_at,likes,text", '1,1,2025-01-01T00:00,0,"a ""b"", <c>\r\nd\ne Ελλάδα"']
    with a_small_data_set(tmp_path, posts=lines).connect() as connection:
        post = relational.post(connection, 1)
    assert post and post.text == 'a "b", <c>\r\nd\ne Ελλάδα'


@pytest.mark.parametrize(
    "row",
    [
        User(1, "a", "A", "2025-01-01", {}),
        POSTS[0],
        LikedAuthor(1, "A", 1, 1),
        Counts(1, 1, 1),
        Acquaintance(1, "A", 1),
        Neighbour(1, "A"),
        ListedUser(1, "a", "A", 1, 1),
        Status("3", 1),
    ],
)
def test_answers_do_not_change(row: Any) -> None:
    with pytest.raises(FrozenInstanceError):
        setattr(row, next(iter(vars(row))), 0)
