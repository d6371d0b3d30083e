"""The load generator: a process of its own, on asyncio, that puts a load of `mysite.load` on a web server.

    python -m mysite.load_generator LOAD.json RESULT.json

The client is written on asyncio's streams, since a full client would need more of the processor than what it loads:
it knows just enough HTTP for answers with a Content-Length. It prints one line of JSON when it is done.
"""

import asyncio
import json
import resource
import sys
import time
from dataclasses import astuple
from pathlib import Path

from mysite.load import FAILED, GAVE_UP, Load, Request

MICRO = 1_000_000
LEAD_US = 50_000  # between the start and the first request
MOST_FILES = 8192
PAUSE_S = 0.05


class Connections:
    """Connections to one server, opened when none is idle."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def get(self, path: str) -> int:
        """Send a request, read the answer whole, and return its status.

        Whoever leaves before the answer has come closes the connection. OSError, ValueError, EOFError or
        asyncio.LimitOverrunError where no answer comes that can be read.
        """
        while self._idle and self._idle[-1][0].at_eof():
            self._idle.pop()[1].close()
        reader, writer = self._idle.pop() if self._idle else await asyncio.open_connection("127.0.0.1", self._port)
        try:
            writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            await reader.readexactly(int(head.partition(b"\r\ncontent-length: ")[2].partition(b"\r\n")[0]))
        except BaseException:
            writer.close()
            raise
        self._idle.append((reader, writer))
        return int(head[9:12])


async def generate(load: Load) -> list[Request]:
    """Put the load on and return all requests, in the order in which they were over."""
    connections = Connections(load.port)
    requests: list[Request] = []

    async def ask(number: int, customer: int, attempt: int, due_us: int) -> int:
        sent_us = now_us()
        try:
            async with asyncio.timeout(load.patience_s):
                status = await connections.get(load.path.format(number))
        except TimeoutError:
            status = GAVE_UP
        except (OSError, ValueError, EOFError, asyncio.LimitOverrunError):
            status = FAILED
        requests.append(Request(customer, attempt, due_us, sent_us, now_us(), status))
        return status

    async def come(customer: int, due_us: int) -> None:
        for attempt in range(load.attempts):
            status = await ask(customer + attempt * len(load.schedule_us), customer, attempt, due_us)
            if status == 200:
                break
            await asyncio.sleep(load.retry_after_s if status == 503 else 0)
            due_us = now_us()

    async def use(user: int, begin_us: int, end_us: int) -> None:
        number = user
        await asyncio.sleep((begin_us - now_us()) / MICRO)
        while now_us() < end_us:
            status = await ask(number, user, 0, now_us())
            number += load.users
            # where nobody answers, a user who asks again at once would only keep the processor busy
            await asyncio.sleep(max(load.think_s, PAUSE_S) if status == FAILED else load.think_s)

    begin = now_us() + LEAD_US
    async with asyncio.TaskGroup() as tasks:
        for user in range(load.users):
            tasks.create_task(use(user, begin, begin + round(load.seconds * MICRO)))
        for customer, offset in enumerate(load.schedule_us):
            # asyncio's own sleep is a millisecond late, a thread's is not
            await asyncio.to_thread(time.sleep, max(0, begin + offset - now_us()) / MICRO)
            tasks.create_task(come(customer, begin + offset))
    return requests


def now_us() -> int:
    """The moment, in microseconds of the clock that all processes share."""
    return time.monotonic_ns() // 1000


def main(load: Path, result: Path) -> None:
    """Read the load from a file, put it on, write the result to a file, and print that file's name."""
    # each request on its way has a connection, and many systems allow a process 256 or 1,024
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (MOST_FILES if most == resource.RLIM_INFINITY else most, most))
    wall, cpu = time.monotonic(), time.process_time()
    requests = asyncio.run(generate(Load(**json.loads(load.read_text()))))
    share = (time.process_time() - cpu) / (time.monotonic() - wall)
    result.write_text(json.dumps({"requests": [astuple(request) for request in requests], "cpu_share": share}))
    print(json.dumps({"result": str(result)}), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
