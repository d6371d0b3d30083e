import fcntl
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from mysite import process_guard


def test_a_locked_directory_is_another_process_s(tmp_path: Path) -> None:
    (tmp_path / ".lock").touch()
    descriptor = process_guard.lock(tmp_path)
    assert descriptor is not None
    open_before = psutil.Process().num_fds()
    assert process_guard.lock(tmp_path) is None
    assert psutil.Process().num_fds() == open_before
    os.close(descriptor)
    again = process_guard.lock(tmp_path)
    assert again is not None
    os.close(again)


def test_a_directory_without_a_lock_file_cannot_be_locked(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        process_guard.lock(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_lock_file_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").touch()
    (tmp_path / ".lock").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="symbolic link"):
        process_guard.lock(tmp_path)


def test_a_directory_that_a_sweep_has_come_upon_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sweep may come before the lock file is there, hold the lock, or have removed the directory since."""
    removed, locked, removed_since, good = (tmp_path / name for name in ("removed", "locked", "since", "good"))
    for directory in (locked, removed_since, good):
        directory.mkdir()
    (locked / ".lock").touch()
    directories: Iterator[Path] = iter([removed, locked, removed_since, good])
    real = process_guard.lock

    def lock(directory: Path) -> int | None:
        descriptor = real(directory)
        if directory == removed_since:
            (directory / ".lock").unlink()
            directory.rmdir()
        return descriptor

    monkeypatch.setattr(tempfile, "mkdtemp", lambda prefix: str(next(directories)))
    monkeypatch.setattr(process_guard, "lock", lock)
    with (locked / ".lock").open() as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert process_guard.new_directory() == good
    assert real(good) is None


def talk(*lines: str, parent: int | None = None) -> list[dict[str, object]]:
    """The messages of a guard that reads these lines, after which its standard input ends."""
    command = [sys.executable, "-I", "-S", process_guard.__file__, str(parent or os.getpid())]
    guard = subprocess.run(command, input="".join(lines), capture_output=True, text=True, check=True)
    assert guard.stderr == ""
    return [json.loads(line) for line in guard.stdout.splitlines()]


@pytest.mark.parametrize("lines", [(), ("\n",)])
def test_one_that_is_told_nothing_removes_its_directory(lines: tuple[str, ...]) -> None:
    ((key, directory),) = (item for message in talk(*lines) for item in message.items())
    assert key == "directory"
    assert not Path(str(directory)).exists()


def test_it_says_that_a_server_cannot_be_started() -> None:
    _, error = talk(json.dumps({"argv": ["/nonesuch"], "grace_s": 1}) + "\n")
    assert error == {"error": "[Errno 2] No such file or directory: '/nonesuch'"}


def test_it_says_when_the_server_has_ended_and_keeps_the_directory_until_told() -> None:
    command = [sys.executable, "-I", "-S", process_guard.__file__, str(os.getpid())]
    request = {"argv": [sys.executable, "-c", "raise SystemExit(3)"], "grace_s": 1}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as guard:
        assert guard.stdin and guard.stdout
        guard.stdin.write(json.dumps(request).encode() + b"\n")
        guard.stdin.flush()
        messages = [json.loads(guard.stdout.readline()) for _ in range(3)]
        assert [list(message) for message in messages] == [["directory"], ["process_id"], ["status"]]
        assert messages[2]["status"] == 3
        directory = Path(messages[0]["directory"])
        assert directory.exists()
        guard.stdin.close()
        assert guard.wait(10) == 0
        assert not directory.exists()


def test_one_whose_parent_is_gone_already_ends_though_its_input_is_open() -> None:
    command = [sys.executable, "-I", "-S", process_guard.__file__, "1"]
    request = {"argv": [sys.executable, "-c", "import time; time.sleep(60)"], "grace_s": 1}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as guard:
        assert guard.stdin and guard.stdout
        guard.stdin.write(json.dumps(request).encode() + b"\n")
        guard.stdin.flush()
        directory = json.loads(guard.stdout.readline())["directory"]
        assert guard.wait(10) == 0
        assert not Path(directory).exists()


def test_it_looks_for_its_parent_once_a_second() -> None:
    assert process_guard.SECONDS_BETWEEN_LOOKS == 1.0
