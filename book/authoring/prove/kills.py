"""kill -9 of a kernel in the middle of a chapter: ten seconds later nothing of ours is left.

    python -m book.authoring.prove kills [--count 20]

A kill counts only when a server of ours was alive at that moment.
"""

import itertools
import os
import random
import signal
import tempfile
import time
from pathlib import Path

import nbformat
import psutil
from jupyter_client.manager import start_new_kernel

from book.authoring import environment
from book.authoring.environment import notebooks

PATIENCE_S = 10
# what stands in a cell that starts servers and ends them itself
MEASURING = ("with service(", "runs.overlay(", "compared(")
OURS = "scale-from-zero"  # what every directory of ours begins with
# what every process that the kernel starts inherits, so that it can be recognised
MARK = "SCALE_FROM_ZERO_KILL"


def ours(mark: str) -> list[psutil.Process]:
    """All processes that carry the mark in their environment."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(MARK) == mark:
                found.append(process)
        except (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
            continue
    return found


def listening(processes: list[psutil.Process]) -> list[int]:
    """The ports at which these processes take connections or datagrams."""
    ports = []
    for process in processes:
        try:
            sockets = process.net_connections(kind="inet")
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
        ports += [s.laddr.port for s in sockets if s.status == psutil.CONN_LISTEN or (s.type == 2 and not s.raddr)]
    return sorted(set(ports))


def still_open(ports: list[int]) -> list[int]:
    """Those of the ports at which somebody still listens."""
    taken = {s.laddr.port for s in psutil.net_connections(kind="inet") if not s.raddr}
    return [port for port in ports if port in taken]


def cells_with_servers(sources: list[str]) -> list[int]:
    """The places of the cells during which a server is alive: after a site is started, or while one measures."""
    site = next((place for place, source in enumerate(sources) if "site = topology.one_server(" in source), None)
    if site is not None:
        return list(range(site + 1, len(sources)))
    return [place for place, source in enumerate(sources) if any(word in source for word in MEASURING)]


def killed_once(chance: random.Random, number: int) -> dict:
    """Run a chapter's cells up to a random one, kill the kernel, wait, and look. The chapters take turns."""
    _, *chapters = notebooks()
    chapter = chapters[number % len(chapters)]
    sources = [cell.source for cell in nbformat.read(chapter, as_version=4).cells if cell.cell_type == "code"]
    mark = f"{os.getpid()}-{number}"
    with tempfile.TemporaryDirectory(prefix="scale-from-zero-kill-") as folder:
        os.environ |= {MARK: mark, "TMPDIR": folder}
        manager, client = start_new_kernel(kernel_name="python3", cwd=str(chapter.parent))
        last = chance.choice(cells_with_servers(sources))
        for source in sources[:last]:
            client.execute_interactive(source, output_hook=lambda message: None, timeout=60)
        client.execute(sources[last])
        time.sleep(chance.uniform(0.3, 2.5))  # so that servers and load generators are met in all their ages
        kernel = manager.provisioner.pid
        servers = [process for process in ours(mark) if process.pid != kernel]
        ports = listening(servers)
        os.kill(kernel, signal.SIGKILL)
        client.stop_channels()
        time.sleep(PATIENCE_S)
        left = [f"{process.pid} {process.name()}" for process in ours(mark) if process.is_running()]
        directories = sorted(path.name for path in Path(folder).glob(f"{OURS}*"))
        manager.cleanup_resources()
    return {
        "chapter": chapter.stem,
        "in_cell": last,
        "servers_alive": len(servers),
        "ports_open": len(ports),
        "processes_left": left,
        "ports_left": len(still_open(ports)),
        "directories_left": directories,
    }


def prove(count: int, seed: str) -> dict:
    """`count` kills, each with a server alive at the moment of the kill."""
    chance = random.Random(seed)
    kills: list[dict] = []
    with environment.recorded():
        for number in itertools.count():
            if len(kills) == count:
                break
            kill = killed_once(chance, number)
            print(kill, flush=True)
            if kill["servers_alive"] and kill["ports_open"]:
                kills.append(kill)
    left = sum(bool(k["processes_left"] or k["ports_left"] or k["directories_left"]) for k in kills)
    return {
        "what": f"kill -9 of a kernel in the chapters, in turns; what is left {PATIENCE_S} s later",
        "seed": seed,
        "kills": kills,
        "left_something": left,
    }
