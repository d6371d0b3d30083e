"""A running server of `lab.service`, from where the book measures it."""

import json
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self

import httpcore
import psutil

from lab.service.server import Records, now_us
from mysite import processes
from mysite.processes import OwnedProcess

ADDRESS = "127.0.0.1"
JOBS = "/jobs/{}"  # the path of a piece of work, by the number of the request
SECONDS_BETWEEN_LOOKS = 0.02


@dataclass(frozen=True)
class Service:
    """A server process with `servers` servers. As a context manager it is stopped at the end."""

    servers: int
    mean_us: float
    process: OwnedProcess

    @property
    def port(self) -> int:
        """The port at which it listens, on 127.0.0.1."""
        return int(self.process.ready["port"])

    def ask(self, path: str, method: str = "GET") -> Any:
        """Return its answer to a request, from JSON. ConnectionError where the status is not 200."""
        response = httpcore.request(method, f"http://{ADDRESS}:{self.port}{path}")
        if response.status != 200:
            raise ConnectionError(f"{method} {path} is answered with {response.status}")
        return json.loads(response.content)

    def records(self) -> Records:
        """Return its notes so far, in the order of arrival."""
        notes = {name: sorted(map(tuple, rows)) for name, rows in self.ask("/records").items()}
        for name in ("work", "then"):
            notes[name].sort(key=lambda row: row[1])
        return Records(**notes)

    def cpu_seconds(self) -> float:
        """Return the processor's time that it has used so far, in seconds."""
        times = psutil.Process(self.process.pid).cpu_times()
        return times.user + times.system

    @contextmanager
    def stalled(self, after_s: float, for_s: float) -> Iterator[list[int]]:
        """Stop the whole process once within this context, by a signal of the system, then let it go on.

        It stops `after_s` seconds after its first piece of work, for `for_s` seconds. Yield a list that holds,
        afterwards, the moments of both, in microseconds of the shared clock; it is empty without any work.
        """
        moments: list[int] = []
        context_is_over = threading.Event()

        def stall() -> None:
            while not self.records().work:
                if context_is_over.wait(SECONDS_BETWEEN_LOOKS):
                    return
            time.sleep(after_s)
            process.send_signal(signal.SIGSTOP)
            moments.append(now_us())
            time.sleep(for_s)
            moments.append(now_us())
            process.send_signal(signal.SIGCONT)

        process = psutil.Process(self.process.pid)
        thread = threading.Thread(target=stall)
        thread.start()
        try:
            yield moments
        finally:
            context_is_over.set()
            thread.join()

    def stop(self) -> None:
        """End the process; where it has ended already, nothing happens."""
        self.process.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()


def service(
    servers: int,
    places: int | None = None,
    mean_ms: float = 20,
    variability: float = 1,
    seed: int = 1,
    boxes: int = 1,
    then_mean_ms: float | None = None,
    then_port: int | None = None,
) -> Service:
    """Start a server; `places` to wait, None for all who come. RuntimeError or TimeoutError if it does not start.

    boxes         each with so many servers and places; a job goes to one of them at random
    then_mean_ms  mean time of a second piece of work for each job, done in the same box
    then_port     port of the service that does the second piece of work instead
    """
    settings = {
        "servers": servers, "places": places, "mean-ms": mean_ms, "variability": variability, "seed": seed,
        "boxes": boxes, "then-mean-ms": then_mean_ms, "then-port": then_port,
    }  # fmt: skip
    options = [f"--{name}={value}" for name, value in settings.items() if value is not None]
    command = [sys.executable, "-m", "lab.service", *options]
    return Service(servers, mean_ms * 1000, processes.start(lambda directory: command, "the service"))
