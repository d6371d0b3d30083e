"""What a site consists of while it runs, as the operating system tells it."""

import contextlib
import os
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import psutil

from mysite.engines import Server
from mysite.processes import OwnedProcess

SQLITE_HEADER = b"SQLite format 3\0"  # the first bytes of every database file
LAST_STANDARD_STREAM = 2  # the guard's files for standard output and error are no files of the server's own
POSTGRESQL_PORT = 5432  # where an address names none


@dataclass(frozen=True)
class Part:
    """A part of the running system.

    `kind` is web, data, cache or name. `process_id` and `memory_bytes` are those of the process in which it
    runs, None for a server that was not started here. `listens_on` is as "tcp 127.0.0.1", all on `port`; both are
    empty for what lives within another part's process. `open_files` are names within the process's directory.
    `connected_to` are the ports to which it has opened a connection that is established.
    """

    name: str
    kind: str
    process_id: int | None
    listens_on: tuple[str, ...]
    port: int | None
    open_files: tuple[str, ...]
    memory_bytes: int | None
    connected_to: tuple[int, ...] = ()


def process_part(name: str, kind: str, server: OwnedProcess) -> Part:
    """The part that a process of ours is.

    psutil.NoSuchProcess if it has ended, psutil.AccessDenied if another user's is closed to us.
    """
    process = psutil.Process(server.pid)
    try:
        where, port, connected_to = _sockets(process)
        files, memory = _open_files(process, server.directory.resolve()), process.memory_info().rss
    except psutil.AccessDenied:
        # one that is about to end is closed to its own user too
        if process.uids().effective == os.geteuid():
            raise psutil.NoSuchProcess(process.pid) from None
        raise
    # what has ended has nothing any more, and its number may be another process's
    if process.status() == psutil.STATUS_ZOMBIE or not server.running():
        raise psutil.NoSuchProcess(process.pid)
    return Part(name, kind, process.pid, where, port, files, memory, connected_to)


def _sockets(process: psutil.Process) -> tuple[tuple[str, ...], int | None, tuple[int, ...]]:
    """The addresses and the port at which a process listens, and the ports to which it has opened connections."""
    sockets = process.net_connections("inet")
    listeners = [
        end for end in sockets
        if end.status == psutil.CONN_LISTEN or (end.type == socket.SOCK_DGRAM and not end.raddr)
    ]  # fmt: skip
    where = {f"{'tcp' if end.type == socket.SOCK_STREAM else 'udp'} {end.laddr.ip}" for end in listeners}
    ports = {end.laddr.port for end in listeners}
    # a connection that another one has opened ends at a port on which this one listens
    connected_to = {
        end.raddr.port for end in sockets
        if end.status == psutil.CONN_ESTABLISHED and end.laddr.port not in ports
    }  # fmt: skip
    return tuple(sorted(where)), min(ports, default=None), tuple(sorted(connected_to))


def _open_files(process: psutil.Process, directory: Path) -> tuple[str, ...]:
    """The files below the directory that a process has open, as names relative to it, each once, sorted."""
    paths = [Path(file.path) for file in process.open_files() if file.fd > LAST_STANDARD_STREAM]
    return tuple(sorted({str(path.relative_to(directory)) for path in paths if path.is_relative_to(directory)}))


def database_part(server: Server) -> Part:
    """The part that a database server is; where it may not be looked into, or was not started here, by its address.

    psutil.NoSuchProcess if it was started here and has ended.
    """
    if server.process:
        with contextlib.suppress(psutil.AccessDenied):  # another user's: in a container not even root may
            return process_part(server.product, "data", server.process)
    process_id = server.process.pid if server.process else None
    where = (f"tcp {server.url.host}",) if server.url.host else ()
    return Part(server.product, "data", process_id, where, server.url.port or POSTGRESQL_PORT, (), None)


def application_parts(server: OwnedProcess, has_cache: bool) -> list[Part]:
    """The web application, and what lives in its process: each database whose file it has open, and its cache.

    psutil.NoSuchProcess if the process has ended.
    """
    web = process_part("web application", "web", server)
    within = []
    for database in (name for name in web.open_files if _is_database(server.directory / name)):
        # SQLite's log and its index are named after the file
        files = tuple(name for name in web.open_files if name.startswith(database))
        within.append(Part("SQLite", "data", web.process_id, (), None, files, web.memory_bytes))
    if has_cache:
        within.append(Part("page cache", "cache", web.process_id, (), None, (), web.memory_bytes))
    return [web, *within]


def _is_database(path: Path) -> bool:
    """Whether a file begins as every SQLite database does."""
    with path.open("rb") as file:
        return file.read(len(SQLITE_HEADER)) == SQLITE_HEADER


def running_parts(finders: Iterable[Callable[[], Part]]) -> list[Part]:
    """The parts that the finders return, but for those whose process has ended: psutil.NoSuchProcess."""
    parts = []
    for find in finders:
        with contextlib.suppress(psutil.NoSuchProcess):
            parts.append(find())
    return parts
