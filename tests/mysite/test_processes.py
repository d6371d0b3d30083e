import contextlib
import fcntl
import gc
import inspect
import json
import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from mysite import process_guard, processes
from mysite.processes import Manner
from tests.mysite.watching import TEST_MARK, started_in, wait_until

LINUX = sys.platform == "linux"
READY = "import json, os, sys, time; print(json.dumps({'port': 7, 'process_id': os.getpid()}), flush=True)\n"
WAITS = READY + "time.sleep(60)\n"


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A directory for temporary files of the test's own, in which nothing may be left, and no process."""
    directory = tmp_path / "temporary files"
    directory.mkdir()
    monkeypatch.setenv("TMPDIR", str(directory))
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setenv(TEST_MARK, str(directory))
    yield directory
    wait_until(lambda: started_in(directory) == [])
    assert list(directory.iterdir()) == []


def alive(process_id: int) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess):
        return psutil.Process(process_id).status() != psutil.STATUS_ZOMBIE
    return False


def python(program: str) -> Callable[[Path], list[str]]:
    return lambda directory: [sys.executable, "-I", "-S", "-c", program]


def test_a_server_runs_in_its_own_directory_and_session(temporary: Path) -> None:
    program = (
        "import json, os, sys, time\n"
        "print('to the log', file=sys.stderr)\n"
        "print(json.dumps({'directory': os.getcwd(), 'mark': os.environ['MYSITE_DIRECTORY'], 'group': os.getpgid(0),"
        " 'session': os.getsid(0), 'input': sys.stdin.read(), 'files': sorted(os.listdir())}), flush=True)\n"
        "print('more')\n"
        "time.sleep(60)\n"
    )

    def command(directory: Path) -> list[str]:
        (directory / "settings").write_text("prepared")
        return python(program)(directory)

    server = processes.start(command, "it")
    assert server.directory.parent == temporary
    assert server.directory.name.startswith(process_guard.PREFIX)
    assert stat.S_IMODE(server.directory.stat().st_mode) == 0o700
    assert server.ready == {
        "directory": str(server.directory.resolve()),
        "mark": str(server.directory),
        "group": server.pid,
        "session": server.pid,
        "input": "",
        "files": [".lock", "server.log", "settings", "stdout"],
    }
    assert (server.directory / "server.log").read_text() == "to the log\n"
    assert os.getsid(server.guard_pid) == server.guard_pid
    assert psutil.Process(server.pid).ppid() == server.guard_pid
    assert psutil.Process(server.guard_pid).ppid() == os.getpid()
    assert server.running()
    server.stop()
    assert not server.running()
    assert not (alive(server.pid) or alive(server.guard_pid))
    assert list(temporary.iterdir()) == []
    server.stop()


def test_two_at_once() -> None:
    first, second = (processes.start(python(WAITS), "it") for _ in range(2))
    assert len({first, second}) == 2
    assert first.directory != second.directory
    first.stop()
    assert second.running()
    assert second.directory.exists()
    second.stop()


def test_a_stopped_one_is_not_kept_until_the_end_of_the_program() -> None:
    server = processes.start(python(WAITS), "it")
    server.stop()
    reference = weakref.ref(server)
    del server
    gc.collect()
    assert reference() is None


def test_it_is_asked_to_end_before_it_is_killed(tmp_path: Path) -> None:
    note = tmp_path / "note"
    program = (
        "import signal, sys, pathlib\n"
        f"signal.signal(signal.SIGTERM, lambda *_: (pathlib.Path({str(note)!r}).write_text('ended'), sys.exit()))\n"
    )
    processes.start(python(program + WAITS), "it").stop()
    assert note.read_text() == "ended"


def test_one_that_does_not_end_is_killed_with_what_it_started() -> None:
    program = (
        "import signal, subprocess, sys\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "import json, time; print(json.dumps({'child': child.pid}), flush=True); time.sleep(60)\n"
    )
    server = processes.start(python(program), "it", manner=Manner(grace_s=0.1))
    assert alive(server.ready["child"])
    server.stop()
    assert not alive(server.pid)
    wait_until(lambda: not alive(server.ready["child"]))


def test_what_an_orderly_server_leaves_of_its_group_is_killed() -> None:
    program = (
        "import json, subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "print(json.dumps({'child': child.pid}), flush=True); time.sleep(60)\n"
    )
    server = processes.start(python(program), "it")
    server.stop()
    wait_until(lambda: not alive(server.ready["child"]))


