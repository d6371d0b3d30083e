"""A stand-in of Binder's image: Python 3.13, what binder/ asks for and nothing else, one core, 1 GiB.

    python -m book.authoring.prove binder

It is no image of repo2docker's, which has a Python of conda's on another system. It needs root and debootstrap.
"""

import os
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from book.authoring.environment import ROOT, notebooks
from book.authoring.prove import debian

MEMORY_BYTES = 1 << 30
GROUPS = Path("/sys/fs/cgroup/memory")
# As repo2docker does: the requirements from the root of the checkout, then postBuild
BUILD = """python3 -m venv /home/reader/image && . /home/reader/image/bin/activate &&
pip install --quiet --no-cache-dir -r binder/requirements.txt && ./binder/postBuild"""
RUN = """. /home/reader/image/bin/activate && exec jupyter execute --timeout=-1 "$0" """


def prove(commit: str) -> dict:
    """Run each notebook in the stand-in; the committed result."""
    results = {}
    with debian.debian(debian.RELEASES["3.13"], commit) as here, limited_memory() as group:
        here.run(["sh", "-ec", BUILD])
        for notebook in notebooks():
            path = notebook.relative_to(ROOT).as_posix()
            results[path] = run(here, group, path)
            print(path, results[path], flush=True)
        python = here.run(["/home/reader/image/bin/python", "-V"]).split()[1]
    return {
        "what": "each notebook by jupyter execute, with Binder's requirements alone, on one core and with 1 GiB",
        "python": python,
        "memory_mb": MEMORY_BYTES >> 20,
        "notebooks": results,
        "failed": sum(result["status"] != 0 for result in results.values()),
    }


def run(here: debian.Debian, group: Path, path: str) -> dict:
    """Run one notebook, and watch what memory its processes have together, tenfold a second."""
    before, start = killed(group), time.monotonic()
    process = here.start(
        ["sh", "-c", RUN, path], before=["sh", "-c", f'echo $$ > {group}/cgroup.procs && exec taskset -c 0 "$0" "$@"']
    )
    most_bytes, end_of_run = 0, threading.Event()

    def watch() -> None:
        nonlocal most_bytes
        while not end_of_run.wait(0.1):
            most_bytes = max(most_bytes, resident_bytes((group / "memory.stat").read_text()))

    watcher = threading.Thread(target=watch)
    watcher.start()
    text = process.communicate()[0]
    end_of_run.set()
    watcher.join()
    return {
        "status": process.returncode, "seconds": round(time.monotonic() - start), "most_mb": most_bytes >> 20,
        "ended_for_memory": killed(group) - before, **({"output": text[-1500:]} if process.returncode else {}),
    }  # fmt: skip


@contextmanager
def limited_memory() -> Iterator[Path]:
    """A control group whose processes have MEMORY_BYTES together, and no swap. NoDebianError where there is no such."""
    group = GROUPS / f"scale-from-zero-{os.getpid()}"
    try:
        group.mkdir()
        (group / "memory.limit_in_bytes").write_text(str(MEMORY_BYTES))
    except OSError as error:
        raise debian.NoDebianError(f"Memory cannot be limited here, by cgroup's first version: {error}") from None
    try:
        yield group
    finally:
        group.rmdir()


def resident_bytes(statistics: str) -> int:
    """What the processes of a group hold, without the file cache, by its memory.stat."""
    return int(dict(line.split() for line in statistics.splitlines())["total_rss"])


def killed(group: Path) -> int:
    """How many processes the kernel has ended since they had no memory left."""
    return int(re.findall(r"oom_kill (\d+)", (group / "memory.oom_control").read_text())[0])
