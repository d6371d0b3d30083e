"""SQLite: a library in this process, with one file."""

import sqlite3

import sqlalchemy

from mysite import processes
from mysite.engines.engine import Engine, Server, Source

FILE = "engine.sqlite"


def reference() -> Source:
    """It comes with Python."""
    return Source("Python's own sqlite3")


def start(source: Source) -> Server:
    """A file in a temporary directory, which a guard removes."""
    owned = processes.own_directory()
    url = sqlalchemy.URL.create("sqlite", database=str(owned.path / FILE))
    return Server("sqlite", "SQLite", sqlite3.sqlite_version, "real", "library", source.told, url, None, owned.stop)


SQLITE = Engine("sqlite", "SQLite", "real", "library", reference, reference, start)
