"""How long things take on this machine, beside a famous table of such numbers and its age.

The famous numbers: P. Norvig, "Teach Yourself Programming in Ten Years", norvig.com/21-days.html, as quoted at
blog.dragansr.com (2016-08-20), and J. Dean's longer list, as quoted at thundergolfer.com/latency-numbers. Both seen
2026-11-29. The second list is of 2012 at the latest; the machines that it describes are older still.
"""

import os
import tempfile
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import httpcore
import numpy

from lab.drawing.table import Table
from lab.instruments.progress import progress
from lab.instruments.runs import Payload, Run, recorded_as
from lab.instruments.timing import interleaved
from mysite.topology import one_server

REPEATS = 7
MEGABYTE, PAGE = 2**20, 4096
BUFFER = 64 * MEGABYTE
SEED = 1


@dataclass(frozen=True)
class Famous:
    """An entry of the famous table: its words, and nanoseconds."""

    words: str
    ns: float


# name of what is measured here: what the famous table has in its place
FAMOUS: dict[str, Famous | None] = {
    "lock and unlock": Famous("mutex lock/unlock", 25),
    "read a random place in 64 MB": Famous("fetch from main memory", 100),
    "compress 1 kB with zlib": Famous("compress 1 kB with Zippy", 3_000),
    "copy 1 MB in memory": Famous("read 1 MB sequentially from memory", 250_000),
    "read 4 kB of a file, at random": Famous("SSD random read", 150_000),
    "read 1 MB of a file": Famous("read 1 MB sequentially from SSD", 1_000_000),
    "write 4 kB and wait for the disk": Famous("disk seek", 8_000_000),
    "ask the name server of the site": Famous("round trip within one data centre", 500_000),
    "get the home page of the site": None,
}


def neighbours() -> Table:
    """Return what stands in the famous table in the place of each operation that is measured here."""
    rows = [[name, famous.words, f"{famous.ns:,.0f} ns"] for name, famous in FAMOUS.items() if famous]
    return Table(["measured here", "in the famous table", "there"], rows)


@dataclass(frozen=True)
class Latencies(Payload, run="measuring/latencies"):
    """The series alone: seconds of one operation, by the names of FAMOUS."""


@recorded_as(Latencies)
def latencies(repeats: int = REPEATS) -> Run[Latencies]:
    """Measure all of FAMOUS in turns. Series: seconds of one operation, as a mean of many, for each repeat."""
    with ExitStack() as resources:
        arms = operations(resources)
        work = {name: in_a_row(operation, count) for name, (operation, count) in arms.items()}
        series: dict[str, list[float]] = {name: [] for name in work}
        for _ in progress(range(repeats), "measuring"):
            for name, (seconds,) in interleaved(work, repeats=1, warm_up=1).items():
                series[name].append(seconds / arms[name][1])
    return Run(
        what=f"the time of one operation from Python, the mean of many, {repeats} repeats in turns",
        units=dict.fromkeys(series, "s"),
        series=series,
        payload=Latencies(),
    )


def in_a_row(operation: Callable[[], object], count: int) -> Callable[[], None]:
    """Return a function that does the operation so often that it takes long against a look at the clock."""

    def work() -> None:
        for _ in range(count):
            operation()

    return work


def operations(resources: ExitStack) -> dict[str, tuple[Callable[[], object], int]]:
    """Return what is measured, by name, and how often it is done in a row. `resources` ends what it needs."""
    site = resources.enter_context(one_server(cache_seconds=0))
    pool = resources.enter_context(httpcore.ConnectionPool(max_connections=1))
    file, places = resources.enter_context(random_file()), random_places()
    lock, kilobyte = threading.Lock(), os.urandom(512) * 2
    source, target = bytearray(BUFFER), bytearray(MEGABYTE)
    memory = memoryview(source).cast("Q")
    chunks = iter_forever(range(0, BUFFER, MEGABYTE))

    def lock_and_unlock() -> None:
        with lock:
            pass

    def copy_a_megabyte() -> None:
        start = next(chunks)
        memoryview(target)[:] = memoryview(source)[start : start + MEGABYTE]  # a bytearray would copy it twice

    def write_and_wait() -> None:
        os.pwrite(file, kilobyte * 4, 0)
        os.fsync(file)

    def get_home() -> None:
        pool.request("GET", f"http://{site.address}:{site.port}/", headers={"Host": "localhost"})

    return {
        "lock and unlock": (lock_and_unlock, 100_000),
        "read a random place in 64 MB": (lambda: memory[next(places)], 50_000),
        "compress 1 kB with zlib": (lambda: zlib.compress(kilobyte, 1), 500),
        "copy 1 MB in memory": (copy_a_megabyte, 100),
        "read 4 kB of a file, at random": (lambda: os.pread(file, PAGE, next(places) * 8 // PAGE * PAGE), 2_000),
        "read 1 MB of a file": (lambda: os.pread(file, MEGABYTE, next(chunks)), 50),
        "write 4 kB and wait for the disk": (write_and_wait, 5),
        "ask the name server of the site": (lambda: site.resolver().resolve("api.mysite.com"), 20),
        "get the home page of the site": (get_home, 5),
    }


def random_places() -> Iterator[int]:
    """Give places of eight bytes in the buffer, at random, without end."""
    return iter_forever(numpy.random.default_rng(SEED).integers(0, BUFFER // 8, 500_000).tolist())


def iter_forever(values: "range | list[int]") -> Iterator[int]:
    """Give the values again and again."""
    while True:
        yield from values


@contextmanager
def random_file() -> Iterator[int]:
    """Give the descriptor of a file of 64 MB in the temporary directory, small enough that the system caches it.

    The file has no name there: whatever ends this process ends the file.
    """
    with tempfile.TemporaryFile() as file:
        file.write(os.urandom(MEGABYTE) * (BUFFER // MEGABYTE))
        file.flush()
        yield file.fileno()
