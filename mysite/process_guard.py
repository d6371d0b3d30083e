"""The guard: a small process that owns one server and its temporary directory, and outlives neither its parent.

It runs in a session of its own, so that no signal to the notebook's process group reaches it or the server. It
ends the server and removes the directory when its standard input closes, which the kernel does for a parent
that was killed, or when its parent's id changes (a fork of the parent may hold the input open), or at SIGTERM.

It is run as a script by `mysite.processes`, with the standard library alone, and talks in lines of JSON:

    says    {"directory": ...}                 a new temporary directory, locked
    reads   {"argv": [...], "grace_s": ...}    the server to start in it; an empty line or the end: nothing
    says    {"process_id": ...}                or {"error": ...}
    says    {"status": ...}                    when the server has ended by itself
    reads   anything, or the end               end it

The server's standard output goes to the file `stdout`, its standard error to `server.log`. On Linux a server
whose guard was killed is killed by the kernel; its directory is removed at the next start (see `stale`).
"""

import contextlib
import ctypes
import fcntl
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from types import FrameType
from typing import Any

PREFIX = "scale-from-zero-server-"
LOCK = ".lock"
# in the environment of every process of a server: whose it is
MARKER = "MYSITE_DIRECTORY"
PARENT_DEATH_SIGNAL = 1  # prctl(2), PR_SET_PDEATHSIG
SECONDS_BETWEEN_LOOKS = 1.0


def locked(directory: Path) -> int | None:
    """Lock a directory of ours for as long as the returned descriptor is open; None if another process has it.

    FileNotFoundError if it has no lock file.
    """
    descriptor = os.open(directory / LOCK, os.O_RDWR | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


def new_directory() -> Path:
    """A new temporary directory, for this user alone, locked until this process ends."""
    while True:
        directory = Path(tempfile.mkdtemp(prefix=PREFIX))
        # a sweep may come between these steps and remove what looks abandoned: then take another one
        with contextlib.suppress(FileNotFoundError):
            (directory / LOCK).touch()
            if locked(directory) is not None and directory.exists():
                return directory


def main(parent: int) -> None:
    signal.signal(signal.SIGTERM, _end)
    # handlers, which a started program does not inherit, rather than "ignore", which it would
    signal.signal(signal.SIGINT, _pass_over)
    signal.signal(signal.SIGHUP, _pass_over)
    directory = new_directory()
    try:
        _say(directory=str(directory))
        line = _line()
        if line.strip():
            _own(json.loads(line), directory, parent)
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _line() -> bytes:
    """The next line of standard input, empty at its end. What comes after it is left to be read."""
    with open(0, "rb", buffering=0, closefd=False) as unbuffered:
        return unbuffered.readline()


def _own(request: dict[str, Any], directory: Path, parent: int) -> None:
    """Start the server, wait to be told, and end it: on return it is gone."""
    with _start(request["argv"], directory) as server:
        try:
            _wait_to_be_told(parent)
        finally:
            _stop(server, request["grace_s"])


def _start(argv: list[str], directory: Path) -> subprocess.Popen[bytes]:
    prctl = getattr(ctypes.CDLL(None), "prctl", None)  # Linux has it
    with (directory / "stdout").open("wb") as output, (directory / "server.log").open("wb") as log:
        try:
            server = subprocess.Popen(
                argv,
                cwd=directory,
                env=os.environ | {MARKER: str(directory)},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=log,
                start_new_session=True,
                preexec_fn=prctl and (lambda: prctl(PARENT_DEATH_SIGNAL, signal.SIGKILL)),
            )
        except OSError as error:
            _say(error=str(error))
            raise SystemExit from None
    _say(process_id=server.pid)
    threading.Thread(target=lambda: _say(status=server.wait()), daemon=True).start()
    return server


def _wait_to_be_told(parent: int) -> None:
    while os.getppid() == parent:
        readable, _, _ = select.select([0], [], [], SECONDS_BETWEEN_LOOKS)
        if readable:
            return


def _stop(server: subprocess.Popen[bytes], grace_s: float) -> None:
    """SIGTERM, and after the grace SIGKILL, to the server; SIGKILL to what it has left of its group."""
    signal.signal(signal.SIGTERM, _pass_over)
    server.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        server.wait(grace_s)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(server.pid, signal.SIGKILL)


def _say(**what: object) -> None:
    with contextlib.suppress(BrokenPipeError):
        os.write(1, json.dumps(what).encode() + b"\n")


def _end(number: int, frame: FrameType | None) -> None:
    raise SystemExit


def _pass_over(number: int, frame: FrameType | None) -> None:
    """Whoever sends it to the guard means its parent."""


if __name__ == "__main__":
    main(int(sys.argv[1]))
