"""A database in memory that can be read and nothing else, and that counts statements and rows."""

import contextlib
import re
import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any

from lab.widgets.checking import description

READING = (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE)
STEPS, MOST_STEPS = 100_000, 2_000_000  # of SQLite's virtual machine: between two looks at a statement, and at most
WITHOUT_MEANING = re.compile(r"""'[^']*'|"[^"]*"|--[^\n]*|/\*.*?\*/""", re.DOTALL)
IN_BRACKETS = re.compile(r"\([^()]*\)")
ORDER_BY = re.compile(r"\border\s+by\b", re.IGNORECASE)
# A part of SQLite's or Python's message, and what a beginner can do about it.
HINTS = {
    "authoriz": "The database is there to be read: only select is allowed.",
    "one statement at a time": "Give ask one statement, and nothing after it.",
    "interrupted": "The statement was stopped, since it took too many steps. Does a join lack its condition?",
    "binding parameter": "A value is a number or a text. Give a list of them one by one: ask(sql, *values).",
}


class StatementError(Exception):
    """A statement without an answer; the text says why, in one line."""


class ReadOnlyDatabase:
    """A SQLite database that can be read only. `statements` and `rows` count those that were sent and returned.

    fault  the first error of the database, None without one; also where the reader's function has caught it
    """

    def __init__(
        self, schema: str, rows: Mapping[str, Iterable[tuple[Any, ...]]], backwards: bool = False
    ) -> None:
        """Make the tables of `schema` and fill them with `rows`, by the name of the table.

        Rows that a statement does not sort come as SQLite finds them, or `backwards`: in an order of their own, which
        is that of no plan, so that what is right by chance is right on no version of SQLite.
        """
        self.statements, self.rows = 0, 0
        self.fault: str | None = None
        self._looks = 0
        self._backwards = backwards
        self._connection = sqlite3.connect(":memory:", isolation_level=None)
        self._connection.executescript(schema)
        for table, lines in rows.items():
            for line in lines:
                self._connection.execute(f"insert into {table} values ({', '.join('?' * len(line))})", line)
        self._connection.execute(f"pragma reverse_unordered_selects = {backwards:d}")
        with contextlib.suppress(sqlite3.OperationalError):  # one without JSON
            # its first use makes a table of its own, and would be refused as writing
            self._connection.execute("select * from json_each('[]')")
        self._connection.set_authorizer(_permitted)
        self._connection.set_progress_handler(self._look, STEPS)

    def ask(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Send one statement, with values for its question marks, and return all rows. StatementError if it fails."""
        self.statements += 1
        self._looks = 0
        if not isinstance(sql, str):
            raise self._failed(f"ask takes a statement first, as a text, and not {description(sql)}")
        try:
            rows = self._connection.execute(sql, values).fetchall()
        except (sqlite3.Error, sqlite3.Warning) as error:
            raise self._failed(" ".join(str(error).split())) from None
        self.rows += len(rows)
        return sorted(rows, key=repr, reverse=True) if self._backwards and not is_sorted(sql) else rows

    def close(self) -> None:
        """Close the database: it answers no statement any more."""
        self._connection.close()

    def _look(self) -> bool:
        self._looks += 1
        return self._looks * STEPS > MOST_STEPS

    def _failed(self, message: str) -> StatementError:
        hint = next((hint for part, hint in HINTS.items() if part in message), "")
        fault = f"{message.rstrip('.')}. {hint}".rstrip()
        self.fault = self.fault or fault
        return StatementError(fault)


def is_sorted(sql: str) -> bool:
    """Whether a statement asks for an order of its rows: order by, outside of texts, comments and brackets."""
    outside = WITHOUT_MEANING.sub(" ", sql)
    while (outer := IN_BRACKETS.sub(" ", outside)) != outside:
        outside = outer
    return ORDER_BY.search(outside) is not None


def _permitted(action: int, *_: str | None) -> int:
    return sqlite3.SQLITE_OK if action in READING else sqlite3.SQLITE_DENY
