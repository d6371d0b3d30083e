"""One PostgreSQL server for all tests of the system under study that do not start or end one themselves."""

import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import psycopg
import pytest
import sqlalchemy

from mysite.engines import postgresql
from mysite.engines.engine import Server

CONNECTIONS = 12  # that the role on the shared server may have: another number than it has by default

NewDatabase = Callable[[], AbstractContextManager[sqlalchemy.URL]]


@pytest.fixture(scope="session")
def shared_server() -> Iterator[Server]:
    """A server that runs as long as the tests do. Who leaves something on it removes it; who ends one starts one."""
    directory = Path(tempfile.mkdtemp(prefix="shared-server-"))
    directory.chmod(0o711)  # PostgreSQL's user enters it where the tests run as root
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(directory))
        patch.setattr(tempfile, "tempdir", None)
        server = postgresql.start(postgresql.reference(), connections=CONNECTIONS)
    with server:
        with superuser_connection(server) as connection:
            # to make and remove a database takes a second or two on a slow disk; what tests leave need not last
            connection.execute("alter system set fsync = off")
            connection.execute("select pg_reload_conf()")
        yield server
    shutil.rmtree(directory)


@pytest.fixture(scope="session")
def new_database(shared_server: Server) -> NewDatabase:
    """A function that makes an empty database on the shared server, as a context: its address, then it is removed."""

    @contextmanager
    def database() -> Iterator[sqlalchemy.URL]:
        name = f"test_{secrets.token_hex(4)}"
        with superuser_connection(shared_server) as connection:
            connection.execute(f"create database {name} owner {postgresql.OWNER}")
        yield shared_server.url.set(database=name)
        with superuser_connection(shared_server) as connection:
            connection.execute(f"drop database {name} with (force)")

    return database


def superuser_connection(server: Server) -> psycopg.Connection:
    """A connection of the superuser to a server that was started here."""
    assert server.process
    return postgresql.superuser_connection(server.process.ready["port"], str(server.url.password))
