"""Servers as processes of their own, each owned by a `mysite.process_guard`, so that none outlives its notebook.

None outlives the object that stands for it either: what nobody can stop any more ends by itself. So a cell that is run
again replaces what it started, as the name then stands for another server.

A server is ready when it has printed one line, a JSON object, to its standard output. It prints it when it
really listens. Of one that prints no such line, somebody else has to find out: see `start`.
"""

import contextlib
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any, cast

import psutil

from mysite import process_guard

LAST_LINES = 20
SECONDS_BETWEEN_LOOKS = 0.01
ROOM_BYTES = 10_000_000  # the site's database file has half of that
GUARD_S = 10.0  # what the guard may need on top of the server's own grace


@dataclass(frozen=True)
class _Guard:
    """A guard process: `tells` is its standard input, `hears` its standard output."""

    process: subprocess.Popen[bytes]
    tells: IO[bytes]
    hears: IO[bytes]


@dataclass(eq=False)
class OwnedProcess:
    """A running server: its guard's process id, their directory, and the JSON object of its ready line."""

    guard_pid: int
    directory: Path
    ready: dict[str, Any]
    _guard: "_Guard" = field(repr=False)
    _manner: "Manner" = field(repr=False)
    _process_ids: list[int] = field(repr=False)
    _alive: bool = field(default=True, repr=False)
    _listening: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def __post_init__(self) -> None:
        self._at_last = _end_at_last(self, self._guard, self._manner.grace_s, self.directory)

    @property
    def pid(self) -> int:
        """The server's process id: the latest, if it was started again."""
        self._listen()
        return self._process_ids[-1]

    @property
    def starts(self) -> int:
        """The number of starts of the server: one, and one more each time that it had ended and was started again."""
        self._listen()
        return len(self._process_ids)

    @property
    def is_kept(self) -> bool:
        """Whether it is started again when it has ended by itself."""
        return self._manner.restart_after_s is not None and not self._guard.tells.closed

    def running(self) -> bool:
        """Whether the server has not ended: the guard says so at once when it has."""
        self._listen()
        return self._alive

    def _listen(self) -> None:
        """Read the messages of the guard that have come since."""
        with self._listening:
            while not self._guard.tells.closed and _has_message(self._guard, within_s=0):
                message = _message_or_end(self._guard)
                self._alive = "process_id" in message
                if self._alive:
                    self._process_ids.append(message["process_id"])
                elif "status" not in message:  # it cannot be started again, or the guard has ended
                    return

    def stop(self) -> None:
        """End the server; on return its processes and its directory are gone. Again: nothing happens."""
        self._at_last.detach()
        with self._listening:
            self._alive = False
            _end(self._guard, self._manner.grace_s, self.directory)


@dataclass(frozen=True)
class Manner:
    """The manner in which a server is run.

    grace_s          it has so long after the stop signal before SIGKILL comes
    stop_signal      what asks it to end
    restart_after_s  it is started again so long after it has ended by itself; None: it is not
    environment      of its own, beside this process's
    descriptors      of this process, which it inherits under the same numbers
    user             user and group id under which it runs, None for this process's
    """

    grace_s: float = 3.0
    stop_signal: signal.Signals = signal.SIGTERM
    restart_after_s: float | None = None
    environment: dict[str, str] = field(default_factory=dict)
    descriptors: tuple[int, ...] = ()
    user: tuple[int, int] | None = None

    def request(self) -> dict[str, Any]:
        """The manner in the words of a request to the guard: see `mysite.process_guard`."""
        fields = {name: value for name, value in asdict(self).items() if name != "user"}
        return fields | (dict(zip(("user_id", "group_id"), self.user, strict=True)) if self.user else {})


def start(
    command: Callable[[Path], Sequence[str]],
    name: str,
    timeout_s: float = 30.0,
    manner: Manner = Manner(),
    ready: Callable[[Path], dict[str, Any] | None] | None = None,
) -> OwnedProcess:
    """Start a server and wait until it is ready.

    `command` is given the server's new temporary directory, puts there what the server needs, and returns its
    command line. The directory is also where the server runs. `name` stands in messages. `ready` is given the
    directory again and again until it returns the object that a ready line would have; without it the server prints
    that line.

    RuntimeError, with the last lines that the server wrote, if it ends before it is ready; TimeoutError if it
    is not ready in `timeout_s` seconds.
    """
    sweep()
    guardian = _new_guard(manner.descriptors)
    directory = None
    try:
        directory = _directory(guardian)
        _tell(guardian, {"argv": list(command(directory)), **manner.request()})
        message = _message(guardian)
        if "error" in message:
            raise RuntimeError(f"{name} cannot be started: {message['error']}")
        deadline = time.monotonic() + timeout_s
        ready_line = _wait_until_ready(guardian, directory, name, deadline, ready or _ready_line)
    except BaseException:
        _end(guardian, manner.grace_s, directory)
        raise
    return OwnedProcess(guardian.process.pid, directory, ready_line, guardian, manner, [message["process_id"]])


@dataclass(eq=False)
class OwnedDirectory:
    """A temporary directory alone, with a guard that removes it: for what needs files and no server."""

    path: Path
    _guard: "_Guard" = field(repr=False)

    def __post_init__(self) -> None:
        self._at_last = _end_at_last(self, self._guard, 0, self.path)

    def stop(self) -> None:
        """Remove it. Again: nothing happens."""
        self._at_last.detach()
        _end(self._guard, 0, self.path)


