"""What can be counted exactly: opcodes, statements, sockets, bytes, and names that left for the system's resolver."""

import ipaddress
import os
import sqlite3
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpcore
import sqlalchemy

from mysite.names.resolver import Answer, StubResolver


@dataclass
class Opcodes:
    """How many instructions SQLite's virtual machine has run."""

    count: int = 0


@contextmanager
def opcodes(connection: sqlite3.Connection) -> Iterator[Opcodes]:
    """Count the instructions that SQLite runs on this connection within the context.

    Run the statement once before: since SQLite 3.41 preparing it may count too, and Python keeps it prepared.
    Fetch all of its rows, since SQLite works only as far as it is asked. The number belongs to a version of
    SQLite; the tests list statements with the same number in all that we met. A progress handler that the
    connection had before is gone afterwards.
    """
    instructions = Opcodes()

    def step() -> None:
        instructions.count += 1

    connection.set_progress_handler(step, 1)
    try:
        yield instructions
    finally:
        connection.set_progress_handler(None, 0)


@dataclass
class Statements:
    """The SQL that was run, in order."""

    texts: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many statements were run."""
        return len(self.texts)


@contextmanager
def statements(target: sqlalchemy.Engine | sqlite3.Connection) -> Iterator[Statements]:
    """Count the SQL statements within the context.

    Of an SQLAlchemy engine: what it hands to the database, with placeholders, on any database; its BEGIN and
    COMMIT are the driver's and not among them. Of a sqlite3 connection: all that SQLite itself runs, values
    filled in, BEGIN and COMMIT too. TypeError for anything else.
    """
    log = Statements()
    if isinstance(target, sqlite3.Connection):
        target.set_trace_callback(log.texts.append)
        try:
            yield log
        finally:
            target.set_trace_callback(None)
    elif isinstance(target, sqlalchemy.Engine):

        def before(connection: Any, cursor: Any, statement: str, *others: Any) -> None:
            log.texts.append(statement)

        sqlalchemy.event.listen(target, "before_cursor_execute", before)
        try:
            yield log
        finally:
            sqlalchemy.event.remove(target, "before_cursor_execute", before)
    else:
        raise TypeError(
            f"Statements are counted on an SQLAlchemy engine or a sqlite3 connection, not on {type(target).__name__}."
        )


@dataclass(frozen=True)
class Traffic:
    """What went through the sockets: bytes of the application (HTTP), not of TCP or IP."""

    sockets_opened: int
    bytes_sent: int
    bytes_received: int


@dataclass
class Socket:
    """One TCP connection: where it led, and what went through it so far."""

    address: str
    port: int
    bytes_sent: int = 0
    bytes_received: int = 0


@dataclass(frozen=True)
class LookUp:
    """One name that was looked up before a connection, from start_s to end_s: seconds of time.perf_counter()."""

    answer: Answer
    start_s: float
    end_s: float


class CountingStream(httpcore.NetworkStream):
    """A connection that counts the bytes which pass."""

    def __init__(self, inner: httpcore.NetworkStream, socket: Socket) -> None:
        self._inner = inner
        self._socket = socket

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        received = self._inner.read(max_bytes, timeout)
        self._socket.bytes_received += len(received)
        return received

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, timeout)
        self._socket.bytes_sent += len(buffer)

    def close(self) -> None:
        self._inner.close()

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class CountingBackend(httpcore.NetworkBackend):
    """How httpcore opens connections: our stub resolver looks the name up, and sockets and bytes are counted.

    The system's resolver is never asked: a host that is not an address goes to `resolver`, and the connection
    to the address that it answers. `sockets` and `look_ups` list what happened, in order. Plain TCP only.
    """

    def __init__(self, resolver: StubResolver | None = None) -> None:
        self._resolver = resolver
        self._inner = httpcore.SyncBackend()
        self.sockets: list[Socket] = []
        self.look_ups: list[LookUp] = []

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> CountingStream:
        """Connect and count. ValueError for a name without a resolver; the resolver's own errors pass through."""
        address = self._look_up(host) if is_name(host) else host
        stream = self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
        socket = Socket(address, port)
        self.sockets.append(socket)
        return CountingStream(stream, socket)

    def _look_up(self, host: str) -> str:
        if self._resolver is None:
            raise ValueError(f"{host} is a name: give CountingBackend a resolver, or ask for an address.")
        start_s = time.perf_counter()
        answer = self._resolver.resolve(host)
        self.look_ups.append(LookUp(answer, start_s, time.perf_counter()))
        if not answer.addresses:
            raise ValueError(f"{host} exists and has no address: set one in the zone.")
        return answer.addresses[0]

    @property
    def traffic(self) -> Traffic:
        """The sum over all sockets so far."""
        return Traffic(
            len(self.sockets),
            sum(socket.bytes_sent for socket in self.sockets),
            sum(socket.bytes_received for socket in self.sockets),
        )


def is_name(host: object) -> bool:
    """Whether a host, as text or bytes, is a name and not an address literal. None and "" are neither."""
    text = host.decode("ascii", "replace") if isinstance(host, bytes | bytearray) else host
    if not isinstance(text, str) or not text:
        return False
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return True
    return False


@dataclass
class NameLookups:
    """The names that this process asked the system's resolver for, in order."""

    names: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many names were asked for."""
        return len(self.names)


ASKING_EVENTS = ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr")
LOOKUPS_FILE_VARIABLE = "LAB_NAME_LOOKUPS_FILE"

_attached: list[NameLookups] = []
_files: list[str] = []
_hook_installed = False


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if event not in ASKING_EVENTS or not is_name(arguments[0]):
        return
    name = arguments[0] if isinstance(arguments[0], str) else arguments[0].decode("ascii", "replace")
    for lookups in _attached:
        lookups.names.append(name)
    for path in _files:
        with open(path, "a", encoding="utf-8") as file:  # noqa: PTH123 (pathlib may be half gone at exit)
            file.write(f"{name}\n")


def _install_hook() -> None:
    """Install the hook once in a process: Python cannot remove it, so what counts is attached to it and detached."""
    global _hook_installed
    if not _hook_installed:
        sys.addaudithook(_hook)
        _hook_installed = True


@contextmanager
def system_name_lookups() -> Iterator[NameLookups]:
    """Count the names that this process asks the system's resolver for within the context; addresses are none."""
    _install_hook()
    lookups = NameLookups()
    _attached.append(lookups)
    try:
        yield lookups
    finally:
        _attached[:] = [other for other in _attached if other is not lookups]


def record_name_lookups_from_environment() -> None:
    """Append every name asked for from now on to the file that LAB_NAME_LOOKUPS_FILE names, one a line.

    A sitecustomize module calls it, so that it holds in servers and kernels which a test starts. Without the
    variable it does nothing.
    """
    path = os.environ.get(LOOKUPS_FILE_VARIABLE)
    if path:
        _install_hook()
        _files.append(path)
