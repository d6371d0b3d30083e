"""What servers may leave: processes, ports and directories. They are known by a mark, and by where they work."""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil

OURS = "scale-from-zero"  # what every directory of ours begins with
# what every process that is started in the context inherits, so that it can be recognised
MARK = "SCALE_FROM_ZERO_KILL"


@contextlib.contextmanager
def marking(mark: str) -> Iterator[Path]:
    """Let every process that starts within this context carry the mark, and put temporary files into one directory.

    The context's value is the directory, which is then removed. All users may enter it, since another user runs root's
    database server.
    """
    with tempfile.TemporaryDirectory(prefix=f"{OURS}-kill-") as name:
        folder = Path(name).resolve()
        folder.chmod(0o711)
        before = {variable: os.environ.get(variable) for variable in (MARK, "TMPDIR")}
        directory_before = tempfile.tempdir
        os.environ |= {MARK: mark, "TMPDIR": str(folder)}
        tempfile.tempdir = None  # so that this process looks at TMPDIR again
        try:
            yield folder
        finally:
            tempfile.tempdir = directory_before
            for variable, value in before.items():
                os.environ.pop(variable)
                os.environ |= {variable: value} if value is not None else {}


def ours(mark: str, folder: Path) -> list[psutil.Process]:
    """Return the processes that carry the mark in their environment, or work in the directory or below it.

    PostgreSQL's own processes write their titles over their environment, and work in the directory of its data.
    """
    return [process for process in psutil.process_iter() if carries(process, mark) or works_in(process, folder)]


def carries(process: psutil.Process, mark: str) -> bool:
    """Whether a process was started with the mark in its environment; False where that cannot be seen."""
    try:
        return process.environ().get(MARK) == mark
    except psutil.Error:
        return False


def works_in(process: psutil.Process, folder: Path) -> bool:
    """Whether a process's working directory is the folder or below it; False where that cannot be seen."""
    try:
        return Path(process.cwd()).is_relative_to(folder)
    except psutil.Error:
        return False


def listening(processes: list[psutil.Process]) -> list[int]:
    """Return the ports at which these processes take connections or datagrams, in order."""
    ports = []
    for process in processes:
        try:
            sockets = process.net_connections(kind="inet")
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
        ports += [s.laddr.port for s in sockets if s.status == psutil.CONN_LISTEN or (s.type == 2 and not s.raddr)]
    return sorted(set(ports))


def still_open(ports: list[int]) -> list[int]:
    """Return those of the ports at which somebody still listens."""
    open_ports = {s.laddr.port for s in psutil.net_connections(kind="inet") if not s.raddr}
    return [port for port in ports if port in open_ports]


def ids_and_names(processes: list[psutil.Process]) -> list[str]:
    """Return the id and the name of each process that still runs, as "17 python3"."""
    lines = []
    for process in processes:
        with contextlib.suppress(psutil.Error):
            if process.is_running():
                lines.append(f"{process.pid} {process.name()}")
    return lines


def remains(mark: str, folder: Path, ports: list[int]) -> list[str]:
    """Return what is there of the processes with the mark, of the directory's entries and of the ports, a line each."""
    processes = [f"process {process}" for process in ids_and_names(ours(mark, folder))]
    directories = [f"directory {path.name}" for path in sorted(folder.iterdir())]
    return [*processes, *directories, *(f"port {port}" for port in still_open(ports))]