def test_a_server_has_3_seconds_to_end(monkeypatch: pytest.MonkeyPatch) -> None:
    requests: list[dict[str, object]] = []
    tell = processes._tell
    monkeypatch.setattr(processes, "_tell", lambda guardian, what: (requests.append(what), tell(guardian, what)))
    processes.start(python(WAITS), "it").stop()
    assert [request["grace_s"] for request in requests] == [3.0]


def test_signals_are_as_a_program_expects_them() -> None:
    program = (
        "import json, signal, time\n"
        "names = ('SIGINT', 'SIGTERM', 'SIGHUP', 'SIGCHLD')\n"
        "print(json.dumps({name: signal.getsignal(getattr(signal, name)) != signal.SIG_IGN for name in names}),"
        " flush=True)\ntime.sleep(60)\n"
    )
    server = processes.start(python(program), "it")
    assert server.ready == {"SIGINT": True, "SIGTERM": True, "SIGHUP": True, "SIGCHLD": True}
    server.stop()


@pytest.mark.parametrize(
    ("program", "complaint"),
    [
        ("import sys; sys.exit(3)", r"^the web server ended before it was ready \(status 3\). It wrote nothing.$"),
        (
            "import sys; sys.exit('\\n'.join(f'line {number}' for number in range(30)))",
            r"\(status 1\). The last lines it wrote:\nline 10\n(line \d\d\n){18}line 29$",
        ),
        ("import os; os.kill(os.getpid(), 9)", r"\(status -9\)"),
        ("print('hello')", "^the web server printed 'hello' first, not the JSON object of a ready line$"),
        ("print('[1]')", r"printed '\[1\]' first"),
        ("print('3')", "printed '3' first"),
    ],
)
def test_one_that_does_not_become_ready(program: str, complaint: str) -> None:
    with pytest.raises(RuntimeError, match=complaint):
        processes.start(python(program), "the web server")


def test_one_that_is_not_ready_in_time() -> None:
    program = "import sys, time; print('half', end='', flush=True); print('wait', file=sys.stderr); time.sleep(60)"
    with pytest.raises(TimeoutError, match=r"^it is not ready in time. The last lines it wrote:\nwait$"):
        processes.start(python(program), "it", timeout_s=0.3)


def test_a_server_that_is_not_there() -> None:
    with pytest.raises(RuntimeError, match=r"^it cannot be started: .*No such file or directory: '/nonesuch'$"):
        processes.start(lambda directory: ["/nonesuch"], "it")


def test_an_error_while_it_is_prepared(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ZeroDivisionError):
        processes.start(lambda directory: [str(1 / 0)], "it")
    assert capfd.readouterr() == ("", "")


def test_it_looks_for_the_ready_line_a_hundred_times_a_second() -> None:
    assert processes.SECONDS_BETWEEN_LOOKS == 0.01


def test_a_server_has_half_a_minute_to_become_ready() -> None:
    assert inspect.signature(processes.start).parameters["timeout_s"].default == 30.0


def test_one_that_ends_later() -> None:
    server = processes.start(python(READY + "sys.stdin.read()"), "it")
    wait_until(lambda: not server.running())
    assert server.directory.exists()
    server.stop()
    assert not server.directory.exists()


def test_a_guard_that_ends_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(processes.process_guard, "__file__", str(tmp_path / "absent"))
    with pytest.raises(RuntimeError, match=r"^the guard process has ended: what it wrote to standard error says why$"):
        processes.start(python(WAITS), "it")


# a notebook's kernel in small: it starts a server, says so, and waits
PARENT = (
    "import json, os, sys, time\n"
    "from mysite import processes\n"
    "server = processes.start(lambda directory: [sys.executable, '-I', '-S', '-c', {server!r}], 'it')\n"
    "print(json.dumps([server.pid, server.guard_pid, str(server.directory)]), flush=True)\n"
)


@contextlib.contextmanager
def parent(more: str, server: str = WAITS) -> Iterator[tuple[subprocess.Popen[bytes], int, int, Path]]:
    command = [sys.executable, "-c", PARENT.format(server=server) + more]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, **pipes, start_new_session=True) as program:
        assert program.stdout
        server_id, guard_id, directory = json.loads(program.stdout.readline())
        assert alive(server_id)
        assert alive(guard_id)
        yield program, server_id, guard_id, Path(directory)
        program.kill()


@pytest.mark.parametrize("whole_group", [False, True])
def test_a_killed_parent(whole_group: bool) -> None:
    with parent("time.sleep(60)") as (program, server_id, guard_id, directory):
        if whole_group:
            os.killpg(program.pid, signal.SIGKILL)
        else:
            program.kill()
        wait_until(lambda: not (alive(server_id) or alive(guard_id) or directory.exists()))