def own_directory() -> OwnedDirectory:
    """Make a temporary directory, which is gone when it is stopped, or when this process is."""
    sweep()
    guardian = _new_guard(())
    own = OwnedDirectory(_directory(guardian), guardian)
    _tell(guardian, {"argv": []})
    return own


def _new_guard(descriptors: tuple[int, ...]) -> _Guard:
    process = subprocess.Popen(
        [sys.executable, "-I", "-S", process_guard.__file__, str(os.getpid())],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
        pass_fds=descriptors,
        bufsize=0,
    )
    return _Guard(process, cast(IO[bytes], process.stdin), cast(IO[bytes], process.stdout))


def sweep() -> None:
    """Remove what killed guards have left.

    These are directories of this user on which nobody has a lock, and, where the system has not killed them, the
    processes that carry the directory's mark.
    """
    for directory in Path(process_guard.temporary_directory()).glob(f"{process_guard.PREFIX}*"):
        with contextlib.suppress(OSError):
            if directory.lstat().st_uid != os.geteuid():
                continue
            try:
                lock = process_guard.lock(directory)
            except FileNotFoundError:
                directory.rmdir()  # a guard killed in its first moment leaves it empty
                continue
            if lock is not None:
                _kill_marked(str(directory))
                shutil.rmtree(directory, ignore_errors=True)
                os.close(lock)


def _kill_marked(directory: str) -> None:
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.pid != os.getpid() and process.environ().get(process_guard.MARKER) == directory:
                process.send_signal(signal.SIGKILL)


def _wait_until_ready(
    guardian: _Guard,
    directory: Path,
    name: str,
    deadline: float,
    ready: Callable[[Path], dict[str, Any] | None],
) -> dict[str, Any]:
    """Call `ready` until it returns something else than None, and return that; errors as of `start`."""
    while True:
        is_end = _has_message(guardian, within_s=SECONDS_BETWEEN_LOOKS)
        try:
            if (ready_line := ready(directory)) is not None:
                return ready_line
        except ValueError as error:
            raise RuntimeError(f"{name} {error}") from None
        if is_end:
            status = _message(guardian)["status"]
            raise RuntimeError(f"{name} ended before it was ready (status {status}).{_last_lines(directory)}")
        if time.monotonic() > deadline:
            raise TimeoutError(f"{name} is not ready in time.{_last_lines(directory)}")


def _ready_line(directory: Path) -> dict[str, Any] | None:
    """The JSON object in the first line of standard output, None while there is no line. ValueError if it is none."""
    line, newline, _ = (directory / "stdout").read_text(errors="replace").partition("\n")
    if not newline:
        return None
    try:
        return dict(json.loads(line))
    except (ValueError, TypeError):
        raise ValueError(f"printed {line!r} first, not the JSON object of a ready line") from None


def _last_lines(directory: Path) -> str:
    """What the server wrote last, and that there is no room, where that is so: then it could write nothing."""
    lines = (directory / "server.log").read_text(errors="replace").splitlines()[-LAST_LINES:]
    free = shutil.disk_usage(directory).free
    full = (
        f" Only {free // 1000:,} kB are free in {directory.parent}: make room there, or set TMPDIR to a directory that"
        " has some."
    ) if free < ROOM_BYTES else ""  # fmt: skip
    return full + (" The last lines it wrote:\n" + "\n".join(lines) if lines else " It wrote nothing.")


def _directory(guardian: _Guard) -> Path:
    """The directory that a new guard has made. OSError, which says what to do, if it could not."""
    message = _message(guardian)
    if "error" in message:
        raise OSError(message["error"])
    return Path(message["directory"])


def _end(guardian: _Guard, grace_s: float, directory: Path | None) -> None:
    """Let the guard end its server and itself; on return both are gone. Again: nothing happens."""
    if guardian.tells.closed:
        return
    with guardian.process:
        # a line, and not the end of the pipe alone: a fork of this process may hold that open
        with contextlib.suppress(BrokenPipeError):
            guardian.tells.write(b"\n")
        deadline = time.monotonic() + grace_s + GUARD_S
        while _has_message(guardian, within_s=max(0, deadline - time.monotonic())):
            if not guardian.hears.readline():
                break
        else:
            guardian.process.kill()
    if directory and directory.exists():
        sweep()


def _end_at_last(owner: object, guardian: _Guard, grace_s: float, directory: Path) -> "weakref.finalize[[], Any]":
    """Let the guard end its server when nobody has the owner any more, and at the latest when this process ends."""
    process_id = os.getpid()

    def end() -> None:
        if os.getpid() == process_id:  # a fork has a copy of the owner, and no server
            _end(guardian, grace_s, directory)

    return weakref.finalize(owner, end)


def _tell(guardian: _Guard, what: dict[str, Any]) -> None:
    guardian.tells.write(json.dumps(what).encode() + b"\n")


def _message(guardian: _Guard) -> dict[str, Any]:
    """The guard's next message. RuntimeError if it has ended."""
    message = _message_or_end(guardian)
    if not message:
        raise RuntimeError("the guard process has ended: what it wrote to standard error says why")
    return message


def _message_or_end(guardian: _Guard) -> dict[str, Any]:
    """The guard's next message, empty if it has ended."""
    line = guardian.hears.readline()
    return dict(json.loads(line)) if line else {}


def _has_message(guardian: _Guard, within_s: float) -> bool:
    """Whether within so many seconds the guard has a message that was not read yet, or has ended."""
    return bool(select.select([guardian.hears], [], [], within_s)[0])
