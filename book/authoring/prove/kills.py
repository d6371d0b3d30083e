"""kill -9 of a kernel in the middle of a chapter: ten seconds later nothing of ours is left.

    python -m book.authoring.prove kills [--count 20]

A kill counts only when a server of ours was alive at that moment.
"""

import itertools
import os
import random
import signal
import time

import nbformat
from jupyter_client.manager import start_new_kernel

from book.authoring import environment
from book.authoring.environment import notebooks
from book.authoring.prove import leftovers

PATIENCE_S = 10
# what stands in a cell that starts servers and ends them itself
MEASURING = ("with service(", "runs.overlay(", "compared(")


def cells_with_servers(sources: list[str]) -> list[int]:
    """The places of the cells during which a server is alive: after a site is started, or while one measures."""
    site = next((place for place, source in enumerate(sources) if source.startswith("site = topology.")), None)
    if site is not None:
        return list(range(site + 1, len(sources)))
    return [place for place, source in enumerate(sources) if any(word in source for word in MEASURING)]


def killed_once(chance: random.Random, number: int) -> dict:
    """Run a chapter's cells up to a random one, kill the kernel, wait, and look. The chapters take turns."""
    _, *chapters = notebooks()
    chapter = chapters[number % len(chapters)]
    sources = [cell.source for cell in nbformat.read(chapter, as_version=4).cells if cell.cell_type == "code"]
    mark = f"{os.getpid()}-{number}"
    with leftovers.marked(mark) as folder:
        manager, client = start_new_kernel(kernel_name="python3", cwd=str(chapter.parent))
        last = chance.choice(cells_with_servers(sources))
        for source in sources[:last]:
            client.execute_interactive(source, output_hook=lambda message: None, timeout=60)
        client.execute(sources[last])
        time.sleep(chance.uniform(0.3, 2.5))  # so that servers and load generators are met in all their ages
        kernel = manager.provisioner.pid
        servers = [process for process in leftovers.ours(mark, folder) if process.pid != kernel]
        ports = leftovers.listening(servers)
        os.kill(kernel, signal.SIGKILL)
        client.stop_channels()
        time.sleep(PATIENCE_S)
        left = leftovers.named(leftovers.ours(mark, folder))
        directories = sorted(path.name for path in folder.glob(f"{leftovers.OURS}*"))
        manager.cleanup_resources()
    return {
        "chapter": chapter.stem,
        "in_cell": last,
        "servers_alive": len(servers),
        "ports_open": len(ports),
        "processes_left": left,
        "ports_left": len(leftovers.still_open(ports)),
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