def test_a_killed_parent_whose_fork_lives_on() -> None:
    """The fork holds the guard's standard input open, so the guard has to see that its parent is another."""
    with parent("os.fork() or time.sleep(30)\ntime.sleep(30)") as (program, server_id, guard_id, directory):
        wait_until(lambda: len(psutil.Process(program.pid).children()) == 2)
        (fork,) = (child for child in psutil.Process(program.pid).children() if child.pid != guard_id)
        program.kill()
        wait_until(lambda: not (alive(server_id) or alive(guard_id) or directory.exists()))
        assert alive(fork.pid)
        fork.kill()


def test_a_parent_that_ends_by_itself_waits_until_all_is_gone() -> None:
    slow = "import signal, time\nsignal.signal(signal.SIGTERM, lambda *_: (time.sleep(0.3), exit()))\n" + WAITS
    with parent("", slow) as (program, server_id, guard_id, directory):
        assert program.wait(10) == 0
        assert not (alive(server_id) or alive(guard_id) or directory.exists())


def test_a_parent_with_a_fork_tells_its_guard_to_end() -> None:
    """The input of the guard does not end, since the fork holds it open too."""
    # it waits for a line, so that `parent` has seen the server alive before it is ended
    stop = "sys.stdin.readline()\nserver.stop()\nos.kill(fork, 9)\nos.wait()\n"
    forks = f"fork = os.fork()\nif not fork: time.sleep(30); os._exit(0)\n{stop}"
    with parent(forks + "print(server._guard.process.returncode, flush=True)\ntime.sleep(60)") as (program, *_):
        assert program.stdin and program.stdout
        program.stdin.write(b"\n")
        program.stdin.flush()
        assert program.stdout.readline() == b"0\n"


def test_an_interrupt_of_the_parents_group_reaches_neither() -> None:
    survives = (
        "import signal\nsignal.signal(signal.SIGINT, lambda *_: print('interrupted', flush=True))\n"
        "print('ready', flush=True)\nwhile True: time.sleep(60)"
    )
    with parent(survives) as (program, server_id, guard_id, _):
        assert program.stdout
        assert program.stdout.readline() == b"ready\n"
        os.killpg(program.pid, signal.SIGINT)
        assert program.stdout.readline() == b"interrupted\n"
        time.sleep(0.3)  # for what would end the two now
        assert alive(server_id)
        assert alive(guard_id)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
def test_a_guard_passes_an_interrupt_over(number: signal.Signals) -> None:
    server = processes.start(python(WAITS), "it")
    os.kill(server.guard_pid, number)
    time.sleep(0.1)
    assert server.running()
    server.stop()


def test_a_guard_that_is_told_to_end_ends_in_order() -> None:
    slow = "import signal, time\nsignal.signal(signal.SIGTERM, lambda *_: (time.sleep(0.3), exit()))\n" + WAITS
    server = processes.start(python(slow), "it")
    for _ in range(3):
        os.kill(server.guard_pid, signal.SIGTERM)
        time.sleep(0.05)
    wait_until(lambda: not (alive(server.pid) or server.directory.exists()))
    assert not server.running()
    server.stop()


@pytest.mark.skipif(not LINUX, reason="elsewhere nothing kills a server whose guard is killed, but the next sweep")
def test_the_server_of_a_killed_guard_is_killed() -> None:
    server = processes.start(python(WAITS), "it")
    os.kill(server.guard_pid, signal.SIGKILL)
    wait_until(lambda: not alive(server.pid))
    # the thread that has started the server takes it along when it ends; the pipe is closed when the guard's last has
    server._guard.process.wait(10)
    assert not server.running()
    assert server.directory.exists()
    server.stop()


@pytest.mark.parametrize("stopped", [False, True])
def test_what_a_killed_guard_leaves_is_swept(temporary: Path, stopped: bool) -> None:
    """A process that has left the server's session outlives both; the mark in its environment is found."""
    program = (
        "import json, subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'], start_new_session=True)\n"
        "print(json.dumps({'child': child.pid}), flush=True); time.sleep(60)\n"
    )
    server = processes.start(python(program), "it")
    os.kill(server.guard_pid, signal.SIGKILL)
    if stopped:
        server.stop()
    else:
        psutil.Process(server.guard_pid).wait(5)
        other = processes.start(python(WAITS), "it")
        assert list(temporary.iterdir()) == [other.directory]
        other.stop()
        server.stop()
    wait_until(lambda: not alive(server.ready["child"]))


