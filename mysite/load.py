"""Load for a web server: requests on a schedule, or users who wait for their answers.

Open loop: requests come when the schedule says, whatever the server does, and a latency counts from the scheduled
moment (of a second attempt, from when the client asked again). Closed loop: each user asks, waits for the answer,
thinks, and asks again; a latency counts from the asking, so that nothing is ever late.
`mysite.load_generator` puts it on, in a process of its own. How much of a core that used, and how late it was, stand in
the result: a run in which the generator was the bottleneck says nothing about the server.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy

from mysite import processes

MOST_CPU = 0.8  # of a core
MOST_LATE_US = 5_000
GAVE_UP, FAILED = 0, -1  # in place of a status


@dataclass(frozen=True)
class Load:
    """What is asked of the server at `port` on 127.0.0.1: `path`, with the request's number for {}.

    schedule_us  open loop: when each request is due, in microseconds after the start
    users        closed loop: so many, for `seconds`, each with `think_s` between an answer and the next request
    patience_s   a client leaves that has waited so long; one that was refused or has left asks again, `attempts` in
    retry_after_s  all, after so long
    """

    port: int
    path: str
    schedule_us: list[int] = field(default_factory=list)
    users: int = 0
    seconds: float = 0.0
    think_s: float = 0.0
    patience_s: float | None = None
    attempts: int = 1
    retry_after_s: float = 0.0


@dataclass(frozen=True)
class Request:
    """One request, in microseconds of the shared clock: when it was due, sent, and over; status 0 is given up."""

    customer: int
    attempt: int
    due_us: int
    sent_us: int
    over_us: int
    status: int

    @property
    def latency_us(self) -> int:
        """How long after the moment at which it was due it was over."""
        return self.over_us - self.due_us


@dataclass(frozen=True)
class Result:
    """All requests, in the order in which they were over, and what the generator itself needed."""

    requests: list[Request]
    cpu_share: float

    @property
    def late_us(self) -> int:
        """Of a hundred first attempts all but one were sent at the latest so long after they were due."""
        return percentiles([each.sent_us - each.due_us for each in self.requests if each.attempt == 0], [99])[0]

    @property
    def was_bottleneck(self) -> bool:
        """Whether the generator was too busy, or too late, to say anything about the server."""
        return self.cpu_share > MOST_CPU or self.late_us > MOST_LATE_US

    def answered_within(self, seconds: float) -> list[Request]:
        """Those answered 200 that were over within so many seconds after the first request was due."""
        end_us = min(each.due_us for each in self.requests) + seconds * 1_000_000
        return [each for each in self.answered() if each.over_us < end_us]

    def answered(self) -> list[Request]:
        """The requests that were answered 200, in the order in which they were due."""
        return sorted((each for each in self.requests if each.status == 200), key=lambda each: each.due_us)


def percentiles(values: Sequence[int], percents: Sequence[float]) -> list[int]:
    """For each percentage the smallest of the values that so many % of them do not exceed. ValueError for no values."""
    if not values:
        raise ValueError("No values have no percentile.")
    return [int(each) for each in numpy.percentile(values, percents, method="inverted_cdf")]


def put_on(load: Load, timeout_s: float = 300) -> Result:
    """Put the load on, from a process of its own, and return what came of it. TimeoutError if that takes too long."""

    def command(directory: Path) -> list[str]:
        told, result = directory / "load.json", directory / "result.json"
        told.write_text(json.dumps(asdict(load)))
        return [sys.executable, "-m", "mysite.load_generator", str(told), str(result)]

    # the generator is ready when it is done; owned by a guard, it too is gone when the notebook is
    generator = processes.start(command, "the load generator", timeout_s=timeout_s)
    try:
        said = json.loads(Path(generator.ready["result"]).read_text())
    finally:
        generator.stop()
    return Result([Request(*row) for row in said["requests"]], said["cpu_share"])
