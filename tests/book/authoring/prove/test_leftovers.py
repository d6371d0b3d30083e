"""book/authoring/prove/leftovers.py: what is left is found, by its mark or by where it works."""

import os
import socket
import subprocess
import sys
import tempfile

import psutil
import pytest

from book.authoring.prove import leftovers

SILENT = [sys.executable, "-c", "print(flush=True); import time; time.sleep(60)"]
DEAF = [sys.executable, "-c", "import socket; s = socket.create_server(('127.0.0.1', 0)); print(s.getsockname()[1],"
        " flush=True); input()"]  # fmt: skip


@pytest.fixture
def folder():
    """A directory within whose context processes carry the mark."""
    with leftovers.marking("a mark") as folder:
        yield folder


def test_within_the_context_all_is_marked_and_afterwards_nothing(monkeypatch):
    monkeypatch.setenv("TMPDIR", tempfile.gettempdir())
    before = dict(os.environ), tempfile.tempdir
    with leftovers.marking("a mark") as folder:
        assert os.environ[leftovers.MARK] == "a mark"
        assert os.environ["TMPDIR"] == tempfile.gettempdir() == str(folder)
        assert folder.stat().st_mode & 0o777 == 0o711
        (folder / "left").touch()
    assert (dict(os.environ), tempfile.tempdir) == before
    assert not folder.exists()


def test_nothing_is_left_of_nothing(folder):
    assert leftovers.remains("a mark", folder, []) == []


@pytest.mark.parametrize("is_marked", [True, False])
def test_a_process_is_known_by_its_mark_or_its_working_directory(folder, is_marked):
    environment = {} if is_marked else {leftovers.MARK: "another"}
    where = None if is_marked else folder
    with subprocess.Popen(SILENT, stdout=subprocess.PIPE, cwd=where, env=os.environ | environment) as process:
        process.stdout.readline()  # it runs its program, no longer this one's
        name = psutil.Process(process.pid).name()
        assert leftovers.remains("a mark", folder, []) == [f"process {process.pid} {name}"]
        assert leftovers.ours("another mark", folder / "elsewhere") == []
        process.kill()
    assert leftovers.remains("a mark", folder, []) == []


def test_a_port_and_a_directory(folder):
    with subprocess.Popen(DEAF, stdout=subprocess.PIPE, stdin=subprocess.PIPE) as process:
        port = int(process.stdout.readline())
        assert leftovers.listening(leftovers.ours("a mark", folder)) == [port]
        process.stdin.close()
    (folder / "b").mkdir()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        assert leftovers.remains("a mark", folder, [port]) == ["directory b", f"port {port}"]
    assert leftovers.remains("a mark", folder, [port]) == ["directory b"]


def test_what_has_ended_meanwhile_has_no_name():
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        processes = [psutil.Process(process.pid), psutil.Process()]
        process.stdin.close()
    assert leftovers.ids_and_names(processes) == [f"{os.getpid()} {psutil.Process().name()}"]