def test_a_guard_that_hangs_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert processes.GUARD_S == 10.0
    monkeypatch.setattr(processes, "GUARD_S", 0.1)
    server = processes.start(python(WAITS), "it", manner=Manner(grace_s=0.1))
    os.kill(server.guard_pid, signal.SIGSTOP)
    server.stop()
    assert not server.directory.exists()
    wait_until(lambda: not alive(server.pid))


def test_what_is_not_swept(temporary: Path, tmp_path: Path) -> None:
    locked = temporary / f"{process_guard.PREFIX}locked"
    others = temporary / f"{process_guard.PREFIX}others-work"
    file = temporary / f"{process_guard.PREFIX}notes.txt"
    target = tmp_path / "target"
    link = temporary / f"{process_guard.PREFIX}link"
    for directory in (locked, others, target):
        directory.mkdir()
        (directory / "content").touch()
    file.touch()
    link.symlink_to(target)
    (target / ".lock").touch()
    with (locked / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        processes.sweep()
        assert set(temporary.iterdir()) == {locked, others, file, link}
        assert (target / "content").exists()
    processes.sweep()
    assert set(temporary.iterdir()) == {others, file, link}
    for path in (others / "content", file, link):
        path.unlink()
    processes.sweep()  # what a guard leaves that was killed in its first moment


def test_no_other_processes_are_killed(temporary: Path) -> None:
    """A mark of another directory is not this one's, and who sweeps does not kill itself."""
    stale = temporary / f"{process_guard.PREFIX}stale"
    stale.mkdir()
    (stale / ".lock").touch()
    program = (
        "import os; from mysite import processes; processes.sweep(); print(len(os.listdir(os.environ['TMPDIR'])))"
    )
    command = [sys.executable, "-c", program]
    sleeper = subprocess.Popen(
        [sys.executable, "-c", "import time; time.sleep(60)"],
        env=os.environ | {process_guard.MARKER: str(temporary / f"{process_guard.PREFIX}other")},
    )
    sweeper = subprocess.run(
        command, env=os.environ | {process_guard.MARKER: str(stale)}, capture_output=True, check=True
    )
    assert sweeper.stdout == b"0\n"
    assert sleeper.poll() is None
    sleeper.kill()
    sleeper.wait()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a directory to another user")
def test_another_users_directory_is_not_swept(temporary: Path) -> None:
    theirs = temporary / f"{process_guard.PREFIX}theirs"
    theirs.mkdir()
    (theirs / ".lock").touch()
    os.chown(theirs, 65534, 65534)
    processes.sweep()
    assert theirs.exists()
    os.chown(theirs, 0, 0)
    processes.sweep()


def test_one_that_is_kept_is_started_again_in_the_same_directory() -> None:
    server = processes.start(python(WAITS), "it", manner=Manner(restart_after_s=0.05))
    first = server.pid
    assert (server.starts, server.is_kept, server.running()) == (1, True, True)
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: server.starts == 2)
    assert server.running()
    assert server.pid != first
    assert (alive(first), alive(server.pid)) == (False, True)
    assert psutil.Process(server.pid).cwd() == str(server.directory.resolve())
    assert psutil.Process(server.pid).ppid() == server.guard_pid
    server.stop()
    assert (server.running(), server.is_kept, alive(server.pid)) == (False, False, False)


def test_between_two_starts_it_is_not_running_and_can_be_stopped() -> None:
    server = processes.start(python(WAITS), "it", manner=Manner(restart_after_s=60))
    os.kill(server.pid, signal.SIGKILL)
    wait_until(lambda: not server.running())
    assert (server.starts, server.is_kept) == (1, True)
    server.stop()
    assert not server.is_kept


def test_one_that_is_not_kept_stays_ended() -> None:
    server = processes.start(python(WAITS), "it")
    assert not server.is_kept
    os.kill(server.pid, signal.SIGKILL)
    wait_until(lambda: not server.running())
    time.sleep(0.1)
    assert server.starts == 1
    server.stop()


def test_the_manner_in_which_it_runs(tmp_path: Path) -> None:
    """Its own environment, a descriptor of ours under the same number, and its own stop signal."""
    note = tmp_path / "note"
    program = (
        "import json, os, pathlib, signal, sys, time\n"
        f"signal.signal(signal.SIGINT, lambda *_: (pathlib.Path({str(note)!r}).write_text('told'), sys.exit()))\n"
        "print(json.dumps({'said': os.environ['SAID'], 'read': os.read(int(os.environ['READ']), 9).decode()}),"
        " flush=True)\n"
        "time.sleep(60)\n"
    )
    reader, writer = os.pipe()
    os.write(writer, b"through")
    manner = Manner(
        environment={"SAID": "hello", "READ": str(reader)}, descriptors=(reader,), stop_signal=signal.SIGINT
    )
    server = processes.start(python(program), "it", manner=manner)
    assert server.ready == {"said": "hello", "read": "through"}
    server.stop()
    assert note.read_text() == "told"
    os.close(reader)
    os.close(writer)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can run a process as another user")
