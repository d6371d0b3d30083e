"""What the pages change in the tables. Each function is one step of a transaction, which the caller opens and ends.

What can be asked for twice without harm says whether it changed anything. No dialect's own SQL, so that another
database can stand behind the same application. Between the look and the insert another process may have made the same
row: then SQLAlchemy's IntegrityError comes, and the same transaction, begun anew, finds the row.
"""

from sqlalchemy import (
    Column,
    Connection,
    Insert,
    Table,
    and_,
    case,
    delete,
    exists,
    func,
    insert,
    literal,
    select,
    update,
)

from mysite.stores.relational import Neighbour, follows, likes, posts, sessions, users


class HandleTakenError(ValueError):
    """A handle that somebody has already."""


def sign_up(connection: Connection, handle: str, name: str, joined: str) -> int:
    """Add a user and return the id. `joined` is a day, "2026-11-24". HandleTakenError."""
    if connection.scalar(select(exists().where(users.c.handle == handle))):
        raise HandleTakenError(handle)
    return _id_of(connection, insert(users).values(handle=handle, name=name, joined=joined))


def rename(connection: Connection, user_id: int, name: str) -> None:
    """Give a user another name. It stands in one row, so every page has it from then on."""
    connection.execute(update(users).where(users.c.id == user_id).values(name=name))


def open_session(connection: Connection, session_id: str, user_id: int, started_at: str, client: str) -> None:
    """Add a session of a user; `client` is "browser" or "phone", `started_at` a moment, "2026-11-24T14:05"."""
    values = {"id": session_id, "user_id": user_id, "started_at": started_at, "client": client}
    connection.execute(insert(sessions).values(**values))


def close_session(connection: Connection, session_id: str) -> None:
    """End a session, if there is one."""
    connection.execute(delete(sessions).where(sessions.c.id == session_id))


def user_of_session(connection: Connection, session_id: str) -> Neighbour | None:
    """The user of a session, None where there is none of this id."""
    statement = select(users.c.id, users.c.name).join_from(sessions, users).where(sessions.c.id == session_id)
    row = connection.execute(statement).one_or_none()
    return Neighbour(*row) if row else None


def add_post(connection: Connection, author_id: int, text: str, posted_at: str) -> int:
    """Add a post and return its id; `posted_at` is a moment, "2026-11-24T14:05".

    No post is earlier than those before it. Where a clock says so, because it is wrong or was set back, the post has
    the moment of the newest one, and stands above it, as its id is higher.
    """
    newest = select(func.max(posts.c.posted_at)).scalar_subquery()
    moment = case((newest > posted_at, newest), else_=posted_at)
    values = {"author_id": author_id, "text": text, "posted_at": moment, "likes": 0}
    return _id_of(connection, insert(posts).values(**values))


def follow(connection: Connection, follower_id: int, followed_id: int) -> bool:
    """Let one user follow another; False: it was so already."""
    return _add(connection, follows, {follows.c.follower_id: follower_id, follows.c.followed_id: followed_id})


def unfollow(connection: Connection, follower_id: int, followed_id: int) -> bool:
    """Let one user follow another no longer; False: it was so already."""
    return _remove(connection, follows, {follows.c.follower_id: follower_id, follows.c.followed_id: followed_id})


def like(connection: Connection, user_id: int, post_id: int) -> bool:
    """Count a user's like of a post, once; False: it was counted already."""
    added = _add(connection, likes, {likes.c.user_id: user_id, likes.c.post_id: post_id})
    if added:
        _count_likes(connection, post_id, 1)
    return added


def unlike(connection: Connection, user_id: int, post_id: int) -> bool:
    """Take a user's like of a post back; False: there was none."""
    removed = _remove(connection, likes, {likes.c.user_id: user_id, likes.c.post_id: post_id})
    if removed:
        _count_likes(connection, post_id, -1)
    return removed


def _id_of(connection: Connection, statement: Insert) -> int:
    """The id that the database has given to the row that was inserted."""
    key = connection.execute(statement).inserted_primary_key
    assert key is not None
    return int(key[0])


def _count_likes(connection: Connection, post_id: int, change: int) -> None:
    connection.execute(update(posts).where(posts.c.id == post_id).values(likes=posts.c.likes + change))


def _add(connection: Connection, table: Table, row: dict[Column[int], int]) -> bool:
    """Insert a row unless it is there, in one statement; whether it was not."""
    there = exists().where(and_(*(column == value for column, value in row.items())))
    values = select(*(literal(value) for value in row.values())).where(~there)
    statement = insert(table).from_select(list(row), values).execution_options(preserve_rowcount=True)
    return connection.execute(statement).rowcount > 0


def _remove(connection: Connection, table: Table, row: dict[Column[int], int]) -> bool:
    """Delete a row if it is there; whether it was."""
    conditions = [column == value for column, value in row.items()]
    return connection.execute(delete(table).where(*conditions)).rowcount > 0
