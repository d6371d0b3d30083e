"""SQLite: a library in this process, with one file."""

import sqlite3

import sqlalchemy

from mysite import processes
from mysite.engines.engine import Engine, Server, Source

FILE = "engine.sqlite"


def reference() -> Source:
    """Python's own SQLite, which every Python has."""
    return Source("Python's own sqlite3")


def start(source: Source) -> Server:
    """A new database file in a temporary directory, which a guard removes."""
    directory = processes.own_directory()
    url = sqlalchemy.URL.create("sqlite", database=str(directory.path / FILE))
    version = sqlite3.sqlite_version
    return Server("sqlite", "SQLite", version, "real", "library", source.description, url, None, directory.stop)


SQLITE = Engine("sqlite", "SQLite", "real", "library", reference, reference, start)
