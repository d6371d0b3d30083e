"""Servers as processes of their own, each owned by a `mysite.process_guard`, so that none outlives its notebook.

A server is ready when it has printed one line, a JSON object, to its standard output. It prints it when it
really listens.
"""

import atexit
import contextlib
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, cast

import psutil

from mysite import process_guard

LAST_LINES = 20
SECONDS_BETWEEN_LOOKS = 0.01
GUARD_S = 10.0  # what the guard may need on top of the server's own grace


@dataclass(frozen=True)
class _Guard:
    """A guard process, what is told to it, and what it says."""

    process: subprocess.Popen[bytes]
    tells: IO[bytes]
    hears: IO[bytes]


@dataclass(eq=False)
class OwnedProcess:
    """A running server: its process id, its guard's, their directory, and what its ready line said."""

    pid: int
    guard_pid: int
    directory: Path
    ready: dict[str, Any]
    _guard: "_Guard" = field(repr=False)
    _grace_s: float = field(repr=False)

    def running(self) -> bool:
        """Whether the server has not ended: the guard says so at once when it has."""
        return not self._guard.tells.closed and not _has_said(self._guard, within_s=0)

    def stop(self) -> None:
        """End the server; on return its processes and its directory are gone. Again: nothing happens."""
        atexit.unregister(self.stop)
        _end(self._guard, self._grace_s, self.directory)


def start(
    command: Callable[[Path], Sequence[str]], name: str, timeout_s: float = 30.0, grace_s: float = 3.0
) -> OwnedProcess:
    """Start a server and wait until it is ready.

    `command` is given the server's new temporary directory, puts there what the server needs, and returns its
    command line. The directory is also where the server runs. When it is stopped, it gets SIGTERM, and
    `grace_s` seconds later SIGKILL. `name` stands in messages.

    RuntimeError, with the last lines that the server wrote, if it ends before it is ready; TimeoutError if it
    is not ready in `timeout_s` seconds.
    """
    sweep()
    guardian = _new_guard()
    directory = None
    try:
        directory = Path(_heard(guardian)["directory"])
        _tell(guardian, {"argv": list(command(directory)), "grace_s": grace_s})
        said = _heard(guardian)
        if "error" in said:
            raise RuntimeError(f"{name} cannot be started: {said['error']}")
        ready = _wait_until_ready(guardian, directory, name, time.monotonic() + timeout_s)
    except BaseException:
        _end(guardian, grace_s, directory)
        raise
    owned = OwnedProcess(said["process_id"], guardian.process.pid, directory, ready, guardian, grace_s)
    atexit.register(owned.stop)
    return owned


def _new_guard() -> _Guard:
    process = subprocess.Popen(
        [sys.executable, "-I", "-S", process_guard.__file__, str(os.getpid())],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
        bufsize=0,
    )
    return _Guard(process, cast(IO[bytes], process.stdin), cast(IO[bytes], process.stdout))


def sweep() -> None:
    """Remove what killed guards have left: directories of this user that none holds locked, and, where the
    system has not killed them, the processes that carry the directory's mark."""
    for directory in Path(tempfile.gettempdir()).glob(f"{process_guard.PREFIX}*"):
        with contextlib.suppress(OSError):
            if directory.lstat().st_uid != os.geteuid():
                continue
            try:
                lock = process_guard.locked(directory)
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
    guardian: _Guard, directory: Path, name: str, deadline: float
) -> dict[str, Any]:
    while True:
        ended = _has_said(guardian, within_s=SECONDS_BETWEEN_LOOKS)
        line, newline, _ = (directory / "stdout").read_text(errors="replace").partition("\n")
        if newline:
            break
        if ended:
            status = _heard(guardian)["status"]
            raise RuntimeError(f"{name} ended before it was ready (status {status}).{_last_lines(directory)}")
        if time.monotonic() > deadline:
            raise TimeoutError(f"{name} is not ready in time.{_last_lines(directory)}")
    try:
        return dict(json.loads(line))
    except (ValueError, TypeError):
        raise RuntimeError(f"{name} printed {line!r} first, not the JSON object of a ready line") from None


def _last_lines(directory: Path) -> str:
    lines = (directory / "server.log").read_text(errors="replace").splitlines()[-LAST_LINES:]
    return " The last lines it wrote:\n" + "\n".join(lines) if lines else " It wrote nothing."


def _end(guardian: _Guard, grace_s: float, directory: Path | None) -> None:
    if guardian.tells.closed:
        return
    with guardian.process:
        # said, since a fork of this process may hold the pipe open
        with contextlib.suppress(BrokenPipeError):
            guardian.tells.write(b"\n")
        deadline = time.monotonic() + grace_s + GUARD_S
        while _has_said(guardian, within_s=max(0, deadline - time.monotonic())):
            if not guardian.hears.readline():
                break
        else:
            guardian.process.kill()
    if directory and directory.exists():
        sweep()


def _tell(guardian: _Guard, what: dict[str, Any]) -> None:
    guardian.tells.write(json.dumps(what).encode() + b"\n")


def _heard(guardian: _Guard) -> dict[str, Any]:
    """The next thing that the guard says."""
    line = guardian.hears.readline()
    if not line:
        raise RuntimeError("the guard process has ended: what it wrote to standard error says why")
    return dict(json.loads(line))


def _has_said(guardian: _Guard, within_s: float) -> bool:
    """Whether the guard has said something not yet heard, or has ended."""
    return bool(select.select([guardian.hears], [], [], within_s)[0])