def test_it_runs_as_another_user(monkeypatch: pytest.MonkeyPatch) -> None:
    """With nothing of this one's environment that it does not need, and no way to read the server's files."""
    monkeypatch.setenv("CLOUD_SECRET_KEY", "hush")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    program = (
        "import json, os, time\n"
        "names = [name for name in os.environ if name in ('CLOUD_SECRET_KEY', 'LC_ALL', 'MYSITE_DIRECTORY', 'SAID')]\n"
        "files = [name for name in ('.lock', 'server.log', 'stdout') if os.access(name, os.R_OK)]\n"
        "print(json.dumps({'ids': [os.getuid(), os.getgid()], 'groups': os.getgroups(), 'names': sorted(names),"
        " 'files': files}), flush=True)\n"
        "time.sleep(60)\n"
    )

    def command(directory: Path) -> list[str]:
        directory.chmod(0o711)
        return ["/usr/bin/python3", "-I", "-S", "-c", program]

    server = processes.start(command, "it", manner=Manner(user=(65534, 65534), environment={"SAID": "hello"}))
    names = ["LC_ALL", "MYSITE_DIRECTORY", "SAID"]
    assert server.ready == {"ids": [65534, 65534], "groups": [], "names": names, "files": []}
    server.stop()


def test_somebody_else_finds_out_that_it_is_ready() -> None:
    """`ready` looks until there is something to see."""
    program = "import pathlib, time; time.sleep(0.1); pathlib.Path('here').write_text('7'); time.sleep(60)"

    def ready(directory: Path) -> dict[str, int] | None:
        here = directory / "here"
        return {"number": int(here.read_text())} if here.exists() and here.read_text() else None

    server = processes.start(python(program), "it", ready=ready)
    assert server.ready == {"number": 7}
    server.stop()


def test_a_directory_of_its_own(temporary: Path) -> None:
    server = processes.own_directory()
    assert server.path.parent == temporary
    assert stat.S_IMODE(server.path.stat().st_mode) == 0o700
    (server.path / "file").write_text("kept")
    processes.sweep()
    assert (server.path / "file").exists()
    server.stop()
    assert not server.path.exists()
    server.stop()


def test_a_directory_of_a_killed_program_is_gone(temporary: Path) -> None:
    program = (
        "import os, signal\nfrom mysite import processes\nprint(processes.own_directory().path, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    end = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert Path(end.stdout.strip()).parent == temporary
    wait_until(lambda: list(temporary.iterdir()) == [])


def test_a_server_that_nobody_can_stop_any_more_ends_by_itself(temporary: Path) -> None:
    """As when a cell is run again: the name stands for the new server, and nothing for the earlier one."""
    this = psutil.Process()
    before = len(this.children(recursive=True))
    for _ in range(4):
        server = processes.start(python(WAITS), "it")
        own = processes.own_directory()
    assert len(this.children(recursive=True)) - before == 3  # the server, its guard, and the directory's
    assert {path.name for path in temporary.iterdir()} == {server.directory.name, own.path.name}
    server.stop()
    own.stop()
    assert len(this.children(recursive=True)) == before


def test_a_fork_ends_no_server_when_it_ends_itself() -> None:
    forks = "fork = os.fork()\nif not fork: sys.exit()\nos.waitpid(fork, 0)\nprint(server.running(), flush=True)\n"
    with parent(forks + "time.sleep(60)") as (program, *_):
        assert program.stdout and program.stdout.readline() == b"True\n"


def test_a_relative_directory_for_temporary_files_is_that_of_the_caller(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(temporary.parent)
    monkeypatch.setenv("TMPDIR", temporary.name)
    says = "import json, os, time\nprint(json.dumps({'there': os.environ['TMPDIR']}), flush=True)\ntime.sleep(60)"
    server = processes.start(python(says), "it")
    assert (server.ready["there"], server.directory.parent) == (str(temporary), temporary)
    server.stop()


def test_without_room_for_temporary_files_the_way_out_is_said(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "ROOM_BYTES", 10**18)
    with pytest.raises(RuntimeError, match=r"kB are free in .*: make room there, or set TMPDIR to a directory"):
        processes.start(python("raise SystemExit(1)"), "it")
