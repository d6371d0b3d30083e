"""What tests of servers wait for and look at: a condition that comes true, and the processes that a test started."""

import contextlib
import time
from collections.abc import Callable

import psutil


def wait_until(condition: Callable[[], bool], seconds: float = 10) -> None:
    """Look again until the condition holds; a failed assertion where it does not come."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it does not come"
        time.sleep(0.02)


def started_with(variable: str, mark: str) -> list[int]:
    """The processes that have this mark in their environment, which they were given when they were started."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.environ().get(variable) == mark:
                found.append(process.pid)
    return found
