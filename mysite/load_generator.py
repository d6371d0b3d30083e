"""The load generator: a process of its own, on asyncio, that puts a load of `mysite.load` on a web server.

    python -m mysite.load_generator LOAD.json RESULT.json

The client is written on asyncio's streams, since a full client would need more of the processor than what it loads:
it knows just enough HTTP for answers with a Content-Length. It prints one line of JSON when it is done.
"""

import asyncio
import errno
import json
import resource
import sys
import time
from dataclasses import astuple
from pathlib import Path
from typing import NamedTuple

from mysite.load import FAILED, GAVE_UP, Load, Request

MICRO = 1_000_000
LEAD_US = 50_000  # between the start and the first request
MOST_FILES = 8192
PAUSE_S = 0.05
# a page is a page as in a browser, and a refusal says why in a form that a program can read (RFC 9457)
ACCEPT = "application/problem+json, text/html;q=0.9, */*;q=0.1"


class Answer(NamedTuple):
    status: int
    body: bytes


class Connections:
    """Connections to one server, opened when none is idle."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def get(self, path: str) -> Answer:
        """Send a request, and read the answer whole.

        Whoever leaves before the answer has come closes the connection. OSError, ValueError, EOFError or
        asyncio.LimitOverrunError where no answer comes that can be read.
        """
        while self._idle and self._idle[-1][0].at_eof():
            self._idle.pop()[1].close()
        reader, writer = self._idle.pop() if self._idle else await asyncio.open_connection("127.0.0.1", self._port)
        try:
            writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: {ACCEPT}\r\n\r\n".encode())
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            body = await reader.readexactly(int(head.partition(b"\r\ncontent-length: ")[2].partition(b"\r\n")[0]))
        except BaseException:
            writer.close()
            raise
        self._idle.append((reader, writer))
        return Answer(int(head[9:12]), body)


def detail(body: bytes) -> str:
    """The sentence of a problem's JSON, "" of another body."""
    try:
        return str(json.loads(body)["detail"])
    except (ValueError, KeyError, TypeError):
        return ""


def reason(error: Exception) -> str:
    """The reason in words why a request was not answered."""
    match error:
        case ConnectionRefusedError():
            return "refused, as nobody listens at this port"
        case ConnectionError() | EOFError():
            return "the server closed the connection; it may hold fewer than there are requests at once"
        case OSError(errno=errno.EMFILE | errno.ENFILE):
            return "not sent, as no more connections may be open at once here: raise ulimit -n"
        case OSError():
            return f"not sent: {error.strerror or error}"
        case _:
            return "the answer is not HTTP with a Content-Length"


async def generate(load: Load) -> list[Request]:
    """Put the load on and return all requests, in the order in which they were over."""
    connections = Connections(load.port)
    requests: list[Request] = []

    async def ask(number: int, customer: int, attempt: int, due_us: int) -> int:
        sent_us = now_us()
        try:
            async with asyncio.timeout(load.patience_s):
                status, body = await connections.get(load.path.format(number))
                why = "" if status == 200 else detail(body)
        except TimeoutError:
            status, why = GAVE_UP, f"no answer within {load.patience_s:g} s"
        except (OSError, ValueError, EOFError, asyncio.LimitOverrunError) as error:
            status, why = FAILED, reason(error)
        requests.append(Request(customer, attempt, due_us, sent_us, now_us(), status, why))
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
        while number == user or now_us() < end_us:  # once at least
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
