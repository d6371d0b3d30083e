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
JOBS = "/jobs/{}"  # where work is asked for, by the number of the request
SECONDS_BETWEEN_LOOKS = 0.02


@dataclass(frozen=True)
class Service:
    """A server process with `servers` servers. As a context manager it is stopped at the end."""

    servers: int
    mean_us: float
    process: OwnedProcess

    @property
    def port(self) -> int:
        """Where it listens, on 127.0.0.1."""
        return int(self.process.ready["port"])

    def ask(self, path: str, method: str = "GET") -> Any:
        """What it answers, as JSON. ConnectionError where it refuses."""
        response = httpcore.request(method, f"http://{ADDRESS}:{self.port}{path}")
        if response.status != 200:
            raise ConnectionError(f"{method} {path} is answered with {response.status}")
        return json.loads(response.content)

    def records(self) -> Records:
        """What it has written down so far, in the order of coming."""
        said = {name: sorted(map(tuple, rows)) for name, rows in self.ask("/records").items()}
        for name in ("work", "then"):
            said[name].sort(key=lambda row: row[1])
        return Records(**said)

    def cpu_seconds(self) -> float:
        """The processor's time that it has used so far."""
        times = psutil.Process(self.process.pid).cpu_times()
        return times.user + times.system

    @contextmanager
    def stalled(self, after_s: float, for_s: float) -> Iterator[list[int]]:
        """Within this context the whole process stands still once: stopped by the system, then continued.

        That is so many seconds after it has worked for the first time. The list holds, afterwards, the moments of
        both, in microseconds of the shared clock; it is empty where nobody came.
        """
        moments: list[int] = []
        left = threading.Event()

        def stall() -> None:
            while not self.records().work:
                if left.wait(SECONDS_BETWEEN_LOOKS):
                    return
            time.sleep(after_s)
            owned.send_signal(signal.SIGSTOP)
            moments.append(now_us())
            time.sleep(for_s)
            moments.append(now_us())
            owned.send_signal(signal.SIGCONT)

        owned = psutil.Process(self.process.pid)
        stalling = threading.Thread(target=stall)
        stalling.start()
        try:
            yield moments
        finally:
            left.set()
            stalling.join()

    def stop(self) -> None:
        """End it. Again: nothing happens."""
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
    """Start a server; `places` to wait, or room for all. RuntimeError or TimeoutError if it does not start.

    boxes         each with so many servers and places; a job goes to one of them at random
    then_mean_ms  a second piece of work for each job, in the same box; `then_port`: of the service asked for it
    """
    told = {
        "servers": servers, "places": places, "mean-ms": mean_ms, "variability": variability, "seed": seed,
        "boxes": boxes, "then-mean-ms": then_mean_ms, "then-port": then_port,
    }  # fmt: skip
    options = [f"--{name}={value}" for name, value in told.items() if value is not None]
    command = [sys.executable, "-m", "lab.service", *options]
    return Service(servers, mean_ms * 1000, processes.start(lambda directory: command, "the service"))
