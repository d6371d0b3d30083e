"""The guard: a small process that owns one server and its temporary directory, and outlives neither its parent.

It runs in a session of its own, so that no signal to the notebook's process group reaches it or the server. It
ends the server and removes the directory when its standard input closes, which the kernel does for a parent
that was killed, or when its parent's id changes (a fork of the parent may hold the input open), or at SIGTERM.

It is run as a script by `mysite.processes`, with the standard library alone, and talks in lines of JSON:

    says    {"directory": ...}                 a new temporary directory, locked
    reads   {"argv": [...], "grace_s": ...}    the server to start in it, [] for none; an empty line or the end: nothing
    says    {"process_id": ...}                or {"error": ...}
    says    {"status": ...}                    when the server has ended
    reads   anything, or the end               end it

What is read may also have "stop_signal" (a number, in place of SIGTERM), "environment" (more of it), "descriptors"
(of the guard's, which the server inherits), "user_id" and "group_id" (whose server it is), and "restart_after_s":
then a server that has ended by itself is started again after so long, and its new process id is said.

The server's standard output goes to the file `stdout`, its standard error to `server.log`. On Linux a server
whose guard was killed is killed by the kernel; its directory is removed at the next start (see `stale`).
"""

import contextlib
import ctypes
import fcntl
import json
import math
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from types import FrameType
from typing import Any

PREFIX = "scale-from-zero-server-"
LOCK = ".lock"
# in the environment of every process of a server: whose it is
MARKER = "MYSITE_DIRECTORY"
PARENT_DEATH_SIGNAL = 1  # prctl(2), PR_SET_PDEATHSIG
# what a program needs of the environment to start and to speak its user's language
NEEDED = re.compile("PATH|TMPDIR|TZ|LANG|LANGUAGE|LC_[A-Z]+|LD_LIBRARY_PATH|DYLD_LIBRARY_PATH")
SECONDS_BETWEEN_LOOKS = 1.0


def lock(directory: Path) -> int | None:
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
            (directory / LOCK).touch(mode=0o600)
            if lock(directory) is not None and directory.exists():
                return directory


def environment_for_another_user() -> dict[str, str]:
    """The part of this process's environment that the process of another user is given.

    That user's other processes can read it, and what is not needed may be a secret.
    """
    return {name: value for name, value in os.environ.items() if NEEDED.fullmatch(name)}


def temporary_directory() -> str:
    """The directory for temporary files, from the root on. OSError, which says what to do, where there is none."""
    try:
        return tempfile.gettempdir()
    except FileNotFoundError as error:
        raise OSError(
            f"there is no directory for temporary files that can be written ({error.strerror}): make room in one of"
            " them, or set TMPDIR to a directory that has room"
        ) from None


def main(parent: int) -> None:
    os.umask(0o077)  # what a server writes is its user's own: other users may pass through its directory
    signal.signal(signal.SIGTERM, _end)
    # handlers, which a started program does not inherit, rather than "ignore", which it would
    signal.signal(signal.SIGINT, _pass_over)
    signal.signal(signal.SIGHUP, _pass_over)
    try:
        # the server runs in a directory of its own, where a relative TMPDIR would lead to another place
        os.environ["TMPDIR"] = tempfile.tempdir = temporary_directory()
        directory = new_directory()
    except OSError as error:
        _say(error=f"no temporary directory can be made: {error}. Set TMPDIR to one that can be written and has room")
        return
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
    """Start the server, again if it is to be, until there is an order to end it: on return it is gone."""
    if not request["argv"]:
        _has_order_to_end(parent, math.inf)
        return
    while True:
        with _start(request, directory) as server:
            try:
                is_order = _is_order_before_end(parent, server)
            finally:
                _stop(server, request)
                _say(status=server.wait())
        if is_order:
            return
        pause_s = request.get("restart_after_s")
        if _has_order_to_end(parent, time.monotonic() + (math.inf if pause_s is None else pause_s)):
            return


def _start(request: dict[str, Any], directory: Path) -> subprocess.Popen[bytes]:
    """Start the server and say its process id; SystemExit, with the error said, if that cannot be."""
    prctl = getattr(ctypes.CDLL(None), "prctl", None)  # Linux has it
    user_id = request.get("user_id")
    other_user = {} if user_id is None else {"user": user_id, "group": request["group_id"], "extra_groups": []}
    environment = dict(os.environ) if user_id is None else environment_for_another_user()
    with (directory / "stdout").open("ab") as output, (directory / "server.log").open("ab") as log:
        try:
            server = subprocess.Popen(
                request["argv"],
                cwd=directory,
                env={**environment, **request.get("environment", {}), MARKER: str(directory)},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=log,
                start_new_session=True,
                pass_fds=request.get("descriptors", ()),
                # after the change of user, which would undo it
                preexec_fn=prctl and (lambda: prctl(PARENT_DEATH_SIGNAL, signal.SIGKILL)),
                **other_user,
            )
        except OSError as error:
            _say(error=str(error))
            raise SystemExit from None
    _say(process_id=server.pid)
    return server


def _is_order_before_end(parent: int, server: subprocess.Popen[bytes]) -> bool:
    """Wait for an order to end the server, or for its end; whether it was the order."""
    end, signal_end = os.pipe()

    def wait() -> None:
        server.wait()
        os.close(signal_end)

    threading.Thread(target=wait, daemon=True).start()
    try:
        return _has_order_to_end(parent, math.inf, end)
    finally:
        os.close(end)


def _has_order_to_end(parent: int, until: float, *ends: int) -> bool:
    """Wait for an order to end; whether it comes before the moment `until` and before one of the descriptors ends.

    until  in seconds of the monotonic clock
    """
    while os.getppid() == parent:
        remaining_s = until - time.monotonic()
        if remaining_s <= 0:
            return False
        readable, _, _ = select.select([0, *ends], [], [], min(remaining_s, SECONDS_BETWEEN_LOOKS))
        if 0 in readable:
            return True
        if readable:
            return False
    return True


def _stop(server: subprocess.Popen[bytes], request: dict[str, Any]) -> None:
    """Send the server the stop signal, and after the grace SIGKILL; SIGKILL to what it has left of its group."""
    if server.poll() is None:
        signal.signal(signal.SIGTERM, _pass_over)
        server.send_signal(request.get("stop_signal", signal.SIGTERM))
    with contextlib.suppress(subprocess.TimeoutExpired):
        server.wait(request["grace_s"])
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(server.pid, signal.SIGKILL)


def _say(**what: object) -> None:
    """Write a line of JSON to standard output; where nobody reads it, it is lost."""
    with contextlib.suppress(BrokenPipeError):
        os.write(1, json.dumps(what).encode() + b"\n")


def _end(number: int, frame: FrameType | None) -> None:
    raise SystemExit


def _pass_over(number: int, frame: FrameType | None) -> None:
    """Do nothing: whoever sends the signal to the guard means its parent."""


if __name__ == "__main__":
    main(int(sys.argv[1]))
