"""What tests of servers wait for and look at: a condition, a test's own processes, sessions that wait for a lock."""

import contextlib
import os
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import psycopg

# in the environment of every process that a test starts: the test's directory for temporary files
TEST_MARK = "MYSITE_TEST"


def wait_until(condition: Callable[[], bool], seconds: float = 10) -> None:
    """Look again until the condition holds; a failed assertion where it does not come."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it does not come"
        time.sleep(0.02)


def environment_in(directory: Path) -> dict[str, str]:
    """The environment for a program whose temporary files lie in a directory, by which its processes are known."""
    return os.environ | {"TMPDIR": str(directory), TEST_MARK: str(directory)}


def started_in(directory: Path) -> list[int]:
    """The ids of the processes that were started with a directory as their mark."""
    process_ids = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.environ().get(TEST_MARK) == str(directory):
                process_ids.append(process.pid)
    return process_ids


def waiting_for_a_lock(connection: psycopg.Connection) -> int:
    """The number of sessions in the database of a connection, which is not in a transaction, that wait for a lock."""
    waiting = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    row = connection.execute(waiting).fetchone()
    assert row
    return int(row[0])
