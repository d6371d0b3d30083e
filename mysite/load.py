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
    """The requests that are sent to the server at `port` on 127.0.0.1, either on a schedule or by users.

    path           of each request, with the request's number for {}
    schedule_us    open loop: when each request is due, in microseconds after the start
    users          closed loop: so many send requests, for `seconds`
    think_s        closed loop: seconds between an answer and the same user's next request
    patience_s     open loop: a client leaves when it has waited so many seconds; None: it waits as long as it takes
    attempts       open loop: how often in all a client asks that was refused or has left
    retry_after_s  open loop: seconds after a refusal until the same client's next attempt
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
    """One request, in microseconds of the shared clock: when it was due, sent, and over; status 0 is given up.

    reason  in words, why it was not answered, or not with 200; "" where the server gives none
    """

    customer: int
    attempt: int
    due_us: int
    sent_us: int
    over_us: int
    status: int
    reason: str = ""

    @property
    def latency_us(self) -> int:
        """The microseconds from the moment at which it was due to the moment at which it was over."""
        return self.over_us - self.due_us


@dataclass(frozen=True)
class Result:
    """All requests, in the order in which they were over.

    cpu_share  the CPU seconds a second that the generator itself used: its share of one core
    """

    requests: list[Request]
    cpu_share: float

    @property
    def late_us(self) -> int:
        """The microseconds after they were due by which 99 % of the first attempts had been sent."""
        delays_us = [request.sent_us - request.due_us for request in self.requests if request.attempt == 0]
        return percentiles(delays_us, [99])[0]

    @property
    def was_bottleneck(self) -> bool:
        """Whether the generator was too busy, or too late, to say anything about the server."""
        return self.cpu_share > MOST_CPU or self.late_us > MOST_LATE_US

    def answered_within(self, seconds: float) -> list[Request]:
        """The requests answered 200 that were over within so many seconds after the first request was due."""
        end_us = min(request.due_us for request in self.requests) + seconds * 1_000_000
        return [request for request in self.answered() if request.over_us < end_us]

    def answered(self) -> list[Request]:
        """The requests that were answered 200, in the order in which they were due."""
        answered = (request for request in self.requests if request.status == 200)
        return sorted(answered, key=lambda request: request.due_us)


def percentiles(values: Sequence[int], percents: Sequence[float]) -> list[int]:
    """For each percentage the smallest of the values that so many % of them do not exceed. ValueError for no values."""
    if not values:
        raise ValueError("No values have no percentile.")
    return [int(value) for value in numpy.percentile(values, percents, method="inverted_cdf")]


def put_on(load: Load, timeout_s: float = 300) -> Result:
    """Put the load on, from a process of its own, and return the result.

    TimeoutError if that takes longer than `timeout_s` seconds; RuntimeError if the process ends without a result.
    """

    def command(directory: Path) -> list[str]:
        task, result = directory / "load.json", directory / "result.json"
        task.write_text(json.dumps(asdict(load)))
        return [sys.executable, "-m", "mysite.load_generator", str(task), str(result)]

    # the generator is ready when it is done; owned by a guard, it too is gone when the notebook is
    generator = processes.start(command, "the load generator", timeout_s=timeout_s)
    try:
        result = json.loads(Path(generator.ready["result"]).read_text())
    finally:
        generator.stop()
    return Result([Request(*row) for row in result["requests"]], result["cpu_share"])
