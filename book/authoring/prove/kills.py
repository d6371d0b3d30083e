"""kill -9 of a kernel in the middle of a chapter: ten seconds later nothing of ours is left.

    python -m book.authoring.prove kills [--count 20]

A kill counts only when a server of ours was alive at that moment.
"""

import itertools
import os
import random
import signal
import time
from dataclasses import asdict, dataclass

import nbformat
from jupyter_client.manager import start_new_kernel

from book.authoring import environment
from book.authoring.prove import leftovers

PATIENCE_S = 10
# what stands in a cell that starts servers and ends them itself
MEASURING = ("with service(", "runs.overlay(", "compared(")


def cells_with_servers(sources: list[str]) -> list[int]:
    """Return the places of the cells during which a server is alive.

    They are those behind the start of a site, or else those that start servers themselves.
    """
    site = next((place for place, source in enumerate(sources) if source.startswith("site = topology.")), None)
    if site is not None:
        return list(range(site + 1, len(sources)))
    return [place for place, source in enumerate(sources) if any(word in source for word in MEASURING)]


@dataclass(frozen=True)
class KernelKill:
    """A kernel killed in a cell, what was alive at that moment, and what was left PATIENCE_S later.

    chapter           the notebook's name without .ipynb
    in_cell           the place of the cell among the code cells, the first is 0
    servers_alive     processes
    ports_open        ports at which they listened
    processes_left    their ids and names
    ports_left        ports at which somebody still listened
    directories_left  names of temporary directories
    """

    chapter: str
    in_cell: int
    servers_alive: int
    ports_open: int
    processes_left: list[str]
    ports_left: int
    directories_left: list[str]

    @property
    def met_a_server(self) -> bool:
        """Whether a server was alive and listening at the moment of the kill."""
        return bool(self.servers_alive and self.ports_open)

    @property
    def left_something(self) -> bool:
        """Whether a process, a port or a directory was left."""
        return bool(self.processes_left or self.ports_left or self.directories_left)


def kill_one_kernel(chance: random.Random, number: int) -> KernelKill:
    """Run a chapter's cells up to a random one, kill the kernel, wait, and look. The chapters take turns."""
    _, *chapters = environment.notebooks()
    chapter = chapters[number % len(chapters)]
    sources = [cell.source for cell in nbformat.read(chapter, as_version=4).cells if cell.cell_type == "code"]
    mark = f"{os.getpid()}-{number}"
    with leftovers.marking(mark) as folder:
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
        processes = leftovers.ids_and_names(leftovers.ours(mark, folder))
        directories = sorted(path.name for path in folder.glob(f"{leftovers.OURS}*"))
        manager.cleanup_resources()
    return KernelKill(
        chapter=chapter.stem,
        in_cell=last,
        servers_alive=len(servers),
        ports_open=len(ports),
        processes_left=processes,
        ports_left=len(leftovers.still_open(ports)),
        directories_left=directories,
    )


def prove(count: int, seed: str) -> dict:
    """Kill kernels until `count` kills met a server alive; return the result as it is committed."""
    chance = random.Random(seed)
    kills: list[KernelKill] = []
    with environment.recorded():
        for number in itertools.count():
            if len(kills) == count:
                break
            kill = kill_one_kernel(chance, number)
            print(asdict(kill), flush=True)
            if kill.met_a_server:
                kills.append(kill)
    return {
        "what": f"kill -9 of a kernel in the chapters, in turns; what is left {PATIENCE_S} s later",
        "seed": seed,
        "kills": [asdict(kill) for kill in kills],
        "left_something": sum(kill.left_something for kill in kills),
    }
