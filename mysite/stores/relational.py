"""The data set in tables, in SQLite or PostgreSQL through SQLAlchemy Core, and the questions that the pages ask.

Dates and moments are text as in the data set, "2025-03-01" and "2025-03-01T14:05": SQLite has no type for
them, and text of this form sorts as time does. Every answer has one order: what is equal goes by id, and text by its
bytes, as in SQLite and in a PostgreSQL database whose locale is C.
"""

import csv
import json
import select as readiness
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy
from sqlalchemy import JSON, Column, Connection, ForeignKey, Index, Integer, MetaData, Table, Text, func, select
from sqlalchemy.schema import CreateIndex, CreateTable

if TYPE_CHECKING:  # a web server on SQLite starts sooner without it; who opens a PostgreSQL database has loaded it
    import psycopg

PRODUCTS = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}  # by the name of SQLAlchemy's dialect
FILE = "mysite.sqlite"
POSTS_SHOWN = 10

metadata = MetaData()
users = Table(
    "users",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("handle", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("joined", Text, nullable=False),
    Index("users_by_name", "name"),
)
posts = Table(
    "posts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("author_id", ForeignKey("users.id"), nullable=False),
    Column("posted_at", Text, nullable=False),
    Column("likes", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Index("posts_by_author", "author_id", "posted_at"),
    Index("posts_by_time", "posted_at"),
)
follows = Table(
    "follows",
    metadata,
    Column("follower_id", ForeignKey("users.id"), primary_key=True),
    Column("followed_id", ForeignKey("users.id"), primary_key=True),
    Index("follows_by_followed", "followed_id"),
    sqlite_with_rowid=False,
)
sessions = Table(
    "sessions",
    metadata,
    Column("id", Text, primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("started_at", Text, nullable=False),
    Column("client", Text, nullable=False),
    sqlite_with_rowid=False,
)
page_views = Table(
    "page_views",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("path", Text, nullable=False),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("viewed_at", Text, nullable=False),
)
profiles = Table(
    "profiles",
    metadata,
    Column("user_id", ForeignKey("users.id"), primary_key=True),
    Column("profile", JSON, nullable=False),
)
# Who likes what since the site runs. The data set gives each post a number of likes and nobody's name to it, so
# posts.likes goes on counting, and this table says whose are among them.
likes = Table(
    "likes",
    metadata,
    Column("user_id", ForeignKey("users.id"), primary_key=True),
    Column("post_id", ForeignKey("posts.id"), primary_key=True),
    sqlite_with_rowid=False,
)
FROM_DATA_SET = (users, posts, follows, sessions, page_views, profiles)


@dataclass(frozen=True)
class User:
    """A user with the free-form profile: empty for who has none."""

    id: int
    handle: str
    name: str
    joined: str
    profile: dict[str, Any]


@dataclass(frozen=True)
class Post:
    """A post with its author's name."""

    id: int
    author_id: int
    author_name: str
    posted_at: str
    likes: int
    text: str


@dataclass(frozen=True)
class Neighbour:
    """A user who is named beside another."""

    id: int
    name: str


@dataclass(frozen=True)
class LikedAuthor:
    """An author, and the posts of one month with the likes that they have in all."""

    id: int
    name: str
    likes: int
    posts: int


@dataclass(frozen=True)
class Counts:
    """What belongs to one user: posts, users who follow, users who are followed."""

    posts: int
    followers: int
    followed: int


@dataclass(frozen=True)
class Acquaintance:
    """A user whom somebody might know, and how many whom both follow between them: `common`."""

    id: int
    name: str
    common: int


@dataclass(frozen=True)
class ListedUser:
    """A user in the list of all."""

    id: int
    handle: str
    name: str
    posts: int
    followers: int


@dataclass(frozen=True)
class Status:
    """That the store answers: its version, and how many users it holds."""

    version: str
    users: int


def open_store(where: Path | sqlalchemy.URL) -> sqlalchemy.Engine:
    """An engine with one connection that stays open, used by one thread, on a database file or on a server.

    In SQLite foreign keys are switched on. A connection that a server has closed is opened anew when it is next
    used, without a round trip to find out.
    """
    if isinstance(where, Path):
        url = sqlalchemy.URL.create("sqlite", database=str(where))
        engine = sqlalchemy.create_engine(url, poolclass=sqlalchemy.StaticPool)
        sqlalchemy.event.listen(engine, "connect", _hold_foreign_keys)
    else:
        # psycopg would prepare a statement on its fifth use, with one more round trip: so each use costs the same
        options = {"prepare_threshold": None}
        engine = sqlalchemy.create_engine(where, pool_size=1, max_overflow=0, connect_args=options)
        sqlalchemy.event.listen(engine, "checkout", _refuse_closed)
    return engine


def _hold_foreign_keys(connection: Any, record: Any) -> None:
    connection.execute("PRAGMA foreign_keys = ON")


def _refuse_closed(connection: Any, record: Any, proxy: Any) -> None:
    """Let the pool open another connection for one that the server has closed.

    A server that ends says so on every connection: there is something to read where nothing was asked.
    """
    if connection.closed or readiness.select([connection], [], [], 0)[0]:
        raise sqlalchemy.exc.DisconnectionError


def reading(engine: sqlalchemy.Engine) -> Connection:
    """A connection for reading alone: each statement costs one round trip, and sees what is there in its moment."""
    return engine.execution_options(isolation_level="AUTOCOMMIT").connect()


def product(engine: sqlalchemy.Engine) -> str:
    """The product that holds the tables."""
    return PRODUCTS[engine.dialect.name]


def load(engine: sqlalchemy.Engine, data: Path) -> None:
    """Make the tables in an empty database and fill them from the files of the data set, all or nothing.

    FileNotFoundError if a file is not there. ValueError, which names the file, if it does not fit its table.
    """
    driver = cast(Any, engine.dialect.dbapi)  # COPY raises its errors, SQLAlchemy's statements raise SQLAlchemy's
    with engine.begin() as connection:
        _create(connection)
        for table in [table for table in metadata.sorted_tables if table in FROM_DATA_SET]:
            path = data / (f"{table.name}.jsonl" if table is profiles else f"{table.name}.csv")
            rows = list(_profile_rows(path) if table is profiles else _csv_rows(path, table))
            if not rows:
                raise ValueError(f"{path.name} has no rows")
            try:
                _fill(connection, table, rows)
            except (sqlalchemy.exc.IntegrityError, driver.IntegrityError) as error:
                why = getattr(error, "orig", error)
                raise ValueError(f"{path.name} does not fit the table {table.name}: {why}") from None
        if connection.dialect.name == "postgresql":
            _make_known(connection)


def _fill(connection: Connection, table: Table, rows: list[tuple[Any, ...]]) -> None:
    """Put rows into a table. PostgreSQL has a way of its own for many: COPY, five times as fast as INSERT."""
    names = ", ".join(column.name for column in table.columns)
    if connection.dialect.name != "postgresql":
        places = ", ".join("?" * len(table.columns))
        connection.exec_driver_sql(f"INSERT INTO {table.name} ({names}) VALUES ({places})", rows)
        return
    driver = cast("psycopg.Connection", connection.connection.driver_connection)
    with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _make_known(connection: Connection) -> None:
    """Let PostgreSQL give ids after those that the rows have brought along, and plan by what the tables hold."""
    connection.exec_driver_sql("ANALYZE")
    for table in (users, posts, page_views):
        sequence = func.pg_get_serial_sequence(table.name, "id")
        connection.execute(select(func.setval(sequence, select(func.max(table.c.id)).scalar_subquery())))


def _create(connection: Connection) -> None:
    """Create the tables and indexes, in one order: SQLite chooses by it between indexes that serve it alike."""
    for table in metadata.sorted_tables:
        connection.execute(CreateTable(table))
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            connection.execute(CreateIndex(index))


def _csv_rows(path: Path, table: Table) -> Iterator[tuple[Any, ...]]:
    columns = [column.name for column in table.columns]
    readers = [int if isinstance(column.type, Integer) else str for column in table.columns]
    with path.open(encoding="utf-8", newline="") as file:
        lines = csv.reader(file)
        if (head := next(lines, [])) != columns:
            raise ValueError(f"{path.name} has the columns {','.join(head)}, and not {','.join(columns)}")
        for line in lines:
            if len(line) != len(columns):
                raise ValueError(f"{path.name}, line {lines.line_num}: {len(line)} fields, and not {len(columns)}")
            try:
                row = tuple([reader(field) for reader, field in zip(readers, line, strict=True)])
            except ValueError as error:
                raise ValueError(f"{path.name}, line {lines.line_num}: {error}") from None
            yield row


def _profile_rows(path: Path) -> Iterator[tuple[Any, ...]]:
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            try:
                profile = json.loads(line)
                user_id = profile.pop("user_id")
            except (ValueError, KeyError) as error:
                raise ValueError(f"{path.name}, line {number} is no JSON object with a user_id: {error}") from None
            yield user_id, json.dumps(profile)


def status(connection: Connection) -> Status:
    """The store's version, known since it was connected to, and the number of its users, which it is asked for."""
    version = ".".join(str(part) for part in connection.dialect.server_version_info or ())
    return Status(version, number_of_users(connection))


def _count(table: Table) -> sqlalchemy.ScalarSelect[int]:
    return select(func.count()).select_from(table).scalar_subquery()


def table_sizes(connection: Connection) -> dict[str, int]:
    """The number of rows of each table, by its name, in the order of the alphabet."""
    tables = [metadata.tables[name] for name in sorted(metadata.tables)]
    row = connection.execute(select(*(_count(table).label(table.name) for table in tables))).one()
    return dict(row._mapping)


def user(connection: Connection, user_id: int) -> User | None:
    """One user by id, None if there is none."""
    statement = select(users, profiles.c.profile).select_from(users.outerjoin(profiles)).where(users.c.id == user_id)
    row = connection.execute(statement).one_or_none()
    return User(row.id, row.handle, row.name, row.joined, row.profile or {}) if row else None


def counts(connection: Connection, user_id: int) -> Counts:
    """The numbers of a user's posts, followers and followed users, all in one statement."""
    conditions = (posts.c.author_id, follows.c.followed_id, follows.c.follower_id)
    subqueries = (select(func.count()).where(column == user_id).scalar_subquery() for column in conditions)
    return Counts(*connection.execute(select(*subqueries)).one())


_posts_with_author = select(
    posts.c.id, posts.c.author_id, users.c.name, posts.c.posted_at, posts.c.likes, posts.c.text
).join_from(posts, users)
_latest_first = (posts.c.posted_at.desc(), posts.c.id.desc())


def post(connection: Connection, post_id: int) -> Post | None:
    """One post by id, None if there is none."""
    row = connection.execute(_posts_with_author.where(posts.c.id == post_id)).one_or_none()
    return Post(*row) if row else None


def latest_posts(connection: Connection, count: int) -> list[Post]:
    """The latest posts of all, the newest first."""
    return [Post(*row) for row in connection.execute(_posts_with_author.order_by(*_latest_first).limit(count))]


def latest_posts_of(connection: Connection, user_id: int, count: int = POSTS_SHOWN) -> list[Post]:
    """A user's ten latest posts, the newest first."""
    statement = _posts_with_author.where(posts.c.author_id == user_id).order_by(*_latest_first).limit(count)
    return [Post(*row) for row in connection.execute(statement)]


def most_liked_posts(connection: Connection, month: str, count: int = 5) -> list[Post]:
    """The posts of a month, such as "2025-03", with the most likes. ValueError if it is not a month."""
    statement = _posts_with_author.where(_in_month(month)).order_by(posts.c.likes.desc(), *_latest_first).limit(count)
    return [Post(*row) for row in connection.execute(statement)]


def months(connection: Connection) -> list[str]:
    """The months that have posts, such as "2025-03", the newest first."""
    month = func.substr(posts.c.posted_at, 1, 7).label("month")  # of "2025-03-01T14:05"
    return list(connection.scalars(select(month).distinct().order_by(month.desc())))


def most_liked_authors(connection: Connection, month: str, count: int = 10) -> list[LikedAuthor]:
    """The authors whose posts of a month, such as "2025-03", have the most likes in all.

    ValueError if it is not a month.
    """
    total = func.sum(posts.c.likes)
    statement = (
        select(users.c.id, users.c.name, total, func.count())
        .join_from(posts, users)
        .where(_in_month(month))
        .group_by(users.c.id)
        .order_by(total.desc(), users.c.id)
        .limit(count)
    )
    return [LikedAuthor(*row) for row in connection.execute(statement)]


def _in_month(month: str) -> sqlalchemy.ColumnElement[bool]:
    first = date.fromisoformat(f"{month}-01")
    after = first + timedelta(days=monthrange(first.year, first.month)[1])
    return sqlalchemy.and_(posts.c.posted_at >= first.isoformat(), posts.c.posted_at < after.isoformat())


def might_know(connection: Connection, user_id: int, count: int = 5) -> list[Acquaintance]:
    """Users two steps away: followed by those whom the user follows, and not by the user; most in common first."""
    first, second = follows.alias("first"), follows.alias("second")
    common = func.count()
    followed = select(follows.c.followed_id).where(follows.c.follower_id == user_id)
    statement = (
        select(users.c.id, users.c.name, common)
        .select_from(first)
        .join(second, second.c.follower_id == first.c.followed_id)
        .join(users, users.c.id == second.c.followed_id)
        .where(first.c.follower_id == user_id, users.c.id != user_id, users.c.id.not_in(followed))
        .group_by(users.c.id)
        .order_by(common.desc(), users.c.id)
        .limit(count)
    )
    return [Acquaintance(*row) for row in connection.execute(statement)]


def followed_by(connection: Connection, user_id: int, count: int = 12) -> list[Neighbour]:
    """The users whom a user follows, in the order of names."""
    statement = (
        select(users.c.id, users.c.name)
        .join_from(follows, users, users.c.id == follows.c.followed_id)
        .where(follows.c.follower_id == user_id)
        .order_by(users.c.name, users.c.id)
        .limit(count)
    )
    return [Neighbour(*row) for row in connection.execute(statement)]


def is_following(connection: Connection, follower_id: int, followed_id: int) -> bool:
    """Whether one user follows another."""
    return _is_there(connection, follows.c.follower_id == follower_id, follows.c.followed_id == followed_id)


def is_liking(connection: Connection, user_id: int, post_id: int) -> bool:
    """Whether a user has liked a post since the site runs."""
    return _is_there(connection, likes.c.user_id == user_id, likes.c.post_id == post_id)


def _is_there(connection: Connection, *conditions: sqlalchemy.ColumnElement[bool]) -> bool:
    return bool(connection.scalar(select(sqlalchemy.exists().where(*conditions))))


def list_users(connection: Connection, offset: int, count: int) -> list[ListedUser]:
    """Users in the order of their names, from the one at `offset` on."""
    number_of_posts = select(func.count()).where(posts.c.author_id == users.c.id).scalar_subquery()
    followers = select(func.count()).where(follows.c.followed_id == users.c.id).scalar_subquery()
    statement = (
        select(users.c.id, users.c.handle, users.c.name, number_of_posts, followers)
        .order_by(users.c.name, users.c.id)
        .offset(offset)
        .limit(count)
    )
    return [ListedUser(*row) for row in connection.execute(statement)]


def number_of_users(connection: Connection) -> int:
    """The number of all users."""
    return connection.execute(select(_count(users))).scalar_one()
